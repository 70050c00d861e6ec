/**
 * The Mann–Kendall test: exact and normal p-values of S, with ties.
 *
 * A tie pattern is the list of the sizes of groups of equal values, in descending order; ones may be left out.
 * @module
 */

/** Up to this many values the exact null distribution is used. */
export const EXACT_LIMIT = 30;

/** Two-sided p by S: an array over |S| = 0 … M, where M is the largest S the ties allow. */
type TwoSidedP = Float64Array;

// Weight of a tie group by its size, so that n + Σ weights is a different number for every tie pattern of every n up to
// EXACT_LIMIT: a number system whose digit for size t counts the groups of that size. The largest key is below 2^53.
const TIE_WEIGHT = new Float64Array(EXACT_LIMIT + 1);
for (let size = 2, weight = EXACT_LIMIT + 1; size <= EXACT_LIMIT; size++) {
  TIE_WEIGHT[size] = weight;
  weight *= Math.floor(EXACT_LIMIT / size) + 1;
}

/** What a group of `size` equal values adds to the key of a tie pattern; see {@link twoSidedP}. */
export function tieWeight(size: number): number {
  return size > 1 ? TIE_WEIGHT[size]! : 0;
}

/** a/b, rounded once. */
function quotient(a: bigint, b: bigint): number {
  if (b <= Number.MAX_SAFE_INTEGER) return Number(a) / Number(b);
  // The smallest quotient, 2/30!, is above 2^-107: this leaves more bits than a double holds, and the last of them says
  // whether anything was cut off.
  const shifted = a << 192n;
  const cut = shifted / b;
  return Number(cut * b === shifted ? cut : cut | 1n) / 2 ** 192;
}

/** Multiplies a polynomial by 1 − q^m, in place. */
function multiplyBy(counts: bigint[], m: number): void {
  for (let i = counts.length - 1; i >= m; i--) counts[i]! -= counts[i - m]!;
}

/** Divides a power series by 1 − q^k, in place. */
function divideBy(counts: bigint[], k: number): void {
  for (let i = k; i < counts.length; i++) counts[i]! += counts[i - k]!;
}

/**
 * Two-sided p of every |S|. The null distribution of the inversions of a multiset is the q-multinomial
 * [n]_q! / Π [t_g]_q! (Stanley, Enumerative Combinatorics 1, 1.7.1). It is built one value at a time: the m-th, as the
 * k-th of its group, multiplies by (1 − q^m)/(1 − q^k). Whole numbers throughout and one rounding at the end: p is often
 * 1/20 or 1/10 to the last bit, where a class begins.
 */
function buildTwoSidedP(n: number, groups: readonly number[]): TwoSidedP {
  let largest = (n * (n - 1)) / 2;
  for (const size of groups) largest -= (size * (size - 1)) / 2;
  // The distribution is symmetric, so half of it is enough.
  const counts: bigint[] = Array.from({ length: (largest >> 1) + 1 }, (_, inversions) => (inversions === 0 ? 1n : 0n));
  let total = 1n;
  for (let m = 1, group = 0, k = 1; m <= n; m++) {
    if (m !== k) {
      multiplyBy(counts, m);
      divideBy(counts, k);
      total = (total * BigInt(m)) / BigInt(k);
    }
    if (k++ === (groups[group] ?? 1)) {
      group++;
      k = 1;
    }
  }
  return tailShares(counts, total, largest);
}

/**
 * The shares of the tails of all |S|, twice: S = M − 2·inversions, M the largest, so that the tail of |s| holds the first
 * (M − |s|)/2 + 1 counts.
 */
function tailShares(counts: readonly bigint[], total: bigint, largest: number): TwoSidedP {
  const p = new Float64Array(largest + 1);
  let tail = 0n;
  for (let inversions = 0, s = largest; s >= 0; inversions++, s -= 2) {
    tail += counts[inversions]!;
    p[s] = Math.min(1, quotient(2n * tail, total));
  }
  p[0] = 1;
  return p;
}

const cache = new Map<number, TwoSidedP>();

/**
 * Exact two-sided p by |S| for n values with tied groups: min(1, 2·P(S ≥ |s|)), 1 at s = 0. Entries of the wrong parity
 * are 0 and never asked for. The last entry belongs to the largest |S| the ties allow. Cached by key.
 *
 * @param key n + Σ {@link tieWeight} of the groups.
 */
