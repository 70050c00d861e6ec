/**
 * Zones that overlap, and the union of each role's zones, so that totals count nothing twice.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import { bboxesOverlap, type Bbox } from '../geo/bbox.ts';
import type { Crs } from '../geo/crs.ts';
import { intersect, unite } from './clip.ts';
import { zoneAreaM2 } from './geodesic-area.ts';
import { sharedArea } from './overlap-area.ts';
import { countPoints, planarMeasures, polygonsBbox, type Polygons } from './polygons.ts';
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

/** Most pairs of zones whose bounding boxes overlap; some twenty seconds of work. */
const MAX_PAIRS = 1_000_000;

/** Zones that are united in one step: a sweep over very many outlines at once takes gigabytes. */
const UNITED_AT_ONCE = 32;

/** Zones that a message names. */
const IDS_NAMED = 10;

/**
 * Points of overlapping zones to clip in all; some three seconds of work. The area of pairs beyond it is the planar one
 * times the first zone's ratio of ellipsoidal to planar area.
 */
const MAX_POINTS = 250_000;

/**
 * All pairs of zones that overlap, with the area they share. Edges are straight in the first zone's CRS.
 * Common borders are no overlap.
 *
 * @throws {MineRsError} BAD_INPUT for more pairs than can be looked at
 */
export async function findOverlaps(zones: readonly Zone[]): Promise<Overlap[]> {
  const overlaps: Overlap[] = [];
  let points = 0;
  for (const [a, b] of neighbours(zones)) {
    const inB = projectZone(b, a.crs);
    const planar = sharedArea(a.polygons, inB);
    if (planar === undefined) {
      overlaps.push({ a: a.id, b: b.id, areaM2: Number.NaN, problem: 'their outlines are too intricate' });
      continue;
    }
    const planarA = planarMeasures(a.polygons).area;
    if (!(planar > NEGLIGIBLE_SHARE * Math.min(planarA, planarMeasures(inB).area))) continue;
    points += countPoints(a.polygons) + countPoints(inB);
    const exact = points > MAX_POINTS ? undefined : await clippedAreaM2(a, inB);
    overlaps.push({ a: a.id, b: b.id, areaM2: exact ?? planar * (zoneAreaM2(a) / planarA) });
  }
  return overlaps;
}

/** Ellipsoidal area of what a zone shares with polygons of its CRS; undefined where the outlines resist clipping. */
async function clippedAreaM2(zone: Zone, polygons: Polygons): Promise<number | undefined> {
  try {
    const shared = await intersect(zone.polygons, polygons);
    return shared.length === 0 ? undefined : zoneAreaM2({ ...zone, polygons: shared });
  } catch {
    return undefined;
  }
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
  const groups = new Groups<Zone>();
  for (const { a, b } of overlaps) {
    const [zoneA, zoneB] = [byId.get(a), byId.get(b)];
    if (zoneA !== undefined && zoneB !== undefined && zoneA.role === zoneB.role) groups.join(zoneA, zoneB);
  }
  const united = new Map<string, Polygons>();
  for (const group of groups.all()) {
    const { role, crs } = zones.find((zone) => zone.role === group[0]!.role)!;
    const polygons = united.get(role) ?? [];
    for (const polygon of await uniteGroup(group, crs)) polygons.push(polygon);
    united.set(role, polygons);
  }
  return [...united].map(([role, polygons]) => {
    const all = zones.filter((zone) => zone.role === role);
    const { crs } = all[0]!;
    // Only what overlaps is united; the other zones join as they are.
    for (const zone of all) {
      if (groups.has(zone)) continue;
      for (const polygon of projectZone(zone, crs)) polygons.push(polygon);
    }
    return { id: `role:${role}`, name: `all ${role}`, role, properties: {}, polygons, crs };
  });
}

/** The union of zones that hang together. */
async function uniteGroup(group: readonly Zone[], crs: Crs): Promise<Polygons> {
  try {
    let parts = group.map((zone) => projectZone(zone, crs));
    if (parts.length > UNITED_AT_ONCE) {
      // Neighbours first: what lies inside of a union is not carried on.
      const boxes = new Map(parts.map((part) => [part, polygonsBbox(part)]));
      parts.sort((a, b) => boxes.get(a)![0] - boxes.get(b)![0] || boxes.get(a)![1] - boxes.get(b)![1]);
    }
    while (parts.length > 1) {
      const united: Polygons[] = [];
      for (let k = 0; k < parts.length; k += UNITED_AT_ONCE)
        united.push(await unite(parts.slice(k, k + UNITED_AT_ONCE)));
      parts = united;
    }
    return parts[0] ?? [];
  } catch (error) {
    const { role } = group[0]!;
    const ids = group.slice(0, IDS_NAMED).map((zone) => zone.id);
    const named = `${ids.join(', ')}${group.length > IDS_NAMED ? ` and ${group.length - IDS_NAMED} more` : ''}`;
    throw new MineRsError(
      'BAD_INPUT',
      `The overlapping zones of role '${role}' (${named}) cannot be united ` +
        `(${messageOf(error)}). Mend their outlines, or let them not overlap`,
      { role },
    );
  }
}

/** Things that hang together, directly or by way of others (disjoint sets). */
class Groups<T> {
  readonly #parent = new Map<T, T>();

  has(item: T): boolean {
    return this.#parent.has(item);
  }

  join(a: T, b: T): void {
    this.#parent.set(this.#root(a), this.#root(b));
  }

  /** In the order in which their members came in. */
  all(): T[][] {
    const groups = new Map<T, T[]>();
    for (const item of this.#parent.keys()) {
      const root = this.#root(item);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [item]);
      else group.push(item);
    }
    return [...groups.values()];
  }

  #root(item: T): T {
    let at = item;
    for (;;) {
      const parent = this.#parent.get(at) ?? at;
      const next = this.#parent.get(parent) ?? parent;
      this.#parent.set(at, next);
      if (next === at) return at;
      at = next;
    }
  }
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
      if (pairs.length > MAX_PAIRS) {
        throw new MineRsError(
          'BAD_INPUT',
          `More than ${MAX_PAIRS} pairs of zones lie so close that they may overlap: do zones come twice? ` +
            'Join zones that belong together, or split the file',
        );
      }
    }
  }
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  return pairs.map(([i, j]) => [zones[i]!, zones[j]!]);
}
