/**
 * Valid polygons of a feature's rings, as GEOS' "structure" method makes them: each ring holds what it goes round at
 * least once, holes are taken off their outline (those outside of it become parts), and parts are united.
 * @module
 */
import type { Crs } from '../../geo/crs.ts';
import { cleanRing } from '../features.ts';
import { overlay, type GroupedRing } from '../overlay.ts';
import { polygonsBbox, signedRingArea, type Polygons, type Position, type Ring } from '../polygons.ts';
import { nestRings } from '../ring-nesting.ts';
import { bboxesOverlap } from '../../geo/bbox.ts';
import { edgesOf, edgeTree, forEachMeeting, RingLocator } from '../edges.ts';
import type { Kind } from './findings.ts';
import { lintPolygons } from './geometry.ts';
import { isSliver, withoutSpikes } from './rings.ts';
import { scaleAt } from './scale.ts';

/** What the copy is held to. */
const RULES = { ringOrder: 'rfc7946', closed: true } as const;

/** Rounding may leave new tiny crossings: it is tried again, then with coordinates on a coarser and coarser grid. */
const TRIES = 8;

/** Digits kept at the last try: some 0.1 mm in degrees and in metres. */
const FINEST_DEGREES = 1e-12;
const FINEST_METRES = 1e-8;

/**
 * The polygons of a feature without what lint would name; empty where nothing is left of them.
 * @returns undefined where they cannot be mended
 */
export function repairPolygons(polygons: Polygons, crs: Crs): Polygons | undefined {
  let current: Polygons | undefined = polygons;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    current = cleaned(current, crs);
    const kinds = findings(current, crs);
    // Only what crosses nothing is judged by its width.
    if ([...kinds].every((kind) => kind === 'sliver' || kind === 'no-area')) {
      return withoutSlivers(current, crs).map(ordered);
    }
    // The first tries keep every digit.
    const grid = attempt < 2 ? 0 : (crs.geographic ? FINEST_DEGREES : FINEST_METRES) * 10 ** (attempt - 2);
    current = resolved(grid === 0 ? current : rounded(current, grid));
    if (current === undefined) return undefined;
  }
  return undefined;
}

/** The kinds of what lint names, but for the direction of rings, which is set at the end. */
function findings(polygons: Polygons, crs: Crs): Set<Kind> {
  const kinds = new Set<Kind>();
  lintPolygons(polygons, crs, { ...RULES, ringOrder: 'none' }, (kind) => kinds.add(kind));
  return kinds;
}

/** Rings closed, without repeated points and spikes; rings that are none are left out, with their holes. */
function cleaned(polygons: Polygons, crs: Crs): Polygons {
  return polygons.flatMap((polygon): Polygons => {
    const rings = polygon.map((ring) => {
      const closed = cleanRing(ring);
      const blunt = closed === undefined ? undefined : withoutSpikes(closed, scaleAt(crs, closed[0]![1]));
      return blunt === undefined || (signedRingArea(blunt) === 0 && new Set(blunt.map(String)).size < 4)
        ? undefined
        : blunt;
    });
    const [outline, ...holes] = rings;
    return outline === undefined ? [] : [[outline, ...holes.filter((hole) => hole !== undefined)]];
  });
}

/** Without sliver holes and sliver parts. */
function withoutSlivers(polygons: Polygons, crs: Crs): Polygons {
  const thin = (ring: Ring) => isSliver(ring, scaleAt(crs, ring[0]![1]));
  return polygons
    .filter(([outline]) => !thin(outline!))
    .map(([outline, ...holes]): Ring[] => [outline!, ...holes.filter((hole) => !thin(hole))]);
}

function rounded(polygons: Polygons, grid: number): Polygons {
  const round = (value: number) => Math.round(value / grid) * grid;
  return polygons.map((polygon) => polygon.map((ring) => ring.map(([x, y]): Position => [round(x), round(y)])));
}

/** Rings without crossings; undefined where they cannot be parted. */
function resolved(polygons: Polygons): Polygons | undefined {
  const [first] = polygons;
  if (polygons.length === 1 && first!.length === 1) return resolvedRing(first![0]!);
  const parts: Polygons = [];
  for (const polygon of polygons) {
    const part = resolvedPolygon(polygon);
    if (part === undefined) return undefined;
    parts.push(...part);
  }
  return overlay(inGroup(parts, 0), (turns) => turns > 0);
}

function resolvedPolygon(polygon: readonly Ring[]): Polygons | undefined {
  const [outline, ...holes] = inRightOrder(polygon);
  const shell = resolvedRing(outline!);
  if (shell === undefined || shell.length === 0 || holes.length === 0) return shell;
  const grouped = inGroup(shell, 0);
  const meets = meetsShell(shell);
  const parts: Polygons = [];
  for (const hole of holes) {
    const empty = resolvedRing(hole);
    if (empty === undefined) return undefined;
    if (empty.length === 0) continue;
    // A hole that lies outside of its outline was drawn as a part: no one draws it to no purpose.
    if (meets(empty)) grouped.push(...inGroup(empty, 1));
    else parts.push(...empty);
  }
  const left = overlay(grouped, (turns, empty) => turns > 0 && empty === 0);
  return left === undefined ? undefined : [...left, ...parts];
}

/** Whether polygons share a point with an outline. */
function meetsShell(shell: Polygons): (polygons: Polygons) => boolean {
  const covers = coverOf(shell);
  const box = polygonsBbox(shell);
  return (polygons) => {
    if (!bboxesOverlap(box, polygonsBbox(polygons))) return false;
    if (polygons.flat(2).some(covers) || shell.flat(2).some(coverOf(polygons))) return true;
    const edges = edgesOf([...shell.flat(), ...polygons.flat()]);
    let crosses = false;
    forEachMeeting(edges, edgeTree(edges), { cross: () => !(crosses = true), touch: () => true });
    return crosses;
  };
}

/** Whether a point lies in polygons or on their border. */
function coverOf(polygons: Polygons): (point: Position) => boolean {
  const edges = edgesOf(inGroup(polygons, 0).map(({ ring }) => ring));
  const locator = new RingLocator(edges);
  return ([x, y]) => {
    const windings = locator.windings(x, y);
    return windings === undefined || [...windings.values()].reduce((sum, turns) => sum + turns, 0) > 0;
  };
}

/** Rings of which the first is not a hole: where a "hole" holds the outline, roles follow from nesting. */
function inRightOrder(polygon: readonly Ring[]): readonly Ring[] {
  const [outline, ...holes] = polygon;
  const area = Math.abs(signedRingArea(outline!));
  if (!holes.some((hole) => Math.abs(signedRingArea(hole)) > area)) return polygon;
  const nested = nestRings(polygon);
  return nested.length === 1 ? nested[0]! : polygon;
}

/** What a ring goes round at least once, either way. */
function resolvedRing(ring: Ring): Polygons | undefined {
  return overlay([{ ring, group: 0 }], (turns) => turns !== 0);
}

/** The rings of valid polygons, turned so that only their inside is gone round. */
function inGroup(polygons: Polygons, group: 0 | 1): GroupedRing[] {
  return polygons.map(ordered).flatMap((polygon) => polygon.map((ring) => ({ ring, group })));
}

function ordered(polygon: readonly Ring[]): Ring[] {
  return polygon.map((ring, r) => wound(ring, r === 0));
}

function wound(ring: Ring, counterClockwise: boolean): Ring {
  return signedRingArea(ring) > 0 === counterClockwise ? ring : ring.toReversed();
}
