/**
 * What is wrong with the zones of a file, and a mended copy of them.
 * @module
 */
import { MineRsError, messageOf } from '../../errors.ts';
import { WGS84, type Crs } from '../../geo/crs.ts';
import { doubtfulEdge, normaliseLongitudes } from '../antimeridian.ts';
import { cleanPolygon, type Feature, type FeatureSet } from '../features.ts';
import { zoneFields, type FieldNames, type ZoneFields } from '../fields.ts';
import { openVectorFile, splitLayer } from '../formats/open.ts';
import { zoneAreaM2 } from '../geodesic-area.ts';
import { findOverlaps } from '../overlaps.ts';
import type { Polygons } from '../polygons.ts';
import { projectZone } from '../project.ts';
import type { Zone } from '../zone.ts';
import { Findings } from './findings.ts';
import { lintPolygons } from './geometry.ts';
import { pointOutside, suspicion } from './place.ts';
import { repairPolygons } from './repair.ts';

/** Which layer, and how the attributes are called. */
export interface LintOptions extends FieldNames {
  readonly layer?: string | undefined;
}

/** A file that was looked at. */
export interface Linted {
  readonly path: string;
  readonly format: string;
  readonly crs: Crs;
  readonly features: number;
  /** Features with polygons. */
  readonly zones: number;
  readonly findings: Findings;
}

/** m². */
const HECTARE = 1e4;

/**
 * Looks at the zones of a file.
 * @throws {MineRsError} BAD_INPUT for a file that cannot be read; USAGE for a named field that no feature has
 */
export async function lintAoi(path: string, options: LintOptions = {}): Promise<Linted> {
  const { file, set } = await open(path, options);
  return lintSet(file, set, options);
}

async function open(path: string, options: LintOptions): Promise<{ file: string; set: FeatureSet }> {
  const named = splitLayer(path);
  const { set } = await openVectorFile(named.path, named.layer ?? options.layer);
  return { file: named.path, set };
}

async function lintSet(path: string, set: FeatureSet, options: LintOptions): Promise<Linted> {
  const findings = new Findings();
  for (const text of set.warnings) findings.add('file', text);
  if (set.hasZ) findings.add('heights', 'points have heights or measures, which are not used');
  const used = set.features.filter(({ polygons }) => polygons.length > 0);
  if (used.length === 0) findings.add('no-zones', `none of its ${set.features.length} features has a polygon`);
  const fields = zoneFields(path, used, options);
  const ids = new Map<string, number>();
  const sound: Zone[] = [];
  for (const feature of set.features) {
    const zone = lintFeature(feature, set, fields, ids, findings);
    if (zone !== undefined) sound.push(zone);
  }
  for (const { a, b, areaM2, problem } of await findOverlaps(sound)) {
    const size = problem === undefined ? `${(areaM2 / HECTARE).toFixed(4)} ha` : `an unknown area (${problem})`;
    findings.add('overlap', `shares ${size} with zone '${b}'`, { feature: ids.get(a) ?? 0, id: a });
  }
  return { path, format: set.format, crs: set.crs, features: set.features.length, zones: used.length, findings };
}

/** Looks at one feature; returns it as a zone where nothing is wrong that would spoil a comparison with others. */
function lintFeature(
  feature: Feature,
  set: FeatureSet,
  fields: ZoneFields,
  ids: Map<string, number>,
  findings: Findings,
): Zone | undefined {
  const { number, polygons } = feature;
  if (polygons.length === 0) {
    findings.add('no-polygon', `has no polygon (${feature.geometryType})`, { feature: number });
    return undefined;
  }
  const given = fields.id(feature);
  const id = given ?? String(number);
  const place = { feature: number, id };
  if (given === undefined) findings.add('missing-id', `has no id; a run calls it '${id}'`, place);
  const before = ids.get(id);
  if (before !== undefined) findings.add('double-id', `has the same id as feature ${before}`, place);
  else ids.set(id, number);
  const outside = pointOutside(polygons, set.crs);
  if (outside !== undefined) {
    findings.add('outside-crs', `has the point (${outside.join(', ')}), which is outside of ${set.crs.name}`, {
      ...place,
      at: outside,
    });
    return undefined;
  }
  const odd = suspicion(polygons, set.crs);
  if (odd !== undefined) findings.add('suspicious-crs', odd.text, { ...place, at: odd.at });
  const errors = findings.count('error');
  lintPolygons(polygons, set.crs, set, (kind, text, where) => findings.add(kind, text, { ...place, ...where }));
  const zone = { id, name: id, role: 'mine', properties: {}, polygons: cleanPolygons(polygons), crs: set.crs };
  if (set.crs.geographic) {
    try {
      const { polygons: cut, done } = normaliseLongitudes(zone.polygons);
      zone.polygons = cut;
      if (done !== undefined) findings.add('cut-at-180', done, place);
    } catch (error) {
      findings.add('antimeridian', messageOf(error), place);
    }
  } else {
    const doubt = doubtfulEdge(zone.polygons, set.crs);
    if (doubt !== undefined) findings.add('antimeridian', doubt, place);
  }
  return findings.count('error') > errors || before !== undefined ? undefined : zone;
}

