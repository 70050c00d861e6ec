/**
 * Outlines in longitude and latitude that pass the antimeridian or go round a pole, cut so that all longitudes lie in
 * −180 … 180 and no edge leaps from one side to the other.
 *
 * Two habits are understood: longitudes that run on beyond ±180, and edges that leap (from 179 to −179), which are taken
 * the short way round. RFC 7946 would have the leap go the long way, which no outline of a mine does; so a leap is
 * believed only where the outline then is narrower than {@link MAX_WIDTH}.
 * @module
 */
import { createTransformer, WGS84, type Crs, type Transformer } from '../geo/crs.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from './polygons.ts';
import { nestRings } from './ring-nesting.ts';

/** Degrees of longitude. Wider outlines that leap may as well be meant as they stand. */
const MAX_WIDTH = 180;

/** Edges along a parallel are at most this long, so that none can be taken the other way round. */
const MAX_EDGE = 90;

/** What became of polygons. */
export interface Normalised {
  readonly polygons: Polygons;
  /** What was done, for a warning; undefined where nothing was. */
  readonly done: string | undefined;
}

/**
 * Polygons in −180 … 180 degrees of longitude.
 *
 * @param polygons Closed rings in degrees, longitude from −540 to 540.
 * @throws {RangeError} with what the feature does, where its meaning is not certain
 */
export function normaliseLongitudes(polygons: Polygons): Normalised {
  if (polygons.every((polygon) => polygon.every(isPlain))) return { polygons, done: undefined };
  const out: Polygons = [];
  let pole: string | undefined;
  let passes = false;
  for (const polygon of polygons) {
    if (!polygon.every(isWithin)) passes = true;
    const [outer, ...holes] = polygon.map(unwrap);
    if (outer!.turn !== 0) pole = capPole(outer!);
    if (holes.some((hole) => hole.turn !== 0)) throw new RangeError('has a hole that goes round a pole');
    const centre = middle(outer!.ring);
    // A hole is cut where its outline is: in the same turn of the globe.
    const rings = [
      outer!.ring,
      ...holes.map(({ ring }) => shifted(ring, 360 * Math.round((centre - middle(ring)) / 360))),
    ];
    out.push(...cutAtAntimeridian(rings));
  }
  if (pole !== undefined) return { polygons: out, done: `goes round the ${pole} pole, which was taken in` };
  return { polygons: out, done: passes ? 'passes the antimeridian; it was cut there' : undefined };
}

/** Parts of an edge that are looked at to tell which way it runs. */
const STEPS = 8;

/**
 * What is in doubt about outlines in a projected CRS: an edge that runs round more than half the globe as it stands, which
 * was meant to pass the antimeridian. Edges that do pass it, as in the UTM zones beside it, are in no doubt.
 */
export function doubtfulEdge(polygons: Polygons, crs: Crs): string | undefined {
  if (/\+lat_0=-?90(\.0*)? /.test(crs.definition)) return undefined;
  const toLonLat = createTransformer(crs, WGS84);
  for (const ring of polygons.flat()) {
    let before = Number.NaN;
    for (const [k, [x, y]] of ring.entries()) {
      const [lon] = toLonLat(x, y);
      if (Math.abs(lon - before) > 180 && runsOn(ring[k - 1]!, [x, y], toLonLat)) {
        return `has an edge round more than half the globe, from longitude ${before} to ${lon}: if it passes the antimeridian, cut it there`;
      }
      before = lon;
    }
  }
  return undefined;
}

