/**
 * What can be wrong with the rings of one feature.
 * @module
 */
import type { Crs } from '../../geo/crs.ts';
import { crossingPoint, edgesOf, edgeTree, forEachMeeting, RingLocator, type Edges } from '../edges.ts';
import { cleanRing, type RingOrder } from '../features.ts';
import { orientation } from '../orientation.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from '../polygons.ts';
import type { Kind, Place } from './findings.ts';
import { isClosed, isSliver, repeatedVertices, spikes } from './rings.ts';
import { scaleAt } from './scale.ts';

/** Meetings of edges in one feature that are looked at; more are a drawing gone wrong as a whole. */
const MAX_MEETINGS = 100_000;

/** Edges and rings to look at before giving up on what lies in what, some seconds. */
const MAX_WORK = 50_000_000;

/** What is said of a finding. */
export type Report = (kind: Kind, text: string, place: Place) => void;

/** What a format asks of its rings. */
export interface RingRules {
  readonly ringOrder: RingOrder;
  readonly closed: boolean;
}

/** A clean ring and where it stands in the feature, from 0. */
interface PlacedRing {
  readonly ring: Ring;
  readonly part: number;
  readonly index: number;
  /** Number in the file of each vertex of the clean ring, from 0. */
  readonly vertices: readonly number[];
}

/** Looks at the rings of a feature as they stand in the file. */
export function lintPolygons(polygons: Polygons, crs: Crs, rules: RingRules, report: Report): void {
  const rings: PlacedRing[] = [];
  for (const [part, polygon] of polygons.entries()) {
    for (const [index, ring] of polygon.entries()) {
      const clean = lintRing(ring, crs, rules, { part: part + 1, ring: index + 1 }, index === 0, report);
      if (clean !== undefined) rings.push({ ...clean, part, index });
    }
  }
  const crossing = lintMeetings(rings, report);
  for (const [r, { ring, part, index }] of rings.entries()) {
    if (!crossing.has(r)) lintWidth(ring, crs, { part: part + 1, ring: index + 1, at: ring[0]! }, report);
  }
}

/** Rings without room in them. The area of a ring that crosses itself says nothing. */
function lintWidth(ring: Ring, crs: Crs, place: Place & { ring: number }, report: Report): void {
  const name = place.ring === 1 ? 'the outline' : 'the hole';
  if (signedRingArea(ring) === 0) report('no-area', `${name} encloses no area`, place);
  else if (isSliver(ring, scaleAt(crs, ring[0]![1])))
    report('sliver', `${name} is long and thinner than half a metre`, place);
}

/** One ring by itself; returns it closed and without repeated points, or undefined where it is none. */
function lintRing(
  ring: Ring,
  crs: Crs,
  { ringOrder, closed }: RingRules,
  place: { part: number; ring: number },
  isOutline: boolean,
  report: Report,
): { ring: Ring; vertices: number[] } | undefined {
  const name = isOutline ? 'the outline' : 'the hole';
  for (const k of repeatedVertices(ring)) {
    report('duplicate-vertex', 'repeats the vertex before it', { ...place, vertex: k + 1, at: ring[k]! });
  }
  if (closed && ring.length > 0 && !isClosed(ring)) {
    report('unclosed-ring', `${name} ends at another point than it begins`, {
      ...place,
      vertex: ring.length,
      at: ring.at(-1)!,
    });
  }
  const clean = cleanRing(ring);
  if (clean === undefined || !hasThreePoints(clean)) {
    const at = ring[0] === undefined ? {} : { at: ring[0] };
    report('too-few-points', `${name} has fewer than three different points`, { ...place, ...at });
    return undefined;
  }
  const vertices: number[] = [];
  for (let k = 0; k < ring.length && vertices.length < clean.length - 1; k++) {
    if (k === 0 || ring[k]![0] !== ring[k - 1]![0] || ring[k]![1] !== ring[k - 1]![1]) vertices.push(k);
  }
  const scale = scaleAt(crs, clean[0]![1]);
  const area = signedRingArea(clean);
  for (const k of spikes(clean, scale)) {
    report('spike', 'runs out to a point and back', { ...place, vertex: vertices[k]! + 1, at: clean[k]! });
  }
  const wanted = ringOrder === 'none' ? 0 : (ringOrder === 'rfc7946') === isOutline ? 1 : -1;
  if (area !== 0 && wanted !== 0 && Math.sign(area) !== wanted) {
    const direction = wanted > 0 ? 'counter-clockwise' : 'clockwise';
    report('ring-order', `${name} should run ${direction}`, { ...place, at: clean[0]! });
  }
  return { ring: clean, vertices };
}

