/**
 * Kendall's S, ties and the exact Theil–Sen slope of four pixels at a time, one in each lane.
 *
 * The median of the pair slopes lies close to the least-squares slope. Lines of a slope a little below and a little
 * above it are taken off the series in float32; a pair whose residuals fall against the lower line has a slope below the
 * window, one whose residuals rise against the upper line has a slope above it. One pass over the pairs counts rising,
 * falling and lower ones and marks those inside. Only these few get their exact float64 slope, and the median is the one
 * of the right rank among them.
 *
 * Why it is exact: a residual is off by no more than 2^-24·(2|x| + 4|L|·T), so a pair can only stand on the wrong side of
 * a line of slope L if its slope is within 2^-23·(2|x| + 4|L|·T)/gap of L. The window is used only if that is a small
 * share (MARGIN) of its half-width, and a median that near to its edge is not taken. Where no window finds it, it is the
 * median of all slopes. Series with infinite numbers are left to the other twin: their slope is written as NaN.
 * @module
 */
import { medianOfAll } from './all-slopes';
import {
  columns,
  countTies,
  falling,
  gaps,
  lanes,
  LINE,
  lines,
  near,
  notBelow,
  nTimes,
  packMarks,
  pairs,
  pairSlope,
  rising,
  scanAll,
  scanWindow,
  setWindow,
  shortestGap,
  slopes,
  span,
  times,
  words,
  wordsEnd,
} from './pairs';
import { clearColumns, lower, rank, ROW, ROWS, sortColumns, upper } from './ranks';

/**
 * Half the width of the first window, in standard errors of the least-squares slope: a + b/n. The fewer the years, the
 * farther the median may be; the more there are, the more slopes a wide window would hold.
 */
const WINDOW: f32 = 0.3;
const WINDOW_OF_ONE: f32 = 4.5;

/** Share of the half-width inside the edges in which a median is not taken. */
const MARGIN: f32 = 1.0 / 16;

/** 4 · 2^-23 / MARGIN: twice the bound above. */
const RESOLVED: f32 = 7.62939453125e-6;

/** Larger numbers could overflow where they are squared, smaller windows underflow. */
const LARGEST: f32 = 1e15;
const SMALLEST: f32 = 1e-30;

/** Windows that are tried. */
const ATTEMPTS: i32 = 3;

/** A window is moved at most this many half-widths. */
const FARTHEST: f64 = 64;

/** Of series of so few values all slopes are ranked. */
const FEW: i32 = 6;

/** More slopes than this are thinned out before they are ranked. */
const RANKED: i32 = 16;

/** Half the share of the window that is left then, times √(slopes). */
const NEAR: f64 = 0.8;

/** Most slopes that are ranked. */
const MOST: i32 = 128;

/** What {@link select} leaves behind. */
const NOTHING = 0;
const IN_COLUMN = 1;
const IN_HAND = 2;

/** The ranks in a lane's column, before it is sorted. */
let columnFirst: i32 = 0;
let columnSecond: i32 = 0;

/**
 * Looks for the exact slopes of rank `first` and `second` among the `count` marked pairs of a lane, which lie between
 * `lowest` and `highest`, or near.
 *
 * @returns IN_HAND if `lower` and `upper` hold them; IN_COLUMN if they have the ranks `columnFirst` and `columnSecond` in
 *   the lane's column.
 */
