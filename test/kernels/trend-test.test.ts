import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { varianceS } from '../../src/kernels/mann-kendall.ts';
import { normalP } from '../../src/kernels/normal.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import { classicSeries, classicTable, hasClassics } from './classic.ts';
import { FLOAT64, oracle, relativeError } from './oracle.ts';

describe('trendTest', () => {
  it('works a short series by hand', () => {
    // Slopes of 1, 3, 2, 6 at 0, 1, 2, 4: 2, 1/2, 5/4, −1, 1, 2; S = 4; median (1 + 5/4)/2.
    const got = trendTest([1, 3, 2, 6], { times: [0, 1, 2, 4] });
    expect(got).toMatchObject({
      n: 4,
      s: 4,
      slope: 1.125,
      intercept: 2.5 - 1.125 * 1.5,
      slopeLow: NaN,
      slopeHigh: NaN,
    });
    expect(got.p).toBeCloseTo(8 / 24, 14);
    expect(got.tau).toBeCloseTo(4 / 6, 14);
    expect(got.z).toBeCloseTo(3 / Math.sqrt(26 / 3), 14);
    expect(got.smallestP).toBeCloseTo(2 / 24, 14);
  });

  it('keeps a missing year as a gap', () => {
    const years = [2000, 2001, 2002, 2003, 2004];
    const gap = trendTest([0, NaN, NaN, 3, 4], { times: years });
    expect(gap).toMatchObject({ n: 3, s: 3, slope: 1, intercept: -2000 });
    expect(gap).toEqual(trendTest([0, 3, 4], { times: [2000, 2003, 2004] }));
    expect(trendTest([0, NaN, NaN, 3, 4]).slope).toBe(1);
  });

  it('has no trend where nothing can be tested', () => {
    expect(trendTest([])).toMatchObject({ n: 0, s: 0, z: 0, p: NaN, slope: NaN, smallestP: 1 });
    expect(trendTest([NaN, 2])).toMatchObject({ n: 1, p: NaN, slope: NaN, intercept: NaN, slopeLow: NaN });
    expect(trendTest([2, 2, 2, 2, 2])).toMatchObject({
      n: 5,
      s: 0,
      varS: 0,
      z: 0,
      p: 1,
      tau: NaN,
      slope: 0,
      smallestP: 1,
    });
  });

  it('refuses bad times, alpha, and an exact p of a long series', () => {
    expect(() => trendTest([1, 2], { times: [1] })).toThrow(/Expected 2 times, got 1/);
    expect(() => trendTest([1, 2], { times: [2, 2] })).toThrow(/Expected ascending times, got 2 at 1/);
    expect(() => trendTest([1, 2], { alpha: 1 })).toThrow(RangeError);
    const long = Array.from({ length: 31 }, (_, i) => i);
    expect(() => trendTest(long, { method: 'exact' })).toThrow(/Expected n in 1–30/);
    expect(trendTest(long).p).toBe(trendTest(long, { method: 'normal' }).p);
  });

  it('agrees with scipy', () => {
    for (const { times, values, s, slope, intercept, tau, p } of oracle.series) {
      const got = trendTest(values, { times });
      expect(got.s).toBe(s);
      // The intercept is a small difference of large numbers: times are near 2000.
      expect(Math.abs(got.intercept - intercept)).toBeLessThan(1e-9);
      expect(relativeError(got.slope, slope)).toBeLessThan(FLOAT64);
      expect(relativeError(got.tau, tau)).toBeLessThan(FLOAT64);
      expect(p === null ? 0 : relativeError(got.p, p)).toBeLessThan(FLOAT64);
    }
  });

  it.skipIf(!hasClassics)('agrees with R trend on classic series (needs the shared test data)', () => {
    const expected = classicTable('expected_R_trend.csv');
    expect(expected.length).toBeGreaterThan(10);
    for (const row of expected) {
      const values = classicSeries(row['name']!);
      const got = trendTest(values, { method: 'normal' });
      const pairs: [number, string][] = [
        [got.n, 'n'],
        [got.s, 'S'],
        [got.varS, 'varS'],
        [got.tau, 'tau'],
        [got.z, 'z'],
        [got.p, 'p'],
        [got.slope, 'sen'],
        [got.slopeLow, 'sen_lo95'],
        [got.slopeHigh, 'sen_hi95'],
      ];
      for (const [value, key] of pairs) {
        expect(relativeError(value, Number(row[key])), `${row['name']} ${key}`).toBeLessThan(FLOAT64);
      }
    }
  });

  it.skipIf(!hasClassics)('agrees with pyMannKendall and SciPy on classic series (needs the shared test data)', () => {
    for (const row of classicTable('expected_py.csv')) {
      const values = classicSeries(row['name']!);
      const got = trendTest(values, { method: 'normal' });
      const n = values.length;
      const pairs: [number, string][] = [
        [got.n, 'n'],
        [got.s, 'S'],
        [got.varS, 'varS'],
        // A definition apart: theirs is tau-a, S over all pairs; SciPy's is tau-b, as ours.
        [(2 * got.s) / (n * (n - 1)), 'tau_pymk'],
        [got.tau, 'kendalltau_b'],
        [got.z, 'z'],
        [got.slope, 'sen_slope'],
        [got.slope, 'theil_slope'],
        [got.intercept, 'sen_intercept'],
        [got.slopeLow, 'theil_lo95'],
        [got.slopeHigh, 'theil_hi95'],
      ];
      for (const [value, key] of pairs) {
        expect(relativeError(value, Number(row[key])), `${row['name']} ${key}`).toBeLessThan(1e-9);
      }
      // Theirs is 2·(1 − Φ), which loses its digits as p goes to 0.
      expect(Math.abs(got.p - Number(row['p'])), `${row['name']} p`).toBeLessThan(1e-9);
      // A definition apart: SciPy's kendalltau takes no continuity correction, and is exact where nothing is tied.
      const plain = normalP(got.s / Math.sqrt(got.varS));
      const scipy = n < 31 && got.tau === (2 * got.s) / (n * (n - 1)) ? trendTest(values).p : plain;
      expect(relativeError(scipy, Number(row['kendalltau_p'])), `${row['name']} kendalltau_p`).toBeLessThan(1e-9);
    }
  });

  it('does not compare the values of one period', () => {
    // Two scenes a year: 1, 5 | 2, 6 | 7: of the 8 pairs between years 7 rise and 5 → 2 falls.
    const got = trendTest([1, 5, 2, 6, 7], { times: [0, 0.2, 1, 1.2, 2], periods: [2000, 2000, 2001, 2001, 2002] });
    expect(got).toMatchObject({ n: 5, s: 6 });
    expect(got.varS).toBeCloseTo(varianceS(5, [], [2, 2]), 12);
    expect(got.tau).toBeCloseTo(6 / Math.sqrt(8 * 10), 12);
    expect(got.p).toBeCloseTo(normalP(got.z), 14);
    const one = [3, 1, 4, 1, 5];
    expect(trendTest(one, { periods: [1, 2, 3, 4, 5] })).toEqual(trendTest(one));
    expect(() => trendTest(one, { periods: [1, 2, 3, 3, 2] })).toThrow(/ascending periods, got 2 at 4/);
    expect(() => trendTest(one, { periods: [1, 1] })).toThrow(/Expected 5 periods, got 2/);
    expect(() => trendTest(one, { periods: [1, 1, 1, 2, 3], method: 'exact' })).toThrow(RangeError);
  });

  it('tells lag 1 of what the slope leaves', () => {
    // Slope 0 (the median of 3 rises of 2, 3 falls, and 4 level): residuals ±1 less their mean 1/5.
    expect(trendTest([1, -1, 1, -1, 1]).lag1).toBeCloseTo(((-0.8 * 1.2 * 4) / 5 / (2 * 1.44 + 3 * 0.64)) * 5, 12);
    expect(trendTest([0, 1, 2, 3, 4]).lag1).toBeNaN();
  });

  const integers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });

  it('is b for a + b·t, and turns its sign with the time', () => {
    fc.assert(
      fc.property(integers, fc.integer({ min: -9, max: 9 }), (values, b) => {
        expect(trendTest(values.map((_, t) => 7 + b * t)).slope).toBe(b);
        const forward = trendTest(values);
        const backward = trendTest(values.toReversed());
        expect(backward).toMatchObject({ s: 0 - forward.s, p: forward.p, varS: forward.varS });
        expect(backward.slope).toBeCloseTo(-forward.slope, 12);
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('has the same S and p after any increasing transform', () => {
    fc.assert(
      fc.property(integers, (values) => {
        const { s, p, varS } = trendTest(values);
        expect(trendTest(values.map((value) => value ** 3 + value - 5))).toMatchObject({ s, p, varS });
      }),
      { seed: 13, numRuns: 200 },
    );
  });

  it('does not mind gaps: everything but n is that of the values there are', () => {
    fc.assert(
      fc.property(integers, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (values, missing) => {
        const years = values.map((_, i) => 1990 + i);
        const gapped = values.map((value, i) => (missing[i] ? NaN : value));
        const kept = values.map((_, i) => i).filter((i) => !missing[i]);
        const got = trendTest(gapped, { times: years });
        expect(got).toEqual(
          trendTest(
            kept.map((i) => values[i]!),
            { times: kept.map((i) => years[i]!) },
          ),
        );
        expect(got.n).toBe(kept.length);
      }),
      { seed: 14, numRuns: 200 },
    );
    // A line stays a line whatever is missing.
    fc.assert(
      fc.property(
        fc.integer({ min: -9, max: 9 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 30 }),
        (b, missing) => {
          const left = missing.filter((gone) => !gone).length;
          fc.pre(left >= 2);
          const got = trendTest(missing.map((gone, t) => (gone ? NaN : 5 + b * t)));
          expect(got).toMatchObject({ n: left, slope: b, s: (Math.sign(b) * left * (left - 1)) / 2 });
          expect(got.intercept).toBeCloseTo(5, 10);
        },
      ),
      { seed: 15, numRuns: 200 },
    );
  });
});
