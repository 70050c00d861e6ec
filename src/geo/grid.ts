/**
 * The grid of a raster: its size, its place and its CRS.
 * @module
 */
import { applyAffine, invertAffine, translateAffine, type Affine } from './affine.ts';
import type { Bbox } from './bbox.ts';
import { sameCrs, type Crs } from './crs.ts';
import type { Window } from './window.ts';

/** A raster's grid. Two rasters with unequal grids never meet without a named, recorded resampling. */
export interface Grid {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Pixel to CRS; PixelIsPoint files have been shifted to the pixel's corner already. */
  readonly transform: Affine;
  readonly crs: Crs;
}

/** Misfit of two lattices that is still called equal, in pixels: GDAL writes origins with about 1e-9 relative precision. */
const LATTICE_TOLERANCE = 1e-3;

/** The bounding box of a grid in its CRS. */
export function gridBbox(grid: Grid): Bbox {
  const corners = [
    applyAffine(grid.transform, 0, 0),
    applyAffine(grid.transform, grid.width, 0),
    applyAffine(grid.transform, 0, grid.height),
    applyAffine(grid.transform, grid.width, grid.height),
  ];
  const xs = corners.map((c) => c[0]);
  const ys = corners.map((c) => c[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Whether two grids share one lattice: the same CRS and pixel size, and origins a whole number of pixels apart. */
export function sameLattice(a: Grid, b: Grid): boolean {
  if (!sameCrs(a.crs, b.crs)) return false;
  // The pixel vectors must agree so well that the lattices do not drift apart over the larger of the two rasters.
  const span = Math.max(a.width, a.height, b.width, b.height);
  const size = Math.max(Math.abs(a.transform[0]) + Math.abs(a.transform[1]), Number.MIN_VALUE);
  for (const k of [0, 1, 3, 4] as const) {
    if (Math.abs(a.transform[k] - b.transform[k]) * span > LATTICE_TOLERANCE * size) return false;
  }
  const [col, row] = latticeOffset(a, b);
  return Math.abs(col - Math.round(col)) < LATTICE_TOLERANCE && Math.abs(row - Math.round(row)) < LATTICE_TOLERANCE;
}

/** The position of grid b's origin in pixels of grid a; a whole number (but for rounding) on a common lattice. */
export function latticeOffset(a: Grid, b: Grid): [col: number, row: number] {
  return applyAffine(invertAffine(a.transform), b.transform[2], b.transform[5]);
}

/** Whether two grids are the same: one lattice, one place, one size. */
export function gridEquals(a: Grid, b: Grid): boolean {
  if (a.width !== b.width || a.height !== b.height || !sameLattice(a, b)) return false;
  const [col, row] = latticeOffset(a, b);
  return Math.round(col) === 0 && Math.round(row) === 0;
}

/** The part of a grid that a window covers. */
export function subgrid(grid: Grid, window: Window): Grid {
  return {
    width: window.width,
    height: window.height,
    transform: translateAffine(grid.transform, window.col, window.row),
    crs: grid.crs,
  };
}
