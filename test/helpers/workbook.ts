/**
 * Reads an Excel workbook by the rules of the format, without the library that writes it.
 * @module
 */
import { readZip } from '../../src/vector/formats/zip.ts';
import { readXml } from '../../src/vector/formats/xml.ts';

export type WorkbookCell = string | number | null;

export interface Workbook {
  /** Rows of cells by the sheet's name. */
  sheets: Record<string, WorkbookCell[][]>;
  /** Every part as text, by its name. */
  parts: Record<string, string>;
}

const MOST_BYTES = 100_000_000;

export function readWorkbook(bytes: Uint8Array): Workbook {
  const entries = readZip('tables.xlsx', bytes, MOST_BYTES);
  const parts = Object.fromEntries(
    entries.map((entry) => [entry.name, Buffer.from(entry.read()).toString('utf8')] as const),
  );
  const strings = textsIn(parts['xl/sharedStrings.xml'] ?? '<sst/>');
  const targets = attributesOf(parts['xl/_rels/workbook.xml.rels']!, 'Relationship').map(
    (relation) => [relation['Id']!, relation['Target']!] as const,
  );
  const files = new Map(targets);
  const sheets = attributesOf(parts['xl/workbook.xml']!, 'sheet').map(
    ({ name, 'r:id': id }) => [name!, rowsIn(parts[`xl/${files.get(id!)!}`]!, strings)] as const,
  );
  return { sheets: Object.fromEntries(sheets), parts };
}

/** Attributes of all elements of a name. */
function attributesOf(xml: string, wanted: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  for (const [, attributes] of xml.matchAll(new RegExp(`<${wanted} ([^>]*?)/?>`, 'g'))) {
    found.push(
      Object.fromEntries(
        [...attributes!.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]),
      ),
    );
  }
  return found;
}

/** The texts that cells refer to by their number. */
function textsIn(xml: string): string[] {
  return [...xml.matchAll(/<si>(.*?)<\/si>/gs)].map(([, item]) =>
    [...item!.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text]) => plain(text!)).join(''),
  );
}

function rowsIn(xml: string, strings: readonly string[]): WorkbookCell[][] {
  const rows: WorkbookCell[][] = [];
  for (const [, number, row] of xml.matchAll(/<row r="(\d+)"[^>]*?(?:\/>|>(.*?)<\/row>)/gs)) {
    const cells: WorkbookCell[] = [];
    for (const [, attributes, content] of (row ?? '').matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const column = columnOf(/r="([A-Z]+)/.exec(attributes!)![1]!);
      while (cells.length < column) cells.push(null);
      cells.push(cellOf(/t="(\w+)"/.exec(attributes!)?.[1], content ?? '', strings));
    }
    while (rows.length < Number(number) - 1) rows.push([]);
    rows.push(cells);
  }
  return rows;
}

function cellOf(type: string | undefined, content: string, strings: readonly string[]): WorkbookCell {
  if (content.includes('<f')) throw new Error(`A formula: ${content}`);
  const value = /<v>(.*?)<\/v>/s.exec(content)?.[1];
  if (value === undefined) return null;
  return type === 's' ? strings[Number(value)]! : Number(value);
}

function columnOf(letters: string): number {
  return letters.split('').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function plain(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replaceAll(/&(\w+);/g, (_, name: string) => names[name]!);
}

/** Elements of an XML text in order; it throws where the text is not well formed. */
export function elementsOf(xml: string): string[] {
  const names: string[] = [];
  readXml(xml, { open: (name) => names.push(name), close() {}, text() {} });
  return names;
}
