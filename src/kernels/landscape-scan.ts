/**
 * Patches, sides and adjacencies of a class map, row by row: what landscape metrics are computed from.
 *
 * Labels by union-find as in patches.ts, but only those of the last row are kept, and a patch is closed as soon as no cell
 * of the last row belongs to it (Rosenfeld & Pfaltz 1966, doi:10.1145/321356.321357). So memory goes with the width of the
 * map, and not with its height or its patches.
 * @module
 */
import type { Neighbours } from './patches.ts';
import { checkLength } from './pixel-array.ts';

/** Class numbers are bytes: 0 is background, 1 to 255 are classes. */
export const CLASS_SLOTS = 256;

/** Counts of one class; the sums are over its patches. */
export interface ClassCounts {
  /** 1 to 255. */
  readonly class: number;
  readonly cells: number;
  readonly patches: number;
  /** Cells of the largest patch. */
  readonly largestCells: number;
  /** Sides of all patches that touch no cell of the same class, those on the background among them. */
  readonly perimeterSides: number;
  /** Of the sides of a patch times the root of its cells. */
  readonly perimeterRootArea: number;
  /** Of 2 ln(0.25 p) / ln a with p in metres and a in square metres; 1 for a patch of one cell. */
  readonly fractal: number;
}

/** Counts of a class map. */
export interface LandscapeCounts {
  readonly cellWidthM: number;
  readonly cellHeightM: number;
  readonly neighbours: Neighbours;
  /** Those that are on the map, by number. */
  readonly classes: ClassCounts[];
  /**
   * [class][class], {@link CLASS_SLOTS} a row, both orders of a pair added into both places and a pair of the same class once:
   * cells side by side in a row. Class 0 is the background and what lies beyond the map.
   */
  readonly beside: Float64Array;
  /** As `beside`, for cells one below the other. */
  readonly below: Float64Array;
}

/** A scan that has begun; see {@link beginScan}. */
export interface LandscapeScan {
  readonly width: number;
  readonly neighbours: Neighbours;
  readonly cellWidthM: number;
  readonly cellHeightM: number;
  readonly beside: Float64Array;
  readonly below: Float64Array;
  /** By class: sums over closed patches. */
  readonly patches: Float64Array;
  readonly largest: Float64Array;
  readonly sides: Float64Array;
  readonly rootArea: Float64Array;
  readonly fractal: Float64Array;
  /** Classes and labels of the last row; −1 is no label. */
  readonly lastRow: Uint8Array;
  lastLabels: Int32Array;
  labels: Int32Array;
  /** Number of labels of the last row: 0 … open − 1. */
  open: number;
  /** By label of the last row and of the row that is added: at most two for each column. */
  readonly parent: Int32Array;
  readonly renamed: Int32Array;
  readonly classOf: Uint8Array;
  cellsOf: Float64Array;
  uprightOf: Float64Array;
  levelOf: Float64Array;
  /** The arrays that the next row is written to. */
  spare: [Float64Array, Float64Array, Float64Array];
}

/**
 * Begins a map.
 *
 * @param cellWidthM Width of a cell in metres; with the height it gives perimeters and areas.
 * @param neighbours Whether cells of a patch touch by sides only (4), or by corners too (8). Adjacencies go by sides always.
 * @throws {RangeError} if a size is not positive
 */
export function beginScan(
  width: number,
  cellWidthM: number,
  cellHeightM: number,
  neighbours: Neighbours,
): LandscapeScan {
  if (!(width > 0 && cellWidthM > 0 && cellHeightM > 0)) {
    throw new RangeError(`Sizes must be positive, got ${width} columns of ${cellWidthM} × ${cellHeightM} m`);
  }
  const slots = 2 * width + 1;
  const numbers = () => new Float64Array(slots);
  const byClass = () => new Float64Array(CLASS_SLOTS);
  return {
    width,
    neighbours,
    cellWidthM,
    cellHeightM,
    beside: new Float64Array(CLASS_SLOTS * CLASS_SLOTS),
    below: new Float64Array(CLASS_SLOTS * CLASS_SLOTS),
    patches: byClass(),
    largest: byClass(),
    sides: byClass(),
    rootArea: byClass(),
    fractal: byClass(),
    lastRow: new Uint8Array(width),
    lastLabels: new Int32Array(width).fill(-1),
    labels: new Int32Array(width),
    open: 0,
    parent: new Int32Array(slots),
    renamed: new Int32Array(slots),
    classOf: new Uint8Array(slots),
    cellsOf: numbers(),
    uprightOf: numbers(),
    levelOf: numbers(),
    spare: [numbers(), numbers(), numbers()],
  };
}

