/**
 * Polygons of Shapefiles (ESRI Shapefile Technical Description, 1998).
 * @module
 */
import { crsFromEsri } from '../../geo/esri-crs.ts';
import { crsFromWkt } from '../../geo/wkt-crs.ts';
import type { Crs } from '../../geo/crs.ts';
import { featureError, fileError, type Feature, type FeatureSet, type SideFile } from '../features.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from '../polygons.ts';
import { nestRings } from '../ring-nesting.ts';
import { readDbf } from './dbf.ts';

/** The files of a Shapefile that are read; all but the .shp may be missing. */
export interface ShapefileParts {
  /** How messages call it. */
  readonly path: string;
  readonly shp: Uint8Array;
  readonly shx?: SideFile | undefined;
  readonly dbf?: SideFile | undefined;
  readonly prj?: SideFile | undefined;
  readonly cpg?: SideFile | undefined;
}

const HEADER_BYTES = 100;
const TYPES: Record<number, string> = {
  0: 'no geometry',
  1: 'Point',
  3: 'PolyLine',
  5: 'Polygon',
  8: 'MultiPoint',
  11: 'PointZ',
  13: 'PolyLineZ',
  15: 'PolygonZ',
  18: 'MultiPointZ',
  21: 'PointM',
  23: 'PolyLineM',
  25: 'PolygonM',
  28: 'MultiPointM',
  31: 'MultiPatch',
};
const POLYGONS = new Set([5, 15, 25]);

/**
 * The features of a Shapefile. Ring roles follow from nesting, as many files have their rings in a wrong direction.
 * @throws {MineRsError} BAD_INPUT for files that are damaged, or without a known CRS
 */
export function readShapefile(parts: ShapefileParts): FeatureSet {
  const { path, prj, cpg, shx } = parts;
  const crs = crsOf(path, prj);
  const warnings: string[] = [];
  const { shapes, hasZ } = readShapes(path, parts.shp, shx?.bytes);
  const wrong = shapes.filter(({ polygons }) => polygons.some(([, ...holes]) => holes.some(isClockwise))).length;
  if (wrong > 0)
    warnings.push(`${wrong} feature(s) with holes that run like outlines: taken as holes, as they lie in an outline`);
  const codePage = cpg === undefined ? undefined : new TextDecoder().decode(cpg.bytes).trim();
  const table = parts.dbf === undefined ? undefined : readDbf(parts.dbf.path, parts.dbf.bytes, codePage);
  if (table === undefined) warnings.push('no .dbf file beside it: its features have no attributes');
  else warnings.push(...table.warnings);
  if (table !== undefined && table.rows.length !== shapes.length) {
    warnings.push(
      `${shapes.length} shapes, but ${table.rows.length} rows of attributes: are the files of one another?`,
    );
  }
  const deleted = shapes.filter((_, k) => table?.rows[k] === null).length;
  if (deleted > 0) warnings.push(`${deleted} deleted feature(s) left out`);
  const features = shapes.flatMap(({ polygons, type }, k): Feature[] => {
    const row = table?.rows[k];
    if (row === null) return [];
    return [{ number: k + 1, fileId: undefined, properties: row ?? {}, polygons, geometryType: type }];
  });
  const sides = [shx, parts.dbf, prj, cpg].filter((side) => side !== undefined);
  return { features, crs, warnings, format: 'Shapefile', ringOrder: 'shapefile', closed: true, hasZ, sides };
}

/** Outlines of Shapefiles run clockwise. */
function isClockwise(ring: Ring): boolean {
  return signedRingArea(ring) < 0;
}

function crsOf(path: string, prj: SideFile | undefined): Crs {
  if (prj === undefined) {
    throw fileError(
      path,
      'lacks a CRS: there is no .prj file beside it. Save it again with its CRS, such as with "ogr2ogr -a_srs EPSG:CODE zones.gpkg in.shp"',
    );
  }
  const text = new TextDecoder().decode(prj.bytes);
  const { crs, name, problem } = crsFromWkt(text);
  const known = crs ?? crsFromEsri(`=${text}`);
  if (known !== null && known !== undefined) return known;
  throw fileError(
    path,
    `its CRS '${name}' (in ${prj.path}) ${problem}. Convert it to longitude and latitude, such as with "ogr2ogr -t_srs EPSG:4326 out.gpkg in.shp"`,
    { crs: name },
  );
}

/** A shape as it stands in the file. */
export interface Shape {
  readonly polygons: Polygons;
  readonly type: string;
}

