import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trendTest } from '../../src/kernels/trend.ts';
import { FLOAT64, oracle, relativeError } from './oracle.ts';

const CLASSIC = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data/trend-series');

/** The rows of a CSV file as records. */
function table(name: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(join(CLASSIC, name), 'utf8').trim().split('\n');
  const keys = head!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [keys[i]!, cell])));
}

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

  it.skipIf(!existsSync(CLASSIC))('agrees with R trend on classic series (needs the shared test data)', () => {
    const series = table('series.csv');
    const expected = table('expected_R_trend.csv');
    expect(expected.length).toBeGreaterThan(10);
    for (const row of expected) {
      const values = series.filter(({ name }) => name === row['name']).map(({ value }) => Number(value));
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
});
