/**
 * Seasonal Kendall: one trend from a value per season and year.
 * @module
 */
import { varianceS, zScore } from './mann-kendall.ts';
import { normalP, normalQuantile } from './normal.ts';
import { tiePattern } from './trend-test.ts';

export interface SeasonalTestOptions {
  /** Real years, ascending, one for each column; 0, 1, 2 … where absent. */
  readonly times?: ArrayLike<number>;
  /** The limits hold with probability 1 − alpha; default 0.05. */
  readonly alpha?: number;
  /** `covariance` (default) lets seasons of a year depend on each other; `independent` does not. */
  readonly seasons?: 'covariance' | 'independent';
}

export interface SeasonalTest {
  /** Values that are not NaN. */
  readonly n: number;
  /** Sum of the seasons' S. */
  readonly s: number;
  /** Sum of the seasons' variances, with twice their covariances. */
  readonly varS: number;
  /** One continuity correction on the sum. */
  readonly z: number;
  /** Two-sided, normal. NaN without a pair to compare, or where the covariances leave no positive variance. */
  readonly p: number;
  /** S over the pairs there are, as tau-b summed over the seasons. */
  readonly tau: number;
  /** Median of the slopes within seasons, per unit of time. */
  readonly slope: number;
  /** Limits of the slope, as in `trendTest`. */
  readonly slopeLow: number;
  readonly slopeHigh: number;
  readonly perSeason: readonly { readonly n: number; readonly s: number; readonly varS: number }[];
}

/**
 * Hirsch, Slack & Smith 1982; with the covariance of Dietz & Killeen 1981 as in Hirsch & Slack 1984:
 * cov(S_g, S_h) = [K_gh + 4·Σ_j R_jg·R_jh − N(n_g + 1)(n_h + 1)]/3, K_gh = Σ_{i<j} sgn((x_jg − x_ig)(x_jh − x_ih)), R the
 * ranks within a season with (n_g + 1)/2 at a missing value, N the years. The variances take ties off. The covariance
 * needs about ten years to be an estimate.
 *
 * @param matrix [season][year]; NaN = missing. Seasons are compared with themselves only.
 * @throws {RangeError} if rows differ in length, times do not ascend, or alpha is outside (0, 1).
 */
export function seasonalTest(matrix: readonly ArrayLike<number>[], options: SeasonalTestOptions = {}): SeasonalTest {
  const { alpha = 0.05, seasons = 'covariance' } = options;
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`Expected alpha in (0, 1), got ${alpha}`);
  const years = matrix[0]?.length ?? 0;
  const times = options.times ?? Float64Array.from({ length: years }, (_, i) => i);
  for (const [k, row] of [...matrix, times].entries()) {
    if (row.length !== years) throw new RangeError(`Expected ${years} years, got ${row.length} in row ${k}`);
  }
  for (let i = 1; i < years; i++) {
    if (!(times[i]! > times[i - 1]!)) throw new RangeError(`Expected ascending times, got ${times[i]} at ${i}`);
  }
  const parts = matrix.map((row) => seasonOf(row, times));
  const slopes = Float64Array.from(parts.flatMap((part) => part.slopes)).sort();
  const sum = (f: (part: Season) => number): number => parts.reduce((total, part) => total + f(part), 0);
  const s = sum((part) => part.s);
  let varS = sum((part) => part.varS);
  if (seasons === 'covariance') {
    for (let g = 0; g < parts.length; g++) {
      for (let h = g + 1; h < parts.length; h++) varS += 2 * covarianceS(parts[g]!, parts[h]!, years);
    }
  }
  const reach = normalQuantile(1 - alpha / 2) * Math.sqrt(varS);
  const scale = sum((part) => part.pairs);
  const possible = varS > 0 || s === 0;
  const z = possible ? zScore(s, varS) : NaN;
  return {
    n: sum((part) => part.n),
    s,
    varS,
    z,
    p: slopes.length === 0 ? NaN : normalP(z),
    tau: scale > 0 ? s / scale : NaN,
    slope: median(slopes),
    slopeLow: slopes[Math.round((slopes.length - reach) / 2) - 1] ?? NaN,
    slopeHigh: slopes[Math.round((slopes.length + reach) / 2)] ?? NaN,
    perSeason: parts.map((part) => ({ n: part.n, s: part.s, varS: part.varS })),
  };
}

interface Season {
  n: number;
  s: number;
  varS: number;
  /** √(pairs of years · pairs without ties): what S is at most. */
  pairs: number;
  slopes: number[];
  /** sgn(x_j − x_i) for i < j, row by row; 0 with a missing value. */
  signs: Int8Array;
  /** Ranks, the middle one at a missing value. */
  ranks: Float64Array;
}

function seasonOf(row: ArrayLike<number>, times: ArrayLike<number>): Season {
  const years = row.length;
  const signs = new Int8Array((years * (years - 1)) / 2);
  const sums = new Float64Array(years);
  const slopes: number[] = [];
  let s = 0;
  let pairs = 0;
  for (let i = 0, k = 0; i < years; i++) {
    for (let j = i + 1; j < years; j++, k++) {
      const rise = row[j]! - row[i]!;
      if (rise !== rise) continue;
      const sign = Math.sign(rise);
      signs[k] = sign;
      s += sign;
      sums[j]! += sign;
      sums[i]! -= sign;
      pairs += Math.abs(sign);
      slopes.push(rise / (times[j]! - times[i]!));
    }
  }
  const valid = Float64Array.from(Array.from(row).filter((value) => !Number.isNaN(value))).map((value) => value + 0);
  const n = valid.length;
  return {
    n,
    s: s + 0,
    varS: varianceS(n, tiePattern(valid.sort())),
    pairs: Math.sqrt(pairs * ((n * (n - 1)) / 2)),
    slopes,
    signs,
    ranks: sums.map((sum) => (n + 1 + sum) / 2),
  };
}

function covarianceS(a: Season, b: Season, years: number): number {
  let k = 0;
  for (let i = 0; i < a.signs.length; i++) k += a.signs[i]! * b.signs[i]!;
  let products = 0;
  for (let j = 0; j < years; j++) products += a.ranks[j]! * b.ranks[j]!;
  return (k + 4 * products - years * (a.n + 1) * (b.n + 1)) / 3;
}

function median(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