/** Whether the longitude goes from one end to the other without a leap. */
function runsOn(a: Position, b: Position, toLonLat: Transformer): boolean {
  let [before] = toLonLat(a[0], a[1]);
  for (let step = 1; step <= STEPS; step++) {
    const t = step / STEPS;
    const [lon] = toLonLat(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
    if (Math.abs(lon - before) > 180) return false;
    before = lon;
  }
  return true;
}

/** Whether a ring stays on one side of the antimeridian as it stands. */
function isWithin(ring: Ring): boolean {
  return ring.every(
    ([lon], k) =>
      Math.abs(lon) <= 180 &&
      (k === 0 || !isLeap(lon - ring[k - 1]![0]) || (ring[k]![1] === ring[k - 1]![1] && Math.abs(ring[k]![1]) === 90)),
  );
}

/** An edge round the whole globe is as it stands: taken the short way it would be none at all. */
function isLeap(degrees: number): boolean {
  return Math.abs(degrees) > 180 && Math.abs(degrees) < 360;
}

/** Whether a ring needs nothing: no longitude beyond 180, and no edge longer than half the globe. */
function isPlain(ring: Ring): boolean {
  for (let k = 0; k < ring.length; k++) {
    const lon = ring[k]![0];
    if (lon < -180 || lon > 180) return false;
    if (k > 0 && Math.abs(lon - ring[k - 1]![0]) >= 180) return false;
  }
  return true;
}

interface Unwrapped {
  ring: Ring;
  /** Degrees that the ring turns about the globe: 0, or ±360 where it goes round a pole. */
  readonly turn: number;
}

/** A ring whose longitudes run on without leaps. @throws {RangeError} where a leap's meaning is not certain */
function unwrap(ring: Ring): Unwrapped {
  const out: Ring = [[snapped(ring[0]![0]), ring[0]![1]]];
  let shift = 0;
  let leaps = false;
  for (let k = 1; k < ring.length; k++) {
    const [lon, lat] = ring[k]!;
    const leap = lon - ring[k - 1]![0];
    const atPole = Math.abs(lat) === 90 && lat === ring[k - 1]![1];
    if (isLeap(leap) && !atPole) {
      shift -= 360 * Math.sign(leap);
      leaps = true;
    }
    out.push(...between(out.at(-1)!, [snapped(lon + shift), lat]), [snapped(lon + shift), lat]);
  }
  const turn = out.at(-1)![0] - out[0]![0];
  const [west, east] = rangeOf(out.map(([lon]) => lon));
  const width = turn === 0 ? east - west : 0;
  if (leaps && width >= MAX_WIDTH) {
    throw new RangeError(
      'has edges that leap across the antimeridian, but is wider than half the globe: cut it at 180 degrees',
    );
  }
  if (width > 360) throw new RangeError('is wider than the globe');
  return { ring: out, turn };
}

/** A longitude within 0.1 mm of the antimeridian lies on it: cutting there must leave no splinters. */
function snapped(lon: number): number {
  const line = 360 * Math.round((lon - 180) / 360) + 180;
  return Math.abs(lon - line) < 1e-9 ? line : lon;
}

function middle(ring: Ring): number {
  const [west, east] = rangeOf(ring.map(([lon]) => lon));
  return (west + east) / 2;
}

/** Points that part a long edge. */
function between(a: Position, b: Position): Ring {
  const pieces = Math.ceil(Math.abs(b[0] - a[0]) / MAX_EDGE - 1e-9);
  return Array.from({ length: Math.max(0, pieces - 1) }, (_, k): Position => {
    const t = (k + 1) / pieces;
    return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  });
}

function shifted(ring: Ring, degrees: number): Ring {
  return degrees === 0 ? ring : ring.map(([lon, lat]) => [lon + degrees, lat]);
}

/** Closes a ring that goes round a pole by way of the pole. @throws {RangeError} where it is not certain which */
function capPole(outer: Unwrapped): string {
  const [south, north] = rangeOf(outer.ring.map(([, lat]) => lat));
  if (south <= 0 && north >= 0) {
    throw new RangeError('goes round the globe on both sides of the equator: it is not certain which pole it holds');
  }
  if (Math.abs(outer.turn) !== 360) throw new RangeError('goes round the globe more than once');
  const ring = fromAntimeridian(outer.ring, outer.turn);
  const pole = north > 0 ? 90 : -90;
  const end: Position = [ring.at(-1)![0], pole];
  const start: Position = [ring[0]![0], pole];
  outer.ring = [...ring, end, ...between(end, start), start, [...ring[0]!]];
  return pole > 0 ? 'north' : 'south';
}

/** A ring round the globe, begun where it passes the antimeridian, so that it is cut nowhere else. */
function fromAntimeridian(ring: Ring, turn: number): Ring {
  const line = 360 * Math.floor((Math.min(ring[0]![0], ring.at(-1)![0]) + 180) / 360) + 180;
  for (let k = 0; k + 1 < ring.length; k++) {
    const [a, b] = [ring[k]!, ring[k + 1]!];
    if (a[0] > line === b[0] > line) continue;
    const start: Position = [line, crossingLat(a, b, line)];
    const rest = ring.slice(k + 1, -1);
    return [start, ...rest, ...shifted(ring.slice(0, k + 1), turn), [line + turn, start[1]]];
  }
  return ring;
}

function crossingLat(a: Position, b: Position, lon: number): number {
  return a[0] === lon ? a[1] : b[0] === lon ? b[1] : a[1] + ((b[1] - a[1]) * (lon - a[0])) / (b[0] - a[0]);
}

function rangeOf(values: readonly number[]): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

/** Polygons of rings that run on, cut at every odd multiple of 180 and moved to −180 … 180. */
function cutAtAntimeridian(rings: readonly Ring[]): Polygons {
  const [min, max] = rangeOf(rings[0]!.map(([lon]) => lon));
  const first = Math.floor((min + 180) / 360);
  const last = Math.max(first, Math.ceil((max - 180) / 360));
  const out: Polygons = [];
  for (let turn = first; turn <= last; turn++) {
    const inside = first === last ? rings : clip(clip(rings, 360 * turn - 180, 1), 360 * turn + 180, -1);
    out.push(...nestRings(inside.map((ring) => shifted(ring, -360 * turn))));
  }
  return out;
}

/** One part of a ring on the wanted side of a line; both its ends lie on the line. */
type Chain = Ring;

/** The rings on one side of a meridian: `side` 1 east of it, −1 west. Their direction does not count. */
function clip(rings: readonly Ring[], lon: number, side: 1 | -1): Ring[] {
  const whole: Ring[] = [];
  const chains: Chain[] = [];
  for (const ring of rings) {
    const inside = ring.slice(0, -1).map(([x]) => side * (x - lon) > 0);
    if (inside.every(Boolean)) whole.push(ring);
    else if (inside.some(Boolean)) chains.push(...chainsOf(ring.slice(0, -1), inside, lon));
  }
  return [...whole, ...joined(chains)];
}

function chainsOf(points: readonly Position[], inside: readonly boolean[], lon: number): Chain[] {
  const n = points.length;
  const chains: Chain[] = [];
  for (let k = 0; k < n; k++) {
    const next = (k + 1) % n;
    if (inside[k]! || !inside[next]!) continue;
    const chain: Chain = [[lon, crossingLat(points[k]!, points[next]!, lon)]];
    let at = next;
    while (inside[at]!) {
      chain.push(points[at]!);
      at = (at + 1) % n;
    }
    chain.push([lon, crossingLat(points[(at + n - 1) % n]!, points[at]!, lon)]);
    chains.push(chain);
  }
  return chains;
}

/** Chains joined to rings along the line: its ends, from south to north, are borders of inside and outside by turns. */
function joined(chains: readonly Chain[]): Ring[] {
  const ends = chains.flatMap((chain, index) => [
    { index, atStart: true, lat: chain[0]![1] },
    { index, atStart: false, lat: chain.at(-1)![1] },
  ]);
  ends.sort((a, b) => a.lat - b.lat);
  const partner = new Map<string, (typeof ends)[number]>();
  const key = (index: number, atStart: boolean) => `${index} ${atStart}`;
  for (let k = 0; k + 1 < ends.length; k += 2) {
    const [a, b] = [ends[k]!, ends[k + 1]!];
    partner.set(key(a.index, a.atStart), b);
    partner.set(key(b.index, b.atStart), a);
  }
  const used = new Set<number>();
  const rings: Ring[] = [];
  for (let first = 0; first < chains.length; first++) {
    if (used.has(first)) continue;
    const ring: Ring = [];
    let [index, forward] = [first, true];
    while (!used.has(index)) {
      used.add(index);
      const chain = chains[index]!;
      ring.push(...(forward ? chain : chain.toReversed()));
      const next = partner.get(key(index, !forward))!;
      [index, forward] = [next.index, next.atStart];
    }
    ring.push(ring[0]!);
    rings.push(ring.filter(([x, y], k) => k === 0 || x !== ring[k - 1]![0] || y !== ring[k - 1]![1]));
  }
  return rings.filter((ring) => ring.length >= 4 && signedRingArea(ring) !== 0);
}
