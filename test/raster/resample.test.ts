import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import type { Affine } from '../../src/geo/affine.ts';
import type { Window } from '../../src/geo/window.ts';
import {
  chooseResampling,
  sampleAverage,
  sampleBilinear,
  sampleNearest,
  sourcePixelsPerTarget,
  sourcePositions,
  sourceWindow,
} from '../../src/raster/resample.ts';

const { NaN: none } = Number;

function grid(epsg: number, transform: Affine, width = 200, height = 160): Grid {
  return { width, height, transform, crs: crsFromEpsg(epsg)! };
}

const fine = grid(32647, [10, 0, 500_000, 0, -10, 4_200_000]);
const coarse = grid(32647, [20, 0, 500_000, 0, -20, 4_200_000], 100, 80);
const landsat = grid(32647, [30, 0, 500_000, 0, -30, 4_200_000]);
const neighbour = grid(32648, [30, 0, -28_000, 0, -30, 4_217_300]);
const degrees = grid(4326, [2.5e-4, 0, 98.99, 0, -2.5e-4, 37.96]);

describe('sourcePositions', () => {
  it('puts 20 m pixels under 10 m ones', () => {
    const { cols, rows } = sourcePositions(fine, { col: 0, row: 2, width: 4, height: 1 }, coarse);
    expect([...cols]).toEqual([0.25, 0.75, 1.25, 1.75]);
    expect([...rows]).toEqual([1.25, 1.25, 1.25, 1.25]);
  });

  it('is the same bits however the target is cut', () => {
    const window = fc.record({
      col: fc.nat(150),
      row: fc.nat(120),
      width: fc.integer({ min: 1, max: 50 }),
      height: fc.integer({ min: 1, max: 40 }),
    });
    for (const [target, source] of [
      [landsat, neighbour],
      [landsat, degrees],
      [degrees, landsat],
      [landsat, fine],
    ] as const) {
      const whole = sourcePositions(target, { col: 0, row: 0, width: target.width, height: target.height }, source);
      fc.assert(
        fc.property(window, (part) => {
          let differences = 0;
          const { cols, rows } = sourcePositions(target, part, source);
          for (let row = 0; row < part.height; row++) {
            for (let col = 0; col < part.width; col++) {
              const i = row * part.width + col;
              const j = (part.row + row) * target.width + part.col + col;
              if (!Object.is(cols[i], whole.cols[j]) || !Object.is(rows[i], whole.rows[j])) differences++;
            }
          }
          expect(differences).toBe(0);
        }),
        { seed: 1, numRuns: 25 },
      );
    }
  });

  it('is NaN where the projection has no place', () => {
    const nowhere = grid(3035, [1000, 0, 1e8, 0, -1000, 1e8], 4, 4);
    const { cols } = sourcePositions(nowhere, { col: 0, row: 0, width: 2, height: 1 }, landsat);
    expect(cols.every(Number.isNaN)).toBe(true);
    expect(sourceWindow({ cols, rows: cols }, landsat, 1)).toBeUndefined();
  });
});

describe('against PROJ and scipy', () => {
  interface Case {
    epsg: number;
    target: Affine;
    window: [number, number, number, number];
    source: Affine;
    cols: number[];
    rows: number[];
    bilinear: number[];
  }
  const oracle = JSON.parse(readFileSync(new URL('../oracle/resample.json', import.meta.url), 'utf8')) as {
    width: number;
    height: number;
    every: number;
    src: number[];
    cases: Case[];
  };
  // Linear interpolation over 16 pixels, in pixels.
  const POSITION = 1e-3;
  // Values differ by up to 1 between neighbours, so a position's error is a value's.
  const VALUE = 1e-3;

  it.each(oracle.cases)('EPSG:$epsg onto UTM 47', ({ epsg, target, window, source, cols, rows, bilinear }) => {
    const [col, row, width, height] = window;
    const sourceGrid = grid(32647, source, oracle.width, oracle.height);
    const positions = sourcePositions(grid(epsg, target), { col, row, width, height }, sourceGrid);
    const src = Float32Array.from(oracle.src);
    const out = new Float32Array(width * height);
    sampleBilinear(src, { col: 0, row: 0, width: oracle.width, height: oracle.height }, positions, out);
    for (let i = 0; i < cols.length; i++) {
      expect(Math.abs(positions.cols[i * oracle.every]! - cols[i]!)).toBeLessThan(POSITION);
      expect(Math.abs(positions.rows[i * oracle.every]! - rows[i]!)).toBeLessThan(POSITION);
      expect(Math.abs(out[i * oracle.every]! - bilinear[i]!)).toBeLessThan(VALUE);
    }
  });
});

