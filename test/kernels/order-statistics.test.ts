import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countedValues,
  countHighKeys,
  countLowKeys,
  countLowKeysOf,
  findRank,
  interpolate,
  KEY_COUNT,
  keyToFloat,
  percentile,
  percentileRanks,
} from '../../src/kernels/order-statistics.ts';
import { FLOAT64, float32, oracle, relativeError } from './oracle.ts';

const counts = (): Float64Array => new Float64Array(KEY_COUNT);

describe('percentile', () => {
  it('interpolates by hand', () => {
    const values = Float32Array.of(4, NaN, 1, 3, 2);
    expect(percentile(values, 0)).toBe(1);
    expect(percentile(values, 50)).toBe(2.5);
    expect(percentile(values, 90)).toBeCloseTo(3.7, 14);
    expect(percentile(Float32Array.of(NaN), 50)).toBeNaN();
  });

  it('agrees with numpy, extremes, subnormals and ties included', () => {
    const values = float32(oracle.percentiles.values);
    for (const { p, value } of oracle.percentiles.expected) {
      expect(relativeError(percentile(values, p), value), `p${p}`).toBeLessThan(FLOAT64);
    }
  });

  it('is the order statistic of a sort, for any floats', () => {
    const floats = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(floats, fc.nat(), (list, at) => {
        const values = Float32Array.from(list);
        const sorted = values.toSorted();
        const rank = at % values.length;
        const high = counts();
        countHighKeys(values, high);
        const found = findRank(high, rank);
        const low = counts();
        countLowKeys(values, found.key, low);
        expect(keyToFloat(found.key, findRank(low, found.rank).key)).toBe(sorted[rank]! + 0);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('counting', () => {
  it('of several keys in one pass is that of each key, by either twin', () => {
    const values = Float32Array.from({ length: 10_001 }, (_, i) => {
      const kind = i % 11;
      if (kind === 0) return NaN;
      if (kind === 1) return -0;
      if (kind === 2) return i % 2 === 0 ? Infinity : -Infinity;
      return kind === 3 ? 0 : Math.fround(Math.sin(i) * 0.5);
    });
    const high = counts();
    countHighKeys(values, high);
    const occurring = [...high.keys()].filter((key) => high[key]! > 0);
    // The rarest and the commonest, negative and positive, infinite, zero, and one that does not occur.
    const keys = [occurring[0]!, occurring[1]!, 0x8000, occurring.at(-2)!, occurring.at(-1)!, 12_345];
    const expected = keys.map((key) => {
      const low = counts();
      countLowKeys(values, key, low);
      return low;
    });
    const everything = new Uint8Array(values.length).fill(1);
    for (const selection of [undefined, everything]) {
      const found = new Float64Array(KEY_COUNT * keys.length);
      countLowKeysOf(values, keys, found, selection);
      for (const [k, low] of expected.entries()) {
        expect(found.subarray(k * KEY_COUNT, (k + 1) * KEY_COUNT)).toEqual(low);
        expect(countedValues(low)).toBe(high[keys[k]!]);
      }
    }
    expect(() => countLowKeysOf(values, keys, counts())).toThrow(RangeError);
  });

  it('adds up over any division into blocks, and leaves unselected values out', () => {
    const values = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i * i));
    const selection = Uint8Array.from(values, (_, i) => i % 3);
    const whole = counts();
    const parts = counts();
    countHighKeys(values, whole, selection);
    for (const [from, to] of [
      [0, 123],
      [123, 124],
      [124, 500],
    ] as const) {
      countHighKeys(values.subarray(from, to), parts, selection.subarray(from, to));
    }
    expect(parts).toEqual(whole);
    expect(countedValues(whole)).toBe(333);
    expect(() => findRank(whole, 333)).toThrow(/Expected a rank below 333, got 333/);
  });

  it('holds 0 and −0 for equal', () => {
    const high = counts();
    countHighKeys(Float32Array.of(0, -0, NaN), high);
    expect(findRank(high, 1)).toEqual({ key: 0x8000, rank: 1 });
    expect(Object.is(percentile(Float32Array.of(-0), 0), 0)).toBe(true);
  });

  it('gives ranks in range and exact ends', () => {
    expect(percentileRanks(5, 50)).toEqual({ lower: 2, upper: 2 + 1, fraction: 0 });
    expect(percentileRanks(1, 95)).toEqual({ lower: 0, upper: 0, fraction: 0 });
    expect(interpolate(1, 3, 0.75)).toBe(2.5);
    expect(() => percentileRanks(0, 50)).toThrow(RangeError);
    expect(() => percentileRanks(5, -1)).toThrow(/percentile in 0–100, got -1/);
  });
});
