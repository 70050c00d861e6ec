/**
 * The tables of a run as an Excel workbook: one sheet a table, numbers as numbers.
 *
 * The same tables give the same bytes. Text is stored as text, whatever it begins with: nothing in a file's names can become
 * a formula.
 * @module
 */
import { writeXlsx } from 'hucre/xlsx';
import { headOf, writtenTable, type Column, type Table } from './table.ts';

export interface WorkbookInput {
  readonly title: string;
  /** Lines below the title of the first sheet. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
}

/** Cells of all sheets together: beyond it the longest tables are left to the other files. */
const MOST_CELLS = 1_000_000;
/** Limits of Excel. */
const LONGEST_NAME = 31;
const LONGEST_TEXT = 32_767;

const CONTENTS = 'Contents';
/** Written into the file in place of the time. */
const NO_TIME = new Date(0);
const HEAD = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E7ECE4' } },
} as const;

type Value = string | number | null;

/** The bytes of the workbook. */
export async function tablesWorkbook({ title, notes, tables }: WorkbookInput): Promise<Uint8Array> {
  const kept = withinLimit(tables);
  const names = sheetNames(kept);
  const sheets = kept.map((table, k) => tableSheet(names[k]!, writtenTable(table)));
  return writeXlsx({
    sheets: [contentsSheet(title, notes, tables, kept, names), ...sheets],
    properties: { title, created: NO_TIME, modified: NO_TIME },
  });
}

/** The tables without the longest ones, so that all cells together are few enough. */
function withinLimit(tables: readonly Table[]): Table[] {
  const kept = [...tables];
  const cells = ({ columns, rows }: Table) => columns.length * (rows.length + 1);
  while (kept.reduce((sum, table) => sum + cells(table), 0) > MOST_CELLS) {
    const longest = kept.reduce((a, b) => (cells(b) > cells(a) ? b : a));
    kept.splice(kept.indexOf(longest), 1);
  }
  return kept;
}

/** Names that Excel takes: at most 31 characters, each one once, without what is not allowed in them. */
function sheetNames(tables: readonly Table[]): string[] {
  const taken = new Set([CONTENTS.toLowerCase()]);
  return tables.map(({ name }) => {
    const clean = name.replaceAll(/[[\]:*?/\\]/g, '_');
    let found = clean.slice(0, LONGEST_NAME);
    for (let k = 2; taken.has(found.toLowerCase()); k++) {
      found = `${clean.slice(0, LONGEST_NAME - String(k).length - 1)}_${k}`;
    }
    taken.add(found.toLowerCase());
    return found;
  });
}

function contentsSheet(
  title: string,
  notes: readonly string[],
  tables: readonly Table[],
  kept: readonly Table[],
  names: readonly string[],
) {
  const lines = tables.map((table): Value[] => {
    const k = kept.indexOf(table);
    const sheet = k < 0 ? `only as tables/${table.name}.csv: too long` : names[k]!;
    return [sheet, table.title, table.rows.length];
  });
  const head = notes.length + 2;
  const rows: Value[][] = [[title], ...notes.map((note) => [note]), [], ['sheet', 'what it holds', 'rows'], ...lines];
  const cells = new Map<string, { style: { font: { bold: true; size?: number } } }>([
    ['0,0', { style: { font: { bold: true, size: 14 } } }],
    ...[0, 1, 2].map((col) => [`${head},${col}`, { style: HEAD }] as const),
  ]);
  return { name: CONTENTS, rows, cells, columns: [{ width: 34 }, { width: 70 }, { width: 10, numFmt: '#,##0' }] };
}

function tableSheet(name: string, { columns, rows }: Table) {
  const heads = columns.map(headOf);
  const cells = new Map(heads.map((_, col) => [`0,${col}`, { style: HEAD }]));
  return {
    name,
    rows: [heads, ...rows.map((row) => row.map(valueOf))],
    cells,
    columns: columns.map((column, k) => ({ width: widthOf(heads[k]!, rows, k), ...formatOf(column) })),
    freezePane: { rows: 1, columns: frozen(columns) },
    autoFilter: { range: `A1:${letters(columns.length)}${rows.length + 1}` },
  };
}

function valueOf(cell: Value): Value {
  return typeof cell === 'string' ? cell.slice(0, LONGEST_TEXT) : cell;
}

/** How numbers are shown; the cell holds all digits. Years stand without a separator. */
function formatOf({ name, type, unit, significant }: Column): { numFmt?: string } {
  if (type === 'text' || significant) return {};
  if (type === 'integer') return { numFmt: unit === 'year' || name.includes('code') ? '0' : '#,##0' };
  return { numFmt: unit === 'ha' ? '#,##0.00' : unit === '%' ? '0.0' : '0.0000' };
}

/** Columns that stay in view: the id and name of the line's zone. */
function frozen(columns: readonly Column[]): number {
  return columns[0]?.name === 'zone_id' && columns[1]?.name === 'zone_name' ? 2 : 0;
}

/** Characters that the head and the first lines need. */
function widthOf(head: string, rows: Table['rows'], k: number): number {
  const texts = rows.slice(0, 100).map((row) => (typeof row[k] === 'string' ? row[k].length : 0));
  return Math.min(50, Math.max(head.length + 4, 8, ...texts));
}

/** A column's letters. @param n Its number from 1. */
function letters(n: number): string {
  let [text, left] = ['', n];
  while (left > 0) {
    text = String.fromCharCode(65 + ((left - 1) % 26)) + text;
    left = Math.floor((left - 1) / 26);
  }
  return text;
}