/**
 * Adds the next rows, from top to bottom. How many are added at once changes nothing.
 *
 * @param classes Row-major, whole rows; 0 is background.
 * @throws {RangeError} if it does not hold whole rows
 */
export function addRows(scan: LandscapeScan, classes: Uint8Array): void {
  const { width } = scan;
  checkLength('classes', classes.length, Math.round(classes.length / width) * width);
  for (let start = 0; start < classes.length; start += width) {
    const row = classes.subarray(start, start + width);
    label(scan, row);
    close(scan);
    const { labels, lastLabels, classOf } = scan;
    for (let col = 0; col < width; col++) if (labels[col]! >= 0) classOf[labels[col]!] = row[col]!;
    scan.lastRow.set(row);
    scan.lastLabels = labels;
    scan.labels = lastLabels;
  }
}

/** Labels the cells of a row, and counts their sides to the left and above. */
function label(scan: LandscapeScan, row: Uint8Array): void {
  const { width, lastRow, lastLabels, labels, parent, classOf, cellsOf, uprightOf, levelOf, beside, below } = scan;
  const corners = scan.neighbours === 8;
  let next = scan.open;
  for (let k = 0; k < next; k++) parent[k] = k;
  let left = 0;
  for (let col = 0; col < width; col++) {
    const own = row[col]!;
    const above = lastRow[col]!;
    beside[left * CLASS_SLOTS + own]!++;
    below[above * CLASS_SLOTS + own]!++;
    if (own === 0) {
      labels[col] = -1;
      if (left !== 0) uprightOf[labels[col - 1]!]!++;
      if (above !== 0) levelOf[lastLabels[col]!]!++;
      left = 0;
      continue;
    }
    let at = left === own ? labels[col - 1]! : -1;
    if (above === own) {
      at = join(parent, at, lastLabels[col]!);
    } else if (corners) {
      // Where the cell above or the one to the left is of the class, a corner beside it is joined already.
      if (at < 0 && col > 0 && lastRow[col - 1] === own) at = join(parent, at, lastLabels[col - 1]!);
      if (col + 1 < width && lastRow[col + 1] === own) at = join(parent, at, lastLabels[col + 1]!);
    }
    if (at < 0) {
      at = next++;
      parent[at] = at;
      classOf[at] = own;
      cellsOf[at] = 0;
      uprightOf[at] = 0;
      levelOf[at] = 0;
    }
    labels[col] = at;
    cellsOf[at]!++;
    if (left !== own) {
      uprightOf[at]!++;
      if (left !== 0) uprightOf[labels[col - 1]!]!++;
    }
    if (above !== own) {
      levelOf[at]!++;
      if (above !== 0) levelOf[lastLabels[col]!]!++;
    }
    left = own;
  }
  if (left !== 0) {
    beside[left * CLASS_SLOTS]!++;
    uprightOf[labels[width - 1]!]!++;
  }
  scan.open = next;
}

