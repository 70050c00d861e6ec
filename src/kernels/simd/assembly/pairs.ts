/**
 * The pairs of the years of four pixels, one in each lane: tables, counts and marks. See ./trend.ts for what they are for.
 * @module
 */
import { ROW, ROWS } from './ranks';

/** Bytes of a time: the values of four pixels, and the values less the lower and the upper line. */
export const LINE: usize = 48;

export let nTimes: i32 = 0;
export let nPairs: i32 = 0;
export let shortestGap: f32 = 0;
/** The largest distance of a time from their middle. */
export let span: f32 = 0;
/** Where the arrays lie. */
export let lines: usize = 0;
export let times: usize = 0;
export let pairs: usize = 0;
export let gaps: usize = 0;
export let marks: usize = 0;
export let words: usize = 0;
export let wordsEnd: usize = 0;
export let near: usize = 0;
export let slopes: usize = 0;
let tieKeys: usize = 0;
let tieSums: usize = 0;
export let lanes: usize = 0;
export let columns: usize = 0;

/** Of the four pixels at hand: rising, falling, and pairs not below the window. */
export let rising: v128 = i32x4.splat(0);
export let falling: v128 = i32x4.splat(0);
export let notBelow: v128 = i32x4.splat(0);

function aligned(bytes: usize): usize {
  return (bytes + 15) & ~15;
}

/**
 * Lays out the arrays from `base` on and fills the tables.
 *
 * @param years nTimes float64, ascending.
 * @param steps nTimes float64: what a value adds to the tie key that e later values equal; then nTimes for the variance.
 * @returns The first free byte.
 */
export function trendSetup(base: usize, years: usize, steps: usize, count: i32): usize {
  nTimes = count;
  nPairs = (count * (count - 1)) >> 1;
  tieKeys = steps;
  tieSums = steps + ((<usize>count) << 3);
  lanes = aligned(base);
  columns = lanes + 256;
  lines = columns + ROW * ROWS;
  times = lines + <usize>count * LINE;
  pairs = times + <usize>count * 16;
  gaps = aligned(pairs + ((<usize>nPairs) << 2));
  marks = aligned(gaps + ((<usize>nPairs) << 3));
  const nWords = (nPairs + 63) >> 6;
  words = marks + ((<usize>nWords) << 6);
  wordsEnd = words + ((<usize>nWords) << 3);
  near = aligned(wordsEnd);
  slopes = near + ((<usize>nPairs + 2) << 3);
  const end = slopes + ((<usize>nPairs) << 3);
  memory.fill(marks, 0, words - marks);
  const middle = (load<f64>(years) + load<f64>(years + ((<usize>count - 1) << 3))) / 2;
  span = <f32>(middle - load<f64>(years));
  shortestGap = f32.MAX_VALUE;
  let pair: usize = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const year = load<f64>(years + (i << 3));
    v128.store(times + (i << 4), f32x4.splat(<f32>(year - middle)));
    for (let j = i + 1; j < <usize>count; j++, pair++) {
      const gap = load<f64>(years + (j << 3)) - year;
      store<u32>(pairs + (pair << 2), <u32>(((i * LINE) << 16) | (j * LINE)));
      store<f64>(gaps + (pair << 3), gap);
      // Rounded down, to stay below the true gap.
      shortestGap = min(shortestGap, <f32>(gap * 0.999999));
    }
  }
  return end;
}

/** Takes the lines of the window off the four series. */
export function setWindow(meanX: v128, meanT: v128, lowSlope: v128, highSlope: v128): void {
  let at = lines;
  for (let k = 0; k < nTimes; k++, at += LINE) {
    const x = f32x4.sub(v128.load(at), meanX);
    const t = f32x4.sub(v128.load(times + ((<usize>k) << 4)), meanT);
    v128.store(at, f32x4.sub(x, f32x4.mul(lowSlope, t)), 16);
    v128.store(at, f32x4.sub(x, f32x4.mul(highSlope, t)), 32);
  }
}

/**
 * One pass over all pairs: counts the rising, the falling and those not below the window, and marks those inside, a bit
 * for each lane. NaN is on neither side of anything.
 */
