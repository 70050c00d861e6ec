/**
 * Writes what `mine-rs zones` found, in the format of the file's ending.
 * @module
 */
import { extname, resolve } from 'node:path';
import { MineRsError } from '../errors.ts';
import { tableCsv, writtenTable, type Table } from '../report/table.ts';
import { zonalAttributes, zonalTables } from '../report/zonal-tables.ts';
import { zonesGeoPackage } from '../vector/geopackage-writer.ts';
import { zonesGeoJson } from '../vector/zones-geojson.ts';
import { writeFiles } from './write-files.ts';
import type { ZonalOutcome } from './zonal.ts';

const ENDINGS = ['.csv', '.json', '.gpkg', '.geojson', '.parquet'];

/** The ending of a file to write. @throws {MineRsError} USAGE if there is no format of this name, or it is an input */
export function checkZonalOut(out: string, inputs: readonly string[]): void {
  if (!ENDINGS.includes(extname(out).toLowerCase())) {
    throw new MineRsError('USAGE', `--out ${out}: expected a file that ends in ${ENDINGS.join(', ')}`);
  }
  if (inputs.some((path) => resolve(path) === resolve(out))) {
    throw new MineRsError('USAGE', `--out ${out} is a file that is read: choose another name`);
  }
}

/**
 * Writes the file, and beside a CSV or Parquet file `NAME_classes` where classes were asked for. Files of these names are
 * replaced once the new ones are whole.
 *
 * @returns The paths written.
 * @throws {MineRsError} OUTPUT if they cannot be written
 */
export async function writeZonal(out: string, outcome: ZonalOutcome): Promise<string[]> {
  const files = [...(await contents(out, outcome))];
  writeFiles(out, files);
  return files.map(([path]) => path);
}

async function contents(out: string, { page, zones }: ZonalOutcome): Promise<Map<string, string | Uint8Array>> {
  const ending = extname(out);
  const tables = zonalTables(page);
  const each = (write: (table: Table) => string | Uint8Array) =>
    new Map(
      tables.map((table, k) => [k === 0 ? out : `${out.slice(0, -ending.length)}_classes${ending}`, write(table)]),
    );
  switch (ending.toLowerCase()) {
    case '.csv':
      return each(tableCsv);
    case '.parquet': {
      const { tableParquet } = await import('../report/parquet.ts');
      return each(tableParquet);
    }
    case '.gpkg':
      return new Map([[out, await zonesGeoPackage(zones, zonalAttributes(page), tables.map(writtenTable))]]);
    case '.geojson':
      return new Map([[out, zonesGeoJson(zones, zonalAttributes(page).figures)]]);
    default:
      return new Map([[out, `${JSON.stringify(page, null, 2)}\n`]]);
  }
}
