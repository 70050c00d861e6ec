/**
 * Zones that overlap, and the union of each role's zones, so that totals count nothing twice.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import { bboxesOverlap, type Bbox } from '../geo/bbox.ts';
import { zoneAreaM2 } from './geodesic-area.ts';
import { countPoints, polygonsBbox, type Polygons } from './polygons.ts';
import { projectZone } from './project.ts';
import type { Zone } from './zone.ts';

/** Two zones that share some ground. */
export interface Overlap {
  /** Ids, in the order of the zones. */
  readonly a: string;
  readonly b: string;
  /** Shared ellipsoidal area; NaN where it could not be worked out, which `problem` then explains. */
  readonly areaM2: number;
  readonly problem?: string;
}

/** Shared area below this part of the smaller zone is rounding along a common border. */
const NEGLIGIBLE_SHARE = 1e-9;

/** Points of zones to intersect in all; some twelve seconds of work. Pairs beyond it are left unmeasured. */
const MAX_POINTS = 1_000_000;

/**
 * All pairs of zones that overlap, with the area they share. Edges are straight in the first zone's CRS.
 * Common borders are no overlap.
 */
export async function findOverlaps(zones: readonly Zone[]): Promise<Overlap[]> {
  const pairs = neighbours(zones);
  if (pairs.length === 0) return [];
  // Loaded only where needed: it takes longer to load than most runs take to plan.
  const turf = await import('@turf/turf');
  const areas = new Map<Zone, number>();
  const areaOf = (zone: Zone) => {
    const area = areas.get(zone) ?? zoneAreaM2(zone);
    areas.set(zone, area);
    return area;
  };
  const overlaps: Overlap[] = [];
  let points = 0;
  for (const [a, b] of pairs) {
    points += countPoints(a.polygons) + countPoints(b.polygons);
    if (points > MAX_POINTS) {
      overlaps.push({
        a: a.id,
        b: b.id,
        areaM2: Number.NaN,
        problem: 'too many zones and points to measure every overlap',
      });
      continue;
    }
    try {
      const shared = turf.intersect(
        turf.featureCollection([turf.multiPolygon(a.polygons), turf.multiPolygon(projectZone(b, a.crs))]),
      );
      if (shared === null) continue;
      const areaM2 = zoneAreaM2({ ...a, polygons: toPolygons(shared.geometry) });
      if (areaM2 > NEGLIGIBLE_SHARE * Math.min(areaOf(a), areaOf(b))) overlaps.push({ a: a.id, b: b.id, areaM2 });
    } catch (error) {
      overlaps.push({ a: a.id, b: b.id, areaM2: Number.NaN, problem: messageOf(error) });
    }
  }
  return overlaps;
}

/**
 * For each role in which zones overlap, one zone that is the union of all of the role's zones, with the id `role:<role>`.
 * A role without overlaps has none: the sum of its zones is its total.
 *
 * @param overlaps What {@link findOverlaps} found in the same zones.
 * @throws {MineRsError} BAD_INPUT for outlines too broken to be united
 */
export async function roleUnions(zones: readonly Zone[], overlaps: readonly Overlap[]): Promise<Zone[]> {
  const byId = new Map(zones.map((zone) => [zone.id, zone]));
  const roles = new Map<string, Set<Zone>>();
  for (const { a, b } of overlaps) {
    const [zoneA, zoneB] = [byId.get(a), byId.get(b)];
    if (zoneA === undefined || zoneB === undefined || zoneA.role !== zoneB.role) continue;
    const touched = roles.get(zoneA.role) ?? new Set<Zone>();
    roles.set(zoneA.role, touched.add(zoneA).add(zoneB));
  }
  if (roles.size === 0) return [];
  const turf = await import('@turf/turf');
  return [...roles].map(([role, touched]) => {
    const all = zones.filter((zone) => zone.role === role);
    const crs = all[0]!.crs;
    // Only what overlaps is united; the other zones join as they are.
    const parts = turf.featureCollection([...touched].map((zone) => turf.multiPolygon(projectZone(zone, crs))));
    let polygons: Polygons;
    try {
      const united = turf.union(parts);
      polygons = united === null ? [] : toPolygons(united.geometry);
    } catch (error) {
      throw new MineRsError(
        'BAD_INPUT',
        `The overlapping zones of role '${role}' (${[...touched].map((zone) => zone.id).join(', ')}) cannot be united ` +
          `(${messageOf(error)}). Mend their outlines, or let them not overlap`,
        { role },
      );
    }
    for (const zone of all) if (!touched.has(zone)) polygons.push(...projectZone(zone, crs));
    return { id: `role:${role}`, name: `all ${role}`, role, properties: {}, polygons, crs };
  });
}

/** Pairs of zones whose bounding boxes overlap, in the order of the zones. */
function neighbours(zones: readonly Zone[]): [Zone, Zone][] {
  const [first] = zones;
  if (first === undefined) return [];
  const boxes = zones.map((zone, k): { bbox: Bbox; k: number } => ({
    bbox: polygonsBbox(projectZone(zone, first.crs)),
    k,
  }));
  boxes.sort((p, q) => p.bbox[0] - q.bbox[0]);
  const pairs: [number, number][] = [];
  for (const [i, { bbox, k }] of boxes.entries()) {
    for (let next = i + 1; next < boxes.length && boxes[next]!.bbox[0] < bbox[2]; next++) {
      const other = boxes[next]!;
      if (bboxesOverlap(bbox, other.bbox)) pairs.push([Math.min(k, other.k), Math.max(k, other.k)]);
    }
  }
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  return pairs.map(([i, j]) => [zones[i]!, zones[j]!]);
}

function toPolygons(geometry: { type: string; coordinates: unknown }): Polygons {
  return (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as Polygons;
}
