/**
 * The polygons of zones as files in longitude and latitude hold them.
 * @module
 */
import { WGS84 } from '../geo/crs.ts';
import { signedRingArea, type Ring } from './polygons.ts';
import { projectZone } from './project.ts';
import type { Zone } from './zone.ts';

/** Reprojected edges follow their true curve to this share of the zone's size; the figures are not computed from them. */
const DEVIATION = 1e-6;

/** A tenth of a millimetre on the ground: digits below it are rounding of the reprojection. */
const DECIMALS = 1e9;

/** Outer rings run counter-clockwise, holes clockwise (RFC 7946, and OGC Simple Features). */
export function lonLatPolygons(zone: Zone): Ring[][] {
  return lonLat(zone).map((polygon) => polygon.map((ring, r) => wound(ring, r === 0)));
}

function lonLat(zone: Zone): Ring[][] {
  if (zone.crs.geographic) return zone.polygons;
  const round = (degrees: number) => Math.round(degrees * DECIMALS) / DECIMALS;
  return projectZone(zone, WGS84, DEVIATION).map((polygon) =>
    polygon.map((ring) => ring.map(([x, y]) => [round(x), round(y)])),
  );
}

function wound(ring: Ring, counterClockwise: boolean): Ring {
  return signedRingArea(ring) > 0 === counterClockwise ? ring : ring.toReversed();
}
