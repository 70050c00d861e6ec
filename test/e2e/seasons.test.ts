/**
 * Trends of zones over seasons, on a landscape whose figures are known.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { seasonalTest } from '../../src/kernels/seasonal-kendall.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { Summary } from '../../src/report/model.ts';
import type { SeasonalFigures } from '../../src/report/seasonal-model.ts';
import { summarySchema } from '../report/summary-schema.ts';
import { builtLibrary, digestsOf, filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('seasons');

const YEARS = [2010, 2011, 2012, 2014, 2015, 2016, 2017, 2018, 2019, 2020];
/** None in 2016. */
const SPRING = [0.2, 0.22, 0.21, 0.25, 0.24, NaN, 0.27, 0.26, 0.29, 0.3];
const SUMMER = [0.5, 0.54, 0.53, 0.55, 0.58, 0.52, 0.56, 0.6, 0.57, 0.61];
/** What the pit lacks, in either season. */
const LOSS = [0, 0, 0.03, 0.04, 0.06, 0.05, 0.08, 0.1, 0.12, 0.15];
const GRID = utmGrid(40, 30);
const ZONES = [
  { id: 'region', name: 'Region', role: 'mine', col: 0, row: 0, width: 10, height: 10 },
  { id: 'pit', name: 'Pit', role: 'mine', col: 10.25, row: 10, width: 9.5, height: 10 },
  { id: 'far', name: 'Far', role: 'reference', col: 25, row: 5, width: 10, height: 10 },
];
const SEASONS = '03-01..05-31,06-01..08-31';
/** NDVI as the scenes can hold it. */
const QUANTUM = 3e-4;

let folder = '';
let aoi = '';

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  for (const [k, year] of YEARS.entries()) {
    const write = async (date: string, level: number) => {
      const ndvi = (col: number, row: number) => level - (col >= 10 && col < 20 && row >= 10 ? LOSS[k]! : 0);
      await writeLandsat(join(folder, 'scenes'), { grid: GRID, date, ndvi });
    };
    if (year !== 2016) await write(`${year}0415`, SPRING[k]!);
    await write(`${year}0610`, SUMMER[k]! - 0.1);
    await write(`${year}0831`, SUMMER[k]!);
    await write(`${year}1015`, 0.1);
  }
});

async function run(options: Partial<OptionsInput> = {}): Promise<{ summary: Summary; out: string }> {
  const out = join(newFolder(), 'out');
  const shared = { aoi, out, workers: 0, fvc: '0,1', maps: 'none', report: false, seasons: SEASONS } as const;
  const { summary } = await runTrend({ ...shared, ...options });
  return { summary: summary!, out };
}

const zoneOf = (found: SeasonalFigures, id: string) => found.zones.find((zone) => zone.id === id)!;

