/**
 * The area of interest: the zones of a vector file.
 * @module
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import { findCrossings } from './crossings.ts';
import { featureError, type Feature, type FeatureSet } from './features.ts';
import { readGeoJson } from './geojson.ts';
import { readGeoPackage } from './geopackage.ts';
import { planarMeasures, polygonsBbox } from './polygons.ts';
import type { Zone } from './zone.ts';

export type { Position } from './polygons.ts';
export type { Zone } from './zone.ts';

/** The zones of one file. */
export interface Aoi {
  readonly path: string;
  readonly zones: readonly Zone[];
  /** What the user should know: features left out, edges that cross, ids that were made up. */
  readonly warnings: readonly string[];
  /** Digest of the file's bytes, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** How the attributes of the file are called, and which layer is meant. */
export interface AoiOptions {
  /** Attribute with the role; default `role`. */
  readonly roleField?: string | undefined;
  /** Attribute with the id; default `id`. */
  readonly idField?: string | undefined;
  /** Attribute with the name; default `name`. */
  readonly nameField?: string | undefined;
  /** Layer of a GeoPackage. */
  readonly layer?: string | undefined;
}

/** Larger files are no outlines of mines, and would not fit in memory as text. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Formats that are known by name, but not read yet. */
const NOT_YET: Record<string, string> = {
  '.shp': 'Shapefile',
  '.fgb': 'FlatGeobuf',
  '.kml': 'KML',
  '.kmz': 'KML',
};

const DEFAULT_ROLE = 'mine';
const KNOWN_ROLES = new Set(['mine', 'impact', 'reference']);

/**
 * Reads the zones of a GeoJSON or GeoPackage file.
 *
 * A zone's id is its attribute `id`, else the file's own feature id, else its number from 1; its name is its id where it
 * has none; its role is `mine` where it has none.
 *
 * @throws {MineRsError} BAD_INPUT for a file that cannot be read, has no polygons, lacks a CRS or has an unknown one, has
 *   two zones of one id, or a zone across the antimeridian; USAGE for a named field that no feature has
 */
export async function readAoi(path: string, options: AoiOptions = {}): Promise<Aoi> {
  const bytes = await readBytes(path);
  const { features, crs, warnings: fileWarnings } = await readFeatures(path, bytes, options.layer);
  const used = features.filter((feature) => feature.polygons.length > 0);
  if (used.length === 0) {
    throw new MineRsError('BAD_INPUT', `${path}: has no polygon features. An AOI needs at least one polygon`, { path });
  }
  const warnings = [...fileWarnings, ...leftOutWarnings(features)];
  const fields = {
    id: fieldFinder(path, used, options.idField, 'id'),
    name: fieldFinder(path, used, options.nameField, 'name'),
    role: fieldFinder(path, used, options.roleField, 'role'),
  };
  const unnamed: number[] = [];
  const zones = used.map((feature): Zone => {
    const given = textOf(fields.id(feature)) ?? textOf(feature.fileId);
    if (given === undefined) unnamed.push(feature.number);
    const id = given ?? String(feature.number);
    return {
      id,
      name: textOf(fields.name(feature)) ?? id,
      role: roleOf(textOf(fields.role(feature))),
      properties: feature.properties,
      polygons: feature.polygons,
      crs,
    };
  });
  if (unnamed.length > 0) warnings.push(`${features_(unnamed)} without an id; numbered by place in the file`);
  checkIds(path, used, zones);
  for (const [k, zone] of zones.entries()) {
    checkPlace(path, used[k]!, zone);
    warnings.push(...shapeWarnings(zone));
  }
  return { path, zones, warnings, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

async function readBytes(path: string): Promise<Uint8Array> {
  const bad = (what: string) => new MineRsError('BAD_INPUT', `${path}: ${what}`, { path });
  const format = NOT_YET[extname(path).toLowerCase()];
  if (format !== undefined) {
    throw bad(`${format} files are not read yet. Convert it, such as with "ogr2ogr zones.gpkg ${path}"`);
  }
  try {
    const info = await stat(path);
    if (!info.isFile()) throw bad('is not a file. The AOI is a GeoJSON or GeoPackage file');
    if (info.size > MAX_BYTES) throw bad(`has ${info.size} bytes; an AOI of more than ${MAX_BYTES} is not read`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw bad(missing ? 'the AOI file does not exist' : `cannot be read (${messageOf(error)})`);
  }
}

/** The format follows from the file's first bytes, not from its name. */
async function readFeatures(path: string, bytes: Uint8Array, layer: string | undefined): Promise<FeatureSet> {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('SQLite format 3')) return readGeoPackage(path, bytes, layer);
  if (extname(path).toLowerCase() === '.gpkg') {
    throw new MineRsError('BAD_INPUT', `${path}: not readable as a GeoPackage: it is no SQLite file. Is it complete?`, {
      path,
    });
  }
  if (bytes.includes(0)) {
    throw new MineRsError('BAD_INPUT', `${path}: not a vector file that can be read; use GeoJSON or GeoPackage`, {
      path,
    });
  }
  return readGeoJson(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
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

/** A function that gives a feature's attribute: by its exact name, else by its name in other capitals. */
function fieldFinder(
  path: string,
  features: readonly Feature[],
  wanted: string | undefined,
  byDefault: string,
): (feature: Feature) => unknown {
  const name = wanted ?? byDefault;
  const keys = new Set(features.flatMap((feature) => Object.keys(feature.properties)));
  const alike = [...keys].filter((key) => key.toLowerCase() === name.toLowerCase());
  const field = keys.has(name) ? name : alike.length === 1 ? alike[0] : undefined;
  if (field === undefined && wanted !== undefined) {
    throw new MineRsError(
      'USAGE',
      `${path}: no feature has the field '${wanted}'. Its fields: ${[...keys].join(', ') || 'none'}`,
      { path, field: wanted },
    );
  }
  return (feature) => (field === undefined ? undefined : feature.properties[field]);
}

/** An attribute as text, or undefined where it says nothing. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** The three known roles count in any capitals; other words are kept as they stand. */
function roleOf(text: string | undefined): string {
  if (text === undefined) return DEFAULT_ROLE;
  const lower = text.toLowerCase();
  return KNOWN_ROLES.has(lower) ? lower : text;
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

/** Refuses what would be computed wrongly: points outside the CRS, longitudes past 180, edges across the antimeridian. */
function checkPlace(path: string, feature: Feature, zone: Zone): void {
  const toLonLat = createTransformer(zone.crs, WGS84);
  const split = 'Split the zone at 180 degrees, as RFC 7946 asks for: such zones are not read yet otherwise';
  for (const ring of zone.polygons.flat()) {
    let before: number | undefined;
    for (const [x, y] of ring) {
      const [lon, lat] = zone.crs.geographic ? [x, y] : toLonLat(x, y);
      if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lat) > 90) {
        throw featureError(path, feature.number, `has the point (${x}, ${y}), which is outside of ${zone.crs.name}`);
      }
      if (Math.abs(lon) > 180) {
        throw featureError(path, feature.number, `has the longitude ${lon}, outside of −180 … 180. ${split}`);
      }
      if (before !== undefined && Math.abs(lon - before) > 180) {
        throw featureError(
          path,
          feature.number,
          `crosses the antimeridian (from longitude ${before} to ${lon}). ${split}`,
        );
      }
      before = lon;
    }
  }
}

function shapeWarnings(zone: Zone): string[] {
  const warnings: string[] = [];
  const name = `zone '${zone.id}'`;
  const { places, complete } = findCrossings(zone.polygons);
  const [first] = places;
  if (first !== undefined) {
    const more = places.length > 1 ? ` and at ${places.length - 1} more place(s)` : '';
    warnings.push(
      `${name}: its outline crosses itself at (${first[0]}, ${first[1]})${more}; its area is not reliable until this is mended`,
    );
  }
  if (!complete) warnings.push(`${name}: too many edges to look for all places where its outline crosses itself`);
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
