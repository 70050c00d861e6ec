/**
 * The area of interest: the zones of a vector file.
 * @module
 */
import { createHash } from 'node:crypto';
import { MineRsError, messageOf } from '../errors.ts';
import { createTransformer, WGS84, type Crs } from '../geo/crs.ts';
import { doubtfulEdge, normaliseLongitudes } from './antimeridian.ts';
import { findCrossings } from './crossings.ts';
import { cleanPolygon, featureError, type Feature, type FeatureSet } from './features.ts';
import { zoneFields, type FieldNames } from './fields.ts';
import { openVectorFile, splitLayer } from './formats/open.ts';
import { planarMeasures, polygonsBbox, type Polygons } from './polygons.ts';
import type { Zone } from './zone.ts';

export type { Position } from './polygons.ts';
export type { Zone } from './zone.ts';

/** The zones of one file. */
export interface Aoi {
  readonly path: string;
  readonly zones: readonly Zone[];
  /** What the user should know: features left out, edges that cross, ids that were made up. */
  readonly warnings: readonly string[];
  /** Digest of the file's bytes, hexadecimal; of the digests of all files, a line each, where it consists of several. */
  readonly sha256: string;
  readonly bytes: number;
  /** Every file that was read: the named one, then those beside it. */
  readonly files: readonly AoiFile[];
}

/** A file that an AOI was read from. */
export interface AoiFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How the attributes of the file are called, and which layer is meant. */
export interface AoiOptions extends FieldNames {
  /** Layer of a GeoPackage, or Shapefile of an archive. */
  readonly layer?: string | undefined;
  /** The role of all zones, whatever the file says. */
  readonly role?: string | undefined;
}

/**
 * Reads the zones of a vector file: GeoJSON (also one feature a line), GeoPackage, Shapefile (zipped too), FlatGeobuf, KML
 * and KMZ, WKT.
 *
 * A zone's id is its attribute `id`, else the file's own feature id, else its number from 1; its name is its id where it
 * has none; its role is `mine` where it has none.
 *
 * @param path May end in `|layername=NAME`, which names the layer as `options.layer` does.
 * @throws {MineRsError} BAD_INPUT for a file that cannot be read, has no polygons, lacks a CRS or has an unknown one, has
 *   two zones of one id, or a zone of which it is not certain where it lies; USAGE for a named field that no feature has
 */
export async function readAoi(path: string, options: AoiOptions = {}): Promise<Aoi> {
  const named = splitLayer(path);
  const { set, bytes } = await openVectorFile(named.path, named.layer ?? options.layer);
  const { zones, warnings } = zonesOf(named.path, set, options);
  const files = [{ path: named.path, bytes }, ...set.sides].map((file) => ({
    path: file.path,
    bytes: file.bytes.length,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  }));
  return { path: named.path, zones, warnings, files, ...digestOf(files) };
}

/** Files of which all zones have one role. */
export interface RoleFiles {
  readonly impact?: readonly string[] | undefined;
  readonly reference?: readonly string[] | undefined;
}

/**
 * The zones of a file, and of others that hold the zones of one role each, as one AOI. The layer is that of the first
 * file; others name theirs in the path. Zones without an id in a role's file are called by role and number.
 *
 * @throws {MineRsError} As {@link readAoi}; BAD_INPUT also for an id that stands in two files
 */
export async function readAois(path: string, roles: RoleFiles, options: AoiOptions = {}): Promise<Aoi> {
  const main = await readAoi(path, options);
  const others: Aoi[] = [];
  for (const role of ['impact', 'reference'] as const) {
    for (const file of roles[role] ?? []) others.push(await readAoi(file, { ...options, layer: undefined, role }));
  }
  if (others.length === 0) return main;
  const all = [main, ...others];
  const owner = new Map<string, string>();
  for (const aoi of all) {
    for (const { id } of aoi.zones) {
      const before = owner.get(id);
      if (before !== undefined) {
        throw new MineRsError(
          'BAD_INPUT',
          `${aoi.path}: its zone '${id}' has the same id as one of ${before}. Ids must differ`,
          { path: aoi.path, id, other: before },
        );
      }
    }
    for (const { id } of aoi.zones) owner.set(id, aoi.path);
  }
  const files = all.flatMap((aoi) => aoi.files);
  return {
    path: main.path,
    zones: all.flatMap((aoi) => aoi.zones),
    warnings: [...main.warnings, ...others.flatMap((aoi) => aoi.warnings.map((text) => `${aoi.path}: ${text}`))],
    files,
    ...digestOf(files),
  };
}

/** Size and digest of all files as one. */
function digestOf(files: readonly AoiFile[]): { sha256: string; bytes: number } {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const [only] = files;
  if (files.length === 1) return { sha256: only!.sha256, bytes };
  const digests = files.map((file) => file.sha256).join('\n');
  return { sha256: createHash('sha256').update(digests).digest('hex'), bytes };
}

