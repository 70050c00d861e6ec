/**
 * What `mine-rs estimate` finds.
 * @module
 */

/** A figure, its standard error and half the width of its 95 % limits; null where the sample cannot tell. */
export interface EstimateFigures {
  readonly value: number | null;
  readonly standardError: number | null;
  /** 1.96 standard errors. */
  readonly plusMinus: number | null;
}

/** One class of the map, or one that interpreters found beside. */
export interface ClassAccuracy {
  readonly name: string;
  /** Sample units in its stratum, and units interpreted as it; null units where the map has no such class. */
  readonly units: number | null;
  readonly interpreted: number;
  /** Null where the map has no such class. */
  readonly mappedHa: number | null;
  /** Estimated from the sample: the figure to report. */
  readonly area: EstimateFigures;
  readonly users: EstimateFigures;
  readonly producers: EstimateFigures;
}

export interface AccuracyPage {
  /** The table that was read. */
  readonly path: string;
  readonly units: number;
  readonly totalHa: number;
  readonly overall: EstimateFigures;
  readonly classes: readonly ClassAccuracy[];
  /** Names of the columns of the matrices: classes as interpreted. Rows are the strata, in the order of `classes`. */
  readonly reference: readonly string[];
  readonly counts: readonly (readonly number[])[];
  /** Estimated shares of the area. */
  readonly shares: readonly (readonly number[])[];
  readonly notes: readonly string[];
}
