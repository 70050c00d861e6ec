import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../../src/geo/affine.ts';
import { crsFromEpsg, crsFromProj, type Crs } from '../../../src/geo/crs.ts';
import type { Grid } from '../../../src/geo/grid.ts';
import type { Window } from '../../../src/geo/window.ts';
import { footprint } from '../../../src/raster/warp/footprint.ts';
import { createLocator, sourcePixelsPerTarget } from '../../../src/raster/warp/locate.ts';
import { createMapping, rowPositions, rowSpans } from '../../../src/raster/warp/mapping.ts';

function grid(epsg: number | Crs, transform: Affine, width = 200, height = 160): Grid {
  return { width, height, transform, crs: typeof epsg === 'number' ? crsFromEpsg(epsg)! : epsg };
}

/** Columns, rows, widths and heights of all pixels of a window, by rows. */
function positionsOf(target: Grid, window: Window, source: Grid): Float64Array[] {
  const mapping = createMapping(target, source, window);
  const all = Array.from({ length: 4 }, () => new Float64Array(window.width * window.height));
  for (let row = 0; row < window.height; row++) {
    const [xs, ys, spansX, spansY] = all.map((values) => values.subarray(row * window.width));
    rowPositions(mapping, window.row + row, window.col, window.width, xs!, ys!);
    rowSpans(mapping, window.row + row, window.col, window.width, spansX!, spansY!);
  }
  return all;
}

const wholeOf = ({ width, height }: Grid): Window => ({ col: 0, row: 0, width, height });

const modis = crsFromProj('+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs');
const fine = grid(32647, [10, 0, 500_000, 0, -10, 4_200_000]);
const coarse = grid(32647, [20, 0, 500_000, 0, -20, 4_200_000], 100, 80);
const landsat = grid(32647, [30, 0, 500_000, 0, -30, 4_200_000]);
const neighbour = grid(32648, [30, 0, -28_000, 0, -30, 4_217_300]);
const degrees = grid(4326, [2.5e-4, 0, 98.99, 0, -2.5e-4, 37.96]);
/** Far from the zone's own meridian, so that one block needs more nodes than the next. */
const wide = grid(4326, [0.02, 0, 100, 0, -0.03, 66], 300, 200);
const world = grid(4326, [0.25, 0, -180, 0, -0.25, 90], 1440, 720);
const zone60 = grid(32660, [3000, 0, 500_000, 0, -3000, 7_000_000], 300, 250);

