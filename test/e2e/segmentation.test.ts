/**
 * Runs with --segmentation on a made-up mine whose years are known.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { resolveOptions } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import { readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('segmentation');

const YEARS = Array.from({ length: 14 }, (_, k) => 2008 + k);
const GRID = utmGrid(40, 30);
const ZONES = [
  { id: 'pit', name: 'The pit', role: 'mine', col: 5, row: 5, width: 10, height: 10 },
  { id: 'meadow', name: 'The meadow', role: 'reference', col: 25, row: 5, width: 10, height: 10 },
];
/** Left half of the pit: opened in 2012, sown in 2017. Right half: a slow decline from 2011 on, to a third in 2017. */
function ndvi(col: number, year: number): number {
  if (col >= 20) return 0.72;
  if (col < 10) return year < 2012 ? 0.72 : year < 2017 ? 0.2 : 0.7;
  return Math.max(0.3, 0.72 - 0.06 * Math.max(0, year - 2010));
}

let aoi = '';

beforeAll(async () => {
  const folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  for (const year of YEARS) {
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi: (col) => ndvi(col, year) });
  }
});

async function run(options: Partial<OptionsInput> = {}) {
  const out = join(newFolder(), 'out');
  const { summary } = await runTrend({ aoi, out, workers: 0, fvc: '0.1,0.8', report: false, ...options });
  return { summary: summary!, out };
}

async function pixel(out: string, map: string, col: number): Promise<number> {
  const file = await openGeoTiff(join(out, 'maps', `${map}.tif`));
  try {
    return (await file.readWindow({ col, row: 4, width: 1, height: 1 }, { band: 1 }))[0]!;
  } finally {
    await file.close();
  }
}

describe('--segmentation', () => {
  it('maps the years and puts the disagreement into hectares', async () => {
    const { summary, out } = await run({ segmentation: true });
    expect(summary.segmentation).toMatchObject({ method: 'partition', parameters: { maxSegments: 12 } });
    // The extent begins at the zone: columns 0 to 4 are the left half, 5 to 9 the right one, 20 to 29 the meadow.
    const read = (map: string) => Promise.all([2, 7, 25].map((col) => pixel(out, map, col)));
    expect(await read('seg_disturbed_year')).toEqual([2012, 2011, 0]);
    expect(await read('disturbed_year')).toEqual([2012, 2016, 0]);
    expect(await read('seg_recovered_year')).toEqual([2018, 0, 0]);
    expect(await read('seg_loss_year')).toEqual([2012, 2011, 0]);
    expect(await read('seg_duration')).toEqual([1, 7, 0]);
    expect((await read('seg_magnitude')).map((x) => Math.round(100 * x))).toEqual([74, 60, 0]);
    expect(await read('seg_vertices')).toEqual([6, 4, 2]);
    expect(Math.max(...(await read('seg_rmse')))).toBeLessThan(0.01);

    const rows = readTable(join(out, 'tables', 'segmentation_agreement.csv')).filter((row) => row.zone_id === 'pit');
    const area = summary.zones.find(({ id }) => id === 'pit')!.areaHa;
    const share = (event: string) =>
      Object.fromEntries(
        rows
          .filter((row) => row.event === event && Number(row.hectares) > 0)
          .map((row) => [
            `${row.found_by} ${row.difference_years}`.trim(),
            Math.round((100 * Number(row.hectares)) / area),
          ]),
      );
    expect(share('disturbed')).toEqual({ 'both 0': 50, 'both below -2': 50 });
    expect(share('recovered')).toEqual({ 'both 0': 50, neither: 50 });
    for (const zone of [...summary.segmentation!.zones, ...summary.segmentation!.totals]) {
      const whole = summary.zones.find(({ role }) => role === zone.role)!.areaHa;
      for (const event of [zone.disturbed, zone.recovered]) {
        const { bothHa, statesOnlyHa, segmentationOnlyHa, neitherHa, notComparedHa } = event;
        const sum = bothHa + statesOnlyHa + segmentationOnlyHa + neitherHa + notComparedHa;
        expect(Math.abs(sum / whole - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it('is off by default, and can stand in mine-rs.yaml with the method of one’s choice', async () => {
    const { summary, out } = await run();
    expect(summary.segmentation).toBeNull();
    expect(readdirSync(join(out, 'maps')).filter((name) => name.startsWith('seg_'))).toEqual([]);
    expect(readdirSync(join(out, 'tables'))).not.toContain('segmentation_agreement.csv');
    expect(resolveOptions({ aoi, segmentation: 'landtrendr' }).segmentation).toBe('landtrendr');
    expect(resolveOptions({ aoi, segmentation: false }).segmentation).toBe('off');
    expect(() => resolveOptions({ aoi, segmentation: 'bfast' })).toThrow(/expected partition, landtrendr or off/);
    expect(() => resolveOptions({ aoi, segmentation: true, fvc: 'none' })).toThrow(/--segmentation needs FVC/);
  });

  it('keeps the table without maps, and the published method finds the same opening', async () => {
    const { out, summary } = await run({ segmentation: 'landtrendr', maps: 'none' });
    expect(readdirSync(join(out, 'maps'))).toEqual([]);
    expect(summary.segmentation).toMatchObject({ method: 'landtrendr', parameters: { maxSegments: 6 } });
    const same = readTable(join(out, 'tables', 'segmentation_agreement.csv')).find(
      (row) => row.zone_id === 'pit' && row.event === 'disturbed' && row.difference_years === '0',
    );
    expect(Number(same!.hectares) / summary.zones[0]!.areaHa).toBeCloseTo(0.5, 6);
  });
});
