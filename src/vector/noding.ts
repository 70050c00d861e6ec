/**
 * Rings cut where they meet, so that what is left of their edges shares no point but its ends.
 * @module
 */
import { crossingPoint, edgesOf, edgeTree, forEachMeeting } from './edges.ts';
import type { Position, Ring } from './polygons.ts';

/** Rounding a crossing moves its edges a little, which may make new crossings: so cutting is repeated. */
const MAX_PASSES = 12;

/** Crossings in one pass before giving up: drawings with more are no outlines. */
const MAX_CROSSINGS = 2_000_000;

/**
 * The same rings with a vertex wherever an edge meets another edge or a vertex.
 *
 * @param rings Closed, without repeated points.
 * @returns undefined where the edges cannot be parted
 */
export function nodeRings(rings: readonly Ring[]): Ring[] | undefined {
  let current = rings.filter((ring) => ring.length >= 3);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const edges = edgesOf(current);
    const added = new Map<number, Position[]>();
    let count = 0;
    const add = (edge: number, x: number, y: number): boolean => {
      const m = edges.next[edge]!;
      if ((x !== edges.x[edge] || y !== edges.y[edge]) && (x !== edges.x[m] || y !== edges.y[m])) {
        const list = added.get(edge);
        if (list === undefined) added.set(edge, [[x, y]]);
        else list.push([x, y]);
        count++;
      }
      return count <= MAX_CROSSINGS;
    };
    const complete = forEachMeeting(edges, edgeTree(edges), {
      cross: (i, k) => {
        const [x, y] = crossingPoint(edges, i, k);
        return add(i, x, y) && add(k, x, y);
      },
      touch: (v, k) => add(k, edges.x[v]!, edges.y[v]!),
    });
    if (!complete) return undefined;
    if (count === 0) return current;
    current = withPoints(current, added);
  }
  return undefined;
}

/** Rings with points put into their edges, by the number of the edge; rings that shrink to nothing are left out. */
function withPoints(rings: readonly Ring[], added: ReadonlyMap<number, Position[]>): Ring[] {
  let edge = 0;
  const out: Ring[] = [];
  for (const ring of rings) {
    const points: Ring = [];
    const push = (point: Position) => {
      const last = points.at(-1);
      if (last === undefined || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
    };
    for (let k = 0; k + 1 < ring.length; k++, edge++) {
      const from = ring[k]!;
      push(from);
      const between = added.get(edge);
      if (between === undefined) continue;
      const along = ([x, y]: Position) => Math.abs(x - from[0]) + Math.abs(y - from[1]);
      for (const point of between.sort((p, q) => along(p) - along(q))) push(point);
    }
    push(ring[0]!);
    if (points.length >= 3) out.push(points);
  }
  return out;
}