function select(lane: i32, count: i32, first: i32, second: i32, lowest: f64, highest: f64): i32 {
  const values = lines + ((<usize>lane) << 2);
  const column = columns + ((<usize>lane) << 3);
  let below: i32 = 0;
  let at = slopes;
  let kept = near;
  let pair = pairs;
  let gap = gaps;
  if (count <= ROWS) {
    let to = column;
    for (let word = words; word < wordsEnd; word += 8, pair += 256, gap += 512) {
      for (let bits = load<u64>(word); bits != 0; bits &= bits - 1, to += ROW) {
        store<f64>(to, pairSlope(values, pair, gap, <usize>ctz<u64>(bits)));
      }
    }
    columnFirst = first;
    columnSecond = second;
    return IN_COLUMN;
  }
  if (count <= RANKED) {
    for (let word = words; word < wordsEnd; word += 8, pair += 256, gap += 512) {
      for (let bits = load<u64>(word); bits != 0; bits &= bits - 1, kept += 8) {
        store<f64>(kept, pairSlope(values, pair, gap, <usize>ctz<u64>(bits)));
      }
    }
    rank(near, count, first, second);
    return IN_HAND;
  }
  // The slopes are spread about evenly over the window, so the ranks tell where to look.
  const width = highest - lowest;
  const share = <f64>(first + second + 1) / <f64>(2 * count);
  const reach = NEAR / Math.sqrt(<f64>count);
  let from = lowest + width * (share - reach);
  let to = lowest + width * (share + reach);
  for (let word = words; word < wordsEnd; word += 8, pair += 256, gap += 512) {
    for (let bits = load<u64>(word); bits != 0; bits &= bits - 1, at += 8) {
      const slope = pairSlope(values, pair, gap, <usize>ctz<u64>(bits));
      const isBelow = i32(slope < from);
      store<f64>(at, slope);
      store<f64>(kept, slope);
      below += isBelow;
      kept += (<usize>(1 - isBelow - i32(slope > to))) << 3;
    }
  }
  for (let further: f64 = 3; further < 300; further *= 3) {
    const found = <i32>((kept - near) >> 3);
    if (below <= first && second < below + found) {
      if (found > MOST) return NOTHING;
      columnFirst = first - below;
      columnSecond = second - below;
      if (found > ROWS) {
        rank(near, found, columnFirst, columnSecond);
        return IN_HAND;
      }
      for (let k = 0; k < found; k++) store<f64>(column + <usize>k * ROW, load<f64>(near + ((<usize>k) << 3)));
      return IN_COLUMN;
    }
    // Not where they were thought to be: the place is widened, until it is all of the window.
    from = lowest + width * (share - further * reach);
    to = lowest + width * (share + further * reach);
    below = 0;
    kept = near;
    for (let slopeAt = slopes; slopeAt < at; slopeAt += 8) {
      const slope = load<f64>(slopeAt);
      const isBelow = i32(slope < from);
      store<f64>(kept, slope);
      below += isBelow;
      kept += (<usize>(1 - isBelow - i32(slope > to))) << 3;
    }
  }
  return NOTHING;
}

/**
 * Moves the window of a lane to where the slope of `rank` among its `inside` slopes may be.
 *
 * @returns Whether it is not too far.
 */
function moveWindow(place: usize, rank: i32, inside: i32): bool {
  const middle = <f64>load<f32>(place, 16);
  const width = load<f32>(place, 32);
  // The slopes per unit of the window tell how far away it is.
  const shift = (2 * <f64>width * (<f64>rank - <f64>inside / 2)) / <f64>(inside + 1);
  store<f32>(place, <f32>(middle + shift), 16);
  store<f32>(place, max(width, <f32>(Math.abs(shift) / 2)), 32);
  return Math.abs(shift) < FARTHEST * <f64>width;
}

/**
 * The statistics of `count` pixels.
 *
 * @param stack float32 in [t][pixel] order, `stride` bytes a time, `count` rounded up to 4 of them filled.
 * @param medians float64 a pixel; NaN where fewer than minYears values are valid, or one is infinite.
 * @param counts int32: valid values of each pixel, then rising pairs, then falling pairs, `stride` bytes each.
 * @param ties float64: tie key of each pixel, then tie sum, 2·`stride` bytes each.
 */
