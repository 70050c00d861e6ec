"""Loads what a run left into QGIS, as a user would, and says what it finds wrong.

Recipe (Debian 12, QGIS 3.22):
    apt-get install --no-install-recommends python3-qgis
    node dist/src/cli.js trend --aoi sample-data/pits.geojson --out /tmp/run --segmentation
    QT_QPA_PLATFORM=offscreen /usr/bin/python3 test/oracle/qgis-project.py /tmp/run [PICTURE.png]

It checks that the project and every layer in it are valid, that paths are relative, that each map takes its style from the
.qml beside it, that the zones take theirs from the GeoPackage, and that the legends show the names of the classes.
Exit code 0 with the line "QGIS agrees", else 1 with what is wrong.
"""
import json
import pathlib
import shutil
import sys
import tempfile

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsLayerTreeLayer,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

wrong = []


def check(holds, text):
    if not holds:
        wrong.append(text)


def legend(layer):
    """Texts of a layer's legend, as the panel of layers shows them."""
    project = QgsProject()
    project.addMapLayer(layer, False)
    root = project.layerTreeRoot().clone()
    node = root.addLayer(layer)
    model = QgsLayerTreeModel(root)
    texts = []
    for item in model.layerLegendNodes(node):
        text = item.data(0)
        if hasattr(item, "settings") and hasattr(item, "labelForMinimum"):
            text = f"{item.labelForMinimum()} … {item.labelForMaximum()}"
        texts.append(text)
    project.takeMapLayer(layer)
    return texts


def same_crs(crs, summary):
    """By its code; one without a code must at least be known, and where the maps say."""
    name = summary["grid"]["crs"]
    return crs.authid() == name if name.startswith("EPSG:") else crs.isValid() and crs.toProj().startswith(name[:10])


def main(folder, picture):
    # In another place: what is not relative does not load.
    moved = pathlib.Path(tempfile.mkdtemp()) / "elsewhere"
    shutil.copytree(folder, moved, ignore=shutil.ignore_patterns(".mine-rs*"))
    summary = json.loads((moved / "summary.json").read_text())
    classes = [c["name"] for c in summary["zones"][0]["trend"] if c["code"] != 255]
    states = ["not assessable", "undisturbed", "disturbed", "recovering", "recovered"]

    for path in sorted((moved / "maps").glob("*.tif")):
        check(path.with_suffix(".qml").exists(), f"{path.name} has no style")
        layer = QgsRasterLayer(str(path), path.stem)
        check(layer.isValid(), f"{path.name} does not load")
        kind = layer.renderer().type()
        expected = "paletted" if path.stem in ("trend_class", "state") else "singlebandpseudocolor"
        check(kind == expected, f"{path.name} is shown as {kind}, not as {expected}: its style was not taken")
        texts = legend(layer)
        check(len(texts) > 0, f"{path.name} has no legend")
        for names, stem in ((classes, "trend_class"), (states, "state")):
            if path.stem == stem:
                check(all(name in texts for name in names), f"legend of {path.name}: {texts}")
        if path.stem in ("trend_class", "state", f"fvc_{summary['years'][-1]}", "trend_p", "disturbed_year"):
            print(path.name, texts)

    zones = QgsVectorLayer(f"{moved}/zones.gpkg|layername=zones", "zones", "ogr")
    check(zones.isValid() and zones.featureCount() > 0, "zones.gpkg does not load")
    check(zones.renderer().type() == "categorizedSymbol", f"zones are shown as {zones.renderer().type()}")
    check(zones.labelsEnabled(), "zones have no labels")
    print("zones.gpkg", legend(zones))

    project = QgsProject.instance()
    check(project.read(str(moved / "project.qgs")), "project.qgs does not load")
    layers = project.mapLayers()
    for layer in layers.values():
        check(layer.isValid(), f"layer {layer.name()} is not valid")
        if layer.isValid() and layer.type() == 1:
            check(same_crs(layer.crs(), summary), f"layer {layer.name()} has the CRS {layer.crs().authid()}")
            check(str(moved) in layer.source(), f"layer {layer.name()} is not read from beside the project")
    check(same_crs(project.crs(), summary), f"the project has the CRS {project.crs().authid()}")
    root = project.layerTreeRoot()
    nodes = root.findLayers()
    check(len(nodes) == len(layers), f"{len(nodes)} lines in the panel of layers, {len(layers)} layers")
    for node in nodes:
        check(node.layer() is not None, f"{node.name()} in the panel of layers has no layer")
    for group in root.findGroups():
        print("group", group.name(), len(group.findLayers()))
    shown = [node.name() for node in root.findLayers() if node.isVisible()]
    print("shown at first", shown)
    named = {layer.name(): layer for layer in layers.values()}
    last = summary["years"][-1]
    check(all(n in legend(named[f"Land state {last}"].clone()) for n in states), "legend of the state in the project")
    trend = layers["mine_rs_layer_trend_class_1"]
    check(all(n in legend(trend.clone()) for n in classes), "legend of the trend classes in the project")
    tables = sorted(path.stem for path in (moved / "tables").glob("*.csv"))
    for table in tables:
        layer = layers.get(f"mine_rs_layer_table_{table}")
        rows = len((moved / "tables" / f"{table}.csv").read_text().splitlines()) - 1
        check(layer is not None and layer.featureCount() == rows, f"table {table} in the project")

    if picture:
        settings = QgsMapSettings()
        settings.setLayers([node.layer() for node in root.findLayers() if node.isVisible()])
        settings.setDestinationCrs(project.crs())
        settings.setExtent(trend.extent())
        settings.setOutputSize(QSize(900, 720))
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        job.renderedImage().save(picture)
    print(f"{len(layers)} layers in QGIS {Qgis.QGIS_VERSION}")


application = QgsApplication([], False)
application.initQgis()
main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else None)
for text in wrong:
    print("WRONG:", text)
if not wrong:
    print("QGIS agrees")
sys.stdout.flush()
import os  # noqa: E402

# QGIS's own end of the program can crash without a screen.
os._exit(1 if wrong else 0)
