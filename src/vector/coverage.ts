/**
 * The exact share of each grid cell that a zone covers.
 *
 * Every edge adds, to the cells it crosses, the signed area between itself and the cell's right side, and its height to
 * all cells further right: the accumulation of area and cover of FreeType's and Anti-Grain's scanline rasterisers, here
 * in double precision and without sampling. Work and memory grow with the boundary, not with the zone's area.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { EventList } from './coverage-events.ts';
import { signedRingArea, type Position, type Ring } from './polygons.ts';

/** Covered cells, sparse by row. Cells in neither list are not covered. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  /** The smallest window with all covered cells; without any its width and height are 0. */
  readonly bounds: Window;
  /**
   * Length bounds.height + 1: the partly covered cells of row bounds.row + r are rowStart[r] … rowStart[r + 1] − 1 of the
   * next two.
   */
  readonly rowStart: Uint32Array;
  /** Columns, ascending within a row. */
  readonly cellCol: Uint32Array;
  /** Covered share of the cell, above 0 and below 1. */
  readonly cellFraction: Float64Array;
  /** Covered share of the cell's area; that of its plane, unless area-share.ts has worked it out on the ellipsoid. */
  readonly cellAreaShare: Float64Array;
  /** As rowStart, for the runs of wholly covered cells in the last two. */
  readonly runStart: Uint32Array;
  /** First column of the run. Runs ascend, touch neither each other nor a partly covered cell twice. */
  readonly runFrom: Uint32Array;
  /** One past the last column of the run. */
  readonly runTo: Uint32Array;
  /** Area of the polygons outside the grid, planar, in CRS units squared. */
  readonly outsideArea: number;
}

/** Shares nearer than this to 0 or 1 are 0 or 1: the sums of a row's edges carry rounding of about 1e-15 each. */
const SNAP_SHARE = 1e-12;

/** Points nearer than this to a grid line, in pixels, lie on it: coordinates of 4e6 m in pixels of 30 m have no more digits. */
const SNAP_PIXELS = 1e-10;

/**
 * The exact covered share of each cell. Rings may run either way; the first ring of a polygon is its outside, the rest
 * are holes. Where parts of one multipolygon overlap, the shares add up and are capped at 1.
 *
 * @param polygons [polygon][ring][point] in the grid's CRS, rings closed.
 * @throws {RangeError} if a coordinate is not finite
 */
export function coverage(polygons: Position[][][], grid: Grid): Coverage {
  const events = new EventList();
  let polygonPixels = 0;
  for (const polygon of polygons) {
    for (const [r, ring] of polygon.entries()) {
      const pixels = toPixels(ring, grid);
      const area = signedRingArea(pixels);
      if (area === 0) continue;
      // In pixel space y runs down: a ring whose left side goes down has a negative signed area.
      const sign = (area < 0 ? 1 : -1) * (r === 0 ? 1 : -1);
      polygonPixels += (r === 0 ? 1 : -1) * Math.abs(area);
      for (let k = 0; k + 1 < pixels.length; k++) addEdge(events, pixels[k]!, pixels[k + 1]!, sign, grid);
    }
  }
  const { insidePixels, ...cells } = sweep(events, grid);
  const outsidePixels = polygonPixels - insidePixels;
  const [a, b, , d, e] = grid.transform;
  const outsideArea = outsidePixels > 1e-9 * Math.abs(polygonPixels) ? outsidePixels * Math.abs(a * e - b * d) : 0;
  return { width: grid.width, height: grid.height, ...cells, cellAreaShare: cells.cellFraction, outsideArea };
}

/** A ring in pixel coordinates of the grid. */
function toPixels(ring: Ring, grid: Grid): Ring {
  const [a, b, c, d, e, f] = grid.transform;
  const det = a * e - b * d;
  const snap = (v: number) => {
    const line = Math.round(v);
    return Math.abs(v - line) < SNAP_PIXELS ? line : v;
  };
  return ring.map(([x, y]) => {
    // The origin is taken off first: the inverse transform's own constant terms would cost digits.
    const dx = x - c;
    const dy = y - f;
    const col = b === 0 && d === 0 ? dx / a : (e * dx - b * dy) / det;
    const row = b === 0 && d === 0 ? dy / e : (a * dy - d * dx) / det;
    if (!Number.isFinite(col) || !Number.isFinite(row)) throw new RangeError(`Point (${x}, ${y}) is not finite`);
    return [snap(col), snap(row)];
  });
}

/** Adds an edge's signed area and height to the cells it crosses, clipped to the grid. */
function addEdge(events: EventList, from: Position, to: Position, sign: number, grid: Grid): void {
  if (from[1] === to[1]) return;
  const down = from[1] < to[1];
  const [x0, y0] = down ? from : to;
  const [x1, y1] = down ? to : from;
  const s = down ? sign : -sign;
  const top = Math.max(y0, 0);
  const bottom = Math.min(y1, grid.height);
  if (top >= bottom || Math.min(x0, x1) >= grid.width) return;
  const xPerY = (x1 - x0) / (y1 - y0);
  const least = Math.min(x0, x1);
  const most = Math.max(x0, x1);
  const xAt = (y: number) => (y === y0 ? x0 : y === y1 ? x1 : Math.min(most, Math.max(least, x0 + (y - y0) * xPerY)));
  const lastRow = Math.ceil(bottom) - 1;
  let ya = top;
  let xa = xAt(top);
  for (let row = Math.floor(top); row <= lastRow; row++) {
    const yb = Math.min(row + 1, bottom);
    const xb = xAt(yb);
    addInRow(events, row, xa, ya, xb, yb, s, grid.width);
    ya = yb;
    xa = xb;
  }
}

