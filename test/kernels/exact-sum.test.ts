import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addExact, exactSums, exactValue, mergeExact } from '../../src/kernels/exact-sum.ts';

const big = (sums: Float64Array): bigint => BigInt(sums[0]!) * 2n ** 40n + BigInt(sums[1]!);
const whole = fc.maxSafeInteger();

describe('exact sums', () => {
  it('carries, borrows and keeps sums apart', () => {
    const sums = exactSums(2);
    addExact(sums, 0, 2 ** 40 - 1);
    addExact(sums, 0, 1);
    addExact(sums, 1, -1);
    expect([...sums]).toEqual([1, 0, -1, 2 ** 40 - 1]);
    expect([exactValue(sums, 0), exactValue(sums, 1)]).toEqual([2 ** 40, -1]);
  });

  it('keeps what a double loses', () => {
    const sums = exactSums(1);
    for (const value of [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1, -Number.MAX_SAFE_INTEGER]) {
      addExact(sums, 0, value);
    }
    expect(exactValue(sums, 0)).toBe(2 ** 53);
    addExact(sums, 0, -Number.MAX_SAFE_INTEGER);
    expect(exactValue(sums, 0)).toBe(1);
  });

  it('refuses what is not a whole number, and an index without a sum', () => {
    expect(() => addExact(exactSums(1), 0, 0.5)).toThrow(/Expected a whole number below 2\^53, got 0.5/);
    expect(() => addExact(exactSums(1), 0, NaN)).toThrow(RangeError);
    expect(() => addExact(exactSums(1), 1, 1)).toThrow(/Expected an index below 1, got 1/);
    expect(() => mergeExact(exactSums(1), exactSums(2))).toThrow(RangeError);
  });

  it('is the sum of big integers, with the same bits in any order and grouping', () => {
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 40 }), fc.nat(40), (values, cut) => {
        const straight = exactSums(1);
        for (const value of values) addExact(straight, 0, value);
        const first = exactSums(1);
        const second = exactSums(1);
        for (const value of values.slice(0, cut).reverse()) addExact(first, 0, value);
        for (const value of values.slice(cut)) addExact(second, 0, value);
        mergeExact(second, first);
        const total = values.reduce((sum, value) => sum + BigInt(value), 0n);
        expect(second).toEqual(straight);
        expect(big(straight)).toBe(total);
        expect(exactValue(straight, 0)).toBe(Number(total));
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});
