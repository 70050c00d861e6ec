/**
 * Inflating in WebAssembly: as fast as zlib on noise, faster on short matches amid it and on masks, without an allocation
 * a block, and with the block where the predictor can be undone in place.
 * @module
 */
import { newSimdModule, room, type SimdModule } from './instance.ts';

/** Larger blocks, stored and decoded together, are left to zlib, to bound the memory. */
const LARGEST = 8 * 1024 * 1024;

/** Shorter blocks are not worth the call. */
const SHORTEST = 256;

/** What may be read behind the input and written behind the output. */
const ROOM = 320;

/** An instance of its own: what the other loops work on never lies where a block waits to be copied. */
let instance: SimdModule | null | undefined;

/**
 * Inflates a block of at most `most` bytes.
 *
 * @returns The block, in memory that the next call uses again; undefined where zlib has to run, because SIMD is missing,
 *   or to say what is wrong with the data.
 */
export function inflateSimd(input: Uint8Array, most: number): Uint8Array | undefined {
  if (most < SHORTEST || most + input.length > LARGEST) return undefined;
  if (instance === undefined) instance = newSimdModule();
  if (instance === null) return undefined;
  const { buffer, at } = room(instance, most + ROOM, input.length + ROOM);
  const [outAt, inputAt] = at as [number, number];
  new Uint8Array(buffer, inputAt, input.length).set(input);
  const length = instance.inflate(inputAt, input.length, outAt, most);
  return length < 0 ? undefined : new Uint8Array(buffer, outAt, length);
}

/** The instance in whose memory an inflated block lies; null for any other array. */
export function inflatedIn(array: ArrayBufferView): SimdModule | null {
  return instance && array.buffer === instance.memory.buffer ? instance : null;
}
