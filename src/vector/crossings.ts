/**
 * Where the edges of a polygon cross each other, which no valid polygon does.
 * @module
 */
import { crossingPoint, edgesOf, edgeTree, forEachMeeting } from './edges.ts';
import type { Polygons, Position } from './polygons.ts';

/**
 * Places of proper crossings among all edges of a zone, at most `limit` of them: of a ring with itself, of a hole with its
 * outside, of parts with each other. Edges that only touch are left alone: they cost no area.
 *
 * @param polygons Rings closed, without repeated points.
 * @returns undefined where there are too many edges near each other to look at
 */
export function findCrossings(polygons: Polygons, limit = 10): Position[] | undefined {
  const edges = edgesOf(polygons.flat());
  const places: Position[] = [];
  const complete = forEachMeeting(edges, edgeTree(edges), {
    cross: (i, k) => places.push(crossingPoint(edges, i, k)) < limit,
    touch: () => true,
  });
  return complete || places.length > 0 ? places : undefined;
}
