import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxComposite, reduceComposite, type ReduceMethod } from '../../src/kernels/composite.ts';
import { percentile } from '../../src/kernels/order-statistics.ts';

function maximum(scenes: number[][]): { acc: Float32Array; count: number[] } {
  const n = scenes[0]!.length;
  const acc = new Float32Array(n).fill(NaN);
  const count = new Uint16Array(n);
  for (const scene of scenes) maxComposite(Float32Array.from(scene), acc, count);
  return { acc, count: [...count] };
}

function reduced(scenes: number[][], method: ReduceMethod): { out: Float32Array; count: number[] } {
  const n = scenes[0]!.length;
  const out = new Float32Array(n);
  const count = new Uint16Array(n);
  reduceComposite(Float32Array.from(scenes.flat()), scenes.length, n, method, out, count);
  return { out, count: [...count] };
}

describe('maxComposite', () => {
  it('keeps the largest clear value and counts clear ones', () => {
    const { acc, count } = maximum([
      [0.25, NaN, NaN],
      [0.5, -1, NaN],
      [NaN, -0.5, NaN],
    ]);
    expect([...acc]).toEqual([0.5, -0.5, NaN]);
    expect(count).toEqual([2, 2, 0]);
  });

  it('gives the same bits for 0 and −0 in either order', () => {
    expect(Object.is(maximum([[0], [-0]]).acc[0], 0)).toBe(true);
    expect(Object.is(maximum([[-0], [0]]).acc[0], 0)).toBe(true);
  });
});

describe('reduceComposite', () => {
  const scenes = [
    [0.5, NaN, NaN, 1],
    [0.25, 0.5, NaN, 2],
    [1, 0.25, NaN, 3],
    [NaN, NaN, NaN, 6],
  ];

  it('takes median, mean and percentile by hand', () => {
    expect(reduced(scenes, 'median')).toEqual({ out: Float32Array.of(0.5, 0.375, NaN, 2.5), count: [3, 2, 0, 4] });
    expect([...reduced(scenes, 'mean').out]).toEqual([Math.fround(1.75 / 3), 0.375, NaN, 3]);
    expect([...reduced(scenes, { percentile: 25 }).out]).toEqual([0.375, 0.3125, NaN, 1.75]);
    expect([...reduced(scenes, { percentile: 100 }).out]).toEqual([1, 0.5, NaN, 6]);
  });

  it('refuses a percentile outside 0–100', () => {
    expect(() => reduced(scenes, { percentile: 101 })).toThrow(/percentile in 0–100, got 101/);
  });

  const value = fc.oneof(fc.constant(NaN), fc.constant(-0), fc.constant(0), fc.float({ min: -1, max: 1, noNaN: true }));
  const series = fc.array(value, { minLength: 1, maxLength: 12 });

  it('does not depend on the order of the scenes', () => {
    fc.assert(
      fc.property(series, (values) => {
        const forward = values.map((v) => [v]);
        const sorted = values.toSorted((a, b) => a - b).map((v) => [v]);
        expect(maximum(sorted)).toEqual(maximum(forward));
        for (const method of ['median', 'mean', { percentile: 37 }] as const) {
          expect(reduced(sorted, method)).toEqual(reduced(forward, method));
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('agrees with the percentile of the values by radix counting', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 100 }), (values, p) => {
        const [got] = reduced(
          values.map((v) => [v]),
          { percentile: p },
        ).out;
        expect(got).toBe(Math.fround(percentile(Float32Array.from(values), p)));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
