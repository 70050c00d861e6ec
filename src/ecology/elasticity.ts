/**
 * The elastic modulus of an ecosystem: E = σ·μ·ECO_res (Dong et al. 2025, eq. 3–5), and its water (eq. 6).
 *
 * Erratum: eq. 4 is printed with σ on its left side. It is that of μ, the strength coefficient; σ is the acceptable load
 * coefficient, as the text says.
 * @module
 */

/** The acceptable load coefficient σ, "generally 0.08". */
export const ACCEPTABLE_LOAD = 0.08;

/**
 * Shannon's index to base 2 (eq. 1): −Σ P_i log₂ P_i.
 *
 * @param shares Of classes; those that are 0 add nothing. They are scaled to the sum 1.
 * @returns NaN where all are 0
 * @throws {RangeError} for a share that is negative or not finite
 */
export function shannonBits(shares: readonly number[]): number {
  const total = sumOf(shares);
  if (total === 0) return NaN;
  // From 0, so that one class alone has 0 and not −0.
  return shares.reduce((sum, share) => (share === 0 ? sum : sum - (share / total) * Math.log2(share / total)), 0);
}

/**
 * ECO_res = H·Σ P_i·S_i (eq. 5).
 *
 * @param shares P_i, scaled to the sum 1.
 * @param scores S_i, the resilience score of each class, 0–1.
 * @throws {RangeError} for lists of different length, or a share that is negative
 */
export function ecosystemResilience(shares: readonly number[], scores: readonly number[]): number {
  return shannonBits(shares) * meanScore(shares, scores);
}

/** Σ P_i·S_i: the mean score of the land. NaN where all shares are 0. @throws {RangeError} as {@link ecosystemResilience} */
export function meanScore(shares: readonly number[], scores: readonly number[]): number {
  if (shares.length !== scores.length) {
    throw new RangeError(`Each class needs a share and a score: got ${shares.length} and ${scores.length}`);
  }
  const total = sumOf(shares);
  return total === 0 ? NaN : shares.reduce((sum, share, k) => sum + (share / total) * scores[k]!, 0);
}

/**
 * μ = H·NDVI/(C1·C2) (eq. 4). NDVI below 0 means no vegetation and counts as 0.
 *
 * @param entropy H, in bits.
 * @param c1 Rate of change of annual precipitation, above 0; see {@link climateChange}.
 * @param c2 That of temperature.
 * @throws {RangeError} for a rate that is 0, negative or not finite
 */
export function strengthCoefficient(entropy: number, ndvi: number, c1 = 1, c2 = 1): number {
  for (const rate of [c1, c2]) {
    if (!(rate > 0 && rate < Infinity)) throw new RangeError(`Expected rates of change above 0, got ${c1} and ${c2}`);
  }
  return (entropy * Math.max(0, ndvi)) / (c1 * c2);
}

/** E = σ·μ·ECO_res (eq. 3). */
export function elasticModulus(strength: number, resilience: number, load = ACCEPTABLE_LOAD): number {
  return load * strength * resilience;
}

/**
 * The largest E that `classes` classes can have with rates of change of at least 1: σ·(log₂ m)², with all classes
 * alike, NDVI 1 and scores of 1.
 */
export function mostElastic(classes: number, load = ACCEPTABLE_LOAD): number {
  return load * Math.log2(classes) ** 2;
}

/**
 * The rate of change of a year's climate, as 1 + |x − x̄|/x̄: 1 in a year like the others, more in any that is not.
 *
 * The paper does not say what its rates are relative to. A plain |x − x̄|/x̄ is 0 in an average year, and E without limit.
 *
 * @param value Of the year; temperatures in kelvin, as a share of degrees Celsius means nothing.
 * @param mean Of all years, above 0.
 */
export function climateChange(value: number, mean: number): number {
  if (!(mean > 0)) throw new RangeError(`Expected a mean above 0, got ${mean}`);
  return 1 + Math.abs(value - mean) / mean;
}

/** Water conservation Q = P − ET − R, in mm (eq. 6). Negative where more water leaves than falls. */
export function waterConservation(precipitation: number, evapotranspiration: number, runoff: number): number {
  return precipitation - evapotranspiration - runoff;
}

function sumOf(shares: readonly number[]): number {
  const wrong = shares.find((share) => !(share >= 0 && share < Infinity));
  if (wrong !== undefined) throw new RangeError(`Expected shares of 0 or more, got ${wrong}`);
  return shares.reduce((sum, share) => sum + share, 0);
}