function zonesOf(path: string, set: FeatureSet, options: AoiOptions): { zones: Zone[]; warnings: string[] } {
  const { crs } = set;
  const warnings = [...set.warnings];
  const features = set.features.map((feature) => cleaned(feature, warnings));
  const used = features.filter((feature) => feature.polygons.length > 0);
  if (used.length === 0) {
    throw new MineRsError('BAD_INPUT', `${path}: has no polygon features. An AOI needs at least one polygon`, { path });
  }
  warnings.push(...leftOutWarnings(features));
  const fields = zoneFields(path, used, options);
  const unnamed: number[] = [];
  const zones = used.map((feature): Zone => {
    const given = fields.id(feature);
    if (given === undefined) unnamed.push(feature.number);
    const id = given ?? (options.role === undefined ? '' : `${options.role}-`) + String(feature.number);
    return {
      id,
      name: fields.name(feature) ?? id,
      role: options.role ?? fields.role(feature),
      properties: feature.properties,
      polygons: placed(path, feature, crs, warnings),
      crs,
    };
  });
  if (unnamed.length > 0) warnings.push(`${features_(unnamed)} without an id; numbered by place in the file`);
  checkIds(path, used, zones);
  for (const zone of zones) warnings.push(...shapeWarnings(zone));
  return { zones, warnings };
}

/** A feature with closed rings, without repeated points and without polygons that are none. */
function cleaned(feature: Feature, warnings: string[]): Feature {
  const polygons = feature.polygons.map(cleanPolygon).filter((polygon) => polygon !== undefined);
  const empty = feature.polygons.length - polygons.length;
  if (empty > 0) warnings.push(`feature ${feature.number}: ${empty} polygon(s) with fewer than three points left out`);
  return { ...feature, polygons };
}

function leftOutWarnings(features: readonly Feature[]): string[] {
  const leftOut = features.filter((feature) => feature.polygons.length === 0);
  if (leftOut.length === 0) return [];
  const types = [...new Set(leftOut.map((feature) => feature.geometryType))].join(', ');
  return [`${features_(leftOut.map((feature) => feature.number))} left out, as without polygons (${types})`];
}

/** "feature 3", "features 1, 2" or "features 1, 2, 3, … (40 in all)". */
function features_(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 5).join(', ');
  if (numbers.length === 1) return `feature ${shown}`;
  return numbers.length > 5 ? `features ${shown}, … (${numbers.length} in all)` : `features ${shown}`;
}

function checkIds(path: string, features: readonly Feature[], zones: readonly Zone[]): void {
  const seen = new Map<string, number>();
  for (const [k, zone] of zones.entries()) {
    const number = features[k]!.number;
    const before = seen.get(zone.id);
    if (before !== undefined) {
      throw new MineRsError(
        'BAD_INPUT',
        `${path}: features ${before} and ${number} have the same id '${zone.id}'. Ids must differ`,
        {
          path,
          id: zone.id,
          features: [before, number],
        },
      );
    }
    seen.set(zone.id, number);
  }
}

/** Longitudes up to here are degrees that run on over the antimeridian. */
const MAX_LONGITUDE = 540;

/**
 * The polygons of a feature, where all points lie in the CRS, cut at the antimeridian where they pass it.
 * @throws {MineRsError} BAD_INPUT for what would be computed wrongly
 */
function placed(path: string, feature: Feature, crs: Crs, warnings: string[]): Polygons {
  const toLonLat = createTransformer(crs, WGS84);
  for (const ring of feature.polygons.flat()) {
    for (const [x, y] of ring) {
      const [lon, lat] = crs.geographic ? [x, y] : toLonLat(x, y);
      if (Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= MAX_LONGITUDE) continue;
      throw featureError(path, feature.number, `has the point (${x}, ${y}), which is outside of ${crs.name}`);
    }
  }
  if (!crs.geographic) {
    const doubt = doubtfulEdge(feature.polygons, crs);
    if (doubt !== undefined) throw featureError(path, feature.number, doubt);
    return feature.polygons;
  }
  try {
    const { polygons, done } = normaliseLongitudes(feature.polygons);
    if (done !== undefined) warnings.push(`feature ${feature.number} ${done}`);
    return polygons;
  } catch (error) {
    throw featureError(path, feature.number, messageOf(error));
  }
}

function shapeWarnings(zone: Zone): string[] {
  const warnings: string[] = [];
  const name = `zone '${zone.id}'`;
  const places = findCrossings(zone.polygons);
  if (places === undefined) warnings.push(`${name}: too intricate to look for places where its outline crosses itself`);
  const [first] = places ?? [];
  if (places !== undefined && first !== undefined) {
    const more = places.length > 1 ? ` and at ${places.length - 1} more place(s)` : '';
    warnings.push(
      `${name}: its outline crosses itself at (${first[0]}, ${first[1]})${more}; its area is not reliable until this is mended`,
    );
  }
  if (zone.crs.geographic) {
    const [minX, , maxX] = polygonsBbox(zone.polygons);
    if (maxX - minX > 180) {
      warnings.push(
        `${name}: lies on both sides of the antimeridian; its extent in longitude is nearly the whole globe`,
      );
    }
  }
  if (planarMeasures(zone.polygons).area <= 0) warnings.push(`${name}: has no area`);
  return warnings;
}
