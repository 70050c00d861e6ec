/**
 * How the grid is cut into blocks for pass 1.
 * @module
 */
import { latticeOffset, sameLattice, type Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { RasterInfo } from '../raster/geotiff-file.ts';
import type { Header } from './inspect.ts';

/** Pixels of a block to aim at: large enough that a task takes tens of milliseconds, small enough for the cache. */
const TARGET_PIXELS = 512 * 512;

/** Size of a block in pixels. */
export interface BlockSize {
  width: number;
  height: number;
}

/** A multiple of the source's tile near 512², or whole strips. */
export function chooseBlockSize(info: RasterInfo, grid: Grid): BlockSize {
  if (info.layout === 'striped') {
    const strips = Math.max(1, Math.round(TARGET_PIXELS / grid.width / info.blockHeight));
    return { width: grid.width, height: Math.min(info.height, strips * info.blockHeight) };
  }
  const multiple = (tile: number) => tile * Math.max(1, Math.round(512 / tile));
  return { width: multiple(info.blockWidth), height: multiple(info.blockHeight) };
}

/**
 * Cuts a grid into blocks whose borders lie on multiples of the block size in the source's own pixels, so that no tile of
 * the source is decoded for two blocks. Row-major order.
 */
export function cutIntoBlocks(grid: Grid, source: Header, size: BlockSize): Window[] {
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
