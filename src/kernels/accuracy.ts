/**
 * Area and accuracy of a class map from a stratified random sample that was interpreted.
 *
 * Olofsson, Foody, Herold, Stehman, Woodcock & Wulder 2014, doi:10.1016/j.rse.2014.02.015: equations 2 and 4–11. The strata
 * are the classes of the map.
 * @module
 */

/** Normal quantile of the 95 % limits, as the paper rounds it. */
export const Z95 = 1.96;

/** A figure with its standard error; both NaN where the sample cannot tell. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

export interface AccuracyEstimates {
  /** Estimated shares of the whole area, [stratum][reference class], row-major; they sum to 1. */
  readonly shares: Float64Array;
  /** By reference class: estimated area, in the unit of the strata's areas. They sum to the area of the strata. */
  readonly areas: readonly Estimate[];
  /** By stratum: share of what is mapped as its class that is of the class. */
  readonly users: readonly Estimate[];
  /** By reference class: share of the class that is mapped as it. NaN where the class has no stratum or no area. */
  readonly producers: readonly Estimate[];
  /** Share of the area that is mapped as what it is. */
  readonly overall: Estimate;
}

/**
 * Estimates areas and accuracies.
 *
 * @param counts Interpreted sample units, [stratum][reference class], row-major. Whole numbers; at least 2 in each stratum.
 * @param nClasses Number of reference classes.
 * @param stratumAreas Mapped area of each stratum, positive, in any unit.
 * @param classOfStratum By stratum: the reference class that is its own, or −1 where no unit was interpreted as it.
 * @throws {RangeError} if lengths differ, a stratum has fewer than 2 units, or an area is not positive
 */
export function estimateAccuracy(
  counts: Float64Array,
  nClasses: number,
  stratumAreas: Float64Array,
  classOfStratum: Int32Array,
): AccuracyEstimates {
  const nStrata = stratumAreas.length;
  if (counts.length !== nStrata * nClasses || classOfStratum.length !== nStrata) {
    throw new RangeError(`Expected ${nStrata} × ${nClasses} counts, got ${counts.length}`);
  }
  const units = new Float64Array(nStrata);
  let whole = 0;
  for (let i = 0; i < nStrata; i++) {
    for (let j = 0; j < nClasses; j++) units[i]! += counts[i * nClasses + j]!;
    if (!(units[i]! >= 2)) throw new RangeError(`Expected at least 2 units in stratum ${i}, got ${units[i]}`);
    if (!(stratumAreas[i]! > 0)) throw new RangeError(`Expected a positive area of stratum ${i}`);
    whole += stratumAreas[i]!;
  }
  /** Share of stratum i that is of class j. */
  const part = (i: number, j: number): number => (j < 0 ? 0 : counts[i * nClasses + j]! / units[i]!);
  /** Variance of that share. */
  const variance = (i: number, j: number): number => (part(i, j) * (1 - part(i, j))) / (units[i]! - 1);

  const shares = new Float64Array(nStrata * nClasses);
  const areas: Estimate[] = [];
  for (let j = 0; j < nClasses; j++) {
    let area = 0;
    let square = 0;
    for (let i = 0; i < nStrata; i++) {
      const weight = stratumAreas[i]!;
      shares[i * nClasses + j] = (weight / whole) * part(i, j);
      area += weight * part(i, j);
      square += weight * weight * variance(i, j);
    }
    areas.push({ value: area, standardError: Math.sqrt(square) });
  }

  const users: Estimate[] = [];
  const overall = { value: 0, square: 0 };
  for (let i = 0; i < nStrata; i++) {
    const own = classOfStratum[i]!;
    const share = stratumAreas[i]! / whole;
    const square = own < 0 ? 0 : variance(i, own);
    users.push({ value: part(i, own), standardError: Math.sqrt(square) });
    overall.value += share * part(i, own);
    overall.square += share * share * square;
  }

  const producers = areas.map(({ value: area }, j): Estimate => {
    const stratum = classOfStratum.indexOf(j);
    if (stratum < 0 || area === 0) return { value: NaN, standardError: NaN };
    const mapped = stratumAreas[stratum]!;
    const accuracy = (mapped * part(stratum, j)) / area;
    let elsewhere = 0;
    for (let i = 0; i < nStrata; i++) {
      if (i !== stratum) elsewhere += stratumAreas[i]! * stratumAreas[i]! * variance(i, j);
    }
    // Equation 7.
    const square = (mapped * (1 - accuracy)) ** 2 * variance(stratum, j) + accuracy ** 2 * elsewhere;
    return { value: accuracy, standardError: Math.sqrt(square) / area };
  });
  return {
    shares,
    areas,
    users,
    producers,
    overall: { value: overall.value, standardError: Math.sqrt(overall.square) },
  };
}
