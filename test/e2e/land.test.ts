/**
 * What became of the land: zones whose every pixel has one story, and patches of known cells across two tiles.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockSize } from '../../src/pipeline/blocks.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { Summary, ZoneFigures } from '../../src/report/model.ts';
import { digestsOf, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('land');
const N = NaN;
const YEARS = Array.from({ length: 14 }, (_, k) => 2001 + k);
/** Wider than a tile of 512. */
const GRID = utmGrid(532, 10);
const WIDTH = 10;

/** Cover by year; the land before it is mined has 0.9, so it is disturbed to 0.45 and recovered from 0.72 on. */
const STORIES: Record<string, { cover: number[]; states: number[] }> = {
  restored: {
    cover: [0.9, 0.9, 0.2, 0.1, 0.2, 0.4, 0.6, 0.7, 0.8, 0.8, 0.85, 0.9, 0.9, 0.9],
    states: [1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4],
  },
  twice: {
    cover: [0.9, 0.9, 0.2, 0.8, 0.8, 0.9, 0.1, 0.2, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6],
    states: [1, 1, 2, 3, 4, 4, 2, 2, 3, 3, 3, 3, 3, 3],
  },
  cloudy: {
    cover: [0.9, 0.9, N, 0.2, N, N, 0.6, N, 0.8, N, 0.85, N, N, 0.9],
    states: [1, 1, 255, 2, 255, 255, 3, 255, 3, 255, 4, 255, 255, 4],
  },
  bare: {
    cover: Array.from(YEARS, () => 0.05),
    states: Array.from(YEARS, () => 0),
  },
  green: {
    cover: Array.from(YEARS, (_, k) => 0.9 - (k % 3) / 20),
    states: Array.from(YEARS, () => 1),
  },
  ending: {
    cover: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.2],
    states: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
  },
};
const NAMES = Object.keys(STORIES);

/** Disturbed for good in 2004: four cells across the tiles, three by their corners, one alone. */
const FOUR = ['511,1', '512,1', '511,2', '512,2'];
const CORNERS = ['518,4', '519,5', '520,6'];
const ALONE = ['506,7'];
const PATCHES = new Set([...FOUR, ...CORNERS, ...ALONE]);

function coverAt(col: number, row: number, k: number): number {
  const story = STORIES[NAMES[Math.floor(col / WIDTH)] ?? ''];
  if (story !== undefined) return story.cover[k]!;
  return PATCHES.has(`${col},${row}`) && k >= 3 ? 0.1 : 0.9;
}

let folder = '';
let aoi = '';

beforeAll(async () => {
  folder = newFolder();
  const stories = NAMES.map((id, k) => ({ id, role: 'mine', col: k * WIDTH, row: 0, width: WIDTH, height: 10 }));
  const patches = { id: 'patches', role: 'impact', col: 500, row: 0, width: 32, height: 10 };
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, [...stories, patches]);
  for (const [k, year] of YEARS.entries()) {
    // FVC = (NDVI − 0.1) / 0.7 with the endpoints below.
    const ndvi = (col: number, row: number) => 0.1 + 0.7 * (coverAt(col, row, k) || 0);
    const cloud = (col: number, row: number) => Number.isNaN(coverAt(col, row, k));
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi, cloud });
  }
});

async function run(options: Partial<OptionsInput> = {}, blockSize?: BlockSize) {
  const out = join(newFolder(), 'out');
  const fixed = { workers: 0, fvc: '0.1,0.8', baseline: '2001..2002', ...options };
  const { summary } = await runTrend({ aoi, out, ...fixed }, blockSize === undefined ? {} : { blockSize });
  return { summary: summary!, out };
}

const zoneOf = (summary: Summary, id: string): ZoneFigures => summary.zones.find((zone) => zone.id === id)!;
const HECTARES = [
  'notAssessableHa',
  'undisturbedHa',
  'disturbedHa',
  'recoveringHa',
  'recoveredHa',
  'nodataHa',
] as const;
/** Shares of a zone are of whole units of area. */
const NEARLY = 1e-8;

/** The one state that a whole zone is in, by year. */
function statesOf(zone: ZoneFigures): number[] {
  return zone.states.map((year) => {
    const code = HECTARES.findIndex((key) => Math.abs(year[key] - zone.areaHa) < NEARLY * zone.areaHa);
    return code === 5 ? 255 : code;
  });
}

/** How far two figures are apart; nothing where neither exists. */
const apart = (a: number, b: number) => (Number.isNaN(a) && Number.isNaN(b) ? 0 : Math.abs(a - b));

/** Land of a cell in ha: 900 m² on the map, 0.09007 ha on the ground. */
const cellsOf = (hectares: number) => Math.round(hectares / 0.09007);

