/**
 * A GeoTIFF on disk: what it is, and its pixels by window. The only file that imports geotiff.
 *
 * geotiff.js reads the header; tiles and strips are read by their offsets and decoded here, which is about three times
 * as fast as the library and right for big-endian files with a predictor.
 * @module
 */
import { GeoTIFF, getDecoder, type GeoTIFFImage } from 'geotiff';
import { MineRsError, messageOf } from '../errors.ts';
import type { Affine } from '../geo/affine.ts';
import type { Crs } from '../geo/crs.ts';
import { crsFromGeoKeys } from '../geo/geokeys.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { readBlockLayout, type ImageShape } from './block-layout.ts';
import { BlockReader } from './block-reader.ts';
import { blockDecoderOf, compressionName } from './decode.ts';
import { parseGdalMetadata } from './gdal-metadata.ts';
import { transformFromTags } from './geo-tags.ts';
import { readIntegers, readStructure, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { createPixels, pixelTypeFromTiff, type PixelArray, type PixelType } from './pixel-type.ts';
import { TiffBytes } from './tiff-bytes.ts';

export type { PixelArray, PixelType } from './pixel-type.ts';

/** What a GeoTIFF's header says. */
export interface RasterInfo {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Pixel corners to CRS, PixelIsPoint already taken off; null where the file has none. */
  readonly transform: Affine | null;
  readonly crs: Crs | null;
  /** Why `crs` is null. */
  readonly crsProblem: string | null;
  readonly bandCount: number;
  readonly pixelType: PixelType;
  /** Why the pixels cannot be read, such as an unknown compression; null where they can. */
  readonly pixelProblem: string | null;
  /** The GDAL_NODATA tag; may be NaN. */
  readonly nodata: number | null;
  /** One a band, 1 where the file says nothing. */
  readonly scales: number[];
  /** One a band, 0 where the file says nothing. */
  readonly offsets: number[];
  readonly descriptions: (string | null)[];
  readonly layout: 'tiled' | 'striped';
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly compression: string;
  readonly predictor: 1 | 2 | 3;
  readonly interleave: 'pixel' | 'band';
  readonly overviewCount: number;
  readonly pixelIsPoint: boolean;
  readonly bigTiff: boolean;
  readonly littleEndian: boolean;
  /** Size of the file. */
  readonly bytes: number;
}

/** An open GeoTIFF. Close it when done. */
export interface GeoTiffFile {
  readonly info: RasterInfo;
  /** @throws {MineRsError} BAD_INPUT naming the file if it has no place or no known CRS */
  readonly grid: Grid;
  /**
   * The pixels of a window, row-major, in the file's number type; the array owns its buffer.
   * Blocks that a sparse file leaves out are nodata, or 0 without a nodata value.
   *
   * @param options `band` counts from 1; the default is 1.
   * @throws {RangeError} if the window leaves the raster, or the band does not exist
   * @throws {MineRsError} BAD_INPUT if the data are damaged or of a compression that is not supported
   */
  readWindow(window: Window, options?: { band?: number }): Promise<PixelArray>;
  /** As `readWindow`, into an array of the file's number type and of exactly the window's size. */
  readWindowInto(window: Window, band: number, out: PixelArray): Promise<void>;
  close(): Promise<void>;
}

const MAX_WINDOW_PIXELS = 2 ** 31;
/** No sensor has as many bands; a damaged header easily has. */
const MAX_BANDS = 65_535;

/**
 * Opens a GeoTIFF.
 * @throws {MineRsError} BAD_INPUT naming the file if it is missing, no TIFF, truncated, damaged, or of an unsupported kind
 */
export async function openGeoTiff(path: string): Promise<GeoTiffFile> {
  const file = new TiffBytes(path);
  try {
    const structure = readStructure(file);
    const image = await openImage(file);
    const directory = structure.directories[0]!;
    const tags = await readTags(file, image, directory);
    const blocks = readBlockLayout(file, structure, directory, tags.shape);
    const decode = await decoderOf(tags.shape.compression);
    const { shape } = tags;
    const problem =
      tags.pixelProblem ??
      (decode === undefined ? `${compressionName(shape.compression)} compression is not supported` : null);
    const place = readPlace(image);
    const realHeight = blocks.tiled ? blocks.height : Math.min(tags.rowsPerStrip, shape.height);
    const info: RasterInfo = {
      path,
      width: shape.width,
      height: shape.height,
      ...place,
      bandCount: shape.bandCount,
      pixelType: shape.pixelType,
      pixelProblem: problem,
      nodata: tags.nodata,
      ...parseGdalMetadata(tags.metadata, shape.bandCount),
      layout: blocks.tiled ? 'tiled' : 'striped',
      blockWidth: blocks.width,
      blockHeight: realHeight,
      compression: compressionName(shape.compression),
      predictor: shape.predictor,
      interleave: shape.planar || shape.bandCount === 1 ? 'band' : 'pixel',
      overviewCount: countOverviews(file, shape.width, structure),
      bigTiff: structure.bigTiff,
      littleEndian: structure.littleEndian,
      bytes: file.size,
    };
    const sampleLayout = {
      pixelType: shape.pixelType,
      littleEndian: structure.littleEndian,
      predictor: shape.predictor,
      samples: blocks.samples,
    };
    return fileOf(file, info, new BlockReader(file, info, blocks, sampleLayout, decode));
  } catch (error) {
    file.close();
    if (error instanceof MineRsError) throw error;
    throw file.damaged(`cannot be read as a GeoTIFF (${messageOf(error)})`);
  }
}

function fileOf(file: TiffBytes, info: RasterInfo, reader: BlockReader): GeoTiffFile {
  const checkWindow = ({ col, row, width, height }: Window) => {
    const whole = [col, row, width, height].every((value) => Number.isInteger(value));
    const inside = col >= 0 && row >= 0 && width > 0 && height > 0;
    if (!whole || !inside || col + width > info.width || row + height > info.height) {
      throw new RangeError(
        `${info.path}: the window ${width} × ${height} at column ${col}, row ${row} is not inside ${info.width} × ${info.height} pixels`,
      );
    }
    if (width * height > MAX_WINDOW_PIXELS)
      throw new RangeError(`${info.path}: a window of ${width} × ${height} pixels is too large to be read at once`);
  };
  const readWindowInto = async (window: Window, band: number, out: PixelArray) => {
    checkWindow(window);
    if (!Number.isInteger(band) || band < 1 || band > info.bandCount) {
      throw new RangeError(`${info.path}: has ${info.bandCount} bands, so there is no band ${band}`);
    }
    if (out.length !== window.width * window.height) {
      throw new RangeError(`Expected an array of ${window.width * window.height} pixels, got ${out.length}`);
    }
    if (info.pixelProblem !== null) throw file.damaged(`pixels cannot be read: ${info.pixelProblem}`);
    await reader.read(window, band - 1, out);
  };
  return {
    info,
    get grid() {
      return gridOf(info);
    },
    readWindowInto,
    async readWindow(window, options) {
      checkWindow(window);
      const out = createPixels(info.pixelType, window.width * window.height);
      await readWindowInto(window, options?.band ?? 1, out);
      return out;
    },
    async close() {
      reader.close();
      file.close();
    },
  };
}

function gridOf(info: RasterInfo): Grid {
  const { path, width, height, transform, crs } = info;
  if (transform === null) {
    throw new MineRsError('BAD_INPUT', `${path}: has no georeferencing; add it, such as with gdal_edit.py -a_ullr`, {
      path,
    });
  }
  if (crs === null) {
    throw new MineRsError(
      'BAD_INPUT',
      `${path}: ${info.crsProblem ?? 'has no CRS'}; add one, such as with gdal_edit.py -a_srs`,
      { path },
    );
  }
  return { width, height, transform, crs };
}

/** geotiff.js reading from our bytes; it asks for more than it needs, so the end of the file cuts its requests short. */
function openSource(file: TiffBytes) {
  const slice = (offset: number, length: number) =>
    file.read(Math.min(offset, file.size), Math.max(0, Math.min(length, file.size - offset))).buffer;
  return {
    fetch: async (slices: { offset: number; length: number }[]) => slices.map((s) => slice(s.offset, s.length)),
    fetchSlice: async (s: { offset: number; length: number }) => ({ ...s, data: slice(s.offset, s.length) }),
    fileSize: file.size,
    close: async () => {},
  };
}

async function openImage(file: TiffBytes): Promise<GeoTIFFImage> {
  return (await GeoTIFF.fromSource(openSource(file))).getImage(0);
}

interface Tags {
  readonly shape: ImageShape & { readonly predictor: 1 | 2 | 3 };
  readonly rowsPerStrip: number;
  readonly nodata: number | null;
  readonly metadata: string | undefined;
  readonly pixelProblem: string | null;
}

async function readTags(file: TiffBytes, image: GeoTIFFImage, fields: TiffDirectory): Promise<Tags> {
  const directory = image.getFileDirectory();
  const value = async (tag: number): Promise<unknown> => (fields.has(tag) ? directory.loadValue(tag) : undefined);
  const whole = async (tag: number, fallback: number): Promise<number> => {
    const found = await value(tag);
    const first = typeof found === 'number' || found === undefined ? found : (found as ArrayLike<number>)[0];
    return first ?? fallback;
  };
  const width = await whole(256, 0);
  const height = await whole(257, 0);
  const bandCount = await whole(277, 1);
  if (!(width > 0) || !(height > 0)) throw file.damaged('has no pixels');
  if (!(bandCount > 0) || bandCount > MAX_BANDS) throw file.damaged(`has ${bandCount} bands`);

  const bits = Array.from(((await value(258)) as ArrayLike<number> | undefined) ?? [1]);
  const formats = Array.from(((await value(339)) as ArrayLike<number> | undefined) ?? [1]);
  const pixelType = pixelTypeFromTiff(formats[0]!, bits[0]!);
  const mixed = bits.some((b) => b !== bits[0]) || formats.some((f) => f !== formats[0]);
  if (pixelType === undefined || mixed) {
    const kind = mixed ? 'bands of different number types' : `${bits[0]}-bit samples of format ${formats[0]}`;
    throw file.damaged(`has ${kind}, which are not supported; convert it, such as with gdal_translate -ot`);
  }
  const compression = await whole(259, 1);
  const predictor = await whole(317, 1);
  let pixelProblem: string | null = null;
  if ((await whole(266, 1)) !== 1) pixelProblem = 'its bits are stored in reverse order';
  if ((await whole(262, 1)) === 6)
    pixelProblem = `${compressionName(compression)} compression of YCbCr is not supported`;
  if (predictor !== 1 && predictor !== 2 && predictor !== 3) pixelProblem = `predictor ${predictor} is not supported`;
  if (predictor === 3 && !pixelType.startsWith('float')) pixelProblem = `predictor 3 is not for ${pixelType}`;
  const text = async (tag: number) => {
    const found = await value(tag);
    return typeof found === 'string' ? found.replace(/\0.*$/s, '') : undefined;
  };
  return {
    shape: {
      width,
      height,
      bandCount,
      pixelType,
      planar: (await whole(284, 1)) === 2 && bandCount > 1,
      compression,
      predictor: predictor === 2 || predictor === 3 ? predictor : 1,
    },
    rowsPerStrip: await whole(278, height),
    nodata: parseNodata(await text(42113), pixelType),
    metadata: await text(42112),
    pixelProblem,
  };
}

/** The nodata value as a pixel can have it: float32 rasters often carry it with too many or too few digits. */
function parseNodata(text: string | undefined, pixelType: PixelType): number | null {
  const trimmed = text?.trim().toLowerCase() ?? '';
  if (trimmed === '') return null;
  if (/^[-+]?nan$/.test(trimmed)) return Number.NaN;
  if (/^[-+]?inf(inity)?$/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  const value = Number(trimmed.replace(',', '.'));
  if (Number.isNaN(value)) return null;
  return pixelType === 'float32' ? Math.fround(value) : value;
}

type Place = Pick<RasterInfo, 'transform' | 'crs' | 'crsProblem' | 'pixelIsPoint'>;

function readPlace(image: GeoTIFFImage): Place {
  const directory = image.getFileDirectory();
  let keys: Record<string, unknown> | null = null;
  let crs: Crs | null = null;
  let crsProblem: string | null;
  try {
    keys = image.getGeoKeys();
    if (keys === null) crsProblem = 'has no CRS';
    else ({ crs, problem: crsProblem } = crsFromGeoKeys(keys));
  } catch {
    crsProblem = 'has a damaged CRS (its GeoKeys cannot be read)';
  }
  const pixelIsPoint = keys?.['GTRasterTypeGeoKey'] === 2;
  const numbers = (tag: 'ModelPixelScale' | 'ModelTiepoint' | 'ModelTransformation') => directory.getValue(tag);
  const transform = transformFromTags({
    pixelScale: numbers('ModelPixelScale'),
    tiepoints: numbers('ModelTiepoint'),
    transformation: numbers('ModelTransformation'),
    pixelIsPoint,
  });
  return { transform, crs, crsProblem, pixelIsPoint };
}

function countOverviews(file: TiffBytes, width: number, { directories, littleEndian }: TiffStructure): number {
  let count = 0;
  for (const directory of directories.slice(1)) {
    const subfile = directory.get(254);
    const size = directory.get(256);
    if (subfile === undefined || size === undefined) continue;
    const [kind] = readIntegers(file, subfile, littleEndian);
    const [columns] = readIntegers(file, size, littleEndian);
    // Bit 0: a smaller version of another image; bit 2: a mask.
    if (kind === 1 && columns! <= width) count++;
  }
  return count;
}

/** Our decoder, or geotiff.js' own for Zstandard where Node has none (before 22.15). */
async function decoderOf(compression: number) {
  const own = blockDecoderOf(compression);
  if (own !== undefined || compression !== 50000) return own;
  const decoder = await getDecoder(compression, {
    tileWidth: 0,
    tileHeight: 0,
    predictor: 1,
    bitsPerSample: 8,
    planarConfiguration: 1,
  });
  return async (bytes: Uint8Array) => new Uint8Array(await decoder.decode(Uint8Array.from(bytes).buffer));
}
