/**
 * Which patches of a class lie within a distance of each other: what CONNECT counts.
 *
 * The distance of two patches is that of their nearest cells, from centre to centre (McGarigal, Cushman & Ene 2023). Patches
 * are made of runs of cells in a row: all cells within the distance of a run are one span in each row around it, so that
 * each run is held against few others, found by an index of columns.
 * @module
 */
import type { Neighbours } from './patches.ts';
import { checkLength } from './pixel-array.ts';

/** Pairs of patches of one class. */
export interface ClassJoins {
  /** As on the map: 1 to 255. */
  readonly class: number;
  readonly patches: number;
  /** Pairs within the distance. */
  readonly joined: number;
}

/** What is near: distance and size of a cell in the same unit. */
export interface Reach {
  readonly distance: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** Columns of one entry of the index, as a power of two. */
const INDEX_BITS = 5;

/** The runs of a class, in row-major order. */
interface Runs {
  readonly from: Int32Array;
  /** One past the last column. */
  readonly to: Int32Array;
  readonly rowStart: Int32Array;
  readonly row: Int32Array;
}

/**
 * Counts the pairs of patches within a distance, class by class.
 *
 * @param classes Row-major; 0 is background. Memory beyond it: about 24 bytes a run of the class with the most of them.
 * @returns By class, of those on the map.
 * @throws {RangeError} if lengths differ or the distance is negative
 */
export function joinedPatches(
  classes: Uint8Array,
  width: number,
  height: number,
  neighbours: Neighbours,
  reach: Reach,
): ClassJoins[] {
  checkLength('classes', classes.length, width * height);
  const halfWidths = halfWidthsOf(reach, width, height);
  const counts = countRuns(classes, width, height);
  const out: ClassJoins[] = [];
  for (let k = 1; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    const runs = findRuns(classes, width, height, k, counts[k]!);
    const { patchOf, patches } = labelRuns(runs, height, neighbours);
    const joined = patches < 2 ? 0 : countJoined(runs, patchOf, patches, width, height, halfWidths);
    out.push({ class: k, patches, joined });
  }
  return out;
}

/** By rows away: how many columns away a cell may be. */
function halfWidthsOf({ distance, cellWidth, cellHeight }: Reach, width: number, height: number): Int32Array {
  if (!(distance >= 0 && cellWidth > 0 && cellHeight > 0)) {
    throw new RangeError(
      `The distance must not be negative, got ${distance} with cells of ${cellWidth} × ${cellHeight}`,
    );
  }
  // Distances are multiples of a cell as a rule: a hair of rounding must not lose them.
  const limit = distance * distance * (1 + 1e-12);
  const rows = Math.min(height, Math.floor((distance / cellHeight) * (1 + 1e-12)) + 1);
  const out = new Int32Array(rows);
  for (let dy = 0; dy < rows; dy++) {
    const left = Math.max(0, limit - (dy * cellHeight) ** 2);
    out[dy] = Math.min(width, Math.floor((Math.sqrt(left) / cellWidth) * (1 + 1e-12)));
  }
  return out;
}

function countRuns(classes: Uint8Array, width: number, height: number): Int32Array {
  const counts = new Int32Array(256);
  for (let row = 0, i = 0; row < height; row++) {
    let last = 0;
    for (let col = 0; col < width; col++, i++) {
      const own = classes[i]!;
      if (own !== last) counts[own]!++;
      last = own;
    }
  }
  return counts;
}

function findRuns(classes: Uint8Array, width: number, height: number, wanted: number, count: number): Runs {
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const row = new Int32Array(count);
  const rowStart = new Int32Array(height + 1);
  let n = 0;
  for (let y = 0; y < height; y++) {
    rowStart[y] = n;
    const start = y * width;
    const end = start + width;
    for (let i = start; i < end; i++) {
      if (classes[i] !== wanted) continue;
      from[n] = i - start;
      row[n] = y;
      do i++;
      while (i < end && classes[i] === wanted);
      to[n++] = i - start;
    }
  }
  rowStart[height] = n;
  return { from, to, row, rowStart };
}

/** The patch of each run; patches are numbered from 0 in the row-major order of their first cells. */
function labelRuns(
  { from, to, rowStart }: Runs,
  height: number,
  neighbours: Neighbours,
): { patchOf: Int32Array; patches: number } {
  const parent = new Int32Array(from.length);
  for (let k = 0; k < parent.length; k++) parent[k] = k;
  const corner = neighbours === 8 ? 1 : 0;
  for (let y = 1; y < height; y++) {
    let above = rowStart[y - 1]!;
    const aboveEnd = rowStart[y]!;
    for (let k = rowStart[y]!; k < rowStart[y + 1]!; k++) {
      while (above < aboveEnd && to[above]! + corner <= from[k]!) above++;
      for (let a = above; a < aboveEnd && from[a]! < to[k]! + corner; a++) {
        const [first, second] = [rootOf(parent, a), rootOf(parent, k)];
        if (first < second) parent[second] = first;
        else if (second < first) parent[first] = second;
      }
    }
  }
  // A root is the first run of its patch, so counting up keeps the order; parents come before their children.
  let patches = 0;
  for (let k = 0; k < parent.length; k++) parent[k] = parent[k] === k ? patches++ : parent[parent[k]!]!;
  return { patchOf: parent, patches };
}

function rootOf(parent: Int32Array, run: number): number {
  let at = run;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

/** Pairs of patches of which some cells are near enough. Each patch looks for those with a higher number. */
function countJoined(
  { from, to, row, rowStart }: Runs,
  patchOf: Int32Array,
  patches: number,
  width: number,
  height: number,
  halfWidths: Int32Array,
): number {
  const columns = (width >> INDEX_BITS) + 1;
  const index = indexOf(to, rowStart, columns, height);
  const { runOf, first } = runsByPatch(patchOf, patches);
  const seen = new Int32Array(patches).fill(-1);
  const reachRows = halfWidths.length - 1;
  let joined = 0;
  for (let patch = 0; patch < patches; patch++) {
    const end = first[patch + 1]!;
    // Patches with a higher number begin no higher up.
    const top = row[runOf[first[patch]!]!]!;
    let wanted = patches - 1 - patch;
    for (let r = first[patch]!; r < end && wanted > 0; r++) {
      const run = runOf[r]!;
      const y = row[run]!;
      const lowest = Math.min(height - 1, y + reachRows);
      for (let yy = Math.max(top, y - reachRows); yy <= lowest; yy++) {
        const away = halfWidths[yy < y ? y - yy : yy - y]!;
        const low = from[run]! - away;
        const high = to[run]! + away;
        const rowEnd = rowStart[yy + 1]!;
        let other = index[yy * columns + (low > 0 ? low >> INDEX_BITS : 0)]!;
        while (other < rowEnd && to[other]! <= low) other++;
        for (; other < rowEnd && from[other]! < high; other++) {
          const found = patchOf[other]!;
          if (found <= patch || seen[found] === patch) continue;
          seen[found] = patch;
          joined++;
          wanted--;
        }
      }
    }
  }
  return joined;
}

/** By row and stretch of columns: the first run that ends in it or after it. */
function indexOf(to: Int32Array, rowStart: Int32Array, columns: number, height: number): Int32Array {
  const index = new Int32Array(columns * height);
  for (let y = 0; y < height; y++) {
    let run = rowStart[y]!;
    for (let c = 0; c < columns; c++) {
      while (run < rowStart[y + 1]! && to[run]! <= c << INDEX_BITS) run++;
      index[y * columns + c] = run;
    }
  }
  return index;
}

/** Runs in the order of their patches: those of patch p are runOf[first[p]] … runOf[first[p + 1] − 1], ascending. */
function runsByPatch(patchOf: Int32Array, patches: number): { runOf: Int32Array; first: Int32Array } {
  const first = new Int32Array(patches + 1);
  for (let k = 0; k < patchOf.length; k++) first[patchOf[k]! + 1]!++;
  for (let p = 0; p < patches; p++) first[p + 1]! += first[p]!;
  const next = first.slice(0, patches);
  const runOf = new Int32Array(patchOf.length);
  for (let k = 0; k < patchOf.length; k++) runOf[next[patchOf[k]!]!++] = k;
  return { runOf, first };
}
