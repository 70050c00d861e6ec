/**
 * Where the pixels of a target lie in a source.
 *
 * Between grids of one CRS the way is an affine transform. Otherwise it is computed exactly at the nodes of a lattice
 * and interpolated between them. The lattice is anchored to the target's pixel (0, 0) and refined block by block, each
 * block by what it finds in itself, so a position has the same bits whatever window it is asked for in.
 * @module
 */
import { applyAffine, invertAffine } from '../../geo/affine.ts';
import { sameCrs } from '../../geo/crs.ts';
import type { Grid } from '../../geo/grid.ts';
import type { Window } from '../../geo/window.ts';
import { createLocator, sourcePixelsPerTarget, spansOf, type Locator } from './locate.ts';

/** Positions between two grids, for the target pixels of one window. */
export type Mapping = AffineMapping | LatticeMapping;

interface AffineMapping {
  readonly kind: 'affine';
  readonly ratio: Ratio;
  /** x = a·col + b·row + c and y = d·col + e·row + f, from the target's pixels to the source's. */
  readonly way: readonly [a: number, b: number, c: number, d: number, e: number, f: number];
}

interface LatticeMapping {
  readonly kind: 'lattice';
  /** The first block's place, in blocks. */
  readonly firstAcross: number;
  readonly firstDown: number;
  /** Blocks in a row. */
  readonly across: number;
  readonly blocks: readonly Block[];
  /** Target pixels along the side of the smallest cell. */
  readonly cellSide: number;
  readonly ratio: Ratio;
}

/** Source pixels in a target pixel at the middle of the target, 1 where that has no place in the source. */
type Ratio = readonly [x: number, y: number];

/** Positions in 128 × 128 target pixels. */
interface Block {
  /** Cells along each side, a power of two; 0: no cells, but the place of each pixel's centre. */
  readonly cells: number;
  /** Places of the (cells + 1)² nodes by rows, or of the 128² centres. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Target pixels along the side of a block; a power of two, so that steps between nodes are exact divisions. */
const BLOCK = 128;
/**
 * A lattice is taken when interpolation on the next coarser one misses none of its nodes by more than this, in pixels
 * of the finer of the two grids. Its own error is about a quarter of that, as halving a cell quarters the error.
 */
const TOLERANCE = 0.004;
/** Blocks that need more cells than this are computed pixel by pixel. */
const MAX_CELLS = 32;

/** The mapping for a window of the target. */
export function createMapping(target: Grid, source: Grid, window: Window): Mapping {
  const [ratioX, ratioY] = sourcePixelsPerTarget(target, source);
  const ratio = [Number.isFinite(ratioX) ? ratioX : 1, Number.isFinite(ratioY) ? ratioY : 1] as const;
  if (sameCrs(target.crs, source.crs)) return { kind: 'affine', way: affineWay(target, source), ratio };
  const locate = createLocator(target, source);
  const firstAcross = Math.floor(window.col / BLOCK);
  const firstDown = Math.floor(window.row / BLOCK);
  const across = Math.floor((window.col + window.width - 1) / BLOCK) - firstAcross + 1;
  const down = Math.floor((window.row + window.height - 1) / BLOCK) - firstDown + 1;
  // Nodes of two cells a side, shared between neighbouring blocks.
  const half = BLOCK / 2;
  const nodes = nodesOf(locate, firstAcross * BLOCK, firstDown * BLOCK, half, 2 * across + 1, 2 * down + 1);
  const blocks: Block[] = [];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const first = part(nodes, 2 * across + 1, 2 * i, 2 * j);
      blocks.push(refined(first, locate, (firstAcross + i) * BLOCK, (firstDown + j) * BLOCK));
    }
  }
  const cellSide = Math.min(...blocks.map(({ cells }) => (cells === 0 ? 1 : BLOCK / cells)));
  return { kind: 'lattice', firstAcross, firstDown, across, blocks, cellSide, ratio };
}

