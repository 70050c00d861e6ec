import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autocorrelation, laggedCorrelation, layOut, ranks, stepsOf } from '../../src/kernels/autocorrelation.ts';

describe('steps', () => {
  it('are years with the missing ones left open', () => {
    expect([...stepsOf([2001, 2002, 2005])]).toEqual([0, 1, 4]);
    expect([...layOut([7, 8, 9], stepsOf([2001, 2002, 2005]))]).toEqual([7, 8, NaN, NaN, 9]);
    expect([...stepsOf([10, 10.5, 11.5])]).toEqual([0, 1, 3]);
    // Days of the year as decimal years: nearly whole steps.
    expect([...stepsOf([2003, 2004, 2004 + 365 / 366])]).toEqual([0, 1, 2]);
  });

  it('are places where dates are irregular', () => {
    expect([...stepsOf([2001, 2001.7, 2004.2])]).toEqual([0, 1, 2]);
    expect([...stepsOf([0, 1, 1e9])]).toEqual([0, 1, 2]);
    expect([...stepsOf([5])]).toEqual([0]);
    expect(layOut([], stepsOf([]))).toHaveLength(0);
  });
});

describe('autocorrelation', () => {
  it('works by hand', () => {
    // Deviations −1.5, −0.5, 0.5, 1.5: products 0.75 − 0.25 + 0.75 of 5.
    expect(autocorrelation([1, 2, 3, 4], 1)).toBeCloseTo(1.25 / 5, 14);
    expect(autocorrelation([1, 2, 3, 4], 3)).toBeCloseTo(-2.25 / 5, 14);
    // With a gap: mean 2, deviations −1, 0, ·, 1 …: pairs (−1, 0) and (1, 0), divided by 2 + 1, over 2/4.
    expect(autocorrelation([1, 2, NaN, 3, 2], 1)).toBeCloseTo(0, 14);
    expect(autocorrelation([1, 3, NaN, 1, 3], 1)).toBeCloseTo(-2 / 3 / 1, 14);
  });

  it('is not a number where there is nothing to correlate', () => {
    expect(autocorrelation([1, NaN, 2], 1)).toBeNaN();
    expect(autocorrelation([2, 2, 2], 1)).toBeNaN();
    expect(autocorrelation([], 1)).toBeNaN();
    expect(laggedCorrelation([1, 2], 1)).toBeNaN();
  });

  it('is 1 at lag 0 and within ±1 for whole series, and unchanged by a + b·x', () => {
    const series = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 4 }), (x, lag) => {
        fc.pre(new Set(x).size > 1);
        const r = autocorrelation(x, lag);
        expect(autocorrelation(x, 0)).toBeCloseTo(1, 12);
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
        const moved = x.map((value) => 3 - 2 * value);
        expect(autocorrelation(moved, lag)).toBeCloseTo(r, 11);
      }),
      { seed: 31, numRuns: 200 },
    );
  });
});

describe('ranks', () => {
  it('shares the mean rank among equal values and leaves gaps', () => {
    expect([...ranks([30, 10, NaN, 30, 20])]).toEqual([3.5, 1, NaN, 3.5, 2]);
    expect(ranks([])).toHaveLength(0);
  });
});
