/**
 * From the stored bytes of one tile or strip to its samples.
 * @module
 */
import * as zlib from 'node:zlib';
import { decodeLzw } from './lzw.ts';
import { decodePackBits } from './packbits.ts';
import { bytesPerSample, viewAsPixels, type PixelArray, type PixelType } from './pixel-type.ts';
import { swapBytes, undoDifference, undoDifference64, undoFloatDifference } from './predictor.ts';

/** A decompressor: stored bytes in, at most `expectedBytes` (and a little slack) out. */
export type BlockDecoder = (bytes: Uint8Array, expectedBytes: number) => Uint8Array;

/** How samples lie in a block. */
export interface SampleLayout {
  readonly pixelType: PixelType;
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
const SLACK = 1024;

type ZstdDecompress = (
  bytes: Uint8Array,
  options: { chunkSize: number; maxOutputLength: number; finishFlush?: number },
) => Buffer;
const zstdOfNode = (zlib as unknown as { zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync;

/** One chunk for the whole output is 20–30 % faster than the default chunks; the bound stops decompression bombs. */
const outputBound = (expectedBytes: number) => ({
  chunkSize: Math.max(expectedBytes + SLACK, 64),
  maxOutputLength: expectedBytes + SLACK,
});

/** The decompressor of a compression that is decoded here, or undefined. */
export function blockDecoderOf(compression: number): BlockDecoder | undefined {
  switch (compression) {
    case 1:
      // The bytes lie in a read buffer that is used again.
      return (bytes) => Uint8Array.from(bytes);
    case 5:
      return (bytes, expectedBytes) => {
        if (bytes[0] === 0 && bytes[1] === 1) throw new RangeError('LZW data in the order before TIFF 6.0');
        const out = new Uint8Array(expectedBytes);
        return out.subarray(0, decodeLzw(bytes, out));
      };
    case 8:
    case 32946:
      return (bytes, expectedBytes) => zlib.inflateSync(bytes, outputBound(expectedBytes));
    case 32773:
      return (bytes, expectedBytes) => {
        const out = new Uint8Array(expectedBytes);
        return out.subarray(0, decodePackBits(bytes, out));
      };
    case 50000:
      if (zstdOfNode === undefined) return undefined;
      return (bytes, expectedBytes) => zstdOfNode(bytes, outputBound(expectedBytes));
    default:
      return undefined;
  }
}

/**
 * Undoes the predictor and the byte order, in place where the bytes are aligned.
 *
 * @param bytes Decompressed bytes: whole rows.
 * @param rowPixels Pixels in a row of the block.
 * @returns Rows of `rowPixels × samples` numbers.
 */
export function samplesFromBytes(bytes: Uint8Array, rowPixels: number, layout: SampleLayout): PixelArray {
  const { pixelType, predictor, samples } = layout;
  const size = bytesPerSample(pixelType);
  const rowLength = rowPixels * samples;
  // Predictor 3 has a byte order of its own; predictor 2 adds numbers, so the order has to be right before.
  if (predictor !== 3 && !layout.littleEndian && size > 1) swapBytes(bytes, size);
  if (predictor === 3) {
    undoFloatDifference(bytes, rowLength, samples, size);
  } else if (predictor === 2) {
    if (size === 8) {
      const words = viewAsPixels('uint32', bytes) as Uint32Array;
      undoDifference64(words, rowLength, samples);
      return viewAsPixels(pixelType, new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    }
    const type = size === 1 ? 'uint8' : size === 2 ? 'uint16' : 'uint32';
    const differences = viewAsPixels(type, bytes) as Uint8Array | Uint16Array | Uint32Array;
    undoDifference(differences, rowLength, samples);
    return viewAsPixels(pixelType, new Uint8Array(differences.buffer, differences.byteOffset, differences.byteLength));
  }
  return viewAsPixels(pixelType, bytes);
}
