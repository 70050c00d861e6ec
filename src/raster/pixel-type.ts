/**
 * The number types of pixels and the arrays that hold them.
 * @module
 */

/** A sample's number type. */
export type PixelType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

/** A flat array of pixels in their native type. */
export type PixelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const CONSTRUCTORS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Bytes of one sample. */
export function bytesPerSample(type: PixelType): number {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/** A new array of zeros that owns its buffer. */
export function createPixels(type: PixelType, length: number): PixelArray {
  return new CONSTRUCTORS[type](length);
}

/** Bytes seen as pixels in the machine's byte order; copied only where they are not aligned. */
export function viewAsPixels(type: PixelType, bytes: Uint8Array): PixelArray {
  const size = bytesPerSample(type);
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new CONSTRUCTORS[type](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    Math.floor(aligned.byteLength / size),
  );
}

/** The type of an array. */
export function pixelTypeOf(pixels: PixelArray): PixelType {
  for (const type of Object.keys(CONSTRUCTORS) as PixelType[]) {
    if (pixels instanceof CONSTRUCTORS[type]) return type;
  }
  throw new TypeError('Expected an array of pixels');
}

/** The type for a TIFF sample format (1 unsigned, 2 signed, 3 floating) and bit depth, or undefined. */
export function pixelTypeFromTiff(sampleFormat: number, bits: number): PixelType | undefined {
  if (sampleFormat === 3) return bits === 32 ? 'float32' : bits === 64 ? 'float64' : undefined;
  if (bits !== 8 && bits !== 16 && bits !== 32) return undefined;
  if (sampleFormat === 1 || sampleFormat === 4) return `uint${bits}`;
  return sampleFormat === 2 ? `int${bits}` : undefined;
}
