/**
 * Tables that users write: CSV with a head line.
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { MineRsError, messageOf } from '../errors.ts';

/** Larger files are no tables of samples or plots. */
const MAX_BYTES = 100 * 1024 * 1024;

/** One line: cells by column, without white space around them, and where it stands. */
export interface CsvLine {
  /** From 1, the head line counted. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly path: string;
  readonly columns: readonly string[];
  readonly lines: readonly CsvLine[];
}

/**
 * Reads a table: RFC 4180, commas (semicolons where the head line has no comma), UTF-8. Empty lines are passed over.
 *
 * @throws {MineRsError} BAD_INPUT naming the file, and the line where there is one
 */
export function readCsvTable(path: string): CsvTable {
  const text = readText(path).replace(/^\uFEFF/, '');
  const head = /^[^\r\n]*/.exec(text)![0].replaceAll(/"[^"]*"/g, '');
  const delimiter = head.includes(',') || !head.includes(';') ? ',' : ';';
  let records: { record: string[]; info: { lines: number } }[];
  try {
    // Line ends of any system, also of several in one file.
    const ends = { record_delimiter: ['\r\n', '\n', '\r'] };
    const options = { ...ends, delimiter, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
    // With `info` each record comes with its place; the package's types do not say so.
    records = parse(text, options) as unknown as typeof records;
  } catch (error) {
    const line = error instanceof CsvError ? (error as CsvError & { lines?: number }).lines : undefined;
    throw lineError(path, line, `is not CSV (${messageOf(error)})`);
  }
  const [first, ...rest] = records;
  if (first === undefined) throw new MineRsError('BAD_INPUT', `${path} is empty: it needs a head line and rows`);
  const columns = first.record;
  const twice = columns.find((name, k) => columns.indexOf(name) !== k);
  if (twice !== undefined) throw lineError(path, 1, `names the column '${twice}' twice`);
  const unnamed = columns.indexOf('');
  if (unnamed >= 0) throw lineError(path, 1, `has no name for column ${unnamed + 1}`);
  const lines = rest
    .filter(({ record }) => record.some((cell) => cell !== ''))
    .map(({ record, info: { lines: line } }): CsvLine => {
      if (record.length !== columns.length) {
        throw lineError(path, line, `has ${record.length} cells, the head line has ${columns.length}`);
      }
      return { line, cells: Object.fromEntries(columns.map((name, k) => [name, record[k]!])) };
    });
  return { path, columns, lines };
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new MineRsError('BAD_INPUT', `${path} has ${size} bytes; tables of at most ${MAX_BYTES} are read`);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    const text = error instanceof TypeError ? 'it is not UTF-8 text' : messageOf(error);
    throw new MineRsError('BAD_INPUT', `Cannot read the table ${path}: ${text}`);
  }
}

/** An error at a line of a table. @param what Begins with a verb: `has …`, `is …`. */
export function lineError(path: string, line: number | undefined, what: string): MineRsError {
  const place = line === undefined ? path : `${path}, line ${line}:`;
  return new MineRsError('BAD_INPUT', `${place} ${what}`, line === undefined ? { path } : { path, line });
}

/** The columns a table must have. @throws {MineRsError} BAD_INPUT naming the first that is missing */
export function requireColumns({ path, columns }: CsvTable, names: readonly string[]): void {
  const missing = names.find((name) => !columns.includes(name));
  if (missing === undefined) return;
  const has = columns.map((name) => `'${name}'`).join(', ');
  throw lineError(path, 1, `has no column '${missing}'; its columns are ${has}`);
}

/** A cell as a finite number. @throws {MineRsError} BAD_INPUT naming the line */
export function numberCell({ path }: CsvTable, { line, cells }: CsvLine, name: string): number {
  const text = cells[name] ?? '';
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw lineError(path, line, `has '${text}' for ${name}, which is not a number`);
  return value;
}
