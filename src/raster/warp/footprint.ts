/**
 * The part of a source that lies under a window of the target.
 * @module
 */
import type { Window } from '../../geo/window.ts';
import { rowPositions, rowSpans, type Mapping } from './mapping.ts';

/** What a window of the target covers of the source, in source pixels. */
export interface Footprint {
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
  /** The widest and highest box that a target pixel covers. */
  spanX: number;
  spanY: number;
}

/** What a window covers of the source, or undefined where none of its pixels has a place. */
export function footprint(mapping: Mapping, window: Window): Footprint | undefined {
  const found = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity, spanX: 0, spanY: 0 };
  const [xs, ys] = [new Float64Array(1), new Float64Array(1)];
  // Between nodes positions are bilinear, so the corners of a cell's part in the window are its extremes.
  const side = mapping.kind === 'affine' ? Infinity : mapping.cellSide;
  const rows = endsOf(window.row, window.row + window.height, side);
  const cols = endsOf(window.col, window.col + window.width, side);
  for (const row of rows) {
    for (const col of cols) {
      rowPositions(mapping, row, col, 1, xs, ys);
      const [x, y] = [xs[0]!, ys[0]!];
      // False for NaN.
      if (x < found.minX) found.minX = x;
      if (x > found.maxX) found.maxX = x;
      if (y < found.minY) found.minY = y;
      if (y > found.maxY) found.maxY = y;
      rowSpans(mapping, row, col, 1, xs, ys);
      if (xs[0]! > found.spanX) found.spanX = xs[0]!;
      if (ys[0]! > found.spanY) found.spanY = ys[0]!;
    }
  }
  return found.minX <= found.maxX ? found : undefined;
}

/** The first and last pixel of each cell's part in a range. */
function endsOf(from: number, to: number, side: number): number[] {
  const ends: number[] = [];
  for (let first = from; first < to;) {
    const last = Math.min((Math.floor(first / side) + 1) * side, to) - 1;
    ends.push(first);
    if (last > first) ends.push(last);
    first = last + 1;
  }
  return ends;
}
