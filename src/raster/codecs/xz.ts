/**
 * The .xz container around LZMA2, as libtiff writes it (tukaani.org/xz/xz-file-format.txt, 1.1.0).
 * @module
 */
import { LzmaDecoder } from './lzma.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const DELTA = 0x03;
const LZMA2 = 0x21;
/** Bytes of the check behind a block, by its kind. Checks are not verified: the sizes of a block are. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * Decompresses a stream.
 *
 * @returns At most `maxBytes`.
 * @throws {RangeError} if the data are damaged, or filtered by other than delta and LZMA2
 */
export function decodeXz(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw new RangeError('not LZMA data');
  const checkBytes = CHECK_BYTES[bytes[7]! & 15]!;
  const out = new Uint8Array(maxBytes);
  let written = 0;
  let at = 12;
  // A header size of 0 begins the index, behind the last block.
  while (at < bytes.length && bytes[at] !== 0 && written < maxBytes) {
    const header = bytes.subarray(at, at + (bytes[at]! + 1) * 4);
    const { distances } = readBlockHeader(header);
    const block = decodeChunks(bytes, at + header.length, out.subarray(written));
    for (const distance of distances) undoDelta(out, written, written + block.written, distance);
    written += block.written;
    at = Math.ceil((block.end - 12) / 4) * 4 + 12 + checkBytes;
  }
  return out.subarray(0, written);
}

/** The delta filters of a block, in the order in which they are undone. */
function readBlockHeader(header: Uint8Array): { distances: number[] } {
  let at = 2;
  const flags = header[1] ?? 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; at < header.length; shift *= 128) {
      const byte = header[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw new RangeError('damaged LZMA header');
  };
  if ((flags & 0x40) !== 0) number();
  if ((flags & 0x80) !== 0) number();
  const distances: number[] = [];
  const filters = (flags & 3) + 1;
  for (let i = 0; i < filters; i++) {
    const id = number();
    const size = number();
    if (id === DELTA && i < filters - 1) distances.unshift((header[at] ?? 0) + 1);
    else if (id !== LZMA2 || i < filters - 1)
      throw new RangeError(`LZMA data with the filter ${id}, which is not supported`);
    at += size;
  }
  return { distances };
}

function decodeChunks(bytes: Uint8Array, start: number, out: Uint8Array): { written: number; end: number } {
  const decoder = new LzmaDecoder(out);
  let at = start;
  for (;;) {
    const control = bytes[at++];
    if (control === 0 || decoder.written === out.length) break;
    if (control === undefined) throw new RangeError('LZMA data end too early');
    const word = (from: number) => (bytes[from]! << 8) | bytes[from + 1]!;
    if (control === 1 || control >= 0xe0) decoder.resetDictionary();
    if (control < 0x80) {
      if (control > 2) throw new RangeError('damaged LZMA data');
      const size = word(at) + 1;
      decoder.copy(bytes.subarray(at + 2, at + 2 + size));
      at += 2 + size;
      continue;
    }
    const size = ((control & 0x1f) << 16) + word(at) + 1;
    const stored = word(at + 2) + 1;
    at += 4;
    const reset = (control >> 5) & 3;
    if (reset >= 2) decoder.setProperties(bytes[at++]!);
    if (reset >= 1) decoder.resetState();
    decoder.decode(bytes.subarray(at, at + stored), size);
    at += stored;
  }
  return { written: decoder.written, end: at };
}

/** Each byte becomes the sum with the one `distance` before it. */
function undoDelta(bytes: Uint8Array, start: number, end: number, distance: number): void {
  for (let i = start + distance; i < end; i++) bytes[i] = bytes[i]! + bytes[i - distance]!;
}
