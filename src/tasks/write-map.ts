/**
 * Whole maps. Annual maps are encoded here, straight from the scratch files; maps of the series were encoded tile by tile
 * in pass 2 and are put together in the order of the tiles, whoever wrote them and when.
 * @module
 */
import { reduceByTwo, TILE_SIZE, writeCog } from '../raster/cog.ts';
import { viewAsPixels, type PixelArray } from '../raster/pixel-type.ts';
import { reusable, reusablePixels } from '../raster/reusable.ts';
import type { AnnualMapTask, AssembleTask, SpoolRef, WrittenMap } from './contract.ts';
import { applyCover } from './refine.ts';
import { openShared } from './resources.ts';
import { readFully, readAnnual, tileWindow } from './scratch.ts';
import { encodeImageTile, halfRowsOf } from './tile-image.ts';

const storedTile = reusable(Uint8Array);
const halfTile = reusablePixels();

/** Writes the index, the clear observations or the FVC of one year. */
export async function annualMapTask(task: AnnualMapTask): Promise<WrittenMap> {
  const { spec, scratch } = task;
  // One tile at a time is looked at, so one buffer does for the whole map.
  const buffer = task.what === 'clear' ? new Uint16Array(TILE_SIZE ** 2) : new Float32Array(TILE_SIZE ** 2);
  const read = (index: number): { pixels: PixelArray; width: number; height: number } => {
    const { width, height } = tileWindow(scratch.width, scratch.height, index);
    const pixels = buffer.subarray(0, width * height);
    readAnnual(scratch, index, task.time, pixels);
    if (task.what === 'fvc') applyCover(pixels as Float32Array, task.cover);
    return { pixels, width, height };
  };
  return writeCog(task.path, spec, {
    tile: (index) => {
      const { pixels, width, height } = read(index);
      return encodeImageTile(pixels, width, height, spec);
    },
    halfRows: (row, count) =>
      halfRowsOf(spec, row, count, (index) => {
        const { pixels, width, height } = read(index);
        return reduceByTwo(pixels, width, height, spec.samples, spec.overview, spec.nodata, halfTile).pixels;
      }),
  });
}

/** Assembles a map from the spools. */
export async function assembleTask(task: AssembleTask): Promise<WrittenMap> {
  return writeCog(task.path, task.spec, {
    tile: (index) => {
      const ref = task.tiles[index];
      return ref ? readSpool(ref) : null;
    },
    halfRows: (row, count) =>
      halfRowsOf(task.spec, row, count, (index) => {
        const ref = task.halves[index];
        return ref ? viewAsPixels(task.spec.pixelType, readSpool(ref)) : null;
      }),
  });
}

/** What lies in a spool, good until the next one. */
function readSpool(ref: SpoolRef): Uint8Array {
  const bytes = storedTile(ref.length);
  readFully(openShared(ref.spool), bytes, ref.offset);
  return bytes;
}
