/**
 * What mines produce, as the AOI or a table says it.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Zone } from '../vector/zone.ts';
import { lineError, readCsvTable } from './csv-table.ts';
import { parseTonnes } from './extrapolate.ts';

/** The property of the AOI, and the column of the table. */
const FIELD = 'production';

/**
 * Production of each mine, in tonnes.
 *
 * @param path A CSV file with the columns zone_id and production; undefined takes the property `production` of the zones.
 * @returns By zone id.
 * @throws {MineRsError} BAD_INPUT or USAGE if the file cannot be read, or a mine has no production with a unit
 */
export function readProductions(path: string | undefined, mines: readonly Zone[], aoi: string): Map<string, number> {
  const written = path === undefined ? new Map<string, string>() : readTable(path);
  const place = path === undefined ? `${aoi}: property ${FIELD}` : path;
  const without: string[] = [];
  const productions = new Map<string, number>();
  for (const { id, properties } of mines) {
    const text = path === undefined ? asText(properties[FIELD]) : written.get(id);
    if (text === undefined) without.push(id);
    else productions.set(id, parseTonnes(text, `${place}, zone ${id}`));
  }
  if (without.length > 0) {
    const ids = without.slice(0, 5).join(', ');
    const advice = `give each mine the property ${FIELD}, such as 35Mt, or name a table with --production FILE.csv`;
    throw new MineRsError('USAGE', `${place}: no production of zone ${ids}; ${advice}`);
  }
  return productions;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function readTable(path: string): Map<string, string> {
  const { columns, lines } = readCsvTable(path);
  const columnOf = (name: string) => columns.find((column) => column.toLowerCase() === name);
  const [id, amount] = [columnOf('zone_id'), columnOf(FIELD)];
  if (id === undefined || amount === undefined) {
    throw new MineRsError('BAD_INPUT', `${path}: the first line must name the columns zone_id and ${FIELD}`);
  }
  const found = new Map<string, string>();
  for (const { line, cells } of lines) {
    const [key, value] = [cells[id]!, cells[amount]!];
    if (key === '' || value === '') continue;
    if (found.has(key)) throw lineError(path, line, `zone ${key} stands there twice`);
    found.set(key, value);
  }
  return found;
}
