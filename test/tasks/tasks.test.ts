/**
 * The tasks one after the other on a grid of two by two pixels, with numbers worked by hand.
 */
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Window } from '../../src/geo/window.ts';
import { openGeoTiff, type PixelArray } from '../../src/raster/geotiff-file.ts';
import type { Composite, SceneRead, Scratch, SeriesResult, SeriesTask, WrittenMap } from '../../src/tasks/contract.ts';
import { mapSpecs } from '../../src/tasks/maps.ts';
import { releaseResources } from '../../src/tasks/resources.ts';
import { runTask } from '../../src/tasks/run-task.ts';
import {
  annualChecksum,
  annualFiles,
  createScratch,
  readAnnualCounts,
  readAnnualValues,
  tileWindow,
  writeAnnual,
} from '../../src/tasks/scratch.ts';
import { classSlot, yearSlot } from '../../src/tasks/zone-sums.ts';
import { paint, utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('tasks');
afterEach(releaseResources);

const GRID = utmGrid(2, 2);
const WHOLE = { col: 0, row: 0, width: 2, height: 2 };

function scratchOf(nTimes: number, width = 2, height = 2): Scratch {
  const scratch = { folder: newFolder(), width, height, nTimes };
  createScratch(scratch);
  return scratch;
}

/** A scene that brings the index ready-made; NaN is no data. */
async function sceneOf(id: string, values: readonly number[]): Promise<SceneRead> {
  const path = join(newFolder(), 'index.tif');
  await writeRaster(path, GRID, Float32Array.from(values), { nodata: NaN });
  const placement = { kind: 'aligned', col: 0, row: 0, width: 2, height: 2 } as const;
  return { id, bands: {}, masks: [], index: { path, band: 1, scale: 1, offset: 0, nodata: null, placement } };
}

function annual(scratch: Scratch, scenes: SceneRead[], composite: Composite) {
  const task = { grid: GRID, block: WHOLE, time: 0, index: 'ndvi' as const, composite, scenes, scratch };
  return runTask('annual', Object.assign(task, { histogramStep: 1 }));
}

function stored(scratch: Scratch): { values: number[]; counts: number[] } {
  const values = new Float32Array(4 * scratch.nTimes);
  const counts = new Uint16Array(4 * scratch.nTimes);
  readAnnualValues(scratch, WHOLE, values);
  readAnnualCounts(scratch, WHOLE, counts);
  return { values: [...values], counts: [...counts] };
}

describe('annual', () => {
  const scenes = () =>
    Promise.all([
      sceneOf('a', [0.25, 0.5, NaN, NaN]),
      sceneOf('b', [0.75, 0.5, 0.125, NaN]),
      sceneOf('c', [0.5, 0.25, NaN, NaN]),
    ]);

  it.each([
    [{ kind: 'max' }, [0.75, 0.5, 0.125, NaN]],
    [{ kind: 'median' }, [0.5, 0.5, 0.125, NaN]],
    [{ kind: 'mean' }, [0.5, Math.fround(1.25 / 3), 0.125, NaN]],
    // Rank 0.5 of 0.25, 0.5, 0.75 and of 0.25, 0.5, 0.5.
    [{ kind: 'percentile', percentile: 25 }, [0.375, 0.375, 0.125, NaN]],
  ] satisfies [Composite, number[]][])('takes the %o of the clear observations', async (composite, expected) => {
    const scratch = scratchOf(1);
    const result = await annual(scratch, await scenes(), composite);
    expect(stored(scratch)).toEqual({ values: expected, counts: [3, 3, 1, 0] });
    expect(result.clearCells).toEqual([2, 3, 2]);
    expect(result.failures).toEqual([]);
    expect(result.counts.reduce((a, b) => a + b, 0)).toBe(3);
  });

  it('leaves a year without scenes empty', async () => {
    const scratch = scratchOf(1);
    const result = await annual(scratch, [], { kind: 'median' });
    expect(stored(scratch)).toEqual({ values: [NaN, NaN, NaN, NaN], counts: [0, 0, 0, 0] });
    expect(result.counts).toHaveLength(0);
  });

  it('does not depend on the order of the scenes', async () => {
    const [a, b, c] = await scenes();
    for (const composite of [{ kind: 'max' }, { kind: 'mean' }, { kind: 'median' }] as const) {
      const [one, other] = [scratchOf(1), scratchOf(1)];
      await annual(one, [a, b, c], composite);
      await annual(other, [c, a, b], composite);
      expect(stored(other)).toEqual(stored(one));
    }
  });

  it('names scenes that cannot be read and stores nothing', async () => {
    const scratch = scratchOf(1);
    const [a] = await scenes();
    const lost = { ...a, id: 'lost', index: { ...a.index!, path: join(newFolder(), 'lost.tif') } };
    const result = await annual(scratch, [a, lost], { kind: 'max' });
    expect(result.failures).toEqual([{ scene: 'lost', message: expect.stringContaining(lost.index.path) }]);
    expect(stored(scratch).counts).toEqual([0, 0, 0, 0]);
  });
});

describe('verify', () => {
  it.each([
    ['across tiles', { col: 7, row: 500, width: 590, height: 30 }],
    ['of whole rows', { col: 0, row: 505, width: 600, height: 20 }],
    ['of a whole tile', { col: 512, row: 0, width: 88, height: 512 }],
    ['within a tile', { col: 3, row: 3, width: 100, height: 9 }],
  ])('knows what was stored in a block %s, and what was changed or cut off', async (_, block) => {
    const scratch: Scratch = { folder: newFolder(), width: 600, height: 530, nTimes: 1 };
    createScratch(scratch);
    const n = block.width * block.height;
    const values = Float32Array.from({ length: n }, (_, i) => i / n);
    const counts = Uint16Array.from({ length: n }, (_, i) => i);
    writeAnnual(scratch, 0, block, values, counts);
    const blocks = [
      { block, checksum: annualChecksum(values, counts) },
      { block, checksum: annualChecksum(values, counts.toReversed()) },
    ];
    expect((await runTask('verify', { scratch, time: 0, blocks })).intact).toEqual([true, false]);
    writeAnnual(scratch, 0, { ...block, width: 1, height: 1 }, Float32Array.of(0), Uint16Array.of(1));
    expect((await runTask('verify', { scratch, time: 0, blocks })).intact).toEqual([false, false]);
    writeAnnual(scratch, 0, block, values, counts);
    truncateSync(annualFiles(scratch, 0).counts, 100);
    expect((await runTask('verify', { scratch, time: 0, blocks })).intact).toEqual([false, false]);
  });
});

describe('count', () => {
  it('counts selected cells of all years', async () => {
    const scratch = scratchOf(2);
    writeAnnual(scratch, 0, WHOLE, Float32Array.of(0.5, 0.5, -0.5, NaN), Uint16Array.of(1, 1, 1, 0));
    writeAnnual(scratch, 1, WHOLE, Float32Array.of(0.5, 1, 1, NaN), Uint16Array.of(1, 1, 1, 0));
    const { counts } = await runTask('count', { tile: WHOLE, scratch, selection: Uint8Array.of(0, 1, 1, 1) });
    // The high keys of −0.5, 0.5 and 1.
    const nonZero = [...counts.entries()].filter(([, n]) => n > 0);
    expect(nonZero).toEqual([
      [0x40ff, 1],
      [0xbf00, 1],
      [0xbf80, 2],
    ]);
  });
});

describe('refine', () => {
  it('counts low keys of all years in each wanted bin', async () => {
    const scratch = scratchOf(2);
    // 0.5 is the bits 3f000000: key bf000000; 0.5 + 2^-24 the next float above; −0.5 is bf000000: key 40ffffff.
    writeAnnual(scratch, 0, WHOLE, Float32Array.of(0.5, 0.5, -0.5, NaN), Uint16Array.of(1, 1, 1, 0));
    writeAnnual(scratch, 1, WHOLE, Float32Array.of(0.5, 0.5 + 2 ** -24, 1, NaN), Uint16Array.of(1, 1, 1, 0));
    const highKeys = [0xbf00, 0x40ff];
    const { counts } = await runTask('refine', { scratch, highKeys, tiles: [{ tile: WHOLE, selection: null }] });
    const nonZero = [...counts.entries()].filter(([, n]) => n > 0);
    expect(nonZero).toEqual([
      [0x0000, 3],
      [0x0001, 1],
      [65536 + 0xffff, 1],
    ]);
    // Of a group of tiles the counts are added up.
    const one = { tile: WHOLE, selection: Uint8Array.of(0, 1, 0, 0) };
    const selected = await runTask('refine', { scratch, highKeys, tiles: [one, one] });
    expect(selected.counts.reduce((a, b) => a + b, 0)).toBe(4);
  });
});

describe('reference', () => {
  it('sums cover over the zones, year by year', async () => {
    const scratch = scratchOf(2);
    writeAnnual(scratch, 0, WHOLE, Float32Array.of(0.25, 0.5, 0.75, NaN), Uint16Array.of(1, 1, 1, 0));
    writeAnnual(scratch, 1, WHOLE, Float32Array.of(NaN, NaN, NaN, 0.75), Uint16Array.of(0, 0, 0, 1));
    const zones = [
      { zone: 0, index: Uint32Array.of(0, 1), weight: Float64Array.of(1000, 500) },
      { zone: 2, index: Uint32Array.of(2), weight: Float64Array.of(100) },
    ];
    const cover = { soil: 0.25, vegetation: 0.75, model: 'linear' } as const;
    const task = { tile: WHOLE, scratch, zones };
    // FVC 0, 0.5 and 1: 500 × 0.5 + 100 × 1.
    const covered = await runTask('reference', { ...task, cover });
    expect([...covered.weight]).toEqual([1600, 0]);
    expect([...covered.weighted]).toEqual([350, 0]);
    const bare = await runTask('reference', { ...task, cover: null });
    expect([...bare.weighted]).toEqual([250 + 250 + 75, 0]);
  });
});

const YEARS = [2018, 2019, 2020, 2022, 2023];

/** A stack of five years with a gap, and the task that sums it up. */
async function seriesOf(change: Partial<SeriesTask> = {}): Promise<{ task: SeriesTask; result: SeriesResult }> {
  const scratch = scratchOf(YEARS.length);
  const byPixel = [
    [0.1, 0.2, 0.3, 0.5, 0.6], // + 0.1 a year, the gap of 2021 counted
    [0.8, 0.8, 0.2, 0.6, 0.7], // disturbed in 2020, recovering from 2022 on: one year at 0.64 is not enough
    [0.5, NaN, NaN, NaN, 0.5], // too few years
    [0.9, 0.25, 0.8, 0.8, 0.8], // disturbed in 2019, recovered in 2022
  ];
  for (const [time] of YEARS.entries()) {
    const values = Float32Array.from(byPixel, (pixel) => pixel[time]!);
    writeAnnual(
      scratch,
      time,
      WHOLE,
      values,
      Uint16Array.from(values, (v) => (Number.isNaN(v) ? 0 : 2)),
    );
  }
  const plan = { grid: GRID, years: YEARS, index: 'ndvi', cover: true, legend: 'seven' } as const;
  const task: SeriesTask = {
    tile: WHOLE,
    tileIndex: 0,
    scratch,
    years: Float64Array.from(YEARS),
    cover: { soil: 0, vegetation: 1, model: 'linear' },
    trendOn: 'fvc',
    levels: null,
    fdr: null,
    fieldZones: 4,
    verdicts: null,
    legend: 'seven',
    minYears: 4,
    epsilon: 0.0005,
    pMethod: 'exact',
    correction: 'none',
    baseline: { kind: 'years', from: 0, to: 2 },
    states: { disturbedBelow: 0.5, recoveredAbove: 0.8, disturbedYears: 1, recoveredYears: 2, assessableFrom: 0.1 },
    sieve: null,
    pairs: [[0, 4]],
    cohorts: true,
    segmentation: null,
    maps: mapSpecs({ ...plan, choice: { annual: true, trend: true, states: true } }),
    zones: [{ zone: 3, index: Uint32Array.of(0, 1, 2, 3), weight: Float64Array.of(1000, 1000, 1000, 1000) }],
    ...change,
  };
  return { task, result: await runTask('series', task) };
}

/** A map as it stands in its file: of a year, or put together from the tiles of the series. */
async function mapOf(task: SeriesTask, result: SeriesResult, key: string, band = 1): Promise<number[]> {
  const { spec, annual } = task.maps.find((map) => map.key === key)!;
  const path = join(task.scratch.folder, `${key}.tif`);
  let done: WrittenMap;
  if (annual === undefined) {
    const { tile, half } = result.maps[key]!;
    done = await runTask('assemble', { path, spec, tiles: [tile], halves: [half] });
  } else {
    done = await runTask('annualMap', { path, spec, scratch: task.scratch, cover: task.cover, ...annual });
  }
  expect(await runTask('digest', { path })).toEqual(done);
  return [...(await pixelsOf(path, WHOLE, band))];
}

async function pixelsOf(path: string, window: Window, band = 1): Promise<PixelArray> {
  const file = await openGeoTiff(path);
  try {
    return await file.readWindow(window, { band });
  } finally {
    await file.close();
  }
}

describe('series', () => {
  it('leaves slope, p and class of the real years', async () => {
    const { task, result } = await seriesOf();
    const slope = await mapOf(task, result, 'trend_slope');
    // Pixel 1: sorted slopes −0.6, −0.3, −0.0667, −0.05, −0.025, −0.02, 0, 0.1, 0.1667, 0.2.
    expect(slope[0]).toBeCloseTo(0.1, 6);
    expect(slope[1]).toBeCloseTo(-0.0225, 6);
    expect(slope[2]).toBeNaN();
    // Pixel 3: sorted slopes −0.65, −0.05, −0.025, −0.02, 0, 0, 0, 0.1375, 0.1833, 0.55.
    expect(slope[3]).toBeCloseTo(0, 6);
    const p = await mapOf(task, result, 'trend_p');
    // All ten pairs rise: two of the 120 orders of five are as extreme.
    expect(p[0]).toBeCloseTo(2 / 120, 6);
    expect(p[2]).toBeNaN();
    expect(await mapOf(task, result, 'trend_class')).toEqual([7, 3, 255, 4]);
    expect(await mapOf(task, result, 'trend_n')).toEqual([5, 5, 2, 5]);
  });

  it('leaves states against the median of the baseline years', async () => {
    const { task, result } = await seriesOf();
    // References: median of 2018 and 2019: 0.15, 0.8, 0.5, 0.575.
    const states = await Promise.all(YEARS.map((_, t) => mapOf(task, result, 'state', t + 1)));
    expect(states).toEqual([
      [1, 1, 1, 1],
      [1, 1, 255, 2],
      [1, 2, 255, 3],
      [1, 3, 255, 4],
      [1, 3, 1, 4],
    ]);
    expect(await mapOf(task, result, 'disturbed_year')).toEqual([0, 2020, 0, 2019]);
    expect(await mapOf(task, result, 'recovered_year')).toEqual([0, 0, 0, 2022]);
  });

  it('holds states against a level a year; a year without one is not assessable', async () => {
    const perYear = Float64Array.of(0.8, NaN, 0.8, 0.05, 0.7);
    const { task, result } = await seriesOf({ baseline: { kind: 'zones', perYear } });
    expect(await mapOf(task, result, 'state', 1)).toEqual([2, 1, 1, 1]);
    expect(await mapOf(task, result, 'state', 2)).toEqual([0, 0, 255, 0]);
    expect(await mapOf(task, result, 'state', 4)).toEqual([0, 0, 255, 0]);
    expect(await mapOf(task, result, 'state', 5)).toEqual([3, 3, 1, 1]);
  });

  it('sums the zone', async () => {
    const { result } = await seriesOf();
    const [{ zone, values }] = result.sums as [SeriesResult['sums'][0]];
    expect(zone).toBe(3);
    expect([7, 3, 255, 4, 0].map((code) => values[classSlot(code)])).toEqual([1000, 1000, 1000, 1000, 0]);
    expect(values[yearSlot(0, 'value')]).toBe(100 + 800 + 500 + 900);
    expect(values[yearSlot(1, 'valid')]).toBe(3000);
    expect(values[yearSlot(1, 'nodata')]).toBe(1000);
    expect(values[yearSlot(1, 'newlyDisturbed')]).toBe(1000);
    expect(values[yearSlot(2, 'newlyDisturbed')]).toBe(1000);
    expect(values[yearSlot(3, 'newlyRecovered')]).toBe(1000);
    expect(values[yearSlot(1, 'clearLow')]).toBe(6000);
  });

  it('keeps annual maps as they were and makes cover of them', async () => {
    const { task, result } = await seriesOf({ cover: { soil: 0.2, vegetation: 0.8, model: 'squared' } });
    const [index, fvc] = [await mapOf(task, result, 'ndvi_2018'), await mapOf(task, result, 'fvc_2018')];
    expect(index).toEqual([0.1, 0.8, 0.5, 0.9].map(Math.fround));
    for (const [k, value] of [0, 1, 0.25, 1].entries()) expect(fvc[k]).toBeCloseTo(value, 6);
    expect(await mapOf(task, result, 'clear_2019')).toEqual([2, 2, 0, 2]);
  });

  it('without cover takes the trend of the index and makes no states', async () => {
    const maps = mapSpecs({
      grid: GRID,
      years: YEARS,
      index: 'ndvi',
      cover: false,
      legend: 'five',
      choice: { annual: true, trend: true, states: false },
    });
    const { task, result } = await seriesOf({ cover: null, trendOn: 'index', legend: 'five', maps });
    // Pixel 3 has three equal years: only 2 of 20 orders are as extreme as can be, p 0.1. Five classes need 0.05.
    expect(await mapOf(task, result, 'trend_class')).toEqual([5, 2, 255, 0]);
    expect(Object.keys(result.maps)).not.toContain('state');
    expect(Object.keys(result.maps).some((key) => key.startsWith('fvc'))).toBe(false);
    expect(result.sums[0]!.values[yearSlot(0, 'undisturbed')]).toBe(0);
  });

  it('writes no tile of a map that the run does not keep, and none where all is no data', async () => {
    const { task, result } = await seriesOf({ maps: [] });
    expect(result.maps).toEqual({});
    expect(readdirSync(task.scratch.folder).filter((name) => name.startsWith('spool'))).toEqual([]);
    const empty = await seriesOf({ minYears: 6 });
    expect(empty.result.maps['trend_slope']).toEqual({ tile: null, half: null });
    expect(await mapOf(empty.task, empty.result, 'trend_slope')).toEqual([NaN, NaN, NaN, NaN]);
  });
});

describe('maps of several tiles', () => {
  const [width, height] = [530, 520];
  const whole = { col: 0, row: 0, width, height };
  const years = [2001, 2002, 2003, 2004];
  const choice = { annual: true, trend: true, states: false };
  const plan = { grid: utmGrid(width, height), years, index: 'ndvi', cover: false, legend: 'seven', choice } as const;
  const specOf = (key: string) => mapSpecs(plan).find((map) => map.key === key)!;
  const scratched = () => {
    const scratch = scratchOf(4, width, height);
    const counts = new Uint16Array(width * height);
    for (const time of years.keys()) {
      // A pixel has (col + 3 row) mod 5 years.
      const valueAt = (col: number, row: number) => ((col + 3 * row) % 5 > time ? (col + 1000 * row) / 2 ** 20 : NaN);
      writeAnnual(scratch, time, whole, paint(new Float32Array(width * height), width, valueAt), counts);
    }
    return scratch;
  };

  it('of one year come from the scratch files', async () => {
    const scratch = scratched();
    const { spec, annual } = specOf('ndvi_2003');
    const path = join(scratch.folder, 'map.tif');
    await runTask('annualMap', { path, spec, scratch, cover: null, ...annual! });
    const valueAt = (col: number, row: number) => ((col + 3 * row) % 5 > 2 ? (col + 1000 * row) / 2 ** 20 : NaN);
    expect(await pixelsOf(path, whole)).toEqual(paint(new Float32Array(width * height), width, valueAt));
  });

  it('of the series are put together with edge tiles and overviews in their places', async () => {
    const scratch = scratched();
    const map = specOf('trend_n');
    const { task } = await seriesOf();
    const tiles = [];
    // The last tile first: the file does not depend on the order in which tiles come.
    for (const tileIndex of [3, 1, 0, 2]) {
      const result = await runTask('series', {
        ...task,
        scratch,
        years: Float64Array.from(years),
        tile: tileWindow(width, height, tileIndex),
        tileIndex,
        zones: [],
        cover: null,
        trendOn: 'index',
        maps: [map],
      });
      tiles[tileIndex] = result.maps['trend_n']!;
    }
    const path = join(scratch.folder, 'map.tif');
    await runTask('assemble', {
      path,
      spec: map.spec,
      tiles: tiles.map(({ tile }) => tile),
      halves: tiles.map(({ half }) => half),
    });
    const expected = paint(new Uint16Array(width * height), width, (col, row) => (col + 3 * row) % 5);
    expect(await pixelsOf(path, whole)).toEqual(expected);
    const file = await openGeoTiff(path);
    expect(file.info).toMatchObject({ width, height, blockWidth: 512, overviewCount: 1, pixelType: 'uint16' });
    await file.close();
  });
});