function affineWay(target: Grid, source: Grid): AffineMapping['way'] {
  const t = target.transform;
  const inverse = invertAffine(source.transform);
  const [c, f] = applyAffine(inverse, t[2], t[5]);
  const a = inverse[0] * t[0] + inverse[1] * t[3];
  const b = inverse[0] * t[1] + inverse[1] * t[4];
  const d = inverse[3] * t[0] + inverse[4] * t[3];
  const e = inverse[3] * t[1] + inverse[4] * t[4];
  return [a, b, c, d, e, f];
}

type Nodes = Pick<Block, 'xs' | 'ys'>;

function nodesOf(locate: Locator, col: number, row: number, step: number, across: number, down: number): Nodes {
  const xs = new Float64Array(across * down);
  const ys = new Float64Array(across * down);
  for (let j = 0, k = 0; j < down; j++) {
    for (let i = 0; i < across; i++, k++) {
      const [x, y] = locate(col + i * step, row + j * step);
      xs[k] = x;
      ys[k] = y;
    }
  }
  return { xs, ys };
}

/** Three by three of the nodes. */
function part(nodes: Nodes, across: number, col: number, row: number): Nodes {
  const xs = new Float64Array(9);
  const ys = new Float64Array(9);
  for (let k = 0; k < 9; k++) {
    const at = (row + Math.floor(k / 3)) * across + col + (k % 3);
    xs[k] = nodes.xs[at]!;
    ys[k] = nodes.ys[at]!;
  }
  return { xs, ys };
}

/** A block with as many cells as its positions need. */
function refined(first: Nodes, locate: Locator, col: number, row: number): Block {
  const missing = first.xs.reduce((count, x) => count + (x === x ? 0 : 1), 0);
  if (missing === first.xs.length) return { cells: 2, ...first };
  let nodes = first;
  // Near the edge of a projection interpolation has no ground.
  const most = missing === 0 ? MAX_CELLS : 0;
  for (let cells = 2; cells <= most; cells *= 2) {
    if (cells > 2) nodes = nodesOf(locate, col, row, BLOCK / cells, cells + 1, cells + 1);
    if (missOfCoarser(nodes, cells) <= TOLERANCE * finerPixel(nodes, cells)) return { cells, ...nodes };
  }
  return { cells: 0, ...nodesOf(locate, col + 0.5, row + 0.5, 1, BLOCK, BLOCK) };
}

/** How far interpolation between every second node misses those left out, at most, in source pixels. NaN counts as far. */
function missOfCoarser({ xs, ys }: Nodes, cells: number): number {
  const across = cells + 1;
  let worst = 0;
  for (let j = 0; j <= cells; j++) {
    for (let i = 0; i <= cells; i++) {
      // The two or four kept nodes around this one; the node itself where it is kept.
      const [left, right] = [i - (i & 1), i + (i & 1)];
      const [top, bottom] = [(j - (j & 1)) * across, (j + (j & 1)) * across];
      const at = j * across + i;
      const x = (xs[top + left]! + xs[top + right]! + xs[bottom + left]! + xs[bottom + right]!) / 4;
      const y = (ys[top + left]! + ys[top + right]! + ys[bottom + left]! + ys[bottom + right]!) / 4;
      const miss = Math.max(Math.abs(x - xs[at]!), Math.abs(y - ys[at]!));
      if (!(miss <= worst)) worst = miss === miss ? miss : Infinity;
    }
  }
  return worst;
}

/** The size of a target pixel in a block, in source pixels, but at most 1. */
function finerPixel({ xs, ys }: Nodes, cells: number): number {
  const down = cells * (cells + 1);
  const alongRow = Math.hypot(xs[cells]! - xs[0]!, ys[cells]! - ys[0]!) / BLOCK;
  const alongCol = Math.hypot(xs[down]! - xs[0]!, ys[down]! - ys[0]!) / BLOCK;
  return Math.min(1, alongRow, alongCol);
}

/**
 * The places of the centres of `count` target pixels of a row, in source pixels; the centre of the source's first pixel
 * is (0.5, 0.5). NaN where there is none.
 *
 * @param xs As long as `count` at least; likewise `ys`.
 */
