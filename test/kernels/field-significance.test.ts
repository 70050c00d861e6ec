import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  benjaminiHochberg,
  countP,
  fieldSignificance,
  leastShare,
  type PCounts,
} from '../../src/kernels/field-significance.ts';
import { corrections } from './correction-oracle.ts';

/** p* of float32 p-values by way of the counts. */
function byCounts(p: readonly number[], alpha: number, parts = 1) {
  const counts: PCounts = new Map();
  let n = 0;
  for (let part = 0; part < parts; part++) {
    const some = Float32Array.from(p.filter((_, i) => i % parts === part));
    n += countP(some, Uint32Array.from(some.keys()), alpha, counts);
  }
  return { ...fieldSignificance(counts, n, alpha), n };
}

describe('field significance', () => {
  it('works by hand', () => {
    // Limits 0.025, 0.05, 0.075, 0.1: the third p, 0.06, is within its limit, and so all three stand.
    expect(benjaminiHochberg([0.06, 0.5, 0.03, 0.04], 0.1)).toEqual({ threshold: 0.06, rejected: 3, n: 4 });
    expect(benjaminiHochberg([0.03, 0.2, NaN, 0.3], 0.05)).toEqual({ threshold: null, rejected: 0, n: 3 });
    expect(benjaminiHochberg([0.03, 0.03], 0.05)).toEqual({ threshold: 0.03, rejected: 2, n: 2 });
  });

  it('leaves out what is not in the domain', () => {
    const p = Float32Array.of(0.001, 0.02, NaN, 0.04, 0.9);
    const counts: PCounts = new Map();
    expect(countP(p, Uint32Array.of(1, 2, 3, 4), 0.1, counts)).toBe(3);
    expect(counts.size).toBe(2);
    expect(fieldSignificance(counts, 3, 0.1).threshold).toBeCloseTo(0.04, 6);
    expect(fieldSignificance(new Map(), 0, 0.1)).toEqual({ threshold: null, rejected: 0 });
    expect(() => benjaminiHochberg([0.1], 1)).toThrow(RangeError);
  });

  it('agrees with numpy', () => {
    for (const { p, alpha, threshold } of corrections.fdr) {
      expect(byCounts(p, alpha).threshold).toBe(threshold);
      expect(benjaminiHochberg(p, alpha).threshold).toBe(threshold);
    }
  });

  it('is the same in any order and division, and lets no more stand at a smaller alpha', () => {
    const values = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 7 }), (thousandths, parts) => {
        const p = Array.from(Float32Array.from(thousandths, (v) => v / 1000));
        const whole = byCounts(p, 0.1);
        expect(byCounts(p.toReversed(), 0.1, parts)).toEqual(whole);
        expect(benjaminiHochberg(p, 0.1)).toEqual(whole);
        expect(byCounts(p, 0.05).rejected).toBeLessThanOrEqual(whole.rejected);
      }),
      { seed: 43, numRuns: 200 },
    );
  });

  it('says what share of a discrete field must be extreme', () => {
    expect(leastShare(2 / 24, 0.1)).toBeCloseTo(0.8333, 4);
    // Four years: 82 of 100 pixels at the smallest p are not enough, 84 are.
    const field = (extreme: number): number[] => Array.from({ length: 100 }, (_, i) => (i < extreme ? 2 / 24 : 1));
    expect(benjaminiHochberg(field(82), 0.1).rejected).toBe(0);
    expect(benjaminiHochberg(field(84), 0.1).rejected).toBe(84);
  });
});
