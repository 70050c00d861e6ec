/**
 * Values over the area of a target pixel: average and mode, one row of the target at a time.
 *
 * A target pixel covers a box in the source: as wide and as high as one step along the target's rows or columns, around
 * the position of its centre. A source pixel counts by the share of it that lies in the box. The source is given as for
 * `interpolate.ts`; its window must reach half a box beyond the positions.
 * @module
 */
import type { Window } from '../../geo/window.ts';
import type { PixelArray } from '../pixel-type.ts';
import { EDGE } from './interpolate.ts';

/** The mean of the pixels in the box, weighted by area. NaN are passed over; NaN where none is left. */
export function averageRow(
  src: Float32Array,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  spansX: Float64Array,
  spansY: Float64Array,
  count: number,
  out: Float32Array,
  at: number,
): void {
  const { col: firstCol, row: firstRow, width } = from;
  const endCol = firstCol + width;
  const endRow = firstRow + from.height;
  for (let k = 0; k < count; k++) {
    const x0 = xs[k]! - spansX[k]! / 2;
    const x1 = xs[k]! + spansX[k]! / 2;
    const y0 = ys[k]! - spansY[k]! / 2;
    const y1 = ys[k]! + spansY[k]! / 2;
    let left = Math.floor(x0 + EDGE);
    let right = Math.ceil(x1 - EDGE) - 1;
    let top = Math.floor(y0 + EDGE);
    let bottom = Math.ceil(y1 - EDGE) - 1;
    if (left < firstCol) left = firstCol;
    if (right >= endCol) right = endCol - 1;
    if (top < firstRow) top = firstRow;
    if (bottom >= endRow) bottom = endRow - 1;
    // The first and the last column count in part; a box within one column has that alone.
    const leftWeight = (x1 < left + 1 ? x1 : left + 1) - (x0 > left ? x0 : left);
    const rightWeight = x1 < right + 1 ? x1 - right : 1;
    // Not so for NaN, and where the box lies beside the source.
    if (!(left <= right && top <= bottom)) {
      out[at + k] = Number.NaN;
      continue;
    }
    const last = right - left;
    const widths = leftWeight + (last > 0 ? last - 1 + rightWeight : 0);
    let start = (top - firstRow) * width + left - firstCol;
    let sum = 0;
    let heights = 0;
    for (let row = top; row <= bottom; row++, start += width) {
      let rowSum = src[start]! * leftWeight;
      for (let i = start + 1; i < start + last; i++) rowSum += src[i]!;
      if (last > 0) rowSum += src[start + last]! * rightWeight;
      const weightY = (y1 < row + 1 ? y1 : row + 1) - (y0 > row ? y0 : row);
      sum += rowSum * weightY;
      heights += weightY;
    }
    let weights = widths * heights;
    if (sum !== sum) {
      // Some are missing: once more, with the weights of the others.
      sum = 0;
      weights = 0;
      start = (top - firstRow) * width + left - firstCol;
      for (let row = top; row <= bottom; row++, start += width) {
        const weightY = (y1 < row + 1 ? y1 : row + 1) - (y0 > row ? y0 : row);
        for (let i = 0; i <= last; i++) {
          const value = src[start + i]!;
          if (value !== value) continue;
          const weight = weightY * (i === 0 ? leftWeight : i === last ? rightWeight : 1);
          sum += value * weight;
          weights += weight;
        }
      }
    }
    out[at + k] = weights > 0 ? sum / weights : Number.NaN;
  }
}

/** Area of each class in a box; zero between pixels. */
const areas = new Float64Array(65536);

/**
 * The class that covers most of the box; of classes that cover the same, the least. `fill` where the box holds no pixel.
 *
 * @param src Whole numbers from 0 to 65535.
 */
export function modeRow(
  src: PixelArray,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  spansX: Float64Array,
  spansY: Float64Array,
  count: number,
  out: PixelArray,
  at: number,
  fill: number,
): void {
  const { col: firstCol, row: firstRow, width, height } = from;
  for (let k = 0; k < count; k++) {
    const x0 = xs[k]! - spansX[k]! / 2;
    const x1 = xs[k]! + spansX[k]! / 2;
    const y0 = ys[k]! - spansY[k]! / 2;
    const y1 = ys[k]! + spansY[k]! / 2;
    const left = Math.max(Math.floor(x0 + EDGE), firstCol);
    const right = Math.min(Math.ceil(x1 - EDGE), firstCol + width);
    const top = Math.max(Math.floor(y0 + EDGE), firstRow);
    const bottom = Math.min(Math.ceil(y1 - EDGE), firstRow + height);
    let best = fill;
    let most = 0;
    for (let row = top; row < bottom; row++) {
      const weightY = Math.min(row + 1, y1) - Math.max(row, y0);
      const first = (row - firstRow) * width - firstCol;
      for (let col = left; col < right; col++) {
        areas[src[first + col]!]! += (Math.min(col + 1, x1) - Math.max(col, x0)) * weightY;
      }
    }
    for (let row = top; row < bottom; row++) {
      const first = (row - firstRow) * width - firstCol;
      for (let col = left; col < right; col++) {
        const value = src[first + col]!;
        const area = areas[value]!;
        // Already taken.
        if (area === 0) continue;
        if (area > most + EDGE || (area > most - EDGE && value < best)) {
          best = value;
          most = area;
        }
        areas[value] = 0;
      }
    }
    out[at + k] = best;
  }
}
