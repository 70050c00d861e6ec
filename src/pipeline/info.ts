/**
 * What one raster is: its header, and on request the digests of its pixels.
 * @module
 */
import { createHash } from 'node:crypto';
import { gridBbox } from '../geo/grid.ts';
import type { GeoTiffFile, RasterInfo } from '../raster/geotiff-file.ts';
import { openRaster } from '../raster/open.ts';
import { MineRsError } from '../errors.ts';
import type { RasterDescription } from '../report/raster-info.ts';

/** Pixels that are held at once while digests are computed. */
const ROOM_BYTES = 64 * 1024 * 1024;

export interface InfoOptions {
  /** Whether all pixels are read and digested. */
  readonly checksum: boolean;
}

/**
 * Describes a raster.
 * @throws {MineRsError} BAD_INPUT naming the file if it cannot be read, or its pixels cannot where digests are wanted
 */
export async function describeRaster(path: string, { checksum }: InfoOptions): Promise<RasterDescription> {
  const file = await openRaster(path);
  try {
    const digests = checksum ? await bandDigests(file) : undefined;
    return description(file.info, digests);
  } finally {
    await file.close();
  }
}

function description(info: RasterInfo, digests: readonly string[] | undefined): RasterDescription {
  const { width, height, transform, crs } = info;
  return {
    file: info.path,
    bytes: info.bytes,
    width,
    height,
    bandCount: info.bandCount,
    type: info.numberType,
    bitsPerSample: info.bitsPerSample,
    nodata: nodataOf(info),
    transform,
    bbox: transform === null || crs === null ? null : gridBbox({ width, height, transform, crs }),
    pixelIsPoint: info.pixelIsPoint,
    crs: {
      epsg: info.crsCode,
      name: crs?.name ?? null,
      proj: crs?.definition ?? null,
      problem: info.crsProblem,
    },
    layout: {
      container: info.compression === 'JPEG 2000' ? 'JP2' : info.bigTiff ? 'BigTIFF' : 'TIFF',
      byteOrder: info.littleEndian ? 'little' : 'big',
      blocks: info.layout,
      blockWidth: info.blockWidth,
      blockHeight: info.blockHeight,
      interleave: info.interleave,
      compression: info.compression,
      predictor: info.predictor,
    },
    mask: info.mask,
    overviews: info.overviews,
    problem: info.pixelProblem,
    bands: Array.from({ length: info.bandCount }, (_, i) => ({
      band: i + 1,
      description: info.descriptions[i] ?? null,
      scale: info.scales[i]!,
      offset: info.offsets[i]!,
      ...(digests === undefined ? {} : { sha256: digests[i]! }),
    })),
  };
}

/** A number that JSON can hold, or its text: NaN, infinities, and whole numbers beyond 2^53. */
function nodataOf({ nodata, nodataText }: RasterInfo): number | string | null {
  if (nodata === null) return null;
  if (!Number.isFinite(nodata)) return String(nodata).toLowerCase();
  return Number.isInteger(nodata) && /^-?\d+$/.test(nodataText!) && BigInt(nodata) !== BigInt(nodataText!)
    ? nodataText
    : nodata;
}

/** SHA-256 of each band: native type, little-endian, row after row, whatever the layout of the file is. */
async function bandDigests(file: GeoTiffFile): Promise<string[]> {
  const { info } = file;
  if (info.pixelProblem !== null) {
    throw new MineRsError('BAD_INPUT', `${info.path}: pixels cannot be read: ${info.pixelProblem}`, {
      path: info.path,
    });
  }
  const bands = Array.from({ length: info.bandCount }, (_, i) => i + 1);
  // Bands that lie side by side are read together, so that no block is decoded once for each of them.
  const groups = info.interleave === 'pixel' ? groupsOf(bands, info) : bands.map((band) => [band]);
  const digests: string[] = [];
  for (const group of groups) digests.push(...(await groupDigests(file, group)));
  return digests;
}

/** As many bands at a time as fit in the room with a row of blocks each, and at least one. */
function groupsOf(bands: readonly number[], info: RasterInfo): number[][] {
  const rows = Math.min(info.blockHeight, info.height);
  const most = Math.max(1, Math.floor(ROOM_BYTES / (rows * info.width * sampleBytes(info))));
  return Array.from({ length: Math.ceil(bands.length / most) }, (_, i) => bands.slice(i * most, (i + 1) * most));
}

async function groupDigests(file: GeoTiffFile, bands: readonly number[]): Promise<string[]> {
  const { width, height, blockWidth, blockHeight, ...info } = file.info;
  const size = sampleBytes(file.info);
  const hashes = bands.map(() => createHash('sha256'));
  const mostRows = Math.max(1, Math.floor(ROOM_BYTES / (width * size * bands.length)));
  // Whole rows of blocks where they are low, as strips are; else parts of one.
  const rows = mostRows >= blockHeight ? mostRows - (mostRows % blockHeight) : mostRows;
  const across = info.layout === 'tiled' ? blockWidth : width;
  const rooms = bands.map(() => new Uint8Array(Math.min(rows, height) * width * size));
  for (let row = 0; row < height;) {
    // Chunks end at the blocks' edges.
    const untilEdge = rows < blockHeight ? blockHeight - (row % blockHeight) : rows;
    const chunk = Math.min(rows, untilEdge, height - row);
    for (let col = 0; col < width; col += across) {
      const window = { col, row, width: Math.min(across, width - col), height: chunk };
      for (const [i, band] of bands.entries()) {
        const bytes = await file.readWindowBytes(window, band);
        const rowBytes = window.width * size;
        for (let k = 0; k < chunk; k++) {
          rooms[i]!.set(bytes.subarray(k * rowBytes, (k + 1) * rowBytes), (k * width + col) * size);
        }
      }
    }
    for (const [i, hash] of hashes.entries()) hash.update(rooms[i]!.subarray(0, chunk * width * size));
    row += chunk;
  }
  return hashes.map((hash) => hash.digest('hex'));
}

function sampleBytes({ numberType }: RasterInfo): number {
  return Number(/\d+$/.exec(numberType)![0]) / 8;
}
