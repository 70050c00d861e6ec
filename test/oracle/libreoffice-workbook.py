"""Opens the workbook of a run in LibreOffice and holds every cell against the CSV files.

Recipe (Debian 12, LibreOffice 7.4):
    apt-get install --no-install-recommends libreoffice-calc-nogui
    node dist/src/cli.js trend --aoi sample-data/pits.geojson --out /tmp/run
    /usr/bin/python3 test/oracle/libreoffice-workbook.py /tmp/run

LibreOffice saves what it has read as flat XML, in which each cell has a type and a value. Every number of a CSV file must be
there as a number of the same value, every text as text, no cell may hold a formula, and the head must be in bold.
Exit code 0 with the line "LibreOffice agrees", else 1 with what is wrong.
"""
import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def cells_of(row):
    cells = []
    for cell in row:
        if not cell.tag.endswith("table-cell"):
            continue
        repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        kind = cell.get(f"{OFFICE}value-type")
        if cell.get(f"{TABLE}formula"):
            kind = "formula"
        value = cell.get(f"{OFFICE}value")
        text = "\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p"))
        cells += [(kind, float(value) if kind == "float" else text)] * min(repeated, 200)
    return cells


def main(folder):
    wrong = []
    with tempfile.TemporaryDirectory() as place:
        profile = f"-env:UserInstallation=file://{place}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "fods", "--outdir", place]
        subprocess.run([*command, str(folder / "tables.xlsx")], check=True, capture_output=True, timeout=300)
        document = tree.parse(f"{place}/tables.fods")
    numbers = 0
    sheets = {}
    for sheet in document.iter(f"{TABLE}table"):
        sheets[sheet.get(f"{TABLE}name")] = [cells_of(row) for row in sheet.iter(f"{TABLE}table-row")]
    for path in sorted((folder / "tables").glob("*.csv")):
        name = path.stem
        if name not in sheets:
            wrong.append(f"no sheet {name}")
            continue
        with open(path, encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        shown = [text for _, text in sheets[name][0][: len(head)]]
        if any(not text.startswith(column) for text, column in zip(shown, head)):
            wrong.append(f"{name}: head {shown}")
        for k, row in enumerate(rows):
            for column, text, (kind, value) in zip(head, row, sheets[name][k + 1] + [(None, "")] * len(head)):
                place = f"{name}, line {k + 2}, {column}"
                # CSV files have an apostrophe before what a spreadsheet would run.
                text = re.sub(r"^'(?=[=@+-])", "", text)
                if text == "":
                    if kind is not None:
                        wrong.append(f"{place}: {kind} {value} instead of nothing")
                elif kind == "float":
                    numbers += 1
                    if float(text) != value:
                        wrong.append(f"{place}: {value} instead of {text}")
                elif kind != "string" or value != text:
                    wrong.append(f"{place}: {kind} {value} instead of {text}")
                elif is_number(text) and column not in ("zone_id", "zone_name", "mine_id", "mine_name", "difference_years"):
                    wrong.append(f"{place}: {text} as text")
    for text in wrong[:20]:
        print("WRONG:", text)
    print(f"{len(sheets)} sheets, {numbers} numbers")
    return wrong


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


if main(pathlib.Path(sys.argv[1])):
    sys.exit(1)
print("LibreOffice agrees")
