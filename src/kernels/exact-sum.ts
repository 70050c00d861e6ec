/**
 * Order-independent exact sums of whole numbers far beyond 2^53.
 *
 * A sum is a pair [hi, lo] with value hi·2^40 + lo and 0 ≤ lo < 2^40. The pair of a value is unique, and every step is
 * exact, so adding and merging in any order leaves the same bits. Sums stay exact to 2^93.
 * @module
 */
import { checkLength } from './pixel-array.ts';

const RADIX = 2 ** 40;

/** An array of `count` sums, all zero, as [hi, lo] pairs. */
export function exactSums(count: number): Float64Array {
  return new Float64Array(2 * count);
}

function addPair(sums: Float64Array, index: number, hi: number, lo: number): void {
  const sum = sums[2 * index + 1]! + lo;
  const carry = sum >= RADIX ? 1 : 0;
  sums[2 * index] = sums[2 * index]! + hi + carry;
  sums[2 * index + 1] = sum - carry * RADIX;
}

/**
 * Adds a whole number to one sum. In a hot loop, gather a row in a plain double (exact below 2^53) and add that.
 *
 * @param sums [hi, lo] pairs.
 * @param index Which sum.
 * @param value A whole number within ±(2^53 − 1).
 * @throws {RangeError} if the value is not such a number, or the index has no pair.
 */
export function addExact(sums: Float64Array, index: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Expected a whole number below 2^53, got ${value}`);
  if (!(index >= 0 && 2 * index + 1 < sums.length)) {
    throw new RangeError(`Expected an index below ${sums.length / 2}, got ${index}`);
  }
  const hi = Math.floor(value / RADIX);
  addPair(sums, index, hi, value - hi * RADIX);
}

/**
 * Adds all sums of `from` to those of `into`.
 * @throws {RangeError} if lengths differ.
 */
export function mergeExact(into: Float64Array, from: Float64Array): void {
  checkLength('from', from.length, into.length);
  for (let index = 0; 2 * index < into.length; index++) addPair(into, index, from[2 * index]!, from[2 * index + 1]!);
}

/** The sum as a double: the exact value, rounded once. */
export function exactValue(sums: Float64Array, index: number): number {
  // hi·2^40 is exact, so the addition is the only rounding.
  return sums[2 * index]! * RADIX + sums[2 * index + 1]!;
}