async function pixels(out: string, key: string, cells: readonly string[]): Promise<number[]> {
  const file = await openGeoTiff(join(out, 'maps', `${key}.tif`));
  try {
    const values = cells.map(async (cell) => {
      const [col, row] = cell.split(',').map(Number) as [number, number];
      return (await file.readWindow({ col, row, width: 1, height: 1 }))[0]!;
    });
    return await Promise.all(values);
  } finally {
    await file.close();
  }
}

describe('land with a known story', () => {
  it('is in the right state year by year, and in one state only', async () => {
    const { summary } = await run({ maps: 'none' });
    for (const name of NAMES)
      expect([name, ...statesOf(zoneOf(summary, name))]).toEqual([name, ...STORIES[name]!.states]);
    for (const zone of [...summary.zones, ...summary.totals]) {
      for (const year of zone.states) {
        const sum = HECTARES.reduce((total, key) => total + year[key], 0);
        expect(Math.abs(sum - zone.areaHa)).toBeLessThan(NEARLY * zone.areaHa);
      }
    }
  });

  it('has its years and metrics in the maps', async () => {
    const { out } = await run();
    const cells = NAMES.map((_, k) => `${k * WIDTH + 5},5`);
    const read = (key: string) => pixels(out, key, cells);
    //                                            restored twice cloudy bare green ending
    expect(await read('disturbed_year')).toEqual([2003, 2003, 2004, 0, 0, 2014]);
    expect(await read('disturbed_last_year')).toEqual([2003, 2007, 2004, 0, 0, 2014]);
    expect(await read('disturbed_until')).toEqual([2006, 2003, 2004, 0, 0, 0]);
    expect(await read('recovered_year')).toEqual([2010, 2005, 2011, 0, 0, 0]);
    expect(await read('years_to_recovery')).toEqual([7, 2, 7, 0, 0, 0]);
    expect(await read('y2r')).toEqual([3, 1, 5, 0, 0, 0]);
    const expected = {
      disturbance_magnitude: [0.8, 0.7, 0.7, N, N, 0.7],
      r80p: [0.85 / 0.72, 0.2 / 0.72, 0.8 / 0.72, N, N, N],
      yryr: [0.09, 0, 0.12, N, N, N],
      rri: [0.45 / 0.5, 0, 0.6 / 0.7, N, N, N],
    };
    for (const [key, values] of Object.entries(expected)) {
      const found = await read(key);
      // Digital numbers are rounded: 1e-4 of FVC.
      for (const [k, value] of values.entries())
        expect(apart(found[k]!, value), `${key} of ${NAMES[k]}`).toBeLessThan(1e-3);
    }
  });

  it('is followed between any two years', async () => {
    const { summary, out } = await run({ maps: 'none', transitions: '2003:2007,2003:2010' });
    const of = (id: string) =>
      zoneOf(summary, id).land!.transitions.map((t) => [t.fromYear, t.toYear, t.from, t.to, cellsOf(t.hectares)]);
    expect(of('restored')).toEqual([
      [2003, 2007, 'disturbed', 'recovering', 100],
      [2003, 2010, 'disturbed', 'recovered', 100],
    ]);
    expect(of('cloudy')).toEqual([
      [2003, 2007, 'no data', 'recovering', 100],
      [2003, 2010, 'no data', 'no data', 100],
    ]);
    expect(of('patches')[1]).toEqual([2003, 2007, 'undisturbed', 'disturbed', 8]);
    const mine = summary.totals.find(({ role }) => role === 'mine')!;
    expect(
      mine.land!.transitions.filter((t) => t.toYear === 2010).map((t) => [t.from, t.to, cellsOf(t.hectares)]),
    ).toEqual([
      ['not assessable', 'not assessable', 100],
      ['undisturbed', 'undisturbed', 200],
      ['disturbed', 'recovering', 100],
      ['disturbed', 'recovered', 100],
      ['no data', 'no data', 100],
    ]);
    const rows = readTable(join(out, 'tables', 'land_transitions.csv'));
    for (const { id, areaHa } of summary.zones) {
      for (const to of ['2007', '2010']) {
        const own = rows.filter((row) => row['zone_id'] === id && row['to_year'] === to);
        const sum = own.reduce((total, row) => total + Number(row['hectares']), 0);
        // Six digits behind the point, few rows.
        expect(Math.abs(sum - areaHa)).toBeLessThan(1e-5);
      }
    }
    const all = await run({ maps: 'none' });
    const pairs = new Set(zoneOf(all.summary, 'green').land!.transitions.map((t) => `${t.fromYear}:${t.toYear}`));
    expect([...pairs]).toEqual(['2001:2014']);
  });

  it('comes back by cohort', async () => {
    const { summary, out } = await run({ maps: 'none' });
    const mine = summary.totals.find(({ role }) => role === 'mine')!.land!;
    expect(mine.cohorts!.map((c) => [c.year, cellsOf(c.hectares)])).toEqual([
      [2003, 200],
      [2004, 100],
      [2014, 100],
    ]);
    const median = (id: string) => zoneOf(summary, id).land!.cohorts!.map((c) => c.medianYearsToRecovery);
    expect(['restored', 'twice', 'cloudy', 'green', 'ending'].map(median)).toEqual([[7], [2], [7], [], [null]]);
    const first = mine.cohorts![0]!.years.find(({ year }) => year === 2008)!;
    expect([first.disturbedHa, first.recoveringHa, first.recoveredHa].map(cellsOf)).toEqual([100, 100, 0]);
    const cloudy = mine.cohorts![1]!.years.find(({ year }) => year === 2010)!;
    expect([cellsOf(cloudy.nodataHa), cloudy.recoveredShare]).toEqual([100, null]);
    expect(cellsOf(mine.recovery.disturbedHa)).toBe(400);
    expect(cellsOf(mine.recovery.recoveredHa)).toBe(300);
    expect(mine.recovery.yearsToRecovery.mean).toBeCloseTo((7 + 2 + 7) / 3, 5);
    const table = readTable(join(out, 'tables', 'recovery_metrics.csv'));
    const restored = table.find((row) => row['zone_id'] === 'restored')!;
    expect([restored['years_to_recovery_mean'], restored['y2r_mean']]).toEqual(['7', '3']);
    expect(Number(restored['rri_mean'])).toBeCloseTo(0.9, 3);
    expect(table.find((row) => row['zone_id'] === 'green')!['rri_mean']).toBe('');
  });

  it('has its single gaps filled where that is asked for', async () => {
    const { summary } = await run({ maps: 'none', fillGaps: true });
    // 2003 lies between undisturbed and disturbed land; 2005 and 2006 are two years; 2008 and 2010 are single ones.
    expect(statesOf(zoneOf(summary, 'cloudy'))).toEqual([1, 1, 255, 2, 255, 255, 3, 3, 3, 4, 4, 255, 255, 4]);
    expect(summary.thresholds).toMatchObject({ fillGaps: true, filterFlips: false, minPatch: null });
  });

  it('has single-year flips taken back where that is asked for', async () => {
    const { summary } = await run({ maps: 'none', filterFlips: true });
    const twice = [1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3];
    expect(statesOf(zoneOf(summary, 'twice'))).toEqual(twice);
    expect(statesOf(zoneOf(summary, 'restored'))).toEqual(STORIES['restored']!.states);
    // A last year has no year after it.
    expect(statesOf(zoneOf(summary, 'ending')).at(-1)).toBe(2);
  });

  it('refuses years without scenes, and years the wrong way round', async () => {
    await expect(run({ transitions: '2001:2020' })).rejects.toThrow(
      '--transitions 2001:2020: no scene is of 2020 (there are scenes of 2001 to 2014)',
    );
    await expect(run({ transitions: '2005:2002' })).rejects.toThrow('the earlier year comes first');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe('patches of disturbed land', () => {
  const disturbed = async (options: Partial<OptionsInput>, blockSize?: BlockSize) => {
    const { summary, out } = await run(options, blockSize);
    const cells = [...PATCHES];
    const years = await pixels(out, 'disturbed_year', cells);
    const kept = cells.filter((_, k) => years[k] !== 0);
    const last = zoneOf(summary, 'patches').states.at(-1)!;
    expect(cellsOf(last.disturbedHa)).toBe(kept.length);
    expect(cellsOf(last.undisturbedHa)).toBe(320 - kept.length);
    return kept;
  };

  it('all count unless a smallest size is given', async () => {
    expect(await disturbed({})).toEqual([...PATCHES]);
  });

  it.each([
    ['2', 8, [...FOUR, ...CORNERS]],
    ['4', 8, FOUR],
    ['5', 8, []],
    ['3', 4, FOUR],
    ['0.25ha', 8, [...FOUR, ...CORNERS]],
    ['0.3 ha', 8, FOUR],
  ] as const)('of fewer than %s with %i neighbours do not', async (minPatch, neighbours, expected) => {
    expect(await disturbed({ minPatch, neighbours: `${neighbours}` })).toEqual(expected);
  });

  it('are the same however the work is cut', async () => {
    const cleaned = { minPatch: '4', fillGaps: true, filterFlips: true };
    const whole = await run(cleaned);
    const cut = await run(cleaned, { width: 64, height: 4 });
    expect(digestsOf(cut.out)).toEqual(digestsOf(whole.out));
    expect(whole.summary.thresholds!.minPatch).toEqual({ cells: 4, neighbours: 8 });
    // Nor does it matter which maps are kept.
    const bare = await run({ ...cleaned, maps: 'none' });
    expect(bare.summary.zones).toEqual(whole.summary.zones);
    const plain = [await run(), await run({ maps: 'none' })];
    expect(plain[1]!.summary.zones).toEqual(plain[0]!.summary.zones);
  });
});