export function rowPositions(
  mapping: Mapping,
  row: number,
  col: number,
  count: number,
  xs: Float64Array,
  ys: Float64Array,
): void {
  if (mapping.kind === 'affine') {
    const [a, b, c, d, e, f] = mapping.way;
    const y = row + 0.5;
    for (let k = 0; k < count; k++) {
      const x = col + k + 0.5;
      xs[k] = a * x + b * y + c;
      ys[k] = d * x + e * y + f;
    }
    return;
  }
  for (let k = 0; k < count;) {
    const at = col + k;
    const i = Math.floor(at / BLOCK);
    const j = Math.floor(row / BLOCK);
    const block = mapping.blocks[(j - mapping.firstDown) * mapping.across + i - mapping.firstAcross]!;
    // The place in the block.
    const inCol = at - i * BLOCK;
    const inRow = row - j * BLOCK;
    if (block.cells === 0) {
      const end = Math.min(k + BLOCK - inCol, count);
      for (let from = inRow * BLOCK + inCol; k < end; k++, from++) {
        xs[k] = block.xs[from]!;
        ys[k] = block.ys[from]!;
      }
      continue;
    }
    const size = BLOCK / block.cells;
    const cell = Math.floor(inCol / size);
    const cellRow = Math.floor(inRow / size);
    const v = (inRow - cellRow * size + 0.5) / size;
    const node = cellRow * (block.cells + 1) + cell;
    const under = node + block.cells + 1;
    const x = block.xs[node]! * (1 - v) + block.xs[under]! * v;
    const y = block.ys[node]! * (1 - v) + block.ys[under]! * v;
    const stepX = (block.xs[node + 1]! * (1 - v) + block.xs[under + 1]! * v - x) / size;
    const stepY = (block.ys[node + 1]! * (1 - v) + block.ys[under + 1]! * v - y) / size;
    const end = Math.min(k + (cell + 1) * size - inCol, count);
    for (let u = inCol - cell * size + 0.5; k < end; k++, u++) {
      xs[k] = x + stepX * u;
      ys[k] = y + stepY * u;
    }
  }
}

/** The width and height of the box that each pixel of a row covers in the source, in source pixels. */
export function rowSpans(
  mapping: Mapping,
  row: number,
  col: number,
  count: number,
  spansX: Float64Array,
  spansY: Float64Array,
): void {
  if (mapping.kind === 'affine') {
    const [a, b, , d, e] = mapping.way;
    const [x, y] = spansOf(a, b, d, e);
    spansX.fill(x, 0, count);
    spansY.fill(y, 0, count);
    return;
  }
  for (let k = 0; k < count;) {
    const i = Math.floor((col + k) / BLOCK);
    const j = Math.floor(row / BLOCK);
    const block = mapping.blocks[(j - mapping.firstDown) * mapping.across + i - mapping.firstAcross]!;
    const inCol = col + k - i * BLOCK;
    const size = BLOCK / Math.max(block.cells, 1);
    const cell = Math.floor(inCol / size);
    const end = Math.min(k + (cell + 1) * size - inCol, count);
    const node = Math.floor((row - j * BLOCK) / size) * (block.cells + 1) + cell;
    const [x, y] = block.cells === 0 ? mapping.ratio : cellSpans(block, node);
    for (; k < end; k++) {
      spansX[k] = x;
      spansY[k] = y;
    }
  }
}

/** The spans in the middle of the cell to the lower right of a node. */
function cellSpans({ cells, xs, ys }: Block, node: number): [x: number, y: number] {
  const under = node + cells + 1;
  const twice = (2 * BLOCK) / cells;
  return spansOf(
    (xs[node + 1]! + xs[under + 1]! - xs[node]! - xs[under]!) / twice,
    (xs[under]! + xs[under + 1]! - xs[node]! - xs[node + 1]!) / twice,
    (ys[node + 1]! + ys[under + 1]! - ys[node]! - ys[under]!) / twice,
    (ys[under]! + ys[under + 1]! - ys[node]! - ys[node + 1]!) / twice,
  );
}
