/**
 * The annual values between pass 1, which works on blocks aligned to the sources, and pass 2, which works on tiles of the
 * output. A year has two files, one of values and one of counts, so that it can be kept and used again. A file holds one
 * chunk per tile, uncompressed, so that pass 2 reads a year of a tile in one read. Within a chunk the tile's pixels are
 * row-major without padding.
 * @module
 */
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { intersectWindows, type Window } from '../geo/window.ts';
import { TILE_SIZE } from '../raster/cog.ts';
import { writeAll } from '../raster/tile-spool.ts';
import type { Scratch, VerifyResult, VerifyTask } from './contract.ts';
import { openShared } from './resources.ts';
import { copyRows } from '../raster/copy-rows.ts';
import { reusable } from '../raster/reusable.ts';

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

/** The two files of one year. */
export function annualFiles(scratch: Scratch, time: number): { values: string; counts: string } {
  const base = scratch.annual?.[time] ?? join(scratch.folder, `annual-${time}`);
  return { values: `${base}.f32`, counts: `${base}.u16` };
}

/** Bytes of the two files of a year. */
export function annualBytes(scratch: Scratch): { values: number; counts: number } {
  const pixels = tilesAcross(scratch.width) * tilesAcross(scratch.height) * CHUNK_PIXELS;
  return { values: pixels * 4, counts: pixels * 2 };
}

