/**
 * Polygons of FlatGeobuf files, version 3.
 *
 * The header and each feature are FlatBuffers: tables of fields found through offsets. Every offset and count is checked
 * against the file before it is used.
 * @module
 */
import { crsFromEpsg, type Crs } from '../../geo/crs.ts';
import { crsFromWkt } from '../../geo/wkt-crs.ts';
import { messageOf, MineRsError } from '../../errors.ts';
import { curveText, featureError, fileError, type Feature, type FeatureSet } from '../features.ts';
import type { Polygons, Ring } from '../polygons.ts';
import {
  CUT_OFF,
  uint32,
  slice,
  rootTable,
  tableAt,
  scalar,
  subTable,
  vector,
  text,
  decode,
  type Table,
  type Vector,
} from './flatbuffer.ts';

/** `fgb`, version 3; the eighth byte is the patch version. */
export const FGB_MAGIC = [0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62] as const;

const START = 8;
const MAX_COLUMNS = 4096;
const MAX_DEPTH = 4;
const NODE_BYTES = 40;

const GEOMETRY_TYPES = [
  'geometry',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
  'CircularString',
  'CompoundCurve',
  'CurvePolygon',
  'MultiCurve',
  'MultiSurface',
  'Curve',
  'Surface',
  'PolyhedralSurface',
  'TIN',
  'Triangle',
] as const;

interface Column {
  readonly name: string;
  readonly type: number;
}

/**
 * The features of a FlatGeobuf file, in the order of the file.
 * @throws {MineRsError} BAD_INPUT for a file that is damaged, or without a known CRS
 */
export function readFlatGeobuf(path: string, bytes: Uint8Array): FeatureSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, crs } = withCrs(path, view);
  const features: Feature[] = [];
  let hasZ = header.hasZ;
  for (let at = header.end; at < view.byteLength;) {
    const number = features.length + 1;
    try {
      const length = uint32(view, at);
      const body = slice(view, at + 4, length);
      const { feature, z } = readFeature(body, number, header);
      if (z) hasZ = true;
      features.push(feature);
      at += 4 + length;
    } catch (error) {
      throw featureError(path, number, messageOf(error));
    }
  }
  // A count of 0 means that the writer did not know it.
  if (header.count > 0 && header.count !== features.length) {
    throw fileError(path, `has ${features.length} of ${header.count} features. Is it complete?`);
  }
  return { features, crs, warnings: [], format: 'FlatGeobuf', ringOrder: 'none', closed: true, hasZ, sides: [] };
}

function withCrs(path: string, view: DataView): { header: Header; crs: Crs } {
  try {
    const header = readHeader(view);
    return { header, crs: crsOf(path, header.crs) };
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    throw fileError(path, `not readable as FlatGeobuf: its header ${messageOf(error)}`);
  }
}

interface Header {
  readonly type: number;
  readonly hasZ: boolean;
  readonly columns: readonly Column[];
  readonly count: number;
  readonly crs: Table | undefined;
  /** Where the features start. */
  readonly end: number;
}

function readHeader(view: DataView): Header {
  const size = uint32(view, START);
  const header = rootTable(slice(view, START + 4, size));
  const nodeSize = scalar(header, 9, 2, 16);
  const count = scalar(header, 8, 8, 0);
  const index = nodeSize > 0 && count > 0 ? indexBytes(count, nodeSize) : 0;
  const end = START + 4 + size + index;
  if (!(end <= view.byteLength)) throw new RangeError(CUT_OFF);
  return {
    type: scalar(header, 2, 1, 0),
    hasZ: scalar(header, 3, 1, 0) !== 0 || scalar(header, 4, 1, 0) !== 0,
    columns: readColumns(header, 7),
    count,
    crs: subTable(header, 10),
    end,
  };
}

/** Bytes of the packed Hilbert R-tree that stands before the features. */
function indexBytes(count: number, nodeSize: number): number {
  if (nodeSize < 2) throw new RangeError(CUT_OFF);
  let nodes = count;
  for (let n = count; n > 1;) {
    n = Math.ceil(n / nodeSize);
    nodes += n;
  }
  return (count === 1 ? 2 : nodes) * NODE_BYTES;
}

function crsOf(path: string, table: Table | undefined): Crs {
  const code = table === undefined ? 0 : scalar(table, 1, 4, 0);
  const organisation = (table && text(table, 0)) ?? 'EPSG';
  const wkt = table === undefined ? undefined : text(table, 4);
  if (code === 0 && wkt === undefined) {
    throw fileError(
      path,
      'lacks a CRS. Save it again with its CRS, such as with "ogr2ogr -a_srs EPSG:CODE zones.gpkg in.fgb"',
    );
  }
  const byCode = organisation.toUpperCase() === 'EPSG' ? crsFromEpsg(code) : undefined;
  const crs = byCode ?? (wkt === undefined ? undefined : crsFromWkt(wkt).crs);
  if (crs !== undefined && crs !== null) return crs;
  const name = code === 0 ? crsFromWkt(wkt ?? '').name : `${organisation}:${code}`;
  throw fileError(
    path,
    `has the CRS ${name}, which is not known here. Convert it to longitude and latitude, such as with "ogr2ogr -t_srs EPSG:4326 out.gpkg in.fgb"`,
    { crs: name },
  );
}

