/**
 * Pixels of one grid at the places of another.
 *
 * No result depends on how the target is cut into windows: positions are computed from a target pixel's own column and
 * row, with the same operations whatever window it is asked for in.
 * @module
 */
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { createTransformer, sameCrs } from '../geo/crs.ts';
import { sameLattice, type Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import type { PixelArray } from './pixel-type.ts';

/** Places in a source raster, in its pixels: the centre of its first pixel is (0.5, 0.5). NaN where there is none. */
export interface PixelPositions {
  /** Row-major over the target window. */
  readonly cols: Float64Array;
  readonly rows: Float64Array;
}

/** Target pixels between two exact transformations; linear in between, off by less than a hundredth of a pixel. */
const LATTICE = 16;
/** A place this close below a pixel's edge, in pixels, counts as on it, so that rounding does not move whole rows. */
const EDGE = 1e-6;
/** Source pixels of at most this share of the target's are averaged. */
const FINE = 0.6;

/**
 * The place of each target pixel's centre in the source.
 *
 * @param window Part of the target; the order of the result.
 */
export function sourcePositions(target: Grid, window: Window, source: Grid): PixelPositions {
  const cols = new Float64Array(window.width * window.height);
  const rows = new Float64Array(window.width * window.height);
  if (sameCrs(target.crs, source.crs)) positionsByAffine(target, window, source, cols, rows);
  else positionsByLattice(target, window, source, cols, rows);
  return { cols, rows };
}

function positionsByAffine(target: Grid, window: Window, source: Grid, cols: Float64Array, rows: Float64Array): void {
  const t = target.transform;
  const inverse = invertAffine(source.transform);
  const [c, f] = applyAffine(inverse, t[2], t[5]);
  const a = inverse[0] * t[0] + inverse[1] * t[3];
  const b = inverse[0] * t[1] + inverse[1] * t[4];
  const d = inverse[3] * t[0] + inverse[4] * t[3];
  const e = inverse[3] * t[1] + inverse[4] * t[4];
  let i = 0;
  for (let row = window.row; row < window.row + window.height; row++) {
    const y = row + 0.5;
    for (let col = window.col; col < window.col + window.width; col++, i++) {
      const x = col + 0.5;
      cols[i] = a * x + b * y + c;
      rows[i] = d * x + e * y + f;
    }
  }
}

function positionsByLattice(target: Grid, window: Window, source: Grid, cols: Float64Array, rows: Float64Array): void {
  const locate = locator(target, source);
  const firstCol = Math.floor(window.col / LATTICE);
  const firstRow = Math.floor(window.row / LATTICE);
  const across = Math.floor((window.col + window.width - 1) / LATTICE) - firstCol + 2;
  const down = Math.floor((window.row + window.height - 1) / LATTICE) - firstRow + 2;
  const nodeCols = new Float64Array(across * down);
  const nodeRows = new Float64Array(across * down);
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const [col, row] = locate((firstCol + i) * LATTICE, (firstRow + j) * LATTICE);
      nodeCols[j * across + i] = col;
      nodeRows[j * across + i] = row;
    }
  }
  let i = 0;
  for (let row = window.row; row < window.row + window.height; row++) {
    const cellRow = Math.floor(row / LATTICE);
    const v = (row + 0.5 - cellRow * LATTICE) / LATTICE;
    for (let col = window.col; col < window.col + window.width; col++, i++) {
      const cellCol = Math.floor(col / LATTICE);
      const u = (col + 0.5 - cellCol * LATTICE) / LATTICE;
      const node = (cellRow - firstRow) * across + cellCol - firstCol;
      const x = mix(nodeCols, node, across, u, v);
      const y = mix(nodeRows, node, across, u, v);
      if (x === x && y === y) {
        cols[i] = x;
        rows[i] = y;
      } else {
        // A corner of the cell lies outside of the projection; the pixel itself need not.
        [cols[i], rows[i]] = locate(col + 0.5, row + 0.5);
      }
    }
  }
}