const whole3: Window = { col: 0, row: 0, width: 3, height: 2 };
const at = (...places: [number, number][]) => ({
  cols: Float64Array.from(places, ([col]) => col),
  rows: Float64Array.from(places, ([, row]) => row),
});

describe('sampleNearest', () => {
  it('takes the pixel that holds the position, and fill where there is none', () => {
    const out = new Uint8Array(6);
    // A rounding error below an edge is on the edge; NaN and places outside are fill.
    const places = at([0, 0], [0.999, 0.5], [1 - 1e-9, 1.5], [2.5, 1.999], [3, 0], [none, 0]);
    sampleNearest(Uint8Array.of(1, 2, 3, 4, 5, 6), whole3, places, out, 255);
    expect([...out]).toEqual([1, 1, 5, 6, 255, 255]);
  });
});

describe('sampleBilinear', () => {
  const sample = (src: number[], ...places: [number, number][]) => {
    const out = new Float32Array(places.length);
    sampleBilinear(Float32Array.from(src), whole3, at(...places), out);
    return [...out];
  };

  it('interpolates between centres and is constant beyond the outermost', () => {
    const src = [0, 10, 20, 40, 50, 60];
    expect(sample(src, [0.5, 0.5], [1, 0.5], [1, 1], [0.1, 0.1], [2.9, 1.9])).toEqual([0, 5, 25, 0, 60]);
  });

  it('passes over NaN neighbours, and is NaN in a NaN pixel and outside', () => {
    const src = [none, 10, 20, 40, 50, 60];
    expect(sample(src, [1.25, 0.5], [0.9, 0.6], [-0.1, 0.5], [3.1, 0.5], [none, 1])).toEqual([
      10,
      none,
      none,
      none,
      none,
    ]);
  });
});

