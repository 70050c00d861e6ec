/**
 * The Theil–Sen slope and Kendall's S of one series, fast and exact.
 *
 * The median of the n(n−1)/2 pair slopes lies close to the least-squares slope. One pass over the pairs counts those
 * below a narrow window around it and collects those inside, mostly without a division; the median is then selected from
 * the few collected slopes. Where it is not inside, the window is moved once; then all slopes are taken. The result is
 * exact in any case.
 * @module
 */
import { selectRank } from './select-rank.ts';

/** Half the width of the window, in standard errors of the least-squares slope. The median is rarely farther away. */
const WINDOW = 1.2;

/** Half the share of the window in which the median is looked for first, times √(slopes collected). */
const NEAR = 0.8;

/** Windows that are tried before all slopes are taken. */
const ATTEMPTS = 2;

/** A window is moved at most this many half-widths, so that its lines stay resolved. */
const FARTHEST = 64;

/** Fewer pairs than this are sorted as they are. */
const FEW_PAIRS = 20;

/**
 * A window is used if it is this much wider than the values over the shortest gap between years, so that rounding is a
 * small part of it …
 */
const RESOLVED = 1e-6;

/** … and then a slope this share of the half-width inside it cannot have been put on the wrong side. */
const MARGIN = 1e-6;

/** Arrays that are reused from pixel to pixel, and the counts of the last series. */
export interface PairScratch {
  /** The series: values, no NaN and no −0, and their times, ascending. */
  readonly x: Float64Array;
  readonly t: Float64Array;
  /** The values less a line of the window's lower and upper slope. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Slopes of pairs, and those near the place where the median is looked for first. */
  readonly slopes: Float64Array;
  readonly near: Float64Array;
  /** Collected pairs: i·2^16 + j. */
  readonly pairs: Int32Array;
  /** Rising, falling, and pairs below the window. */
  readonly counts: Int32Array;
  /** The least-squares slope. */
  readonly fit: Float64Array;
}

/** Scratch for series of at most `nTimes` values. */
export function pairScratch(nTimes: number): PairScratch {
  const pairs = (nTimes * (nTimes - 1)) / 2;
  const series = (): Float64Array => new Float64Array(nTimes);
  return {
    x: series(),
    t: series(),
    low: series(),
    high: series(),
    slopes: new Float64Array(pairs),
    near: new Float64Array(pairs + 1),
    pairs: new Int32Array(pairs + 1),
    counts: new Int32Array(3),
    fit: new Float64Array(1),
  };
}

/**
 * One pass over all pairs: counts the rising, the falling and those with a slope below the window, and collects those
 * inside. Written without branches: each outcome is as likely as the other, and a wrong guess costs more than the work.
 *
 * @returns How many pairs were collected.
 */
function scanPairs(scratch: PairScratch, n: number): number {
  const { x, low, high, pairs, counts } = scratch;
  let rising = 0;
  let falling = 0;
  let below = 0;
  let collected = 0;
  // Two series values at a time, so that each later value is read half as often.
  for (let i = 0; i < n - 1; i += 2) {
    const xA = x[i]!;
    const lowA = low[i]!;
    const highA = high[i]!;
    const xB = x[i + 1]!;
    const lowB = low[i + 1]!;
    const highB = high[i + 1]!;
    const rowA = i << 16;
    const rowB = (i + 1) << 16;
    const neighbourBelow = +(lowB < lowA);
    rising += +(xB > xA);
    falling += +(xB < xA);
    below += neighbourBelow;
    pairs[collected] = rowA | (i + 1);
    collected += 1 - neighbourBelow - +(highB > highA);
    for (let j = i + 2; j < n; j++) {
      const xj = x[j]!;
      const lowJ = low[j]!;
      const highJ = high[j]!;
      const belowA = +(lowJ < lowA);
      const belowB = +(lowJ < lowB);
      rising += +(xj > xA) + +(xj > xB);
      falling += +(xj < xA) + +(xj < xB);
      below += belowA + belowB;
      pairs[collected] = rowA | j;
      collected += 1 - belowA - +(highJ > highA);
      pairs[collected] = rowB | j;
      collected += 1 - belowB - +(highJ > highB);
    }
  }
  counts[0] = rising;
  counts[1] = falling;
  counts[2] = below;
  return collected;
}

/** Counts rising and falling pairs and writes all slopes. */
function allSlopes(scratch: PairScratch, n: number): void {
  const { x, t, slopes, counts } = scratch;
  let rising = 0;
  let falling = 0;
  let k = 0;
  for (let i = 0; i < n - 1; i++) {
    const xi = x[i]!;
    const ti = t[i]!;
    for (let j = i + 1; j < n; j++) {
      const rise = x[j]! - xi;
      rising += +(rise > 0);
      falling += +(rise < 0);
      slopes[k++] = rise / (t[j]! - ti);
    }
  }
  counts[0] = rising;
  counts[1] = falling;
}

/**
 * The mean of the values of rank `first` and `second`, which are equal or neighbours; NaN where one of the two is beyond
 * `lowest` or `highest`.
 */