function mix(nodes: Float64Array, node: number, across: number, u: number, v: number): number {
  const top = nodes[node]! * (1 - u) + nodes[node + 1]! * u;
  const bottom = nodes[node + across]! * (1 - u) + nodes[node + across + 1]! * u;
  return top * (1 - v) + bottom * v;
}

/** The way from pixel positions of one grid to those of another; NaN where there is none. */
function locator(from: Grid, to: Grid): (col: number, row: number) => [number, number] {
  const transform = createTransformer(from.crs, to.crs);
  const inverse = invertAffine(to.transform);
  return (col, row) => {
    try {
      const [x, y] = transform(...applyAffine(from.transform, col, row));
      return Number.isFinite(x) && Number.isFinite(y) ? applyAffine(inverse, x, y) : [Number.NaN, Number.NaN];
    } catch {
      // proj4 throws for coordinates that are not finite.
      return [Number.NaN, Number.NaN];
    }
  };
}

/**
 * The part of the source that holds all positions.
 *
 * @param margin Pixels to add on each side: 1 for bilinear, half the ratio (rounded up, and 1 more) for averages.
 * @returns The window, cut to the source, or undefined where no position lies in it.
 */
export function sourceWindow(positions: PixelPositions, source: Grid, margin: number): Window | undefined {
  let [minCol, maxCol, minRow, maxRow] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.cols.length; i++) {
    const col = positions.cols[i]!;
    const row = positions.rows[i]!;
    if (!(col === col && row === row)) continue;
    if (col < minCol) minCol = col;
    if (col > maxCol) maxCol = col;
    if (row < minRow) minRow = row;
    if (row > maxRow) maxRow = row;
  }
  if (minCol > maxCol) return undefined;
  const left = Math.floor(minCol) - margin;
  const top = Math.floor(minRow) - margin;
  return intersectWindows(
    // One more on the far side for positions a rounding error below a pixel's edge.
    {
      col: left,
      row: top,
      width: Math.floor(maxCol + EDGE) + margin + 1 - left,
      height: Math.floor(maxRow + EDGE) + margin + 1 - top,
    },
    { col: 0, row: 0, width: source.width, height: source.height },
  );
}

/**
 * The source pixel that holds each position; `fill` where there is none.
 *
 * @param src Pixels of `srcWindow`, row-major.
 * @param out As long as the positions.
 */
export function sampleNearest(
  src: PixelArray,
  srcWindow: Window,
  positions: PixelPositions,
  out: PixelArray,
  fill: number,
): void {
  const { cols, rows } = positions;
  const { width, height } = srcWindow;
  for (let i = 0; i < cols.length; i++) {
    const col = Math.floor(cols[i]! + EDGE) - srcWindow.col;
    const row = Math.floor(rows[i]! + EDGE) - srcWindow.row;
    // False for NaN as well.
    out[i] = col >= 0 && row >= 0 && col < width && row < height ? src[row * width + col]! : fill;
  }
}

/**
 * Bilinear interpolation between the four pixel centres around each position. Neighbours that are NaN or outside of
 * the window lose their weight to the others; NaN where the pixel that holds the position is NaN or outside.
 *
 * @param src Pixels of `srcWindow`, row-major; NaN is no data. The window must reach one pixel beyond the positions
 *   wherever the source does.
 * @param out As long as the positions.
 */
