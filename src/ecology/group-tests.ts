/**
 * Comparing groups: means, one-way analysis of variance, Tukey's honest significant difference, t tests.
 * @module
 */
import { fUpper, rangeQuantile, rangeUpper, tQuantile, tTwoSided } from './distributions.ts';

/** Values of a group; no NaN among them. */
export interface Group {
  readonly name: string;
  readonly values: readonly number[];
}

export interface GroupMean {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation with divisor n − 1; NaN with fewer than 2 values. */
  readonly sd: number;
  /** Standard error of the mean, sd/√n. */
  readonly se: number;
}

/** Mean and spread. The mean is subtracted first, so that large values with little spread keep their digits. */
export function groupMean(values: readonly number[]): GroupMean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sd = n > 1 ? Math.sqrt(squaresAbout(mean, values) / (n - 1)) : NaN;
  return { n, mean, sd, se: sd / Math.sqrt(n) };
}

function squaresAbout(centre: number, values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

export interface Anova {
  readonly groups: number;
  readonly n: number;
  readonly dfBetween: number;
  readonly dfWithin: number;
  readonly ssBetween: number;
  readonly ssWithin: number;
  /** Infinity where there is no spread within the groups, NaN where there is none at all. */
  readonly f: number;
  readonly p: number;
}

/**
 * One-way analysis of variance (Fisher 1925), as R's `aov(value ~ group)`. Groups without values are left out.
 *
 * @returns undefined with fewer than 2 groups, or no more values than groups.
 */
export function oneWayAnova(groups: readonly Group[]): Anova | undefined {
  const filled = groups.filter(({ values }) => values.length > 0);
  const n = filled.reduce((sum, { values }) => sum + values.length, 0);
  if (filled.length < 2 || n <= filled.length) return undefined;
  const all = groupMean(filled.flatMap(({ values }) => values)).mean;
  let ssBetween = 0;
  let ssWithin = 0;
  for (const { values } of filled) {
    const { mean } = groupMean(values);
    ssBetween += values.length * (mean - all) ** 2;
    ssWithin += squaresAbout(mean, values);
  }
  const dfBetween = filled.length - 1;
  const dfWithin = n - filled.length;
  const f = ssBetween / dfBetween / (ssWithin / dfWithin);
  return { groups: filled.length, n, dfBetween, dfWithin, ssBetween, ssWithin, f, p: fUpper(f, dfBetween, dfWithin) };
}

/** The difference of two groups, the second minus the first. */
export interface Difference {
  readonly first: string;
  readonly second: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/**
 * Tukey's honest significant differences of all pairs, for groups of unequal size by Tukey & Kramer (Kramer 1956), as R's
 * `TukeyHSD`: p and limits hold for all pairs together. NaN with fewer than 2 degrees of freedom within.
 *
 * @param confidence Of the limits, such as 0.95.
 */
export function tukeyHsd(groups: readonly Group[], confidence: number): Difference[] {
  const anova = oneWayAnova(groups);
  if (anova === undefined) return [];
  const { dfWithin, ssWithin } = anova;
  const filled = groups.filter(({ values }) => values.length > 0);
  const quantile = rangeQuantile(confidence, filled.length, dfWithin);
  return pairsOf(filled).map(([a, b]) => {
    const difference = groupMean(b.values).mean - groupMean(a.values).mean;
    const scale = Math.sqrt((ssWithin / dfWithin / 2) * (1 / a.values.length + 1 / b.values.length));
    const half = quantile * scale;
    return {
      first: a.name,
      second: b.name,
      difference,
      low: difference - half,
      high: difference + half,
      p: rangeUpper(Math.abs(difference) / scale, filled.length, dfWithin),
    };
  });
}

export interface TTest extends Difference {
  readonly t: number;
  readonly df: number;
}

/**
 * Two-sided t test of two means (Student 1908; without equal variances Welch 1947), as R's `t.test(second, first)`.
 *
 * @param pooled Whether both groups have one variance.
 * @param confidence Of the limits, such as 0.95.
 * @returns undefined if a group has fewer than 2 values.
 */
export function tTest(first: Group, second: Group, pooled: boolean, confidence: number): TTest | undefined {
  const [a, b] = [groupMean(first.values), groupMean(second.values)];
  if (a.n < 2 || b.n < 2) return undefined;
  const [va, vb] = [a.se ** 2, b.se ** 2];
  let df = a.n + b.n - 2;
  let se = Math.sqrt(va + vb);
  if (pooled) {
    const variance = ((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / df;
    se = Math.sqrt(variance * (1 / a.n + 1 / b.n));
  } else {
    df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  }
  const difference = b.mean - a.mean;
  const t = difference / se;
  const half = se > 0 ? tQuantile((1 + confidence) / 2, df) * se : NaN;
  return {
    first: first.name,
    second: second.name,
    difference,
    low: difference - half,
    high: difference + half,
    t,
    df,
    p: tTwoSided(t, df),
  };
}

/** All pairs, in the order of the list. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}
