/**
 * Pixels of a source on the grid of a target.
 *
 * No result depends on how the target is cut into windows, and no more of the source is read at a time than a bounded
 * number of pixels.
 * @module
 */
import type { Grid } from '../../geo/grid.ts';
import { intersectWindows, type Window } from '../../geo/window.ts';
import type { PixelArray } from '../pixel-type.ts';
import { averageRow, modeRow } from './area.ts';
import { footprint, type Footprint } from './footprint.ts';
import { bilinearRow, cubicRow, EDGE, KERNEL_RADIUS, nearestRow, widenedRow } from './interpolate.ts';
import { createMapping, rowPositions, rowSpans, type Mapping } from './mapping.ts';

/** What is to be warped. */
export interface WarpSource<Pixels extends PixelArray> {
  readonly grid: Grid;
  /** Reads a window that lies within the grid, row-major. */
  read(window: Window): Promise<Pixels>;
}

/** How new values are made of a source's. */
export type ValueMethod = 'bilinear' | 'cubic' | 'average';

/** How pixels of a source are chosen: the nearest, or the commonest class over a target pixel. */
export type PixelMethod = 'nearest' | 'mode';

/** Source pixels read at a time; a single target pixel may still need more. */
const MOST_PIXELS = 8 * 1024 * 1024;
/** Target columns that are worked on at a time: on a turned source a longer row touches more pages than the TLB holds. */
const STRIP = 512;
/** Kernels are widened where a target pixel spans more source pixels than this; GDAL's. */
const WIDEN_ABOVE = 1 / 0.95;

/**
 * Values on the target's grid. See `interpolate.ts` and `area.ts` for what each method does with missing neighbours.
 *
 * @param source NaN is no data.
 * @param window Part of the target; the order of the result.
 * @param out As long as the window; NaN where the source has no value.
 */
export async function warpValues(
  source: WarpSource<Float32Array>,
  target: Grid,
  window: Window,
  method: ValueMethod,
  out: Float32Array,
): Promise<void> {
  const mapping = createMapping(target, source.grid, window);
  // Decided for the pair of grids, not for a window.
  const widened = method !== 'average' && Math.max(...mapping.ratio) > WIDEN_ABOVE;
  const { xs, ys, spansX, spansY } = createRows(Math.min(window.width, STRIP));
  for (const { window: part, from } of partsOf(mapping, window, source.grid, method, widened)) {
    if (from === undefined) {
      fillPart(out, window, part, Number.NaN);
      continue;
    }
    const src = await source.read(from);
    for (const { col, width, row: top, height } of stripsOf(part)) {
      for (let row = top; row < top + height; row++) {
        const at = (row - window.row) * window.width + col - window.col;
        rowPositions(mapping, row, col, width, xs, ys);
        if (widened || method === 'average') rowSpans(mapping, row, col, width, spansX, spansY);
        if (method === 'average') averageRow(src, from, xs, ys, spansX, spansY, width, out, at);
        else if (widened) widenedRow(method, src, from, xs, ys, spansX, spansY, width, out, at);
        else if (method === 'bilinear') bilinearRow(src, from, xs, ys, width, out, at);
        else cubicRow(src, from, xs, ys, width, out, at);
      }
    }
  }
}

/**
 * A source's pixels on the target's grid, as they are.
 *
 * @param source For mode, whole numbers from 0 to 65535.
 * @param window Part of the target; the order of the result.
 * @param out As long as the window, of a type that holds the source's values and `fill`.
 * @param fill Stands where the source has no pixel.
 */
export async function warpPixels(
  source: WarpSource<PixelArray>,
  target: Grid,
  window: Window,
  method: PixelMethod,
  out: PixelArray,
  fill: number,
): Promise<void> {
  const mapping = createMapping(target, source.grid, window);
  const { xs, ys, spansX, spansY } = createRows(Math.min(window.width, STRIP));
  for (const { window: part, from } of partsOf(mapping, window, source.grid, method, false)) {
    if (from === undefined) {
      fillPart(out, window, part, fill);
      continue;
    }
    const src = await source.read(from);
    for (const { col, width, row: top, height } of stripsOf(part)) {
      for (let row = top; row < top + height; row++) {
        const at = (row - window.row) * window.width + col - window.col;
        rowPositions(mapping, row, col, width, xs, ys);
        if (method === 'nearest') {
          nearestRow(src, from, xs, ys, width, out, at, fill);
        } else {
          rowSpans(mapping, row, col, width, spansX, spansY);
          modeRow(src, from, xs, ys, spansX, spansY, width, out, at, fill);
        }
      }
    }
  }
}

function fillPart(out: PixelArray, window: Window, part: Window, fill: number): void {
  for (let row = part.row; row < part.row + part.height; row++) {
    const at = (row - window.row) * window.width + part.col - window.col;
    out.fill(fill, at, at + part.width);
  }
}

function stripsOf(part: Window): Window[] {
  const end = part.col + part.width;
  return Array.from({ length: Math.ceil(part.width / STRIP) }, (_, k) => {
    const col = part.col + k * STRIP;
    return { ...part, col, width: Math.min(STRIP, end - col) };
  });
}

/** Room for one row of the target. */
function createRows(width: number): Record<'xs' | 'ys' | 'spansX' | 'spansY', Float64Array> {
  const row = () => new Float64Array(width);
  return { xs: row(), ys: row(), spansX: row(), spansY: row() };
}

/** A part of the target's window and the window of the source that it needs, if any. */
interface Part {
  readonly window: Window;
  readonly from: Window | undefined;
}

/** The parts of a window, each of which needs a bounded window of the source. */
function* partsOf(
  mapping: Mapping,
  window: Window,
  source: Grid,
  method: ValueMethod | PixelMethod,
  widened: boolean,
): Generator<Part> {
  const covered = footprint(mapping, window);
  const from = covered && sourceWindow(covered, source, method, widened);
  const { col, row, width, height } = window;
  if (from === undefined || from.width * from.height <= MOST_PIXELS || width * height === 1) {
    yield { window, from };
    return;
  }
  const halves: Window[] =
    width > height
      ? [
          { col, row, width: width >> 1, height },
          { col: col + (width >> 1), row, width: width - (width >> 1), height },
        ]
      : [
          { col, row, width, height: height >> 1 },
          { col, row: row + (height >> 1), width, height: height - (height >> 1) },
        ];
  for (const half of halves) yield* partsOf(mapping, half, source, method, widened);
}

/** The part of the source that a footprint touches, with what the method needs around it. */
function sourceWindow(
  covered: Footprint,
  source: Grid,
  method: ValueMethod | PixelMethod,
  widened: boolean,
): Window | undefined {
  const reach = (span: number) => {
    if (method === 'nearest') return 0;
    if (method === 'average' || method === 'mode') return Math.ceil(span / 2);
    return Math.ceil(KERNEL_RADIUS[method] * (widened ? Math.max(1, span) : 1));
  };
  const [x, y] = [reach(covered.spanX), reach(covered.spanY)];
  const left = Math.floor(covered.minX) - x;
  const top = Math.floor(covered.minY) - y;
  // One more on the far side for positions a rounding error below a pixel's edge.
  const width = Math.floor(covered.maxX + EDGE) + x + 1 - left;
  const height = Math.floor(covered.maxY + EDGE) + y + 1 - top;
  return intersectWindows(
    { col: left, row: top, width, height },
    { col: 0, row: 0, width: source.width, height: source.height },
  );
}
