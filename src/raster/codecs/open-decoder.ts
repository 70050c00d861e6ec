/**
 * The decoder for the blocks of an image, with what the codec needs loaded.
 * @module
 */
import { blockDecoderOf, checkExpansion, SLACK, type BlockDecoder } from '../decode.ts';
import type { PixelType } from '../pixel-type.ts';
import { reverseBits } from '../unpack.ts';
import { decodeJpeg } from './jpeg.ts';

/** How the blocks of an image are coded. */
export interface BlockCoding {
  readonly compression: number;
  /** Pixels. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Bytes of a decoded row. */
  readonly rowBytes: number;
  readonly pixelType: PixelType;
  readonly bits: number;
  readonly littleEndian: boolean;
  /** Samples of a pixel that lie side by side. */
  readonly samples: number;
  /** Whether the samples are Y, Cb and Cr. */
  readonly ycc: boolean;
  /** Whether the last sample is alpha that does not premultiply the others. */
  readonly alpha: boolean;
  /** Bytes with their bits in the opposite order. */
  readonly reversedBits: boolean;
  readonly jpegTables: Uint8Array | undefined;
  /** The LercParameters tag: version, and what packs the blobs (0 nothing, 1 deflate, 2 Zstandard). */
  readonly lercParameters: ArrayLike<number> | undefined;
}

/** Compressions beside which a predictor is without meaning. */
export const PREDICTS_ITSELF: ReadonlySet<number> = new Set([7, 34887, 50001]);

/** The decoder of an image's blocks, or undefined where the compression is not supported. */
export async function openBlockDecoder(coding: BlockCoding): Promise<BlockDecoder | undefined> {
  const decoder = await decoderOf(coding);
  if (decoder === undefined) return undefined;
  const { compression } = coding;
  const isReversed = coding.reversedBits && compression !== 7;
  return (bytes, expectedBytes, next) => {
    checkExpansion(compression, bytes.length, expectedBytes);
    return isReversed ? decoder(reverseBits(bytes), expectedBytes) : decoder(bytes, expectedBytes, next);
  };
}

async function decoderOf(coding: BlockCoding): Promise<BlockDecoder | undefined> {
  const { blockWidth: width, blockHeight: maxHeight, samples, rowBytes, bits, pixelType } = coding;
  switch (coding.compression) {
    case 1:
      return coding.littleEndian || bits <= 8 ? (bytes) => bytes : blockDecoderOf(1);
    case 7: {
      if (bits !== 8 || samples > 4 || (coding.ycc && samples !== 3)) return undefined;
      const { jpegTables, ycc } = coding;
      return (bytes, expectedBytes) => {
        const height = expectedBytes / rowBytes;
        return decodeJpeg(bytes, jpegTables, { width, height, maxHeight, components: samples, ycc });
      };
    }
    case 34887:
      return lercDecoder(coding);
    case 34925: {
      const { decodeXz } = await import('./xz.ts');
      return decodeXz;
    }
    case 50000: {
      const { loadZstd } = await import('./zstd.ts');
      const decompress = await loadZstd();
      return (bytes, expectedBytes) => decompress(bytes, expectedBytes + SLACK);
    }
    case 50001: {
      if (pixelType !== 'uint8' || bits !== 8 || (samples !== 3 && samples !== 4)) return undefined;
      const { loadWebp } = await import('./webp.ts');
      const decode = await loadWebp();
      return (bytes, expectedBytes) => decode(bytes, width, expectedBytes / rowBytes, samples);
    }
    default:
      return blockDecoderOf(coding.compression);
  }
}

async function lercDecoder(coding: BlockCoding): Promise<BlockDecoder | undefined> {
  const { blockWidth: width, samples, rowBytes, pixelType, alpha } = coding;
  const packing = coding.lercParameters?.[1] ?? 0;
  if (packing > 2) return undefined;
  const { loadLerc } = await import('./lerc.ts');
  const decode = await loadLerc();
  const unpack =
    packing === 1 ? blockDecoderOf(8) : packing === 2 ? await (await import('./zstd.ts')).loadZstd() : undefined;
  return (bytes, expectedBytes) => {
    // A blob of noise is a little longer than its pixels.
    const blob = unpack === undefined ? bytes : unpack(bytes, expectedBytes + (expectedBytes >> 3) + 4096);
    return decode(blob, { width, height: expectedBytes / rowBytes, samples, pixelType, alpha });
  };
}
