/**
 * Overviews: 2 × 2 pixels become one, for images of even width and height.
 * @module
 */

/** The mean of up to four float32 of each lane that are not NaN, two lanes in float64. */
function meanOfTwo(a: v128, b: v128, c: v128, d: v128, count: v128): v128 {
  const sum = f64x2.add(
    f64x2.add(f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)), f64x2.promote_low_f32x4(c)),
    f64x2.promote_low_f32x4(d),
  );
  return f32x4.demote_f64x2_zero(f64x2.div(sum, f64x2.convert_low_i32x4_s(count)));
}

function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 1);
}

/**
 * Means of float32, NaN left out, NaN where all are.
 *
 * @param rows Two rows of 2·`count` numbers, one after the other.
 */
export function meanFloat(rows: usize, count: usize, out: usize): void {
  const below = rows + (count << 3);
  for (let i: usize = 0; i < count; i += 4) {
    const p = v128.load(rows + (i << 3));
    const q = v128.load(rows + (i << 3), 16);
    const r = v128.load(below + (i << 3));
    const s = v128.load(below + (i << 3), 16);
    let a = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
    let b = v128.shuffle<i32>(p, q, 1, 3, 5, 7);
    let c = v128.shuffle<i32>(r, s, 0, 2, 4, 6);
    let d = v128.shuffle<i32>(r, s, 1, 3, 5, 7);
    const hasA = f32x4.eq(a, a);
    const hasB = f32x4.eq(b, b);
    const hasC = f32x4.eq(c, c);
    const hasD = f32x4.eq(d, d);
    a = v128.and(a, hasA);
    b = v128.and(b, hasB);
    c = v128.and(c, hasC);
    d = v128.and(d, hasD);
    const n = i32x4.neg(i32x4.add(i32x4.add(hasA, hasB), i32x4.add(hasC, hasD)));
    const low = meanOfTwo(a, b, c, d, n);
    const high = meanOfTwo(upper(a), upper(b), upper(c), upper(d), upper(n));
    const mean = v128.shuffle<i64>(low, high, 0, 2);
    v128.store(out + (i << 2), v128.bitselect(f32x4.splat(NaN), mean, i32x4.eq(n, i32x4.splat(0))));
  }
}

/** The mean of four lanes, rounded half up. In float32 it is exact: sums stay below 2^18, and thirds are far from a half. */
function roundedMean(sum: v128, count: v128): v128 {
  const mean = f32x4.div(f32x4.convert_i32x4_s(sum), f32x4.convert_i32x4_s(count));
  return i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(mean, f32x4.splat(0.5))));
}

/** Means of uint16, rounded half up; `missing`, if not negative, left out; `empty` where all are. */
export function meanWord(rows: usize, count: usize, out: usize, missing: i32, empty: i32): void {
  const below = rows + (count << 2);
  const skip = i32x4.splat(missing);
  const none = i32x4.splat(empty);
  const ones = i32x4.splat(0xffff);
  for (let i: usize = 0; i < count; i += 4) {
    const upperRow = v128.load(rows + (i << 2));
    const lowerRow = v128.load(below + (i << 2));
    const a = v128.and(upperRow, ones);
    const b = i32x4.shr_u(upperRow, 16);
    const c = v128.and(lowerRow, ones);
    const d = i32x4.shr_u(lowerRow, 16);
    const hasA = i32x4.ne(a, skip);
    const hasB = i32x4.ne(b, skip);
    const hasC = i32x4.ne(c, skip);
    const hasD = i32x4.ne(d, skip);
    const sum = i32x4.add(
      i32x4.add(v128.and(a, hasA), v128.and(b, hasB)),
      i32x4.add(v128.and(c, hasC), v128.and(d, hasD)),
    );
    const n = i32x4.neg(i32x4.add(i32x4.add(hasA, hasB), i32x4.add(hasC, hasD)));
    const mean = v128.bitselect(none, roundedMean(sum, n), i32x4.eq(n, i32x4.splat(0)));
    v128.store64_lane(out + (i << 1), i16x8.narrow_i32x4_u(mean, mean), 0);
  }
}

