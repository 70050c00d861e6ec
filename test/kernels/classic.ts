import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Classic series with the results of R and Python; not part of this repository. */
const FOLDER = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data/trend-series');

export const hasClassics = existsSync(FOLDER);

/** The rows of one of its CSV files as records. */
export function classicTable(name: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(join(FOLDER, name), 'utf8').trim().split(/\r?\n/);
  const keys = head!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [keys[i]!, cell])));
}

/** A series by its name. */
export function classicSeries(name: string): number[] {
  return classicTable('series.csv')
    .filter((row) => row['name'] === name)
    .map((row) => Number(row['value']));
}
