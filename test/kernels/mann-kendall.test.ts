import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attainableP, exactP, smallestExactP, tieWeight, varianceS, zScore } from '../../src/kernels/mann-kendall.ts';
import { FLOAT64, relativeError } from './oracle.ts';

/** All ways to write n as a sum, parts descending. */
function partitions(n: number, largest = n): number[][] {
  if (n === 0) return [[]];
  return Array.from({ length: Math.min(n, largest) }, (_, i) => i + 1).flatMap((part) =>
    partitions(n - part, part).map((rest) => [part].concat(rest)),
  );
}

function kendallS(values: readonly number[]): number {
  let s = 0;
  values.forEach((value, j) => values.slice(0, j).forEach((before) => (s += Math.sign(value - before))));
  return s;
}

function* permutations(values: readonly number[]): Generator<number[]> {
  if (values.length === 0) yield [];
  for (let i = 0; i < values.length; i++) {
    for (const rest of permutations(values.toSpliced(i, 1))) yield [values[i]!, ...rest];
  }
}

/** Coefficients of [n]_q! / Π [t]_q!, by long multiplication and exact division of whole numbers. */
function qMultinomial(n: number, ties: readonly number[]): bigint[] {
  let counts = [1n];
  for (let m = 1; m <= n; m++) {
    const next = Array.from({ length: counts.length + m - 1 }, () => 0n);
    counts.forEach((count, i) => {
      for (let j = 0; j < m; j++) next[i + j]! += count;
    });
    counts = next;
  }
  for (const m of ties.flatMap((t) => Array.from({ length: t }, (_, i) => i + 1))) {
    const quotient: bigint[] = [];
    for (let i = 0; i < counts.length - m + 1; i++) {
      let q = counts[i]!;
      for (let j = 1; j < m && j <= i; j++) q -= quotient[i - j]!;
      quotient.push(q);
    }
    counts = quotient;
  }
  return counts;
}

describe('exactP', () => {
  it('gives the known values', () => {
    expect(exactP(6, [], 4)).toBeCloseTo(2 / 24, 15);
    expect(exactP(5, [2], 4)).toBeCloseTo(1 / 6, 15);
    expect(exactP(-10, [], 5)).toBeCloseTo(2 / 120, 15);
    expect(exactP(0, [], 4)).toBe(1);
    expect(exactP(0, [4], 4)).toBe(1);
    expect(exactP(1, [], 6)).toBe(1);
  });

  it('equals enumeration for every tie pattern to n = 7', () => {
    for (let n = 1; n <= 7; n++) {
      for (const ties of partitions(n)) {
        const values = ties.flatMap((size, group) => Array.from({ length: size }, () => group));
        const all = [...permutations(values)].map(kendallS);
        for (const s of new Set(all)) {
          const want = s === 0 ? 1 : Math.min(1, (2 * all.filter((x) => x >= Math.abs(s)).length) / all.length);
          expect(relativeError(exactP(s, ties, n), want), `n ${n} ties ${ties.join()} s ${s}`).toBeLessThan(FLOAT64);
        }
      }
    }
  });

  it('equals the q-multinomial in whole numbers to n = 30', () => {
    const patterns: [number, number[]][] = [
      [10, []],
      [20, [3, 2]],
      [29, [14, 13]],
      [30, []],
      [30, [2, 2, 2]],
      [30, [10, 7, 4, 3]],
      [30, [15, 15]],
      [30, [29]],
    ];
    for (const [n, ties] of patterns) {
      const counts = qMultinomial(n, ties);
      const total = counts.reduce((sum, count) => sum + count, 0n);
      let tail = 0n;
      for (let inversions = 0, s = counts.length - 1; s > 0; inversions++, s -= 2) {
        tail += counts[inversions]!;
        const want = Math.min(1, Number((2n * tail * 10n ** 60n) / total) / 1e60);
        expect(relativeError(exactP(s, ties, n), want), `n ${n} ties ${ties.join()} s ${s}`).toBeLessThan(FLOAT64);
      }
      expect(smallestExactP(ties, n)).toBe(exactP(counts.length - 1, ties, n));
    }
  });

  it('is rounded once, so that 1/20 is 0.05 and not below it', () => {
    // 10 values of which 6 are equal, S = 20: 126 of 5,040 arrangements on each side.
    expect(exactP(20, [6], 10)).toBe(0.05);
    expect(exactP(6, [], 4)).toBe(2 / 24);
  });

  it('refuses what cannot occur', () => {
    expect(() => exactP(5, [], 4)).toThrow(/Expected an S that 4 values with ties {2}can have, got 5/);
    expect(() => exactP(7, [], 4)).toThrow(RangeError);
    expect(() => exactP(0, [], 31)).toThrow(/Expected n in 1–30 for an exact p, got 31/);
    expect(() => exactP(0, [3, 2], 4)).toThrow(/Expected ties within 4 values, got 3,2/);
  });

  it('has a key of its own for every tie pattern of every n', () => {
    const keys = new Set<number>();
    let patterns = 0;
    for (let n = 1; n <= 30; n++) {
      for (const ties of partitions(n)) {
        patterns++;
        keys.add(ties.reduce((key, size) => key + tieWeight(size), n));
      }
    }
    expect(keys.size).toBe(patterns);
    expect(Math.max(...keys)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
  });

  it('is worse with ties: the smallest p never falls when two values are made equal', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(sizes, ([first, second, ...rest]) => {
        const n = first! + second! + rest.reduce((sum, size) => sum + size, 0);
        fc.pre(n <= 30);
        const merged = [first! + second!, ...rest];
        expect(smallestExactP(merged, n)).toBeGreaterThan(
          smallestExactP([first!, second!, ...rest], n) * (1 - FLOAT64),
        );
      }),
      { seed: 11 },
    );
  });
});

describe('what n years can show', () => {
  it('is the table of the smallest p', () => {
    expect([4, 5, 6].map((n) => Number(attainableP(n)[0]!.toFixed(4)))).toEqual([0.0833, 0.0167, 0.0028]);
    expect(attainableP(4)).toEqual([2 / 24, 8 / 24, 18 / 24, 1]);
    expect(smallestExactP([5], 5)).toBe(1);
  });
});

describe('variance and Z', () => {
  it('takes ties off and corrects for continuity', () => {
    expect(varianceS(4, [])).toBeCloseTo(26 / 3, 14);
    expect(varianceS(6, [2])).toBeCloseTo(27 + 1 / 3, 12);
    expect(varianceS(5, [5])).toBe(0);
    // Two values in each of two years: S is the sum of four signs, −4, −2 … 4 in 1, 1, 2, 1, 1 of 6 arrangements.
    expect(varianceS(4, [], [2, 2])).toBeCloseTo((16 + 4 + 0 + 4 + 16) / 6, 12);
    expect(varianceS(6, [3, 1, 0], [2, 1])).toBeCloseTo(varianceS(6, [3], [2]), 12);
    expect(zScore(6, 26 / 3)).toBeCloseTo(1.698, 3);
    expect(zScore(-6, 26 / 3)).toBe(-zScore(6, 26 / 3));
    expect([zScore(0, 5), zScore(1, 5), zScore(0, 0)]).toEqual([0, 0, 0]);
  });
});
