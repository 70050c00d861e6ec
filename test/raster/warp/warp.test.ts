import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../../src/geo/affine.ts';
import { crsFromEpsg } from '../../../src/geo/crs.ts';
import type { Grid } from '../../../src/geo/grid.ts';
import type { Window } from '../../../src/geo/window.ts';
import { warpPixels, warpValues } from '../../../src/raster/warp/warp.ts';

const { NaN: none } = Number;

function grid(epsg: number, transform: Affine, width = 200, height = 160): Grid {
  return { width, height, transform, crs: crsFromEpsg(epsg)! };
}

/** A source by formula, and the windows that were read of it. */
function sourceOf(grid: Grid, value: (col: number, row: number) => number) {
  const windows: Window[] = [];
  const read = (part: Window) => {
    windows.push(part);
    const pixels = new Float32Array(part.width * part.height);
    for (let row = 0, i = 0; row < part.height; row++) {
      for (let col = 0; col < part.width; col++, i++) pixels[i] = value(part.col + col, part.row + row);
    }
    return Promise.resolve(pixels);
  };
  return { grid, read, windows };
}

const VALUES = ['bilinear', 'cubic', 'average'] as const;
const METHODS = [...VALUES, 'nearest', 'mode'] as const;
type Method = (typeof METHODS)[number];

async function warped(source: ReturnType<typeof sourceOf>, target: Grid, window: Window, method: Method) {
  const out = new Float32Array(window.width * window.height).fill(-7);
  if (method === 'nearest' || method === 'mode') await warpPixels(source, target, window, method, out, none);
  else await warpValues(source, target, window, method, out);
  return out;
}

const landsat = grid(32647, [30, 0, 500_000, 0, -30, 4_200_000]);
const wholeOf = ({ width, height }: Grid): Window => ({ col: 0, row: 0, width, height });

describe('windows of the target change no result', () => {
  it.each([
    ['another zone', grid(32648, [30, 0, -28_000, 0, -30, 4_217_300])],
    ['degrees', grid(4326, [2.5e-4, 0, 98.99, 0, -2.5e-4, 37.96])],
    ['finer', grid(32647, [10, 0, 500_003, 0, -10, 4_200_004], 620, 500)],
    ['finer, in another zone', grid(32648, [13, 0, -27_000, 0, -13, 4_217_000], 400, 380)],
    ['coarser', grid(32647, [250, 0, 499_900, 0, -250, 4_200_100], 23, 19)],
  ])('%s', async (_name, sourceGrid) => {
    const value = (col: number, row: number) => ((col * 31 + row * 7) % 17 === 0 ? none : (col * col + row * 29) % 101);
    const classes = (col: number, row: number) => (col * col + row * 29) % 5;
    for (const method of METHODS) {
      const source = sourceOf(sourceGrid, method === 'mode' ? classes : value);
      const all = await warped(source, landsat, wholeOf(landsat), method);
      expect(all.some((v) => !Number.isNaN(v))).toBe(true);
      let differences = 0;
      for (const size of [23, 64]) {
        for (let row = 0; row < landsat.height; row += size) {
          for (let col = 0; col < landsat.width; col += size) {
            const width = Math.min(size, landsat.width - col);
            const height = Math.min(size, landsat.height - row);
            const part = await warped(source, landsat, { col, row, width, height }, method);
            for (const [i, found] of part.entries()) {
              const at = (row + Math.floor(i / width)) * landsat.width + col + (i % width);
              if (!Object.is(found, all[at])) differences++;
            }
          }
        }
      }
      expect(differences).toBe(0);
    }
  });
});

describe('what is read', () => {
  it('is nothing where the target lies far from the source', async () => {
    for (const far of [
      grid(32647, [30, 0, 900_000, 0, -30, 4_200_000]),
      grid(32648, [30, 0, 500_000, 0, -30, 4_200_000]),
      grid(32747, [30, 0, 500_000, 0, -30, 4_200_000]),
      grid(4326, [2.5e-4, 0, -81, 0, -2.5e-4, 37.96]),
      grid(3031, [30, 0, 0, 0, -30, 0]),
    ]) {
      for (const method of METHODS) {
        const source = sourceOf(far, () => 1);
        const out = await warped(source, landsat, { col: 100, row: 90, width: 40, height: 30 }, method);
        expect(out.every(Number.isNaN)).toBe(true);
        expect(source.windows).toEqual([]);
      }
    }
  });

  it('is little more than lies under the window', async () => {
    const source = sourceOf(grid(32648, [10, 0, -30_000, 0, -10, 4_219_000], 4000, 4000), (col) => col);
    for (const method of METHODS) {
      source.windows.length = 0;
      const out = await warped(source, landsat, { col: 64, row: 70, width: 64, height: 64 }, method);
      expect(out.some(Number.isNaN)).toBe(false);
      const pixels = source.windows.reduce((sum, { width, height }) => sum + width * height, 0);
      // 192 pixels across, turned by 3.7°, with a cubic's 6 on each side.
      expect(pixels).toBeLessThan((192 * 1.07 + 14) ** 2);
    }
  });

  it('is bounded where the source is much finer than the target', async () => {
    const ratio = 400;
    const source = sourceOf(grid(32647, [1, 0, 500_000, 0, -1, 4_200_000], 12_000, 8000), (col, row) => col + row);
    const coarse = grid(32647, [ratio, 0, 500_000, 0, -ratio, 4_200_000], 30, 20);
    const out = await warped(source, coarse, wholeOf(coarse), 'average');
    expect(source.windows.length).toBeGreaterThan(4);
    expect(Math.max(...source.windows.map(({ width, height }) => width * height))).toBeLessThanOrEqual(8 * 1024 * 1024);
    for (const [i, mean] of out.entries()) {
      const middle = ratio * ((i % 30) + Math.floor(i / 30) + 1) - 1;
      expect(mean).toBeCloseTo(middle, 2);
    }
  });
});

describe('against scipy', () => {
  interface Case {
    epsg: number;
    target: Affine;
    window: [number, number, number, number];
    source: Affine;
    bilinear: number[];
  }
  const oracle = JSON.parse(readFileSync(new URL('../../oracle/resample.json', import.meta.url), 'utf8')) as {
    width: number;
    height: number;
    every: number;
    src: number[];
    cases: Case[];
  };
  /** Neighbours differ by up to 1, so that a position's error, up to 1e-3, is a value's. */
  const VALUE = 1e-3;

  it.each(oracle.cases)('EPSG:$epsg onto UTM 47', async ({ epsg, target, window, source, bilinear }) => {
    const [col, row, width, height] = window;
    const from = grid(32647, source, oracle.width, oracle.height);
    const out = await warped(
      sourceOf(from, (c, r) => oracle.src[r * oracle.width + c]!),
      grid(epsg, target),
      { col, row, width, height },
      'bilinear',
    );
    for (const [i, value] of bilinear.entries()) expect(Math.abs(out[i * oracle.every]! - value)).toBeLessThan(VALUE);
  });
});
