/**
 * A zone's weight in each cell, in whole units of area, so that sums do not depend on their order.
 * @module
 */
import { nearestWhole } from '../geo/nearest-whole.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import type { CellArea } from './cell-area.ts';
import type { Coverage } from './coverage.ts';

/** What a zone weighs in the cells of a window: plain data for a worker. */
export interface ZoneSlice {
  /** The zone's number in the run. */
  readonly zone: number;
  /** Cells with a weight, ascending: (row − window.row)·window.width + (col − window.col). */
  readonly index: Uint32Array;
  /** Covered area of each of these cells, a whole number of units in 1 … 2^32. */
  readonly weight: Float64Array;
}

/** The weights of one zone in the run's grid. */
export interface ZoneWeights {
  readonly zone: number;
  /**
   * Square metres of one unit: the power of two by which the largest cell of the grid has at most 2^32 units, the same
   * for all zones of a grid. Sums of up to 2^21 cells are exact in a double; add larger ones up as BigInt.
   */
  readonly unitM2: number;
  /** Sum of the zone's weights over the whole grid. */
  readonly totalUnits: bigint;
  /** The zone's area inside the grid: totalUnits · unitM2. */
  readonly insideM2: number;
  /** The weights in a window; undefined where the zone does not touch it. A cell's weight is the same in any window. */
  slice(window: Window): ZoneSlice | undefined;
}

/** Weights of a zone: round(share · cell area / unit). @param zone The zone's number in the run. */
export function zoneWeights(coverage: Coverage, area: CellArea, zone: number): ZoneWeights {
  const unitM2 = unitOf(area.maximum);
  const { bounds } = coverage;
  let total: bigint | undefined;
  const totalUnits = () => {
    if (total !== undefined) return total;
    total = 0n;
    const areas = new Float64Array(bounds.width);
    for (let row = bounds.row; row < bounds.row + bounds.height; row++) {
      let sum = 0;
      forEachSpan(coverage, row, bounds, (col, length, _share, areaShare) => {
        const out = areas.subarray(0, length);
        area.fillRow(row, col, out);
        for (let k = 0; k < length; k++) sum += nearestWhole((areaShare * out[k]!) / unitM2);
      });
      if (sum !== 0) total += BigInt(sum);
    }
    return total;
  };
  return {
    zone,
    unitM2,
    get totalUnits() {
      return totalUnits();
    },
    get insideM2() {
      return Number(totalUnits()) * unitM2;
    },
    slice: (window) => sliceOf(coverage, area, zone, unitM2, window),
  };
}

/** The power of two by which `maximum` is at most 2^32 units. */
function unitOf(maximum: number): number {
  if (!(maximum > 0) || !Number.isFinite(maximum))
    throw new RangeError(`Largest cell area must be positive, got ${maximum}`);
  return 2 ** (Math.ceil(Math.log2(maximum)) - 32);
}

function sliceOf(
  coverage: Coverage,
  area: CellArea,
  zone: number,
  unitM2: number,
  window: Window,
): ZoneSlice | undefined {
  const inside = intersectWindows(window, coverage.bounds);
  if (inside === undefined) return undefined;
  let count = 0;
  for (let row = inside.row; row < inside.row + inside.height; row++) {
    forEachSpan(coverage, row, inside, (_col, length) => {
      count += length;
    });
  }
  if (count === 0) return undefined;
  let index = new Uint32Array(count);
  let weight = new Float64Array(count);
  const areas = new Float64Array(inside.width);
  let n = 0;
  for (let row = inside.row; row < inside.row + inside.height; row++) {
    forEachSpan(coverage, row, inside, (col, length, _share, areaShare) => {
      const out = areas.subarray(0, length);
      area.fillRow(row, col, out);
      const first = (row - window.row) * window.width + (col - window.col);
      for (let k = 0; k < length; k++) {
        const units = nearestWhole((areaShare * out[k]!) / unitM2);
        if (units === 0) continue;
        index[n] = first + k;
        weight[n] = units;
        n++;
      }
    });
  }
  if (n === 0) return undefined;
  if (n < count) {
    // Copies, not views: a task's message must own its buffers.
    index = index.slice(0, n);
    weight = weight.slice(0, n);
  }
  return { zone, index, weight };
}

/** Calls back for each span of equal share of a row of the bounds, ascending, cut to the window's columns. */
export function forEachSpan(
  coverage: Coverage,
  row: number,
  window: Window,
  span: (col: number, length: number, share: number, areaShare: number) => void,
): void {
  const { cellCol, cellFraction, cellAreaShare, runFrom, runTo } = coverage;
  const endCol = window.col + window.width;
  const r = row - coverage.bounds.row;
  const cellEnd = coverage.rowStart[r + 1]!;
  const runEnd = coverage.runStart[r + 1]!;
  let cell = firstAtLeast(cellCol, coverage.rowStart[r]!, cellEnd, window.col);
  let run = firstAtLeast(runTo, coverage.runStart[r]!, runEnd, window.col + 1);
  for (;;) {
    const nextCell = cell < cellEnd ? cellCol[cell]! : Infinity;
    const nextRun = run < runEnd ? runFrom[run]! : Infinity;
    if (Math.min(nextCell, nextRun) >= endCol) return;
    if (nextCell < nextRun) {
      span(nextCell, 1, cellFraction[cell]!, cellAreaShare[cell]!);
      cell++;
    } else {
      const from = Math.max(nextRun, window.col);
      span(from, Math.min(runTo[run]!, endCol) - from, 1, 1);
      run++;
    }
  }
}

/** The first place in values[from … to − 1], ascending, that is at least `least`; `to` if none is. */
function firstAtLeast(values: Uint32Array, from: number, to: number, least: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
