import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subgrid, type Grid } from '../../src/geo/grid.ts';
import { chooseBlockSize, cutIntoBlocks } from '../../src/pipeline/blocks.ts';
import type { Header } from '../../src/pipeline/inspect.ts';
import { utmGrid } from '../helpers/stack.ts';

function headerOf(grid: Grid, layout: Partial<Header['info']>): Header {
  const info = {
    width: grid.width,
    height: grid.height,
    layout: 'tiled',
    blockWidth: 256,
    blockHeight: 256,
    ...layout,
  };
  return { grid, info: info as Header['info'] };
}

const SOURCE = utmGrid(5000, 4000);

describe('cutIntoBlocks', () => {
  it('covers every pixel once, with inner borders on the source tiles', () => {
    const made = fc.record({
      col: fc.integer({ min: -300, max: 900 }),
      row: fc.integer({ min: -300, max: 900 }),
      width: fc.integer({ min: 1, max: 900 }),
      height: fc.integer({ min: 1, max: 900 }),
      blockWidth: fc.integer({ min: 16, max: 400 }),
      blockHeight: fc.integer({ min: 16, max: 400 }),
    });
    fc.assert(
      fc.property(made, (m) => {
        const grid = subgrid(SOURCE, m);
        const blocks = cutIntoBlocks(grid, headerOf(SOURCE, {}), { width: m.blockWidth, height: m.blockHeight });
        const seen = new Uint8Array(m.width * m.height);
        for (const block of blocks) {
          expect(block.width).toBeGreaterThan(0);
          expect(block.width).toBeLessThanOrEqual(m.blockWidth);
          expect(block.height).toBeLessThanOrEqual(m.blockHeight);
          expect(block.col === 0 || (block.col + m.col) % m.blockWidth === 0).toBe(true);
          expect(block.row === 0 || (block.row + m.row) % m.blockHeight === 0).toBe(true);
          for (let row = block.row; row < block.row + block.height; row++) {
            for (let i = row * m.width + block.col; i < row * m.width + block.col + block.width; i++) seen[i]!++;
          }
        }
        expect(seen.every((n) => n === 1)).toBe(true);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('begins at the corner of a grid that is on no source lattice', () => {
    const blocks = cutIntoBlocks(utmGrid(100, 60, { x: 540_010 }), headerOf(SOURCE, {}), { width: 64, height: 64 });
    expect(blocks).toEqual([
      { col: 0, row: 0, width: 64, height: 60 },
      { col: 64, row: 0, width: 36, height: 60 },
    ]);
  });

  it('gives whole strips where the source has strips', () => {
    const strips = headerOf(SOURCE, { layout: 'striped', blockWidth: 5000, blockHeight: 8 });
    const grid = subgrid(SOURCE, { col: 123, row: 20, width: 1000, height: 300 });
    const size = chooseBlockSize(strips.info, grid);
    expect(size.width).toBe(1000);
    expect(size.height % 8).toBe(0);
    const blocks = cutIntoBlocks(grid, strips, size);
    expect(blocks.every((block) => block.col === 0 && block.width === 1000)).toBe(true);
    expect(blocks.slice(1).every((block) => (block.row + 20) % 8 === 0)).toBe(true);
    expect(blocks.reduce((rows, block) => rows + block.height, 0)).toBe(300);
  });
});

describe('chooseBlockSize', () => {
  it.each([
    [256, 512],
    [512, 512],
    [128, 512],
    [1024, 1024],
    [384, 384],
    [200, 600],
  ])('takes tiles of %i as blocks of %i', (tile, block) => {
    const { info } = headerOf(SOURCE, { blockWidth: tile, blockHeight: tile });
    expect(chooseBlockSize(info, SOURCE)).toEqual({ width: block, height: block });
  });

  it('takes the whole of a small grid', () => {
    const { info } = headerOf(SOURCE, { blockWidth: 256, blockHeight: 256 });
    const grid = utmGrid(700, 300, { x: 540_000 + 30 * 100 });
    const size = chooseBlockSize(info, grid);
    expect(size).toEqual({ width: 700, height: 300 });
    expect(chooseBlockSize(info, utmGrid(700, 900), true)).toEqual({ width: 700, height: 900 });
    expect(cutIntoBlocks(grid, headerOf(SOURCE, {}), size)).toEqual([{ col: 0, row: 0, width: 700, height: 300 }]);
  });

  it('takes larger blocks where the scenes are remote and the grid is not small', () => {
    const { info } = headerOf(SOURCE, { blockWidth: 256, blockHeight: 256 });
    expect(chooseBlockSize(info, utmGrid(3000, 3000), true)).toEqual({ width: 2048, height: 2048 });
  });

  it('never gives empty strips', () => {
    const wide = utmGrid(400_000, 10);
    const { info } = headerOf(wide, { layout: 'striped', blockHeight: 3 });
    expect(chooseBlockSize(info, wide)).toEqual({ width: 400_000, height: 3 });
  });
});
