import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalP } from '../../src/kernels/normal.ts';
import { seasonalTest } from '../../src/kernels/seasonal-kendall.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import { classicSeries, hasClassics } from './classic.ts';
import { corrections, TOLERANCE } from './correction-oracle.ts';
import { relativeError } from './oracle.ts';

describe('seasonalTest', () => {
  it('works by hand', () => {
    // Both seasons have S = 3 and Var = 3·2·11/18 = 11/3; K = 3, ΣRR = 14, cov = (3 + 56 − 48)/3 = 11/3.
    const rows = [
      [1, 2, 3],
      [10, 30, 70],
    ];
    const got = seasonalTest(rows, { times: [2000, 2001, 2003] });
    expect(got).toMatchObject({
      n: 6,
      s: 6,
      tau: 1,
      perSeason: [
        { n: 3, s: 3 },
        { n: 3, s: 3 },
      ],
    });
    expect(got.varS).toBeCloseTo((4 * 11) / 3, 12);
    expect(got.z).toBeCloseTo(5 / Math.sqrt(44 / 3), 12);
    // Slopes 1, 2/3, 1/2 and 20, 20, 20.
    expect(got.slope).toBeCloseTo((1 + 20) / 2, 12);
    expect(seasonalTest(rows, { seasons: 'independent' }).varS).toBeCloseTo(22 / 3, 12);
  });

  it('is the plain test for one season', () => {
    const x = [3, 1, 4, 1, NaN, 5, 9, 2, 6];
    const { n, s, varS, z, p, tau, slope, slopeLow, slopeHigh } = trendTest(x, { method: 'normal' });
    const got = seasonalTest([x]);
    expect(got).toMatchObject({ n, s, z, p, slope, slopeLow, slopeHigh });
    expect(got.varS).toBeCloseTo(varS, 12);
    expect(got.tau).toBeCloseTo(tau, 12);
  });

  it('has nothing to say without pairs, and refuses ragged rows', () => {
    expect(seasonalTest([])).toMatchObject({ n: 0, s: 0, p: NaN, slope: NaN });
    expect(
      seasonalTest([
        [1, NaN],
        [NaN, 2],
      ]),
    ).toMatchObject({ n: 2, s: 0, p: NaN, tau: NaN });
    expect(() => seasonalTest([[1, 2], [1]])).toThrow(/Expected 2 years, got 1 in row 1/);
    expect(() => seasonalTest([[1, 2]], { times: [5, 5] })).toThrow(/ascending/);
    expect(() => seasonalTest([[1, 2]], { alpha: 0 })).toThrow(RangeError);
  });

  it('agrees with numpy', () => {
    for (const want of corrections.seasonal) {
      const rows = want.values.map((row) => row.map((value) => value ?? NaN));
      const got = seasonalTest(rows);
      const plain = seasonalTest(rows, { seasons: 'independent' });
      expect(got.s).toBe(want.s);
      const pairs: [number, number][] = [
        [got.varS, want.varS],
        [got.z, want.zp![0]],
        [got.p, want.zp![1]],
        [got.slope, want.slope],
        [plain.varS, want.independent],
        [plain.p, want.zpIndependent![1]],
      ];
      for (const [value, wanted] of pairs) expect(relativeError(value, wanted)).toBeLessThan(TOLERANCE);
    }
  });

  it.skipIf(!hasClassics)('agrees with the manual of the R package trend (needs the shared test data)', () => {
    // mult.mk.test(hcb), six stations in the place of seasons: S = -15359, varS = 5277014, z = -6.686, p = 2.293e-11.
    const got = seasonalTest(['we', 'ka', 'mz', 'ko', 'bh', 'bi'].map((station) => classicSeries(`hcb_${station}`)));
    expect(got.s).toBe(-15359);
    expect(Math.round(got.varS)).toBe(5_277_014);
    // A definition apart: with more than ten years it takes no continuity correction.
    const plain = got.s / Math.sqrt(got.varS);
    expect(plain).toBeCloseTo(-6.686, 3);
    expect(normalP(plain) / 2.293e-11).toBeCloseTo(1, 3);
  });

  it('has the variance of n·S for n equal seasons, and turns its sign with the time', () => {
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(row, fc.integer({ min: 2, max: 4 }), (x, k) => {
        const one = seasonalTest([x]);
        const many = seasonalTest(Array.from({ length: k }, () => x));
        expect(many.s).toBe(k * one.s);
        expect(many.varS).toBeCloseTo(k * k * one.varS, 8);
        expect(seasonalTest([x.toReversed()]).s).toBe(0 - one.s);
      }),
      { seed: 42, numRuns: 100 },
    );
  });
});
