/**
 * A zone: a polygon of the area of interest with its name and role.
 * @module
 */
import type { Crs } from '../geo/crs.ts';
import type { Position } from './polygons.ts';

/** A polygon or multipolygon whose hectares are wanted. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  /** `mine`, `impact`, `reference`, or any other word of the file. */
  readonly role: string;
  /** The attributes of the file, as they stand there. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** MultiPolygon coordinates, [polygon][ring][point], rings closed, in `crs`. */
  readonly polygons: Position[][][];
  readonly crs: Crs;
}
