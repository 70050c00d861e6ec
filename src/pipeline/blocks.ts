/**
 * How the grid is cut into blocks for pass 1.
 * @module
 */
import { latticeOffset, sameLattice, type Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { RasterInfo } from '../raster/geotiff-file.ts';
import type { Header } from './inspect.ts';

/** Pixels of a block to aim at: large enough that a task takes tens of milliseconds, small enough for the cache. */
export const TARGET_PIXELS = 512 * 512;

/** The same for remote scenes, whose tiles seldom lie upon each other: each border between blocks lets tiles be fetched twice. */
const REMOTE_PIXELS = 2048 * 2048;

/** Size of a block in pixels. */
export interface BlockSize {
  width: number;
  height: number;
}

/**
 * The whole of a small grid; of a larger one a multiple of the source's tile near 512² (2048² for remote scenes), or whole
 * strips.
 *
 * @param pixels Pixels to aim at, where memory is short.
 */
export function chooseBlockSize(
  info: RasterInfo,
  grid: Grid,
  remote = false,
  pixels: number = remote ? REMOTE_PIXELS : TARGET_PIXELS,
): BlockSize {
  // In one block each file is opened by one worker only, wherever the borders of its tiles lie.
  if (grid.width * grid.height <= pixels) return { width: grid.width, height: grid.height };
  if (info.layout === 'striped') {
    const strips = Math.max(1, Math.round(pixels / grid.width / info.blockHeight));
    return { width: grid.width, height: Math.min(info.height, strips * info.blockHeight) };
  }
  const multiple = (tile: number) => tile * Math.max(1, Math.round(Math.sqrt(pixels) / tile));
  return { width: multiple(info.blockWidth), height: multiple(info.blockHeight) };
}

/**
 * Cuts a grid into blocks whose borders lie on multiples of the block size in the source's own pixels, so that no tile of
 * the source is decoded for two blocks; a block of the grid's size is the grid. Row-major order.
 */
export function cutIntoBlocks(grid: Grid, source: Header, size: BlockSize): Window[] {
  if (size.width === grid.width && size.height === grid.height) return [{ col: 0, row: 0, ...size }];
  let [offsetCol, offsetRow] = [0, 0];
  if (sameLattice(source.grid, grid)) {
    const [col, row] = latticeOffset(source.grid, grid).map(Math.round) as [number, number];
    // Whole strips span the grid: their columns need no alignment.
    offsetCol = source.info.layout === 'striped' ? 0 : modulo(col, size.width);
    offsetRow = modulo(row, size.height);
  }
  const blocks: Window[] = [];
  for (let row = -offsetRow; row < grid.height; row += size.height) {
    const top = Math.max(0, row);
    const height = Math.min(grid.height, row + size.height) - top;
    for (let col = -offsetCol; col < grid.width; col += size.width) {
      const left = Math.max(0, col);
      blocks.push({ col: left, row: top, width: Math.min(grid.width, col + size.width) - left, height });
    }
  }
  return blocks;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
