/**
 * How long a unit of a CRS is on the ground, near a place: enough to tell a sliver from a field.
 * @module
 */
import type { Crs } from '../../geo/crs.ts';

/** Metres of one unit in x and in y. */
export interface Scale {
  readonly x: number;
  readonly y: number;
}

/** The scale at an ordinate; for projected CRS in metres it is 1. */
export function scaleAt(crs: Crs, y: number): Scale {
  if (!crs.geographic) return { x: 1, y: 1 };
  return { x: 111_320 * Math.max(1e-6, Math.cos((y * Math.PI) / 180)), y: 110_574 };
}
