/**
 * What a directory's tags say about the pixels: their number, type and coding.
 * @module
 */
import type { ImageShape } from './block-layout.ts';
import { compressionName } from './decode.ts';
import { sampleTypeFromTiff, type NumberType, type PixelType, type SampleType } from './pixel-type.ts';
import type { Tags } from './tags.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** The pixels of an image. */
export interface ImageTags {
  readonly shape: ImageShape & { readonly predictor: 1 | 2 | 3 };
  readonly sampleType: SampleType;
  readonly rowsPerStrip: number;
  /** Whether the samples are Y, Cb and Cr. */
  readonly ycc: boolean;
  /** What each band beyond the colours is: 1 premultiplied alpha, 2 alpha, 0 something else. */
  readonly extraSamples: ArrayLike<number>;
  readonly reversedBits: boolean;
  readonly jpegTables: Uint8Array | undefined;
  readonly lercParameters: ArrayLike<number> | undefined;
  readonly nodata: Nodata;
  /** GDAL's XML. */
  readonly metadata: string | undefined;
  /** Why the pixels cannot be read, or null. */
  readonly pixelProblem: string | null;
}

/** A nodata value as text of the file and as number; both null where there is none. */
export interface Nodata {
  readonly text: string | null;
  readonly value: number | null;
}

/** No sensor has as many bands; a damaged header easily has. */
const MAX_BANDS = 65_535;
const CMYK = 5;
const YCBCR = 6;
/** Photometric interpretations that GDAL turns into RGBA: Lab and logarithmic luminance. */
const CONVERTED = new Set([8, 9, 10, 32_844, 32_845]);
const JPEG = 7;

const UTF8 = new TextDecoder();

/**
 * Reads the tags.
 * @throws {MineRsError} BAD_INPUT if there are no pixels, or they are of a type that is not supported
 */
export function readImageTags(file: TiffBytes, tags: Tags): ImageTags {
  const width = tags.whole(256, 0);
  const height = tags.whole(257, 0);
  const bandCount = tags.whole(277, 1);
  if (!(width > 0) || !(height > 0)) throw file.damaged('has no pixels');
  if (!(bandCount > 0) || bandCount > MAX_BANDS) throw file.damaged(`has ${bandCount} bands`);

  const bits = tags.integers(258) ?? [1];
  const formats = tags.integers(339) ?? [1];
  const sampleType = sampleTypeFromTiff(formats[0] ?? 1, bits[0] ?? 1);
  const mixed = bits.some((b) => b !== bits[0]) || formats.some((f) => f !== formats[0]);
  if (sampleType === undefined || mixed) {
    const complex = formats[0] === 5 || formats[0] === 6;
    const kind = mixed
      ? 'bands of different number types'
      : complex
        ? 'complex numbers'
        : `${bits[0]}-bit samples of format ${formats[0]}`;
    throw file.damaged(`has ${kind}, which are not supported; convert it, such as with gdal_translate -ot`);
  }
  const compression = tags.whole(259, 1);
  const predictor = tags.whole(317, 1);
  const photometric = tags.whole(262, 1);
  const coding = { compression, predictor, photometric, planar: tags.whole(284, 1) === 2 && bandCount > 1 };
  return {
    shape: {
      width,
      height,
      bandCount,
      bits: sampleType.bits,
      planar: coding.planar,
      compression,
      predictor: predictor === 2 || predictor === 3 ? predictor : 1,
    },
    sampleType,
    rowsPerStrip: tags.whole(278, height),
    ycc: photometric === YCBCR,
    extraSamples: tags.integers(338) ?? [],
    reversedBits: tags.whole(266, 1) === 2,
    jpegTables: tags.bytes(347),
    lercParameters: tags.integers(50_674),
    nodata: parseNodata(textOf(tags.bytes(42_113)), sampleType),
    metadata: textOf(tags.bytes(42_112)),
    pixelProblem: problemOf(coding, sampleType, bandCount),
  };
}

/** A text up to the zero byte that ends it. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : UTF8.decode(bytes).replace(/\0.*$/s, '');
}

interface Coding {
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  readonly planar: boolean;
}

function problemOf(
  { compression, predictor, photometric, planar }: Coding,
  { numberType, bits }: SampleType,
  bandCount: number,
): string | null {
  const name = compressionName(compression);
  if (photometric === YCBCR && (compression !== JPEG || planar || bandCount !== 3)) {
    return `YCbCr colours with ${name} compression are not supported; convert it, such as with gdal_translate`;
  }
  if (photometric === CMYK) return 'CMYK colours are not supported; convert it to RGB';
  if (CONVERTED.has(photometric)) return 'Lab or logarithmic colours are not supported; convert it to RGB';
  if (compression === JPEG && bits !== 8) return `JPEG of ${bits} bits is not supported`;
  if (predictor < 1 || predictor > 3) return `predictor ${predictor} is not supported`;
  if (predictor === 3 && !numberType.startsWith('float')) return `predictor 3 is not for ${numberType}`;
  if (predictor === 2 && ![8, 16, 32, 64].includes(bits)) return `predictor 2 is not for samples of ${bits} bits`;
  return null;
}

/** The nodata value as a pixel can have it: float32 rasters often carry it with too many or too few digits. */
export function parseNodata(text: string | undefined, { numberType, pixelType }: SampleType): Nodata {
  const trimmed = text?.trim().toLowerCase() ?? '';
  const value = nodataOf(trimmed, numberType, pixelType);
  if (value === null) return { text: null, value };
  const wide = numberType === 'int64' || numberType === 'uint64';
  return { text: wide && !/^[-+]?\d+$/.test(trimmed) ? String(BigInt(value)) : trimmed, value };
}

function nodataOf(text: string, numberType: NumberType, pixelType: PixelType): number | null {
  if (text === '') return null;
  if (/^[-+]?nan(\(.*\))?$/.test(text)) return Number.NaN;
  if (/^[-+]?(1\.#)?inf(inity)?$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number.parseFloat(text.replace(',', '.'));
  if (Number.isNaN(value)) return null;
  if ((numberType === 'int64' || numberType === 'uint64') && !Number.isInteger(value)) return null;
  return pixelType === 'float32' ? Math.fround(value) : value;
}
