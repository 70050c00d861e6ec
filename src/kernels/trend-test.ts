/**
 * The trend of one series, in float64: Theil–Sen slope with its confidence limits, and the Mann–Kendall test.
 * @module
 */
import { autocorrelation, layOut, stepsOf } from './autocorrelation.ts';
import { EXACT_LIMIT, exactP, smallestExactP, varianceS, zScore } from './mann-kendall.ts';
import { normalP, normalQuantile } from './normal.ts';
import { medianOf, pairSlopes } from './pair-slopes.ts';
import { hamedRaoFactor, iterativelyPrewhitened, trendFreePrewhitened, yueWangFactor } from './serial-correction.ts';

/** How serial correlation is taken into account; see docs/method.md. */
export type SerialCorrection = 'none' | 'hamed-rao' | 'yue-wang' | 'tfpw' | 'zhang';

export interface TrendTestOptions {
  /** Real times, ascending, same length as the values; 0, 1, 2 … where absent. A missing value leaves a gap. */
  readonly times?: ArrayLike<number>;
  /** `auto` (default): exact to n = 30, normal beyond. */
  readonly method?: 'exact' | 'normal' | 'auto';
  /** The limits hold with probability 1 − alpha; a lag counts as significant at alpha. Default 0.05. */
  readonly alpha?: number;
  /** Default `none`. Any other needs at least 10 values. */
  readonly correction?: SerialCorrection;
  /** Lags that `hamed-rao` and `yue-wang` look at; default all. */
  readonly lags?: number;
  /**
   * Where a period holds several values, such as the scenes of a year: the period of each value, ascending. Values of one
   * period are not compared in S, and p is normal. The slope takes all pairs.
   */
  readonly periods?: ArrayLike<number>;
}

export interface TrendTest {
  /** Values that are not NaN; with pre-whitening, values that have one a step before them. */
  readonly n: number;
  /** Kendall's S. */
  readonly s: number;
  /** Variance of S, ties taken off, times {@link varianceFactor}. */
  readonly varS: number;
  /** With continuity correction. */
  readonly z: number;
  /** Two-sided. NaN for fewer than 2 values, and where a correction leaves no positive variance. */
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
  /** Lag-1 autocorrelation of the values less their Sen slope; NaN where no two values are one step apart. */
  readonly lag1: number;
  readonly correction: SerialCorrection;
  /** What the correction did to the variance; 1 without. */
  readonly varianceFactor: number;
}

/** Corrections are estimates from the series itself: below this many values they are noise. */
export const CORRECTION_LEAST_N = 10;

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
  return normalP(zScore(comparedPairs(n, ties), varianceS(n, ties)));
}

/** Pairs that are not tied. */
function comparedPairs(n: number, ties: readonly number[]): number {
  return (n * (n - 1) - ties.reduce((sum, t) => sum + t * (t - 1), 0)) / 2;
}

/** A series without missing values. */
interface Series {
  readonly x: number[];
  readonly t: number[];
  /** Period of each value; null where each has its own. */
  readonly period: number[] | null;
}

/**
 * Theil–Sen slope (Sen 1968) and Mann–Kendall test (Mann 1945, Kendall 1975) of one series.
 *
 * The slope is the median of (x_j − x_i)/(t_j − t_i) over all i < j, the mean of the two middle ones for an even count.
 * Its limits are the slopes of ranks (N − C)/2 and (N + C)/2 + 1 of N, C = z_(1−α/2)·√Var(S) (Gilbert 1987, 16.5), each
 * rounded to a whole rank as R's trend package and SciPy do it. With fewer than 2 values everything but n is NaN, 0 or 1.
 *
 * Corrections: `hamed-rao` (1998) and `yue-wang` (2004) multiply Var(S); p is then normal. `tfpw` (Yue et al. 2002) tests
 * the trend-free pre-whitened series, with slope, intercept and limits of the series itself. `zhang` (Zhang et al. 2000,
 * Wang & Swail 2001) tests the iteratively pre-whitened series and takes its slope and limits from it.
 *
 * @param values Any length; NaN = missing.
 * @throws {RangeError} if lengths differ, times or periods do not ascend, alpha is outside (0, 1), an
 *   exact p is asked for n > 30 or where there is none, or a correction for fewer than 10 values.
 */
