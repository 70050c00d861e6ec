/**
 * Copies parts of images.
 * @module
 */
import type { PixelArray } from './pixel-type.ts';

/** Rows of an array: where the first begins, and how far it is from one to the next. */
export interface Rows {
  readonly pixels: PixelArray;
  readonly first: number;
  readonly stride: number;
}

/** Copies `count` rows of `length` numbers. Both arrays are of one type. */
export function copyRows(from: Rows, to: Rows, length: number, count: number): void {
  const size = from.pixels.BYTES_PER_ELEMENT;
  const source = bytesOf(from.pixels);
  const target = bytesOf(to.pixels);
  copyBytes(
    source,
    from.first * size,
    from.stride * size,
    target,
    to.first * size,
    to.stride * size,
    length * size,
    count,
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: PixelArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Of bytes, as V8 would compile it for each type of array. */
function copyBytes(
  source: Uint8Array,
  first: number,
  stride: number,
  target: Uint8Array,
  at: number,
  step: number,
  length: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const from = first + k * stride;
    target.set(source.subarray(from, from + length), at + k * step);
  }
}