function readColumns(table: Table, field: number): Column[] {
  const list = vector(table, field, 4);
  if (list === undefined) return [];
  if (list.length > MAX_COLUMNS) throw new RangeError('has too many columns');
  return Array.from({ length: list.length }, (_, k) => {
    const column = tableAt(table.view, list.at + 4 * k);
    return { name: text(column, 0) ?? `column_${k + 1}`, type: scalar(column, 1, 1, 0) };
  });
}

function readFeature(view: DataView, number: number, header: Header): { feature: Feature; z: boolean } {
  const table = rootTable(view);
  const own = readColumns(table, 2);
  const bytes = vector(table, 1, 1);
  const properties = bytes === undefined ? {} : readProperties(view, bytes, own.length > 0 ? own : header.columns);
  const geometry = subTable(table, 0);
  const polygons: Polygons = [];
  let z = false;
  let type = 'no geometry';
  if (geometry !== undefined) {
    // The type of the layer holds where a geometry does not state its own.
    const code = scalar(geometry, 6, 1, 0) || header.type;
    type = GEOMETRY_TYPES[code] ?? `type ${code}`;
    collect(geometry, code, polygons, 0);
    z = (vector(geometry, 2, 8)?.length ?? 0) > 0;
  }
  return { feature: { number, fileId: undefined, properties, polygons, geometryType: type }, z };
}

function collect(geometry: Table, code: number, polygons: Polygons, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('has a geometry that is nested too deep');
  if (code === 10) throw new RangeError(curveText('CurvePolygon'));
  if (code === 3) {
    const rings = readRings(geometry);
    if (rings.length > 0) polygons.push(rings);
    return;
  }
  if (code !== 6 && code !== 7 && code !== 12) return;
  const parts = vector(geometry, 7, 4);
  if (parts === undefined) return;
  for (let k = 0; k < parts.length; k++) {
    const part = tableAt(geometry.view, parts.at + 4 * k);
    collect(part, scalar(part, 6, 1, 0) || (code === 6 ? 3 : 0), polygons, depth + 1);
  }
}

function readRings(geometry: Table): Ring[] {
  const { view } = geometry;
  const xy = vector(geometry, 1, 8);
  if (xy === undefined) return [];
  const ends = vector(geometry, 0, 4);
  const points = Math.floor(xy.length / 2);
  const stops =
    ends === undefined ? [points] : Array.from({ length: ends.length }, (_, k) => uint32(view, ends.at + 4 * k));
  const rings: Ring[] = [];
  let from = 0;
  for (const to of stops) {
    if (to < from || to > points) throw new RangeError('has rings that are not in order');
    const ring: Ring = [];
    for (let k = from; k < to; k++) {
      const x = view.getFloat64(xy.at + 16 * k, true);
      const y = view.getFloat64(xy.at + 16 * k + 8, true);
      if (!Number.isFinite(x) || !Number.isFinite(y))
        throw new RangeError('has a coordinate that is not a finite number');
      ring.push([x, y]);
    }
    rings.push(ring);
    from = to;
  }
  return rings;
}

/** Values by column number: a 16-bit number of the column, then the value. */
function readProperties(view: DataView, bytes: Vector, columns: readonly Column[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const end = bytes.at + bytes.length;
  for (let at = bytes.at; at + 2 <= end;) {
    const column = columns[view.getUint16(at, true)];
    if (column === undefined) throw new RangeError(CUT_OFF);
    at += 2;
    const size = [1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8][column.type];
    if (size === undefined) {
      // Text, JSON, date and time, or bytes: their length, then they themselves.
      if (column.type > 14 || at + 4 > end) throw new RangeError(CUT_OFF);
      const length = view.getUint32(at, true);
      if (length > end - at - 4) throw new RangeError(CUT_OFF);
      if (column.type !== 14) out[column.name] = decode(view, at + 4, length);
      at += 4 + length;
      continue;
    }
    if (at + size > end) throw new RangeError(CUT_OFF);
    out[column.name] = numberAt(view, at, column.type);
    at += size;
  }
  return out;
}

function numberAt(view: DataView, at: number, type: number): number | boolean {
  if (type === 0) return view.getInt8(at);
  if (type === 1) return view.getUint8(at);
  if (type === 2) return view.getUint8(at) !== 0;
  if (type === 3) return view.getInt16(at, true);
  if (type === 4) return view.getUint16(at, true);
  if (type === 5) return view.getInt32(at, true);
  if (type === 6) return view.getUint32(at, true);
  if (type === 7) return Number(view.getBigInt64(at, true));
  if (type === 8) return Number(view.getBigUint64(at, true));
  return type === 9 ? view.getFloat32(at, true) : view.getFloat64(at, true);
}
