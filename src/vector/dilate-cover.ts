/**
 * What parts of a segment or an arc lie nearer to an edge than a distance, for {@link ./dilate.ts}.
 *
 * The land within a distance of an edge is a rectangle beside it and a disc round each of its ends.
 * @module
 */
import type { EdgeIndex } from './edge-index.ts';

/** A part of a segment (in its unit of length) or of an arc (in radians from its start). */
export type Interval = [from: number, to: number];

/** Distances that differ by less than this are equal, relative to the distance; and corners are one. */
const TIE = 1e-10;
const SAME = 1e-9;
/** Edges run the same way where the cosine between them is above this. */
const ALONG = 1 - 1e-9;
/** Lines whose directions differ by less than this sine never meet. */
const PARALLEL = 1e-14;

/** Adds the part of a segment p + t·u that is nearer to edge j than the distance. The segment belongs to edge i. */
export function coverSegment(
  edges: EdgeIndex,
  i: number,
  j: number,
  px: number,
  py: number,
  ux: number,
  uy: number,
  distance: number,
  out: Interval[],
): void {
  const e = edges.at(j);
  const radius = distance * (1 - TIE);
  let [low, high] = [Infinity, -Infinity];
  // The discs round the edge's ends.
  for (let end = 0; end < 2; end++) {
    const dx = (end === 0 ? e.ax : e.bx) - px;
    const dy = (end === 0 ? e.ay : e.by) - py;
    const across = dx * uy - dy * ux;
    const half2 = radius * radius - across * across;
    if (half2 <= 0) continue;
    const along = dx * ux + dy * uy;
    const half = Math.sqrt(half2);
    low = Math.min(low, along - half);
    high = Math.max(high, along + half);
  }
  // The rectangle between them: 0 < s < length and −r < w < r.
  const s0 = (px - e.ax) * e.ux + (py - e.ay) * e.uy;
  const w0 = (px - e.ax) * e.uy - (py - e.ay) * e.ux;
  const ds = ux * e.ux + uy * e.uy;
  const dw = ux * e.uy - uy * e.ux;
  // Of edges that lie on one another and run the same way, the first has the outline.
  const r = ds > ALONG && j < i ? distance * (1 + TIE) : radius;
  let [from, to] = [-Infinity, Infinity];
  for (let side = 0; side < 2; side++) {
    const value = side === 0 ? s0 : w0;
    const step = side === 0 ? ds : dw;
    const least = side === 0 ? 0 : -r;
    const most = side === 0 ? e.length : r;
    if (Math.abs(step) < PARALLEL) {
      if (value <= least || value >= most) to = -Infinity;
      continue;
    }
    const a = (least - value) / step;
    const b = (most - value) / step;
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  if (from < to) {
    low = Math.min(low, from);
    high = Math.max(high, to);
  }
  if (low < high) out.push([low, high]);
}

/** Adds the parts of an arc (angles from its start) that are nearer to edge j than the distance. Its corner is edge i's end. */
export function coverArc(
  edges: EdgeIndex,
  i: number,
  j: number,
  cx: number,
  cy: number,
  start: number,
  turn: number,
  distance: number,
  out: Interval[],
): void {
  const e = edges.at(j);
  const r = distance * (1 - TIE);
  for (let end = 0; end < 2; end++) {
    // The corner is that at the end of the edge of its number.
    const other = end === 0 ? edges.previous(j) : j;
    if (other === i) continue;
    const vx = (end === 0 ? e.ax : e.bx) - cx;
    const vy = (end === 0 ? e.ay : e.by) - cy;
    const apart = Math.hypot(vx, vy);
    if (apart < SAME * distance) {
      // Of corners in one place the first has the arc: what is not on it lies within the polygons, or beside an edge.
      if (other < i) out.push([0, turn]);
      continue;
    }
    // |d·e(θ) − v| < r: the angle to v is less than acos((d² + |v|² − r²) / (2d|v|)).
    const cosine = (distance * distance + apart * apart - r * r) / (2 * distance * apart);
    if (cosine >= 1) continue;
    const half = Math.acos(Math.max(-1, cosine));
    addAngles(Math.atan2(vy, vx) - half - start, 2 * half, turn, out);
  }
  // The rectangle: s = s0 + d·cos(θ − heading), w = w0 − d·sin(θ − heading).
  const s0 = (cx - e.ax) * e.ux + (cy - e.ay) * e.uy;
  const w0 = (cx - e.ax) * e.uy - (cy - e.ay) * e.ux;
  if (s0 <= -distance || s0 >= e.length + distance || Math.abs(w0) >= r + distance) return;
  const heading = Math.atan2(e.uy, e.ux) - start;
  // The angles at which the circle passes the sides, and what lies between them.
  const cuts = [0, turn];
  for (let side = 0; side < 2; side++) {
    const cosine = ((side === 0 ? 0 : e.length) - s0) / distance;
    if (Math.abs(cosine) < 1) addCuts(heading, Math.acos(cosine), turn, cuts);
    const sine = (w0 - (side === 0 ? -r : r)) / distance;
    if (Math.abs(sine) < 1) addCuts(heading + Math.PI / 2, Math.asin(sine) - Math.PI / 2, turn, cuts);
  }
  cuts.sort((p, q) => p - q);
  for (let k = 0; k + 1 < cuts.length; k++) {
    const middle = (cuts[k]! + cuts[k + 1]!) / 2 - heading;
    const s = s0 + distance * Math.cos(middle);
    const w = w0 - distance * Math.sin(middle);
    if (s > 0 && s < e.length && Math.abs(w) < r) out.push([cuts[k]!, cuts[k + 1]!]);
  }
}

/** Adds the angles middle ± half that lie on the arc. */
function addCuts(middle: number, half: number, turn: number, cuts: number[]): void {
  const [a, b] = [modulo(middle + half), modulo(middle - half)];
  if (a < turn) cuts.push(a);
  if (b < turn) cuts.push(b);
}

function modulo(angle: number): number {
  const turns = angle / (2 * Math.PI);
  return (turns - Math.floor(turns)) * 2 * Math.PI;
}

/** Adds the angles from … from + width, which may pass a whole turn, cut to 0 … turn. */
function addAngles(from: number, width: number, turn: number, out: Interval[]): void {
  const first = modulo(from);
  for (const low of [first, first - 2 * Math.PI]) {
    if (low < turn && low + width > 0) out.push([Math.max(0, low), Math.min(turn, low + width)]);
  }
}

/** What of 0 … length no interval covers, without bits shorter than `least`. Sorts the intervals. */
export function uncovered(covered: Interval[], length: number, least: number): Interval[] {
  covered.sort((p, q) => p[0] - q[0]);
  const free: Interval[] = [];
  let at = 0;
  for (const [from, to] of covered) {
    if (from >= length) break;
    if (from - at > least) free.push([at, from]);
    if (to > at) at = to;
  }
  if (length - at > least) free.push([at, length]);
  return free;
}
