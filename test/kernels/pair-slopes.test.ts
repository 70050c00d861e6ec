import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf, pairSlopes, senSlope } from '../../src/kernels/pair-slopes.ts';
import { tieCounts } from '../../src/kernels/tie-counts.ts';

describe('pair slopes', () => {
  it('work by hand, equal times making no pair', () => {
    expect([...pairSlopes([1, 3, 2], [0, 1, 3])]).toEqual([-0.5, 1 / 3, 2]);
    expect([...pairSlopes([1, 3, 2], [0, 0, 2])]).toEqual([-0.5, 0.5]);
    expect(senSlope([1, 3, 2], [0, 1, 3])).toBeCloseTo(1 / 3, 15);
    expect(senSlope([1, 3, 2], [0, 0, 2])).toBe(0);
    expect(senSlope([4], [1])).toBeNaN();
  });

  it('have the median of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const half = sorted.length >> 1;
        const want = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
        expect(medianOf(Float64Array.from(values))).toBe(want);
      }),
      { seed: 52, numRuns: 300 },
    );
    expect(medianOf(new Float64Array(0))).toBeNaN();
  });
});

describe('tieCounts', () => {
  it('counts by bins from the smallest value on', () => {
    expect([...tieCounts([2, 4, 7.5, NaN, 2.5], 2)]).toEqual([2, 1, 1]);
    expect([...tieCounts([3, 3, 3], 0.1)]).toEqual([3]);
    expect([...tieCounts([NaN], 1)]).toEqual([]);
    // A value on an edge is in the bin above it, also where the division rounds.
    expect([...tieCounts([0, 0.1, 0.2, 0.3], 0.1)]).toHaveLength(Math.floor(0.3 / 0.1) + 1);
    expect(() => tieCounts([1, 2], 0)).toThrow(RangeError);
    expect(() => tieCounts([0, 1e9], 1e-3)).toThrow(/coarser/);
  });

  it('loses no value', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.01, 0.1, 0.3, 1), (x, resolution) => {
        expect(tieCounts(x, resolution).reduce((sum, count) => sum + count, 0)).toBe(x.length);
      }),
      { seed: 53, numRuns: 200 },
    );
  });
});
