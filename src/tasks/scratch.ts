/**
 * The annual values between pass 1, which works on blocks aligned to the sources, and pass 2, which works on tiles of the
 * output. Two files hold one chunk per tile and year, uncompressed, so that pass 2 reads a tile in a few large reads.
 * Within a chunk the tile's pixels are row-major without padding.
 * @module
 */
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { intersectWindows, type Window } from '../geo/window.ts';
import { TILE_SIZE } from '../raster/cog.ts';
import { writeAll } from '../raster/tile-spool.ts';
import type { Scratch } from './contract.ts';
import { openShared } from './resources.ts';

const INDEX_FILE = 'annual-index.f32';
const COUNT_FILE = 'annual-count.u16';
const CHUNK_PIXELS = TILE_SIZE * TILE_SIZE;

/** Tiles in a row of a grid. */
export function tilesAcross(width: number): number {
  return Math.ceil(width / TILE_SIZE);
}

/** The window of a tile by its row-major number. */
export function tileWindow(width: number, height: number, tileIndex: number): Window {
  const across = tilesAcross(width);
  const col = (tileIndex % across) * TILE_SIZE;
  const row = Math.floor(tileIndex / across) * TILE_SIZE;
  return { col, row, width: Math.min(TILE_SIZE, width - col), height: Math.min(TILE_SIZE, height - row) };
}

/** The number of the tile whose window this is. */
function tileIndexOf(scratch: Scratch, tile: Window): number {
  return Math.floor(tile.row / TILE_SIZE) * tilesAcross(scratch.width) + Math.floor(tile.col / TILE_SIZE);
}

/** Makes the empty scratch files. */
export function createScratch(scratch: Scratch): void {
  const chunks = tilesAcross(scratch.width) * tilesAcross(scratch.height) * scratch.nTimes;
  for (const [name, bytes] of [
    [INDEX_FILE, 4],
    [COUNT_FILE, 2],
  ] as const) {
    const fd = openSync(join(scratch.folder, name), 'w');
    try {
      ftruncateSync(fd, chunks * CHUNK_PIXELS * bytes);
    } finally {
      closeSync(fd);
    }
  }
}

/**
 * Stores one block of one year.
 *
 * @param values Annual value, row-major over the block, NaN no data.
 * @param counts Clear observations, same order.
 */
export function writeAnnual(
  scratch: Scratch,
  time: number,
  block: Window,
  values: Float32Array,
  counts: Uint16Array,
): void {
  const indexFd = openShared(join(scratch.folder, INDEX_FILE));
  const countFd = openShared(join(scratch.folder, COUNT_FILE));
  const lastRow = Math.floor((block.row + block.height - 1) / TILE_SIZE);
  const lastCol = Math.floor((block.col + block.width - 1) / TILE_SIZE);
  for (let ty = Math.floor(block.row / TILE_SIZE); ty <= lastRow; ty++) {
    for (let tx = Math.floor(block.col / TILE_SIZE); tx <= lastCol; tx++) {
      const tileIndex = ty * tilesAcross(scratch.width) + tx;
      const tile = tileWindow(scratch.width, scratch.height, tileIndex);
      const part = intersectWindows(tile, block);
      if (part === undefined) continue;
      const chunk = (tileIndex * scratch.nTimes + time) * CHUNK_PIXELS;
      // Rows that fill the tile's width lie behind one another in the chunk: one write for all of them.
      const whole = part.width === tile.width;
      const [partValues, partCounts] = cutPart(block, part, values, counts);
      const nWrites = whole ? 1 : part.height;
      const rowsPerWrite = whole ? part.height : 1;
      for (let k = 0; k < nWrites; k++) {
        const at = chunk + (part.row - tile.row + k) * tile.width + (part.col - tile.col);
        const from = k * part.width;
        const to = from + rowsPerWrite * part.width;
        writeAll(indexFd, bytesOf(partValues.subarray(from, to)), at * 4);
        writeAll(countFd, bytesOf(partCounts.subarray(from, to)), at * 2);
      }
    }
  }
}

function cutPart(block: Window, part: Window, values: Float32Array, counts: Uint16Array): [Float32Array, Uint16Array] {
  if (part.width === block.width) {
    const from = (part.row - block.row) * block.width;
    const to = from + part.height * part.width;
    return [values.subarray(from, to), counts.subarray(from, to)];
  }
  const partValues = new Float32Array(part.width * part.height);
  const partCounts = new Uint16Array(part.width * part.height);
  for (let row = 0; row < part.height; row++) {
    const from = (part.row - block.row + row) * block.width + (part.col - block.col);
    partValues.set(values.subarray(from, from + part.width), row * part.width);
    partCounts.set(counts.subarray(from, from + part.width), row * part.width);
  }
  return [partValues, partCounts];
}

/** All annual values of one tile, [time][pixel] with the pixel fastest; `out` has nTimes × tile pixels. */
export function readAnnualValues(scratch: Scratch, tile: Window, out: Float32Array): void {
  readYears(scratch, tile, out);
}

/** All counts of clear observations of one tile, [time][pixel]. */
export function readAnnualCounts(scratch: Scratch, tile: Window, out: Uint16Array): void {
  readYears(scratch, tile, out);
}

function readYears(scratch: Scratch, tile: Window, out: Float32Array | Uint16Array): void {
  const nPixels = tile.width * tile.height;
  const tileIndex = tileIndexOf(scratch, tile);
  for (let time = 0; time < scratch.nTimes; time++) {
    readAnnual(scratch, tileIndex, time, out.subarray(time * nPixels, (time + 1) * nPixels));
  }
}

/** One year of one tile, row-major: annual values into a Float32Array, counts into a Uint16Array. */
export function readAnnual(scratch: Scratch, tileIndex: number, time: number, out: Float32Array | Uint16Array): void {
  const fd = openShared(join(scratch.folder, out instanceof Float32Array ? INDEX_FILE : COUNT_FILE));
  readFully(fd, bytesOf(out), (tileIndex * scratch.nTimes + time) * CHUNK_PIXELS * out.BYTES_PER_ELEMENT);
}

function bytesOf(array: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Fills `bytes` from a position of a file. @throws {Error} if the file ends before */
export function readFully(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    const got = readSync(fd, bytes, done, bytes.length - done, position + done);
    if (got === 0) throw new Error(`A scratch file ends at byte ${position + done}`);
    done += got;
  }
}
