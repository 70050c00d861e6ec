/**
 * Polygons of GeoPackage geometry blobs: a header of its own, then well-known binary.
 * @module
 */
import { curveText } from '../features.ts';
import type { Polygons, Position, Ring } from '../polygons.ts';

/** The polygons of a geometry, and what geometry it is. */
export interface BlobGeometry {
  readonly polygons: Polygons;
  readonly type: string;
  /** Whether points had heights or measures. */
  readonly hasZ: boolean;
}

const TYPE_NAMES: Record<number, string> = {
  1: 'Point',
  2: 'LineString',
  3: 'Polygon',
  4: 'MultiPoint',
  5: 'MultiLineString',
  6: 'MultiPolygon',
  7: 'GeometryCollection',
  8: 'CircularString',
  9: 'CompoundCurve',
  10: 'CurvePolygon',
  11: 'MultiCurve',
  12: 'MultiSurface',
  15: 'PolyhedralSurface',
  16: 'TIN',
  17: 'Triangle',
};

/** Bytes of the header's envelope by its indicator (GeoPackage 1.3, clause 2.1.3). */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64];

/** Collections in collections deeper than this are no real data. */
const MAX_DEPTH = 8;

/**
 * The polygons of a GeoPackage geometry blob, Z and M dropped.
 * @throws {RangeError} for a blob that is cut off or not GeoPackage binary
 */
export function readGeoPackageBlob(blob: Uint8Array): BlobGeometry {
  if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50)
    throw new RangeError('has a geometry without GeoPackage header');
  const flags = blob[3]!;
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 7];
  if (envelope === undefined) throw new RangeError('has a geometry with an unknown envelope');
  if ((flags & 0x20) !== 0) return { polygons: [], type: 'extended geometry', hasZ: false };
  const reader: Reader = {
    view: new DataView(blob.buffer, blob.byteOffset, blob.byteLength),
    offset: 8 + envelope,
    little: true,
    hasZ: false,
  };
  const polygons: Polygons = [];
  const type = readGeometry(reader, { polygons, lines: null }, 0);
  return { polygons, type, hasZ: reader.hasZ };
}

interface Reader {
  readonly view: DataView;
  offset: number;
  little: boolean;
  hasZ: boolean;
}

function uint32(reader: Reader): number {
  if (reader.offset + 4 > reader.view.byteLength) throw new RangeError('has a geometry that is cut off');
  const value = reader.view.getUint32(reader.offset, reader.little);
  reader.offset += 4;
  return value;
}

/** A count of things of at least `bytes` each, which must be there. */
function count(reader: Reader, bytes: number): number {
  const n = uint32(reader);
  if (n * bytes > reader.view.byteLength - reader.offset) throw new RangeError('has a geometry that is cut off');
  return n;
}

/** Where what is read goes: lines only where they are the rings of a polygon. */
interface Sink {
  readonly polygons: Polygons;
  readonly lines: Ring[] | null;
}

function readGeometry(reader: Reader, sink: Sink, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError('has a geometry that is nested too deep');
  if (reader.offset >= reader.view.byteLength) throw new RangeError('has a geometry that is cut off');
  reader.little = reader.view.getUint8(reader.offset++) === 1;
  const raw = uint32(reader);
  // Z and M: by thousands in ISO's form, by the top bits in PostGIS's, which also may carry an SRID.
  if ((raw & 0x20000000) !== 0) uint32(reader);
  const code = raw & 0x0fffffff;
  const type = code % 1000;
  const dimensions = Math.floor(code / 1000);
  const hasZ = (raw & 0x80000000) !== 0 || dimensions === 1 || dimensions === 3;
  const hasM = (raw & 0x40000000) !== 0 || dimensions === 2 || dimensions === 3;
  if (hasZ || hasM) reader.hasZ = true;
  const pointBytes = 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0);
  const name = TYPE_NAMES[type];
  if (name === undefined || dimensions > 3) throw new RangeError(`has a geometry of unknown type ${raw}`);
  if (type === 1) reader.offset += pointBytes;
  else if (type === 2 && sink.lines !== null) sink.lines.push(readPoints(reader, pointBytes));
  else if (type === 2 || type === 8) reader.offset += count(reader, pointBytes) * pointBytes;
  else if (type === 3) {
    const rings = readRings(reader, pointBytes);
    if (rings.length > 0) sink.polygons.push(rings);
  } else if (type === 10) {
    sink.polygons.push(readCurvePolygon(reader, depth));
  } else if (type === 17) {
    readRings(reader, pointBytes);
  } else {
    const members = count(reader, 5);
    const inner: Sink = type === 15 || type === 16 ? { polygons: [], lines: null } : sink;
    for (let k = 0; k < members; k++) readGeometry(reader, inner, depth + 1);
  }
  return name;
}

/** The rings of a CurvePolygon, of which each is a geometry of its own. @throws {RangeError} unless all are straight */
function readCurvePolygon(reader: Reader, depth: number): Ring[] {
  const lines: Ring[] = [];
  const ringCount = count(reader, 9);
  for (let r = 0; r < ringCount; r++) {
    const type = readGeometry(reader, { polygons: [], lines }, depth + 1);
    if (type !== 'LineString') throw new RangeError(curveText('CurvePolygon'));
  }
  return lines;
}

function readPoints(reader: Reader, pointBytes: number): Ring {
  const ring: Ring = [];
  const points = count(reader, pointBytes);
  for (let k = 0; k < points; k++) ring.push(readPoint(reader, pointBytes));
  return ring;
}

function readPoint(reader: Reader, pointBytes: number): Position {
  const x = reader.view.getFloat64(reader.offset, reader.little);
  const y = reader.view.getFloat64(reader.offset + 8, reader.little);
  if (!Number.isFinite(x) || !Number.isFinite(y)) throw new RangeError('has a coordinate that is not a finite number');
  reader.offset += pointBytes;
  return [x, y];
}

function readRings(reader: Reader, pointBytes: number): Ring[] {
  const rings: Ring[] = [];
  const ringCount = count(reader, 4);
  for (let r = 0; r < ringCount; r++) {
    rings.push(readPoints(reader, pointBytes));
  }
  return rings;
}
