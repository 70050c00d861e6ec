/**
 * Where a year's cover stands against the thresholds of the land states, and the cleaning of a series of such years:
 * a year without data between two alike, and a single year that differs from both its neighbours.
 * @module
 */

/** What a year can be; a year with data has {@link LOW} or {@link HIGH} set, or neither: between the thresholds. */
export const LOW = 1;
export const HIGH = 2;
export const NO_DATA_LEVEL = 4;
export const NOT_ASSESSABLE_LEVEL = 8;

/** Levels at or above this have no data, or nothing to compare them with. */
const UNKNOWN = NO_DATA_LEVEL;

/**
 * Fills years without data, in place: where the years before and after have data and both are low, the year is low;
 * where neither is low, it is not (high if both are). A year between a low and another one stays without data.
 *
 * The rule is the null cleaning of Pericak et al. 2018 (doi:10.1371/journal.pone.0197758), who fill with "mine" between
 * two years of mine; here it serves the other side too. A window is three calendar years: across a longer gap nothing is
 * filled.
 *
 * @param levels One pixel, length nTimes.
 * @param years Calendar years, ascending, same length.
 */
export function fillLevelGaps(levels: Uint8Array, years: ArrayLike<number>): void {
  for (let t = 1; t + 1 < levels.length; t++) {
    if (levels[t] !== NO_DATA_LEVEL || years[t + 1]! - years[t - 1]! !== 2) continue;
    const before = levels[t - 1]!;
    const after = levels[t + 1]!;
    // A filled year cannot fill the next: its own follower would have to be without data as well.
    if (before < UNKNOWN && after < UNKNOWN && (before & LOW) === (after & LOW)) levels[t] = before & after;
  }
}

/**
 * Takes single-year flips back, in place: first a low year between two that are not, then, in what is left, a year that is
 * not low between two that are. First and last years stay as they are, and so do years beside one without data.
 *
 * The rule and its order are the noise cleaning of Pericak et al. 2018 (doi:10.1371/journal.pone.0197758). They take a year
 * without data as "no mine"; here it proves nothing.
 *
 * @param levels One pixel, length nTimes.
 * @param years Calendar years, ascending, same length. Only three calendar years in a row are a window.
 */
export function filterLevelFlips(levels: Uint8Array, years: ArrayLike<number>): void {
  // No neighbour of a year that is changed can be changed in the same sweep, so both sweeps may work in place.
  for (const from of [LOW, 0]) {
    for (let t = 1; t + 1 < levels.length; t++) {
      const level = levels[t]!;
      if (level >= UNKNOWN || (level & LOW) !== from || years[t + 1]! - years[t - 1]! !== 2) continue;
      const before = levels[t - 1]!;
      const after = levels[t + 1]!;
      if (before >= UNKNOWN || after >= UNKNOWN) continue;
      if ((before & LOW) !== from && (after & LOW) !== from) levels[t] = before & after;
    }
  }
}