function cleanPolygons(polygons: Polygons): Polygons {
  return polygons.map(cleanPolygon).filter((polygon) => polygon !== undefined);
}

/** What became of one feature. */
export interface Mended {
  readonly feature: number;
  readonly id: string;
  /** As the run would measure it; NaN where it cannot be. */
  readonly areaBeforeM2: number;
  readonly areaAfterM2: number;
  /** What was done to its id; null where nothing was. */
  readonly newId: string | null;
}

/** A mended copy of a file's zones. */
export interface RepairedAoi {
  readonly zones: readonly Zone[];
  readonly crs: Crs;
  /** Features that were changed. */
  readonly mended: readonly Mended[];
  /** Features left out, and why. */
  readonly leftOut: readonly { readonly feature: number; readonly why: string }[];
}

/**
 * The zones of a file, mended. Features without polygons, and what cannot be mended, are left out and named. A missing id
 * becomes the feature's number, a double one gets a number after it. CRS without a code become longitude and latitude.
 */
export async function repairAoi(path: string, options: LintOptions = {}): Promise<RepairedAoi> {
  const { file, set } = await open(path, options);
  const used = set.features.filter(({ polygons }) => polygons.length > 0);
  const fields = zoneFields(file, used, options);
  const crs = set.crs.epsg === null ? WGS84 : set.crs;
  const zones: Zone[] = [];
  const mended: Mended[] = [];
  const leftOut: { feature: number; why: string }[] = [];
  const taken = new Set<string>();
  for (const feature of set.features) {
    const { number, properties } = feature;
    if (feature.polygons.length === 0) {
      leftOut.push({ feature: number, why: `it has no polygon (${feature.geometryType})` });
      continue;
    }
    const given = fields.id(feature);
    let id = given ?? String(number);
    for (let n = 2; taken.has(id); n++) id = `${given ?? number}-${n}`;
    const before: Zone = {
      id,
      name: fields.name(feature) ?? id,
      role: fields.role(feature),
      properties,
      polygons: cleanPolygons(feature.polygons),
      crs: set.crs,
    };
    try {
      const polygons = mendedPolygons(before, feature.polygons, crs);
      taken.add(id);
      zones.push({ ...before, properties: withId(properties, id, given, options.idField), polygons, crs });
      const changed = id !== given || JSON.stringify(polygons) !== JSON.stringify(feature.polygons);
      if (changed) {
        const areaAfterM2 = zoneAreaM2({ ...before, polygons, crs });
        mended.push({
          feature: number,
          id,
          areaBeforeM2: areaOf(before),
          areaAfterM2,
          newId: id === given ? null : id,
        });
      }
    } catch (error) {
      leftOut.push({ feature: number, why: messageOf(error) });
    }
  }
  if (zones.length === 0)
    throw new MineRsError('BAD_INPUT', `${file}: nothing is left of its polygons that could be written`, {
      path: file,
    });
  return { zones, crs, mended, leftOut };
}

/** @throws {Error} saying why it cannot be mended, in words that go on after "left out:" */
function mendedPolygons(zone: Zone, raw: Polygons, crs: Crs): Polygons {
  const outside = pointOutside(raw, zone.crs);
  if (outside !== undefined) throw new RangeError(`its point (${outside.join(', ')}) is outside of ${zone.crs.name}`);
  const doubt = zone.crs.geographic ? undefined : doubtfulEdge(zone.polygons, zone.crs);
  if (doubt !== undefined) throw new RangeError(`it ${doubt}`);
  const placed = zone.crs.epsg === null ? projectZone(zone, crs, 1e-6) : raw;
  const cut = crs.geographic ? normaliseLongitudes(closed(placed)).polygons : placed;
  const polygons = repairPolygons(cut, crs);
  if (polygons === undefined) throw new RangeError('its outline is too broken to be mended');
  if (polygons.length === 0) throw new RangeError('it encloses no area');
  return polygons;
}

/** Closed rings, for what needs them; rings of fewer than two points are left as they are. */
function closed(polygons: Polygons): Polygons {
  const all = polygons.map((polygon) => polygon.filter((ring) => ring.length > 0));
  return all
    .filter((polygon) => polygon.length > 0)
    .map((polygon) =>
      polygon.map((ring) => {
        const [first, last] = [ring[0]!, ring.at(-1)!];
        return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
      }),
    );
}

function areaOf(zone: Zone): number {
  try {
    return zoneAreaM2(zone);
  } catch {
    return Number.NaN;
  }
}

function withId(
  properties: Readonly<Record<string, unknown>>,
  id: string,
  given: string | undefined,
  idField = 'id',
): Record<string, unknown> {
  const field =
    Object.keys(properties).find((key) => key === idField) ??
    Object.keys(properties).find((key) => key.toLowerCase() === idField.toLowerCase());
  return id === given && field !== undefined ? { ...properties } : { ...properties, [field ?? idField]: id };
}
