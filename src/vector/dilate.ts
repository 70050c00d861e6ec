/**
 * All land within a distance of polygons, in the plane (Minkowski sum with a disc).
 *
 * The outline of that land is made of segments beside the edges and of arcs round the outward corners. Of each of them the
 * part counts that is nearer than the distance to no other edge; these parts are found as intervals, without a general
 * polygon union, and joined end to end. Before, the outline is simplified where that moves the result by very little.
 * @module
 */
import { coverArc, coverSegment, uncovered, type Interval } from './dilate-cover.ts';
import { EdgeIndex } from './edge-index.ts';
import { prepareRing } from './notches.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from './polygons.ts';
import { nestRings } from './ring-nesting.ts';

/**
 * Largest error of a dilated outline, relative to the distance: an outline point is never nearer to the polygons than
 * 1 − this, nor farther than 1 + this. Chords of arcs take 3e-4, simplification 1e-4 inward and 2e-4 outward.
 */
export const DILATION_ERROR = 5e-4;

/** Chords of arcs lie this much within the circle, relative to its radius. */
const SAGITTA = 3e-4;
const ARC_STEP = 2 * Math.acos(1 - SAGITTA);

/** Edges longer than this, relative to the distance, are split, so that the index finds few of them. */
const LONGEST_EDGE = 4;
/** More edges than this are no outline of a mine at such a distance. */
const MAX_EDGES = 200_000;

/** Pieces shorter than this are left out, and ends this near to a start are joined; relative to the distance. */
const SHORTEST = 1e-6;
const JOIN = 2e-4;
/** Points of the outline that are nearer to each other are one; relative to the distance. */
const SAME_POINT = 1e-5;

/** A part of the new outline, from its start to its end. */
type Piece = Position[];

/**
 * Polygons grown by a distance.
 *
 * @param polygons MultiPolygon coordinates in the unit of `distance`, rings closed, in any direction; not crossing themselves.
 * @param distance More than 0.
 * @returns Outer rings counter-clockwise, holes clockwise.
 * @throws {RangeError} for outlines that cannot be followed: crossing themselves, or far too long for the distance
 */
export function dilate(polygons: Polygons, distance: number): Polygons {
  if (!(distance > 0) || !Number.isFinite(distance))
    throw new RangeError(`A distance must be positive, got ${distance}`);
  const rings = polygons.flatMap((polygon) => polygon.map((ring, r) => prepareRing(ring, r === 0, distance)));
  // A place where three outlines meet in one point can defeat the joining; a millionth more or less does not.
  for (const nudge of [0, 1, -1, 2, -2, 3]) {
    const outline = dilatedRings(rings, distance * (1 + nudge * 1e-6));
    if (outline !== null) return nestRings(outline);
  }
  throw new RangeError('The outline cannot be followed: does it cross itself?');
}

/** The closed rings of the grown outline, or null where the pieces do not join. */
function dilatedRings(rings: readonly Ring[], distance: number): Ring[] | null {
  const edges = new EdgeIndex(rings, distance * LONGEST_EDGE, distance, MAX_EDGES);
  const pieces: Piece[] = [];
  const covered: Interval[] = [];
  for (let i = 0; i < edges.n; i++) {
    const { ax, ay, ux, uy, length } = edges.at(i);
    const [nx, ny] = [uy * distance, -ux * distance];
    const [px, py] = [ax + nx, ay + ny];
    covered.length = 0;
    edges.near(px, py, px + ux * length, py + uy * length, distance, (j) => {
      if (j !== i) coverSegment(edges, i, j, px, py, ux, uy, distance, covered);
    });
    for (const [from, to] of uncovered(covered, length, SHORTEST * distance)) {
      pieces.push([
        [px + ux * from, py + uy * from],
        [px + ux * to, py + uy * to],
      ]);
    }
    // The corner at the edge's end: an arc where the outline turns left.
    const next = edges.at(edges.next(i));
    const turn = Math.atan2(ux * next.uy - uy * next.ux, ux * next.ux + uy * next.uy);
    if (turn <= 0) continue;
    const [cx, cy] = [next.ax, next.ay];
    const start = Math.atan2(ny, nx);
    covered.length = 0;
    // The box of the arc's ends, and as much more as the arc bulges.
    const bulge = turn < Math.PI ? distance * (1 - Math.cos(turn / 2)) : 2 * distance;
    const [ex, ey] = [cx + next.uy * distance, cy - next.ux * distance];
    edges.near(cx + nx, cy + ny, ex, ey, distance + bulge, (j) => {
      coverArc(edges, i, j, cx, cy, start, turn, distance, covered);
    });
    for (const [from, to] of uncovered(covered, turn, SHORTEST)) {
      const steps = Math.max(1, Math.ceil((to - from) / ARC_STEP));
      pieces.push(
        Array.from({ length: steps + 1 }, (_, k): Position => {
          const angle = start + from + ((to - from) * k) / steps;
          return [cx + distance * Math.cos(angle), cy + distance * Math.sin(angle)];
        }),
      );
    }
  }
  // Where parts touch or overlap, or an outline runs back on itself, some pieces lie inside.
  const winding = windingOf(edges);
  return joined(
    pieces.filter((piece) => winding(...middleOf(piece)) <= 0),
    distance,
  );
}

