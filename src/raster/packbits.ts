/**
 * PackBits, the run-length coding of TIFF.
 * @module
 */

/**
 * Decodes one block (TIFF 6.0, section 9).
 *
 * @param input Encoded bytes.
 * @param out Filled from its start; decoding ends when it is full.
 * @returns Bytes written.
 */
export function decodePackBits(input: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let written = 0;
  while (at < input.length && written < out.length) {
    const code = input[at++]!;
    if (code < 128) {
      const end = Math.min(at + code + 1, input.length, at + out.length - written);
      while (at < end) out[written++] = input[at++]!;
    } else if (code > 128) {
      const end = Math.min(written + 257 - code, out.length);
      out.fill(input[at++] ?? 0, written, end);
      written = end;
    }
  }
  return written;
}
