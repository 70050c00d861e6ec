/**
 * Cloud-optimized GeoTIFFs, assembled from tiles that were encoded elsewhere and at any time.
 *
 * The layout is that of GDAL's COG driver: directories first, then the tiles of the smallest overview, of the larger
 * ones, and of the full resolution; each tile between its length and a copy of its last four bytes.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { copyRows } from './copy-rows.ts';
import { encodeHeader, levelSizes, type CogLevel } from './cog-header.ts';
import type { CogSpec } from './cog-spec.ts';
import { reduceByTwo } from './overview.ts';
import { bytesPerSample, createPixels, type PixelArray } from './pixel-type.ts';
import { encodeTile, TILE_SIZE } from './tile-codec.ts';
import { reusablePixels, type PixelRoom } from './reusable.ts';
import { TileSpool, writeAll, type TileRef } from './tile-spool.ts';

export type { CogSpec } from './cog-spec.ts';
export { reduceByTwo } from './overview.ts';
export { encodeTile, TILE_SIZE } from './tile-codec.ts';
export { TileSpool, type TileRef } from './tile-spool.ts';

/** Where a COG's pixels come from. */
export interface CogSource {
  /**
   * An encoded tile of the full resolution (see {@link encodeTile}), by its row-major number; null where all is nodata.
   * Each tile is asked for in order, more than once only where the file may become larger than 4 GB, and used before the next.
   */
  tile(index: number): Uint8Array | null;
  /**
   * Rows of the image of half the size: row-major, samples side by side. Asked for from the top, each row once, and used before
   * the next.
   */
  halfRows(row: number, count: number): PixelArray;
}

/** What was written. */
export interface CogResult {
  readonly bytes: number;
  readonly sha256: string;
}

export interface CogOptions {
  /** Pixels on a side of a tile, a multiple of 16; the default is {@link TILE_SIZE}. */
  readonly tileSize?: number;
  /** True to leave out tiles without data, of all levels; the default is to store them, which all readers understand. */
  readonly sparse?: boolean;
  /** True to write BigTIFF whatever the size; the default is to do so above 4 GB. */
  readonly bigTiff?: boolean;
}

/** Images with both sides up to this have no overviews. */
const LARGEST_WITHOUT_OVERVIEW = 512;
/** Offsets of a classic TIFF have 32 bits; a little is left for what follows the last tile. */
const CLASSIC_LIMIT = 2 ** 32 - 2 ** 16;
/** Bytes around a tile: its length before, its last four bytes again behind. */
const LEADER = 4;
const TRAILER = 4;
const HASH_BYTES = 4 * 1024 * 1024;
/** In place of a tile that is left out. */
const NOTHING = new Uint8Array(0);

/**
 * Writes a COG under a temporary name beside `path` and renames it when it is complete. Equal input gives equal bytes.
 * Memory: a row of tiles of each overview.
 *
 * @throws {RangeError} if the spec contradicts itself or the CRS cannot be written
 */
export async function writeCog(
  path: string,
  spec: CogSpec,
  source: CogSource,
  options: CogOptions = {},
): Promise<CogResult> {
  checkSpec(spec);
  const tileSize = options.tileSize ?? TILE_SIZE;
  if (!(tileSize > 0) || tileSize % 16 !== 0)
    throw new RangeError(`Expected a tile size in multiples of 16, got ${tileSize}`);
  const partial = `${path}.part`;
  const overviewPath = `${path}.overviews.part`;
  const { width, height } = spec.grid;
  const sizes = levelSizes(width, height, LARGEST_WITHOUT_OVERVIEW);
  let spool: TileSpool | undefined;
  let out: number | undefined;
  try {
    const { sparse = false } = options;
    let overviews: (TileRef | null)[][] = [];
    if (sizes.length > 1) {
      spool = new TileSpool(overviewPath);
      overviews = encodeOverviews(spec, source, sizes.slice(1), tileSize, spool, sparse);
    }
    const empty = new EmptyTile(spec, tileSize);
    const fullTiles = tileCount(sizes[0]!, tileSize);
    const tile = (index: number) => source.tile(index) ?? (sparse ? NOTHING : empty.bytes());
    const stored = overviews.flat().reduce((sum, ref) => sum + (ref?.length ?? 0) + LEADER + TRAILER, 0);
    const bigTiff = options.bigTiff ?? needsBigTiff(spec, tileSize, fullTiles, stored, tile);

    const levels: CogLevel[] = sizes.map((size) => ({
      ...size,
      offsets: new Float64Array(tileCount(size, tileSize)),
      byteCounts: new Float64Array(tileCount(size, tileSize)),
    }));
    out = openSync(partial, 'w+');
    const writer = new BlockWriter(out, encodeHeader(spec, levels, tileSize, bigTiff).length);
    for (let level = sizes.length - 1; level >= 0; level--) {
      const refs = overviews[level - 1];
      for (let i = 0; i < levels[level]!.offsets.length; i++) {
        const ref = refs?.[i];
        const bytes = refs === undefined ? tile(i) : ref ? spool!.read(ref) : NOTHING;
        // A tile that is left out has no place and no length.
        if (bytes.length === 0) continue;
        levels[level]!.offsets[i] = writer.append(bytes);
        levels[level]!.byteCounts[i] = bytes.length;
      }
    }
    writer.flush();
    if (!bigTiff && writer.position > 2 ** 32 - 1)
      throw new RangeError(`${path} would be larger than a classic TIFF can be`);
    writeAll(out, encodeHeader(spec, levels, tileSize, bigTiff), 0);
    const sha256 = hashFile(out, writer.position);
    closeSync(out);
    out = undefined;
    renameSync(partial, path);
    return { bytes: writer.position, sha256 };
  } finally {
    if (out !== undefined) {
      closeSync(out);
      rmSync(partial, { force: true });
    }
    spool?.close();
    if (spool !== undefined) rmSync(overviewPath, { force: true });
  }
}

