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
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
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

/** A number type by the name that GDAL gives it: what {@link PixelType} holds, and whole numbers of 64 bits. */
export type NumberType = PixelType | 'int64' | 'uint64';

/** How the samples of a TIFF are read. */
export interface SampleType {
  /** As GDAL reads them. */
  readonly numberType: NumberType;
  /** The array that holds them here: float64 for whole numbers of 64 bits. */
  readonly pixelType: PixelType;
  /** Bits of a stored sample. */
  readonly bits: number;
}

/**
 * The type for a TIFF sample format (1 unsigned, 2 signed, 3 floating, 4 not said) and bit depth, or undefined. As in
 * GDAL, short floats widen to float32 and odd numbers of bits to the next unsigned type.
 */
export function sampleTypeFromTiff(sampleFormat: number, bits: number): SampleType | undefined {
  const of = (numberType: NumberType, pixelType: PixelType) => ({ numberType, pixelType, bits });
  if (sampleFormat === 3) {
    if (bits === 16 || bits === 24 || bits === 32) return of('float32', 'float32');
    return bits === 64 ? of('float64', 'float64') : undefined;
  }
  if (sampleFormat === 2) {
    if (bits === 64) return of('int64', 'float64');
    return bits === 8 || bits === 16 || bits === 32 ? of(`int${bits}`, `int${bits}`) : undefined;
  }
  if (sampleFormat !== 1 && sampleFormat !== 4) return undefined;
  if (bits === 64) return of('uint64', 'float64');
  if (!(bits >= 1 && bits <= 32)) return undefined;
  const type = bits <= 8 ? 'uint8' : bits <= 16 ? 'uint16' : 'uint32';
  return of(type, type);
}
