/**
 * The exact way from pixel positions of one grid to those of another.
 * @module
 */
import { applyAffine, invertAffine } from '../../geo/affine.ts';
import { createTransformer } from '../../geo/crs.ts';
import type { Grid } from '../../geo/grid.ts';

/** Pixel position in one grid to pixel position in another; NaN, NaN where there is none. */
export type Locator = (col: number, row: number) => [col: number, row: number];

/** Degrees of longitude in a turn. */
const TURN = 360;

/**
 * The way from positions of one grid to those of another. Longitudes of a geographic grid come within half a turn of
 * its middle, so that grids from 0° to 360° and across the 180th meridian are met as well.
 */
export function createLocator(from: Grid, to: Grid): Locator {
  const transform = createTransformer(from.crs, to.crs);
  const inverse = invertAffine(to.transform);
  const [middle] = applyAffine(to.transform, to.width / 2, to.height / 2);
  return (col, row) => {
    try {
      const [x, y] = transform(...applyAffine(from.transform, col, row));
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN];
      return applyAffine(inverse, to.crs.geographic ? x + TURN * Math.round((middle - x) / TURN) : x, y);
    } catch {
      // proj4 throws for coordinates that are not finite.
      return [Number.NaN, Number.NaN];
    }
  };
}

/**
 * The size of a target pixel along the source's rows and columns, in source pixels: how far one step along a target row
 * or column goes, whichever of the two follows the source's axis the more. Shear does not count.
 *
 * @param a Source columns in a step along a target row.
 * @param b Source columns in a step along a target column.
 * @param d Source rows in a step along a target row.
 * @param e Source rows in a step along a target column.
 */
export function spansOf(a: number, b: number, d: number, e: number): [x: number, y: number] {
  const upright = Math.abs(a * e) >= Math.abs(b * d);
  return upright ? [Math.abs(a), Math.abs(e)] : [Math.abs(b), Math.abs(d)];
}

/** The size of a target pixel in source pixels at the middle of the target. NaN where that has no place in the source. */
export function sourcePixelsPerTarget(target: Grid, source: Grid): [x: number, y: number] {
  const locate = createLocator(target, source);
  const [col, row] = [target.width / 2, target.height / 2];
  const [left, right] = [locate(col - 0.5, row), locate(col + 0.5, row)];
  const [top, bottom] = [locate(col, row - 0.5), locate(col, row + 0.5)];
  return spansOf(right[0] - left[0], bottom[0] - top[0], right[1] - left[1], bottom[1] - top[1]);
}
