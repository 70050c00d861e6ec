/**
 * The annual maximum of a normalized difference, in one pass over the digital numbers of a scene; and the counts of its
 * values by the high half of their keys.
 * @module
 */
import { differenceOfFour } from './pixels';

/** Takes four pixels into the maximum; returns where they are valid. */
function take(value: v128, drop: v128, acc: usize): v128 {
  const best = v128.load(acc);
  const index = v128.bitselect(f32x4.splat(NaN), value, drop);
  const valid = f32x4.eq(index, index);
  const better = v128.andnot(valid, f32x4.ge(best, index));
  v128.store(acc, v128.bitselect(f32x4.add(index, f32x4.splat(0)), best, better));
  return valid;
}

/**
 * Takes a scene into a running maximum, 8 pixels at a time: what `normalizedDifference` and `maximum` do in two passes.
 *
 * @returns Pixels with a value.
 */
export function differenceMaximum(
  a: usize,
  scaleA: f64,
  offsetA: f64,
  b: usize,
  scaleB: f64,
  offsetB: f64,
  clear: usize,
  acc: usize,
  seen: usize,
  count: i32,
): i32 {
  const sA = f64x2.splat(scaleA);
  const oA = f64x2.splat(offsetA);
  const sB = f64x2.splat(scaleB);
  const oB = f64x2.splat(offsetB);
  let valid = 0;
  for (let i = 0; i < count; i += 8, a += 16, b += 16, clear += 8, acc += 32, seen += 16) {
    const clearOfEight = v128.load64_zero(clear);
    // Eight pixels that are all dropped need no look: clouds come in fields.
    if (i64x2.extract_lane(clearOfEight, 0) == 0) continue;
    const left = v128.load(a);
    const right = v128.load(b);
    const drop = i16x8.extend_low_i8x16_s(i8x16.eq(clearOfEight, i8x16.splat(0)));
    const low = differenceOfFour(i32x4.extend_low_i16x8_u(left), i32x4.extend_low_i16x8_u(right), sA, oA, sB, oB);
    const high = differenceOfFour(i32x4.extend_high_i16x8_u(left), i32x4.extend_high_i16x8_u(right), sA, oA, sB, oB);
    const validLow = take(low, i32x4.extend_low_i16x8_s(drop), acc);
    const validHigh = take(high, i32x4.extend_high_i16x8_s(drop), acc + 16);
    const both = i16x8.narrow_i32x4_s(validLow, validHigh);
    v128.store(seen, i16x8.sub(v128.load(seen), both));
    valid += popcnt(i16x8.bitmask(both));
  }
  return valid;
}

/** Counts values that are not NaN by the high half of their keys; see ../../order-statistics.ts. */
export function countHighKeys(values: usize, count: i32, counts: usize): void {
  for (const end = values + ((<usize>count) << 2); values < end; values += 4) {
    // Adding 0 turns −0 into 0.
    const value = load<f32>(values) + 0;
    if (value != value) continue;
    const bits = reinterpret<u32>(value);
    const key = ((<i32>bits < 0 ? ~bits : bits | 0x80000000) >>> 16) << 2;
    store<u32>(counts + key, load<u32>(counts + key) + 1);
  }
}

/**
 * Packs the keys that occur and their counts, and empties the table.
 *
 * @returns How many there are.
 */
export function takeKeys(counts: usize, keys: usize, found: usize): i32 {
  let n: usize = 0;
  for (let key = 0; key < 65536; key += 4) {
    const four = v128.load(counts + ((<usize>key) << 2));
    if (!v128.any_true(four)) continue;
    for (let k = key; k < key + 4; k++) {
      const count = load<u32>(counts + ((<usize>k) << 2));
      if (count == 0) continue;
      store<u32>(keys + (n << 2), k);
      store<u32>(found + (n << 2), count);
      n++;
    }
    v128.store(counts + ((<usize>key) << 2), i32x4.splat(0));
  }
  return <i32>n;
}

/** Counts by their low half the values whose high half is `high`, four at a time: most fours have none. */
export function countLowKeys(values: usize, count: i32, high: u32, counts: usize): void {
  const wanted = high << 16;
  // The bits of a float with this key, where its low half is left open.
  const isNegative = (wanted & 0x80000000) == 0;
  const flipped = isNegative ? ~wanted : wanted ^ 0x80000000;
  const bits = i32x4.splat(flipped & 0xffff0000);
  const mask = i32x4.splat(0xffff0000);
  const zero = f32x4.splat(0);
  const end = values + ((<usize>count) << 2);
  for (; values < end; values += 16) {
    const four = f32x4.add(v128.load(values), zero);
    const hit = v128.and(i32x4.eq(v128.and(four, mask), bits), f32x4.eq(four, four));
    let lanes = i32x4.bitmask(hit);
    while (lanes != 0) {
      const at = values + ((<usize>ctz(lanes)) << 2);
      lanes &= lanes - 1;
      if (at >= end) continue;
      const word = reinterpret<u32>(load<f32>(at) + 0);
      const low = ((isNegative ? ~word : word) & 0xffff) << 2;
      store<u32>(counts + low, load<u32>(counts + low) + 1);
    }
  }
}

/** The bin of a value; what lies beyond counts in the first and last one. */
function count(value: f64, first: f64, perBin: f64, last: f64, counts: usize): void {
  if (value != value) return;
  const bin = min(max(floor((value - first) * perBin), 0), last);
  const at = counts + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * Counts the clear pixels of some rows and columns by the reflectance of both bands and by their normalized difference.
 *
 * @param row First row, first column, and the step of both.
 * @param counts Tables of the first band, the second and the difference, one behind the other.
 */
export function countReflectances(
  a: usize,
  scaleA: f64,
  offsetA: f64,
  b: usize,
  scaleB: f64,
  offsetB: f64,
  clear: usize,
  width: i32,
  height: i32,
  row: i32,
  col: i32,
  step: i32,
  first: f64,
  perBin: f64,
  bins: i32,
  indexFirst: f64,
  indexPerBin: f64,
  indexBins: i32,
  counts: usize,
): void {
  const last = <f64>(bins - 1);
  const indexLast = <f64>(indexBins - 1);
  const countsB = counts + ((<usize>bins) << 2);
  const countsIndex = countsB + ((<usize>bins) << 2);
  for (; row < height; row += step) {
    const end = <usize>(row + 1) * width;
    for (let i = <usize>row * width + col; i < end; i += step) {
      if (load<u8>(clear + i) == 0) continue;
      const left = <f64>load<u16>(a + (i << 1)) * scaleA + offsetA;
      const right = <f64>load<u16>(b + (i << 1)) * scaleB + offsetB;
      count(left, first, perBin, last, counts);
      count(right, first, perBin, last, countsB);
      const sum = left + right;
      if (!(sum > 0)) continue;
      const value = (left - right) / sum;
      // As it is stored: clipped, in float32. NaN stays NaN.
      const clipped = <f32>(value > 1 ? 1 : value < -1 ? -1 : value);
      count(<f64>clipped, indexFirst, indexPerBin, indexLast, countsIndex);
    }
  }
}
