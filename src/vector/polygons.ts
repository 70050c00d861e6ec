/**
 * Plain polygon geometry: the types, and measures in the plane of their CRS.
 * @module
 */
import type { Bbox } from '../geo/bbox.ts';

/** A point: x (east, or longitude), then y. */
export type Position = [x: number, y: number];

/** A closed ring: the first point is repeated at the end. Its direction means nothing. */
export type Ring = Position[];

/** MultiPolygon coordinates: [polygon][ring][point]; the first ring of a polygon is its outside, the rest are holes. */
export type Polygons = Position[][][];

/**
 * Signed planar area of a ring in CRS units squared, positive where it runs counter-clockwise with y upwards.
 * Taken relative to the first point, so that large coordinates cost no digits.
 */
export function signedRingArea(ring: Ring): number {
  const origin = ring[0];
  if (origin === undefined) return 0;
  let twice = 0;
  for (let k = 1; k < ring.length - 1; k++) {
    const [x0, y0] = ring[k]!;
    const [x1, y1] = ring[k + 1]!;
    twice += (x0 - origin[0]) * (y1 - origin[1]) - (x1 - origin[0]) * (y0 - origin[1]);
  }
  return twice / 2;
}

/** Planar area (CRS units squared, holes taken off) and length of all rings of polygons. */
export function planarMeasures(polygons: Polygons): { area: number; perimeter: number } {
  let area = 0;
  let perimeter = 0;
  for (const polygon of polygons) {
    for (const [r, ring] of polygon.entries()) {
      area += (r === 0 ? 1 : -1) * Math.abs(signedRingArea(ring));
      for (let k = 0; k + 1 < ring.length; k++) {
        perimeter += Math.hypot(ring[k + 1]![0] - ring[k]![0], ring[k + 1]![1] - ring[k]![1]);
      }
    }
  }
  return { area, perimeter };
}

/** The bounding box of polygons. @throws {RangeError} if they hold no point */
export function polygonsBbox(polygons: Polygons): Bbox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of polygons) {
    for (const ring of polygon) {
      for (const [x, y] of ring) {
        if (x < minX) minX = x;
        if (x > maxX) maxX = x;
        if (y < minY) minY = y;
        if (y > maxY) maxY = y;
      }
    }
  }
  if (minX > maxX) throw new RangeError('Polygons without a point have no bounding box');
  return [minX, minY, maxX, maxY];
}

/** The number of points of polygons. */
export function countPoints(polygons: Polygons): number {
  let n = 0;
  for (const polygon of polygons) for (const ring of polygon) n += ring.length;
  return n;
}
