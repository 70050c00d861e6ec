import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { yearsToDetect } from '../../src/kernels/power.ts';

interface PowerOracle {
  runs: number;
  cases: { n: number; slope: number; noise: number; lag1: number; alpha: number; power: number }[];
}
const oracle = JSON.parse(readFileSync(new URL('../oracle/power.json', import.meta.url), 'utf8')) as PowerOracle;
const RUNS = 2000;

describe('yearsToDetect', () => {
  it('needs as many years as the exact test where there is no noise', () => {
    // Without noise S is the largest there is: p = 0.0833, 0.0167, 0.0028 with 4, 5, 6 years.
    expect(yearsToDetect({ slope: 1, noise: 0, alpha: 0.1 }).years).toBe(4);
    expect(yearsToDetect({ slope: -1, noise: 0 }).years).toBe(5);
    expect(yearsToDetect({ slope: 1, noise: 0, alpha: 0.01 }).years).toBe(6);
  });

  it('agrees with scipy', () => {
    for (const { n, slope, noise, lag1, alpha, power } of oracle.cases.filter((c) => c.slope !== 0)) {
      const { tried } = yearsToDetect({ slope, noise, lag1, alpha, power: 0.999, runs: RUNS, mostYears: n });
      const got = tried.find((point) => point.years === n)?.power ?? 1;
      const error = Math.sqrt(power * (1 - power) * (1 / RUNS + 1 / oracle.runs));
      expect(Math.abs(got - power), `n ${n} slope ${slope} lag 1 ${lag1}`).toBeLessThan(4 * error + 1e-3);
    }
  });

  it('says how often correlated noise alone would pass', () => {
    const plain = yearsToDetect({ slope: 0.008, noise: 0.05 });
    const correlated = yearsToDetect({ slope: 0.008, noise: 0.05, lag1: 0.5 });
    expect(plain.falseAlarms!).toBeLessThan(0.07);
    expect(correlated.falseAlarms!).toBeGreaterThan(0.12);
    const { n, power } = oracle.cases.find((c) => c.slope === 0)!;
    expect(Math.abs(n - 25)).toBe(0);
    expect(Math.abs(correlated.falseAlarms! - power)).toBeLessThan(0.08);
  });

  it('needs fewer years for a steeper slope, less noise or less power, and repeats itself', () => {
    const base = { slope: 0.01, noise: 0.05 };
    const years = yearsToDetect(base).years!;
    expect(yearsToDetect(base)).toEqual(yearsToDetect(base));
    expect(yearsToDetect({ ...base, slope: -0.01 }).years).toBeGreaterThan(years - 3);
    expect(yearsToDetect({ ...base, slope: -0.01 }).years).toBeLessThan(years + 3);
    expect(yearsToDetect({ ...base, slope: 0.02 }).years!).toBeLessThan(years);
    expect(yearsToDetect({ ...base, noise: 0.02 }).years!).toBeLessThan(years);
    expect(yearsToDetect({ ...base, power: 0.5 }).years!).toBeLessThan(years);
    expect(yearsToDetect({ ...base, alpha: 0.01 }).years!).toBeGreaterThan(years);
    // Scale does not matter, only slope over noise.
    expect(yearsToDetect({ slope: 1, noise: 5 })).toEqual(yearsToDetect(base));
  });

  it('gives up at the longest record, and refuses what makes no sense', () => {
    expect(yearsToDetect({ slope: 1e-5, noise: 1, mostYears: 20, runs: 200 })).toMatchObject({
      years: null,
      falseAlarms: null,
    });
    for (const wrong of [{ slope: 0 }, { noise: -1 }, { lag1: 1 }, { alpha: 0 }, { power: 1 }, { runs: 10 }]) {
      expect(() => yearsToDetect({ slope: 0.01, noise: 0.05, ...wrong })).toThrow(RangeError);
    }
  });
});
