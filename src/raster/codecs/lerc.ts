/**
 * LERC blocks, plain or packed once more with deflate or Zstandard, by Esri's library compiled to WebAssembly.
 * @module
 */
import type { PixelType } from '../pixel-type.ts';

/** What a block must be. */
export interface LercExpectation {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel, side by side. */
  readonly samples: number;
  readonly pixelType: PixelType;
  /** Whether the last sample is alpha, which writers may keep as the mask of the others. */
  readonly alpha: boolean;
}

/** Decodes one LERC blob to the bytes of its pixels, little-endian. */
export type LercDecoder = (bytes: Uint8Array, expected: LercExpectation) => Uint8Array;

/** LERC's number types, in the order of its codes. */
const TYPES: readonly PixelType[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

/** Loads the codec, once a thread. */
export async function loadLerc(): Promise<LercDecoder> {
  const lerc = await import('lerc');
  await lerc.load();
  return (bytes, { width, height, samples, pixelType, alpha }) => {
    const info = lerc.getBlobInfo(bytes);
    const depth = info.depthCount;
    const maskIsAlpha = alpha && depth === samples - 1 && pixelType === 'uint8';
    // Before anything is allocated: a damaged file may say any size.
    const right = info.width === width && info.height >= height && TYPES[info.dataType] === pixelType;
    if (!right || info.height > 65_535 || (depth !== samples && !maskIsAlpha) || info.bandCount !== 1) {
      const found = `${info.width} × ${info.height} × ${depth} ${TYPES[info.dataType] ?? 'unknown'}`;
      throw new RangeError(`LERC data of ${found} where ${width} × ${height} × ${samples} ${pixelType} are due`);
    }
    const { pixels, mask } = lerc.decode(bytes, { returnInterleaved: true });
    const values = pixels[0]!;
    if (maskIsAlpha) return withMask(values as Uint8Array, mask, depth);
    // Numbers that are no numbers are kept as the mask.
    if (mask !== null && (values instanceof Float32Array || values instanceof Float64Array)) {
      for (let i = 0; i < mask.length; i++) if (mask[i] === 0) values.fill(Number.NaN, i * depth, (i + 1) * depth);
    }
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  };
}

function withMask(values: Uint8Array, mask: Uint8Array | null, depth: number): Uint8Array {
  const pixels = values.length / depth;
  const out = new Uint8Array(pixels * (depth + 1));
  for (let i = 0, to = 0; i < pixels; i++) {
    for (let k = 0; k < depth; k++) out[to++] = values[i * depth + k]!;
    out[to++] = mask === null || mask[i] !== 0 ? 255 : 0;
  }
  return out;
}
