/**
 * A table as plain data: what the CSV, GeoPackage and Parquet files of a run are all written from.
 * @module
 */
import { stringify } from 'csv-stringify/sync';

/** A figure, a word, or null for "none". */
export type Cell = string | number | null;

export interface Column {
  /** Lower case with underscores; hectares end in `_ha`. */
  readonly name: string;
  readonly type: 'text' | 'integer' | 'real';
  /** `ha`, `%`, `year`, `1/year`; `1` for shares and counts; empty for text. */
  readonly unit: string;
  /** Nine digits whatever the size, in place of six behind the point: a p of 1e-8 is not 0. */
  readonly significant: boolean;
}

export interface Table {
  /** File name without its ending, and name of the layer or sheet. */
  readonly name: string;
  /** One line in words. */
  readonly title: string;
  readonly columns: readonly Column[];
  /** One cell a column. Numbers as they were computed: each writer takes {@link cellValue}. */
  readonly rows: readonly (readonly Cell[])[];
}

export const text = (name: string): Column => ({ name, type: 'text', unit: '', significant: false });
export const integer = (name: string, unit = '1'): Column => ({ name, type: 'integer', unit, significant: false });
export const real = (name: string, unit = '1'): Column => ({ name, type: 'real', unit, significant: false });
/** A real whose small values matter: p-values, slopes, test statistics. */
export const significant = (name: string, unit = '1'): Column => ({ ...real(name, unit), significant: true });

/** Digits behind the point: 0.01 m² for hectares, and more than float32 carries for means. */
const DIGITS = 6;

const SIGNIFICANT_DIGITS = 9;

/** A number with at most six digits behind the point; no negative zero. */
export function round(value: number): number {
  return Number(value.toFixed(DIGITS)) + 0;
}

/** A cell as it is written into any file: numbers rounded by the column's rule, NaN as null. */
export function cellValue(column: Column, cell: Cell): Cell {
  if (typeof cell !== 'number') return cell;
  if (!Number.isFinite(cell)) return null;
  return column.significant ? Number(cell.toPrecision(SIGNIFICANT_DIGITS)) + 0 : round(cell);
}

/** A table with its cells as they are written. */
export function writtenTable(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => table.columns.map((column, k) => cellValue(column, row[k]!))) };
}

/** The column's name, with its unit where the name does not end in it. */
export function headOf({ name, unit }: Column): string {
  const said = unit === '' || unit === '1' || name === unit || name.endsWith(`_${unit}`);
  return said ? name : `${name} (${unit})`;
}

/** A table as CSV by RFC 4180, with a head line. */
export function tableCsv(table: Table): string {
  const { columns, rows } = writtenTable(table);
  const names = columns.map((column) => column.name);
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? harmless(cell) : cell)));
  return stringify([names, ...cells], { cast: { number: String } });
}

/**
 * Text as a spreadsheet takes it for text: names come from files, and `=HYPERLINK(…)` would be run. An apostrophe before it
 * is what OWASP advises against CSV injection; a signed number stays as it is.
 */
function harmless(text: string): string {
  return /^(?:[=@\t\r]|[+-](?!\d+(?:\.\d+)?$))/.test(text) ? `'${text}` : text;
}