export function trendPixels(
  stack: usize,
  stride: usize,
  count: i32,
  minYears: i32,
  medians: usize,
  counts: usize,
  ties: usize,
): void {
  const zero = f32x4.splat(0);
  for (let start: usize = 0; start < <usize>count; start += 4) {
    // Valid values, means and the largest number.
    let n = i32x4.splat(0);
    let sumX = zero;
    let sumT = zero;
    let largest = zero;
    let from = stack + (start << 2);
    let at = lines;
    let time = times;
    for (let k = 0; k < nTimes; k++, from += stride, at += LINE, time += 16) {
      // Adding 0 turns −0 into 0.
      const x = f32x4.add(v128.load(from), zero);
      const valid = f32x4.eq(x, x);
      v128.store(at, x);
      const value = v128.and(x, valid);
      n = i32x4.sub(n, valid);
      sumX = f32x4.add(sumX, value);
      sumT = f32x4.add(sumT, v128.and(v128.load(time), valid));
      largest = f32x4.pmax(largest, f32x4.abs(value));
    }
    const nFloat = f32x4.convert_i32x4_s(n);
    const meanX = f32x4.div(sumX, nFloat);
    const meanT = f32x4.div(sumT, nFloat);
    // The least-squares line.
    let sumXX = zero;
    let sumXT = zero;
    let sumTT = zero;
    let largestX = zero;
    let largestT = zero;
    at = lines;
    time = times;
    for (let k = 0; k < nTimes; k++, at += LINE, time += 16) {
      const raw = v128.load(at);
      const valid = f32x4.eq(raw, raw);
      const x = v128.and(f32x4.sub(raw, meanX), valid);
      const t = v128.and(f32x4.sub(v128.load(time), meanT), valid);
      sumXX = f32x4.add(sumXX, f32x4.mul(x, x));
      sumXT = f32x4.add(sumXT, f32x4.mul(x, t));
      sumTT = f32x4.add(sumTT, f32x4.mul(t, t));
      largestX = f32x4.pmax(largestX, f32x4.abs(x));
      largestT = f32x4.pmax(largestT, f32x4.abs(t));
    }
    const fit = f32x4.div(sumXT, sumTT);
    const residual = f32x4.div(f32x4.sub(sumXX, f32x4.mul(fit, sumXT)), f32x4.sub(nFloat, f32x4.splat(2)));
    let centre = fit;
    const share = f32x4.add(f32x4.splat(WINDOW), f32x4.div(f32x4.splat(WINDOW_OF_ONE), nFloat));
    let half = f32x4.mul(share, f32x4.sqrt(f32x4.div(residual, sumTT)));
    // Few pairs are all taken: no slope is larger than 2·largestX/gap.
    const few = i32x4.le_s(n, i32x4.splat(FEW));
    centre = v128.andnot(centre, few);
    half = v128.bitselect(f32x4.mul(largestX, f32x4.splat(4 / shortestGap)), half, few);
    setWindow(meanX, meanT, f32x4.sub(centre, half), f32x4.add(centre, half));
    scanAll();
    const place4 = counts + (start << 2);
    v128.store(place4, n);
    v128.store(place4 + stride, rising);
    v128.store(place4 + 2 * stride, falling);
    const total = i32x4.shr_s(i32x4.mul(n, i32x4.sub(n, i32x4.splat(1))), 1);
    const first = i32x4.shr_s(i32x4.sub(total, i32x4.splat(1)), 1);
    const second = i32x4.shr_s(total, 1);
    v128.store(lanes, total);
    v128.store(lanes, largestX, 64);
    v128.store(lanes, f32x4.pmax(largestT, f32x4.splat(span)), 80);
    if (v128.any_true(i32x4.sub(total, i32x4.add(rising, falling)))) {
      countTies(ties + (start << 3), ties + (start << 3) + 2 * stride);
    }
    // Values clipped at 0 or 1 make many pairs equal: then the median slope is often 0, and that can be counted. Not so
    // where a number is infinite: its slopes may be NaN.
    const wanted = v128.and(i32x4.ge_s(n, i32x4.splat(minYears)), f32x4.le(largest, f32x4.splat(f32.MAX_VALUE)));
    const isZero = v128.and(wanted, v128.and(i32x4.le_s(falling, first), i32x4.lt_s(second, i32x4.sub(total, rising))));
    const medianAt = medians + (start << 3);
    v128.store(medianAt, v128.andnot(f64x2.splat(NaN), i64x2.extend_low_i32x4_s(isZero)));
    v128.store(medianAt, v128.andnot(f64x2.splat(NaN), i64x2.extend_high_i32x4_s(isZero)), 16);
    let unknown = i32x4.bitmask(v128.andnot(wanted, isZero));
    let open = unknown & i32x4.bitmask(f32x4.lt(largest, f32x4.splat(LARGEST)));
    for (let attempt = 1; open != 0; attempt++) {
      v128.store(lanes, centre, 16);
      v128.store(lanes, half, 32);
      v128.store(lanes, notBelow, 96);
      clearColumns(columns);
      let inColumns: i32 = 0;
      let again: i32 = 0;
      for (; open != 0; open &= open - 1) {
        const lane = ctz<i32>(open);
        const place = lanes + ((<usize>lane) << 2);
        const total = load<i32>(place);
        const first = (total - 1) >> 1;
        const second = total >> 1;
        const middle = load<f32>(place, 16);
        const width = load<f32>(place, 32);
        const scale: f32 = <f32>2 * load<f32>(place, 64) + <f32>4 * (Mathf.abs(middle) + width) * load<f32>(place, 80);
        // Also false where a number is NaN or overflows.
        if (!(width * shortestGap > RESOLVED * scale + SMALLEST)) continue;
        const below = total - load<i32>(place, 96);
        const inside = packMarks(lane);
        if (below <= first && second < below + inside) {
          // The edges as they were rounded to float32, less the margin.
          const margin = <f64>width * <f64>MARGIN;
          const lowest = <f64>(middle - width) + margin;
          const highest = <f64>(middle + width) - margin;
          const found = select(lane, inside, first - below, second - below, lowest, highest);
          if (found == IN_HAND && lower > lowest && upper < highest) {
            store<f64>(medianAt + ((<usize>lane) << 3), first == second ? upper : (lower + upper) / 2);
            continue;
          }
          if (found == IN_COLUMN) {
            const memo = lanes + 128 + ((<usize>lane) << 5);
            store<f64>(memo, lowest);
            store<f64>(memo, highest, 8);
            store<i32>(memo, columnFirst, 16);
            store<i32>(memo, columnSecond, 20);
            store<i32>(memo, first - below, 24);
            store<i32>(memo, inside, 28);
            inColumns |= 1 << lane;
            continue;
          }
        }
        if (moveWindow(place, first - below, inside)) again |= 1 << lane;
      }
      if (inColumns != 0) sortColumns(columns);
      for (; inColumns != 0; inColumns &= inColumns - 1) {
        const lane = ctz<i32>(inColumns);
        const memo = lanes + 128 + ((<usize>lane) << 5);
        const column = columns + ((<usize>lane) << 3);
        const first = load<i32>(memo, 16);
        const second = load<i32>(memo, 20);
        const lowerSlope = load<f64>(column + <usize>first * ROW);
        const upperSlope = load<f64>(column + <usize>second * ROW);
        if (lowerSlope > load<f64>(memo) && upperSlope < load<f64>(memo, 8)) {
          const median = first == second ? upperSlope : (lowerSlope + upperSlope) / 2;
          store<f64>(medianAt + ((<usize>lane) << 3), median);
        } else if (moveWindow(lanes + ((<usize>lane) << 2), load<i32>(memo, 24), load<i32>(memo, 28))) {
          again |= 1 << lane;
        }
      }
      if (attempt >= ATTEMPTS || again == 0) break;
      open = again;
      centre = v128.load(lanes, 16);
      half = v128.load(lanes, 32);
      setWindow(meanX, meanT, f32x4.sub(centre, half), f32x4.add(centre, half));
      scanWindow();
    }
    for (; unknown != 0; unknown &= unknown - 1) {
      const lane = ctz<i32>(unknown);
      const place = medianAt + ((<usize>lane) << 3);
      if (isNaN(load<f64>(place))) store<f64>(place, medianOfAll(lane, load<i32>(lanes + ((<usize>lane) << 2))));
    }
  }
}
