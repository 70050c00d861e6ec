/**
 * LZW as TIFF uses it: codes of 9 to 12 bits, most significant bit first, widened one code early.
 * @module
 */

import { decodeLzwSimd } from './simd/lzw.ts';

const CLEAR = 256;
const END = 257;

/** The most that may be written behind the size of a block: its last string, and what is copied along with it. */
export const LZW_ROOM = 4096 + 8;

/** The first four bytes of each code's string. */
const heads = new Int32Array(4097);
/**
 * Where each code's string stands in the output. A code is the string written before it and the first byte of the next
 * one, so its length is the distance to the start of the next code's string, and one more; for single bytes that is one.
 */
const starts = new Int32Array(4098);
for (let byte = 0; byte < CLEAR; byte++) heads[byte] = byte;

let encoded = new DataView(new ArrayBuffer(0));

/** The input with room behind it, so that a code can be read as part of four bytes wherever it stands. */
function withRoom(input: Uint8Array): DataView {
  if (encoded.byteLength < input.length + 4) encoded = new DataView(new ArrayBuffer(input.length + 64 * 1024));
  new Uint8Array(encoded.buffer).set(input);
  return encoded;
}

/**
 * Decodes one block (TIFF 6.0, section 13).
 *
 * Every string has been written to the output before, so a code is a place and a length; its first four bytes are kept
 * beside it, because most strings are no longer.
 *
 * @param input Encoded bytes.
 * @param out Filled from its start; must have {@link LZW_ROOM} bytes behind `size`, which are written too.
 * @param size Bytes of the block; decoding ends when they are there.
 * @returns Bytes of the block that were written.
 * @throws {RangeError} if the codes are damaged
 */
export function decodeLzw(input: Uint8Array, out: Uint8Array, size: number): number {
  if (out.length < size + LZW_ROOM) throw new RangeError('Expected room behind the block');
  return decodeLzwSimd(input, out, size) ?? decodeLzwPlain(input, out, size);
}

/** {@link decodeLzw} by typed arrays alone: the same bytes. */
export function decodeLzwPlain(input: Uint8Array, out: Uint8Array, size: number): number {
  if (out.length < size + LZW_ROOM) throw new RangeError('Expected room behind the block');
  const target = new DataView(out.buffer, out.byteOffset, out.length);
  return Math.min(decodeCodes(withRoom(input), input.length * 8, target, size), size);
}

/**
 * The loop alone: V8 compiles it while it runs for the first time, and would throw the result away at the end of each
 * block for any operation behind it that it has not yet seen.
 */
function decodeCodes(source: DataView, lastBit: number, target: DataView, size: number): number {
  let position = 0;
  let width = 9;
  let widest = 511;
  // After a clearing the first code defines an entry that nothing refers to.
  let next = END;
  let written = 0;
  let previousHead = 0;
  let previousLength = 0;

  while (written < size && position + width <= lastBit) {
    const code = (source.getInt32(position >> 3) >>> (32 - width - (position & 7))) & ((1 << width) - 1);
    position += width;
    starts[next + 1] = written;
    if (code >= next) {
      if (code > next && code !== END && code !== CLEAR) {
        throw new RangeError(`LZW code ${code} before its definition`);
      }
      // The code being defined right now is the previous string plus its own first byte.
      heads[next] = withByte(previousHead, previousLength, previousHead);
    }
    if ((code | 1) === END) {
      if (code === END) break;
      width = 9;
      widest = 511;
      next = END;
      previousLength = 0;
      previousHead = 0;
      continue;
    }
    const head = heads[code]!;
    const from = starts[code]!;
    const length = starts[code + 1]! - from + 1;
    heads[next] = withByte(previousHead, previousLength, head);
    target.setInt32(written, head, true);
    // What is copied beyond the string's end is overwritten by the next one.
    for (let i = 4; i < length; i += 4) target.setInt32(written + i, target.getInt32(from + i, true), true);
    written += length;
    previousHead = head;
    previousLength = length;
    if (++next === widest) {
      if (width < 12) width++;
      else next--;
      widest = width < 12 ? widest * 2 + 1 : 4097;
    }
  }
  return written;
}

/** The first four bytes of a string of a length after the first byte of another has been put behind it. */
function withByte(head: number, length: number, other: number): number {
  return length < 4 ? head | ((other & 255) << (length << 3)) : head;
}

/** Where each code's string starts; it ends one byte behind the start of the next code's. */
const oldStarts = new Int32Array(4098);

/**
 * Decodes a block in the order before TIFF 6.0, which GDAL reads too: least significant bit first, widened one code later.
 * Parameters and result as {@link decodeLzw}.
 */
export function decodeOldLzw(input: Uint8Array, out: Uint8Array): number {
  const size = out.length;
  const lastBit = input.length * 8;
  let width = 9;
  let next = END;
  let written = 0;
  for (let position = 0; written < size && position + width <= lastBit;) {
    const at = position >> 3;
    const three = input[at]! | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16);
    const code = (three >> (position & 7)) & ((1 << width) - 1);
    position += width;
    if (code === END) break;
    if (code === CLEAR) {
      width = 9;
      next = END;
      continue;
    }
    oldStarts[next + 1] = written;
    if (code < CLEAR) {
      out[written++] = code;
    } else {
      if (code > next) throw new RangeError(`LZW code ${code} before its definition`);
      let from = oldStarts[code]!;
      const end = Math.min(written + oldStarts[code + 1]! - from + 1, size);
      while (written < end) out[written++] = out[from++]!;
    }
    if (next < 4096) {
      next++;
      if (next === 512 || next === 1024 || next === 2048) width++;
    }
  }
  return written;
}
