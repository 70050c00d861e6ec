/**
 * Large arrays that a thread uses again and again: made anew for each tile they would pile up until they are collected.
 * @module
 */
import { bytesPerSample, viewAsPixels, type PixelArray, type PixelType } from './pixel-type.ts';

type TypedArray = Uint8Array | Uint16Array | Float32Array | Float64Array;

const releases: (() => void)[] = [];

/**
 * An array of a thread's own for one purpose, for the thread's whole life. What stands in it is what the last use left; it is
 * good until the next one.
 *
 * @returns Gives the array with so many elements.
 */
export function reusable<T extends TypedArray>(type: new (length: number) => T): (length: number) => T {
  let array = new type(0);
  releases.push(() => {
    array = new type(0);
  });
  return (length) => {
    if (array.length < length) array = new type(length);
    return array.subarray(0, length) as T;
  };
}

/** Lets go of all of this thread's arrays, as other work begins that has no use for them. */
export function releaseReusable(): void {
  for (const release of releases) release();
}

/** Gives an array of pixels. */
export type PixelRoom = (type: PixelType, length: number) => PixelArray;

/** As {@link reusable}, of whatever number type is asked for. */
export function reusablePixels(): PixelRoom {
  const bytes = reusable(Uint8Array);
  return (type, length) => viewAsPixels(type, bytes(length * bytesPerSample(type)));
}
