/**
 * Correlations by hand and at their edges; test/ecology/plots-oracle.test.ts holds them against R.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedP, correlationPairs, pearson, spearman } from '../../src/ecology/correlation.ts';

const runs = { seed: 11, numRuns: 200 };

describe('Pearson', () => {
  it('by hand: 1, 2, 3 and 1, 3, 2', () => {
    const found = pearson([1, 2, 3], [1, 3, 2]);
    expect(found.r).toBeCloseTo(0.5, 12);
    // With one degree of freedom t is Cauchy: p = 1 − (2/π)·atan|t|, t = 0.5/√0.75.
    expect(found.p).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(1 / Math.sqrt(3)), 6);
  });

  it('of a line is ±1 with p 0', () => {
    expect(pearson([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4])).toEqual({ n: 4, r: 1, p: 0 });
    expect(pearson([1, 2, 3, 4], [8, 6, 4, 2])).toEqual({ n: 4, r: -1, p: 0 });
  });

  it('passes over gaps, and is none without spread or with fewer than 3 pairs', () => {
    expect(pearson([1, NaN, 2, 3, 9], [1, 5, 3, 2, NaN])).toEqual(pearson([1, 2, 3], [1, 3, 2]));
    expect(pearson([1, 2], [3, 4])).toEqual({ n: 2, r: NaN, p: NaN });
    // 0.1 has no exact sum: its spread is rounding.
    expect(pearson([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4, 5, 7])).toEqual({ n: 6, r: NaN, p: NaN });
  });

  it('never leaves −1 to 1, and does not depend on units', () => {
    const numbers = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(numbers, numbers, (x, y) => {
        const { r } = pearson(x, y);
        fc.pre(!Number.isNaN(r));
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
        expect(pearson(x.map((v) => 3 * v + 7), y).r).toBeCloseTo(r, 9); // prettier-ignore
      }),
      runs,
    );
  });
});

describe('Spearman', () => {
  it('counts the orders of few ranks: of 4! orders 2 are as far from chance as a perfect one', () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 30, 400])).toEqual({ n: 4, r: 1, p: 2 / 24 });
    // d² = 2 is reached by 3 of 24 neighbours' swaps and undercut by 1: 2·4/24.
    expect(spearman([1, 2, 3, 4], [1, 2, 4, 3]).p).toBeCloseTo(8 / 24, 12);
  });

  it('depends on the order alone', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(distinct, distinct, (x, y) => {
        expect(spearman(x.map(Math.log), y)).toEqual(spearman(x, y));
      }),
      runs,
    );
  });

  it('gives ties their mean rank', () => {
    expect(spearman([1, 1, 2, 3], [5, 5, 6, 7]).r).toBe(1);
    expect(spearman([2, 2, 2], [1, 2, 3]).r).toBeNaN();
  });
});

describe('the false discovery rate', () => {
  it('by hand: of 0.01, 0.02, 0.03 and 0.5', () => {
    expect(adjustedP([0.5, 0.02, 0.01, 0.03])).toEqual([0.5, 0.04, 0.04, 0.04]);
  });

  it('counts all pairs of variables', () => {
    const noise = [3, 1, 4, 1, 5, 9, 2, 6];
    const pairs = correlationPairs([
      { name: 'a', values: [1, 2, 3, 4, 5, 6, 7, 8] },
      { name: 'b', values: [1.1, 1.9, 3.2, 3.9, 5.1, 6.2, 6.8, 8.1] },
      { name: 'noise', values: noise },
    ]);
    expect(pairs.map(({ first, second }) => `${first}-${second}`)).toEqual(['a-b', 'a-noise', 'b-noise']);
    expect(pairs[0]!.pearsonFdr).toBeCloseTo(3 * pairs[0]!.pearson.p, 12);
    expect(Math.max(...pairs.map((pair) => pair.pearsonFdr))).toBe(Math.max(...pairs.map((pair) => pair.pearson.p)));
  });
});
