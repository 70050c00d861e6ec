import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laggedCorrelation } from '../../src/kernels/autocorrelation.ts';
import { prewhiten } from '../../src/kernels/prewhitening.ts';
import { normalRandom, uniformRandom } from '../../src/kernels/random.ts';

/** AR(1) with a trend; the published figures are in collaud.test.ts. */
function correlated(n: number, lag1: number, slope: number, seed: number): number[] {
  const normal = normalRandom(uniformRandom(seed));
  let value = normal();
  return Array.from({ length: n }, (_, i) => {
    value = lag1 * value + normal();
    return value + slope * i;
  });
}
const days = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('prewhiten', () => {
  it('works by hand', () => {
    // 0, 1, 2, 3, 9 against 1, 2, 3, 9, 10: deviations from 3 and 5 are −3 −2 −1 0 6 and −4 −3 −2 4 5.
    const x = [0, 1, 2, 3, 9, 10];
    const r = (12 + 6 + 2 + 0 + 30) / Math.sqrt((9 + 4 + 1 + 0 + 36) * (16 + 9 + 4 + 16 + 25));
    const got = prewhiten(x, days(6), 0.1);
    expect(got.lag1).toBeCloseTo(r, 14);
    // |r| 0.845 is above 1.645/√6 = 0.672.
    expect(got.applied).toBe(true);
    expect(got.pw[0]).toBeNaN();
    expect(got.pw[5]).toBeCloseTo(10 - 9 * r, 12);
    expect(got.pwCorrected[5]).toBeCloseTo((10 - 9 * r) / (1 - r), 12);
    expect(got.tfpwYue).toHaveLength(6);
  });

  it('leaves values alone whose lag 1 is not significant, and takes infinities for missing', () => {
    const got = prewhiten([1, 2, 1, Infinity, 2, 1, 2, 1], days(8));
    expect(got.applied).toBe(false);
    expect([...got.vctfpw]).toEqual([1, 2, 1, NaN, 2, 1, 2, 1]);
    expect(prewhiten([NaN, NaN], days(2))).toMatchObject({ lag1: NaN, applied: false });
    expect(prewhiten([], [])).toMatchObject({ applied: false });
    expect(() => prewhiten([1], [])).toThrow(/Expected 1 times, got 0/);
  });

  it('takes the correlation away and keeps the trend where it says so', () => {
    const x = correlated(400, 0.6, 0.05, 7);
    const { pw, pwCorrected, tfpwYue, tfpwWangSwail, vctfpw } = prewhiten(x, days(400));
    const rise = (series: Float64Array): number => {
      const third = (from: number): number => series.slice(from, from + 130).reduce((sum, v) => sum + v, 0) / 130;
      return (third(269) - third(1)) / 268;
    };
    for (const series of [pwCorrected, tfpwYue, tfpwWangSwail])
      expect(Math.abs(rise(series) - 0.05)).toBeLessThan(0.01);
    // Plain pre-whitening takes 1 − r of the trend as well.
    expect(rise(pw)).toBeLessThan(0.03);
    expect(vctfpw.filter((v) => Number.isNaN(v))).toHaveLength(1);
    const residual = tfpwYue.map((v, i) => v - 0.05 * i);
    expect(Math.abs(laggedCorrelation(residual, 1))).toBeLessThan(0.15);
  });

  it('does not mind a constant added, and scales with the values', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: -50, max: 50 }), (seed, level) => {
        const x = correlated(40, 0.7, 0.1, seed);
        const plain = prewhiten(x, days(40));
        const twice = prewhiten(
          x.map((v) => 2 * v),
          days(40),
        );
        const moved = prewhiten(
          x.map((v) => v + level),
          days(40),
        );
        expect(twice.lag1).toBeCloseTo(plain.lag1, 12);
        expect(moved.lag1).toBeCloseTo(plain.lag1, 9);
        expect(moved.applied).toBe(plain.applied);
        expect(twice.tfpwYue[20]! / plain.tfpwYue[20]!).toBeCloseTo(2, 9);
      }),
      { seed: 51, numRuns: 60 },
    );
  });
});
