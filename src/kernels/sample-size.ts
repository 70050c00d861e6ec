/**
 * How many units a stratified sample needs, and how they are shared out between the strata.
 * @module
 */

export type Allocation = 'proportional' | 'equal' | 'neyman';

/** Standard deviation of "is mapped as what it is" within a stratum whose user's accuracy is expected to be `accuracy`. */
export function stratumDeviation(accuracy: number): number {
  return Math.sqrt(accuracy * (1 - accuracy));
}

/**
 * Units for a wanted standard error of the overall accuracy: n = (Σ Wᵢ·Sᵢ / S(Ô))², rounded up (Cochran 1977, equation 5.25,
 * as Olofsson et al. 2014, equation 13, takes it for large areas). It is what Neyman's allocation needs.
 *
 * @param weights Shares of the area by stratum, summing to 1.
 * @param deviations By stratum, see {@link stratumDeviation}.
 */
export function unitsForStandardError(weights: Float64Array, deviations: Float64Array, standardError: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * deviations[i]!;
  return Math.ceil((sum / standardError) ** 2);
}

/**
 * Shares units out: by area (`proportional`), to all alike (`equal`), or by area times deviation (`neyman`, Cochran 1977).
 * Each stratum gets at least `least` units, as rare classes need (Olofsson et al. 2014, section 5.1.2), and never more than it
 * has cells; the others share what is left.
 *
 * @param total Units in all. More are given where `least` asks for more, fewer where the strata have no more cells.
 * @param cells Cells by stratum, an upper bound of its units.
 * @returns Units by stratum.
 */
export function allocateUnits(
  total: number,
  rule: Allocation,
  weights: Float64Array,
  deviations: Float64Array,
  least: number,
  cells: Float64Array,
): Float64Array {
  const n = weights.length;
  // A stratum that cannot be wrong still may take what no other has cells for.
  const wish = Float64Array.from(weights, (weight, i) =>
    Math.max(1e-12, rule === 'equal' ? 1 : rule === 'proportional' ? weight : weight * deviations[i]!),
  );
  const low = cells.map((count) => Math.min(least, count));
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const wanted = Math.min(sum(cells), Math.max(sum(low), total));
  const at = (factor: number): Float64Array =>
    wish.map((share, i) => Math.min(cells[i]!, Math.max(low[i]!, factor * share)));
  // The factor by which the wishes, kept within their limits, sum to what is wanted.
  let [below, above] = [0, 1];
  while (sum(at(above)) < wanted) above *= 2;
  for (let k = 0; k < 200; k++) {
    const middle = (below + above) / 2;
    if (sum(at(middle)) < wanted) below = middle;
    else above = middle;
  }
  return roundedShares(at(above), cells, wanted, n);
}

/** Whole numbers that sum to the total: the largest remainders are rounded up, of equal ones the first. */
function roundedShares(ideal: Float64Array, cells: Float64Array, total: number, n: number): Float64Array {
  const out = ideal.map((value) => Math.floor(value + 1e-6));
  let given = out.reduce((a, b) => a + b, 0);
  const byRemainder = Array.from({ length: n }, (_, i) => i).toSorted(
    (a, b) => ideal[b]! - out[b]! - (ideal[a]! - out[a]!) || a - b,
  );
  while (given < total) {
    for (const i of byRemainder) {
      if (given >= total) break;
      if (out[i]! >= cells[i]!) continue;
      out[i]!++;
      given++;
    }
  }
  return out;
}
