/**
 * The pixel types that enter the kernels.
 * @module
 */

/** Any flat array of pixels, as a raster file stores them. */
export type PixelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Pixels that are converted at a time where a kernel goes through a float64 scratch; fits the first-level cache. */
export const CHUNK = 2048;

/** @throws {RangeError} if `actual` is not `expected`. */
export function checkLength(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new RangeError(`Expected ${expected} elements of ${what}, got ${actual}`);
}
