/**
 * Which zones a window may touch, found without asking every zone.
 * @module
 */
import type { Window } from '../geo/window.ts';

/** Cells a side of a bucket: that of the tiles which are asked for most. */
const BUCKET = 512;

/** Numbers of the boxes that may touch a window, ascending. */
export type WindowIndex = (window: Window) => number[];

/** @param boxes One a zone; those without cells are never found. */
export function windowIndex(boxes: readonly Window[]): WindowIndex {
  const buckets = new Map<number, number[]>();
  // Columns of buckets in one number with the row: grids have at most 2^31 cells a side.
  const keyOf = (col: number, row: number) => row * 2 ** 26 + col;
  const span = (from: number, size: number) => [Math.floor(from / BUCKET), Math.floor((from + size - 1) / BUCKET)];
  const visit = (box: Window, each: (key: number) => void): void => {
    if (box.width <= 0 || box.height <= 0) return;
    const [left, right] = span(box.col, box.width) as [number, number];
    const [top, bottom] = span(box.row, box.height) as [number, number];
    for (let row = top; row <= bottom; row++) for (let col = left; col <= right; col++) each(keyOf(col, row));
  };
  for (const [k, box] of boxes.entries()) {
    visit(box, (key) => {
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [k]);
      else bucket.push(k);
    });
  }
  return (window) => {
    const found = new Set<number>();
    visit(window, (key) => {
      for (const k of buckets.get(key) ?? []) found.add(k);
    });
    return [...found].sort((a, b) => a - b);
  };
}
