import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../../../src/geo/window.ts';
import { averageRow, modeRow } from '../../../src/raster/warp/area.ts';
import { bilinearRow, cubicRow, nearestRow, widenedRow } from '../../../src/raster/warp/interpolate.ts';

const { NaN: none } = Number;

const whole = (width: number, height: number): Window => ({ col: 0, row: 0, width, height });
const xsOf = (places: readonly [number, number][]) => Float64Array.from(places, ([x]) => x);
const ysOf = (places: readonly [number, number][]) => Float64Array.from(places, ([, y]) => y);
const constant = (value: number, length: number) => new Float64Array(length).fill(value);

/** Float32 results of float64 arithmetic, for values up to 64. */
const FLOAT32 = 4e-6;

describe('nearestRow', () => {
  it('takes the pixel that holds the position, and fill where there is none', () => {
    const out = new Uint8Array(8);
    // A rounding error below an edge is on the edge; NaN and places outside are fill.
    const places: [number, number][] = [
      [0, 0],
      [0.999, 0.5],
      [1 - 1e-9, 1.5],
      [2.5, 1.999],
      [3, 0],
      [none, 0],
      [-1e-3, 1],
      [1e12, 1],
    ];
    nearestRow(Uint8Array.of(1, 2, 3, 4, 5, 6), whole(3, 2), xsOf(places), ysOf(places), 8, out, 0, 255);
    expect([...out]).toEqual([1, 1, 5, 6, 255, 255, 255, 255]);
  });

  it('writes from a place in the result on', () => {
    const out = new Float64Array(4).fill(7);
    const from = { col: 10, row: 20, width: 2, height: 1 };
    nearestRow(Float32Array.of(1, 2), from, constant(11.5, 2), constant(20.5, 2), 2, out, 1, none);
    expect([...out]).toEqual([7, 2, 2, 7]);
  });
});

describe('bilinearRow', () => {
  const sample = (src: number[], ...places: [number, number][]) => {
    const out = new Float32Array(places.length);
    bilinearRow(Float32Array.from(src), whole(3, 2), xsOf(places), ysOf(places), places.length, out, 0);
    return [...out];
  };

  it('interpolates between centres and is constant beyond the outermost', () => {
    const src = [0, 10, 20, 40, 50, 60];
    expect(sample(src, [0.5, 0.5], [1, 0.5], [1, 1], [0.1, 0.1], [2.9, 1.9])).toEqual([0, 5, 25, 0, 60]);
  });

  it('passes over NaN neighbours, and is NaN in a NaN pixel and outside', () => {
    const src = [none, 10, 20, 40, 50, 60];
    const places: [number, number][] = [
      [1.25, 0.5],
      [0.9, 0.6],
      [-0.1, 0.5],
      [3.1, 0.5],
      [none, 1],
    ];
    expect(sample(src, ...places)).toEqual([10, none, none, none, none]);
  });
});

describe('cubicRow', () => {
  const width = 7;
  const sample = (value: (col: number, row: number) => number, ...places: [number, number][]) => {
    const src = Float32Array.from({ length: width * width }, (_, i) => value(i % width, Math.floor(i / width)));
    const out = new Float32Array(places.length);
    cubicRow(src, whole(width, width), xsOf(places), ysOf(places), places.length, out, 0);
    return [...out];
  };

  it('has the weights of Keys: −1/16, 9/16, 9/16, −1/16 half way', () => {
    const [half, on] = sample((col) => [0, 0, 16, 0, 0, 0, 0][col]!, [3, 3.5], [2.5, 3.5]);
    expect([half, on]).toEqual([9, 16]);
    expect(sample((col) => [0, 16, 0, 0, 0, 0, 0][col]!, [3, 3.5])).toEqual([-1]);
  });

  it('has no error for a parabola', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1.6, max: 5.4, noNaN: true }),
        fc.double({ min: 1.6, max: 5.4, noNaN: true }),
        (x, y) => {
          const value = (col: number, row: number) => col * col - 2 * row * row + col * row;
          const [found] = sample(value, [x, y]);
          expect(Math.abs(found! - value(x - 0.5, y - 0.5))).toBeLessThan(2 * FLOAT32);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it('is bilinear near the border and near NaN', () => {
    const ramp = (col: number, row: number) => col + 10 * row;
    expect(sample(ramp, [0.5, 0.5], [1.25, 3.5])).toEqual([0, 30.75]);
    const bump = (col: number, row: number) => (col === 5 && row === 5 ? none : col === 4 ? 8 : 0);
    // (5, 5) is among the sixteen around the first place, and not around the second.
    expect(sample(bump, [4, 4.5], [4, 2.5])).toEqual([4, 4.5]);
    expect(sample(bump, [5.5, 5.5], [-1, 2], [none, 3])).toEqual([none, none, none]);
  });
});