/** Of the lanes at hand: the commonest value so far, and how often it occurs. */
let best: v128 = i8x16.splat(0);
let most: v128 = i8x16.splat(0);

/** Takes a value that occurs −`equal` times into account. */
function consider(value: v128, equal: v128, valid: v128): void {
  const count = v128.and(i8x16.neg(equal), valid);
  const isMore = i8x16.gt_s(count, most);
  const isLess = v128.and(v128.and(i8x16.eq(count, most), valid), i8x16.lt_u(value, best));
  const take = v128.or(isMore, isLess);
  best = v128.bitselect(value, best, take);
  most = v128.bitselect(count, most, take);
}

/** The commonest of four bytes of each lane, the smallest of equally common ones. */
function commonest(a: v128, b: v128, c: v128, d: v128, missing: v128, hasMissing: v128, empty: v128): v128 {
  const same = i8x16.splat(-1);
  const ab = i8x16.eq(a, b);
  const ac = i8x16.eq(a, c);
  const ad = i8x16.eq(a, d);
  const bc = i8x16.eq(b, c);
  const bd = i8x16.eq(b, d);
  const cd = i8x16.eq(c, d);
  best = empty;
  most = i8x16.splat(0);
  consider(a, i8x16.add(i8x16.add(same, ab), i8x16.add(ac, ad)), v128.not(v128.and(i8x16.eq(a, missing), hasMissing)));
  consider(b, i8x16.add(i8x16.add(same, ab), i8x16.add(bc, bd)), v128.not(v128.and(i8x16.eq(b, missing), hasMissing)));
  consider(c, i8x16.add(i8x16.add(same, ac), i8x16.add(bc, cd)), v128.not(v128.and(i8x16.eq(c, missing), hasMissing)));
  consider(d, i8x16.add(i8x16.add(same, ad), i8x16.add(bd, cd)), v128.not(v128.and(i8x16.eq(d, missing), hasMissing)));
  return best;
}

/**
 * The commonest of 2 × 2 bytes, `missing`, if not negative, left out; `empty` where all are.
 *
 * @param rows Two rows of 2·`count`·`samples` bytes, one after the other, and 16 more that may be read.
 * @param out Room for 16 bytes more than the row has.
 */
export function modeByte(rows: usize, count: usize, samples: usize, out: usize, missing: i32, empty: i32): void {
  const below = rows + ((count * samples) << 1);
  const skip = i8x16.splat(<i8>missing);
  const hasMissing = i8x16.splat(missing < 0 ? 0 : -1);
  const none = i8x16.splat(<i8>empty);
  if (samples == 1) {
    for (let i: usize = 0; i < count; i += 16) {
      const p = v128.load(rows + (i << 1));
      const q = v128.load(rows + (i << 1), 16);
      const r = v128.load(below + (i << 1));
      const s = v128.load(below + (i << 1), 16);
      v128.store(out + i, commonest(even(p, q), odd(p, q), even(r, s), odd(r, s), skip, hasMissing, none));
    }
    return;
  }
  // Samples lie side by side, so 16 of them are taken at a time; what is written beyond a pixel is written over.
  for (let i: usize = 0; i < count; i++) {
    const left = rows + ((i * samples) << 1);
    const lower = below + ((i * samples) << 1);
    const to = out + i * samples;
    for (let s: usize = 0; s < samples; s += 16) {
      v128.store(
        to + s,
        commonest(
          v128.load(left + s),
          v128.load(left + samples + s),
          v128.load(lower + s),
          v128.load(lower + samples + s),
          skip,
          hasMissing,
          none,
        ),
      );
    }
  }
}

function even(p: v128, q: v128): v128 {
  return v128.shuffle<i8>(p, q, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

function odd(p: v128, q: v128): v128 {
  return v128.shuffle<i8>(p, q, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
