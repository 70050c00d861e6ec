/**
 * Counts of the classes in one zone: what its landscape metrics are computed from.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { codeNumbers } from '../kernels/class-codes.ts';
import { joinedPatches, type ClassJoins } from '../kernels/landscape-connect.ts';
import { addRows, beginScan, CLASS_SLOTS, endScan, type ClassCounts } from '../kernels/landscape-scan.ts';
import type { Neighbours } from '../kernels/patches.ts';
import { readClasses, type ClassBand } from './class-pixels.ts';

export interface LandscapeTask extends ClassBand {
  /** In pixels of the raster: the cells of the zone lie in it. */
  window: Window;
  /** Cells of the zone: first cells of spans, (row − window.row)·window.width + (col − window.col), and their lengths. */
  start: Uint32Array;
  length: Uint32Array;
  /** Size of a cell in metres. */
  cellWidthM: number;
  cellHeightM: number;
  neighbours: Neighbours;
  /** For CONNECT, in metres; null leaves it out. */
  connectDistanceM: number | null;
}

/** Counts by number; `codes` says what the numbers stand for. */
export interface LandscapeResult {
  /** Code by number − 1; of grades, numbers are codes, and it is null. */
  codes: number[] | null;
  classes: ClassCounts[];
  /** Adjacencies other than none: of two classes, side by side in a row, and one below the other. */
  adjacencies: { a: number; b: number; beside: number; below: number }[];
  joins: ClassJoins[] | null;
  /** Cells of the zone, with data or without. */
  cells: number;
}

/** Pixels that are read together. */
const STRIP_PIXELS = 4_194_304;

/** Counts the zone's classes strip by strip. Only CONNECT needs the whole window at once, a byte a cell. */
export async function landscapeTask(task: LandscapeTask): Promise<LandscapeResult> {
  const { window, start, length, cellWidthM, cellHeightM, neighbours, connectDistanceM } = task;
  const { width, height } = window;
  const numbers = codeNumbers(task.rule.kind === 'codes' ? task.rule.noData : []);
  const scan = beginScan(width, cellWidthM, cellHeightM, neighbours);
  const whole = connectDistanceM === null ? null : new Uint8Array(width * height);
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  let cells = 0;
  let span = 0;
  for (let row = 0; row < height; row += rows) {
    const strip = { col: window.col, row: window.row + row, width, height: Math.min(rows, height - row) };
    const classes = await readClasses(task, strip, numbers);
    const inside = new Uint8Array(classes.length);
    const first = row * width;
    for (; span < start.length && start[span]! < first + classes.length; span++) {
      const from = start[span]! - first;
      inside.set(classes.subarray(from, from + length[span]!), from);
      cells += length[span]!;
    }
    addRows(scan, inside);
    whole?.set(inside, first);
  }
  const { classes, beside, below } = endScan(scan);
  const present = [0, ...classes.map((c) => c.class)];
  return {
    codes: task.rule.kind === 'codes' ? numbers.codes : null,
    classes,
    adjacencies: present.flatMap((a) =>
      present.flatMap((b) => {
        const at = a * CLASS_SLOTS + b;
        const found = { a, b, beside: beside[at]!, below: below[at]! };
        return b > a || found.beside + found.below === 0 ? [] : [found];
      }),
    ),
    joins:
      whole === null
        ? null
        : joinedPatches(whole, width, height, neighbours, {
            distance: connectDistanceM!,
            cellWidth: cellWidthM,
            cellHeight: cellHeightM,
          }),
    cells,
  };
}