describe('sampleAverage', () => {
  it('is the mean of the pixels in the box, without NaN', () => {
    const src = Float32Array.of(1, 2, 3, 4, 5, 6, 7, none, 9, 10, 11, 12, none, none, none, none);
    const out = new Float32Array(4);
    const places = at([1, 1], [3, 1], [1, 3], [3, 3]);
    sampleAverage(src, { col: 0, row: 0, width: 4, height: 4 }, places, 2, 2, out);
    expect([...out]).toEqual([3.5, (3 + 4 + 7) / 3, 9.5, 11.5].map(Math.fround));
    sampleAverage(src, { col: 0, row: 0, width: 4, height: 4 }, at([0.5, 3.5], [9, 9]), 1, 1, out.subarray(0, 2));
    expect([...out.subarray(0, 2)]).toEqual([none, none]);
  });

  it('counts each source pixel for one target pixel, at whole and broken ratios', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1.7, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ratio, shift) => {
          const width = 60;
          const src = Float32Array.from({ length: width }, (_, i) => i);
          const count = Math.floor((width - shift) / ratio);
          const places = at(
            ...Array.from({ length: count }, (_, i): [number, number] => [shift + (i + 0.5) * ratio, 0.5]),
          );
          const out = new Float32Array(count);
          sampleAverage(src, { col: 0, row: 0, width, height: 1 }, places, ratio, 1, out);
          // The boxes partition a stretch of the line, so the means go up and stay near the box's middle.
          expect(out.every((mean, i) => Math.abs(mean + 0.5 - places.cols[i]!) <= 0.5001)).toBe(true);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe('windows of target and source change no result', () => {
  it.each([
    ['another zone', landsat, neighbour],
    ['degrees', landsat, degrees],
    ['finer', landsat, grid(32647, [10, 0, 500_003, 0, -10, 4_200_004], 620, 500)],
  ])('%s', (_name, target, source) => {
    const src = Float32Array.from({ length: source.width * source.height }, (_, i) =>
      i % 17 === 0 ? none : (i * 31) % 101,
    );
    const [ratioX, ratioY] = sourcePixelsPerTarget(target, source);
    const margin = Math.ceil(Math.max(ratioX, ratioY) / 2) + 1;
    const sampleAll = (window: Window) => {
      const positions = sourcePositions(target, window, source);
      const from = sourceWindow(positions, source, margin);
      const count = window.width * window.height;
      const outs = [
        new Float32Array(count).fill(none),
        new Float32Array(count).fill(none),
        new Float32Array(count).fill(none),
      ] as const;
      if (from === undefined) return outs;
      const part = new Float32Array(from.width * from.height);
      for (let row = 0; row < from.height; row++) {
        const start = (from.row + row) * source.width + from.col;
        part.set(src.subarray(start, start + from.width), row * from.width);
      }
      sampleNearest(part, from, positions, outs[0], none);
      sampleBilinear(part, from, positions, outs[1]);
      sampleAverage(part, from, positions, ratioX, ratioY, outs[2]);
      return outs;
    };
    const whole = sampleAll({ col: 0, row: 0, width: target.width, height: target.height });
    expect(whole[1].some((value) => !Number.isNaN(value))).toBe(true);
    for (const size of [23, 64]) {
      for (let row = 0; row < target.height; row += size) {
        for (let col = 0; col < target.width; col += size) {
          const width = Math.min(size, target.width - col);
          const height = Math.min(size, target.height - row);
          const parts = sampleAll({ col, row, width, height });
          for (const [k, part] of parts.entries()) {
            for (let y = 0; y < height; y++) {
              const start = (row + y) * target.width + col;
              expect(part.subarray(y * width, (y + 1) * width)).toEqual(whole[k]!.subarray(start, start + width));
            }
          }
        }
      }
    }
  });
});

describe('chooseResampling', () => {
  it('compares pixels on the ground, also across CRS', () => {
    expect(chooseResampling(landsat, grid(32647, [30, 0, 500_300, 0, -30, 4_200_900]))).toBe('none');
    expect(chooseResampling(landsat, grid(32647, [30, 0, 500_015, 0, -30, 4_200_000]))).toBe('bilinear');
    expect(chooseResampling(landsat, fine)).toBe('average');
    expect(chooseResampling(fine, coarse)).toBe('bilinear');
    expect(chooseResampling(landsat, neighbour)).toBe('bilinear');
    // 2.5e-4 degrees are 28 m by 22 m there; a third of it is a third.
    expect(chooseResampling(landsat, degrees)).toBe('bilinear');
    expect(chooseResampling(landsat, grid(4326, [8e-5, 0, 99, 0, -8e-5, 37.95]))).toBe('average');
  });

  it('measures the ratio', () => {
    expect(sourcePixelsPerTarget(landsat, fine)).toEqual([3, 3]);
    expect(sourcePixelsPerTarget(fine, coarse)).toEqual([0.5, 0.5]);
    const [x, y] = sourcePixelsPerTarget(landsat, degrees);
    // At 37.9° north, a degree is 87,950 m of longitude and 110,990 m of latitude; 1 % for the grid's turn and scale.
    expect(Math.abs(x / (30 / 87_950 / 2.5e-4) - 1)).toBeLessThan(0.01);
    expect(Math.abs(y / (30 / 110_990 / 2.5e-4) - 1)).toBeLessThan(0.01);
  });
});
