/**
 * What serial correlation does to the variance of S, and series without it.
 * @module
 */
import { autocorrelation, ranks } from './autocorrelation.ts';
import { normalQuantile } from './normal.ts';
import { senSlope } from './pair-slopes.ts';

/** The series less a slope per step; NaN stays NaN. */
export function detrended(series: ArrayLike<number>, slopePerStep: number): Float64Array {
  return Float64Array.from({ length: series.length }, (_, i) => series[i]! - slopePerStep * i);
}

/**
 * Factor on Var(S) by Hamed & Rao 1998: 1 + 2/(n(n−1)(n−2)) · Σ_k (n−k)(n−k−1)(n−k−2)·ρ_k, ρ_k the autocorrelation of
 * the ranks of the detrended series at the lags k at which |ρ_k| > z_(1−α/2)/√n.
 *
 * @param residuals Sen-detrended series in equal steps, NaN at gaps.
 * @param lags The largest lag; at most the number of values less 1.
 */
export function hamedRaoFactor(residuals: ArrayLike<number>, lags: number, alpha: number): number {
  const ranked = ranks(residuals);
  const n = ranked.filter((rank) => !Number.isNaN(rank)).length;
  const bound = normalQuantile(1 - alpha / 2) / Math.sqrt(n);
  let sum = 0;
  for (let k = 1; k <= Math.min(lags, n - 1); k++) {
    const rho = autocorrelation(ranked, k);
    if (Math.abs(rho) > bound) sum += (n - k) * (n - k - 1) * (n - k - 2) * rho;
  }
  return 1 + (2 / (n * (n - 1) * (n - 2))) * sum;
}

/**
 * Factor on Var(S) by Yue & Wang 2004: 1 + 2·Σ_k (1 − k/n)·r_k, r_k the autocorrelation of the detrended series.
 * Parameters as {@link hamedRaoFactor}.
 */
export function yueWangFactor(residuals: ArrayLike<number>, lags: number): number {
  const n = Array.from(residuals).filter((value) => !Number.isNaN(value)).length;
  let sum = 0;
  for (let k = 1; k <= Math.min(lags, n - 1); k++) {
    const r = autocorrelation(residuals, k);
    if (r === r) sum += (1 - k / n) * r;
  }
  return 1 + 2 * sum;
}

/** x_i − r·x_(i−1); NaN where either is missing, and in the first place. */
export function withoutLag1(series: ArrayLike<number>, r: number): Float64Array {
  return Float64Array.from({ length: series.length }, (_, i) => (i === 0 ? NaN : series[i]! - r * series[i - 1]!));
}

/** Slope per step of a series in equal steps with NaN at gaps. */
export function slopePerStep(series: ArrayLike<number>): number {
  const x: number[] = [];
  const t: number[] = [];
  for (let i = 0; i < series.length; i++) {
    if (Number.isNaN(series[i]!)) continue;
    x.push(series[i]!);
    t.push(i);
  }
  return senSlope(x, t);
}

/**
 * Trend-free pre-whitening (Yue et al. 2002): the Sen slope is taken off, then lag 1, then the slope is put back. Done
 * whether or not lag 1 is significant, as in pyMannKendall and the R package modifiedmk.
 */
export function trendFreePrewhitened(series: ArrayLike<number>): Float64Array {
  const slope = slopePerStep(series);
  const residuals = detrended(series, slope);
  const r = autocorrelation(residuals, 1);
  return detrended(withoutLag1(residuals, Number.isNaN(r) ? 0 : r), -slope);
}

/** Lag-1 correlation below this is left alone, and iterations end at these changes. */
const LEAST_LAG1 = 0.05;
const LAG1_TOLERANCE = 1e-4;
const SLOPE_TOLERANCE = 1e-4;
const MOST_ITERATIONS = 50;

/**
 * Iterative pre-whitening (Zhang et al. 2000, Wang & Swail 2001): (x_i − r·x_(i−1))/(1 − r) with r and the slope
 * estimated in turn, each on what the other leaves, until both stand still. The division by 1 − r keeps the slope.
 * The series itself where r is below 0.05, as it is or with the trend off (or, with gaps, an estimate of 1 and more).
 */
export function iterativelyPrewhitened(series: ArrayLike<number>): Float64Array {
  const whitened = (r: number): Float64Array => withoutLag1(series, r).map((value) => value / (1 - r));
  let r = autocorrelation(series, 1);
  if (!(r >= LEAST_LAG1 && r < 1)) return Float64Array.from(series);
  let result = whitened(r);
  let slope = slopePerStep(result);
  for (let k = 0; k < MOST_ITERATIONS; k++) {
    const nextR = autocorrelation(detrended(series, slope), 1);
    // A trend alone correlates neighbours: with it off, there is nothing to take away.
    if (!(nextR >= LEAST_LAG1 && nextR < 1)) return Float64Array.from(series);
    result = whitened(nextR);
    const nextSlope = slopePerStep(result);
    const still =
      Math.abs(nextR - r) <= LAG1_TOLERANCE && Math.abs(nextSlope - slope) <= SLOPE_TOLERANCE * Math.abs(slope);
    r = nextR;
    slope = nextSlope;
    if (still) break;
  }
  return result;
}
