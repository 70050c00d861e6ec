import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWhole } from '../../src/geo/nearest-whole.ts';

/** `Math.round` with one kind of zero. */
const rounded = (value: number): number => Math.round(value) + 0;

describe('nearestWhole', () => {
  it('rounds halves upwards', () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map(nearestWhole)).toEqual([-2, -1, 0, 1, 2, 3]);
  });

  it('is right where adding a half rounds up by itself', () => {
    const odd = [
      0.5 - 2 ** -54,
      1.5 - 2 ** -52,
      -0.5 - 2 ** -53,
      2 ** 52 + 1,
      2 ** 53 - 1,
      2 ** 51 + 0.5,
      -(2 ** 52) - 1,
    ];
    expect(odd.map(nearestWhole)).toEqual(odd.map(rounded));
    expect(nearestWhole(0.5 - 2 ** -54)).toBe(0);
  });

  it('is the built-in rounding of any number', () => {
    const wide = fc.double({ min: -(2 ** 53), max: 2 ** 53, noNaN: true });
    const nearHalves = fc
      .tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -3, max: 3 }))
      .map(([whole, ulps]) => whole + 0.5 + ulps * 2 ** -44);
    fc.assert(
      fc.property(fc.oneof(wide, nearHalves), (value) => {
        expect(nearestWhole(value)).toBe(rounded(value));
      }),
      { seed: 20260729, numRuns: 5000 },
    );
  });
});
