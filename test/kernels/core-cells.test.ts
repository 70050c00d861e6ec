/**
 * Cores of patches.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreCells } from '../../src/kernels/core-cells.ts';

const drawn = (rows: string[]): Uint8Array => Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));

describe('coreCells', () => {
  it('keeps what lies a cell away from every edge, corners and the window among them', () => {
    const mask = drawn(['######.', '######.', '##.###.', '######.', '######.', '######.']);
    const core = drawn(['.......', '....#..', '....#..', '....#..', '.####..', '.......']);
    expect(coreCells(mask, 7, 6, 1, new Uint8Array(42))).toEqual(core);
  });

  it('leaves the mask with an edge of 0, and nothing where the edge is wider than the window', () => {
    const mask = drawn(['##', '.#']);
    expect(coreCells(mask, 2, 2, 0, new Uint8Array(4))).toEqual(mask);
    expect(coreCells(drawn(['##', '##']), 2, 2, 3, new Uint8Array(4))).toEqual(new Uint8Array(4));
  });

  it('is the erosion by a square, cell by cell', () => {
    const window = fc.record({
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 12 }),
      edge: fc.integer({ min: 0, max: 3 }),
      seed: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
    });
    fc.assert(
      fc.property(window, ({ width, height, edge, seed }) => {
        const mask = Uint8Array.from({ length: width * height }, () => (seed.next().value! < 9 ? 1 : 0));
        const slow = mask.map((_, i) => {
          const [col, row] = [i % width, Math.floor(i / width)];
          for (let r = row - edge; r <= row + edge; r++) {
            for (let c = col - edge; c <= col + edge; c++) {
              if (c < 0 || r < 0 || c >= width || r >= height || mask[r * width + c] === 0) return 0;
            }
          }
          return 1;
        });
        expect(coreCells(mask, width, height, edge, new Uint8Array(mask.length))).toEqual(slow);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('refuses a length that is not the window, and half cells', () => {
    expect(() => coreCells(new Uint8Array(3), 2, 2, 1, new Uint8Array(4))).toThrow(/mask/);
    expect(() => coreCells(new Uint8Array(4), 2, 2, 0.5, new Uint8Array(4))).toThrow(/edge/);
  });
});
