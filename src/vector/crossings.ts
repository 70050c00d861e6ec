/**
 * Where the edges of a polygon cross each other, which no valid polygon does.
 * @module
 */
import type { Polygons, Position } from './polygons.ts';

/** Pairs of edges to compare before giving up: a drawing that needs more is not a mine's outline. */
const MAX_COMPARISONS = 20_000_000;

/** What the search found. */
export interface Crossings {
  /** Places of proper crossings, at most `limit` of them. */
  readonly places: Position[];
  /** False where the search was given up. */
  readonly complete: boolean;
}

/**
 * Proper crossings among all edges of a zone: of a ring with itself, of a hole with its outside, of parts with each
 * other. Edges that only touch are left alone: they cost no area.
 */
export function findCrossings(polygons: Polygons, limit = 10): Crossings {
  const edges: [Position, Position][] = [];
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) edges.push([ring[k]!, ring[k + 1]!]);
  }
  edges.sort((a, b) => Math.min(a[0][0], a[1][0]) - Math.min(b[0][0], b[1][0]));
  const places: Position[] = [];
  let comparisons = 0;
  for (let i = 0; i < edges.length; i++) {
    const [p, q] = edges[i]!;
    const maxX = Math.max(p[0], q[0]);
    const minY = Math.min(p[1], q[1]);
    const maxY = Math.max(p[1], q[1]);
    for (let k = i + 1; k < edges.length; k++) {
      const [r, s] = edges[k]!;
      if (Math.min(r[0], s[0]) > maxX) break;
      if (++comparisons > MAX_COMPARISONS) return { places, complete: false };
      if (Math.max(r[1], s[1]) < minY || Math.min(r[1], s[1]) > maxY) continue;
      const place = properCrossing(p, q, r, s);
      if (place !== undefined) places.push(place);
      if (places.length >= limit) return { places, complete: true };
    }
  }
  return { places, complete: true };
}

/** Twice the area of the triangle a, b, c; its sign is the side of the line a–b on which c lies. */
function side(a: Position, b: Position, c: Position): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
}

/** The point where two edges cross inside both, or undefined. */
function properCrossing(p: Position, q: Position, r: Position, s: Position): Position | undefined {
  const sideR = side(p, q, r);
  const sideS = side(p, q, s);
  if (!((sideR > 0 && sideS < 0) || (sideR < 0 && sideS > 0))) return undefined;
  const sideP = side(r, s, p);
  const sideQ = side(r, s, q);
  if (!((sideP > 0 && sideQ < 0) || (sideP < 0 && sideQ > 0))) return undefined;
  const t = sideP / (sideP - sideQ);
  return [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
}