/** Whether a ring has three different points, and not just two that it goes between. */
function hasThreePoints(ring: Ring): boolean {
  const [first, second] = ring;
  return ring.some(([x, y]) => (x !== first![0] || y !== first![1]) && (x !== second![0] || y !== second![1]));
}

/** Crossings and touches among all rings of a feature, and which ring lies in which; returns the rings that cross. */
function lintMeetings(rings: readonly PlacedRing[], report: Report): Set<number> {
  if (rings.length === 0) return new Set();
  const edges = edgesOf(rings.map(({ ring }) => ring));
  const tree = edgeTree(edges);
  const placeOf = (edge: number, at: Position): Place => {
    const { part, index, vertices } = rings[edges.ring[edge]!]!;
    return { part: part + 1, ring: index + 1, vertex: vertices[edges.vertex[edge]!]! + 1, at };
  };
  const crossing = new Set<number>();
  const said = new Set<string>();
  let meetings = 0;
  const cross = (i: number, k: number, at: Position): void => {
    const [r, s] = [edges.ring[i]!, edges.ring[k]!];
    crossing.add(r).add(s);
    const key = `${at.join(' ')} ${r} ${s}`;
    if (said.has(key)) return;
    said.add(key);
    if (r === s) report('self-intersection', `the ring crosses itself ${after(i, k)}`, placeOf(i, at));
    else report('rings-cross', `crosses ${ringName(rings[s]!, rings[r]!)} of the feature`, placeOf(i, at));
  };
  const after = (i: number, k: number): string => {
    const { vertices } = rings[edges.ring[i]!]!;
    return `(its edges from vertex ${vertices[edges.vertex[i]!]! + 1} and ${vertices[edges.vertex[k]!]! + 1})`;
  };
  const complete = forEachMeeting(edges, tree, {
    cross: (i, k) => {
      cross(i, k, crossingPoint(edges, i, k));
      return ++meetings < MAX_MEETINGS;
    },
    touch: (v, k) => {
      const at: Position = [edges.x[v]!, edges.y[v]!];
      const same = edges.ring[v] === edges.ring[k];
      const how = meetingAt(edges, v, k);
      if (how === 'cross') cross(k, v, at);
      else if (how === 'along') {
        // Within a ring, a run back along the edge just gone is a spike, and said so.
        const key = `${edges.ring[v]} ${edges.ring[k]}`;
        if (!same && !said.has(key)) {
          said.add(key);
          report(
            'shared-edge',
            `runs along ${ringName(rings[edges.ring[k]!]!, rings[edges.ring[v]!]!)}`,
            placeOf(v, at),
          );
        } else if (same && !isFold(edges, v, k)) report('shared-edge', 'the ring runs along itself', placeOf(v, at));
      } else if (same) report('self-touch', 'the ring touches itself', placeOf(v, at));
      return ++meetings < MAX_MEETINGS;
    },
  });
  if (complete) lintNesting(rings, edges, new RingLocator(edges, tree), crossing, report);
  else report('too-intricate', 'has too many edges near each other to find all places where they meet', {});
  return crossing;
}

function ringName({ part, index }: PlacedRing, other: PlacedRing): string {
  const ring = index === 0 ? 'the outline' : `hole ${index}`;
  return part === other.part ? ring : `${ring} of part ${part + 1}`;
}

/** Whether a vertex v on edge k is next to it in the ring: then the ring turns back on itself there. */
function isFold({ next, previous }: Edges, v: number, k: number): boolean {
  return next[next[k]!] === v || next[v] === k || previous[k] === v || v === next[k];
}

