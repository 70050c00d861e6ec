/**
 * LZW as TIFF uses it: the loop of ../../lzw.ts, strings copied 16 bytes at a time.
 * @module
 */

const CLEAR: u32 = 256;
const END: u32 = 257;

/** The strings of single bytes, and what is read along with the last one. */
const literals = memory.data(256 + 16, 16);
/** Where each code's string stands. It ends one byte behind the start of the next code's; single bytes just before it. */
const starts = memory.data(4098 * 4, 16);

let isReady = false;

function prepare(): void {
  for (let byte: usize = 0; byte < 256; byte++) store<u8>(literals + byte, <u8>byte);
  for (let code: usize = 0; code <= 256; code++) store<u32>(starts + (code << 2), <u32>(literals + code));
  isReady = true;
}

/** Turns bytes round, the last one first: then numbers are read with the most significant byte first. */
function reverse(at: usize, length: usize): void {
  let low = at;
  let high = at + length;
  for (; low + 32 <= high; low += 16) {
    high -= 16;
    const first = v128.load(low);
    const last = v128.load(high);
    v128.store(low, v128.shuffle<i8>(last, last, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    v128.store(high, v128.shuffle<i8>(first, first, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  }
  for (; low < high; low++) {
    high--;
    const byte = load<u8>(low);
    store<u8>(low, load<u8>(high));
    store<u8>(high, byte);
  }
}

/**
 * Decodes one block.
 *
 * @param input Encoded bytes, which are turned round; four bytes before them are read too.
 * @param out Room for `size` bytes, a string of 4096 bytes and 16 more.
 * @returns Bytes that were written, which may be more than `size`; −1 − code for a code before its definition.
 */
export function decodeLzw(input: usize, length: usize, out: usize, size: usize): i32 {
  if (!isReady) prepare();
  reverse(input, length);
  const end = input + length - 4;
  const lastBit = length << 3;
  const outEnd = out + size;
  let position: usize = 0;
  let width: u32 = 9;
  let widest: u32 = 511;
  // After a clearing the first code defines an entry that nothing refers to.
  let next: u32 = END;
  let to = out;

  while (to < outEnd && position + width <= lastBit) {
    const code = (load<u32>(end - (position >> 3)) >> (32 - width - (<u32>position & 7))) & ((1 << width) - 1);
    position += width;
    store<u32>(starts + (next << 2), <u32>to, 4);
    if ((code | 1) == END) {
      if (code == END) break;
      width = 9;
      widest = 511;
      next = END;
      continue;
    }
    if (code > next) return -1 - <i32>code;
    const from = <usize>load<u32>(starts + (code << 2));
    const stringEnd = to + <usize>load<u32>(starts + (code << 2), 4) - from + <usize>(code > CLEAR);
    // What is copied beyond the string's end is overwritten by the next one.
    v128.store(to, v128.load(from));
    for (let i: usize = 16; to + i < stringEnd; i += 16) v128.store(to + i, v128.load(from + i));
    // The code being defined right now is the previous string plus its own first byte.
    if (code == next) store<u8>(stringEnd - 1, load<u8>(from));
    to = stringEnd;
    if (++next == widest) {
      if (width < 12) width++;
      else next--;
      widest = width < 12 ? widest * 2 + 1 : 4097;
    }
  }
  return <i32>(to - out);
}
