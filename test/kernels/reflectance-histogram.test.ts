import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToHistogram, histogramPercentile, REFLECTANCE_BINS } from '../../src/kernels/reflectance-histogram.ts';

const BINS = { first: 0, width: 1, count: 4 };
const WHOLE = { width: 4, col: 0, row: 0, step: 1 };

describe('addToHistogram', () => {
  it('counts clear pixels, the outermost bins taking what lies beyond', () => {
    const counts = new Float64Array(4);
    const data = Float32Array.of(-9, 0.5, 1.5, 1.9, 3.2, 99, NaN, 2.5);
    addToHistogram(data, 1, 0, Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0), WHOLE, BINS, counts);
    expect([...counts]).toEqual([2, 2, 0, 2]);
  });

  it('applies scale and offset', () => {
    const counts = new Float64Array(4);
    addToHistogram(Uint16Array.of(1000, 3000), 1e-3, 0.5, Uint8Array.of(1, 1), { ...WHOLE, width: 2 }, BINS, counts);
    expect([...counts]).toEqual([0, 1, 0, 1]);
  });

  it('counts the same pixels however a raster is cut', () => {
    const width = 23;
    const height = 17;
    const data = Float32Array.from({ length: width * height }, (_, i) => (i * 7) % 4);
    const whole = new Float64Array(4);
    const ones = new Uint8Array(data.length).fill(1);
    addToHistogram(data, 1, 0, ones, { width, col: 0, row: 0, step: 4 }, BINS, whole);
    expect(whole.reduce((a, b) => a + b)).toBe(6 * 5);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 22 }), fc.integer({ min: 1, max: 16 }), (cutCol, cutRow) => {
        const parts = new Float64Array(4);
        for (const [col, endCol] of [
          [0, cutCol],
          [cutCol, width],
        ] as const) {
          for (const [row, endRow] of [
            [0, cutRow],
            [cutRow, height],
          ] as const) {
            const w = endCol - col;
            const part = Float32Array.from(
              { length: w * (endRow - row) },
              (_, i) => data[(row + Math.floor(i / w)) * width + col + (i % w)]!,
            );
            addToHistogram(part, 1, 0, ones.subarray(0, part.length), { width: w, col, row, step: 4 }, BINS, parts);
          }
        }
        expect(parts).toEqual(whole);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it('refuses arrays of different lengths', () => {
    expect(() => addToHistogram(new Uint8Array(2), 1, 0, new Uint8Array(3), WHOLE, BINS, new Float64Array(4))).toThrow(
      RangeError,
    );
    expect(() => addToHistogram(new Uint8Array(2), 1, 0, new Uint8Array(2), WHOLE, BINS, new Float64Array(3))).toThrow(
      RangeError,
    );
  });
});

describe('histogramPercentile', () => {
  it('is linear within a bin', () => {
    const counts = Float64Array.of(0, 10, 0, 30);
    expect(histogramPercentile(counts, BINS, 12.5)).toBe(1.5);
    expect(histogramPercentile(counts, BINS, 25)).toBe(2);
    expect(histogramPercentile(counts, BINS, 62.5)).toBe(3.5);
    expect(histogramPercentile(counts, BINS, 100)).toBe(4);
    expect(histogramPercentile(new Float64Array(4), BINS, 50)).toBeNaN();
  });

  it('lies within a bin of the percentile of the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.4, max: 1.4, noNaN: true }), { minLength: 50, maxLength: 200 }),
        fc.integer({ min: 1, max: 99 }),
        (values, percentile) => {
          const counts = new Float64Array(REFLECTANCE_BINS.count);
          const n = values.length;
          const lattice = { width: n, col: 0, row: 0, step: 1 };
          addToHistogram(Float64Array.from(values), 1, 0, new Uint8Array(n).fill(1), lattice, REFLECTANCE_BINS, counts);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.ceil((percentile / 100) * n) - 1]!;
          // the exact value lies in the bin that the estimate lies in, rounding of the bin's edges aside
          expect(Math.abs(histogramPercentile(counts, REFLECTANCE_BINS, percentile) - exact)).toBeLessThanOrEqual(
            REFLECTANCE_BINS.width + 1e-9,
          );
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });
});
