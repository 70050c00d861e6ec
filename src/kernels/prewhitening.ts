/**
 * The pre-whitened series that Collaud Coen et al. 2020 compare, from which their three-fold test (3PW) is made.
 * @module
 */
import { laggedCorrelation } from './autocorrelation.ts';
import { normalQuantile } from './normal.ts';
import { senSlope } from './pair-slopes.ts';
import { withoutLag1 } from './serial-correction.ts';

/** All of the length of the values, NaN where a value or the one before it is missing. */
export interface PrewhitenedSeries {
  /** Lag-1 correlation of the values. */
  readonly lag1: number;
  /** Whether it is significant and at least 0.05. Where it is not, every series below is the values themselves. */
  readonly applied: boolean;
  /** Lag 1 taken off (Kulkarni & von Storch 1995). */
  readonly pw: Float64Array;
  /** … and divided by 1 − r, which keeps the slope. */
  readonly pwCorrected: Float64Array;
  /** Trend-free pre-whitening (Yue et al. 2002). */
  readonly tfpwYue: Float64Array;
  /** Iterative trend-free pre-whitening (Wang & Swail 2001). */
  readonly tfpwWangSwail: Float64Array;
  /** Variance-corrected trend-free pre-whitening (Wang et al. 2015), with the variance ratio of Collaud Coen et al. */
  readonly vctfpw: Float64Array;
}

/** Lag-1 correlation below this is left alone. */
const LEAST_LAG1 = 0.05;
/** The iteration ends when lag 1, or the slope per unit of time, changes by no more than this. */
const TOLERANCE = 1e-4;
const MOST_ITERATIONS = 11;

interface Whitened {
  r: number;
  significant: boolean;
  series: Float64Array;
}

/** Takes lag 1 off where it is significant at level alpha: |r| ≥ z_(1−α/2)/√n. */
function whiten(series: Float64Array, alpha: number): Whitened {
  const r = laggedCorrelation(series, 1);
  const n = series.filter((value) => !Number.isNaN(value)).length;
  const significant = Math.abs(r) >= normalQuantile(1 - alpha / 2) / Math.sqrt(n);
  return { r, significant, series: significant ? withoutLag1(series, r) : series };
}

/**
 * The five series.
 *
 * @param values In equal steps of time but for what `times` says, NaN = missing: lag 1 is from place to place, as
 *   seasonal values lie further apart at the turn of the year.
 * @param times Same length, ascending; the slopes are per their unit. The published figures take days.
 * @param alpha Level at which lag 1 counts.
 * @throws {RangeError} if lengths differ.
 */
export function prewhiten(values: ArrayLike<number>, times: ArrayLike<number>, alpha = 0.05): PrewhitenedSeries {
  if (times.length !== values.length) throw new RangeError(`Expected ${values.length} times, got ${times.length}`);
  const x = Float64Array.from({ length: values.length }, (_, i) => (Number.isFinite(values[i]!) ? values[i]! : NaN));
  const t = Float64Array.from({ length: x.length }, (_, i) => times[i]! - times[0]!);
  const first = whiten(x, alpha);
  if (!(first.significant && first.r >= LEAST_LAG1)) {
    const same = { pw: x, pwCorrected: x, tfpwYue: x, tfpwWangSwail: x, vctfpw: x };
    return { lag1: first.r, applied: false, ...same };
  }
  const pwCorrected = first.series.map((value) => value / (1 - first.r));
  const slope = slopeOf(x, t);
  const free = whiten(withTrend(x, t, -slope), alpha);
  const ratio = varianceOf(x) / varianceOf(free.series);
  const slopeVc = free.r >= 0 ? slope / Math.sqrt((1 + free.r) / (1 - free.r)) : slope;
  return {
    lag1: first.r,
    applied: true,
    pw: first.series,
    pwCorrected,
    tfpwYue: withTrend(free.series, t, slope),
    tfpwWangSwail: wangSwail(x, t, first.r, slopeOf(pwCorrected, t), alpha),
    vctfpw: withTrend(
      free.series.map((value) => value * ratio),
      t,
      slopeVc,
    ),
  };
}

function withTrend(x: Float64Array, t: Float64Array, slope: number): Float64Array {
  return x.map((value, i) => value + slope * t[i]!);
}

function slopeOf(x: Float64Array, t: Float64Array): number {
  const valid = (_: number, i: number): boolean => !Number.isNaN(x[i]!);
  return senSlope(x.filter(valid), t.filter(valid));
}

/** Divisor n − 1. */
function varianceOf(x: Float64Array): number {
  const valid = x.filter((value) => !Number.isNaN(value));
  const mean = valid.reduce((sum, value) => sum + value, 0) / valid.length;
  return valid.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (valid.length - 1);
}

/** Lag 1 off and divided by 1 − r; the first value stays as it is. */
function keepingFirst(x: Float64Array, r: number): Float64Array {
  const out = withoutLag1(x, r).map((value) => value / (1 - r));
  out[0] = x[0]!;
  return out;
}

function wangSwail(x: Float64Array, t: Float64Array, lag1: number, slope: number, alpha: number): Float64Array {
  let free = whiten(withTrend(x, t, -slope), alpha);
  if (!(Math.abs(free.r) >= LEAST_LAG1 && free.significant)) return free.series;
  let result = keepingFirst(x, free.r);
  let before = { r: lag1, slope };
  let now = slopeOf(result, t);
  for (let k = 0; k < MOST_ITERATIONS; k++) {
    const moves = Math.abs(free.r - before.r) > TOLERANCE && Math.abs(now - before.slope) > TOLERANCE;
    if (!moves || !(free.r >= LEAST_LAG1 && free.significant)) break;
    before = { r: free.r, slope: now };
    free = whiten(withTrend(x, t, -now), alpha);
    if (!(free.r > 0 && free.significant)) continue;
    result = keepingFirst(x, free.r);
    now = slopeOf(result, t);
  }
  return result;
}
