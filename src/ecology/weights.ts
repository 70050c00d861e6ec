/**
 * Weighted means of parts of which some may be missing, and what they owe to their weights.
 * @module
 */

/** A part of an index: 0–1, or NaN where it does not exist. */
export interface Part {
  readonly name: string;
  readonly weight: number;
  readonly value: number;
}

/**
 * Σ w·x / Σ w over the parts that exist: the weights of the others are given to them in proportion. NaN without any.
 *
 * @throws {RangeError} for a weight that is negative or not finite
 */
export function weightedMean(parts: readonly Part[]): number {
  let [sum, weights] = [0, 0];
  for (const { name, weight, value } of parts) {
    if (!(weight >= 0 && weight < Infinity))
      throw new RangeError(`Expected a weight of 0 or more for ${name}, got ${weight}`);
    if (Number.isNaN(value)) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights > 0 ? sum / weights : NaN;
}

/** What a result becomes when one weight is changed. */
export interface WeightEffect {
  readonly weight: string;
  /** The weight as it is. */
  readonly value: number;
  /** The result with the weight less and more by the share. */
  readonly less: number;
  readonly more: number;
}

/** How much a weight is changed, of itself. */
export const WEIGHT_CHANGE = 0.2;

/**
 * Changes one weight at a time by ±20 % and works the result out again. Weights of a mean are scaled to their sum by the
 * mean itself, so the others give way in proportion.
 *
 * @param weights By name.
 * @param result From weights by the same names.
 */
export function weightEffects(
  weights: Readonly<Record<string, number>>,
  result: (weights: Readonly<Record<string, number>>) => number,
): WeightEffect[] {
  return Object.entries(weights).map(([weight, value]) => {
    const at = (factor: number) => result({ ...weights, [weight]: value * factor });
    return { weight, value, less: at(1 - WEIGHT_CHANGE), more: at(1 + WEIGHT_CHANGE) };
  });
}
