/**
 * Zones in another CRS: edges stay as straight as they are in the file's own CRS.
 * @module
 */
import { createTransformer, sameCrs, type Crs, type Transformer } from '../geo/crs.ts';
import { MineRsError } from '../errors.ts';
import { countPoints, planarMeasures, type Polygons, type Position, type Ring } from './polygons.ts';
import type { Zone } from './zone.ts';

export { polygonsBbox } from './polygons.ts';

/**
 * Largest distance of a projected edge from its true curve, in units of 4·area/perimeter (the side, for a square). The
 * relative error of the area is then below 3e-9.
 */
const DEVIATION = 1e-9;

/** No zone gets more points than this by densifying; beyond it the tolerance grows instead. */
const MAX_ADDED_POINTS = 2_000_000;

/** Edges are probed in pieces of at most this many degrees or metres, in which a projection bends only one way. */
const PROBE_DEGREES = 0.25;
const PROBE_METRES = 25_000;

/** A point that does not come back to within this many degrees or metres has no image in the other CRS. */
const ROUND_TRIP_DEGREES = 1e-5;
const ROUND_TRIP_METRES = 1;

/**
 * A zone's polygons in another CRS, holes kept. Edges are straight in the file's CRS (as RFC 7946 says for GeoJSON), so
 * points are added to them before they are projected, as many as the bend of the projection asks for.
 *
 * @param deviation Largest distance from the true curve, relative to 4·area/perimeter.
 * @throws {MineRsError} BAD_INPUT if the zone lies where the CRS has no coordinates
 */
export function projectZone(zone: Zone, crs: Crs, deviation = DEVIATION): Position[][][] {
  if (sameCrs(zone.crs, crs)) return zone.polygons;
  const key = `${crs.definition} ${deviation}`;
  const known = kept.get(zone)?.get(key);
  if (known !== undefined) return known;
  const projected = project(zone, crs, deviation);
  const points = countPoints(projected);
  if (points <= mayKeep) {
    mayKeep -= points;
    const ofZone = kept.get(zone) ?? new Map<string, Position[][][]>();
    kept.set(zone, ofZone.set(key, projected));
  }
  return projected;
}

/** What was projected before: a plan asks for the same zones several times. Whoever gets it must not change it. */
const kept = new WeakMap<Zone, Map<string, Position[][][]>>();
/** Points that may still be kept, some 10 MB of them. */
let mayKeep = 100_000;

function project(zone: Zone, crs: Crs, deviation: number): Position[][][] {
  const forward = createTransformer(zone.crs, crs);
  checkRoundTrip(zone, crs, forward);
  const plain = zone.polygons.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => forward(x, y))));
  const { area, perimeter } = planarMeasures(plain);
  // Nothing but points: there is no edge to follow.
  if (!(perimeter > 0)) return plain;
  // A polygon without area has no meaningful size; a thousandth of its length keeps the work bounded.
  let tolerance = deviation * Math.max((4 * Math.abs(area)) / perimeter, perimeter / 1e6);
  const probe = zone.crs.geographic ? PROBE_DEGREES : PROBE_METRES;
  const points = countPoints(plain);
  for (;;) {
    const added = { left: MAX_ADDED_POINTS };
    const projected: Polygons = zone.polygons.map((polygon) =>
      polygon.map((ring) =>
        projectRing(ring, forward, tolerance, probe, added, (x, y) => unrepresentable(zone, crs, x, y)),
      ),
    );
    if (added.left >= 0 || points === 0) return projected;
    tolerance *= 16;
  }
}

/** One ring, densified and projected; `added.left` turns negative where the budget of points is spent. */
function projectRing(
  ring: Ring,
  forward: Transformer,
  tolerance: number,
  probe: number,
  added: { left: number },
  unseen: (x: number, y: number) => MineRsError,
): Ring {
  const out: Ring = [];
  for (let k = 0; k + 1 < ring.length && added.left >= 0; k++) {
    const [x0, y0] = ring[k]!;
    const [x1, y1] = ring[k + 1]!;
    const pieces = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / probe) || 1;
    for (let piece = 0; piece < pieces && added.left >= 0; piece++) {
      const t0 = piece / pieces;
      const t1 = (piece + 1) / pieces;
      const at = (t: number) => forward(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
      const start = t0 === 0 ? forward(x0, y0) : at(t0);
      const end = t1 === 1 ? forward(x1, y1) : at(t1);
      let bend = 0;
      for (const part of [0.25, 0.5, 0.75]) {
        const point = at(t0 + (t1 - t0) * part);
        const dx = point[0] - (start[0] + (end[0] - start[0]) * part);
        const dy = point[1] - (start[1] + (end[1] - start[1]) * part);
        bend = Math.max(bend, Math.hypot(dx, dy));
      }
      // A corner may have an image, such as a pole, where an edge has none.
      if (!Number.isFinite(bend)) throw unseen(x0 + (x1 - x0) * t0, y0 + (y1 - y0) * t0);
      // The distance of a chord from its curve falls with the square of the number of chords; 1.5 for a bend that is
      // not the same all along.
      const chords = Math.max(1, Math.ceil(Math.sqrt((1.5 * bend) / tolerance)));
      added.left -= chords - (piece === 0 ? 1 : 0);
      out.push(start);
      for (let i = 1; i < chords && added.left >= 0; i++) out.push(at(t0 + ((t1 - t0) * i) / chords));
    }
  }
  if (out.length > 0) out.push([...out[0]!]);
  return out;
}

/** Far from its own area a projection folds back or ends; points there must not land inside a grid by chance. */
function checkRoundTrip(zone: Zone, crs: Crs, forward: Transformer): void {
  const backward = createTransformer(crs, zone.crs);
  const limit = zone.crs.geographic ? ROUND_TRIP_DEGREES : ROUND_TRIP_METRES;
  for (const polygon of zone.polygons) {
    for (const ring of polygon) {
      for (const [x, y] of ring) {
        const there = forward(x, y);
        const back = backward(there[0], there[1]);
        let dx = Math.abs(back[0] - x);
        if (zone.crs.geographic && dx > 180) dx = Math.abs(360 - dx);
        // At a pole every longitude is the same point.
        if (zone.crs.geographic && Math.abs(y) === 90) dx = 0;
        // Written so that NaN fails too.
        if (dx <= limit && Math.abs(back[1] - y) <= limit) continue;
        throw unrepresentable(zone, crs, x, y);
      }
    }
  }
}

function unrepresentable(zone: Zone, crs: Crs, x: number, y: number): MineRsError {
  return new MineRsError(
    'BAD_INPUT',
    `Zone '${zone.id}' has a point (${x}, ${y}) in ${zone.crs.name} that ${crs.name} cannot represent. ` +
      'Is the zone in the place of the scenes, and its CRS the right one?',
    { zone: zone.id, x, y, from: zone.crs.name, to: crs.name },
  );
}