function middleOf(piece: Piece): Position {
  const k = (piece.length - 1) >> 1;
  const [[x0, y0], [x1, y1]] = [piece[k]!, piece[k + 1]!];
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

/** How often the rings go round a point counter-clockwise; edges are kept in bands of y. */
function windingOf(edges: EdgeIndex): (x: number, y: number) => number {
  let [bottom, top] = [Infinity, -Infinity];
  for (let k = 0; k < edges.n; k++) {
    bottom = Math.min(bottom, edges.at(k).ay);
    top = Math.max(top, edges.at(k).ay);
  }
  const n = Math.max(1, Math.min(4096, edges.n >> 1));
  const bandOf = (y: number) => Math.max(0, Math.min(n - 1, Math.floor(((y - bottom) / (top - bottom)) * n) || 0));
  const bands = Array.from({ length: n }, (): number[] => []);
  for (let k = 0; k < edges.n; k++) {
    const { ay, by } = edges.at(k);
    for (let band = bandOf(Math.min(ay, by)); band <= bandOf(Math.max(ay, by)); band++) bands[band]!.push(k);
  }
  return (x, y) => {
    let turns = 0;
    if (y < bottom || y > top) return turns;
    for (const k of bands[bandOf(y)]!) {
      const { ax, ay, bx, by } = edges.at(k);
      if (ay > y === by > y || x >= ax + ((bx - ax) * (y - ay)) / (by - ay)) continue;
      turns += by > ay ? 1 : -1;
    }
    return turns;
  };
}

/** Rings of pieces put end to end; null where an end finds no start. */
function joined(pieces: readonly Piece[], distance: number): Ring[] | null {
  const next = followers(pieces, JOIN * distance);
  if (next === null) return null;
  const rings: Ring[] = [];
  const used = new Uint8Array(pieces.length);
  for (let first = 0; first < pieces.length; first++) {
    if (used[first]) continue;
    const ring: Ring = [];
    for (let k = first; !used[k]; k = next[k]!) {
      used[k] = 1;
      for (const point of pieces[k]!) if (!isNear(ring.at(-1), point, SAME_POINT * distance)) ring.push(point);
    }
    while (ring.length > 1 && isNear(ring.at(-1), ring[0]!, SAME_POINT * distance)) ring.pop();
    ring.push([...ring[0]!]);
    if (Math.abs(signedRingArea(ring)) > SHORTEST * distance * distance) rings.push(ring);
  }
  return rings;
}

function isNear(a: Position | undefined, b: Position, distance: number): boolean {
  return a !== undefined && Math.hypot(a[0] - b[0], a[1] - b[1]) < distance;
}

/** By piece, the one that goes on where it ends: of all pairs that are near enough, the nearest first. */
function followers(pieces: readonly Piece[], tolerance: number): Int32Array | null {
  const cells = new Map<string, number[]>();
  const cellOf = (value: number) => Math.floor(value / tolerance);
  for (const [k, piece] of pieces.entries()) {
    const key = `${cellOf(piece[0]![0])},${cellOf(piece[0]![1])}`;
    const list = cells.get(key);
    if (list === undefined) cells.set(key, [k]);
    else list.push(k);
  }
  const pairs: [apart: number, from: number, to: number][] = [];
  for (const [k, piece] of pieces.entries()) {
    const [x, y] = piece.at(-1)!;
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const other of cells.get(`${cellOf(x) + dx},${cellOf(y) + dy}`) ?? []) {
          const apart = Math.hypot(pieces[other]![0]![0] - x, pieces[other]![0]![1] - y);
          if (apart <= tolerance) pairs.push([apart, k, other]);
        }
      }
    }
  }
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1] || p[2] - q[2]);
  const next = new Int32Array(pieces.length).fill(-1);
  const taken = new Uint8Array(pieces.length);
  let left = pieces.length;
  for (const [, from, to] of pairs) {
    if (next[from] !== -1 || taken[to]) continue;
    next[from] = to;
    taken[to] = 1;
    left--;
  }
  return left === 0 ? next : null;
}
