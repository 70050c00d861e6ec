/**
 * Trends of zones, field significance and the trend against a reference, on landscapes whose figures are known.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pettitt } from '../../src/kernels/pettitt.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { Summary, ZoneFigures } from '../../src/report/model.ts';
import { filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('significance');

/** None in 2013. */
const YEARS = [2010, 2011, 2012, 2014, 2015, 2016, 2017, 2018, 2019, 2020];
/** A greening region: wet and dry years, and 0.01 a year. */
const REGION = [0.4, 0.44, 0.38, 0.45, 0.47, 0.43, 0.49, 0.5, 0.46, 0.52];
/** What the mine adds: nothing, or a slow loss. */
const LOSS = [0, -0.01, -0.02, -0.04, -0.05, -0.06, -0.07, -0.08, -0.09, -0.1];
const GRID = utmGrid(40, 30);
const ZONES = [
  { id: 'stable', name: 'Stable', role: 'mine', col: 0, row: 0, width: 10, height: 10 },
  { id: 'losing', name: 'Losing', role: 'mine', col: 10, row: 10, width: 10, height: 10 },
  { id: 'far', name: 'Far', role: 'reference', col: 25, row: 5, width: 10, height: 10 },
];
const QUANTUM = 3e-4;

let folder = '';
let aoi = '';

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  for (const [k, year] of YEARS.entries()) {
    const ndvi = (col: number, row: number) => REGION[k]! + (col >= 10 && col < 20 && row >= 10 ? LOSS[k]! : 0);
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi });
  }
});

async function run(options: Partial<OptionsInput> = {}): Promise<{ summary: Summary; out: string }> {
  const out = join(newFolder(), 'out');
  const { summary } = await runTrend({ aoi, out, workers: 0, fvc: '0,1', ...options });
  return { summary: summary!, out };
}

const zoneOf = (summary: Summary, id: string): ZoneFigures => summary.zones.find((zone) => zone.id === id)!;
const hectaresOf = (zone: ZoneFigures, code: number) => zone.trend.find((c) => c.code === code)!;

describe('trends of zone means', () => {
  it('are those of the yearly means that were put in', async () => {
    const { summary, out } = await run();
    const want = trendTest(REGION, { times: YEARS });
    const got = zoneOf(summary, 'stable').meanTrend!;
    expect(got).toMatchObject({ n: 10, s: want.s, p: want.p, className: 'significant increase' });
    expect(Math.abs(got.slope - want.slope)).toBeLessThan(QUANTUM);
    expect(Math.abs(got.slopeLow! - want.slopeLow)).toBeLessThan(QUANTUM);
    expect(Math.abs(got.slopeHigh! - want.slopeHigh)).toBeLessThan(QUANTUM);
    const rows = readTable(join(out, 'tables/zone_trends.csv'));
    expect(rows.map((row) => row['zone_id'])).toEqual(['stable', 'losing', 'far']);
    expect(Number(rows[0]!['p'])).toBeCloseTo(want.p, 8);
    expect(rows[0]!['change_after']).toBe(String(pettitt(REGION, YEARS).after));
  });

  it('take a correction where there are ten years, and refuse it where there are not', async () => {
    const want = trendTest(REGION, { times: YEARS, correction: 'yue-wang' });
    const { summary, out } = await run({ correction: 'yue-wang', maps: 'trend' });
    expect(summary.trend.correction).toBe('yue-wang');
    const stable = zoneOf(summary, 'stable');
    expect(stable.meanTrend!.s).toBe(want.s);
    // All its pixels have the series of the mean, and so its corrected p and class.
    expect(hectaresOf(stable, stable.meanTrend!.classCode).hectares).toBeCloseTo(stable.areaHa, 6);
    const map = await openGeoTiff(join(out, 'maps/trend_p.tif'));
    const { info } = map;
    const p = await map.readWindow({ col: 0, row: 0, width: info.width, height: info.height });
    await map.close();
    expect(p[2 * info.width + 2]).toBe(Math.fround(want.p));
    expect(want.p).not.toBe(trendTest(REGION, { times: YEARS }).p);
    await expect(run({ correction: 'yue-wang', years: '2011..2020' })).rejects.toThrow(
      /at least 10 years, these are 9/,
    );
  });
});