function middle(
  values: Float64Array,
  n: number,
  first: number,
  second: number,
  lowest: number,
  highest: number,
): number {
  selectRank(values, n, second);
  const upper = values[second]!;
  let lower = upper;
  if (first !== second) {
    lower = values[0]!;
    for (let i = 1; i < second; i++) if (values[i]! > lower) lower = values[i]!;
  }
  if (lower < lowest || upper > highest) return NaN;
  return first === second ? upper : (lower + upper) / 2;
}

/**
 * {@link middle} of the slopes of the collected pairs. They are spread about evenly over the window, so the ranks tell
 * where to look: only slopes near that place are sorted.
 */
function middleCollected(
  scratch: PairScratch,
  collected: number,
  first: number,
  second: number,
  lowest: number,
  highest: number,
): number {
  const { x, t, slopes, near, pairs } = scratch;
  const share = (first + second + 1) / (2 * collected);
  const reach = NEAR / Math.sqrt(collected);
  const from = lowest + (highest - lowest) * (share - reach);
  const to = lowest + (highest - lowest) * (share + reach);
  let below = 0;
  let n = 0;
  for (let k = 0; k < collected; k++) {
    const pair = pairs[k]!;
    const i = pair >>> 16;
    const j = pair & 0xffff;
    const slope = (x[j]! - x[i]!) / (t[j]! - t[i]!);
    const isBelow = +(slope < from);
    slopes[k] = slope;
    near[n] = slope;
    below += isBelow;
    n += 1 - isBelow - +(slope > to);
  }
  if (below <= first && second < below + n) return middle(near, n, first - below, second - below, lowest, highest);
  return middle(slopes, collected, first, second, lowest, highest);
}

/**
 * Fits a line by least squares.
 *
 * @returns Half the width of the first window around its slope, which stands in `scratch.fit[0]`; 0 where the values
 *   follow the line too closely for a window to be told from rounding.
 */
function fitLine(scratch: PairScratch, n: number): number {
  const { x, t, fit } = scratch;
  const start = t[0]!;
  let sumX = 0;
  let sumT = 0;
  let sumXX = 0;
  let sumXT = 0;
  let sumTT = 0;
  let gap = Infinity;
  let before = -Infinity;
  for (let i = 0; i < n; i++) {
    const value = x[i]!;
    const time = t[i]! - start;
    sumX += value;
    sumT += time;
    sumXX += value * value;
    sumXT += value * time;
    sumTT += time * time;
    if (time - before < gap) gap = time - before;
    before = time;
  }
  const spread = n * sumTT - sumT * sumT;
  const slope = (n * sumXT - sumX * sumT) / spread;
  const residual = (n * sumXX - sumX * sumX - slope * slope * spread) / (n - 2);
  const half = WINDOW * Math.sqrt(residual / spread);
  const scale = Math.sqrt(sumXX) + Math.abs(slope) * before;
  fit[0] = slope;
  // Also false where the numbers overflow or the residual is negative by rounding.
  return half * gap > RESOLVED * scale && gap > RESOLVED * before && half < Infinity ? half : 0;
}

/** Takes a line of the window's lower slope and one of its upper slope off the series, for {@link scanPairs}. */
function setWindow(scratch: PairScratch, n: number, lowSlope: number, highSlope: number): void {
  const { x, t, low, high } = scratch;
  const start = t[0]!;
  for (let i = 0; i < n; i++) {
    const value = x[i]!;
    const time = t[i]! - start;
    low[i] = value - lowSlope * time;
    high[i] = value - highSlope * time;
  }
}

/**
 * The median of all pair slopes (x_j − x_i)/(t_j − t_i), the mean of the two middle ones for an even count, of the first
 * n ≥ 2 values in `scratch.x` and `scratch.t`. Leaves the rising and falling pairs in `scratch.counts`.
 */
export function theilSen(scratch: PairScratch, n: number): number {
  const { slopes, counts, fit } = scratch;
  const total = (n * (n - 1)) / 2;
  const first = (total - 1) >> 1;
  const second = total >> 1;
  let half = total < FEW_PAIRS ? 0 : fitLine(scratch, n);
  let centre = fit[0]!;
  for (let attempt = 0; half > 0 && attempt < ATTEMPTS; attempt++) {
    setWindow(scratch, n, centre - half, centre + half);
    const collected = scanPairs(scratch, n);
    const below = counts[2]!;
    // Values clipped at 0 or 1 make many pairs equal: then the median slope is often 0, and that can be counted.
    if (counts[1]! <= first && second < total - counts[0]!) return 0;
    if (below <= first && second < below + collected) {
      const lowest = centre - (1 - MARGIN) * half;
      const highest = centre + (1 - MARGIN) * half;
      const slope = middleCollected(scratch, collected, first - below, second - below, lowest, highest);
      if (slope === slope) return slope;
      break;
    }
    // The slopes per unit of the window tell how far away the median is.
    const shift = (2 * half * (first - below - collected / 2)) / (collected + 1);
    if (!(Math.abs(shift) < FARTHEST * half)) break;
    centre += shift;
    half = Math.max(half, Math.abs(shift) / 2);
  }
  allSlopes(scratch, n);
  return middle(slopes, total, first, second, -Infinity, Infinity);
}