describe('positions', () => {
  it('put 20 m pixels under 10 m ones', () => {
    const [cols, rows, spansX, spansY] = positionsOf(fine, { col: 0, row: 2, width: 4, height: 1 }, coarse);
    expect([...cols!]).toEqual([0.25, 0.75, 1.25, 1.75]);
    expect([...rows!]).toEqual([1.25, 1.25, 1.25, 1.25]);
    expect([...spansX!, ...spansY!]).toEqual(Array.from({ length: 8 }, () => 0.5));
  });

  it('turn with a turned source', () => {
    // Its rows run south and its columns west.
    const turned = grid(32647, [0, -20, 500_040, -10, 0, 4_200_000]);
    const [cols, rows, spansX, spansY] = positionsOf(fine, { col: 0, row: 0, width: 2, height: 1 }, turned);
    expect([...cols!]).toEqual([0.5, 0.5]);
    expect([...rows!]).toEqual([1.75, 1.25]);
    expect([spansX![0], spansY![0]]).toEqual([1, 0.5]);
  });

  const pairs: [string, Grid, Grid][] = [
    ['another zone', landsat, neighbour],
    ['degrees', landsat, degrees],
    ['from degrees', degrees, landsat],
    ['finer', landsat, fine],
    ['wide pixels', wide, grid(32647, [500, 0, 300_000, 0, -500, 7_300_000])],
    ['across the 180th meridian', zone60, world],
  ];

  it.each(pairs)('are the same bits however the target is cut: %s', (_name, target, source) => {
    const window = fc.record({
      col: fc.nat(150),
      row: fc.nat(120),
      width: fc.integer({ min: 1, max: 50 }),
      height: fc.integer({ min: 1, max: 40 }),
    });
    const whole = positionsOf(target, wholeOf(target), source);
    fc.assert(
      fc.property(window, (part) => {
        let differences = 0;
        for (const [k, values] of positionsOf(target, part, source).entries()) {
          for (const [i, value] of values.entries()) {
            const at = (part.row + Math.floor(i / part.width)) * target.width + part.col + (i % part.width);
            if (!Object.is(value, whole[k]![at])) differences++;
          }
        }
        expect(differences).toBe(0);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  /** The bound that is promised, in pixels of the finer of the two grids. */
  const BOUND = 0.05;

  it.each([
    ...pairs,
    [
      'UTM to Albers',
      grid(5070, [30, 0, -150_000, 0, -30, 1_500_000], 900, 700),
      grid(32614, [30, 0, 4e5, 0, -30, 4e6]),
    ],
    [
      'sinusoidal',
      grid(32647, [30, 0, 5e5, 0, -30, 4.2e6], 900, 700),
      grid(modis, [463.3127, 0, 8.7e6, 0, -463.3127, 4.3e6]),
    ],
    [
      'sinusoidal of 5 km',
      grid(32660, [5000, 0, 4e5, 0, -5000, 8e6]),
      grid(modis, [463.3127, 0, 6e6, 0, -463.3127, 8e6], 9e3, 9e3),
    ],
    [
      'near the pole',
      grid(3413, [5000, 0, -5e5, 0, -5000, 4e5]),
      grid(4326, [0.01, 0, -180, 0, -0.01, 90], 36_000, 9000),
    ],
    ['far finer', grid(32647, [1, 0, 5e5, 0, -1, 4.2e6]), grid(4326, [0.05, 0, 90, 0, -0.05, 50])],
  ] as [string, Grid, Grid][])('are within a twentieth of a pixel of the exact ones: %s', (_name, target, source) => {
    const [cols, rows] = positionsOf(target, wholeOf(target), source);
    const locate = createLocator(target, source);
    let worst = 0;
    let placed = 0;
    for (let i = 0; i < cols!.length; i += 7) {
      const [col, row] = [(i % target.width) + 0.5, Math.floor(i / target.width) + 0.5];
      const [x, y] = locate(col, row);
      expect(Number.isNaN(x)).toBe(Number.isNaN(cols![i]!));
      const [right] = locate(col + 1, row);
      const finer = Math.min(1, Math.abs(right - x) || 1);
      const miss = Math.max(Math.abs(cols![i]! - x), Math.abs(rows![i]! - y)) / finer;
      if (miss > worst) worst = miss;
      placed++;
    }
    expect(placed).toBeGreaterThan(100);
    expect(worst).toBeLessThan(BOUND);
  });

  it('are NaN where the projection has no place', () => {
    const nowhere = grid(3035, [1000, 0, 1e8, 0, -1000, 1e8], 4, 4);
    const window = { col: 0, row: 0, width: 2, height: 1 };
    expect(positionsOf(nowhere, window, landsat)[0]!.every(Number.isNaN)).toBe(true);
    expect(footprint(createMapping(nowhere, landsat, window), window)).toBeUndefined();
  });

  it('meet longitudes a turn away', () => {
    const east = { ...world, transform: [0.25, 0, 0, 0, -0.25, 90] as const };
    const target = grid(32601, [3000, 0, 500_000, 0, -3000, 7_000_000], 10, 10);
    const window = wholeOf(target);
    const [there] = positionsOf(target, window, east);
    const [here] = positionsOf(target, window, world);
    // At 177° west: column 12 of −180 … 180, column 732 of 0 … 360.
    for (let i = 0; i < 100; i++) expect(Math.abs(there![i]! - here![i]! - 720)).toBeLessThan(1e-3);
  });
});

describe('against PROJ', () => {
  interface Case {
    epsg: number;
    target: Affine;
    window: [number, number, number, number];
    source: Affine;
    cols: number[];
    rows: number[];
  }
  const oracle = JSON.parse(readFileSync(new URL('../../oracle/resample.json', import.meta.url), 'utf8')) as {
    width: number;
    height: number;
    every: number;
    cases: Case[];
  };
  /** Linear interpolation between nodes, in pixels. */
  const POSITION = 1e-3;

  it.each(oracle.cases)('EPSG:$epsg onto UTM 47', ({ epsg, target, window, source, cols, rows }) => {
    const [col, row, width, height] = window;
    const sourceGrid = grid(32647, source, oracle.width, oracle.height);
    const [xs, ys] = positionsOf(grid(epsg, target), { col, row, width, height }, sourceGrid);
    for (let i = 0; i < cols.length; i++) {
      expect(Math.abs(xs![i * oracle.every]! - cols[i]!)).toBeLessThan(POSITION);
      expect(Math.abs(ys![i * oracle.every]! - rows[i]!)).toBeLessThan(POSITION);
    }
  });
});

describe('footprint', () => {
  it.each([
    ['another zone', landsat, neighbour],
    ['wide pixels', wide, grid(32647, [500, 0, 300_000, 0, -500, 7_300_000])],
    ['across the 180th meridian', zone60, world],
    ['an affine way', landsat, grid(32647, [8, 3, 500_000, -2, -9, 4_200_000])],
  ])('is the extremes of all positions: %s', (_name, target, source) => {
    const window = { col: 21, row: 13, width: 130, height: 117 };
    const [cols, rows, spansX, spansY] = positionsOf(target, window, source);
    const found = footprint(createMapping(target, source, window), window)!;
    const most = (values: Float64Array | undefined) => values!.reduce((a, b) => Math.max(a, b));
    const least = (values: Float64Array | undefined) => values!.reduce((a, b) => Math.min(a, b));
    // Exact but where a position between two nodes is rounded beyond both.
    const rounding = 1e-9;
    expect(Math.abs(found.minX - least(cols))).toBeLessThan(rounding);
    expect(Math.abs(found.maxX - most(cols))).toBeLessThan(rounding);
    expect(Math.abs(found.minY - least(rows))).toBeLessThan(rounding);
    expect(Math.abs(found.maxY - most(rows))).toBeLessThan(rounding);
    expect([found.spanX, found.spanY]).toEqual([most(spansX), most(spansY)]);
  });
});

describe('sourcePixelsPerTarget', () => {
  it('measures the ratio', () => {
    expect(sourcePixelsPerTarget(landsat, fine)).toEqual([3, 3]);
    expect(sourcePixelsPerTarget(fine, coarse)).toEqual([0.5, 0.5]);
    const [x, y] = sourcePixelsPerTarget(landsat, degrees);
    // At 37.9° north, a degree is 87,950 m of longitude and 110,990 m of latitude; 1 % for the grid's turn and scale.
    expect(Math.abs(x / (30 / 87_950 / 2.5e-4) - 1)).toBeLessThan(0.01);
    expect(Math.abs(y / (30 / 110_990 / 2.5e-4) - 1)).toBeLessThan(0.01);
  });

  it('does not count shear', () => {
    expect(sourcePixelsPerTarget(fine, grid(32647, [10, 12, 500_000, 0, -10, 4_200_000]))).toEqual([1, 1]);
  });
});