export function twoSidedP(key: number, n: number): TwoSidedP {
  let table = cache.get(key);
  if (table === undefined) {
    table = buildTwoSidedP(n, groupsOf(key - n));
    cache.set(key, table);
  }
  return table;
}

/** The sizes of the tied groups whose weights add up to `sum`, descending: its digits. */
function groupsOf(sum: number): number[] {
  const groups: number[] = [];
  for (let size = EXACT_LIMIT, rest = sum; size > 1; size--) {
    for (; rest >= TIE_WEIGHT[size]!; rest -= TIE_WEIGHT[size]!) groups.push(size);
  }
  return groups;
}

function tableOf(n: number, ties: readonly number[]): TwoSidedP {
  if (!(Number.isInteger(n) && n >= 1 && n <= EXACT_LIMIT)) {
    throw new RangeError(`Expected n in 1–${EXACT_LIMIT} for an exact p, got ${n}`);
  }
  const groups = ties.filter((size) => size > 1);
  if (groups.reduce((sum, size) => sum + size, 0) > n)
    throw new RangeError(`Expected ties within ${n} values, got ${ties.join()}`);
  return twoSidedP(
    groups.reduce((key, size) => key + tieWeight(size), n),
    n,
  );
}

/**
 * Exact two-sided p of S under the null hypothesis of exchangeable values.
 *
 * @param s Kendall's S.
 * @param ties Tie pattern, descending.
 * @param n Number of values, 1–30.
 * @throws {RangeError} if n is outside 1–30, the ties hold more than n values, or S cannot occur.
 */
export function exactP(s: number, ties: readonly number[], n: number): number {
  const p = tableOf(n, ties)[Math.abs(s)];
  if (p === undefined || p === 0)
    throw new RangeError(`Expected an S that ${n} values with ties ${ties.join()} can have, got ${s}`);
  return p;
}

/** The smallest exact two-sided p that n values with these ties can reach; 1 where all are equal. */
export function smallestExactP(ties: readonly number[], n: number): number {
  return tableOf(n, ties).at(-1)!;
}

/**
 * The exact two-sided p-values that n values without ties can have, ascending: what a stack of n years can show.
 * @throws {RangeError} if n is outside 1–30.
 */
export function attainableP(n: number): number[] {
  return [...tableOf(n, [])].filter((p) => p > 0).sort((a, b) => a - b);
}

/** Σ f(t) over the sizes of groups. */
function overGroups(sizes: ArrayLike<number>, f: (t: number) => number): number {
  let sum = 0;
  for (let i = 0; i < sizes.length; i++) sum += f(sizes[i]!);
  return sum;
}

/**
 * Variance of S: [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 (Kendall 1975), and with ties in time as well, u values a period
 * that are not compared with each other, [n(n−1)(2n+5) − Σ t(t−1)(2t+5) − Σ u(u−1)(2u+5)] / 18
 * + Σ t(t−1)(t−2) · Σ u(u−1)(u−2) / (9n(n−1)(n−2)) + Σ t(t−1) · Σ u(u−1) / (2n(n−1)) (Kendall 1975, eq. 4.4).
 *
 * @param n Number of values.
 * @param ties Sizes of the groups of equal values; ones and zeros may stand in it.
 * @param timeTies Sizes of the groups of one period.
 */
export function varianceS(n: number, ties: ArrayLike<number>, timeTies: ArrayLike<number> = []): number {
  let sum = n * (n - 1) * (2 * n + 5);
  const square = (t: number): number => t * (t - 1) * (2 * t + 5);
  sum -= overGroups(ties, square) + overGroups(timeTies, square);
  let variance = sum / 18;
  if (timeTies.length === 0) return variance;
  const pairs = (t: number): number => t * (t - 1);
  const triples = (t: number): number => t * (t - 1) * (t - 2);
  if (n > 2) {
    variance += (overGroups(ties, triples) * overGroups(timeTies, triples)) / (9 * n * (n - 1) * (n - 2));
  }
  if (n > 1) variance += (overGroups(ties, pairs) * overGroups(timeTies, pairs)) / (2 * n * (n - 1));
  return variance;
}

/** Z with continuity correction: (S ∓ 1)/√Var(S) for S ≷ 0, 0 for S = 0. */
export function zScore(s: number, variance: number): number {
  if (s === 0 || variance <= 0) return 0;
  return (s > 0 ? s - 1 : s + 1) / Math.sqrt(variance);
}
