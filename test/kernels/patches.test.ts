import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelPatches, type Neighbours } from '../../src/kernels/patches.ts';
import { floodFill } from '../helpers/flood-fill.ts';

function label(rows: readonly string[], neighbours: Neighbours) {
  const [width, height] = [rows[0]!.length, rows.length];
  const mask = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  const labels = new Int32Array(mask.length);
  const cells = labelPatches(mask, width, height, neighbours, labels);
  return {
    labels: rows.map((_, row) => [...labels.subarray(row * width, (row + 1) * width)].join('')),
    cells: [...cells],
  };
}

describe('labelPatches', () => {
  const ROWS = ['##..#', '..#..', '#.#.#', '###.#'];

  it('joins by sides, and by corners where asked', () => {
    expect(label(ROWS, 4)).toEqual({ labels: ['11002', '00300', '30304', '33304'], cells: [0, 2, 1, 6, 2] });
    expect(label(ROWS, 8)).toEqual({ labels: ['11002', '00100', '10103', '11103'], cells: [0, 8, 1, 2] });
  });

  it('joins what meets late, and knows an empty mask', () => {
    expect(label(['#.#.#', '#.#.#', '#####'], 4).cells).toEqual([0, 11]);
    expect(label(['...'], 8)).toEqual({ labels: ['000'], cells: [0] });
  });

  it('refuses arrays of another length', () => {
    expect(() => labelPatches(new Uint8Array(3), 2, 2, 4, new Int32Array(4))).toThrow(/Expected 4 elements of mask/);
  });

  it('finds what a walk finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        fc.constantFrom<Neighbours>(4, 8),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (width, height, neighbours, share, random) => {
          const mask = Uint8Array.from({ length: width * height }, () => (random.next().value < share ? 1 : 0));
          const labels = new Int32Array(mask.length);
          const cells = labelPatches(mask, width, height, neighbours, labels);
          expect([...labels]).toEqual([...floodFill(mask, width, height, neighbours)]);
          for (let n = 1; n < cells.length; n++) expect(cells[n]).toBe(labels.filter((label) => label === n).length);
        },
      ),
      { seed: 51 },
    );
  });
});
