/**
 * LZW as TIFF uses it: codes of 9 to 12 bits, most significant bit first, widened one code early.
 * @module
 */

const CLEAR = 256;
const END = 257;

/** Where each code's string starts in the output, and how long it is: every string has been written there before. */
const starts = new Int32Array(4096);
const lengths = new Int32Array(4096);

/**
 * Decodes one block (TIFF 6.0, section 13).
 *
 * @param input Encoded bytes.
 * @param out Filled from its start; decoding ends when it is full.
 * @returns Bytes written.
 * @throws {RangeError} if the codes are damaged
 */
export function decodeLzw(input: Uint8Array, out: Uint8Array): number {
  const size = out.length;
  const inputLength = input.length;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  let width = 9;
  let next = 258;
  let written = 0;
  let previousStart = -1;
  let previousLength = 0;

  while (written < size) {
    while (bitCount < width) {
      if (at >= inputLength) return written;
      bits = (bits << 8) | input[at++]!;
      bitCount += 8;
    }
    bitCount -= width;
    const code = bits >>> bitCount;
    bits &= (1 << bitCount) - 1;

    if (code === END) break;
    if (code === CLEAR) {
      width = 9;
      next = 258;
      previousStart = -1;
      continue;
    }
    const start = written;
    if (code < CLEAR) {
      out[written++] = code;
    } else {
      // The code being defined right now is the previous string plus its own first byte: the copy runs into itself.
      const known = code < next;
      if (previousStart < 0 || code > next) throw new RangeError(`LZW code ${code} before its definition`);
      let from = known ? starts[code]! : previousStart;
      const length = known ? lengths[code]! : previousLength + 1;
      const end = Math.min(written + length, size);
      while (written < end) out[written++] = out[from++]!;
    }
    if (previousStart >= 0 && next < 4096) {
      starts[next] = previousStart;
      lengths[next] = previousLength + 1;
      next++;
      if (next === 511 || next === 1023 || next === 2047) width++;
    }
    previousStart = start;
    previousLength = written - start;
  }
  return written;
}
