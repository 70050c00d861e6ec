/**
 * How well FVC from space agrees with the cover that was seen in the field.
 * @module
 */
import { tQuantile, tTwoSided } from './distributions.ts';

export interface CoverAgreement {
  readonly n: number;
  /** Field cover = intercept + slope·FVC, by least squares. NaN without spread in FVC. */
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  readonly intercept: number;
  readonly interceptLow: number;
  readonly interceptHigh: number;
  /** Two-sided p of the slope. */
  readonly p: number;
  readonly r2: number;
  /** Standard deviation of field cover about the line, with n − 2 degrees of freedom. */
  readonly residualSd: number;
  /** Mean of FVC − field cover. */
  readonly bias: number;
  /** Root mean square of FVC − field cover: about the line of equality, not the fitted one. */
  readonly rmse: number;
  readonly mae: number;
  /** Limits of agreement: bias ± 1.96 standard deviations of FVC − field cover (Bland & Altman 1986). */
  readonly agreementLow: number;
  readonly agreementHigh: number;
}

/** Normal quantile of 95 % limits of agreement, as Bland & Altman 1986 round it. */
const AGREEMENT = 1.96;

/**
 * Regression of field cover on FVC, and their differences.
 *
 * @param fvc As shares of 0 to 1, no NaN.
 * @param cover Field cover as shares, as long.
 * @param confidence Of slope and intercept, such as 0.95.
 * @returns undefined with fewer than 3 plots.
 */
export function coverAgreement(
  fvc: readonly number[],
  cover: readonly number[],
  confidence: number,
): CoverAgreement | undefined {
  const n = fvc.length;
  if (n !== cover.length) throw new RangeError(`Expected as many covers as FVC, got ${cover.length} for ${n}`);
  if (n < 3) return undefined;
  const meanX = mean(fvc);
  const meanY = mean(cover);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += (fvc[i]! - meanX) ** 2;
    yy += (cover[i]! - meanY) ** 2;
    xy += (fvc[i]! - meanX) * (cover[i]! - meanY);
  }
  const slope = xx > 0 ? xy / xx : NaN;
  const intercept = meanY - slope * meanX;
  let residual = 0;
  for (let i = 0; i < n; i++) residual += (cover[i]! - intercept - slope * fvc[i]!) ** 2;
  const residualSd = Math.sqrt(residual / (n - 2));
  const slopeSe = residualSd / Math.sqrt(xx);
  const interceptSe = residualSd * Math.sqrt(1 / n + meanX ** 2 / xx);
  const t = tQuantile((1 + confidence) / 2, n - 2);
  const differences = fvc.map((value, i) => value - cover[i]!);
  const bias = mean(differences);
  const spread = Math.sqrt(differences.reduce((sum, d) => sum + (d - bias) ** 2, 0) / (n - 1));
  return {
    n,
    slope,
    slopeLow: slope - t * slopeSe,
    slopeHigh: slope + t * slopeSe,
    intercept,
    interceptLow: intercept - t * interceptSe,
    interceptHigh: intercept + t * interceptSe,
    p: tTwoSided(slope / slopeSe, n - 2),
    r2: yy > 0 ? 1 - residual / yy : NaN,
    residualSd,
    bias,
    rmse: Math.sqrt(mean(differences.map((d) => d * d))),
    mae: mean(differences.map(Math.abs)),
    agreementLow: bias - AGREEMENT * spread,
    agreementHigh: bias + AGREEMENT * spread,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
