/**
 * Climate and productivity by zone and year, from rasters.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { CLIMATE_FIELDS, NO_CLIMATE, type ClimateField, type ClimateYear } from './climate-table.ts';
import type { ResilienceConfig } from './resilience-config.ts';
import { zonalStatistics } from './zonal.ts';

const KELVIN = 273.15;
/** Yearly means below it are in degrees Celsius. */
const COLDEST_K = 150;

/**
 * Means of each zone: precipitation, evapotranspiration and runoff in mm, temperature in °C or K, NPP in g C/m².
 *
 * @param folder A finished run.
 * @param patterns Paths by field, with {year} in them. A year without its file is missing.
 * @returns By zone id and year.
 * @throws {MineRsError} BAD_INPUT if a pattern has no file for any year, or a raster cannot be read
 */
export async function readClimateRasters(
  folder: string,
  patterns: ResilienceConfig['climate'],
  years: readonly number[],
): Promise<Map<string, Map<number, ClimateYear>>> {
  const found = new Map<string, Map<number, Record<ClimateField, number>>>();
  for (const field of CLIMATE_FIELDS) {
    const pattern = field === 'c1' || field === 'c2' ? undefined : patterns[field];
    if (pattern === undefined) continue;
    const files = years.map((year) => ({ year, path: pattern.replaceAll('{year}', String(year)) }));
    const present = files.filter(({ path }) => existsSync(path));
    if (present.length === 0) {
      throw new MineRsError('BAD_INPUT', `${pattern}: there is no such file for any year of the run`);
    }
    for (const { year, path } of present) {
      const { page } = await zonalStatistics({ raster: path, aoi: join(folder, 'zones.geojson'), stats: 'mean' });
      for (const { id, bands } of page.zones) {
        const mean = bands[0]?.mean ?? null;
        if (mean === null) continue;
        const zone = found.get(id) ?? new Map<number, Record<ClimateField, number>>();
        const all = zone.get(year) ?? { ...NO_CLIMATE };
        all[field] = field === 'temperature' && mean < COLDEST_K ? mean + KELVIN : mean;
        found.set(id, zone.set(year, all));
      }
    }
  }
  return found;
}