describe('--seasons', () => {
  it('tests the means of each season, and all of them together', async () => {
    const { summary, out } = await run();
    const found = summary.seasonal!;
    expect(found.seasons).toEqual([
      { season: '03-01..05-31', scenes: 9, years: 9 },
      { season: '06-01..08-31', scenes: 20, years: 10 },
    ]);
    const region = zoneOf(found, 'region');
    for (const [k, want] of [SPRING, SUMMER].entries()) {
      const { years, trend } = region.seasons[k]!;
      // The composite takes the greener of the two scenes of a summer; October lies in no season.
      const means = YEARS.map((year) => years.find((y) => y.year === year)?.mean ?? NaN);
      expect(means.map((mean) => Number.isNaN(mean))).toEqual(want.map((value) => Number.isNaN(value)));
      for (const [t, mean] of means.entries()) expect(Math.abs(mean - want[t]!) >= QUANTUM).toBe(false);
      const test = trendTest(want, { times: YEARS });
      expect(trend).toMatchObject({ n: test.n, s: test.s, varS: test.varS, p: test.p });
    }
    const want = seasonalTest([SPRING, SUMMER], { times: YEARS });
    expect(region.all).toMatchObject({ n: 19, s: want.s, p: want.p, tau: want.tau });
    expect(Math.abs(region.all!.slope! - want.slope)).toBeLessThan(QUANTUM);
    expect(summarySchema.parse(summary).seasonal).toEqual(found);

    const rows = readTable(join(out, 'tables/zone_trends_seasonal.csv'));
    expect(rows.map((row) => `${row['zone_id']} ${row['season']}`)).toEqual(
      ZONES.flatMap(({ id }) => ['all', ...SEASONS.split(',')].map((season) => `${id} ${season}`)),
    );
    expect(Number(rows[0]!['p'])).toBeCloseTo(want.p, 8);
    expect(Number(rows[0]!['var_s'])).toBeCloseTo(want.varS, 6);
    const means = readTable(join(out, 'tables/fvc_by_season.csv'));
    expect(means).toHaveLength(3 * 19);
    expect(Number(means[0]!['valid_ha'])).toBeCloseTo(summary.zones[0]!.areaHa, 5);
    expect(summary.warnings.join('\n')).toContain('from 9 years; below 10 that is hardly an estimate');
  });

  it('take off the reference of the same season, where the trend does', async () => {
    const { summary } = await run({ trendOn: 'fvc-reference' });
    const rows = [SPRING, SUMMER].map((values) => values.map((value, k) => (Number.isNaN(value) ? NaN : -LOSS[k]!)));
    const want = seasonalTest(rows, { times: YEARS });
    const pit = zoneOf(summary.seasonal!, 'pit');
    expect(pit.all!.slope).toBeCloseTo(want.slope, 3);
    expect(pit.all!.p!).toBeLessThan(0.02);
    // The means themselves stay what they are.
    expect(pit.seasons[0]!.years[0]!.mean).toBeCloseTo(SPRING[0]!, 3);
    expect(Math.abs(zoneOf(summary.seasonal!, 'region').all!.slope!)).toBeLessThan(1e-9);
  });

  it('leave out a season with too few years, and change nothing else of a run', async () => {
    const { summary } = await run({ years: '2015..2019' });
    // Spring has 2015, 2017, 2018, 2019.
    expect(zoneOf(summary.seasonal!, 'pit').all!.n).toBe(9);
    const strict = await run({ years: '2015..2019', minYears: 5 });
    const pit = zoneOf(strict.summary.seasonal!, 'pit');
    expect(pit.seasons[0]!.trend).toBeNull();
    expect(pit.all).toMatchObject({ n: 5, s: pit.seasons[1]!.trend!.s });
    const [with_, without] = [await run(), await run({ seasons: undefined })];
    expect(filesBelow(join(without.out, 'tables'))).not.toContain('zone_trends_seasonal.csv');
    expect(without.summary.seasonal).toBeNull();
    expect(with_.summary.zones).toEqual(without.summary.zones);
  });

  it('are the same to the byte with any number of workers', async () => {
    const { runTrend: runBuilt } = await builtLibrary();
    const digests = async (workers: number) => {
      const out = join(newFolder(), 'out');
      await runBuilt({ aoi, out, workers, maps: 'none', report: false, seasons: SEASONS });
      return digestsOf(out);
    };
    const none = await digests(0);
    expect(Object.keys(none)).toContain('tables/zone_trends_seasonal.csv');
    expect(await digests(2)).toEqual(none);
  });

  it('refuse what cannot be', async () => {
    await expect(run({ seasons: '03-01..05-31,05-31..08-31' })).rejects.toThrow(/05-31\.\.08-31 overlap/);
    await expect(run({ seasons: '11-01..02-28,02-01..03-31' })).rejects.toThrow(/overlap/);
    await expect(run({ seasons: '06-01..08-31,12-01..01-31' })).rejects.toThrow(/no scene of this run lies in 12-01/);
    await expect(run({ season: '06-01..08-31' })).rejects.toThrow(/no scene of this run lies in 03-01/);
    await expect(run({ seasons: '06-01..08-31,02-31..03-31' })).rejects.toThrow(
      /--seasons 02-31.*no day 31 of month 2/,
    );
    await expect(run({ seasons: 'summer,winter' })).rejects.toThrow(/expected seasons, such as/);
  });
});
