/**
 * The figures of seasons, as summary.json holds them.
 * @module
 */

/** A trend of means. Null where a figure does not exist. */
export interface SeasonTrend {
  n: number;
  s: number;
  varS: number;
  z: number | null;
  p: number | null;
  tau: number | null;
  /** Per year. */
  slope: number | null;
  /** 95 % limits. */
  slopeLow: number | null;
  slopeHigh: number | null;
}

export interface SeasonFigures {
  /** As it was asked for, such as `06-01..08-31`. */
  season: string;
  /** Years with scenes in the season; the mean is null where the zone has no data. */
  years: { year: number; mean: number | null; validHa: number }[];
  /** Null with too few years. */
  trend: SeasonTrend | null;
}

export interface SeasonalFigures {
  seasons: { season: string; scenes: number; years: number }[];
  zones: {
    id: string;
    name: string;
    role: string;
    /** All seasons in one test, those with too few years left out; null where none is left. */
    all: SeasonTrend | null;
    seasons: SeasonFigures[];
  }[];
}
