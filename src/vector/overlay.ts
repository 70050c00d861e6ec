/**
 * Valid polygons of rings that cross, touch or run over themselves.
 *
 * The rings are cut where they meet, and the plane falls into faces. How often the rings go round a face is found for
 * one face exactly, and for its neighbours by counting the edges between. A rule says which faces are inside; the edges
 * between inside and outside make the new rings.
 * @module
 */
import { edgesOf, RingLocator, type Edges } from './edges.ts';
import { nodeRings } from './noding.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from './polygons.ts';
import { nestRings } from './ring-nesting.ts';
import { orientation } from './orientation.ts';

/** A ring and the group in which its turns are counted. */
export interface GroupedRing {
  readonly ring: Ring;
  /** 0 or 1. */
  readonly group: 0 | 1;
}

/** Whether a face is inside, by how often the rings of group 0 and of group 1 go round it, counter-clockwise positive. */
export type InsideRule = (first: number, second: number) => boolean;

/** One piece of edge between two nodes, with what changes across it. */
interface Piece {
  readonly a: number;
  readonly b: number;
  /** Turns on the left less turns on the right, by group, going from a to b. */
  readonly d0: number;
  readonly d1: number;
  /** Turns on the left side. */
  left0: number;
  left1: number;
  known: boolean;
}

/**
 * The faces that a rule counts as inside, as valid polygons: rings closed, outlines counter-clockwise, holes clockwise.
 * @returns undefined where the edges cannot be parted
 */
export function overlay(rings: readonly GroupedRing[], inside: InsideRule): Polygons | undefined {
  // Nodes are cut for all rings together; a ring that shrinks to nothing takes its group along.
  const tagged = new Map<Ring, 0 | 1>();
  const kept = rings.filter(({ ring }) => ring.length >= 3);
  const noded = nodeRings(kept.map(({ ring }) => ring));
  if (noded === undefined) return undefined;
  if (noded.length !== kept.length) {
    const again = kept.filter(({ ring }) => new Set(ring.map(String)).size > 2);
    return again.length < kept.length ? overlay(again, inside) : undefined;
  }
  for (const [k, ring] of noded.entries()) tagged.set(ring, kept[k]!.group);
  const edges = edgesOf(noded);
  const { nodes, pieces } = graphOf(noded, tagged);
  const out = incident(nodes, pieces);
  if (!spread(nodes, pieces, out, edges, noded, tagged)) return undefined;
  return polygonsOf(nodes, pieces, out, inside);
}

/** Nodes and the pieces between them; pieces that lie on one another are one. */
function graphOf(rings: readonly Ring[], tagged: ReadonlyMap<Ring, 0 | 1>): { nodes: Position[]; pieces: Piece[] } {
  const nodes: Position[] = [];
  const numbers = new Map<number, Map<number, number>>();
  const numberOf = ([x, y]: Position): number => {
    let column = numbers.get(x);
    if (column === undefined) numbers.set(x, (column = new Map()));
    let number = column.get(y);
    if (number === undefined) {
      column.set(y, (number = nodes.length));
      nodes.push([x, y]);
    }
    return number;
  };
  const changes = new Map<string, { a: number; b: number; d0: number; d1: number }>();
  for (const ring of rings) {
    const group = tagged.get(ring)!;
    for (let k = 0; k + 1 < ring.length; k++) {
      const [from, to] = [numberOf(ring[k]!), numberOf(ring[k + 1]!)];
      if (from === to) continue;
      const [a, b] = from < to ? [from, to] : [to, from];
      const key = `${a} ${b}`;
      const change = changes.get(key) ?? { a, b, d0: 0, d1: 0 };
      // A ring's own left is where it goes round once more.
      change[group === 0 ? 'd0' : 'd1'] += from < to ? 1 : -1;
      changes.set(key, change);
    }
  }
  // What is run along there and back parts nothing.
  const real = [...changes.values()].filter(({ d0, d1 }) => d0 !== 0 || d1 !== 0);
  return { nodes, pieces: real.map((change) => ({ ...change, left0: 0, left1: 0, known: false })) };
}

