import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateAccuracy, Z95 } from '../../src/kernels/accuracy.ts';

const square = (n: number) => Int32Array.from({ length: n }, (_, k) => k);
const estimate = (counts: readonly (readonly number[])[], areas: readonly number[]) =>
  estimateAccuracy(Float64Array.from(counts.flat()), counts[0]!.length, Float64Array.from(areas), square(areas.length));

/** Deforestation, forest gain, stable forest, stable non-forest. */
const PUBLISHED = [
  [66, 0, 5, 4],
  [0, 55, 8, 12],
  [1, 0, 153, 11],
  [2, 1, 9, 313],
];
const PIXELS = [200_000, 150_000, 3_200_000, 6_450_000];

describe('estimateAccuracy', () => {
  it('gives the areas of Olofsson et al. 2014, section 5, to the hectare', () => {
    const { areas } = estimate(
      PUBLISHED,
      PIXELS.map((n) => (n * 900) / 1e4),
    );
    expect(areas.map((a) => Math.round(a.value))).toEqual([21_158, 11_686, 285_770, 581_386]);
    expect(areas.map((a) => Math.round(Z95 * a.standardError))).toEqual([6158, 3756, 15_510, 16_282]);
  });

  it('gives the accuracies of the same section, to the two digits printed there', () => {
    const { users, producers, overall } = estimate(PUBLISHED, PIXELS);
    const printed = (e: { value: number; standardError: number }) =>
      [e.value, Z95 * e.standardError].map((x) => Number(x.toFixed(2)));
    expect(users.map(printed)).toEqual([
      [0.88, 0.07],
      [0.73, 0.1],
      [0.93, 0.04],
      [0.96, 0.02],
    ]);
    expect(producers.map((p) => printed(p)[0])).toEqual([0.75, 0.85, 0.93, 0.96]);
    expect(printed(producers[0]!)).toEqual([0.75, 0.21]);
    expect(printed(overall)).toEqual([0.95, 0.02]);
  });

  it('gives the first example of Olofsson et al. 2013: 45,112 ± 21,072 pixels of deforestation', () => {
    const counts = [
      [97, 0, 3],
      [3, 279, 18],
      [2, 1, 97],
    ];
    const { areas, users, producers, overall } = estimate(counts, [22_353, 1_122_543, 610_228]);
    expect(Math.round(areas[0]!.value)).toBe(45_112);
    // The paper rounds on the way; 1.96 or 1.959964 alone moves it by 0.4.
    expect(Math.abs(Z95 * areas[0]!.standardError - 21_072)).toBeLessThan(1);
    expect([users[0]!.value, producers[0]!.value, overall.value].map((x) => x.toFixed(4))).toEqual([
      '0.9700',
      '0.4806',
      '0.9444',
    ]);
  });

  it('is a case worked out by hand: two strata of 90 and 10 ha, ten units each', () => {
    const { areas, users, producers, overall, shares } = estimate(
      [
        [9, 1],
        [2, 8],
      ],
      [90, 10],
    );
    // 90 · 0.1 + 10 · 0.8 = 17; variances 0.09 / 9 = 0.01 and 0.16 / 9.
    expect(areas[1]!.value).toBeCloseTo(17, 12);
    expect(areas[1]!.standardError).toBeCloseTo(Math.sqrt(8100 * 0.01 + (100 * 0.16) / 9), 12);
    expect(users[1]!.value).toBe(0.8);
    expect(producers[1]!.value).toBeCloseTo(8 / 17, 12);
    expect(overall.value).toBeCloseTo(0.89, 12);
    expect([...shares].map((x) => Number(x.toFixed(6)))).toEqual([0.81, 0.09, 0.02, 0.08]);
  });

  it('agrees with unit-level ratio estimators (Stehman 2014) of a foreign program', () => {
    const oracle = JSON.parse(readFileSync('test/oracle/accuracy.json', 'utf8')) as {
      cases: {
        areas: number[];
        counts: number[][];
        area: number[][];
        users: number[][];
        producers: number[][];
        overall: number[];
      }[];
    };
    /** Float64 sums in another order. */
    const near = (found: number, wanted: number) =>
      expect(Math.abs(found - wanted)).toBeLessThan(1e-10 * (1 + Math.abs(wanted)));
    for (const c of oracle.cases) {
      const found = estimate(c.counts, c.areas);
      c.areas.forEach((_, k) => {
        near(found.areas[k]!.value, c.area[k]![0]!);
        near(found.areas[k]!.standardError, c.area[k]![1]!);
        near(found.users[k]!.value, c.users[k]![0]!);
        near(found.users[k]!.standardError, c.users[k]![1]!);
        near(found.producers[k]!.value, c.producers[k]![0]!);
        near(found.producers[k]!.standardError, c.producers[k]![1]!);
      });
      near(found.overall.value, c.overall[0]!);
      near(found.overall.standardError, c.overall[1]!);
    }
  });

  it('shares out the whole area, whatever was counted', () => {
    const row = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 3 });
    const rows = fc.array(
      row.filter((counts) => counts.reduce((a, b) => a + b, 0) >= 2),
      { minLength: 3, maxLength: 3 },
    );
    const areas = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(rows, areas, (counts, sizes) => {
        const whole = sizes.reduce((a, b) => a + b, 0);
        const found = estimate(counts, sizes);
        const sum = found.areas.reduce((a, b) => a + b.value, 0);
        expect(Math.abs(sum - whole)).toBeLessThanOrEqual(1e-9 * whole);
        expect(Math.abs(found.shares.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-9);
        for (const { value, standardError } of found.areas) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(standardError).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('takes classes that the map does not have, and strata whose class nobody saw', () => {
    const counts = Float64Array.from([5, 5, 0, 10]);
    const found = estimateAccuracy(counts, 2, Float64Array.from([50, 50]), Int32Array.from([0, -1]));
    expect(found.areas.map((a) => a.value)).toEqual([25, 75]);
    expect(found.users.map((a) => a.value)).toEqual([0.5, 0]);
    expect(found.producers[1]!.value).toBeNaN();
  });

  it('refuses strata that cannot tell a variance', () => {
    expect(() =>
      estimate(
        [
          [1, 0],
          [3, 4],
        ],
        [1, 1],
      ),
    ).toThrow(/at least 2 units in stratum 0/);
    expect(() =>
      estimate(
        [
          [1, 1],
          [3, 4],
        ],
        [1, 0],
      ),
    ).toThrow(/positive area of stratum 1/);
  });
});
