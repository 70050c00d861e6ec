/**
 * The WebAssembly twin of the LZW decoder.
 * @module
 */
import { room, simdModule } from './instance.ts';

/** Larger blocks, stored and decoded together, are left to the other twin, to bound the memory. */
const LARGEST = 8 * 1024 * 1024;

/** Shorter blocks are not worth the copies. */
const SHORTEST = 256;

/** What may be written behind a block: its last string, and what is copied along with it. */
const ROOM = 4096 + 16;

/** As many bytes in front of the input are read along with its last ones. */
const FRONT = 16;

/**
 * Decodes a block as `decodeLzw` of ../lzw.ts, with no byte written behind `size`.
 *
 * @returns Bytes of the block that were written; undefined where the other twin has to run.
 * @throws {RangeError} if the codes are damaged
 */
export function decodeLzwSimd(input: Uint8Array, out: Uint8Array, size: number): number | undefined {
  if (size < SHORTEST || size + input.length > LARGEST) return undefined;
  const module = simdModule();
  if (module === null) return undefined;
  const { buffer, at } = room(module, FRONT + input.length, size + ROOM);
  const [frontAt, outAt] = at as [number, number];
  const inputAt = frontAt + FRONT;
  new Uint8Array(buffer, inputAt, input.length).set(input);
  const end = module.decodeLzw(inputAt, input.length, outAt, size);
  if (end < 0) throw new RangeError(`LZW code ${-1 - end} before its definition`);
  const written = Math.min(end, size);
  out.set(new Uint8Array(buffer, outAt, written));
  return written;
}
