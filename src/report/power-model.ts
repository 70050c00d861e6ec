/**
 * The figures of `mine-rs power`, as `--json` prints them.
 * @module
 */

export interface PowerRow {
  /** Null where the numbers were given. */
  zone: { id: string; name: string; role: string } | null;
  /** Per year. */
  slope: number;
  /** Standard deviation of the yearly values about the trend, and their lag-1 autocorrelation. */
  noise: number;
  lag1: number;
  /** Fewest years with the wanted power; null where the longest record does not have it. */
  years: number | null;
  /** Share of trendless series that the test would call significant at that length. */
  falseAlarms: number | null;
  tried: { years: number; power: number }[];
}

export interface PowerPage {
  alpha: number;
  power: number;
  /** Simulated series for each length, and the seed. */
  runs: number;
  seed: number;
  mostYears: number;
  /** Folder of the pilot run; null where the numbers were given. */
  run: string | null;
  rows: PowerRow[];
}