/**
 * The shapes of a .shp file, in the order of its index where there is one that fits.
 * @throws {MineRsError} BAD_INPUT for a file that is cut off or forged
 */
export function readShapes(path: string, shp: Uint8Array, shx?: Uint8Array): { shapes: Shape[]; hasZ: boolean } {
  const view = new DataView(shp.buffer, shp.byteOffset, shp.byteLength);
  if (shp.length < HEADER_BYTES || view.getInt32(0) !== 9994) {
    throw fileError(path, 'not readable as a Shapefile: it has no header. Is it complete?');
  }
  // The length in the header is what the writer closed with; what is missing of it was cut off.
  if (view.getInt32(24) * 2 > shp.length) {
    throw fileError(
      path,
      `not readable as a Shapefile: it has ${shp.length} of ${view.getInt32(24) * 2} bytes. Is it complete?`,
    );
  }
  const shapes: Shape[] = [];
  let hasZ = false;
  for (const [k, [start, end]] of (indexed(shx, view) ?? inOrder(path, view)).entries()) {
    try {
      const type = end - start < 4 ? 0 : view.getInt32(start, true);
      if (TYPES[type] === undefined) throw new RangeError(`has a shape of unknown type ${type}`);
      if (!POLYGONS.has(type)) shapes.push({ polygons: [], type: TYPES[type] });
      else {
        if (type === 15 || type === 25) hasZ = true;
        shapes.push({ polygons: nestRings(readRings(view, start, end)), type: TYPES[type] });
      }
    } catch (error) {
      throw featureError(path, k + 1, (error as Error).message);
    }
  }
  return { shapes, hasZ };
}

type Span = readonly [start: number, end: number];

/** Spans of the records by the index; undefined where it does not fit the file. */
function indexed(shx: Uint8Array | undefined, view: DataView): Span[] | undefined {
  if (shx === undefined || shx.length < HEADER_BYTES) return undefined;
  const index = new DataView(shx.buffer, shx.byteOffset, shx.byteLength);
  if (index.getInt32(0) !== 9994) return undefined;
  const spans: Span[] = [];
  for (let at = HEADER_BYTES; at + 8 <= shx.length; at += 8) {
    const start = index.getInt32(at) * 2 + 8;
    const length = index.getInt32(at + 4) * 2;
    if (start < HEADER_BYTES + 8 || length < 0 || start + length > view.byteLength) return undefined;
    if (view.getInt32(start - 4) * 2 !== length) return undefined;
    spans.push([start, start + length]);
  }
  return spans;
}

/** Spans of the records, one after the other. */
function inOrder(path: string, view: DataView): Span[] {
  const spans: Span[] = [];
  const end = view.getInt32(24) * 2;
  for (let at = HEADER_BYTES; at + 8 <= end;) {
    const length = view.getInt32(at + 4) * 2;
    if (length < 0 || at + 8 + length > end)
      throw featureError(path, spans.length + 1, 'is cut off. Is the file complete?');
    spans.push([at + 8, at + 8 + length]);
    at += 8 + length;
  }
  return spans;
}

/** Rings of a polygon record: box, number of parts and points, first point of each part, points. */
function readRings(view: DataView, start: number, end: number): Ring[] {
  if (end - start < 44) throw new RangeError('has a shape that is cut off');
  const parts = view.getInt32(start + 36, true);
  const points = view.getInt32(start + 40, true);
  const first = start + 44 + 4 * parts;
  if (parts < 0 || points < 0 || first > end || points * 16 > end - first)
    throw new RangeError('has a shape that is cut off');
  const rings: Ring[] = [];
  for (let part = 0; part < parts; part++) {
    const from = view.getInt32(start + 44 + 4 * part, true);
    const to = part + 1 < parts ? view.getInt32(start + 48 + 4 * part, true) : points;
    if (from < 0 || to < from || to > points) throw new RangeError('has parts that are not in order');
    const ring: Ring = [];
    for (let k = from; k < to; k++) ring.push(readPoint(view, first + 16 * k));
    if (ring.length > 0) rings.push(ring);
  }
  return rings;
}

function readPoint(view: DataView, at: number): Position {
  const x = view.getFloat64(at, true);
  const y = view.getFloat64(at + 8, true);
  if (!Number.isFinite(x) || !Number.isFinite(y)) throw new RangeError('has a coordinate that is not a finite number');
  return [x, y];
}
