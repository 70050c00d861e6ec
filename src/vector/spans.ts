/**
 * A zone in a window as spans of cells: as small as its boundary, however large the zone is.
 * @module
 */
import { intersectWindows, type Window } from '../geo/window.ts';
import type { Coverage } from './coverage.ts';
import { forEachSpan } from './weights.ts';

/** Spans of cells that a zone covers by the same share: plain data for a worker. */
export interface SpanSlice {
  /** The zone's number. */
  readonly zone: number;
  /** First cell of each span, ascending: (row − window.row)·window.width + (col − window.col). */
  readonly start: Uint32Array;
  /** Cells of each span, all in one row. */
  readonly length: Uint32Array;
  /** Covered share of each of its cells, above 0 and at most 1. */
  readonly share: Float64Array;
  /** Covered share of their area. */
  readonly areaShare: Float64Array;
}

/** The spans of a zone in a window; undefined where it does not reach. @param zone The zone's number. */
export function zoneSpans(coverage: Coverage, window: Window, zone: number): SpanSlice | undefined {
  const inside = intersectWindows(window, coverage.bounds);
  if (inside === undefined) return undefined;
  const start: number[] = [];
  const lengths: number[] = [];
  const shares: number[] = [];
  const areaShares: number[] = [];
  for (let row = inside.row; row < inside.row + inside.height; row++) {
    const first = (row - window.row) * window.width - window.col;
    forEachSpan(coverage, row, inside, (col, length, share, areaShare) => {
      start.push(first + col);
      lengths.push(length);
      shares.push(share);
      areaShares.push(areaShare);
    });
  }
  if (start.length === 0) return undefined;
  return {
    zone,
    start: Uint32Array.from(start),
    length: Uint32Array.from(lengths),
    share: Float64Array.from(shares),
    areaShare: Float64Array.from(areaShares),
  };
}

/** Cells that a zone covers at least in part. */
export function coveredCells({ cellCol, runFrom, runTo }: Coverage): number {
  let cells = cellCol.length;
  for (let k = 0; k < runFrom.length; k++) cells += runTo[k]! - runFrom[k]!;
  return cells;
}
