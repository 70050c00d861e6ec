/**
 * Scores of classes: how well land of a class withstands and recovers from a disturbance, 0–1, and what it costs to cross.
 * @module
 */

/**
 * Resilience scores S_i of land covers by their name, ours, for lookups that give none. Dong et al. 2025 score land by
 * class, and do not print the scores.
 */
export const COVER_SCORES: Readonly<Record<string, number>> = {
  forest: 0.9,
  wetland: 0.8,
  shrubland: 0.75,
  water: 0.7,
  grassland: 0.6,
  cropland: 0.4,
  'bare land': 0.2,
  'snow and ice': 0.2,
  'built-up land': 0.1,
  'mining land': 0.05,
};

/** The score of a land cover by its name, whatever the case; undefined for names that are not among {@link COVER_SCORES}. */
export function coverScore(name: string): number | undefined {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(COVER_SCORES, key) ? COVER_SCORES[key] : undefined;
}

/**
 * Scores of grades of FVC, ours: the middle of each.
 *
 * @param limits Lower limits of the grades from the second on.
 */
export function gradeScores(limits: readonly number[]): number[] {
  const bounds = [0, ...limits, 1];
  return bounds.slice(1).map((high, k) => (bounds[k]! + high) / 2);
}

/** Land of at least this score is what sources are made of, unless the classes are named. */
export const SOURCE_SCORE = 0.7;

/** Resistance of a class to what moves through it, from 1 for a score of 1 to 100 for a score of 0: 100^(1 − S). Ours. */
export function classResistance(score: number): number {
  return 100 ** (1 - score);
}
