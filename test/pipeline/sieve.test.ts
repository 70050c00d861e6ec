import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Neighbours } from '../../src/kernels/patches.ts';
import { resolveOptions } from '../../src/pipeline/options.ts';
import { keptPatches, planSieve } from '../../src/pipeline/sieve.ts';
import { edgePatches } from '../../src/tasks/land-states.ts';
import { floodFill } from '../helpers/flood-fill.ts';
import { utmGrid } from '../helpers/stack.ts';

/** What is left of a mask that is cut into tiles. */
function sieved(
  mask: Uint8Array,
  width: number,
  height: number,
  [tileWidth, tileHeight]: [number, number],
  sieve: { cells: number; neighbours: Neighbours },
): number[] {
  const across = Math.ceil(width / tileWidth);
  const windows = Array.from({ length: across * Math.ceil(height / tileHeight) }, (_, k) => {
    const [col, row] = [(k % across) * tileWidth, Math.floor(k / across) * tileHeight];
    return { col, row, width: Math.min(tileWidth, width - col), height: Math.min(tileHeight, height - row) };
  });
  const parts = windows.map((w) =>
    edgePatches(
      Uint8Array.from(
        { length: w.width * w.height },
        (_, i) => mask[(w.row + Math.floor(i / w.width)) * width + w.col + (i % w.width)]!,
      ),
      w,
      sieve.neighbours,
    ),
  );
  const kept = keptPatches(
    parts.map((part) => part.onEdge),
    across,
    sieve,
  );
  const out = Array.from({ length: width * height }, () => 0);
  for (const [k, w] of windows.entries()) {
    const { labels, cells, edgeNumber } = parts[k]!;
    for (const [i, label] of labels.entries()) {
      if (label === 0) continue;
      const number = edgeNumber[label]!;
      const stays = number === 0 ? cells[label]! >= sieve.cells : kept[k]![number] === 1;
      if (stays) out[(w.row + Math.floor(i / w.width)) * width + w.col + (i % w.width)] = 1;
    }
  }
  return out;
}

describe('keptPatches', () => {
  const rows = ['#..#..', '.##...', '...##.', '#..#.#'];
  const mask = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  const left = (tile: [number, number], cells: number, neighbours: Neighbours) => {
    const out = sieved(mask, 6, 4, tile, { cells, neighbours });
    return rows.map((_, row) => out.slice(row * 6, row * 6 + 6).join(''));
  };

  it('joins patches across sides of tiles', () => {
    const expected = ['000000', '000000', '000110', '000100'];
    for (const tile of [
      [6, 4],
      [4, 3],
      [1, 1],
      [6, 1],
    ] as [number, number][]) {
      expect(left(tile, 3, 4)).toEqual(expected);
    }
  });

  it('joins patches across corners of tiles', () => {
    const expected = ['100100', '011000', '000110', '000101'];
    // 8 cells hang together by their corners; one lies apart.
    for (const tile of [
      [6, 4],
      [3, 2],
      [2, 2],
      [1, 1],
    ] as [number, number][]) {
      expect(left(tile, 8, 8)).toEqual(expected);
      expect(left(tile, 9, 8).join('')).toBe('0'.repeat(24));
    }
  });

  it('is the same with any tiles, and what a walk over the whole finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
        fc.constantFrom<Neighbours>(4, 8),
        fc.integer({ min: 2, max: 30 }),
        fc.double({ min: 0.2, max: 0.7, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (width, height, tile, neighbours, cells, share, random) => {
          const made = Uint8Array.from({ length: width * height }, () => (random.next().value < share ? 1 : 0));
          const labels = floodFill(made, width, height, neighbours);
          const sizes = new Map<number, number>();
          for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
          const expected = Array.from(labels, (label) => (label !== 0 && sizes.get(label)! >= cells ? 1 : 0));
          expect(sieved(made, width, height, tile, { cells, neighbours })).toEqual(expected);
        },
      ),
      { seed: 52, numRuns: 200 },
    );
  });
});

describe('planSieve', () => {
  const plan = (minPatch?: string | number, grid = utmGrid(100, 100)) =>
    planSieve(resolveOptions({ aoi: 'a.geojson', ...(minPatch === undefined ? {} : { minPatch }) }), grid);

  it('takes cells as they are', () => {
    expect(plan()).toBeNull();
    expect(plan('1')).toBeNull();
    expect(plan('0ha')).toBeNull();
    expect(plan(6)).toEqual({ cells: 6, neighbours: 8 });
  });

  it('turns hectares into cells of their true size', () => {
    // A cell of 30 m has 0.09007 ha here: six of them have 0.5404 ha, five 0.4503 ha.
    expect(plan('0.5ha')).toEqual({ cells: 6, neighbours: 8 });
    expect(plan('0.45 ha')).toEqual({ cells: 5, neighbours: 8 });
    // One second of arc at 60° N has 0.04797 ha.
    const grid = {
      width: 10,
      height: 10,
      transform: [1 / 3600, 0, 10, 0, -1 / 3600, 60 + 5.5 / 3600] as const,
      crs: crsFromEpsg(4326)!,
    };
    expect(plan('0.5ha', grid)?.cells).toBe(11);
  });
});