/**
 * Writes an image that is wholly in memory; for small rasters.
 *
 * @param pixels Row-major, samples of a pixel side by side; an array of the spec's number type.
 * @throws {RangeError} as {@link writeCog}, or if the length is not the image's
 */
export async function writeCogFromPixels(
  path: string,
  spec: CogSpec,
  pixels: PixelArray,
  options: CogOptions = {},
): Promise<CogResult> {
  const { width, height } = spec.grid;
  const { samples } = spec;
  const expected = createPixels(spec.pixelType, 0);
  if (pixels.constructor !== expected.constructor) throw new TypeError(`Expected ${spec.pixelType} pixels`);
  const half = reduceByTwo(pixels, width, height, samples, spec.overview, spec.nodata);
  const tileSize = options.tileSize ?? TILE_SIZE;
  const across = Math.ceil(width / tileSize);
  const source: CogSource = {
    tile(index) {
      const col = (index % across) * tileSize;
      const row = Math.floor(index / across) * tileSize;
      const tile = cutTile(pixels, width, col, row, Math.min(tileSize, height - row), spec, tileSize);
      return options.sparse && isEmpty(tile, spec.nodata) ? null : encodeTile(tile, spec, tileSize);
    },
    halfRows: (row, count) => half.pixels.subarray(row * half.width * samples, (row + count) * half.width * samples),
  };
  return writeCog(path, spec, source, options);
}

function checkSpec(spec: CogSpec): void {
  const { samples, colorTable, descriptions } = spec;
  if (!Number.isInteger(samples) || samples < 1 || samples > 65_535)
    throw new RangeError(`Expected 1 to 65535 bands, got ${samples}`);
  if (colorTable !== undefined && (spec.pixelType !== 'uint8' || samples !== 1 || colorTable.length > 256)) {
    throw new RangeError('A colour table needs one band of uint8 and has at most 256 colours');
  }
  const { scales, offsets, statistics } = spec;
  for (const [what, list] of Object.entries({ 'band descriptions': descriptions, scales, offsets, statistics })) {
    if (list !== undefined && list.length !== samples) {
      throw new RangeError(`Expected ${samples} ${what}, got ${list.length}`);
    }
  }
}

/** Whether all of a tile is no data; without a nodata value, whether all is 0, which is what readers then put there. */
function isEmpty(pixels: PixelArray, nodata: number | null): boolean {
  const missing = nodata ?? 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (value !== missing && (nodata === null || value === value)) return false;
  }
  return true;
}

function tileCount(size: { width: number; height: number }, tileSize: number): number {
  return Math.ceil(size.width / tileSize) * Math.ceil(size.height / tileSize);
}

const tileRoom = reusablePixels();

/** A tile of an image's part, padded with nodata (or 0), good until the next one. `rows` of it lie in the image. */
function cutTile(
  pixels: PixelArray,
  width: number,
  col: number,
  row: number,
  rows: number,
  spec: CogSpec,
  tileSize: number,
): PixelArray {
  const { samples } = spec;
  const tile = tileRoom(spec.pixelType, tileSize * tileSize * samples);
  const columns = Math.min(tileSize, width - col);
  if (columns < tileSize || rows < tileSize) tile.fill(spec.nodata ?? 0);
  const part = { pixels, first: (row * width + col) * samples, stride: width * samples };
  copyRows(part, { pixels: tile, first: 0, stride: tileSize * samples }, columns * samples, rows);
  return tile;
}

/** A tile without data, encoded when it is first wanted. It is stored, not left out: all readers know what it means. */
class EmptyTile {
  private readonly spec: CogSpec;
  private readonly tileSize: number;
  private encoded: Uint8Array | undefined;

  constructor(spec: CogSpec, tileSize: number) {
    this.spec = spec;
    this.tileSize = tileSize;
  }

  bytes(): Uint8Array {
    if (this.encoded === undefined) {
      const { pixelType, samples, nodata } = this.spec;
      const pixels = createPixels(pixelType, this.tileSize * this.tileSize * samples);
      this.encoded = encodeTile(pixels.fill(nodata ?? 0), this.spec, this.tileSize).slice();
    }
    return this.encoded;
  }
}

/** By level: the rows of the tile row that is being filled, and what they become when they are halved. */
const overviewRooms: { rows: PixelRoom; half: PixelRoom }[] = [];

