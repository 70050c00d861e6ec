/**
 * Exact percentiles of any number of float32 values, without holding or sorting them.
 *
 * Float32 bits are turned into a 32-bit key whose order is the order of the numbers. A first pass counts the high 16
 * bits of the keys; the few high keys that hold the wanted ranks are then refined by counting their low 16 bits. Counts
 * are whole numbers, so they add up the same in any order and over any division into blocks.
 * @module
 */
import { checkLength } from './pixel-array.ts';
import { countLowKeysSimd } from './simd/keys.ts';

/** Length of every count array. */
export const KEY_COUNT = 65_536;

const SIGN = 0x8000_0000;
const NAN_ABOVE = 0x7f80_0000;

/** The order-preserving key of float32 bits: negative numbers are mirrored. −0 counts as +0. */
function keyOfBits(bits: number): number {
  if (bits === SIGN) return SIGN;
  return (bits >= SIGN ? ~bits : bits | SIGN) >>> 0;
}

/** The same memory as unsigned 32-bit numbers. */
function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/**
 * Adds the high 16 key bits of all values to `counts`.
 *
 * @param values Any length; NaN is left out.
 * @param counts Length 65536, changed in place.
 * @param selection Same length as `values`; 0 leaves a value out.
 * @throws {RangeError} if lengths differ.
 */
export function countHighKeys(values: Float32Array, counts: Float64Array, selection?: Uint8Array): void {
  checkLength('counts', counts.length, KEY_COUNT);
  if (selection !== undefined) checkLength('selection', selection.length, values.length);
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    if ((word & 0x7fff_ffff) > NAN_ABOVE || selection?.[i] === 0) continue;
    counts[keyOfBits(word) >>> 16]!++;
  }
}

/**
 * Adds the low 16 key bits of the values whose high bits are `high` to `counts`. Parameters as {@link countHighKeys}.
 *
 * @param high The high key to refine, from {@link findRank}.
 */
export function countLowKeys(values: Float32Array, high: number, counts: Float64Array, selection?: Uint8Array): void {
  checkLength('counts', counts.length, KEY_COUNT);
  if (selection !== undefined) checkLength('selection', selection.length, values.length);
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    if ((word & 0x7fff_ffff) > NAN_ABOVE || selection?.[i] === 0) continue;
    const key = keyOfBits(word);
    if (key >>> 16 === high) counts[key & 0xffff]!++;
  }
}

/**
 * {@link countLowKeys} for several high keys in one pass.
 *
 * @param counts One row of 65536 a key, changed in place.
 * @throws {RangeError} if lengths differ.
 */
export function countLowKeysOf(
  values: Float32Array,
  highs: readonly number[],
  counts: Float64Array,
  selection?: Uint8Array,
): void {
  checkLength('counts', counts.length, KEY_COUNT * highs.length);
  if (selection === undefined && countLowKeysSimd(values, highs, counts)) return;
  for (const [k, high] of highs.entries()) {
    countLowKeys(values, high, counts.subarray(k * KEY_COUNT, (k + 1) * KEY_COUNT), selection);
  }
}

/**
 * The key at which a rank falls.
 *
 * @param rank 0 = the smallest value.
 * @returns The key, and the rank among the values of that key.
 * @throws {RangeError} if the rank is not below the number of values counted.
 */
export function findRank(counts: Float64Array, rank: number): { key: number; rank: number } {
  let left = rank;
  for (let key = 0; key < counts.length; key++) {
    const count = counts[key]!;
    if (left < count) return { key, rank: left };
    left -= count;
  }
  throw new RangeError(`Expected a rank below ${rank - left}, got ${rank}`);
}

/** The float32 value of a key. */
export function keyToFloat(high: number, low: number): number {
  const key = ((high << 16) | low) >>> 0;
  return new Float32Array(new Uint32Array([key >= SIGN ? key ^ SIGN : ~key]).buffer)[0]!;
}

/** The two order statistics a percentile lies between, as ranks from 0, and how far it is from lower to upper. */
export interface PercentileRanks {
  readonly lower: number;
  readonly upper: number;
  readonly fraction: number;
}

/**
 * Where the p-th percentile of n values lies: at rank p/100·(n − 1), numpy's default (type 7 of Hyndman & Fan 1996).
 *
 * @throws {RangeError} unless n ≥ 1 and p is in 0–100.
 */
export function percentileRanks(n: number, p: number): PercentileRanks {
  if (!(n >= 1)) throw new RangeError(`Expected at least one value, got ${n}`);
  if (!(p >= 0 && p <= 100)) throw new RangeError(`Expected a percentile in 0–100, got ${p}`);
  const position = (n - 1) * (p / 100);
  const lower = Math.floor(position);
  return { lower, upper: Math.min(lower + 1, n - 1), fraction: position - lower };
}

/** The value between two order statistics, rounded as numpy does it, from the nearer end. */
export function interpolate(lower: number, upper: number, fraction: number): number {
  const step = upper - lower;
  return fraction >= 0.5 ? upper - step * (1 - fraction) : lower + step * fraction;
}

/** How many values have been counted. */
export function countedValues(counts: Float64Array): number {
  let n = 0;
  for (let key = 0; key < counts.length; key++) n += counts[key]!;
  return n;
}

/** The p-th percentile of the values that are not NaN; NaN where there is none. */
export function percentile(values: Float32Array, p: number): number {
  const highCounts = new Float64Array(KEY_COUNT);
  countHighKeys(values, highCounts);
  const n = countedValues(highCounts);
  if (n === 0) return NaN;
  const ranks = percentileRanks(n, p);
  const valueAt = (rank: number): number => {
    const high = findRank(highCounts, rank);
    const lowCounts = new Float64Array(KEY_COUNT);
    countLowKeys(values, high.key, lowCounts);
    return keyToFloat(high.key, findRank(lowCounts, high.rank).key);
  };
  return interpolate(valueAt(ranks.lower), valueAt(ranks.upper), ranks.fraction);
}
