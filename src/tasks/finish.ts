/**
 * What is left when the tiles are done: the files, and digests of the inputs.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { TILE_SIZE, writeCog, type CogSpec } from '../raster/cog.ts';
import type { PixelArray } from '../raster/geotiff-file.ts';
import type { DigestResult, DigestTask, FinishResult, FinishTask, SpoolRef } from './contract.ts';
import { openShared } from './resources.ts';
import { readFully } from './scratch.ts';

/** Assembles one map from the spools, in the order of the tiles, whoever wrote them and when. */
export async function finishTask(task: FinishTask): Promise<FinishResult> {
  return writeCog(task.path, task.spec, {
    tile: (index) => {
      const ref = task.tiles[index];
      return ref ? readSpool(ref) : null;
    },
    halfRows: (row, count) => halfRows(task, row, count),
  });
}

function readSpool(ref: SpoolRef): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ref.length);
  readFully(openShared(ref.spool), bytes, ref.offset);
  return bytes;
}

const TYPES = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array } as const;
const HALF_TILE = TILE_SIZE / 2;

/** Rows of the half-size image, put together from the half-size tiles. */
function halfRows(task: FinishTask, row: number, count: number): PixelArray {
  const { grid, samples, pixelType, nodata }: CogSpec = task.spec;
  const Type = TYPES[pixelType];
  const width = Math.ceil(grid.width / 2);
  const across = Math.ceil(grid.width / TILE_SIZE);
  const out = new Type(width * count * samples);
  out.fill(nodata ?? 0);
  const lastTileRow = Math.floor((row + count - 1) / HALF_TILE);
  for (let ty = Math.floor(row / HALF_TILE); ty <= lastTileRow; ty++) {
    for (let tx = 0; tx < across; tx++) {
      const ref = task.halves[ty * across + tx];
      if (!ref) continue;
      const bytes = readSpool(ref);
      const half = new Type(bytes.buffer, bytes.byteOffset, bytes.byteLength / Type.BYTES_PER_ELEMENT);
      const tileWidth = Math.min(HALF_TILE, width - tx * HALF_TILE);
      const tileHeight = half.length / (tileWidth * samples);
      for (let k = 0; k < tileHeight; k++) {
        const y = ty * HALF_TILE + k - row;
        if (y < 0 || y >= count) continue;
        const from = k * tileWidth * samples;
        out.set(half.subarray(from, from + tileWidth * samples), (y * width + tx * HALF_TILE) * samples);
      }
    }
  }
  return out;
}

/** Size and SHA-256 of a file. */
export function digestTask(task: DigestTask): DigestResult {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  const fd = openSync(task.path, 'r');
  let bytes = 0;
  try {
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, got));
      bytes += got;
    }
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest('hex') };
}