export function sampleBilinear(
  src: Float32Array,
  srcWindow: Window,
  positions: PixelPositions,
  out: Float32Array,
): void {
  const { cols, rows } = positions;
  const { width, height } = srcWindow;
  for (let i = 0; i < cols.length; i++) {
    // Taking off whole numbers of pixels is exact, so the window's place changes no bit.
    const x = cols[i]! - srcWindow.col;
    const y = rows[i]! - srcWindow.row;
    const nearCol = Math.floor(cols[i]! + EDGE) - srcWindow.col;
    const nearRow = Math.floor(rows[i]! + EDGE) - srcWindow.row;
    if (!(nearCol >= 0 && nearRow >= 0 && nearCol < width && nearRow < height)) {
      out[i] = Number.NaN;
      continue;
    }
    const near = src[nearRow * width + nearCol]!;
    if (near !== near) {
      out[i] = Number.NaN;
      continue;
    }
    const left = Math.floor(x - 0.5);
    const top = Math.floor(y - 0.5);
    const u = x - 0.5 - left;
    const v = y - 0.5 - top;
    let sum = 0;
    let weights = 0;
    for (let k = 0; k < 4; k++) {
      const col = left + (k & 1);
      const row = top + (k >> 1);
      if (col < 0 || row < 0 || col >= width || row >= height) continue;
      const value = src[row * width + col]!;
      if (value !== value) continue;
      const weight = ((k & 1) === 1 ? u : 1 - u) * (k > 1 ? v : 1 - v);
      sum += weight * value;
      weights += weight;
    }
    out[i] = weights > 0 ? sum / weights : near;
  }
}

/**
 * The mean of the source pixels whose centres lie in the target pixel, taken as a box around the position. Each
 * source pixel counts for one target pixel; NaN are passed over; NaN where no valid one is left.
 *
 * @param src Pixels of `srcWindow`, row-major; NaN is no data. The window must reach half a box beyond the positions.
 * @param ratioX Source pixels in a target pixel along the source's rows; see {@link sourcePixelsPerTarget}.
 * @param ratioY The same along its columns.
 * @param out As long as the positions.
 */
export function sampleAverage(
  src: Float32Array,
  srcWindow: Window,
  positions: PixelPositions,
  ratioX: number,
  ratioY: number,
  out: Float32Array,
): void {
  const { cols, rows } = positions;
  const { width, height } = srcWindow;
  for (let i = 0; i < cols.length; i++) {
    const x = cols[i]! - 0.5 - EDGE;
    const y = rows[i]! - 0.5 - EDGE;
    // Half-open: centres from x − ratio/2 up to, but not with, x + ratio/2.
    const left = Math.max(Math.ceil(x - ratioX / 2) - srcWindow.col, 0);
    const right = Math.min(Math.ceil(x + ratioX / 2) - srcWindow.col, width);
    const top = Math.max(Math.ceil(y - ratioY / 2) - srcWindow.row, 0);
    const bottom = Math.min(Math.ceil(y + ratioY / 2) - srcWindow.row, height);
    let sum = 0;
    let count = 0;
    for (let row = top; row < bottom; row++) {
      for (let at = row * width + left; at < row * width + right; at++) {
        const value = src[at]!;
        if (value === value) {
          sum += value;
          count++;
        }
      }
    }
    out[i] = count > 0 ? sum / count : Number.NaN;
  }
}

/**
 * How many source pixels a target pixel spans, along the source's rows and columns, measured at the middle of the
 * source. NaN where that has no place in the target.
 */
export function sourcePixelsPerTarget(target: Grid, source: Grid): [x: number, y: number] {
  const toTarget = locator(source, target);
  const toSource = locator(target, source);
  const [col, row] = toTarget(source.width / 2, source.height / 2);
  const [left, right] = [toSource(col - 0.5, row), toSource(col + 0.5, row)];
  const [top, bottom] = [toSource(col, row - 0.5), toSource(col, row + 0.5)];
  return [
    Math.abs(right[0] - left[0]) + Math.abs(bottom[0] - top[0]),
    Math.abs(right[1] - left[1]) + Math.abs(bottom[1] - top[1]),
  ];
}

/**
 * How a source of reflectances comes onto the target: not at all on one lattice, by average where its pixels are at
 * most 0.6 of the target's, bilinear otherwise. Pixels of different CRS are compared on the ground.
 */
export function chooseResampling(target: Grid, source: Grid): 'none' | 'bilinear' | 'average' {
  if (sameLattice(target, source)) return 'none';
  const [x, y] = sourcePixelsPerTarget(target, source);
  return 1 / Math.sqrt(x * y) <= FINE ? 'average' : 'bilinear';
}
