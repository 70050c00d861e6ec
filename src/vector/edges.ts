/**
 * The edges of closed rings as flat arrays, and where they meet, exactly.
 * @module
 */
import { BoxTree } from './box-tree.ts';
import { orientation } from './orientation.ts';
import type { Ring } from './polygons.ts';

/** Edges of rings; edge k runs from vertex k to vertex `next[k]`. */
export interface Edges {
  readonly n: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The vertex that follows in the ring. */
  readonly next: Uint32Array;
  readonly previous: Uint32Array;
  /** Number of the ring. */
  readonly ring: Uint32Array;
  /** Place of the vertex in its ring, from 0. */
  readonly vertex: Uint32Array;
}

/** The edges of closed rings without repeated points. */
export function edgesOf(rings: readonly Ring[]): Edges {
  const n = rings.reduce((sum, ring) => sum + ring.length - 1, 0);
  const edges: Edges = {
    n,
    x: new Float64Array(n),
    y: new Float64Array(n),
    next: new Uint32Array(n),
    previous: new Uint32Array(n),
    ring: new Uint32Array(n),
    vertex: new Uint32Array(n),
  };
  let first = 0;
  for (const [r, ring] of rings.entries()) {
    const count = ring.length - 1;
    for (let k = 0; k < count; k++) {
      const at = first + k;
      edges.x[at] = ring[k]![0];
      edges.y[at] = ring[k]![1];
      edges.next[at] = k + 1 < count ? at + 1 : first;
      edges.previous[at] = k > 0 ? at - 1 : first + count - 1;
      edges.ring[at] = r;
      edges.vertex[at] = k;
    }
    first += count;
  }
  return edges;
}

/** The edges by place. */
export function edgeTree({ n, x, y, next }: Edges): BoxTree {
  const boxes = new Float64Array(n * 4);
  for (let k = 0; k < n; k++) {
    const m = next[k]!;
    boxes[k * 4] = Math.min(x[k]!, x[m]!);
    boxes[k * 4 + 1] = Math.min(y[k]!, y[m]!);
    boxes[k * 4 + 2] = Math.max(x[k]!, x[m]!);
    boxes[k * 4 + 3] = Math.max(y[k]!, y[m]!);
  }
  return new BoxTree(boxes);
}

/** Pairs of edges to compare before giving up, some seconds: drawings that need more are no outlines. */
const MAX_COMPARISONS = 30_000_000;

/** How two edges meet. */
export interface Meetings {
  /** Edges i and k cross inside both. Returns whether to go on. */
  readonly cross: (i: number, k: number) => boolean;
  /** Vertex v lies on edge k: on its first point or inside it, never on its last. Returns whether to go on. */
  readonly touch: (v: number, k: number) => boolean;
}

/**
 * Calls back for every crossing of two edges, and for every vertex on an edge that is not its own.
 * @returns Whether all were found; false also where a callback put an end to it.
 */
export function forEachMeeting(edges: Edges, tree: BoxTree, { cross, touch }: Meetings): boolean {
  const { n, x, y, next } = edges;
  const near: number[] = [];
  let comparisons = 0;
  for (let i = 0; i < n; i++) {
    const [ax, ay] = [x[i]!, y[i]!];
    const [bx, by] = [x[next[i]!]!, y[next[i]!]!];
    near.length = 0;
    tree.search(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by), (k) => {
      if (k > i) near.push(k);
    });
    // The tree gives them in its own order; findings shall come in that of the file.
    near.sort((p, q) => p - q);
    comparisons += near.length;
    if (comparisons > MAX_COMPARISONS) return false;
    for (const k of near) {
      const [cx, cy] = [x[k]!, y[k]!];
      const [dx, dy] = [x[next[k]!]!, y[next[k]!]!];
      const sideC = orientation(ax, ay, bx, by, cx, cy);
      const sideD = orientation(ax, ay, bx, by, dx, dy);
      if (sideC !== 0 && sideC === sideD) continue;
      const sideA = orientation(cx, cy, dx, dy, ax, ay);
      const sideB = orientation(cx, cy, dx, dy, bx, by);
      if (sideA !== 0 && sideA === sideB) continue;
      if (sideA * sideB < 0 && sideC * sideD < 0) {
        if (!cross(i, k)) return false;
        continue;
      }
      // First points on the other edge; each vertex is the first point of one edge only.
      if (sideC === 0 && next[i] !== k && onEdge(cx, cy, ax, ay, bx, by) && !touch(k, i)) return false;
      if (sideA === 0 && next[k] !== i && !(ax === cx && ay === cy) && onEdge(ax, ay, cx, cy, dx, dy) && !touch(i, k))
        return false;
    }
  }
  return true;
}

