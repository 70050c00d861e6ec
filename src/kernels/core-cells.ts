/**
 * The inside of patches: cells that lie some cells away from any edge.
 * @module
 */
import { checkLength } from './pixel-array.ts';

/**
 * Erodes a mask by a square: a cell is core if all cells within `edge` columns and rows of it belong to the mask
 * (morphological core with 8 neighbours; Vogt et al. 2007). What lies beyond the window does not belong to it.
 *
 * @param mask Row-major, any number but 0 belongs to a patch.
 * @param edge Cells, 0 or more; 0 leaves the mask.
 * @param out Row-major, 1 for core cells; not the same array as `mask`.
 * @throws {RangeError} if lengths differ, or the edge is no whole number
 */
export function coreCells(mask: Uint8Array, width: number, height: number, edge: number, out: Uint8Array): Uint8Array {
  checkLength('mask', mask.length, width * height);
  checkLength('out', out.length, width * height);
  if (!(Number.isInteger(edge) && edge >= 0)) throw new RangeError(`Expected an edge of 0 cells or more, got ${edge}`);
  const span = 2 * edge + 1;
  out.fill(0);
  // Along rows: the middle of every run of `span` cells.
  for (let row = 0; row < height; row++) {
    let run = 0;
    for (let col = 0; col < width; col++) {
      run = mask[row * width + col] === 0 ? 0 : run + 1;
      if (run >= span) out[row * width + col - edge] = 1;
    }
  }
  // Along columns, on what the rows have left: the middle lies `edge` rows behind the row that is read.
  const runs = new Int32Array(width);
  const middle = new Uint8Array(width);
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      runs[col] = out[row * width + col] === 0 ? 0 : runs[col]! + 1;
      middle[col] = runs[col]! >= span ? 1 : 0;
    }
    if (row >= edge) out.set(middle, (row - edge) * width);
  }
  for (let row = Math.max(0, height - edge); row < height; row++) out.fill(0, row * width, (row + 1) * width);
  return out;
}
