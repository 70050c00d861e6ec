/**
 * From the pixels of a tile to its bytes in a COG.
 * @module
 */
import { constants, deflateSync } from 'node:zlib';
import { bytesPerSample, viewAsPixels, type PixelArray } from './pixel-type.ts';
import { applyDifference, applyFloatDifference } from './predictor.ts';
import { deflateSimd } from './simd/deflate.ts';

/** Pixels on a side of a tile. */
export const TILE_SIZE = 512;

/** The number types that maps are written in. */
export type CogPixelType = 'uint8' | 'uint16' | 'float32';

/** What the encoding of a tile depends on. */
export interface TileFormat {
  readonly pixelType: CogPixelType;
  /** Bands, side by side in each pixel. */
  readonly samples: number;
}

/**
 * How zlib deflates where SIMD is missing: other bytes, the same pixels. It looks for runs of one byte only, as the encoder
 * here does: after a predictor, little else repeats.
 */
const ZLIB = { level: 6, strategy: constants.Z_RLE, memLevel: 9 } as const;

let scratch = new Uint8Array(0);

/** The TIFF predictor of a number type: none for classes, difference for whole numbers, bytewise for floats. */
export function predictorOf(pixelType: CogPixelType): 1 | 2 | 3 {
  return pixelType === 'uint8' ? 1 : pixelType === 'uint16' ? 2 : 3;
}

/**
 * Encodes a full tile: predictor, then deflate in a zlib wrapper. Little-endian.
 *
 * @param pixels Row-major, samples of a pixel side by side, length tileSize² × samples; edge tiles are padded by the caller.
 * @returns The tile's bytes, good until the next tile.
 * @throws {RangeError} if the length is not a tile's
 */
export function encodeTile(pixels: PixelArray, format: TileFormat, tileSize = TILE_SIZE): Uint8Array {
  const { pixelType, samples } = format;
  const count = tileSize * tileSize * samples;
  if (pixels.length !== count) throw new RangeError(`Expected a tile of ${count} numbers, got ${pixels.length}`);
  const byteLength = count * bytesPerSample(pixelType);
  if (scratch.length < byteLength) scratch = new Uint8Array(byteLength);
  const room = scratch.subarray(0, byteLength);
  let bytes = room;
  if (pixelType === 'float32') {
    applyFloatDifference(new Uint32Array(pixels.buffer, pixels.byteOffset, count), room, tileSize * samples, samples);
  } else if (pixelType === 'uint16') {
    const out = viewAsPixels('uint16', room) as Uint16Array;
    applyDifference(pixels as Uint16Array, out, tileSize * samples, samples);
  } else {
    bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, byteLength) as typeof room;
  }
  return deflateSimd(bytes) ?? deflateSync(bytes, { ...ZLIB, chunkSize: byteLength + 1024 });
}
