/**
 * Deflating in WebAssembly: runs of one byte and Huffman codes, which is what a raster is made of after its predictor.
 * @module
 */
import { room, simdModule } from './instance.ts';

/** Bytes that are taken at a time: with their tokens and what they become they fit the second-level cache. */
const PIECE = 131_072;

/** What is read and written before and behind a piece. */
const MARGIN = 64;

let written = new Uint8Array(0);

/** The most bytes that deflated data have: blocks that are stored as they are, and each piece's ends. */
function mostBytes(length: number): number {
  return length + (length >> 10) + MARGIN;
}

/**
 * Deflates bytes, in a zlib wrapper. The same bytes give the same, on any machine that has SIMD.
 *
 * @returns Good until the next call; undefined where SIMD is missing, or there are no bytes: zlib has to run.
 */
export function deflateSimd(bytes: Uint8Array): Uint8Array | undefined {
  const module = bytes.length === 0 ? null : simdModule();
  if (module === null) return undefined;
  const { buffer, at } = room(module, MARGIN, PIECE + MARGIN, mostBytes(PIECE));
  const [, inAt, outAt] = at as [number, number, number];
  const input = new Uint8Array(buffer, inAt, PIECE);
  const output = new Uint8Array(buffer, outAt, mostBytes(PIECE));
  let length = 0;
  for (let start = 0; start < bytes.length; start += PIECE) {
    const piece = bytes.subarray(start, start + PIECE);
    input.set(piece);
    const isLast = start + PIECE >= bytes.length;
    const size = module.deflate(inAt, piece.length, outAt, Number(start === 0), Number(isLast));
    if (written.length < length + size) written = grown(written, 2 * (length + size));
    written.set(output.subarray(0, size), length);
    length += size;
  }
  return written.subarray(0, length);
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
