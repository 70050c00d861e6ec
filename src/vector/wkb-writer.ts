/**
 * Polygons as GeoPackage geometries: little-endian WKB behind the GeoPackage header (OGC 12-128r15, clause 2.1.3).
 * @module
 */
import { countPoints, polygonsBbox, type Polygons, type Ring } from './polygons.ts';

const LINE_STRING = 2;
const MULTI_POLYGON = 6;
const POLYGON = 3;
/** Little-endian, envelope of x and y, not empty. */
const FLAGS = 0b0000_0011;
const HEADER_BYTES = 8 + 32;

/** A MultiPolygon with its envelope. @param srsId EPSG code of its CRS. @throws {RangeError} if there is no point */
export function geoPackageBlob(polygons: Polygons, srsId: number): Uint8Array {
  const rings = polygons.reduce((sum, polygon) => sum + polygon.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + 9 + 9 * polygons.length + 4 * rings + 16 * countPoints(polygons));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const byte = (value: number) => view.setUint8(at++, value);
  const uint = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const double = (value: number) => {
    view.setFloat64(at, value, true);
    at += 8;
  };
  byte(0x47);
  byte(0x50);
  byte(0);
  byte(FLAGS);
  uint(srsId);
  const [minX, minY, maxX, maxY] = polygonsBbox(polygons);
  for (const value of [minX, maxX, minY, maxY]) double(value);
  byte(1);
  uint(MULTI_POLYGON);
  uint(polygons.length);
  for (const polygon of polygons) {
    byte(1);
    uint(POLYGON);
    uint(polygon.length);
    for (const ring of polygon) {
      uint(ring.length);
      for (const [x, y] of ring) {
        double(x);
        double(y);
      }
    }
  }
  return bytes;
}

/** A LineString with its envelope. @param srsId EPSG code of its CRS. @throws {RangeError} for fewer than two points */
export function geoPackageLine(points: Ring, srsId: number): Uint8Array {
  if (points.length < 2) throw new RangeError(`A line has at least two points, got ${points.length}`);
  const [minX, minY, maxX, maxY] = polygonsBbox([[points]]);
  const bytes = new Uint8Array(HEADER_BYTES + 9 + 16 * points.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x47, 0x50, 0, FLAGS]);
  view.setUint32(4, srsId, true);
  for (const [k, value] of [minX, maxX, minY, maxY].entries()) view.setFloat64(8 + 8 * k, value, true);
  view.setUint8(HEADER_BYTES, 1);
  view.setUint32(HEADER_BYTES + 1, LINE_STRING, true);
  view.setUint32(HEADER_BYTES + 5, points.length, true);
  for (const [k, [x, y]] of points.entries()) {
    view.setFloat64(HEADER_BYTES + 9 + 16 * k, x, true);
    view.setFloat64(HEADER_BYTES + 17 + 16 * k, y, true);
  }
  return bytes;
}
