/**
 * Areas of polygons on the WGS 84 ellipsoid.
 *
 * An edge that is straight in longitude and latitude has the area (b²/2)·∫ q(φ) dλ below it, an integral of a smooth
 * function of one variable. Gauss–Legendre quadrature gives it to the last digits without adding points to the edge.
 * @module
 */
import { crsFromProj, WGS84 } from '../geo/crs.ts';
import { authalicQ, HALF_B2, RADIANS } from './ellipsoid.ts';
import { planarMeasures, type Position, type Ring } from './polygons.ts';
import { projectZone } from './project.ts';
import type { Zone } from './zone.ts';

/** Four-point Gauss–Legendre nodes and weights on [0, 1]. */
const GAUSS = (
  [
    [0.8611363115940526, 0.3478548451374538],
    [0.3399810435848563, 0.6521451548625461],
  ] as const
).flatMap(([node, weight]) => [[(1 - node) / 2, weight / 2] as const, [(1 + node) / 2, weight / 2] as const]);

/** Edges are integrated in pieces of at most this many degrees of latitude: four points are then exact to 1e-15. */
const PIECE_DEGREES = 2;

/**
 * Area of polygons whose edges are straight in longitude and latitude (RFC 7946), in m², holes taken off.
 * A ring may pass the antimeridian, but not go round a pole.
 *
 * @param polygons [polygon][ring][point] in degrees of longitude and latitude.
 */
export function geodesicAreaM2(polygons: Position[][][]): number {
  let area = 0;
  for (const polygon of polygons) {
    for (const [r, ring] of polygon.entries()) area += (r === 0 ? 1 : -1) * ringAreaM2(ring);
  }
  return area;
}

function ringAreaM2(ring: Ring): number {
  if (ring.length < 4) return 0;
  // The first point's q is taken off everywhere: a closed ring's Δλ sum to nothing, and small rings keep their digits.
  const reference = authalicQ(ring[0]![1] * RADIANS);
  let sum = 0;
  for (let k = 0; k + 1 < ring.length; k++) {
    const [lon0, lat0] = ring[k]!;
    const [lon1, lat1] = ring[k + 1]!;
    let dLon = lon1 - lon0;
    if (dLon > 180) dLon -= 360;
    else if (dLon < -180) dLon += 360;
    if (dLon === 0) continue;
    const pieces = Math.ceil(Math.abs(lat1 - lat0) / PIECE_DEGREES) || 1;
    let mean = 0;
    for (let piece = 0; piece < pieces; piece++) {
      for (const [t, weight] of GAUSS) {
        const lat = lat0 + ((lat1 - lat0) * (piece + t)) / pieces;
        mean += weight * (authalicQ(lat * RADIANS) - reference);
      }
    }
    sum += (dLon * mean) / pieces;
  }
  return HALF_B2 * RADIANS * Math.abs(sum);
}

/** Lambert's azimuthal equal-area projections of the polar regions: planar areas in them are ellipsoidal ones. */
const POLAR_EQUAL_AREA = {
  north: crsFromProj('+proj=laea +lat_0=90 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs'),
  south: crsFromProj('+proj=laea +lat_0=-90 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs'),
};

/** Ellipsoidal area of a zone, its edges straight in the CRS of its file. */
export function zoneAreaM2(zone: Zone): number {
  if (zone.crs.geographic) return geodesicAreaM2(zone.polygons);
  // Outlines in polar grids may hold the pole, where longitude says nothing.
  const pole = /\+lat_0=(-?)90(\.0*)? /.exec(zone.crs.definition);
  if (pole === null) return geodesicAreaM2(projectZone(zone, WGS84));
  return planarMeasures(projectZone(zone, POLAR_EQUAL_AREA[pole[1] === '-' ? 'south' : 'north'])).area;
}