/** Adds the part of an edge that lies in one row. */
function addInRow(
  events: EventList,
  row: number,
  xa: number,
  ya: number,
  xb: number,
  yb: number,
  s: number,
  width: number,
): void {
  const rightwards = xa <= xb;
  const left = rightwards ? xa : xb;
  const right = rightwards ? xb : xa;
  if (left >= width) return;
  // What lies left of the grid covers all of the row; what lies right of it covers nothing.
  if (right <= 0) {
    events.push(row, 0, s * (yb - ya), s * (yb - ya));
    return;
  }
  const yLeft = rightwards ? ya : yb;
  const yRight = rightwards ? yb : ya;
  const yPerX = left === right ? 0 : (yRight - yLeft) / (right - left);
  let x = left;
  let y = yLeft;
  if (x < 0) {
    const yIn = yLeft - left * yPerX;
    const height = s * Math.abs(yIn - y);
    events.push(row, 0, height, height);
    x = 0;
    y = yIn;
  }
  const firstCol = Math.floor(x);
  const lastCol = Math.min(Math.max(firstCol, Math.ceil(right) - 1), width - 1);
  for (let col = firstCol; col <= lastCol; col++) {
    const xNext = Math.min(col + 1, right);
    const yNext = xNext === right ? yRight : yLeft + (xNext - left) * yPerX;
    const height = s * Math.abs(yNext - y);
    events.push(row, col, height, height * (1 - ((x + xNext) / 2 - col)));
    x = xNext;
    y = yNext;
  }
}

/** Runs along each row, from left to right, and turns the events into shares. */
function sweep(
  events: EventList,
  grid: Grid,
): Omit<Coverage, 'width' | 'height' | 'cellAreaShare' | 'outsideArea'> & { insidePixels: number } {
  const { width } = grid;
  // Only the rows that edges cross: ten thousand small zones must not each hold the grid's whole height.
  const { first: firstRow, count: height } = events.rowSpan();
  const order = events.sorted(firstRow, height);
  const rowStart = new Uint32Array(height + 1);
  const runStart = new Uint32Array(height + 1);
  let firstCol = width;
  let endCol = 0;
  const cellCol: number[] = [];
  const cellFraction: number[] = [];
  const runFrom: number[] = [];
  const runTo: number[] = [];
  let insidePixels = 0;
  let firstRunOfRow = 0;

  const addRun = (from: number, to: number) => {
    if (runTo.length > firstRunOfRow && runTo[runTo.length - 1] === from) runTo[runTo.length - 1] = to;
    else {
      runFrom.push(from);
      runTo.push(to);
    }
  };
  const addCells = (from: number, to: number, share: number) => {
    insidePixels += share * (to - from);
    if (share < SNAP_SHARE) return;
    if (from < firstCol) firstCol = from;
    if (to > endCol) endCol = to;
    if (share > 1 - SNAP_SHARE) {
      addRun(from, to);
      return;
    }
    for (let col = from; col < to; col++) {
      cellCol.push(col);
      cellFraction.push(share);
    }
  };

  let k = 0;
  for (let row = 0; row < height; row++) {
    rowStart[row] = cellCol.length;
    runStart[row] = runFrom.length;
    firstRunOfRow = runFrom.length;
    const end = order.rowEnd[row]!;
    let cover = 0;
    let next = 0;
    while (k < end) {
      const col = events.col[order.index[k]!]!;
      if (col > next) addCells(next, col, cover);
      let own = 0;
      let height = 0;
      for (; k < end && events.col[order.index[k]!] === col; k++) {
        own += events.own[order.index[k]!]!;
        height += events.height[order.index[k]!]!;
      }
      addCells(col, col + 1, cover + own);
      cover += height;
      // Sums that must cancel leave rounding behind, which would add up along the row.
      const whole = Math.round(cover);
      if (Math.abs(cover - whole) < SNAP_SHARE) cover = whole;
      next = col + 1;
    }
    if (next < width && cover !== 0) addCells(next, width, cover);
  }
  rowStart[height] = cellCol.length;
  runStart[height] = runFrom.length;
  const covered = endCol > 0;
  return {
    bounds: {
      col: covered ? firstCol : 0,
      row: covered ? firstRow : 0,
      width: covered ? endCol - firstCol : 0,
      height: covered ? height : 0,
    },
    rowStart,
    cellCol: Uint32Array.from(cellCol),
    cellFraction: Float64Array.from(cellFraction),
    runStart,
    runFrom: Uint32Array.from(runFrom),
    runTo: Uint32Array.from(runTo),
    insidePixels,
  };
}