/** Closes the patches that have no cell in the row, and gives the others new labels from 0. */
function close(scan: LandscapeScan): void {
  const { width, labels, parent, renamed, classOf, cellsOf, uprightOf, levelOf, open } = scan;
  for (let k = 0; k < open; k++) {
    renamed[k] = -1;
    const root = rootOf(parent, k);
    if (root === k) continue;
    cellsOf[root]! += cellsOf[k]!;
    uprightOf[root]! += uprightOf[k]!;
    levelOf[root]! += levelOf[k]!;
  }
  const [cells, upright, level] = scan.spare;
  let count = 0;
  for (let col = 0; col < width; col++) {
    const at = labels[col]!;
    if (at < 0) continue;
    const root = rootOf(parent, at);
    if (renamed[root]! < 0) {
      cells[count] = cellsOf[root]!;
      upright[count] = uprightOf[root]!;
      level[count] = levelOf[root]!;
      renamed[root] = count++;
    }
    labels[col] = renamed[root]!;
  }
  for (let k = 0; k < open; k++) {
    if (parent[k] === k && renamed[k]! < 0) addPatch(scan, classOf[k]!, cellsOf[k]!, uprightOf[k]!, levelOf[k]!);
  }
  scan.spare = [cellsOf, uprightOf, levelOf];
  scan.cellsOf = cells;
  scan.uprightOf = upright;
  scan.levelOf = level;
  scan.open = count;
}

/** @param upright Sides as long as a cell is high. @param level Sides as long as a cell is wide. */
function addPatch(scan: LandscapeScan, patchClass: number, cells: number, upright: number, level: number): void {
  const { cellWidthM, cellHeightM, patches, largest, sides, rootArea, fractal } = scan;
  patches[patchClass]!++;
  if (cells > largest[patchClass]!) largest[patchClass] = cells;
  sides[patchClass]! += upright + level;
  rootArea[patchClass]! += (upright + level) * Math.sqrt(cells);
  fractal[patchClass]! += patchFractal(cells, upright * cellHeightM + level * cellWidthM, cellWidthM * cellHeightM);
}

/**
 * FRAC of a patch: 2 ln(0.25 p) / ln a (McGarigal, Cushman & Ene 2023), 1 for one cell, and for an area of 1 m², whose
 * logarithm is 0.
 *
 * @param perimeterM Of the patch. @param cellM2 Area of one cell.
 */
export function patchFractal(cells: number, perimeterM: number, cellM2: number): number {
  const area = Math.log(cells * cellM2);
  return cells === 1 || area === 0 ? 1 : (2 * Math.log(0.25 * perimeterM)) / area;
}

/** The counts; the scan takes no more rows after that. */
export function endScan(scan: LandscapeScan): LandscapeCounts {
  const { width, below, beside, cellWidthM, cellHeightM, neighbours } = scan;
  // A row of background closes all patches, and counts the sides at the bottom.
  addRows(scan, new Uint8Array(width));
  for (let a = 0; a < CLASS_SLOTS; a++) {
    for (let b = 0; b < a; b++) {
      for (const table of [beside, below]) {
        const both = table[a * CLASS_SLOTS + b]! + table[b * CLASS_SLOTS + a]!;
        table[a * CLASS_SLOTS + b] = both;
        table[b * CLASS_SLOTS + a] = both;
      }
    }
  }
  beside[0] = 0;
  below[0] = 0;
  const classes: ClassCounts[] = [];
  for (let k = 1; k < CLASS_SLOTS; k++) {
    if (scan.patches[k] === 0) continue;
    // Each cell has one neighbour above.
    let cells = 0;
    for (let other = 0; other < CLASS_SLOTS; other++) cells += below[k * CLASS_SLOTS + other]!;
    cells = (cells + below[k * CLASS_SLOTS + k]!) / 2;
    classes.push({
      class: k,
      cells,
      patches: scan.patches[k]!,
      largestCells: scan.largest[k]!,
      perimeterSides: scan.sides[k]!,
      perimeterRootArea: scan.rootArea[k]!,
      fractal: scan.fractal[k]!,
    });
  }
  return { cellWidthM, cellHeightM, neighbours, classes, beside, below };
}

/** Joins a label, or none, with another one, and gives the root of both: the smaller one. */
function join(parent: Int32Array, a: number, b: number): number {
  const second = rootOf(parent, b);
  if (a < 0) return second;
  const first = rootOf(parent, a);
  if (first === second) return first;
  const root = first < second ? first : second;
  parent[first < second ? second : first] = root;
  return root;
}

function rootOf(parent: Int32Array, label: number): number {
  let at = label;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}
