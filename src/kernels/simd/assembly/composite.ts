/**
 * Median, percentile or mean of up to 256 scenes, four pixels at a time: each lane is sorted by the same network.
 * @module
 */

/** The pairs of a sorting network: byte offsets of rows of four, the upper one in the high half. */
let network: usize = 0;
let networkEnd: usize = 0;
let rows: usize = 0;

/**
 * Lays out Batcher's odd-even merge sort for `n` rows (Knuth, The Art of Computer Programming 3, 5.2.2 M) from `base` on.
 *
 * @returns The first free byte.
 */
export function compositeSetup(base: usize, n: i32): usize {
  rows = base;
  network = base + ((<usize>n) << 4);
  networkEnd = network;
  let top = 1;
  while (top < n) top <<= 1;
  for (let p = top >> 1; p > 0; p >>= 1) {
    let q = top >> 1;
    let r = 0;
    for (let d = p; ;) {
      for (let i = 0; i < n - d; i++) {
        if ((i & p) != r) continue;
        store<u32>(networkEnd, ((<u32>(i + d)) << 20) | ((<u32>i) << 4));
        networkEnd += 4;
      }
      if (q == p) break;
      d = q - p;
      q >>= 1;
      r = p;
    }
  }
  return networkEnd;
}

/**
 * @param stack float32 in [scene][pixel] order, `stride` bytes a scene.
 * @param ranks By number of clear observations: float64 fraction, then int32 offsets of the lower and the upper row.
 * @param out float32 a pixel.
 * @param seen uint16 a pixel: clear observations.
 */
export function composite(
  stack: usize,
  stride: usize,
  n: i32,
  count: i32,
  mean: bool,
  ranks: usize,
  out: usize,
  seen: usize,
): void {
  const zero = f32x4.splat(0);
  const last = f32x4.splat(Infinity);
  const end = rows + ((<usize>n) << 4);
  for (let i = 0; i < count; i += 4, stack += 16, out += 16, seen += 8) {
    let clear = i32x4.splat(0);
    let from = stack;
    for (let row = rows; row < end; row += 16, from += stride) {
      const value = f32x4.add(v128.load(from), zero);
      const valid = f32x4.eq(value, value);
      clear = i32x4.sub(clear, valid);
      // What is missing comes last. An infinite value is equal to it, so either may stand for the other.
      v128.store(row, v128.bitselect(value, last, valid));
    }
    for (let at = network; at < networkEnd; at += 4) {
      const pair = load<u32>(at);
      const low = rows + (pair & 0xffff);
      const high = rows + (pair >> 16);
      const a = v128.load(low);
      const b = v128.load(high);
      v128.store(low, f32x4.pmin(a, b));
      v128.store(high, f32x4.pmax(a, b));
    }
    v128.store64_lane(seen, i16x8.narrow_i32x4_u(clear, clear), 0);
    if (mean) meanOfFour(clear, end, out);
    else {
      lane(ranks, i32x4.extract_lane(clear, 0), 0, out);
      lane(ranks, i32x4.extract_lane(clear, 1), 4, out);
      lane(ranks, i32x4.extract_lane(clear, 2), 8, out);
      lane(ranks, i32x4.extract_lane(clear, 3), 12, out);
    }
  }
}

/** Interpolates between the two values that a percentile of a lane lies between. */
function lane(ranks: usize, clear: i32, at: usize, out: usize): void {
  const place = ranks + ((<usize>clear) << 4);
  const fraction = load<f64>(place);
  const lower = <f64>load<f32>(rows + <usize>load<i32>(place, 8) + at);
  const upper = <f64>load<f32>(rows + <usize>load<i32>(place, 12) + at);
  const step = upper - lower;
  const value = fraction >= 0.5 ? upper - step * (1 - fraction) : lower + step * fraction;
  store<f32>(out + at, clear == 0 ? NaN : <f32>value);
}

/** The means of four lanes: sums in ascending order. */
function meanOfFour(clear: v128, end: usize, out: usize): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let rank = i32x4.splat(0);
  for (let row = rows; row < end; row += 16) {
    const value = v128.and(v128.load(row), i32x4.lt_s(rank, clear));
    low = f64x2.add(low, f64x2.promote_low_f32x4(value));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 1)));
    rank = i32x4.add(rank, i32x4.splat(1));
  }
  const lowMean = f64x2.div(low, f64x2.convert_low_i32x4_s(clear));
  const highMean = f64x2.div(high, f64x2.convert_low_i32x4_s(v128.shuffle<i64>(clear, clear, 1, 1)));
  const means = v128.shuffle<f32>(f32x4.demote_f64x2_zero(lowMean), f32x4.demote_f64x2_zero(highMean), 0, 1, 4, 5);
  v128.store(out, v128.bitselect(f32x4.splat(NaN), means, i32x4.eq(clear, i32x4.splat(0))));
}