describe('--trend-on fvc-reference', () => {
  it('credits the mine with nothing that the region did', async () => {
    const plain = (await run({ maps: 'none' })).summary;
    const { summary } = await run({ trendOn: 'fvc-reference', maps: 'none' });
    expect(summary.trend.on).toBe('fvc-reference');
    expect(summary.trend.reference!.text).toContain('(far)');
    expect(summary.trend.reference!.levels[0]!.fvc).toBeCloseTo(REGION[0]!, 3);
    // With the region's wet years it greens; against the reference nothing is left but the last digits of the numbers.
    expect(hectaresOf(zoneOf(plain, 'stable'), 7).percent).toBeCloseTo(100, 4);
    expect(
      zoneOf(summary, 'stable')
        .trend.filter((c) => c.hectares > 0)
        .map((c) => c.name),
    ).not.toContain('significant increase');
    const losing = zoneOf(summary, 'losing');
    expect(hectaresOf(losing, 1).percent).toBeCloseTo(100, 4);
    expect(losing.meanTrend).toMatchObject({ n: 10, s: -45, className: 'significant decrease' });
    expect(losing.meanTrend!.slope).toBeCloseTo(-0.01, 3);
    // The annual means themselves stay what they are.
    expect(losing.years).toEqual(zoneOf(plain, 'losing').years);
  });

  it('needs a reference zone', async () => {
    const alone = writeZones(join(newFolder(), 'alone.geojson'), GRID, ZONES.slice(0, 1));
    const scenes = join(folder, 'scenes');
    await expect(run({ aoi: alone, scenes, trendOn: 'fvc-reference' })).rejects.toThrow(/no zone of .* has this role/);
  });
});

describe('field significance', () => {
  it('stands side by side with the raw hectares', async () => {
    const { summary, out } = await run();
    // 300 cells lie in zones; all of the stable and the reference zone have the same small p.
    expect(summary.field).toMatchObject({ rate: 0.1, cells: 300 });
    expect(summary.field!.threshold).toBeCloseTo(trendTest(REGION, { times: YEARS }).p, 6);
    const rows = readTable(join(out, 'tables/trend_fdr.csv'));
    for (const zone of summary.zones) {
      const own = rows.filter((row) => row['zone_id'] === zone.id);
      const sum = (column: string) => own.reduce((total, row) => total + Number(row[column]), 0);
      expect(Math.abs(sum('raw_ha') - zone.areaHa) / zone.areaHa).toBeLessThan(1e-6);
      expect(Math.abs(sum('fdr_ha') - zone.areaHa) / zone.areaHa).toBeLessThan(1e-6);
    }
    expect(hectaresOf(zoneOf(summary, 'stable'), 7).fdrHectares).toBeCloseTo(zoneOf(summary, 'stable').areaHa, 6);
  });

  it('takes land back where one p in many is small', async () => {
    // Only a twentieth of the field has the small p of a trend: at a rate of 1 in 10,000 none of it stands.
    const { summary } = await run({ fdr: 0.0001, maps: 'none' });
    const stable = zoneOf(summary, 'stable');
    expect(summary.field!.threshold).toBeNull();
    expect(hectaresOf(stable, 7).hectares).toBeCloseTo(stable.areaHa, 6);
    expect(hectaresOf(stable, 7).fdrHectares).toBeCloseTo(0, 9);
    expect(hectaresOf(stable, 5).fdrHectares).toBeCloseTo(stable.areaHa, 6);
  });

  it('can be off, and says when so few years cannot show anything', async () => {
    const { summary, out } = await run({ fdr: 'off', years: '2017..2020' });
    expect(summary.field).toBeNull();
    expect(filesBelow(join(out, 'tables'))).not.toContain('trend_fdr.csv');
    expect(summary.warnings.join('\n')).toContain(
      '4 years cannot reach 95 % significance: the smallest p there can be is 0.0833',
    );
    const strict = await run({ fdr: 0.05, years: '2017..2020' });
    expect(strict.summary.warnings.join('\n')).toContain(
      '4 years cannot show anything at a false discovery rate of 0.05',
    );
    expect(strict.summary.field!.leastShare).toBeCloseTo(2 / 24 / 0.05, 9);
    expect(zoneOf(strict.summary, 'stable').meanTrend).toMatchObject({ n: 4, slopeLow: null });
  });
});