/** Whether a point on the line of an edge is its first point or lies inside it. */
function onEdge(px: number, py: number, ax: number, ay: number, bx: number, by: number): boolean {
  if (px === bx && py === by) return false;
  return px >= Math.min(ax, bx) && px <= Math.max(ax, bx) && py >= Math.min(ay, by) && py <= Math.max(ay, by);
}

/** The point where two edges cross, rounded; it lies within the box of both. */
export function crossingPoint({ x, y, next }: Edges, i: number, k: number): [x: number, y: number] {
  const [ax, ay, bx, by] = [x[i]!, y[i]!, x[next[i]!]!, y[next[i]!]!];
  const [cx, cy, dx, dy] = [x[k]!, y[k]!, x[next[k]!]!, y[next[k]!]!];
  // Relative to a, so that large coordinates cost no digits.
  const [ux, uy, vx, vy] = [bx - ax, by - ay, dx - cx, dy - cy];
  const t = ((cx - ax) * vy - (cy - ay) * vx) / (ux * vy - uy * vx);
  const clamp = (value: number, p: number, q: number, r: number, s: number) =>
    Math.min(Math.max(value, Math.max(Math.min(p, q), Math.min(r, s))), Math.min(Math.max(p, q), Math.max(r, s)));
  const at = Number.isFinite(t) ? t : 0.5;
  return [clamp(ax + ux * at, ax, bx, cx, dx), clamp(ay + uy * at, ay, by, cy, dy)];
}

/** Tells which rings go round a point. */
export class RingLocator {
  /** Edges and rings that were looked at so far. */
  work = 0;
  readonly #edges: Edges;
  readonly #tree: BoxTree;
  readonly #rings: BoxTree;
  /** Right end of each ring. */
  readonly #maxX: Float64Array;

  constructor(edges: Edges, tree: BoxTree = edgeTree(edges)) {
    const { n, x, y, ring } = edges;
    const count = n === 0 ? 0 : ring[n - 1]! + 1;
    const boxes = new Float64Array(count * 4);
    for (let r = 0; r < count; r++) boxes.set([Infinity, Infinity, -Infinity, -Infinity], r * 4);
    for (let k = 0; k < n; k++) {
      const b = ring[k]! * 4;
      boxes[b] = Math.min(boxes[b]!, x[k]!);
      boxes[b + 1] = Math.min(boxes[b + 1]!, y[k]!);
      boxes[b + 2] = Math.max(boxes[b + 2]!, x[k]!);
      boxes[b + 3] = Math.max(boxes[b + 3]!, y[k]!);
    }
    this.#edges = edges;
    this.#tree = tree;
    this.#rings = new BoxTree(boxes);
    this.#maxX = Float64Array.from({ length: count }, (_, r) => boxes[r * 4 + 2]!);
  }

  /**
   * How often each ring goes round a point, counter-clockwise positive, by the edges east of it; undefined where the point
   * lies on an edge that counts.
   *
   * @param counts Whether an edge counts.
   */
  windings(px: number, py: number, counts: (edge: number) => boolean = () => true): Map<number, number> | undefined {
    const { x, y, next, ring } = this.#edges;
    const windings = new Map<number, number>();
    // Only rings around which the box goes can do so; the search ends where they do.
    let toX = -Infinity;
    this.#rings.search(px, py, px, py, (r) => {
      this.work++;
      toX = Math.max(toX, this.#maxX[r]!);
    });
    if (toX === -Infinity) return windings;
    let onBorder = false;
    this.#tree.search(px, py, toX, py, (k) => {
      this.work++;
      if (onBorder || !counts(k)) return;
      const m = next[k]!;
      const [ax, ay, bx, by] = [x[k]!, y[k]!, x[m]!, y[m]!];
      const side = orientation(ax, ay, bx, by, px, py);
      if (side === 0 && px >= Math.min(ax, bx) && px <= Math.max(ax, bx)) {
        onBorder = true;
        return;
      }
      if (ay > py === by > py) return;
      // Upward edges with the point on their left go round it counter-clockwise.
      const turn = by > ay ? (side > 0 ? 1 : 0) : side < 0 ? -1 : 0;
      if (turn !== 0) windings.set(ring[k]!, (windings.get(ring[k]!) ?? 0) + turn);
    });
    if (onBorder) return undefined;
    // Rings of which only a part was searched are not around the point.
    for (const r of windings.keys()) if (this.#maxX[r]! > toX) windings.delete(r);
    return windings;
  }
}
