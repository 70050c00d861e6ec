/**
 * A GeoTIFF: what it is, and its pixels by window.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import type { Affine } from '../geo/affine.ts';
import type { Crs } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { readAuxFile } from './aux-xml.ts';
import { BlockReader } from './block-reader.ts';
import { maskKind, readOverviews, readSubImages, type MaskKind, type Overview } from './companions.ts';
import { compressionName } from './decode.ts';
import { completeMetadata, parseGdalMetadata } from './gdal-metadata.ts';
import { readGeoDirectory } from './geo-directory.ts';
import { readStructure } from './ifd.ts';
import { openImageBlocks } from './image-blocks.ts';
import { parseNodata, readImageTags } from './image-tags.ts';
import { createPixels, type NumberType, type PixelArray, type PixelType } from './pixel-type.ts';
import { readPlace } from './place.ts';
import { openBytes } from './source/open-bytes.ts';
import type { RemoteOptions } from './source/remote.ts';
import { readTags } from './tags.ts';
import type { TiffBytes } from './tiff-bytes.ts';
import { wideFromText, wideToNumbers } from './wide-integers.ts';

export type { PixelArray, PixelType } from './pixel-type.ts';

/** What a GeoTIFF's header says. */
export interface RasterInfo {
  /** The path, or the URL without its query. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Pixel corners to CRS, PixelIsPoint already taken off; null where the file has none. */
  readonly transform: Affine | null;
  readonly crs: Crs | null;
  /** Why `crs` is null. */
  readonly crsProblem: string | null;
  /** The EPSG code that the file states, known here or not; null where it spells its CRS out, or has none. */
  readonly crsCode: number | null;
  readonly bandCount: number;
  /** The number type of the file, by GDAL's name; the exact type of `readWindowBytes`. */
  readonly numberType: NumberType;
  /** The array that `readWindow` gives: float64 for whole numbers of 64 bits, and else the number type's. */
  readonly pixelType: PixelType;
  /** Bits of a stored sample, such as 12 for samples that are read as uint16. */
  readonly bitsPerSample: number;
  /** Why the pixels cannot be read, such as an unknown compression; null where they can. */
  readonly pixelProblem: string | null;
  /** The GDAL_NODATA tag; may be NaN. */
  readonly nodata: number | null;
  /** The same as the file writes it: with all digits of a 64-bit number. */
  readonly nodataText: string | null;
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
  /** From the largest, inside the file or else in a `.ovr` file beside it. */
  readonly overviews: readonly Overview[];
  /** What says which pixels are valid. The pixels themselves are read as they are stored. */
  readonly mask: MaskKind;
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
   * @throws {MineRsError} BAD_INPUT if the data are damaged, of a compression that is not supported, or 64-bit numbers
   *   beyond 2^53 that a float64 cannot hold
   */
  readWindow(window: Window, options?: { band?: number }): Promise<PixelArray>;
  /**
   * As `readWindow`, into an array of the file's number type and of exactly the window's size.
   *
   * @param wanted The window that all later reads lie in; the whole file unless told. What they need is kept for them.
   */
  readWindowInto(window: Window, band: number, out: PixelArray, wanted?: Window): Promise<void>;
  /**
   * The pixels of a window as bytes: row-major, little-endian, in the file's number type (`info.numberType`), so that
   * whole numbers of 64 bits keep all digits.
   */
  readWindowBytes(window: Window, band: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const MAX_WINDOW_PIXELS = 2 ** 31;

/**
 * Opens a GeoTIFF on disk or behind a URL (http, https, s3).
 *
 * @param options How a remote file is read; see docs/remote-files.md for tokens and credentials.
 * @throws {MineRsError} BAD_INPUT naming the file if it is missing, no TIFF, truncated, damaged, or of an unsupported kind
 */
export async function openGeoTiff(pathOrUrl: string, options: RemoteOptions = {}): Promise<GeoTiffFile> {
  return readGeoTiff(await openBytes(pathOrUrl, options));
}

/** The same of a file that has been opened; closes it where it is refused. */
export async function readGeoTiff(file: TiffBytes): Promise<GeoTiffFile> {
  try {
    const structure = await readStructure(file);
    const [first, ...others] = structure.directories;
    const tags = await readTags(file, structure, first!);
    const image = readImageTags(file, tags);
    const { shape } = image;
    const blocks = await openImageBlocks(file, tags, image);
    const { layout } = blocks;
    const aux = readAuxFile(file.path);
    const place = readPlace(file.path, aux, readGeoDirectory(tags));
    const nodata =
      image.nodata.text === null ? parseNodata(aux.bands[0]?.nodata ?? undefined, image.sampleType) : image.nodata;
    const subImages = await readSubImages(file, structure, others);
    const overviews = await readOverviews(file, subImages, shape);
    const realHeight = layout.tiled ? layout.height : Math.min(image.rowsPerStrip, shape.height);
    const info: RasterInfo = {
      path: file.path,
      width: shape.width,
      height: shape.height,
      ...place,
      bandCount: shape.bandCount,
      numberType: image.sampleType.numberType,
      pixelType: image.sampleType.pixelType,
      bitsPerSample: shape.bits,
      pixelProblem: blocks.pixelProblem,
      nodata: nodata.value,
      nodataText: nodata.text,
      ...completeMetadata(parseGdalMetadata(image.metadata, shape.bandCount), aux.bands),
      layout: layout.tiled ? 'tiled' : 'striped',
      blockWidth: layout.width,
      blockHeight: realHeight,
      compression: compressionName(shape.compression),
      predictor: shape.predictor,
      interleave: shape.planar || shape.bandCount === 1 ? 'band' : 'pixel',
      overviewCount: overviews.length,
      overviews,
      mask: maskKind(file.path, subImages, { ...shape, nodata: nodata.value, extraSamples: image.extraSamples }),
      bigTiff: structure.bigTiff,
      littleEndian: structure.littleEndian,
      bytes: file.size,
    };
    return fileOf(file, info, new BlockReader(file, info, blocks));
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
  const readStored = async (window: Window, band: number, out: PixelArray, wanted?: Window) => {
    checkWindow(window);
    if (!Number.isInteger(band) || band < 1 || band > info.bandCount) {
      throw new RangeError(`${info.path}: has ${info.bandCount} bands, so there is no band ${band}`);
    }
    if (out.length !== window.width * window.height) {
      throw new RangeError(`Expected an array of ${window.width * window.height} pixels, got ${out.length}`);
    }
    if (info.pixelProblem !== null) throw file.damaged(`pixels cannot be read: ${info.pixelProblem}`);
    await reader.read(window, band - 1, out, wanted);
  };
  const readWindowInto = async (window: Window, band: number, out: PixelArray, wanted?: Window) => {
    await readStored(window, band, out, wanted);
    if (info.numberType !== 'int64' && info.numberType !== 'uint64') return;
    const nodata = info.nodataText === null ? null : wideFromText(info.nodataText);
    const inexact = wideToNumbers(out as Float64Array, info.numberType === 'int64', nodata);
    if (inexact !== undefined) {
      throw file.damaged(`holds the number ${inexact}, which is too large to be computed with exactly (beyond 2^53)`);
    }
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
    async readWindowBytes(window, band) {
      checkWindow(window);
      const out = createPixels(info.pixelType, window.width * window.height);
      await readStored(window, band, out);
      return new Uint8Array(out.buffer);
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
