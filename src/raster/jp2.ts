/**
 * A single-band JPEG 2000 file (JP2), such as those of Sentinel-2 SAFE folders: what it is, and its pixels by window.
 *
 * A window costs the tiles that it touches, decoded one at a time; decoded tiles are kept within the bound of all rasters.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { isUrl, redactUrl } from '../url.ts';
import { cachedBlock, forgetFile, keepBlock } from './block-cache.ts';
import type { GeoTiffFile, RasterInfo } from './geotiff-file.ts';
import { readBoxes } from './jp2/boxes.ts';
import { placeOfTile, readCodestream, streamOfTile, type Codestream } from './jp2/codestream.ts';
import { decodeTile } from './jp2/decode.ts';
import { placeFromGml } from './jp2/gml-grid.ts';
import { createPixels, type PixelArray } from './pixel-type.ts';
import { openBytes } from './source/open-bytes.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** Decoding takes about six times the bytes of a tile's pixels. Sentinel-2 has 1024². */
const MAX_TILE_PIXELS = 4096 * 4096;
const MAX_WINDOW_PIXELS = 2 ** 31;

/** Files of this kind are numbered downwards: the other kinds count upwards in the same cache. */
let lastId = 0;

/**
 * Opens a JP2 file on disk.
 * @throws {MineRsError} BAD_INPUT naming the file if it is missing, no JP2, cut short, or behind a URL
 */
export async function openJp2(path: string): Promise<GeoTiffFile> {
  if (isUrl(path)) {
    const name = redactUrl(path);
    throw new MineRsError('BAD_INPUT', `${name}: JPEG 2000 behind a URL is not read; download it`, { path: name });
  }
  const file = await openBytes(path);
  try {
    const boxes = await readBoxes(file);
    const image = await readCodestream(file, boxes.codestream);
    return fileOf(file, image, infoOf(file, image, boxes.gml));
  } catch (error) {
    file.close();
    if (error instanceof MineRsError) throw error;
    throw file.damaged(`cannot be read as JPEG 2000 (${messageOf(error)})`);
  }
}

function infoOf(file: TiffBytes, image: Codestream, gml: string | null): RasterInfo {
  const pixelType = image.bits > 8 ? 'uint16' : 'uint8';
  const tooLarge = image.tileWidth * image.tileHeight > MAX_TILE_PIXELS;
  const size = `${image.tileWidth} × ${image.tileHeight}`;
  const problem = tooLarge ? `its JPEG 2000 tiles of ${size} pixels are too large to be decoded at once` : null;
  return {
    path: file.path,
    width: image.width,
    height: image.height,
    ...placeFromGml(gml),
    bandCount: image.components,
    numberType: pixelType,
    pixelType,
    bitsPerSample: image.bits,
    pixelProblem: image.problem ?? problem,
    nodata: null,
    nodataText: null,
    scales: [1],
    offsets: [0],
    descriptions: [null],
    layout: 'tiled',
    blockWidth: image.tileWidth,
    blockHeight: image.tileHeight,
    compression: 'JPEG 2000',
    predictor: 1,
    interleave: 'band',
    overviewCount: 0,
    overviews: [],
    mask: 'none',
    pixelIsPoint: false,
    bigTiff: false,
    littleEndian: false,
    bytes: file.size,
  };
}

function fileOf(file: TiffBytes, image: Codestream, info: RasterInfo): GeoTiffFile {
  const id = --lastId;
  const readTile = async (tile: number): Promise<PixelArray> => {
    const kept = cachedBlock(id, tile);
    if (kept !== undefined) return kept;
    const { width, height } = placeOfTile(image, tile);
    const stream = await streamOfTile(file, image, tile);
    let pixels: PixelArray;
    try {
      pixels = await decodeTile(stream, { width, height, bits: image.bits });
    } catch (error) {
      throw file.damaged(`has a damaged JPEG 2000 tile ${tile} (${messageOf(error)})`);
    }
    keepBlock(id, tile, pixels);
    return pixels;
  };
  const readWindowInto = async (window: Window, band: number, out: PixelArray): Promise<void> => {
    checkWindow(info, window);
    if (band !== 1) throw new RangeError(`${info.path}: has 1 band, so there is no band ${band}`);
    if (out.length !== window.width * window.height) {
      throw new RangeError(`Expected an array of ${window.width * window.height} pixels, got ${out.length}`);
    }
    if (info.pixelProblem !== null) throw file.damaged(`pixels cannot be read: ${info.pixelProblem}`);
    const { tileWidth, tileHeight } = image;
    for (let down = Math.floor(window.row / tileHeight); down * tileHeight < window.row + window.height; down++) {
      for (let across = Math.floor(window.col / tileWidth); across * tileWidth < window.col + window.width; across++) {
        const tile = down * image.tilesAcross + across;
        copyTile(await readTile(tile), placeOfTile(image, tile), window, out);
      }
    }
  };
  const readWindow = async (window: Window, band: number): Promise<PixelArray> => {
    checkWindow(info, window);
    const out = createPixels(info.pixelType, window.width * window.height);
    await readWindowInto(window, band, out);
    return out;
  };
  return {
    info,
    get grid() {
      return gridOf(info);
    },
    readWindowInto,
    readWindow: (window, options) => readWindow(window, options?.band ?? 1),
    async readWindowBytes(window, band) {
      return new Uint8Array((await readWindow(window, band)).buffer);
    },
    async close() {
      forgetFile(id);
      file.close();
    },
  };
}

function checkWindow({ path, width, height }: RasterInfo, window: Window): void {
  const whole = [window.col, window.row, window.width, window.height].every((value) => Number.isInteger(value));
  const inside = window.col >= 0 && window.row >= 0 && window.width > 0 && window.height > 0;
  if (!whole || !inside || window.col + window.width > width || window.row + window.height > height) {
    throw new RangeError(
      `${path}: the window ${window.width} × ${window.height} at column ${window.col}, row ${window.row} is not inside ${width} × ${height} pixels`,
    );
  }
  if (window.width * window.height > MAX_WINDOW_PIXELS) {
    throw new RangeError(
      `${path}: a window of ${window.width} × ${window.height} pixels is too large to be read at once`,
    );
  }
}

/** Copies the part of a tile that lies in a window. */
function copyTile(pixels: PixelArray, tile: Window, window: Window, out: PixelArray): void {
  const part = intersectWindows(tile, window)!;
  for (let row = part.row; row < part.row + part.height; row++) {
    const from = (row - tile.row) * tile.width + (part.col - tile.col);
    const to = (row - window.row) * window.width + (part.col - window.col);
    out.set(pixels.subarray(from, from + part.width), to);
  }
}

function gridOf({ path, width, height, transform, crs, crsProblem }: RasterInfo): Grid {
  if (transform === null || crs === null) {
    throw new MineRsError('BAD_INPUT', `${path}: ${crsProblem ?? 'has no georeferencing in its GMLJP2 box'}`, { path });
  }
  return { width, height, transform, crs };
}