/**
 * What two rings do where vertex v of one lies on edge k of another: cross, only touch, or run along each other.
 * By the order of the four directions round the point, exactly.
 */
function meetingAt(edges: Edges, v: number, k: number): 'cross' | 'touch' | 'along' {
  const { x, y, next, previous } = edges;
  const [px, py] = [x[v]!, y[v]!];
  const from = x[k] === px && y[k] === py ? previous[k]! : k;
  const to = next[k]!;
  const ahead = next[v]!;
  const behind = previous[v]!;
  const sideOf = (q: number): number => sideOfPath(edges, from, px, py, to, q);
  const [a, b] = [sideOf(behind), sideOf(ahead)];
  if (a === 0 || b === 0) return 'along';
  return a === b ? 'touch' : 'cross';
}

/** The side of the path from–p–to on which q lies, seen from p: 1 left, −1 right, 0 on it. */
function sideOfPath({ x, y }: Edges, from: number, px: number, py: number, to: number, q: number): number {
  const [fx, fy, tx, ty, qx, qy] = [x[from]!, y[from]!, x[to]!, y[to]!, x[q]!, y[q]!];
  const toSide = orientation(px, py, tx, ty, qx, qy);
  const fromSide = orientation(fx, fy, px, py, qx, qy);
  const ahead = (ax: number, ay: number) => (ax - px) * (qx - px) + (ay - py) * (qy - py) > 0;
  if ((toSide === 0 && ahead(tx, ty)) || (fromSide === 0 && ahead(fx, fy))) return 0;
  const turn = orientation(fx, fy, px, py, tx, ty);
  // At a left turn the left side is the narrow one: left of both edges; at a right turn, right of both is the narrow one.
  if (turn > 0) return toSide > 0 && fromSide > 0 ? 1 : -1;
  if (turn < 0) return toSide < 0 && fromSide < 0 ? -1 : 1;
  return toSide > 0 ? 1 : -1;
}

/** Holes outside of their outline, holes in holes, parts in parts: of rings that cross no other. */
function lintNesting(
  rings: readonly PlacedRing[],
  edges: Edges,
  locator: RingLocator,
  crossing: ReadonlySet<number>,
  report: Report,
): void {
  if (rings.length === 1) return;
  let first = 0;
  for (const [r, { ring, part, index }] of rings.entries()) {
    const start = first;
    first += ring.length - 1;
    if (crossing.has(r)) continue;
    if (locator.work > MAX_WORK) {
      report('too-intricate', 'has too many rings within rings to look at all', {});
      return;
    }
    const around = containers(ring, r, start, edges, locator);
    if (around === undefined) continue;
    const place: Place = { part: part + 1, ring: index + 1, at: ring[0]! };
    const own = around.filter((other) => rings[other]!.part === part);
    if (index > 0) {
      if (!own.some((other) => rings[other]!.index === 0))
        report('hole-outside', 'the hole lies outside of its outline', place);
      else if (own.length > 1) report('nested-rings', 'the hole lies in another hole', place);
      continue;
    }
    if (own.length > 0) report('hole-outside', 'the outline lies in one of its holes', place);
    const depth = new Map<number, number>();
    for (const other of around) {
      const at = rings[other]!;
      if (at.part !== part) depth.set(at.part, (depth.get(at.part) ?? 0) + (at.index === 0 ? 1 : -1));
    }
    for (const [other, inside] of depth) {
      if (inside > 0) report('nested-rings', `the part lies in part ${other + 1}`, place);
    }
  }
}

/** The rings that go round a ring, by a point of it that lies on no other ring; undefined where there is none. */
function containers(ring: Ring, own: number, start: number, edges: Edges, locator: RingLocator): number[] | undefined {
  const others = (edge: number) => edges.ring[edge] !== own;
  const tries = Math.min(ring.length - 1, 50);
  for (let k = 0; k < tries; k++) {
    const windings = locator.windings(edges.x[start + k]!, edges.y[start + k]!, others);
    if (windings !== undefined) return [...windings].filter(([, turns]) => turns !== 0).map(([other]) => other);
  }
  return undefined;
}