describe('widenedRow', () => {
  const width = 40;
  const sample = (
    kernel: 'bilinear' | 'cubic',
    span: number,
    value: (col: number, row: number) => number,
    place: [number, number],
  ) => {
    const src = Float32Array.from({ length: width * width }, (_, i) => value(i % width, Math.floor(i / width)));
    const out = new Float32Array(1);
    const spans = constant(span, 1);
    widenedRow(kernel, src, whole(width, width), xsOf([place]), ysOf([place]), spans, spans, 1, out, 0);
    return out[0]!;
  };

  it('weighs by a triangle as wide as two target pixels', () => {
    // On a centre, with a ratio of 2: weights 0.5, 1 and 0.5 of 2 along each axis.
    expect(sample('bilinear', 2, (col, row) => (col === 20 && row === 20 ? 16 : 0), [20.5, 20.5])).toBe(4);
    expect(sample('bilinear', 2, (col, row) => (col === 21 && row === 19 ? 16 : 0), [20.5, 20.5])).toBe(1);
  });

  it('keeps constants, also where pixels are missing and at the border', () => {
    const holed = (col: number, row: number) => ((col + row) % 3 === 0 ? none : 5);
    for (const kernel of ['bilinear', 'cubic'] as const) {
      for (const place of [
        [20.2, 13.8],
        [0.4, 1.6],
        [39.1, 20],
      ] as [number, number][]) {
        expect(Math.abs(sample(kernel, 2.7, () => 5, place) - 5)).toBeLessThan(FLOAT32);
      }
      expect(Math.abs(sample(kernel, 2.7, holed, [20.2, 14.8]) - 5)).toBeLessThan(FLOAT32);
      expect(sample(kernel, 2.7, holed, [21.5, 15.5])).toBeNaN();
      expect(sample(kernel, 2.7, () => 5, [40.2, 3])).toBeNaN();
    }
  });
});

describe('averageRow', () => {
  const src = Float32Array.of(1, 2, 3, 4, 5, 6, 7, none, 9, 10, 11, 12, none, none, none, none);
  const sample = (span: number, ...places: [number, number][]) => {
    const out = new Float32Array(places.length);
    const spans = constant(span, places.length);
    averageRow(src, whole(4, 4), xsOf(places), ysOf(places), spans, spans, places.length, out, 0);
    return [...out];
  };

  it('is the mean of the pixels in the box, without NaN', () => {
    expect(sample(2, [1, 1], [3, 1], [1, 3], [3, 3])).toEqual([3.5, (3 + 4 + 7) / 3, 9.5, 11.5].map(Math.fround));
    expect(sample(1, [0.5, 3.5], [9, 9], [none, 1])).toEqual([none, none, none]);
  });

  it('counts cut pixels in part', () => {
    // Columns 0, 1 and 2 with 0.5, 1 and 0.5; rows 0 and 1 likewise with 1 and 1.
    expect(sample(2, [1.5, 1])).toEqual([4]);
    // Within a single pixel.
    expect(sample(0.25, [1.5, 1.5])).toEqual([6]);
    // One tenth of column 0 and nine of column 1, in row 0.
    expect(sample(1, [1.4, 0.5])[0]).toBeCloseTo(0.1 * 1 + 0.9 * 2, 6);
    // Half of the box is outside.
    expect(sample(2, [0, 1])).toEqual([3]);
  });

  it('does not see slivers that rounding makes', () => {
    expect(sample(2 + 1e-9, [1, 1 - 1e-9])).toEqual([3.5]);
    expect(sample(1 + 1e-8, [3.5, 2.5])).toEqual([12]);
    expect(sample(1 + 1e-8, [3.5, 1.5])).toEqual([none]);
  });

  it('shares each source pixel out among the target pixels: means times areas add up', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ratio, shift) => {
          const width = 60;
          const line = Float32Array.from({ length: width }, (_, i) => (i * i) % 17);
          const count = Math.floor((width - shift) / ratio);
          const out = new Float32Array(count);
          const xs = Float64Array.from({ length: count }, (_, i) => shift + (i + 0.5) * ratio);
          const spans = constant(ratio, count);
          averageRow(line, whole(width, 1), xs, constant(0.5, count), spans, constant(1, count), count, out, 0);
          const sum = out.reduce((total, mean) => total + mean * ratio, 0);
          const end = shift + count * ratio;
          const share = (i: number) => Math.max(0, Math.min(i + 1, end) - Math.max(i, shift));
          const expected = line.reduce((total, value, i) => total + value * share(i), 0);
          // Slivers of a millionth of a pixel are left out, twice a box, of values up to 16.
          expect(Math.abs(sum - expected)).toBeLessThan(count * (2 * 16e-6 + 16 * FLOAT32));
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe('modeRow', () => {
  const src = Uint8Array.of(1, 1, 2, 3, 3, 2);
  const sample = (span: number, ...places: [number, number][]) => {
    const out = new Int32Array(places.length);
    const spans = constant(span, places.length);
    modeRow(src, whole(3, 2), xsOf(places), ysOf(places), spans, spans, places.length, out, 0, -1);
    return [...out];
  };

  it('is the class that covers most of the box, the least of equal ones, and fill beside the source', () => {
    // The whole: 1, 2 and 3 cover two pixels each.
    expect(sample(3, [1.5, 1])).toEqual([1]);
    // The right two columns: 1 and 3 once, 2 twice.
    expect(sample(2, [2, 1], [-5, 1], [none, 1])).toEqual([2, -1, -1]);
    // Mostly the lower row.
    expect(sample(1.5, [0.8, 1.2])).toEqual([3]);
  });

  it('forgets the classes of the box before', () => {
    expect(sample(1, [0.5, 0.5], [2.5, 0.5], [0.5, 1.5], [0.5, 0.5])).toEqual([1, 2, 3, 1]);
  });
});
