import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRankAbove } from '../../src/kernels/signed-rank.ts';

interface Oracle {
  signedRank: { values: number[]; w: number; p: number }[];
}

const oracle = JSON.parse(readFileSync(new URL('../oracle/rings.json', import.meta.url), 'utf8')) as Oracle;

/** All ways to give signs to the ranks of values, one by one. */
function byEnumeration(values: readonly number[]): { w: number; p: number } {
  const kept = values.filter((value) => value !== 0);
  const rank = (value: number) => {
    const below = kept.filter((other) => Math.abs(other) < Math.abs(value)).length;
    const equal = kept.filter((other) => Math.abs(other) === Math.abs(value)).length;
    return below + (equal + 1) / 2;
  };
  const ranks = kept.map(rank);
  const w = ranks.reduce((sum, r, k) => sum + (kept[k]! > 0 ? r : 0), 0);
  let hits = 0;
  for (let signs = 0; signs < 2 ** kept.length; signs++) {
    const sum = ranks.reduce((total, r, k) => total + ((signs >> k) & 1 ? r : 0), 0);
    if (sum >= w) hits++;
  }
  return { w, p: hits / 2 ** kept.length };
}

describe('signed-rank test', () => {
  it('gives the values worked out by hand', () => {
    // Ranks 1, 2, 3 all positive: one way of eight.
    expect(signedRankAbove([0.1, 0.2, 0.3])).toEqual({ n: 3, w: 6, p: 1 / 8 });
    // −1 has rank 1: W = 2 + 3 = 5, reached by 6 and 5.
    expect(signedRankAbove([-1, 2, 3])).toEqual({ n: 3, w: 5, p: 2 / 8 });
    expect(signedRankAbove([-1, -2, -3])).toEqual({ n: 3, w: 0, p: 1 });
    // Two of one size share the rank 1.5.
    expect(signedRankAbove([1, -1])).toEqual({ n: 2, w: 1.5, p: 3 / 4 });
  });

  it('leaves out zeros and NaN, and has no opinion on nothing', () => {
    expect(signedRankAbove([0, NaN, 0.1, 0.2, 0.3])).toEqual({ n: 3, w: 6, p: 1 / 8 });
    expect(signedRankAbove([])).toEqual({ n: 0, w: 0, p: 1 });
  });

  it('needs five years for 5 %', () => {
    expect(signedRankAbove([1, 2, 3, 4]).p).toBeGreaterThan(0.05);
    expect(signedRankAbove([1, 2, 3, 4, 5]).p).toBeLessThan(0.05);
  });

  it('agrees with scipy', () => {
    expect(oracle.signedRank.length).toBeGreaterThan(20);
    for (const { values, w, p } of oracle.signedRank) {
      const found = signedRankAbove(values);
      expect(found.w).toBe(w);
      expect(Math.abs(found.p - p)).toBeLessThan(1e-12);
    }
  });

  it('agrees with enumeration, ties and zeros included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 9 }), (values) => {
        const { w, p } = byEnumeration(values);
        const found = signedRankAbove(values);
        expect(found.w).toBe(w);
        expect(found.p).toBeCloseTo(p, 12);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