/** For each node its pieces, counter-clockwise by direction: piece · 2, plus 1 where the node is its end b. */
function incident(nodes: readonly Position[], pieces: readonly Piece[]): number[][] {
  const out: number[][] = nodes.map(() => []);
  for (const [k, { a, b }] of pieces.entries()) {
    out[a]!.push(k * 2);
    out[b]!.push(k * 2 + 1);
  }
  const other = (half: number): Position => nodes[half % 2 === 0 ? pieces[half >> 1]!.b : pieces[half >> 1]!.a]!;
  for (const [v, halves] of out.entries()) {
    if (halves.length < 2) continue;
    const [x, y] = nodes[v]!;
    // Upper half plane first (angle 0 included), then exactly by the side.
    const lower = (p: Position) => p[1] < y || (p[1] === y && p[0] < x);
    halves.sort((g, h) => {
      const [p, q] = [other(g), other(h)];
      const [lp, lq] = [lower(p), lower(q)];
      if (lp !== lq) return lp ? 1 : -1;
      return -orientation(x, y, p[0], p[1], q[0], q[1]);
    });
  }
  return out;
}

/** Counts the turns left of every piece, from a node that is certain to its neighbours. */
function spread(
  nodes: readonly Position[],
  pieces: Piece[],
  out: readonly number[][],
  edges: Edges,
  rings: readonly Ring[],
  tagged: ReadonlyMap<Ring, 0 | 1>,
): boolean {
  const component = componentsOf(nodes.length, pieces);
  const locator = new RingLocator(edges);
  const nodeOf = new Map<string, number>(nodes.map(([x, y], k) => [`${x} ${y}`, k]));
  const edgeComponent = Uint32Array.from(
    { length: edges.n },
    (_, k) => component[nodeOf.get(`${edges.x[k]} ${edges.y[k]}`)!]!,
  );
  // The west-most node of each component, of several the lowest: left of it the component itself is not.
  const starts = new Map<number, number>();
  for (const [v, [x, y]] of nodes.entries()) {
    if (out[v]!.length === 0) continue;
    const best = starts.get(component[v]!);
    const [bx, by] = best === undefined ? [Infinity, Infinity] : nodes[best]!;
    if (x < bx || (x === bx && y < by)) starts.set(component[v]!, v);
  }
  for (const [own, start] of starts) {
    const [x, y] = nodes[start]!;
    const around = locator.windings(x, y, (edge) => edgeComponent[edge] !== own);
    if (around === undefined) return false;
    let [w0, w1] = [0, 0];
    for (const [ring, turns] of around) {
      if (tagged.get(rings[ring]!) === 0) w0 += turns;
      else w1 += turns;
    }
    // All of its pieces go east, or straight north: the face before the first of them from the south is outside of it.
    const halves = out[start]!;
    const firstLower = halves.findIndex((half) => isLower(nodes, pieces, start, half));
    spreadFrom(nodes, pieces, out, start, firstLower < 0 ? 0 : firstLower, w0, w1);
  }
  return true;
}

function isLower(nodes: readonly Position[], pieces: readonly Piece[], node: number, half: number): boolean {
  const piece = pieces[half >> 1]!;
  const other = nodes[half % 2 === 0 ? piece.b : piece.a]!;
  return other[1] < nodes[node]![1];
}

/**
 * Walks over a component. At a node, the sector before its piece number `first` (clockwise of it) has the turns given.
 */
