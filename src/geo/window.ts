/**
 * Rectangles of pixels.
 * @module
 */

/** A half-open rectangle of pixels: columns col … col + width − 1, rows row … row + height − 1. */
export interface Window {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** The part two windows share, or undefined where they share nothing. */
export function intersectWindows(a: Window, b: Window): Window | undefined {
  const col = Math.max(a.col, b.col);
  const row = Math.max(a.row, b.row);
  const width = Math.min(a.col + a.width, b.col + b.width) - col;
  const height = Math.min(a.row + a.height, b.row + b.height) - row;
  return width > 0 && height > 0 ? { col, row, width, height } : undefined;
}
