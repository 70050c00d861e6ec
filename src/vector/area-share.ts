/**
 * The share of a cell's ellipsoidal area that a zone covers, where it differs from the share of its plane.
 *
 * Within a cell the scale of a projection changes: the northern half of a cell of one degree is smaller than the southern
 * one. Partly covered cells are therefore cut into smaller ones, each with its own area, as many as the zone needs.
 * @module
 */
import { translateAffine, type Affine } from '../geo/affine.ts';
import type { Grid } from '../geo/grid.ts';
import { cellAreaM2, type CellArea } from './cell-area.ts';
import { coverage, type Coverage } from './coverage.ts';
import type { Polygons } from './polygons.ts';
import { forEachSpan } from './weights.ts';

/** Wanted error of a zone's area. */
const ERROR = 1e-7;

/** Most parts of a cell's side, for zones that cover more than a cell. */
const MOST_PARTS = 64;

/** Most parts of the sides of a zone's bounds, and of the sides of its partly covered cells: memory for rows and cells. */
const MOST_ROWS = 1_000_000;
const MOST_SIDES = 4_000_000;

/**
 * As {@link coverage}, with `cellAreaShare` true to the ellipsoid.
 *
 * @param area Cell areas of the grid.
 */
export function areaCoverage(polygons: Polygons, grid: Grid, area: CellArea): Coverage {
  const plain = coverage(polygons, grid);
  const parts = partsNeeded(plain, area);
  return parts < 2 ? plain : { ...plain, cellAreaShare: areaShares(plain, polygons, grid, area, parts) };
}

/**
 * A partly covered cell is wrong by about a fifth of the change of scale across it, in either direction. Cutting it into
 * n × n makes each error n³ times smaller, and there are n times as many.
 */
function partsNeeded({ bounds, cellCol, cellFraction, runFrom, runTo }: Coverage, area: CellArea): number {
  if (cellCol.length === 0) return 1;
  const col = bounds.col + bounds.width / 2;
  const row = bounds.row + bounds.height / 2;
  const here = area.at(col, row);
  // To all sides: where the equator or a central meridian runs between two cells, these are equal and their others are not.
  const others = [area.at(col + 1, row), area.at(col - 1, row), area.at(col, row + 1), area.at(col, row - 1)];
  const change = Math.max(...others.map((other) => Math.abs(other - here))) / here;
  let cells = 0;
  for (const share of cellFraction) cells += share;
  for (let k = 0; k < runFrom.length; k++) cells += runTo[k]! - runFrom[k]!;
  const error = (0.2 * change * Math.sqrt(cellCol.length)) / cells;
  const bounded = Math.floor(Math.min(MOST_ROWS / bounds.height, MOST_SIDES / cellCol.length));
  // A zone that is small in its cell needs parts that are small in the zone.
  const most = cells < 1 ? bounded : Math.min(MOST_PARTS, bounded);
  return Math.min(most, Math.ceil((error / ERROR) ** 0.4));
}

function areaShares(plain: Coverage, polygons: Polygons, grid: Grid, area: CellArea, parts: number): Float64Array {
  const { bounds, rowStart, cellCol } = plain;
  const fine = refined(grid, plain, parts);
  const covered = coverage(polygons, fine);
  const [, b, , d] = grid.transform;
  // Parts of cells between parallels have a formula; elsewhere the scale is interpolated, as it is for whole cells.
  const exact = grid.crs.geographic && b === 0 && d === 0 ? cellAreaM2(fine) : null;
  const areaOf = (col: number, row: number) =>
    exact?.at(col, row) ??
    area.at(bounds.col + (col + 0.5) / parts - 0.5, bounds.row + (row + 0.5) / parts - 0.5) / (parts * parts);
  const sums = new Float64Array(cellCol.length);
  const { row: firstRow, height } = covered.bounds;
  for (let row = firstRow; row < firstRow + height; row++) {
    const coarse = Math.floor(row / parts);
    const end = rowStart[coarse + 1]!;
    let cell = rowStart[coarse]!;
    forEachSpan(covered, row, covered.bounds, (col, length, share) => {
      // Cells that a span lies in; whole cells inside of it are not asked for.
      while (cell < end && (cellCol[cell]! - bounds.col + 1) * parts <= col) cell++;
      for (let k = cell; k < end; k++) {
        const left = (cellCol[k]! - bounds.col) * parts;
        if (left >= col + length) break;
        const from = Math.max(left, col);
        const to = Math.min(left + parts, col + length);
        sums[k]! += share * (to - from) * areaOf((from + to - 1) / 2, row);
      }
    });
  }
  for (let r = 0; r < bounds.height; r++) {
    for (let k = rowStart[r]!; k < rowStart[r + 1]!; k++) {
      sums[k] = Math.min(1, sums[k]! / area.at(cellCol[k]!, bounds.row + r));
    }
  }
  return sums;
}

/** The cells of a zone's bounds, each cut into parts × parts. */
function refined(grid: Grid, { bounds }: Coverage, parts: number): Grid {
  const [a, b, c, d, e, f] = translateAffine(grid.transform, bounds.col, bounds.row);
  const transform: Affine = [a / parts, b / parts, c, d / parts, e / parts, f];
  return { width: bounds.width * parts, height: bounds.height * parts, transform, crs: grid.crs };
}
