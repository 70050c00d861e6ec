/**
 * The figures of the permutation test over whole years, as summary.json holds them.
 * @module
 */

/** Hectares of one trend class; each column sums to the area. */
export interface StandingFigures {
  code: number;
  name: string;
  rawHa: number;
  /** After land whose |Z| does not stand has fallen to "no significant increase" or "decrease". */
  maximumHa: number;
  /** The same for land whose patch does not stand. */
  patchHa: number;
}

export interface PermutationFigures {
  permutations: number;
  seed: number;
  /** Chance that anything stands where nothing trends. */
  alpha: number;
  /** A cell belongs to a patch where its own p is below this. */
  patchP: number;
  /** What is tested, in words and in cells. */
  domain: string;
  cells: number;
  /** A cell stands where its |Z| is larger than this. */
  zAbove: number;
  /** A patch stands where it has more cells than this. */
  patchAbove: number;
  patches: number;
  patchesStanding: number;
  /** The smallest p of a field that so many shuffles, and so many years, can give. */
  smallestP: number;
  zones: { id: string; name: string; role: string; classes: StandingFigures[] }[];
  /** By role, overlaps counted once. */
  totals: { role: string; classes: StandingFigures[] }[];
}