function spreadFrom(
  nodes: readonly Position[],
  pieces: Piece[],
  out: readonly number[][],
  start: number,
  first: number,
  w0: number,
  w1: number,
): void {
  const queue: [node: number, first: number, w0: number, w1: number][] = [[start, first, w0, w1]];
  const seen = new Set<number>([start]);
  while (queue.length > 0) {
    const [node, from, before0, before1] = queue.pop()!;
    const halves = out[node]!;
    let [turns0, turns1] = [before0, before1];
    for (let k = 0; k < halves.length; k++) {
      const half = halves[(from + k) % halves.length]!;
      const piece = pieces[half >> 1]!;
      // Going out from the node, the sector before is on the right, the one after on the left.
      const sign = half % 2 === 0 ? 1 : -1;
      const [right0, right1] = [turns0, turns1];
      turns0 += sign * piece.d0;
      turns1 += sign * piece.d1;
      if (!piece.known) {
        piece.known = true;
        piece.left0 = sign > 0 ? turns0 : right0;
        piece.left1 = sign > 0 ? turns1 : right1;
      }
      const other = sign > 0 ? piece.b : piece.a;
      if (seen.has(other)) continue;
      seen.add(other);
      // At its other end the piece goes out the other way: what was on its left is on its right.
      const place = out[other]!.indexOf(half ^ 1);
      queue.push([other, place, turns0, turns1]);
    }
  }
}

function componentsOf(n: number, pieces: readonly Piece[]): Uint32Array {
  const parent = Uint32Array.from({ length: n }, (_, k) => k);
  const find = (k: number): number => {
    let root = k;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = k; parent[at] !== root;) {
      const up = parent[at]!;
      parent[at] = root;
      at = up;
    }
    return root;
  };
  for (const { a, b } of pieces) parent[find(a)] = find(b);
  return parent.map((_, k) => find(k));
}

/** The border of all inside faces, as rings that touch themselves nowhere. */
function polygonsOf(
  nodes: readonly Position[],
  pieces: readonly Piece[],
  out: readonly number[][],
  inside: InsideRule,
): Polygons {
  // A half is part of the border where its left is inside and its right is not.
  const isBorder = (half: number): boolean => {
    const { left0, left1, d0, d1 } = pieces[half >> 1]!;
    const left = inside(left0, left1);
    const right = inside(left0 - d0, left1 - d1);
    return half % 2 === 0 ? left && !right : right && !left;
  };
  const end = (half: number): number => (half % 2 === 0 ? pieces[half >> 1]!.b : pieces[half >> 1]!.a);
  const used = new Set<number>();
  const rings: Ring[] = [];
  for (let first = 0; first < pieces.length * 2; first++) {
    if (used.has(first) || !isBorder(first)) continue;
    const path: number[] = [];
    const placeOf = new Map<number, number>();
    for (let half = first; !used.has(half);) {
      used.add(half);
      const node = end(half);
      path.push(node);
      const before = placeOf.get(node);
      if (before !== undefined) {
        // Back at a node: what lies between is a ring of its own.
        const loop = path.splice(before + 1);
        for (const visited of loop) placeOf.delete(visited);
        placeOf.set(node, before);
        rings.push(closedLoop(loop, nodes));
      } else placeOf.set(node, path.length - 1);
      half = nextBorder(half, node, out, isBorder);
    }
    if (path.length > 2) rings.push(closedLoop(path, nodes));
  }
  const real = rings.filter((ring) => ring.length >= 4 && signedRingArea(ring) !== 0);
  return nested(real);
}

/** The border half that goes on at a node: the first one clockwise from where it came, round the inside face. */
function nextBorder(half: number, node: number, out: readonly number[][], isBorder: (half: number) => boolean): number {
  const halves = out[node]!;
  const from = halves.indexOf(half ^ 1);
  for (let k = 1; k <= halves.length; k++) {
    const candidate = halves[(from - k + 2 * halves.length) % halves.length]!;
    if (isBorder(candidate)) return candidate;
  }
  throw new RangeError('The border of a face has an open end');
}

function closedLoop(loop: readonly number[], nodes: readonly Position[]): Ring {
  const ring = loop.map((node): Position => nodes[node]!);
  ring.push(ring[0]!);
  return ring;
}

/** Polygons of the rings of a border: counter-clockwise ones are outlines, clockwise ones holes of those around them. */
function nested(rings: readonly Ring[]): Polygons {
  return nestRings(rings).map((polygon) =>
    polygon.map((ring, r) => (signedRingArea(ring) > 0 === (r === 0) ? ring : ring.toReversed())),
  );
}
