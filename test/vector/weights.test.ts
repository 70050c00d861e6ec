import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import type { Window } from '../../src/geo/window.ts';
import { cellAreaM2, planarCellArea } from '../../src/vector/cell-area.ts';
import { coverage } from '../../src/vector/coverage.ts';
import type { Ring } from '../../src/vector/polygons.ts';
import { zoneWeights, type ZoneWeights } from '../../src/vector/weights.ts';

const GRID: Grid = { width: 60, height: 45, transform: [30, 0, 540_000, 0, -30, 4_211_000], crs: crsFromEpsg(32647)! };
const OUTER: Ring = [
  [539_900, 4_210_100],
  [541_500, 4_209_900],
  [541_700, 4_210_700],
  [540_300, 4_210_955],
  [539_900, 4_210_100],
];
const HOLE: Ring = [
  [540_500, 4_210_300],
  [540_900, 4_210_320],
  [540_700, 4_210_600],
  [540_500, 4_210_300],
];
const covered = coverage([[OUTER, HOLE]], GRID);
const whole: Window = { col: 0, row: 0, width: GRID.width, height: GRID.height };

/** Weights of a window by the cell's place in the grid. */
function cells(weights: ZoneWeights, window: Window): Map<number, number> {
  const slice = weights.slice(window);
  const out = new Map<number, number>();
  if (slice === undefined) return out;
  for (const [k, index] of slice.index.entries()) {
    if (k > 0 && index <= slice.index[k - 1]!) throw new Error('cells do not ascend');
    const col = window.col + (index % window.width);
    const row = window.row + Math.floor(index / window.width);
    out.set(row * GRID.width + col, slice.weight[k]!);
  }
  return out;
}

describe('zone weights', () => {
  it('are whole units of a power of two, at most 2^32 a cell', () => {
    const weights = zoneWeights(covered, cellAreaM2(GRID), 3);
    expect(Number.isInteger(Math.log2(weights.unitM2))).toBe(true);
    const all = [...cells(weights, whole).values()];
    expect(all.every((weight) => Number.isInteger(weight) && weight > 0 && weight <= 2 ** 32)).toBe(true);
    expect(Math.max(...all)).toBeGreaterThan(2 ** 31);
    expect(weights.slice(whole)!.zone).toBe(3);
  });

  it('by hand: half a cell of 4 m² is half of 2^32 units', () => {
    const grid: Grid = { width: 3, height: 1, transform: [2, 0, 0, 0, -2, 2], crs: crsFromEpsg(32647)! };
    const square: Ring = [
      [1, 0],
      [4, 0],
      [4, 2],
      [1, 2],
      [1, 0],
    ];
    const weights = zoneWeights(coverage([[square]], grid), planarCellArea(grid), 0);
    expect(weights.unitM2).toBe(2 ** -30);
    const slice = weights.slice({ col: 0, row: 0, width: 3, height: 1 })!;
    expect([...slice.index]).toEqual([0, 1]);
    expect([...slice.weight]).toEqual([2 ** 31, 2 ** 32]);
    expect(weights.totalUnits).toBe(3n * 2n ** 31n);
    expect(weights.insideM2).toBe(6);
  });

  it('sum up to the total, and to the area', () => {
    const weights = zoneWeights(covered, cellAreaM2(GRID), 0);
    let sum = 0n;
    for (const weight of cells(weights, whole).values()) sum += BigInt(weight);
    expect(weights.totalUnits).toBe(sum);
    expect(weights.insideM2).toBe(Number(sum) * weights.unitM2);
  });

  it('do not depend on how windows are cut', () => {
    const weights = zoneWeights(covered, cellAreaM2(GRID), 0);
    const expected = [...cells(weights, whole)].sort((a, b) => a[0] - b[0]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 50 }), (width, height) => {
        // A fresh cell area, asked from the last window to the first, so that no cache can help.
        const others = zoneWeights(covered, cellAreaM2(GRID), 0);
        const got: [number, number][] = [];
        for (let row = Math.floor(44 / height) * height; row >= 0; row -= height) {
          for (let col = Math.floor(59 / width) * width; col >= 0; col -= width) {
            const window = { col, row, width: Math.min(width, 60 - col), height: Math.min(height, 45 - row) };
            got.push(...cells(others, window));
          }
        }
        expect(got.sort((a, b) => a[0] - b[0])).toEqual(expected);
      }),
      { seed: 11, numRuns: 25 },
    );
  });

  it('are none where the zone does not reach', () => {
    const weights = zoneWeights(covered, cellAreaM2(GRID), 0);
    expect(weights.slice({ col: 0, row: 0, width: 60, height: 1 })).toBeUndefined();
    expect(weights.slice({ col: 100, row: 0, width: 10, height: 10 })).toBeUndefined();
  });

  it('own their buffers, as a message to a worker must', () => {
    const slice = zoneWeights(covered, cellAreaM2(GRID), 0).slice({ col: 5, row: 5, width: 20, height: 20 })!;
    expect(slice.index.buffer.byteLength).toBe(slice.index.byteLength);
    expect(slice.weight.buffer.byteLength).toBe(slice.weight.byteLength);
  });
});
