/**
 * The planar area that two polygons share, without building its outline.
 *
 * The plane is cut into horizontal slabs at every corner and at every place where an edge of one crosses an edge of the
 * other. Inside a slab the shared length is linear in y, so its value half-way up times the height is exact. Borders in
 * common, which trouble polygon clipping, just give nothing.
 * @module
 */
import { polygonsBbox, type Polygons } from './polygons.ts';

/** Pairs of edges to compare before giving up. */
const MAX_COMPARISONS = 50_000_000;

/** Edges as flat numbers: lower end x, y, upper end x, y; by ascending lower y. */
type Edges = Float64Array;

/** Shared area in CRS units squared; undefined where it would take too long. Each polygon is taken by even–odd rule. */
export function sharedArea(a: Polygons, b: Polygons): number | undefined {
  const [boxA, boxB] = [polygonsBbox(a), polygonsBbox(b)];
  const bottom = Math.max(boxA[1], boxB[1]);
  const top = Math.min(boxA[3], boxB[3]);
  if (!(bottom < top) || !(Math.max(boxA[0], boxB[0]) < Math.min(boxA[2], boxB[2]))) return 0;
  const edgesA = edgesBetween(a, bottom, top);
  const edgesB = edgesBetween(b, bottom, top);
  const levels = [bottom, top];
  for (const edges of [edgesA, edgesB]) {
    for (let k = 1; k < edges.length; k += 2) if (edges[k]! > bottom && edges[k]! < top) levels.push(edges[k]!);
  }
  if (!addCrossings(edgesA, edgesB, levels)) return undefined;
  const ys = Float64Array.from(levels).sort();
  const sweepA = new Sweep(edgesA);
  const sweepB = new Sweep(edgesB);
  let area = 0;
  let work = 0;
  for (let k = 0; k + 1 < ys.length; k++) {
    const height = ys[k + 1]! - ys[k]!;
    if (height === 0) continue;
    const y = ys[k]! + height / 2;
    sweepA.moveTo(y);
    sweepB.moveTo(y);
    work += sweepA.count + sweepB.count;
    if (work > MAX_COMPARISONS) return undefined;
    area += height * sharedLength(sweepA, sweepB);
  }
  return area;
}

function edgesBetween(polygons: Polygons, bottom: number, top: number): Edges {
  const edges: [number, number, number, number][] = [];
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [p, q] = ring[k]![1] < ring[k + 1]![1] ? [ring[k]!, ring[k + 1]!] : [ring[k + 1]!, ring[k]!];
      if (p[1] !== q[1] && q[1] > bottom && p[1] < top) edges.push([p[0], p[1], q[0], q[1]]);
    }
  }
  edges.sort((e, f) => e[1] - f[1]);
  return Float64Array.from(edges.flat());
}

/** Adds the y of each proper crossing of an edge of one with an edge of the other. @returns false after too many pairs */
function addCrossings(edgesA: Edges, edgesB: Edges, levels: number[]): boolean {
  let from = 0;
  let comparisons = 0;
  // No edge of B is taller than this, so that those that end below an edge of A are left behind.
  let tallest = 0;
  for (let j = 0; j < edgesB.length; j += 4) tallest = Math.max(tallest, edgesB[j + 3]! - edgesB[j + 1]!);
  for (let i = 0; i < edgesA.length; i += 4) {
    const [x0, y0, x1, y1] = [edgesA[i]!, edgesA[i + 1]!, edgesA[i + 2]!, edgesA[i + 3]!];
    const [left, right] = x0 < x1 ? [x0, x1] : [x1, x0];
    while (from < edgesB.length && edgesB[from + 1]! + tallest < y0) from += 4;
    for (let j = from; j < edgesB.length && edgesB[j + 1]! < y1; j += 4) {
      if (++comparisons > MAX_COMPARISONS) return false;
      const [u0, v0, u1, v1] = [edgesB[j]!, edgesB[j + 1]!, edgesB[j + 2]!, edgesB[j + 3]!];
      if (v1 <= y0 || (u0 > right && u1 > right) || (u0 < left && u1 < left)) continue;
      const low = Math.max(y0, v0);
      const high = Math.min(y1, v1);
      const below = xAt(x0, y0, x1, y1, low) - xAt(u0, v0, u1, v1, low);
      const above = xAt(x0, y0, x1, y1, high) - xAt(u0, v0, u1, v1, high);
      if ((below < 0 && above > 0) || (below > 0 && above < 0)) {
        levels.push(low + (high - low) * (below / (below - above)));
      }
    }
  }
  return true;
}

function xAt(x0: number, y0: number, x1: number, y1: number, y: number): number {
  return y === y1 ? x1 : x0 + (x1 - x0) * ((y - y0) / (y1 - y0));
}

/** The edges at one height, as the height rises. */
class Sweep {
  readonly #edges: Edges;
  #next = 0;
  #active: number[] = [];
  /** Where the edges stand at the present height, ascending; a pair is inside. */
  xs = new Float64Array(16);
  count = 0;

  constructor(edges: Edges) {
    this.#edges = edges;
  }

  moveTo(y: number): void {
    const edges = this.#edges;
    let kept = 0;
    for (const edge of this.#active) if (edges[edge + 3]! > y) this.#active[kept++] = edge;
    this.#active.length = kept;
    for (; this.#next < edges.length && edges[this.#next + 1]! < y; this.#next += 4) {
      if (edges[this.#next + 3]! > y) this.#active.push(this.#next);
    }
    this.count = this.#active.length;
    if (this.xs.length < this.count) this.xs = new Float64Array(2 * this.count);
    for (let k = 0; k < this.count; k++) {
      const e = this.#active[k]!;
      this.xs[k] = xAt(edges[e]!, edges[e + 1]!, edges[e + 2]!, edges[e + 3]!, y);
    }
    this.xs.subarray(0, this.count).sort();
  }
}

function sharedLength(a: Sweep, b: Sweep): number {
  let length = 0;
  let i = 0;
  let j = 0;
  while (i + 1 < a.count && j + 1 < b.count) {
    const left = Math.max(a.xs[i]!, b.xs[j]!);
    const right = Math.min(a.xs[i + 1]!, b.xs[j + 1]!);
    if (left < right) length += right - left;
    if (a.xs[i + 1]! < b.xs[j + 1]!) i += 2;
    else j += 2;
  }
  return length;
}
