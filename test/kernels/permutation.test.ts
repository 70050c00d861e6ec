import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permutationTest } from '../../src/kernels/permutation.ts';
import { normalRandom, uniformRandom } from '../../src/kernels/random.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';

/** [t][pixel] of a function of time and pixel. */
function stackOf(nTimes: number, nPixels: number, value: (t: number, i: number) => number): Float32Array {
  return Float32Array.from({ length: nTimes * nPixels }, (_, k) => value(Math.floor(k / nPixels), k % nPixels));
}

describe('permutationTest', () => {
  it('works by hand: one pixel that rises', () => {
    // Of the 120 orders of five years 2 have |S| = 10: with 999 shuffles p is near 2/120.
    const got = permutationTest(
      stackOf(5, 1, (t) => t),
      5,
      1,
      1,
      { permutations: 999, seed: 1 },
    );
    expect(got.largestZ[0]).toBeCloseTo(trendTest([0, 1, 2, 3, 4]).z, 12);
    expect(Math.abs(got.p[0]! - 2 / 120)).toBeLessThan(4 * Math.sqrt(2 / 120 / 1000));
    expect(got.clusters).toEqual([{ sign: 1, pixels: 1, first: 0, p: got.p[0] }]);
    // Whether a shuffle has a patch at all is whether its |S| is 10.
    expect(got.largestCluster.filter((size) => size === 1)).toHaveLength(Math.round(got.p[0]! * 1000));
  });

  it('finds the patch that trends in noise that all pixels share, and nothing else', () => {
    const normal = normalRandom(uniformRandom(5));
    const weather = Array.from({ length: 12 }, normal);
    const width = 12;
    const inside = (i: number): boolean => i % width < 4 && Math.floor(i / width) < 4;
    const stack = stackOf(12, width * 10, (t, i) => 0.1 * weather[t]! + 0.5 * normal() - (inside(i) ? 0.8 * t : 0));
    const got = permutationTest(stack, 12, width, 10, { permutations: 199, seed: 2, clusterP: 0.01 });
    // Shuffled, the patch still moves as one: in a hundredth of the orders it passes the limit, and is as large.
    expect(got.clusters[0]!.sign).toBe(-1);
    expect(got.clusters[0]!.p).toBeLessThanOrEqual(0.05);
    expect(Math.abs(got.clusters[0]!.pixels - 16)).toBeLessThan(4);
    for (const i of got.p.keys()) expect(!inside(i) || got.p[i]! < 0.05).toBe(true);
    const outside = Array.from(got.p).filter((_, i) => !inside(i));
    expect(outside.filter((p) => p < 0.05).length).toBeLessThan(4);
  });

  it('joins corners, keeps rise and fall apart, and leaves out pixels with too few years', () => {
    // + − ·
    // · + ·
    // + · 0
    const signs = [1, -1, NaN, NaN, 1, NaN, 1, NaN, 0];
    const stack = stackOf(8, 9, (t, i) => (Number.isNaN(signs[i]!) && t > 2 ? NaN : (signs[i]! || 0) * t));
    const got = permutationTest(stack, 8, 3, 3, { permutations: 20, seed: 3 });
    expect(got.clusters.map(({ sign, pixels, first }) => [sign, pixels, first])).toEqual([
      [1, 3, 0],
      [-1, 1, 1],
    ]);
    expect([...got.p].map((p) => Number.isNaN(p))).toEqual([false, false, true, true, false, true, false, true, true]);
  });

  it('holds its level when nothing trends: p below 0.1 in about a tenth of the fields', () => {
    const normal = normalRandom(uniformRandom(6));
    let below = 0;
    for (let field = 0; field < 200; field++) {
      const shared = Array.from({ length: 8 }, normal);
      const stack = stackOf(8, 16, (t) => shared[t]! + normal());
      const got = permutationTest(stack, 8, 4, 4, { permutations: 59, seed: field });
      below += +(Math.min(...got.p) <= 0.1);
    }
    // Binomial with 200 fields at most 0.1: standard deviation 4.3; discrete, so often less.
    expect(below).toBeLessThan(20 + 4 * 4.3);
  });

  it('repeats itself with its seed, never has p = 0, and follows increasing transforms', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(values, (x) => {
        const options = { permutations: 30, seed: 4 };
        const got = permutationTest(Float32Array.from(x), 6, 2, 2, options);
        expect(
          permutationTest(
            Float32Array.from(x, (v) => v ** 3),
            6,
            2,
            2,
            options,
          ),
        ).toEqual(got);
        for (const p of got.p) expect(Number.isNaN(p) || p >= 1 / 31).toBe(true);
      }),
      { seed: 44, numRuns: 60 },
    );
    expect(() => permutationTest(new Float32Array(3), 1, 2, 2, { permutations: 9, seed: 1 })).toThrow(RangeError);
    expect(() => permutationTest(new Float32Array(4), 1, 2, 2, { permutations: 0, seed: 1 })).toThrow(/permutations/);
  });
});
