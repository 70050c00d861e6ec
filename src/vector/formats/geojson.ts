/**
 * GeoJSON (RFC 7946, and the `crs` member of its predecessor).
 * @module
 */
import { MineRsError, messageOf } from '../../errors.ts';
import { crsFromEpsg, WGS84, type Crs } from '../../geo/crs.ts';
import { featureError, toPosition, type Feature, type FeatureSet } from '../features.ts';
import type { Polygons } from '../polygons.ts';

type Json = Record<string, unknown>;

const GEOMETRIES = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
]);

/** Collections in collections deeper than this are no real data. */
const MAX_DEPTH = 8;

/** What RFC 8142 puts before each text. */
const RECORD_SEPARATOR = '\u001E';

/** Longitudes up to here are degrees, if unusual ones; what is larger was projected. */
const MAX_LONGITUDE = 540;

/**
 * The features of a GeoJSON text: a FeatureCollection, a Feature, a bare geometry, or a Feature or geometry on each line
 * (GeoJSONSeq, RFC 8142 with or without its record separators).
 * @throws {MineRsError} BAD_INPUT for a text that is not GeoJSON, an unknown CRS, or coordinates that are not degrees in
 *   a file that names no CRS
 */
export function readGeoJson(path: string, text: string): FeatureSet {
  const { root, lines } = parse(path, text);
  const warnings: string[] = [];
  const crs = crsOf(path, root, warnings);
  const seen = { z: false };
  const features = featuresOf(path, root).map((feature, k) => toFeature(path, feature, k + 1, warnings, seen));
  if (crs.geographic) checkDegrees(path, features, 'crs' in root && root['crs'] !== null);
  const format = lines ? 'GeoJSON lines' : 'GeoJSON';
  return { features, crs, warnings, format, ringOrder: 'rfc7946', closed: true, hasZ: seen.z, sides: [] };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Parsed {
  root: Json;
  /** Whether each line was a text of its own. */
  lines: boolean;
}

function parse(path: string, text: string): Parsed {
  const bad = (what: string) => new MineRsError('BAD_INPUT', `${path}: ${what}`, { path });
  // A byte order mark is no JSON, but some editors write one.
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body.trim() === '') throw bad('the file is empty. An AOI is a file with polygons, such as GeoJSON or GeoPackage');
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch (error) {
    const features = parseLines(body);
    if (features !== undefined) return { root: { type: 'FeatureCollection', features }, lines: true };
    throw bad(`not readable as GeoJSON, as it is not JSON (${messageOf(error)}). Is the file complete?`);
  }
  if (!isObject(root) || typeof root['type'] !== 'string') throw bad('is JSON, but not GeoJSON: it has no "type"');
  return { root, lines: false };
}

/** The features of a text with one JSON text a line; undefined if it is none. */
function parseLines(body: string): Json[] | undefined {
  const features: Json[] = [];
  for (const line of body.replaceAll(RECORD_SEPARATOR, '\n').split('\n')) {
    if (line.trim() === '') continue;
    try {
      const value: unknown = JSON.parse(line);
      if (!isObject(value)) return undefined;
      features.push(
        GEOMETRIES.has(String(value['type'])) ? { type: 'Feature', properties: {}, geometry: value } : value,
      );
    } catch {
      return undefined;
    }
  }
  return features.length > 1 || body.includes(RECORD_SEPARATOR) ? features : undefined;
}

function featuresOf(path: string, root: Json): Json[] {
  const type = root['type'];
  if (type === 'FeatureCollection') {
    const features = root['features'];
    if (!Array.isArray(features)) {
      throw new MineRsError('BAD_INPUT', `${path}: the FeatureCollection has no array "features"`, { path });
    }
    return features.map((feature, k) => {
      if (!isObject(feature) || feature['type'] !== 'Feature')
        throw featureError(path, k + 1, 'is not a GeoJSON Feature');
      return feature;
    });
  }
  if (type === 'Feature') return [root];
  if (GEOMETRIES.has(type as string)) return [{ type: 'Feature', properties: {}, geometry: root }];
  throw new MineRsError('BAD_INPUT', `${path}: "type" is ${JSON.stringify(type)}, which is not a type of GeoJSON`, {
    path,
  });
}

