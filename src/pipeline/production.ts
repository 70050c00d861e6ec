/**
 * What mines produce, as the AOI or a table says it.
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { MineRsError, messageOf } from '../errors.ts';
import type { Zone } from '../vector/zone.ts';
import { parseTonnes } from './extrapolate.ts';

/** Larger files are no table of mines. */
const MAX_BYTES = 10 * 1024 * 1024;

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
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES)
      throw new MineRsError('BAD_INPUT', `${path}: has ${size} bytes; at most ${MAX_BYTES} are read`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    throw new MineRsError('BAD_INPUT', `Cannot read the productions in ${path}: ${messageOf(error)}`);
  }
  const [head = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ''));
  const names = head.map((name) => name.trim().toLowerCase());
  const [id, amount] = [names.indexOf('zone_id'), names.indexOf(FIELD)];
  if (id === -1 || amount === -1) {
    throw new MineRsError('BAD_INPUT', `${path}: the first line must name the columns zone_id and ${FIELD}`);
  }
  const found = new Map<string, string>();
  for (const row of rows) {
    const [key, value] = [row[id]?.trim() ?? '', row[amount]?.trim() ?? ''];
    if (key === '' || value === '') continue;
    if (found.has(key)) throw new MineRsError('BAD_INPUT', `${path}: zone ${key} stands there twice`);
    found.set(key, value);
  }
  return found;
}

/** Rows of cells by RFC 4180: quotes, doubled quotes in them, line ends of any system. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  // A cell, quoted or not, and what ends it.
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell !== ''));
}
