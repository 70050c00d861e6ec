/**
 * What `mine-rs sample` draws.
 * @module
 */

export interface StratumFigures {
  readonly code: number;
  readonly name: string;
  readonly areaHa: number;
  readonly cells: number;
  /** Sample units drawn. */
  readonly units: number;
  /** User's accuracy that was expected. */
  readonly expected: number;
}

export interface SamplePoint {
  readonly id: string;
  readonly stratum: string;
  readonly lon: number;
  readonly lat: number;
  /** In the map's CRS. */
  readonly x: number;
  readonly y: number;
  readonly col: number;
  readonly row: number;
  /** Corners of the cell, [lon, lat]. */
  readonly outline: readonly (readonly [number, number])[];
}

export interface SamplePage {
  /** The map's file, and what it shows. */
  readonly map: string;
  readonly what: string;
  readonly seed: number;
  readonly allocation: string;
  /** Whether the interpreters are not told the strata. */
  readonly blind: boolean;
  readonly out: string;
  readonly strata: readonly StratumFigures[];
  /** Of the overall accuracy, should the accuracies be as expected; null where a stratum has fewer than 2 units. */
  readonly standardError: number | null;
  readonly points: readonly SamplePoint[];
}
