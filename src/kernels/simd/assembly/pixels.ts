/**
 * Kernels of one pass over pixels: masks, index, running maximum, cover. Each takes whole vectors: the loader rounds the
 * number of pixels up and lets the rest be what it is.
 * @module
 */

/** Two of eight uint16 as reflectances. */
function reflectance(pair: v128, scale: v128, offset: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(pair), scale), offset);
}

/** (a − b)/(a + b) of two pixels, clipped to [−1, 1]; NaN where the sum is not positive. */
function difference(a: v128, b: v128): v128 {
  const one = f64x2.splat(1);
  const sum = f64x2.add(a, b);
  const value = f64x2.div(f64x2.sub(a, b), sum);
  // Of NaN and a bound, both keep NaN, their first operand.
  const clipped = f64x2.pmax(f64x2.pmin(value, one), f64x2.neg(one));
  return v128.bitselect(clipped, f64x2.splat(NaN), f64x2.gt(sum, f64x2.splat(0)));
}

/** Four float32 of twice two float64. */
function demoted(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** The normalized difference of four pixels, the low half of uint16 that are widened already. */
export function differenceOfFour(a: v128, b: v128, sA: v128, oA: v128, sB: v128, oB: v128): v128 {
  const low = difference(reflectance(a, sA, oA), reflectance(b, sB, oB));
  const upperA = v128.shuffle<i64>(a, a, 1, 1);
  const upperB = v128.shuffle<i64>(b, b, 1, 1);
  return demoted(low, difference(reflectance(upperA, sA, oA), reflectance(upperB, sB, oB)));
}

/** Normalized difference of two uint16 bands, 8 pixels at a time; NaN where `clear` is 0. */
export function normalizedDifference(
  a: usize,
  scaleA: f64,
  offsetA: f64,
  b: usize,
  scaleB: f64,
  offsetB: f64,
  clear: usize,
  out: usize,
  count: i32,
): void {
  const sA = f64x2.splat(scaleA);
  const oA = f64x2.splat(offsetA);
  const sB = f64x2.splat(scaleB);
  const oB = f64x2.splat(offsetB);
  const nothing = f32x4.splat(NaN);
  for (let i = 0; i < count; i += 8, a += 16, b += 16, clear += 8, out += 32) {
    const left = v128.load(a);
    const right = v128.load(b);
    const drop = i16x8.extend_low_i8x16_s(i8x16.eq(v128.load64_zero(clear), i8x16.splat(0)));
    const low = differenceOfFour(i32x4.extend_low_i16x8_u(left), i32x4.extend_low_i16x8_u(right), sA, oA, sB, oB);
    const high = differenceOfFour(i32x4.extend_high_i16x8_u(left), i32x4.extend_high_i16x8_u(right), sA, oA, sB, oB);
    v128.store(out, v128.bitselect(nothing, low, i32x4.extend_low_i16x8_s(drop)));
    v128.store(out, v128.bitselect(nothing, high, i32x4.extend_high_i16x8_s(drop)), 16);
  }
}

/** Takes a scene into a running maximum and the count of observations, 8 pixels at a time. */
export function maximum(values: usize, acc: usize, seen: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < count; i += 8, values += 32, acc += 32, seen += 16) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const bestA = v128.load(acc);
    const bestB = v128.load(acc, 16);
    const validA = f32x4.eq(a, a);
    const validB = f32x4.eq(b, b);
    v128.store(seen, i16x8.sub(v128.load(seen), i16x8.narrow_i32x4_s(validA, validB)));
    const takeA = v128.andnot(validA, f32x4.ge(bestA, a));
    const takeB = v128.andnot(validB, f32x4.ge(bestB, b));
    v128.store(acc, v128.bitselect(f32x4.add(a, zero), bestA, takeA));
    v128.store(acc, v128.bitselect(f32x4.add(b, zero), bestB, takeB), 16);
  }
}

/** Unsets `clear` where a uint16 has any of `bits`, 16 pixels at a time. */
export function dropBits(qa: usize, bits: i32, clear: usize, count: i32): void {
  const wanted = i16x8.splat(<i16>bits);
  const zero = i16x8.splat(0);
  for (let i = 0; i < count; i += 16, qa += 32, clear += 16) {
    const a = i16x8.eq(v128.and(v128.load(qa), wanted), zero);
    const b = i16x8.eq(v128.and(v128.load(qa, 16), wanted), zero);
    v128.store(clear, v128.and(v128.load(clear), i8x16.narrow_i16x8_s(a, b)));
  }
}

/** Unsets `clear` where a uint16 is `value`, 16 pixels at a time. */
export function dropValue(band: usize, value: i32, clear: usize, count: i32): void {
  const missing = i16x8.splat(<i16>value);
  for (let i = 0; i < count; i += 16, band += 32, clear += 16) {
    const a = i16x8.eq(v128.load(band), missing);
    const b = i16x8.eq(v128.load(band, 16), missing);
    v128.store(clear, v128.andnot(v128.load(clear), i8x16.narrow_i16x8_s(a, b)));
  }
}

/** Cover of two pixels. */
function coverOfTwo(index: v128, soil: v128, range: v128, squared: bool): v128 {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const linear = f64x2.div(f64x2.sub(index, soil), range);
  // Comparisons rather than minima: NaN fails both and passes.
  const low = v128.andnot(linear, f64x2.lt(linear, zero));
  const cover = v128.bitselect(one, low, f64x2.gt(low, one));
  return squared ? f64x2.mul(cover, cover) : cover;
}

/** Dimidiate pixel model, 4 pixels at a time, in place. */
export function cover(index: usize, soil: f64, range: f64, squared: bool, count: i32): void {
  const bare = f64x2.splat(soil);
  const span = f64x2.splat(range);
  for (let i = 0; i < count; i += 4, index += 16) {
    const values = v128.load(index);
    const low = coverOfTwo(f64x2.promote_low_f32x4(values), bare, span, squared);
    const upper = v128.shuffle<i64>(values, values, 1, 1);
    const high = coverOfTwo(f64x2.promote_low_f32x4(upper), bare, span, squared);
    v128.store(index, demoted(low, high));
  }
}
