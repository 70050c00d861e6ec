/**
 * From the stored bytes of one tile or strip to its samples.
 * @module
 */
import * as zlib from 'node:zlib';
import { decodeLzw, decodeOldLzw, LZW_ROOM } from './lzw.ts';
import { decodePackBits } from './packbits.ts';
import { bytesPerSample, createPixels, viewAsPixels, type PixelArray, type PixelType } from './pixel-type.ts';
import { swapBytes, undoDifference, undoDifference64, undoFloatDifference } from './predictor.ts';
import { inflatedIn, inflateSimd } from './simd/inflate.ts';
import { unpackBits, widenHalfFloats, widenTripleFloats } from './unpack.ts';

/**
 * A decompressor: stored bytes in, at most `expectedBytes` (and a little slack) out. What comes out may lie in the bytes
 * that went in, or in a room that the next block is decoded to (see {@link isBorrowed}). It may decode two blocks at once
 * if it is told the `next` one, of as many bytes or fewer: the same array has to be given next then, with the same bytes.
 */
export type BlockDecoder = (bytes: Uint8Array, expectedBytes: number, next?: Uint8Array) => Uint8Array;

/** How samples lie in a block. */
export interface SampleLayout {
  readonly pixelType: PixelType;
  /** Bits of a stored sample. */
  readonly bits: number;
  readonly littleEndian: boolean;
  readonly predictor: 1 | 2 | 3;
  /** Samples of one pixel that lie side by side: the band count, or 1 where each band has its own blocks. */
  readonly samples: number;
}

const NAMES: Record<number, string> = {
  1: 'none',
  2: 'CCITT RLE',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  5: 'lzw',
  6: 'old JPEG',
  7: 'jpeg',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
  34712: 'JPEG 2000',
  34887: 'lerc',
  34925: 'lzma',
  50000: 'zstd',
  50001: 'webp',
  50002: 'JPEG XL',
};

/** The name of a TIFF compression. */
export function compressionName(code: number): string {
  return NAMES[code] ?? `compression ${code}`;
}

/** Output room beyond the expected size: some writers pad their last strip. */
export const SLACK = 1024;

/** One chunk for the whole output is 20–30 % faster than the default chunks; the bound stops decompression bombs. */
const outputBound = (expectedBytes: number) => ({
  chunkSize: Math.max(expectedBytes + SLACK, 64),
  maxOutputLength: expectedBytes + SLACK,
});

/**
 * The most bytes that one stored byte can become, by compression: a damaged file that says more is found out before its
 * block is allocated.
 */
const MOST_EXPANSION: Record<number, number> = {
  5: 4096,
  7: 2048,
  8: 1040,
  32946: 1040,
  32773: 64,
  34925: 16_384,
  50000: 64 * 1024,
};

/** @throws {RangeError} if no data of this length can become a block of that size */
export function checkExpansion(compression: number, storedBytes: number, expectedBytes: number): void {
  const most = (MOST_EXPANSION[compression] ?? Number.POSITIVE_INFINITY) * (storedBytes + 16);
  if (expectedBytes > most) throw new RangeError(`${storedBytes} bytes where ${expectedBytes} are due after decoding`);
}

let scratch = new Uint8Array(0);

/** A room that is used again for each block, filled by a decoder that says how far. */
function inScratch(size: number, fill: (out: Uint8Array) => number): Uint8Array {
  if (scratch.length < size) scratch = new Uint8Array(size);
  return scratch.subarray(0, fill(scratch.subarray(0, size)));
}

/** The decompressor of a compression without parameters, or undefined. */
export function blockDecoderOf(compression: number): BlockDecoder | undefined {
  switch (compression) {
    case 1:
      // Samples are changed in place, and two blocks may share their bytes.
      return (bytes, expectedBytes) =>
        inScratch(expectedBytes, (out) => {
          out.set(bytes.subarray(0, expectedBytes));
          return Math.min(bytes.length, expectedBytes);
        });
    case 5:
      return (bytes, expectedBytes) => {
        if (bytes[0] === 0 && (bytes[1]! & 1) === 1) return inScratch(expectedBytes, (out) => decodeOldLzw(bytes, out));
        const room = inScratch(expectedBytes + LZW_ROOM, (out) => out.length);
        return room.subarray(0, decodeLzw(bytes, room, expectedBytes));
      };
    case 8:
    case 32946:
      return (bytes, expectedBytes, next) =>
        inflateSimd(bytes, expectedBytes + SLACK, next) ?? zlib.inflateSync(bytes, outputBound(expectedBytes));
    case 32773:
      return (bytes, expectedBytes) => inScratch(expectedBytes, (out) => decodePackBits(bytes, out));
    default:
      return undefined;
  }
}

/** Whether decoded pixels lie in a room that is used again, or in the stored bytes. */
export function isBorrowed(pixels: PixelArray, stored: Uint8Array): boolean {
  return pixels.buffer === stored.buffer || pixels.buffer === scratch.buffer || inflatedIn(pixels) !== null;
}

/**
 * Undoes the predictor and the byte order, in place where the bytes are aligned.
 *
 * @param bytes Decompressed bytes: whole rows.
 * @param rowPixels Pixels in a row of the block.
 * @returns Rows of `rowPixels × samples` numbers.
 */
export function samplesFromBytes(bytes: Uint8Array, rowPixels: number, layout: SampleLayout): PixelArray {
  const { bits, predictor, samples } = layout;
  const size = bits / 8;
  if (!Number.isInteger(size)) return unpacked(bytes, rowPixels, layout);
  const rowLength = rowPixels * samples;
  // Predictor 3 has a byte order of its own; predictor 2 adds numbers, so the order has to be right before.
  if (predictor !== 3 && !layout.littleEndian && size > 1) swapBytes(bytes, size);
  // As GDAL has it, whole numbers of 24 bits then stand with their first byte first.
  if (bits === 24 && layout.pixelType === 'uint32') return unpacked(bytes, rowPixels, layout);
  if (predictor === 3) undoFloatDifference(bytes, rowLength, samples, size);
  return widened(predictor === 2 ? withoutDifference(bytes, rowLength, samples, size) : bytes, layout);
}

function withoutDifference(bytes: Uint8Array, rowLength: number, samples: number, size: number): Uint8Array {
  const type = size === 1 ? 'uint8' : size === 2 ? 'uint16' : 'uint32';
  const words = viewAsPixels(type, bytes) as Uint8Array | Uint16Array | Uint32Array;
  if (size === 8) undoDifference64(words as Uint32Array, rowLength, samples);
  else undoDifference(words, rowLength, samples);
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** Whole-byte samples as pixels: a view where they are stored in the type that holds them. */
function widened(bytes: Uint8Array, { pixelType, bits }: SampleLayout): PixelArray {
  if (bits === 8 * bytesPerSample(pixelType)) return viewAsPixels(pixelType, bytes);
  const out = createPixels(pixelType, Math.floor((bytes.length * 8) / bits));
  if (bits === 16) widenHalfFloats(bytes, out as Float32Array);
  else widenTripleFloats(bytes, out as Float32Array);
  return out;
}

function unpacked(bytes: Uint8Array, rowPixels: number, { pixelType, bits, samples }: SampleLayout): PixelArray {
  const rowLength = rowPixels * samples;
  const rows = Math.floor(bytes.length / Math.ceil((rowLength * bits) / 8));
  const out = createPixels(pixelType, rows * rowLength) as Uint8Array | Uint16Array | Uint32Array;
  unpackBits(bytes, rowLength, bits, out);
  return out;
}
