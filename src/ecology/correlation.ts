/**
 * Correlation of variables pair by pair, with p-values that allow for how many pairs there are.
 * @module
 */
import { ranks } from '../kernels/autocorrelation.ts';
import { tTwoSided } from './distributions.ts';
import { pairsOf } from './group-tests.ts';

export interface Correlation {
  /** Pairs without a gap. */
  readonly n: number;
  /** NaN with fewer than 3 pairs or without spread. */
  readonly r: number;
  /** Two-sided; NaN where r is. */
  readonly p: number;
}

const NONE = { r: NaN, p: NaN };

/** Up to here the p of Spearman's rho without ties is counted out over all orders, as R does. */
const MOST_EXACT = 9;

/** Rounding of sums: a correlation that differs from ±1 by less is ±1. */
const TINY = 1e-15;

/** The pairs in which neither value is NaN. */
function complete(x: ArrayLike<number>, y: ArrayLike<number>): [number[], number[]] {
  const at = Array.from({ length: x.length }, (_, i) => i).filter((i) => !Number.isNaN(x[i]! + y[i]!));
  return [at.map((i) => x[i]!), at.map((i) => y[i]!)];
}

function productMoment(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]! / n;
    meanY += y[i]! / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const a = x[i]! - meanX;
    const b = y[i]! - meanY;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  // Spread that is only the rounding of the mean is none.
  const scale = (mean: number) => n * (Math.abs(mean) * 1e-14) ** 2;
  if (!(xx > scale(meanX)) || !(yy > scale(meanY))) return NaN;
  const r = xy / Math.sqrt(xx) / Math.sqrt(yy);
  return 1 - Math.abs(r) < TINY ? Math.sign(r) : r;
}

function tOf(r: number, n: number): number {
  return r * Math.sqrt((n - 2) / (1 - r * r));
}

/** Pearson's product-moment correlation; p by t with n − 2 degrees of freedom, as R's `cor.test`. NaN are gaps. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const [a, b] = complete(x, y);
  const n = a.length;
  const r = n < 3 ? NaN : productMoment(a, b);
  return Number.isNaN(r) ? { n, ...NONE } : { n, r, p: tTwoSided(tOf(r, n), n - 2) };
}

/**
 * Spearman's rank correlation, ties sharing their mean rank. p is exact up to 9 pairs without ties, else by t with n − 2
 * degrees of freedom, as R's `cor.test(method = "spearman")` with `exact = FALSE`. NaN are gaps.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const [a, b] = complete(x, y).map((values) => ranks(values)) as [Float64Array, Float64Array];
  const n = a.length;
  const r = n < 3 ? NaN : productMoment(a, b);
  if (Number.isNaN(r)) return { n, ...NONE };
  const tied = new Set(a).size < n || new Set(b).size < n;
  if (tied || n > MOST_EXACT) return { n, r, p: tTwoSided(tOf(r, n), n - 2) };
  const distance = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
  return { n, r, p: exactP(Math.round(distance), n) };
}

const distanceCounts = new Map<number, Float64Array>();

/** Two-sided p of a sum of squared differences of ranks: twice the smaller tail, at most 1. */
function exactP(distance: number, n: number): number {
  const counts = distanceCounts.get(n) ?? countDistances(n);
  distanceCounts.set(n, counts);
  let below = 0;
  let above = 0;
  let all = 0;
  for (let d = 0; d < counts.length; d++) {
    all += counts[d]!;
    if (d <= distance) below += counts[d]!;
    if (d >= distance) above += counts[d]!;
  }
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

/** How many orders of n ranks have each sum of squared differences from the ordered ranks. */
function countDistances(n: number): Float64Array {
  const counts = new Float64Array((n * (n * n - 1)) / 3 + 1);
  const used = new Uint8Array(n);
  const place = (i: number, distance: number): void => {
    if (i === n) {
      counts[distance]!++;
      return;
    }
    for (let rank = 0; rank < n; rank++) {
      if (used[rank] === 1) continue;
      used[rank] = 1;
      place(i + 1, distance + (rank - i) ** 2);
      used[rank] = 0;
    }
  };
  place(0, 0);
  return counts;
}

/**
 * p-values adjusted for the false discovery rate (Benjamini & Hochberg 1995), as R's `p.adjust(p, "BH")`. NaN stay NaN and
 * do not count.
 */
export function adjustedP(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).filter((i) => !Number.isNaN(p[i]!));
  order.sort((a, b) => p[b]! - p[a]!);
  const adjusted = p.map(() => NaN);
  let least = 1;
  for (const [k, i] of order.entries()) {
    least = Math.min(least, (p[i]! * order.length) / (order.length - k));
    adjusted[i] = least;
  }
  return adjusted;
}

export interface Variable {
  readonly name: string;
  /** One value a plot, NaN where there is none. */
  readonly values: ArrayLike<number>;
}

export interface CorrelatedPair {
  readonly first: string;
  readonly second: string;
  readonly pearson: Correlation;
  /** p of Pearson's r, adjusted over all pairs. */
  readonly pearsonFdr: number;
  readonly spearman: Correlation;
  /** p of Spearman's rho, adjusted over all pairs. */
  readonly spearmanFdr: number;
}

/** Both correlations of all pairs of variables, over the plots that have both. */
export function correlationPairs(variables: readonly Variable[]): CorrelatedPair[] {
  const pairs = pairsOf(variables).map(([a, b]) => ({
    first: a.name,
    second: b.name,
    pearson: pearson(a.values, b.values),
    spearman: spearman(a.values, b.values),
  }));
  const pearsonFdr = adjustedP(pairs.map((pair) => pair.pearson.p));
  const spearmanFdr = adjustedP(pairs.map((pair) => pair.spearman.p));
  return pairs.map((pair, i) => ({ ...pair, pearsonFdr: pearsonFdr[i]!, spearmanFdr: spearmanFdr[i]! }));
}