function toFeature(path: string, feature: Json, number: number, warnings: string[], seen: { z: boolean }): Feature {
  const geometry = feature['geometry'];
  const id = feature['id'];
  const properties = isObject(feature['properties']) ? feature['properties'] : {};
  const fileId = typeof id === 'string' || typeof id === 'number' ? id : undefined;
  if (geometry !== null && geometry !== undefined && !isObject(geometry)) {
    throw featureError(path, number, 'has a geometry that is not a GeoJSON geometry');
  }
  const geometryType = isObject(geometry) ? String(geometry['type']) : 'no geometry';
  const found: Found = { polygons: [], other: false, z: false };
  if (isObject(geometry)) {
    try {
      collectPolygons(geometry, found);
    } catch (error) {
      throw featureError(path, number, messageOf(error));
    }
  }
  if (found.z) seen.z = true;
  if (found.other && found.polygons.length > 0) warnings.push(`feature ${number}: only its polygons are used`);
  return { number, fileId, properties, polygons: found.polygons, geometryType };
}

interface Found {
  polygons: Polygons;
  other: boolean;
  z: boolean;
}

/** @throws {RangeError} with what the feature "has", for the message */
function collectPolygons(geometry: Json, found: Found, depth = 0): void {
  const type = geometry['type'];
  if (type === 'GeometryCollection') {
    const members = geometry['geometries'];
    if (!Array.isArray(members)) throw new RangeError('has a GeometryCollection without "geometries"');
    if (depth > MAX_DEPTH) throw new RangeError('has collections in collections that are nested too deep');
    for (const member of members) if (isObject(member)) collectPolygons(member, found, depth + 1);
    return;
  }
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    if (!GEOMETRIES.has(type as string)) throw new RangeError(`has a geometry of unknown type ${JSON.stringify(type)}`);
    found.other = true;
    return;
  }
  const coordinates = geometry['coordinates'];
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  if (!isNested(polygons, 4)) throw new RangeError(`has ${type} coordinates that are not nested as GeoJSON asks for`);
  for (const polygon of polygons as unknown[][][][]) {
    if ((polygon[0]?.[0]?.length ?? 0) > 2) found.z = true;
    if (polygon.length > 0) found.polygons.push(polygon.map((ring) => ring.map(toPosition)));
  }
}

/** Whether a value is arrays in arrays, `depth` deep. */
function isNested(value: unknown, depth: number): value is unknown[] {
  return Array.isArray(value) && (depth === 1 || value.every((member) => isNested(member, depth - 1)));
}

/** The CRS of the whole file: lon/lat on WGS 84, unless the old `crs` member says otherwise. */
function crsOf(path: string, root: Json, warnings: string[]): Crs {
  const member = root['crs'];
  if (member === undefined) return WGS84;
  if (member === null) {
    warnings.push('"crs" is null; the coordinates are taken as WGS 84 longitude and latitude, as RFC 7946 says');
    return WGS84;
  }
  const properties = isObject(member) && isObject(member['properties']) ? member['properties'] : {};
  const name = properties['name'] ?? properties['code'];
  const code = typeof name === 'string' || typeof name === 'number' ? crsCode(String(name)) : undefined;
  const crs = code === undefined ? undefined : crsFromEpsg(code);
  if (crs !== undefined) return crs;
  throw new MineRsError(
    'BAD_INPUT',
    `${path}: unknown CRS ${JSON.stringify(name ?? member)}. Convert the file to longitude and latitude, such as with ` +
      '"ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES out.geojson in.geojson"',
    { path, crs: name ?? member },
  );
}

/** The EPSG code in `EPSG:32647`, `urn:ogc:def:crs:EPSG::32647`, `…/def/crs/EPSG/0/32647`, or a form of CRS84. */
function crsCode(name: string): number | undefined {
  const text = name.trim();
  if (/(^|[:/])(OGC[:/][\w.]*[:/])?CRS:?84$/i.test(text)) return 4326;
  const match = /^(?:.*\bEPSG[:/](?:[\w.]*[:/])?)?(\d+)$/i.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function checkDegrees(path: string, features: readonly Feature[], named: boolean): void {
  for (const feature of features) {
    for (const [x, y] of feature.polygons.flat(2)) {
      if (Math.abs(x) <= MAX_LONGITUDE && Math.abs(y) <= 90) continue;
      throw featureError(
        path,
        feature.number,
        named
          ? `has the point (${x}, ${y}), which is not longitude and latitude, though the file's "crs" says so`
          : `has the point (${x}, ${y}), which is not longitude and latitude: ${
              Math.abs(x) <= 90 && Math.abs(y) <= MAX_LONGITUDE
                ? 'is the order swapped? Longitude comes first'
                : 'the file looks projected and lacks a CRS. Reproject it to EPSG:4326 where it was made, or save it as a ' +
                  'GeoPackage, which keeps its CRS'
            }`,
      );
    }
  }
}
