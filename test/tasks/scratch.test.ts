import { afterEach, describe, expect, it } from 'vitest';
import type { Window } from '../../src/geo/window.ts';
import type { Scratch } from '../../src/tasks/contract.ts';
import { releaseResources } from '../../src/tasks/resources.ts';
import {
  createScratch,
  readAnnualCounts,
  readAnnualValues,
  tilesAcross,
  tileWindow,
  writeAnnual,
} from '../../src/tasks/scratch.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('scratch');
afterEach(releaseResources);

/** What a pixel of a year holds: all different. */
const valueAt = (col: number, row: number, time: number) => time * 10_000_000 + row * 10_000 + col;
const countAt = (col: number, row: number, time: number) => (col + 3 * row + 7 * time) % 65536;

function writeBlock(scratch: Scratch, time: number, block: Window): void {
  const n = block.width * block.height;
  const values = new Float32Array(n);
  const counts = new Uint16Array(n);
  for (let i = 0; i < n; i++) {
    const [col, row] = [block.col + (i % block.width), block.row + Math.floor(i / block.width)];
    values[i] = valueAt(col, row, time);
    counts[i] = countAt(col, row, time);
  }
  writeAnnual(scratch, time, block, values, counts);
}

function cut(width: number, height: number, blockWidth: number, blockHeight: number): Window[] {
  const blocks: Window[] = [];
  for (let row = 0; row < height; row += blockHeight) {
    for (let col = 0; col < width; col += blockWidth) {
      blocks.push({ col, row, width: Math.min(blockWidth, width - col), height: Math.min(blockHeight, height - row) });
    }
  }
  return blocks;
}

describe('tiles', () => {
  it('cover a grid in row-major order, the last ones at their real size', () => {
    expect(tilesAcross(512)).toBe(1);
    expect(tilesAcross(513)).toBe(2);
    const tiles = Array.from({ length: 6 }, (_, k) => tileWindow(1100, 600, k));
    expect(tiles).toEqual([
      { col: 0, row: 0, width: 512, height: 512 },
      { col: 512, row: 0, width: 512, height: 512 },
      { col: 1024, row: 0, width: 76, height: 512 },
      { col: 0, row: 512, width: 512, height: 88 },
      { col: 512, row: 512, width: 512, height: 88 },
      { col: 1024, row: 512, width: 76, height: 88 },
    ]);
  });
});

describe('annual values', () => {
  // Values of the pattern must be exact in float32.
  it.each([
    [40, 30, 40, 30],
    [40, 30, 7, 11],
    [700, 600, 333, 97],
    [700, 600, 700, 13],
    [1100, 530, 512, 512],
  ])('of a %i × %i grid written in blocks of %i × %i come back by tile', (width, height, blockWidth, blockHeight) => {
    const scratch: Scratch = { folder: newFolder(), width, height, nTimes: 2 };
    createScratch(scratch);
    const blocks = cut(width, height, blockWidth, blockHeight);
    // The last year first, and its blocks from the end: the order of writing is free.
    for (const block of blocks.toReversed()) writeBlock(scratch, 1, block);
    for (const block of blocks) writeBlock(scratch, 0, block);
    const tiles = tilesAcross(width) * tilesAcross(height);
    for (let k = 0; k < tiles; k++) {
      const tile = tileWindow(width, height, k);
      const n = tile.width * tile.height;
      const values = new Float32Array(2 * n);
      const counts = new Uint16Array(2 * n);
      readAnnualValues(scratch, tile, values);
      readAnnualCounts(scratch, tile, counts);
      let wrong = 0;
      for (let i = 0; i < 2 * n; i++) {
        const time = Math.floor(i / n);
        const [col, row] = [tile.col + (i % tile.width), tile.row + Math.floor((i % n) / tile.width)];
        if (values[i] !== Math.fround(valueAt(col, row, time)) || counts[i] !== countAt(col, row, time)) wrong++;
      }
      expect(wrong).toBe(0);
    }
  });

  it('are overwritten by a later block of the same place', () => {
    const scratch: Scratch = { folder: newFolder(), width: 20, height: 10, nTimes: 1 };
    createScratch(scratch);
    writeBlock(scratch, 0, { col: 0, row: 0, width: 20, height: 10 });
    writeAnnual(scratch, 0, { col: 5, row: 2, width: 1, height: 1 }, Float32Array.of(NaN), Uint16Array.of(0));
    const values = new Float32Array(200);
    readAnnualValues(scratch, tileWindow(20, 10, 0), values);
    expect(values[2 * 20 + 5]).toBeNaN();
    expect(values[2 * 20 + 6]).toBe(valueAt(6, 2, 0));
  });
});
