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

/** Distribution times (1 + q + … + q^(m−1)) / m: one more value, at any of m places. */
function timesUniform(distribution: Float64Array, m: number): Float64Array {
  const out = new Float64Array(distribution.length + m - 1);
  for (let i = 0; i < distribution.length; i++) {
    const share = distribution[i]! / m;
    for (let j = 0; j < m; j++) out[i + j]! += share;
  }
  return out;
}

/** The product of two distributions. */
function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) out[i + j]! += a[i]! * b[j]!;
  }
  return out;
}

/**
 * The q-binomial of n over k as a distribution, by q-Pascal: [n, k] = [n−1, k−1] + q^k·[n−1, k]. Its coefficients are
 * whole numbers up to C(30, 15), so they are exact.
 */
function qBinomial(n: number, k: number): Float64Array {
  let row: Float64Array[] = [Float64Array.of(1)];
  for (let m = 1; m <= n; m++) {
    const next: Float64Array[] = [];
    for (let j = 0; j <= Math.min(m, k); j++) {
      const out = new Float64Array(j * (m - j) + 1);
      if (j > 0) row[j - 1]!.forEach((count, i) => (out[i]! += count));
      if (j < m) row[j]!.forEach((count, i) => (out[i + j]! += count));
      next.push(out);
    }
    row = next;
  }
  const counts = row[k]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/**
 * Two-sided p of every |S|. The null distribution of the inversions of a multiset is the q-multinomial
 * [n]_q! / Π [t_g]_q! (Stanley, Enumerative Combinatorics 1, 1.7.1), built here from q-binomials and from the factors of
 * the untied values. All terms are positive, so no digits cancel: the relative error stays below 1e-12.
 */
function buildTwoSidedP(n: number, groups: readonly number[]): TwoSidedP {
  let distribution: Float64Array = Float64Array.of(1);
  let placed = 0;
  for (const size of groups) {
    distribution = placed === 0 ? distribution : convolve(distribution, qBinomial(placed + size, size));
    placed += size;
  }
  for (let m = placed + 1; m <= n; m++) distribution = timesUniform(distribution, m);
  // S = M − 2·inversions: the tail of |s| holds the first (M − |s|)/2 + 1 counts. S has the parity of M.
  const largest = distribution.length - 1;
  const p = new Float64Array(largest + 1);
  let tail = 0;
  for (let inversions = 0, s = largest; s >= 0; inversions++, s -= 2) {
    tail += distribution[inversions]!;
    p[s] = Math.min(1, 2 * tail);
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
 * @param groups Sizes of tied groups, each ≥ 2; only the first `nGroups` are read.
 */
export function twoSidedP(key: number, n: number, groups: ArrayLike<number>, nGroups: number): TwoSidedP {
  let table = cache.get(key);
  if (table === undefined) {
    table = buildTwoSidedP(
      n,
      Array.from(groups)
        .slice(0, nGroups)
        .sort((a, b) => b - a),
    );
    cache.set(key, table);
  }
  return table;
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
    groups,
    groups.length,
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

/**
 * Variance of S: [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 (Kendall 1975).
 * @param ties Tie pattern.
 */
export function varianceS(n: number, ties: readonly number[]): number {
  let sum = n * (n - 1) * (2 * n + 5);
  for (const t of ties) sum -= t * (t - 1) * (2 * t + 5);
  return sum / 18;
}

/** Z with continuity correction: (S ∓ 1)/√Var(S) for S ≷ 0, 0 for S = 0. */
export function zScore(s: number, variance: number): number {
  if (s === 0 || variance <= 0) return 0;
  return (s > 0 ? s - 1 : s + 1) / Math.sqrt(variance);
}