export function scanAll(): void {
  let rise = i32x4.splat(0);
  let fall = i32x4.splat(0);
  let above = i32x4.splat(0);
  let mark = marks;
  const end = lines + <usize>nTimes * LINE;
  // Two values of the series at a time, so that each later value is read half as often.
  let at = lines;
  for (let left = nTimes - 1; left > 0; left -= 2, at += 2 * LINE) {
    const xA = v128.load(at);
    const lowA = v128.load(at, 16);
    const highA = v128.load(at, 32);
    const xB = v128.load(at, 48);
    const lowB = v128.load(at, 64);
    const highB = v128.load(at, 80);
    rise = i32x4.sub(rise, f32x4.gt(xB, xA));
    fall = i32x4.sub(fall, f32x4.lt(xB, xA));
    const first = f32x4.ge(lowB, lowA);
    above = i32x4.sub(above, first);
    store<u8>(mark, <u8>i32x4.bitmask(v128.and(first, f32x4.le(highB, highA))));
    mark++;
    let markB = mark + <usize>left - 1;
    for (let other = at + 2 * LINE; other < end; other += LINE) {
      const x = v128.load(other);
      const low = v128.load(other, 16);
      const high = v128.load(other, 32);
      rise = i32x4.sub(i32x4.sub(rise, f32x4.gt(x, xA)), f32x4.gt(x, xB));
      fall = i32x4.sub(i32x4.sub(fall, f32x4.lt(x, xA)), f32x4.lt(x, xB));
      const a = f32x4.ge(low, lowA);
      const b = f32x4.ge(low, lowB);
      above = i32x4.sub(i32x4.sub(above, a), b);
      store<u8>(mark++, <u8>i32x4.bitmask(v128.and(a, f32x4.le(high, highA))));
      store<u8>(markB++, <u8>i32x4.bitmask(v128.and(b, f32x4.le(high, highB))));
    }
    mark = markB;
  }
  rising = rise;
  falling = fall;
  notBelow = above;
}

/** As {@link scanAll}, for a further window: S is known by then. */
export function scanWindow(): void {
  let above = i32x4.splat(0);
  let mark = marks;
  const end = lines + <usize>nTimes * LINE;
  for (let at = lines; at < end; at += LINE) {
    const lowA = v128.load(at, 16);
    const highA = v128.load(at, 32);
    for (let other = at + LINE; other < end; other += LINE) {
      const a = f32x4.ge(v128.load(other, 16), lowA);
      above = i32x4.sub(above, a);
      store<u8>(mark++, <u8>i32x4.bitmask(v128.and(a, f32x4.le(v128.load(other, 32), highA))));
    }
  }
  notBelow = above;
}

/** Packs the marks of a lane into words, a bit for each pair. @returns How many are set. */
export function packMarks(lane: i32): i32 {
  const shift = 7 - lane;
  let count: i32 = 0;
  let word = words;
  for (let at = marks; at < words; at += 64, word += 8) {
    const bits =
      <u64>i8x16.bitmask(i16x8.shl(v128.load(at), shift)) |
      ((<u64>i8x16.bitmask(i16x8.shl(v128.load(at, 16), shift))) << 16) |
      ((<u64>i8x16.bitmask(i16x8.shl(v128.load(at, 32), shift))) << 32) |
      ((<u64>i8x16.bitmask(i16x8.shl(v128.load(at, 48), shift))) << 48);
    store<u64>(word, bits);
    count += <i32>popcnt<u64>(bits);
  }
  return count;
}

/** The slope of a pair: `bit` counted from where `pair` and `gap` stand. */
export function pairSlope(values: usize, pair: usize, gap: usize, bit: usize): f64 {
  const place = load<u32>(pair + (bit << 2));
  const rise = <f64>load<f32>(values + (place & 0xffff)) - <f64>load<f32>(values + (place >> 16));
  return rise / load<f64>(gap + (bit << 3));
}

/** What the values equal to later ones add to the tie keys and variances of the four pixels. */
export function countTies(keys: usize, sums: usize): void {
  const end = lines + <usize>nTimes * LINE;
  for (let lane: usize = 0; lane < 4; lane++) {
    store<f64>(keys + (lane << 3), 0);
    store<f64>(sums + (lane << 3), 0);
  }
  for (let at = lines; at < end; at += LINE) {
    const x = v128.load(at);
    let equal = i32x4.splat(0);
    for (let other = at + LINE; other < end; other += LINE) {
      equal = i32x4.sub(equal, f32x4.eq(v128.load(other), x));
    }
    if (!v128.any_true(equal)) continue;
    v128.store(lanes, equal, 112);
    for (let lane: usize = 0; lane < 4; lane++) {
      const later = (<usize>load<i32>(lanes + (lane << 2), 112)) << 3;
      const key = keys + (lane << 3);
      const sum = sums + (lane << 3);
      store<f64>(key, load<f64>(key) + load<f64>(tieKeys + later));
      store<f64>(sum, load<f64>(sum) + load<f64>(tieSums + later));
    }
  }
}
