/**
 * The trend of one series, in float64: Theil–Sen slope with its confidence limits, and the Mann–Kendall test.
 * @module
 */
import { EXACT_LIMIT, exactP, smallestExactP, varianceS, zScore } from './mann-kendall.ts';
import { normalP, normalQuantile } from './normal.ts';

export interface TrendTestOptions {
  /** Real times, ascending, same length as the values; 0, 1, 2 … where absent. A missing value leaves a gap. */
  readonly times?: ArrayLike<number>;
  /** `auto` (default): exact to n = 30, normal beyond. */
  readonly method?: 'exact' | 'normal' | 'auto';
  /** The limits hold with probability 1 − alpha; default 0.05. */
  readonly alpha?: number;
}

export interface TrendTest {
  /** Values that are not NaN. */
  readonly n: number;
  /** Kendall's S. */
  readonly s: number;
  /** Variance of S, ties taken off. */
  readonly varS: number;
  /** With continuity correction. */
  readonly z: number;
  /** Two-sided. NaN for fewer than 2 values. */
  readonly p: number;
  /** Kendall's tau-b against time; NaN where all values are equal. */
  readonly tau: number;
  /** Theil–Sen slope per unit of time. NaN for fewer than 2 values. */
  readonly slope: number;
  /** median(values) − slope · median(times). */
  readonly intercept: number;
  /** Confidence limits of the slope (Gilbert 1987); NaN where a rank leaves the range. */
  readonly slopeLow: number;
  readonly slopeHigh: number;
  /** The smallest p that n and the ties can reach; see {@link smallestP}. */
  readonly smallestP: number;
}

function median(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Sizes of the groups of equal values, 2 and more, descending. */
export function tiePattern(sorted: ArrayLike<number>): number[] {
  const sizes: number[] = [];
  for (let i = 0, start = 0; i < sorted.length; i++) {
    if (i + 1 < sorted.length && sorted[i + 1] === sorted[start]) continue;
    if (i > start) sizes.push(i - start + 1);
    start = i + 1;
  }
  return sizes.sort((a, b) => b - a);
}

/**
 * The smallest two-sided p a pixel can reach: what decides whether it is testable.
 *
 * Exact to n = 30. By the normal method it is the p of the largest S the ties allow, to n = 30 as well; beyond, it is
 * taken as 0, as more than 30 years can always reach significance unless nearly all are tied.
 */
export function smallestP(n: number, ties: readonly number[], method: 'exact' | 'normal'): number {
  if (n > EXACT_LIMIT) return 0;
  if (method === 'exact') return smallestExactP(ties, n);
  const largestS = (n * (n - 1) - ties.reduce((sum, t) => sum + t * (t - 1), 0)) / 2;
  return normalP(zScore(largestS, varianceS(n, ties)));
}

/**
 * Theil–Sen slope (Sen 1968) and Mann–Kendall test (Mann 1945, Kendall 1975) of one series.
 *
 * The slope is the median of (x_j − x_i)/(t_j − t_i) over all i < j, the mean of the two middle ones for an even count.
 * Its limits are the slopes of ranks (N − C)/2 and (N + C)/2 + 1 of N, C = z_(1−α/2)·√Var(S) (Gilbert 1987, 16.5), each
 * rounded to a whole rank as R's trend package and SciPy do it. With fewer than 2 values everything but n is NaN, 0 or 1.
 *
 * @param values Any length; NaN = missing.
 * @throws {RangeError} if lengths differ, times do not ascend, alpha is outside (0, 1), or an exact p is asked for n > 30.
 */
export function trendTest(values: ArrayLike<number>, options: TrendTestOptions = {}): TrendTest {
  const { times, method = 'auto', alpha = 0.05 } = options;
  if (times !== undefined && times.length !== values.length) {
    throw new RangeError(`Expected ${values.length} times, got ${times.length}`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`Expected alpha in (0, 1), got ${alpha}`);
  const x: number[] = [];
  const t: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const time = times?.[i] ?? i;
    if (i > 0 && !(time > (times?.[i - 1] ?? i - 1)))
      throw new RangeError(`Expected ascending times, got ${time} at ${i}`);
    if (Number.isNaN(values[i]!)) continue;
    // Adding 0 turns −0 into 0, which a sort would keep apart.
    x.push(values[i]! + 0);
    t.push(time);
  }
  const n = x.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let s = 0;
  for (let i = 0, k = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const rise = x[j]! - x[i]!;
      s += Math.sign(rise);
      slopes[k++] = rise / (t[j]! - t[i]!);
    }
  }
  slopes.sort();
  const sorted = Float64Array.from(x).sort();
  const ties = tiePattern(sorted);
  const varS = varianceS(n, ties);
  const z = zScore(s, varS);
  const exact = method === 'exact' || (method === 'auto' && n <= EXACT_LIMIT);
  const tested = n >= 2;
  const slope = tested ? median(slopes) : NaN;
  const pairs = slopes.length;
  const untied = pairs - ties.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const reach = normalQuantile(1 - alpha / 2) * Math.sqrt(varS);
  return {
    n,
    s,
    varS,
    z,
    p: !tested ? NaN : exact ? exactP(s, ties, n) : normalP(z),
    tau: untied > 0 ? s / Math.sqrt(untied * pairs) : NaN,
    slope,
    intercept: tested ? median(sorted) - slope * median(Float64Array.from(t)) : NaN,
    slopeLow: slopeOfRank(slopes, (pairs - reach) / 2),
    slopeHigh: slopeOfRank(slopes, (pairs + reach) / 2 + 1),
    smallestP: tested ? smallestP(n, ties, exact ? 'exact' : 'normal') : 1,
  };
}

/** The slope of a rank counted from 1, rounded to a whole rank; NaN outside the range. */
function slopeOfRank(slopes: Float64Array, rank: number): number {
  return slopes[Math.round(rank) - 1] ?? NaN;
}
