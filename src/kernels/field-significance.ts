/**
 * Field significance: which p-values stand when as many tests are made as there are pixels (Benjamini & Hochberg 1995,
 * for maps Wilks 2016).
 *
 * p* = max{p_(i) : p_(i) ≤ (i/N)·α} over the N p-values of a fixed domain in ascending order; every p ≤ p* stands, and at
 * most the share α of those is expected to be there by chance. p-values of ranks are few and equal ones stand or fall
 * together, so a count of each distinct p is all that is needed: it adds up the same in any order and any division into
 * blocks, and the result is exact.
 * @module
 */

/** How often each p occurs, by the bits of its float32: positive float32 numbers sort as their bits do. */
export type PCounts = Map<number, number>;

/** The float32 value of its bits. */
export function pOfBits(bits: number): number {
  return new Float32Array(new Uint32Array([bits]).buffer)[0]!;
}

/**
 * Adds the p-values of some pixels up to `most` to the counts. Larger ones can never stand, they only count in N.
 *
 * @param p Two-sided p, positive; NaN is left out.
 * @param pixels Those of the domain, each once.
 * @returns N, the pixels with a p, of any size.
 */
export function countP(p: Float32Array, pixels: Uint32Array, most: number, counts: PCounts): number {
  const bits = new Uint32Array(p.buffer, p.byteOffset, p.length);
  let n = 0;
  for (let k = 0; k < pixels.length; k++) {
    const pixel = pixels[k]!;
    const value = p[pixel]!;
    if (value !== value) continue;
    n++;
    if (value <= most) counts.set(bits[pixel]!, (counts.get(bits[pixel]!) ?? 0) + 1);
  }
  return n;
}

export interface FieldSignificance {
  /** p*; null where no p stands. */
  readonly threshold: number | null;
  /** How many p-values stand. */
  readonly rejected: number;
}

/**
 * p* from counts.
 *
 * @param counts From {@link countP} with `most` at least alpha.
 * @param n Size of the domain.
 * @param alpha False discovery rate.
 */
export function fieldSignificance(counts: PCounts, n: number, alpha: number): FieldSignificance {
  let threshold: number | null = null;
  let rejected = 0;
  let rank = 0;
  for (const bits of Uint32Array.from(counts.keys()).sort()) {
    const p = pOfBits(bits);
    rank += counts.get(bits)!;
    if (p > (rank / n) * alpha) continue;
    threshold = p;
    rejected = rank;
  }
  return { threshold, rejected };
}

/**
 * {@link fieldSignificance} of p-values in float64; NaN is left out.
 * @throws {RangeError} if alpha is outside (0, 1).
 */
export function benjaminiHochberg(p: ArrayLike<number>, alpha: number): FieldSignificance & { readonly n: number } {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`Expected alpha in (0, 1), got ${alpha}`);
  const sorted = Float64Array.from(Array.from(p).filter((value) => !Number.isNaN(value))).sort();
  const n = sorted.length;
  for (let rank = n; rank > 0; rank--) {
    if (sorted[rank - 1]! <= (rank / n) * alpha) return { threshold: sorted[rank - 1]!, rejected: rank, n };
  }
  return { threshold: null, rejected: 0, n };
}

/**
 * The share of the domain that must reach the smallest p there is before any p stands. Discrete p-values of few years
 * have a floor: with four years, 0.083, and α = 0.1, it is 0.83. Above 1 nothing can stand whatever the data.
 */
export function leastShare(smallestP: number, alpha: number): number {
  return smallestP / alpha;
}
