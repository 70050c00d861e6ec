/**
 * Pixels as n-dimensional arrays, for programs that use mine-rs as a library. The only file that imports ndarray.
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { PixelArray } from './pixel-type.ts';

/**
 * A window's pixels as `view.get(row, col)`. No copy is made: what is set in the view is set in the pixels.
 *
 * @param pixels Row-major, length width × height.
 * @throws {RangeError} if the length is not the window's
 */
export function viewWindow<T extends PixelArray>(pixels: T, size: { width: number; height: number }): NdArray<T> {
  const { width, height } = size;
  if (pixels.length !== width * height) throw new RangeError(`Expected ${width * height} pixels, got ${pixels.length}`);
  return ndarray(pixels, [height, width]);
}

/**
 * A stack of equal windows as `view.get(time, row, col)`. No copy is made.
 *
 * @param stack Window after window, each row-major.
 * @throws {RangeError} if the length is not a whole number of windows
 */
export function viewStack<T extends PixelArray>(stack: T, size: { width: number; height: number }): NdArray<T> {
  const { width, height } = size;
  const times = stack.length / (width * height);
  if (!Number.isInteger(times)) {
    throw new RangeError(`Expected a multiple of ${width * height} pixels, got ${stack.length}`);
  }
  return ndarray(stack, [times, height, width]);
}
