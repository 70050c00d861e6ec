/**
 * Wilcoxon's signed-rank test of one sample (Wilcoxon 1945), one-sided, by its exact distribution.
 * @module
 */

export interface SignedRank {
  /** Values that are not 0; only these are ranked. */
  n: number;
  /** Sum of the ranks of the positive values; equal sizes share the mean of their ranks. */
  w: number;
  /** P(W ≥ w) where the values lie about 0 as often above as below; 1 without values. */
  p: number;
}

/**
 * Tests whether values tend to be above 0.
 *
 * The distribution is that of the ranks as they are, ties included: each rank counts or not, with equal chance. The
 * smallest p of n values is 2^−n: fewer than five cannot reach 0.05.
 *
 * @param values NaN and 0 are left out.
 */
export function signedRankAbove(values: ArrayLike<number>): SignedRank {
  const sizes: { size: number; positive: boolean }[] = [];
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (Math.abs(value) > 0) sizes.push({ size: Math.abs(value), positive: value > 0 });
  }
  sizes.sort((a, b) => a.size - b.size);
  const n = sizes.length;
  // Ranks are doubled, so that the mean of two is whole.
  const doubled = new Int32Array(n);
  for (let from = 0; from < n;) {
    let to = from + 1;
    while (to < n && sizes[to]!.size === sizes[from]!.size) to++;
    doubled.fill(from + 1 + to, from, to);
    from = to;
  }
  let sum = 0;
  for (let k = 0; k < n; k++) if (sizes[k]!.positive) sum += doubled[k]!;
  const chance = new Float64Array(n * (n + 1) + 1);
  chance[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let s = reached; s >= 0; s--) chance[s] = 0.5 * (chance[s]! + (s >= rank ? chance[s - rank]! : 0));
  }
  let p = 0;
  for (let s = chance.length - 1; s >= sum; s--) p += chance[s]!;
  return { n, w: sum / 2, p: Math.min(1, p) };
}
