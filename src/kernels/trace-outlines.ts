/**
 * The outlines of labelled cells as rings along their sides.
 * @module
 */
import { checkLength } from './pixel-array.ts';

/**
 * Rings around the cells of each label. Where two cells of a label touch at a corner only, rings touch there too and do
 * not cross; none touches itself. A ring has the label on its right side, as rows run down: outlines run clockwise on the map, holes the other way.
 *
 * @param labels Row-major, 0 = outside.
 * @returns By label, in the order in which the rings begin in row-major order: [col, row, col, row, …] of the corners, the
 *   first one again at the end; points on straight lines are left out.
 */
export function traceOutlines(labels: Int32Array, width: number, height: number): Map<number, Int32Array[]> {
  checkLength('labels', labels.length, width * height);
  const at = (col: number, row: number): number =>
    col < 0 || row < 0 || col >= width || row >= height ? 0 : labels[row * width + col]!;
  // Upper sides of cells at which an outline runs to the right; each ring has one.
  const done = new Uint8Array(width * height);
  const rings = new Map<number, Int32Array[]>();
  for (let row = 0, i = 0; row < height; row++) {
    for (let col = 0; col < width; col++, i++) {
      const label = labels[i]!;
      if (label === 0 || done[i] === 1 || at(col, row - 1) === label) continue;
      const points = traceRing(at, label, col, row, (c, r) => {
        done[r * width + c] = 1;
      });
      const found = rings.get(label) ?? [];
      found.push(...simpleRings(points, width + 1));
      rings.set(label, found);
    }
  }
  return rings;
}

/** Directions: right, down, left, up. */
const DIR_COL = [1, 0, -1, 0] as const;
const DIR_ROW = [0, 1, 0, -1] as const;
/** The cells ahead of a corner, on the right and on the left of a direction, as offsets from the corner. */
const RIGHT_COL = [0, -1, -1, 0] as const;
const RIGHT_ROW = [0, 0, -1, -1] as const;
const LEFT_COL = [0, 0, -1, -1] as const;
const LEFT_ROW = [-1, 0, 0, -1] as const;

/** Follows an outline from the upper left corner of a cell, to the right. @param seen Called for each upper side. */
function traceRing(
  at: (col: number, row: number) => number,
  label: number,
  startCol: number,
  startRow: number,
  seen: (col: number, row: number) => void,
): number[] {
  const points: number[] = [];
  let [col, row, direction] = [startCol, startRow, 0];
  do {
    if (direction === 0) seen(col, row);
    col += DIR_COL[direction]!;
    row += DIR_ROW[direction]!;
    // Cells that touch at the corner only are parted: the way turns right before it looks to the left.
    const right = at(col + RIGHT_COL[direction]!, row + RIGHT_ROW[direction]!) === label;
    const left = at(col + LEFT_COL[direction]!, row + LEFT_ROW[direction]!) === label;
    const turn = right ? (left ? 3 : 0) : 1;
    if (turn !== 0) points.push(col, row);
    direction = (direction + turn) % 4;
  } while (col !== startCol || row !== startRow || direction !== 0);
  return points;
}

/** Cuts a way that comes to a corner twice into rings that do not. @param points [col, row, …], not closed. */
function simpleRings(points: readonly number[], cols: number): Int32Array[] {
  const rings: Int32Array[] = [];
  const open: number[] = [];
  /** Where in `open` a corner stands. */
  const places = new Map<number, number>();
  const close = (from: number): void => {
    const ring = open.splice(from);
    for (let k = 0; k < ring.length; k += 2) places.delete(ring[k + 1]! * cols + ring[k]!);
    rings.push(Int32Array.from([...ring, ring[0]!, ring[1]!]));
  };
  for (let k = 0; k < points.length; k += 2) {
    const corner = points[k + 1]! * cols + points[k]!;
    const before = places.get(corner);
    if (before !== undefined) close(before);
    places.set(corner, open.length);
    open.push(points[k]!, points[k + 1]!);
  }
  close(0);
  return rings;
}