export function trendTest(values: ArrayLike<number>, options: TrendTestOptions = {}): TrendTest {
  const { method = 'auto', alpha = 0.05, correction = 'none', lags = Infinity } = options;
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`Expected alpha in (0, 1), got ${alpha}`);
  const series = validSeries(values, options);
  const { x, t } = series;
  const plain = testOf(series, correction === 'none' ? method : 'normal', alpha, 1);
  const steps = stepsOf(t);
  const start = t[0] ?? 0;
  const residuals = layOut(
    x.map((value, i) => value - plain.slope * (t[i]! - start)),
    steps,
  );
  const lag1 = autocorrelation(residuals, 1);
  if (correction === 'none') return { ...plain, lag1, correction };
  if (x.length < CORRECTION_LEAST_N) {
    const text = `Expected at least ${CORRECTION_LEAST_N} values for the correction ${correction}, got ${x.length}`;
    throw new RangeError(`${text}: fewer cannot tell serial correlation from chance`);
  }
  if (series.period !== null) throw new RangeError(`Expected one value a period for the correction ${correction}`);
  if (correction === 'tfpw' || correction === 'zhang') {
    const even = layOut(x, steps);
    const whitened = correction === 'tfpw' ? trendFreePrewhitened(even) : iterativelyPrewhitened(even);
    const tested = testOf(takeUp(whitened, steps, t), method, alpha, 1);
    if (correction === 'zhang') return { ...tested, lag1, correction };
    const { slope, intercept, slopeLow, slopeHigh } = plain;
    return { ...tested, slope, intercept, slopeLow, slopeHigh, lag1, correction };
  }
  if (method === 'exact') throw new RangeError(`Expected the method normal or auto with the correction ${correction}`);
  const factor = correction === 'hamed-rao' ? hamedRaoFactor(residuals, lags, alpha) : yueWangFactor(residuals, lags);
  return { ...testOf(series, 'normal', alpha, factor), lag1, correction };
}

function validSeries(values: ArrayLike<number>, { times, periods }: TrendTestOptions): Series {
  for (const [name, other] of Object.entries({ times, periods })) {
    if (other !== undefined && other.length !== values.length) {
      throw new RangeError(`Expected ${values.length} ${name}, got ${other.length}`);
    }
  }
  const x: number[] = [];
  const t: number[] = [];
  const period: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const time = times?.[i] ?? i;
    if (i > 0 && !(time > (times?.[i - 1] ?? i - 1))) {
      throw new RangeError(`Expected ascending times, got ${time} at ${i}`);
    }
    if (periods !== undefined && !(periods[i]! >= (periods[Math.max(0, i - 1)] ?? NaN))) {
      throw new RangeError(`Expected ascending periods, got ${periods[i]} at ${i}`);
    }
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    // Adding 0 turns −0 into 0, which a sort would keep apart.
    x.push(value + 0);
    t.push(time);
    if (periods !== undefined) period.push(periods[i]!);
  }
  return { x, t, period: periods === undefined || new Set(period).size === period.length ? null : period };
}

/** The values of a laid-out series that are there, with their own times. */
function takeUp(even: Float64Array, steps: Int32Array, t: readonly number[]): Series {
  const kept = Array.from(steps.keys()).filter((i) => !Number.isNaN(even[steps[i]!]!));
  return { x: kept.map((i) => even[steps[i]!]!), t: kept.map((i) => t[i]!), period: null };
}

type Tested = Omit<TrendTest, 'lag1' | 'correction'>;

function testOf({ x, t, period }: Series, method: 'exact' | 'normal' | 'auto', alpha: number, factor: number): Tested {
  const n = x.length;
  const slopes = pairSlopes(x, t);
  const s = kendallS(x, period);
  const ties = tiePattern(Float64Array.from(x).sort());
  const timeTies = period === null ? [] : tiePattern(period);
  const varS = varianceS(n, ties, timeTies) * factor;
  const z = zScore(s, varS);
  if (timeTies.length > 0 && method === 'exact') throw new RangeError('Expected one value a period for an exact p');
  const exact = method === 'exact' || (method === 'auto' && n <= EXACT_LIMIT && timeTies.length === 0);
  const tested = n >= 2;
  const slope = slopes.length === 0 ? NaN : medianSorted(slopes);
  const pairs = (n * (n - 1)) / 2;
  const compared = comparedPairs(n, ties);
  const comparedTimes = comparedPairs(n, timeTies);
  const reach = normalQuantile(1 - alpha / 2) * Math.sqrt(varS);
  // A correction estimated from a short series can take away more variance than there is.
  const possible = varS > 0 || factor === 1;
  const plain = factor === 1 && timeTies.length === 0;
  return {
    n,
    s,
    varS,
    z: possible ? z : NaN,
    p: !tested || !possible ? NaN : exact ? exactP(s, ties, n) : normalP(z),
    tau: compared > 0 && comparedTimes > 0 ? s / Math.sqrt(compared * comparedTimes) : NaN,
    slope,
    intercept: tested ? medianOf(Float64Array.from(x)) - slope * medianOf(Float64Array.from(t)) : NaN,
    slopeLow: slopeOfRank(slopes, (slopes.length - reach) / 2),
    slopeHigh: slopeOfRank(slopes, (slopes.length + reach) / 2 + 1),
    smallestP: !tested
      ? 1
      : plain
        ? smallestP(n, ties, exact ? 'exact' : 'normal')
        : normalP(zScore(Math.min(compared, comparedTimes, pairs), varS)),
    varianceFactor: factor,
  };
}

/** Kendall's S; values of one period are not compared. */
function kendallS(x: readonly number[], period: readonly number[] | null): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    for (let j = i + 1; j < x.length; j++) {
      if (period !== null && period[j] === period[i]) continue;
      s += +(x[j]! > xi) - +(x[j]! < xi);
    }
  }
  return s;
}

function medianSorted(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The slope of a rank counted from 1, rounded to a whole rank; NaN outside the range. */
function slopeOfRank(slopes: Float64Array, rank: number): number {
  return slopes[Math.round(rank) - 1] ?? NaN;
}
