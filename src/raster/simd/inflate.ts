/**
 * Inflating in WebAssembly: as fast as zlib on noise, faster on masks and on short matches amid noise, two blocks of which
 * are inflated at once. No allocation a block, and the block lies where the predictor can be undone in place.
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

/** The block that was inflated along with the last one, and where: `length` is negative where zlib has to run. */
let ahead: { readonly input: Uint8Array; readonly most: number; readonly at: number; readonly length: number } | null =
  null;

/**
 * Inflates a block of at most `most` bytes.
 *
 * @param next The block that is wanted next, of at most as many bytes: both are inflated at once then.
 * @returns The block, in memory that the next call uses again; undefined where zlib has to run, because SIMD is missing,
 *   or to say what is wrong with the data.
 */
export function inflateSimd(input: Uint8Array, most: number, next?: Uint8Array): Uint8Array | undefined {
  const done = ahead;
  ahead = null;
  if (most < SHORTEST || most + input.length > LARGEST) return undefined;
  if (instance === undefined) instance = newSimdModule();
  if (instance === null) return undefined;
  if (done !== null && done.input === input && done.most >= most) return inflated(instance, done.at, done.length, most);
  if (next !== undefined && 2 * most + input.length + next.length <= LARGEST)
    return inflateBoth(instance, input, next, most);
  const { buffer, at } = room(instance, most + ROOM, input.length + ROOM);
  const [outAt, inputAt] = at as [number, number];
  new Uint8Array(buffer, inputAt, input.length).set(input);
  return inflated(instance, outAt, instance.inflate(inputAt, input.length, outAt, most), most);
}

function inflateBoth(module: SimdModule, input: Uint8Array, next: Uint8Array, most: number): Uint8Array | undefined {
  const { buffer, at } = room(module, most + ROOM, input.length + ROOM, most + ROOM, next.length + ROOM);
  const [outAt, inputAt, nextOutAt, nextAt] = at as [number, number, number, number];
  new Uint8Array(buffer, inputAt, input.length).set(input);
  new Uint8Array(buffer, nextAt, next.length).set(next);
  const length = module.inflateBoth(inputAt, input.length, outAt, nextAt, next.length, nextOutAt, most);
  ahead = { input: next, most, at: nextOutAt, length: module.other() };
  return inflated(module, outAt, length, most);
}

function inflated(module: SimdModule, at: number, length: number, most: number): Uint8Array | undefined {
  return length < 0 || length > most ? undefined : new Uint8Array(module.memory.buffer, at, length);
}

/** The instance in whose memory an inflated block lies; null for any other array. */
export function inflatedIn(array: ArrayBufferView): SimdModule | null {
  return instance && array.buffer === instance.memory.buffer ? instance : null;
}
