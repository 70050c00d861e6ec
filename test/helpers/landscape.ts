/**
 * Class maps drawn as text.
 */
import { addRows, beginScan, endScan, type LandscapeCounts } from '../../src/kernels/landscape-scan.ts';
import type { Neighbours } from '../../src/kernels/patches.ts';

export interface DrawnMap {
  width: number;
  height: number;
  classes: Uint8Array;
}

/** A digit a cell; a point is background. */
export function drawn(...rows: string[]): DrawnMap {
  const classes = Uint8Array.from(rows.join(''), (cell) => (cell === '.' ? 0 : Number(cell)));
  return { width: rows[0]!.length, height: rows.length, classes };
}

/** The counts of a map of square cells. */
export function scanOf({ width, classes }: DrawnMap, neighbours: Neighbours, cellM: number): LandscapeCounts {
  const scan = beginScan(width, cellM, cellM, neighbours);
  addRows(scan, classes);
  return endScan(scan);
}