function overviewRoom(level: number): { rows: PixelRoom; half: PixelRoom } {
  return (overviewRooms[level] ??= { rows: reusablePixels(), half: reusablePixels() });
}

/** Encodes all overviews in one pass over the half-size image, tile row by tile row; returns each level's tiles. */
function encodeOverviews(
  spec: CogSpec,
  source: CogSource,
  sizes: readonly { width: number; height: number }[],
  tileSize: number,
  spool: TileSpool,
  sparse: boolean,
): (TileRef | null)[][] {
  const levels = sizes.map((size, k) => ({
    ...size,
    refs: [] as (TileRef | null)[],
    rows: overviewRoom(k).rows(spec.pixelType, size.width * Math.min(tileSize, size.height) * spec.samples),
    filled: 0,
    done: 0,
  }));
  const finishTileRow = (index: number) => {
    const level = levels[index]!;
    const length = level.filled * level.width * spec.samples;
    const rows = level.rows.subarray(0, length);
    for (let col = 0; col < level.width; col += tileSize) {
      const tile = cutTile(rows, level.width, col, 0, level.filled, spec, tileSize);
      const left = sparse && isEmpty(tile, spec.nodata);
      level.refs.push(left ? null : spool.append(encodeTile(tile, spec, tileSize)));
    }
    const next = levels[index + 1];
    if (next !== undefined) {
      // Tile rows are even in height, so that only the last one can end in a single row.
      const room = overviewRoom(index).half;
      const half = reduceByTwo(rows, level.width, level.filled, spec.samples, spec.overview, spec.nodata, room);
      addRows(index + 1, half.pixels, half.height);
    }
    level.done += level.filled;
    level.filled = 0;
  };
  const addRows = (index: number, pixels: PixelArray, count: number) => {
    const level = levels[index]!;
    const rowLength = level.width * spec.samples;
    for (let row = 0; row < count;) {
      const take = Math.min(count - row, tileSize - level.filled);
      level.rows.set(pixels.subarray(row * rowLength, (row + take) * rowLength), level.filled * rowLength);
      level.filled += take;
      row += take;
      if (level.filled === tileSize || level.done + level.filled === level.height) finishTileRow(index);
    }
  };
  const { width, height } = sizes[0]!;
  for (let row = 0; row < height; row += tileSize) {
    const count = Math.min(tileSize, height - row);
    const pixels = source.halfRows(row, count);
    if (pixels.length !== count * width * spec.samples) {
      throw new RangeError(
        `Expected ${count * width * spec.samples} numbers of the half-size image, got ${pixels.length}`,
      );
    }
    addRows(0, pixels, count);
  }
  return levels.map((level) => level.refs);
}

/** Whether offsets need 64 bits: surely not where even raw pixels fit, else by the sum of all tiles. */
function needsBigTiff(
  spec: CogSpec,
  tileSize: number,
  tiles: number,
  overviewBytes: number,
  tile: (index: number) => Uint8Array,
): boolean {
  const rawTile = tileSize * tileSize * spec.samples * bytesPerSample(spec.pixelType);
  // Deflate adds at most a few bytes per 16 kB to what it cannot compress; the head has 20 bytes a tile.
  const most = tiles * (rawTile * 1.001 + 1024) + overviewBytes;
  if (most < CLASSIC_LIMIT) return false;
  let sum = overviewBytes + tiles * 64;
  for (let i = 0; i < tiles && sum < CLASSIC_LIMIT; i++) sum += tile(i).length;
  return sum >= CLASSIC_LIMIT;
}

/** Writes tiles one after the other, each with its leader and trailer, gathered into large writes. */
class BlockWriter {
  position: number;
  private readonly descriptor: number;
  private readonly buffer = new Uint8Array(HASH_BYTES);
  private buffered = 0;

  constructor(descriptor: number, position: number) {
    this.descriptor = descriptor;
    this.position = position;
  }

  /** @returns The position of the tile itself */
  append(bytes: Uint8Array): number {
    const total = LEADER + bytes.length + TRAILER;
    const room = total > this.buffer.length ? new Uint8Array(total) : this.buffer;
    if (this.buffered + total > this.buffer.length) this.flush();
    const at = room === this.buffer ? this.buffered : 0;
    new DataView(room.buffer).setUint32(at, bytes.length, true);
    room.set(bytes, at + LEADER);
    room.set(bytes.subarray(-TRAILER), at + LEADER + bytes.length);
    const offset = this.position + LEADER;
    this.position += total;
    if (room === this.buffer) this.buffered += total;
    else writeAll(this.descriptor, room, this.position - total);
    return offset;
  }

  flush(): void {
    writeAll(this.descriptor, this.buffer.subarray(0, this.buffered), this.position - this.buffered);
    this.buffered = 0;
  }
}

/** The digest of a file that was not written from its start to its end. */
function hashFile(descriptor: number, size: number): string {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(HASH_BYTES, size));
  for (let at = 0; at < size;) {
    const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - at), at);
    if (count === 0) throw new RangeError(`File ends at ${at} instead of ${size}`);
    hash.update(buffer.subarray(0, count));
    at += count;
  }
  return hash.digest('hex');
}