/** Makes the empty scratch files of some years; all of them, unless told. */
export function createScratch(scratch: Scratch, times: Iterable<number> = Array(scratch.nTimes).keys()): void {
  const bytes = annualBytes(scratch);
  for (const time of times) {
    const files = annualFiles(scratch, time);
    for (const what of ['values', 'counts'] as const) {
      const fd = openSync(files[what], 'w');
      try {
        ftruncateSync(fd, bytes[what]);
      } finally {
        closeSync(fd);
      }
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
  const files = annualFiles(scratch, time);
  const valuesFd = openShared(files.values);
  const countsFd = openShared(files.counts);
  for (const { part, runs, rows, at } of chunksOf(scratch, block)) {
    const [partValues, partCounts] = cutPart(block, part, values, counts);
    for (let k = 0; k < runs; k++) {
      const from = k * part.width;
      const to = from + rows * part.width;
      writeAll(valuesFd, bytesOf(partValues.subarray(from, to)), at(k) * 4);
      writeAll(countsFd, bytesOf(partCounts.subarray(from, to)), at(k) * 2);
    }
  }
}

/** A block's share of one chunk. */
interface BlockPart {
  part: Window;
  /** Number of runs that lie in one piece in the chunk, and rows in each. */
  runs: number;
  rows: number;
  /** Pixels before a run in the file. */
  at: (run: number) => number;
}

function* chunksOf(scratch: Scratch, block: Window): Generator<BlockPart> {
  const lastRow = Math.floor((block.row + block.height - 1) / TILE_SIZE);
  const lastCol = Math.floor((block.col + block.width - 1) / TILE_SIZE);
  for (let ty = Math.floor(block.row / TILE_SIZE); ty <= lastRow; ty++) {
    for (let tx = Math.floor(block.col / TILE_SIZE); tx <= lastCol; tx++) {
      const tileIndex = ty * tilesAcross(scratch.width) + tx;
      const tile = tileWindow(scratch.width, scratch.height, tileIndex);
      const part = intersectWindows(tile, block);
      if (part === undefined) continue;
      const first = tileIndex * CHUNK_PIXELS + (part.row - tile.row) * tile.width + (part.col - tile.col);
      // Rows that fill the tile's width lie behind one another in the chunk.
      const whole = part.width === tile.width;
      const at = (run: number): number => first + run * tile.width;
      yield { part, runs: whole ? 1 : part.height, rows: whole ? part.height : 1, at };
    }
  }
}

/** What a block of a year is known by: values and counts, row-major over the block. */
export function annualChecksum(values: Float32Array, counts: Uint16Array): number {
  return crc32(bytesOf(counts), crc32(bytesOf(values)));
}

/** Reads blocks back and compares their checksums. A file that ends early is not intact. */
export function verifyTask({ scratch, time, blocks }: VerifyTask): VerifyResult {
  const files = annualFiles(scratch, time);
  const intact = blocks.map(({ block, checksum }) => {
    const values = valuesRoom(block.width * block.height);
    const counts = countsRoom(block.width * block.height);
    const whole = readBlock(openShared(files.values), scratch, block, values);
    return (
      whole &&
      readBlock(openShared(files.counts), scratch, block, counts) &&
      annualChecksum(values, counts) === checksum
    );
  });
  return { intact };
}

/** The inverse of {@link writeAnnual} for one of the two files. False where the file is too short. */
function readBlock(fd: number, scratch: Scratch, block: Window, out: Float32Array | Uint16Array): boolean {
  for (const { part, runs, rows, at } of chunksOf(scratch, block)) {
    // Rows that fill the block's width lie behind one another in it, too.
    const together = part.width === block.width;
    const piece = together ? out : out.slice(0, rows * part.width);
    for (let k = 0; k < runs; k++) {
      const to = (part.row - block.row + k) * block.width + (part.col - block.col);
      const read = together ? out.subarray(to, to + rows * part.width) : piece;
      if (!readUpTo(fd, bytesOf(read), at(k) * out.BYTES_PER_ELEMENT)) return false;
      if (together) continue;
      const source = { pixels: piece, first: 0, stride: part.width };
      copyRows(source, { pixels: out, first: to, stride: block.width }, part.width, rows);
    }
  }
  return true;
}

function cutPart(block: Window, part: Window, values: Float32Array, counts: Uint16Array): [Float32Array, Uint16Array] {
  if (part.width === block.width) {
    const from = (part.row - block.row) * block.width;
    const to = from + part.height * part.width;
    return [values.subarray(from, to), counts.subarray(from, to)];
  }
  const partValues = new Float32Array(part.width * part.height);
  const partCounts = new Uint16Array(part.width * part.height);
  const first = (part.row - block.row) * block.width + (part.col - block.col);
  for (const [from, to] of [
    [values, partValues],
    [counts, partCounts],
  ] as const) {
    const source = { pixels: from, first, stride: block.width };
    copyRows(source, { pixels: to, first: 0, stride: part.width }, part.width, part.height);
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

const valuesRoom = reusable(Float32Array);
const countsRoom = reusable(Uint16Array);

/** As {@link readAnnualValues}, into an array that the next call uses again. */
export function annualValuesOf(scratch: Scratch, tile: Window): Float32Array {
  const values = valuesRoom(scratch.nTimes * tile.width * tile.height);
  readAnnualValues(scratch, tile, values);
  return values;
}

/** As {@link annualValuesOf}, of the counts. */
export function annualCountsOf(scratch: Scratch, tile: Window): Uint16Array {
  const counts = countsRoom(scratch.nTimes * tile.width * tile.height);
  readAnnualCounts(scratch, tile, counts);
  return counts;
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
  const files = annualFiles(scratch, time);
  const fd = openShared(out instanceof Float32Array ? files.values : files.counts);
  readFully(fd, bytesOf(out), tileIndex * CHUNK_PIXELS * out.BYTES_PER_ELEMENT);
}

function bytesOf(array: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Fills `bytes` from a position of a file. @throws {Error} if the file ends before */
export function readFully(fd: number, bytes: Uint8Array, position: number): void {
  if (!readUpTo(fd, bytes, position)) throw new Error(`A scratch file ends before byte ${position + bytes.length}`);
}

function readUpTo(fd: number, bytes: Uint8Array, position: number): boolean {
  let done = 0;
  while (done < bytes.length) {
    const got = readSync(fd, bytes, done, bytes.length - done, position + done);
    if (got === 0) return false;
    done += got;
  }
  return true;
}
