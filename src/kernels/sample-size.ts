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
  const wish = Float64Array.from(weights, (weight, i) =>
    rule === 'equal' ? 1 : rule === 'proportional' ? weight : weight * deviations[i]!,
  );
  const units = new Float64Array(n);
  const open = new Set(Array.from({ length: n }, (_, i) => i));
  let left = total;
  // A stratum that the rule gives less than the least, or more than its cells, is settled; the rest is shared again.
  for (;;) {
    const sum = [...open].reduce((a, i) => a + wish[i]!, 0);
    const ideal = (i: number) => (sum > 0 ? (left * wish[i]!) / sum : 0);
    const low = [...open].filter((i) => ideal(i) < Math.min(least, cells[i]!));
    const settled = low.length > 0 ? low : [...open].filter((i) => ideal(i) > cells[i]!);
    if (settled.length === 0) {
      roundShares([...open], ideal, cells, Math.max(0, left), units);
      return units;
    }
    for (const i of settled) {
      units[i] = low.length > 0 ? Math.min(least, cells[i]!) : cells[i]!;
      left -= units[i]!;
      open.delete(i);
    }
    if (open.size === 0) return units;
    left = Math.max(0, left);
  }
}

/** Whole numbers that sum to the total: the largest remainders are rounded up, of equal ones the first. */
function roundShares(
  strata: readonly number[],
  ideal: (i: number) => number,
  cells: Float64Array,
  total: number,
  out: Float64Array,
): void {
  let given = 0;
  for (const i of strata) {
    out[i] = Math.floor(ideal(i) + 1e-9);
    given += out[i]!;
  }
  const byRemainder = strata.toSorted((a, b) => ideal(b) - out[b]! - (ideal(a) - out[a]!) || a - b);
  for (const i of byRemainder) {
    if (given >= Math.round(total)) return;
    if (out[i]! >= cells[i]!) continue;
    out[i]!++;
    given++;
  }
}
