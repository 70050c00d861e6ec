/**
 * Weighted moments of the cells of a zone, piece by piece, and their merging.
 *
 * A piece's sums are taken about its first value, so that a large mean costs no digits of the deviation; pieces are
 * merged by the rule of Chan, Golub and LeVeque (1979).
 * @module
 */

/** Places in the numbers of one piece. */
export const PIECE = {
  /** Cells with data that are covered at least in part. */
  cells: 0,
  /** Sum of their covered shares. */
  count: 1,
  /** Sum of their weights: covered area. */
  weight: 2,
  /** Σ share·(value − shift). */
  shared: 3,
  /** Σ weight·(value − shift). */
  weighted: 4,
  /** Σ weight·(value − shift)². */
  squared: 5,
  min: 6,
  max: 7,
  /** Weight of the cells without data. */
  nodata: 8,
  /** The first value; NaN while there is none. */
  shift: 9,
} as const;

export const PIECE_LENGTH = 10;

export function emptyPiece(): Float64Array {
  const piece = new Float64Array(PIECE_LENGTH);
  piece[PIECE.min] = Infinity;
  piece[PIECE.max] = -Infinity;
  piece[PIECE.shift] = Number.NaN;
  return piece;
}

/**
 * Adds cells from … to − 1, all covered by the same shares.
 *
 * @param piece See {@link PIECE}.
 * @param values NaN is no data.
 * @param areas Area of each whole cell.
 * @param share Covered share of each cell's plane.
 * @param areaShare Covered share of its area.
 */
export function addToPiece(
  piece: Float64Array,
  values: Float64Array,
  areas: Float64Array,
  from: number,
  to: number,
  share: number,
  areaShare: number,
): void {
  let shift = piece[PIECE.shift]!;
  let i = from;
  let nodata = 0;
  if (shift !== shift) {
    for (; i < to && values[i]! !== values[i]!; i++) nodata += areas[i]!;
    if (i < to) {
      shift = values[i]!;
      piece[PIECE.shift] = shift;
    }
  }
  let cells = 0;
  let weight = 0;
  let sum = 0;
  let weighted = 0;
  let squared = 0;
  let min = piece[PIECE.min]!;
  let max = piece[PIECE.max]!;
  for (; i < to; i++) {
    const value = values[i]!;
    const area = areas[i]!;
    if (value !== value) {
      nodata += area;
      continue;
    }
    const off = value - shift;
    const product = area * off;
    cells++;
    weight += area;
    sum += off;
    weighted += product;
    squared += product * off;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  piece[PIECE.cells]! += cells;
  piece[PIECE.count]! += share * cells;
  piece[PIECE.weight]! += areaShare * weight;
  piece[PIECE.shared]! += share * sum;
  piece[PIECE.weighted]! += areaShare * weighted;
  piece[PIECE.squared]! += areaShare * squared;
  piece[PIECE.min] = min;
  piece[PIECE.max] = max;
  piece[PIECE.nodata]! += areaShare * nodata;
}

/** Moments of any number of pieces. */
export interface ZonalMoments {
  cells: number;
  /** Covered shares of the cells with data. */
  count: number;
  /** Covered area with data, and without. */
  weight: number;
  nodata: number;
  /** Weighted mean; 0 while there are no data. */
  mean: number;
  /** Σ weight·(value − mean)². */
  deviation: number;
  /** Σ share·value. */
  sum: number;
  min: number;
  max: number;
}

export function emptyMoments(): ZonalMoments {
  const ends = { min: Infinity, max: -Infinity };
  return { cells: 0, count: 0, weight: 0, nodata: 0, mean: 0, deviation: 0, sum: 0, ...ends };
}

/** Adds a piece. Merge pieces in the same order wherever the result must be the same to the last digit. */
export function mergePiece(into: ZonalMoments, piece: Float64Array): void {
  into.nodata += piece[PIECE.nodata]!;
  const weight = piece[PIECE.weight]!;
  if (!(weight > 0)) return;
  const shift = piece[PIECE.shift]!;
  const off = piece[PIECE.weighted]! / weight;
  const mean = shift + off;
  const deviation = Math.max(0, piece[PIECE.squared]! - weight * off * off);
  const all = into.weight + weight;
  const apart = mean - into.mean;
  into.deviation += deviation + (into.weight === 0 ? 0 : apart * apart * ((into.weight * weight) / all));
  into.mean = into.weight === 0 ? mean : into.mean + apart * (weight / all);
  into.weight = all;
  into.cells += piece[PIECE.cells]!;
  into.count += piece[PIECE.count]!;
  into.sum += piece[PIECE.shared]! + shift * piece[PIECE.count]!;
  into.min = Math.min(into.min, piece[PIECE.min]!);
  into.max = Math.max(into.max, piece[PIECE.max]!);
}
