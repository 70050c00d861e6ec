/**
 * Land within a distance of a zone, in metres on the ellipsoid.
 *
 * The zone is laid into an azimuthal equidistant projection about its own middle, grown there, and brought back. In that
 * projection distances from the middle are true, and those across are too long by r²/6R² (Snyder 1987, chapter 25): less
 * than 3e-4 as far as 250 km from the middle.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import { createTransformer, crsFromProj, WGS84, type Crs } from '../geo/crs.ts';
import { intersect } from './clip.ts';
import { dilate, DILATION_ERROR } from './dilate.ts';
import { planarMeasures, polygonsBbox, type Polygons, type Position, type Ring } from './polygons.ts';
import { projectZone } from './project.ts';
import type { Zone } from './zone.ts';

/**
 * Largest error of a buffer's outline, relative to its distance: of the growing in the plane (5e-4), of the projection
 * (3e-4), and of the outline's edges on the way to the plane and back.
 */
export const BUFFER_ERROR = DILATION_ERROR + 5e-4;

/** Distances that a buffer may have, in metres. */
export const LEAST_BUFFER_M = 1;
export const MOST_BUFFER_M = 100_000;

/** No part of a buffered zone, nor of its buffer, may lie farther from its middle than this. */
const FARTHEST_M = 250_000;

/** Edges follow their true curve to this share of the zone's size, there and back. */
const DEVIATION = 1e-7;

/** Degrees by which a buffer must stay away from a pole. */
const POLE_MARGIN = 0.01;

/**
 * All land within a distance of a zone, the zone included.
 *
 * @param zone Its outline must not cross itself.
 * @param distanceM 1 m to 100 km.
 * @returns Polygons in the zone's CRS; in a geographic one split at the antimeridian.
 * @throws {MineRsError} BAD_INPUT for a zone of more than some 500 km, one with a broken outline, or one beside a pole
 */
export async function bufferZone(zone: Zone, distanceM: number): Promise<Polygons> {
  const [lon, lat] = middleOf(zone);
  const local = crsFromProj(`+proj=aeqd +lat_0=${lat} +lon_0=${lon} +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs`);
  const flat = projectZone(zone, local, DEVIATION);
  if (!(planarMeasures(flat).area > 0)) throw badZone(zone, distanceM, 'it has no area');
  const [minX, minY, maxX, maxY] = polygonsBbox(flat);
  const radius = Math.max(...[minX, maxX].flatMap((x) => [minY, maxY].map((y) => Math.hypot(x, y)))) + distanceM;
  if (radius > FARTHEST_M) {
    const size = `it reaches ${Math.round(radius / 1000)} km from its middle`;
    throw badZone(zone, distanceM, `${size}, more than ${FARTHEST_M / 1000} km: give its parts ids of their own`);
  }
  let grown: Polygons;
  try {
    grown = dilate(flat, distanceM);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badZone(zone, distanceM, messageOf(error));
  }
  const inPlane: Zone = { ...zone, polygons: grown, crs: local };
  if (!zone.crs.geographic) return projectZone(inPlane, zone.crs, DEVIATION);
  return inDegrees(inPlane, zone, lon, distanceM);
}

function badZone(zone: Zone, distanceM: number, why: string): MineRsError {
  return new MineRsError('BAD_INPUT', `No ring of ${distanceM} m can be made around zone ${zone.id}: ${why}`, {
    zone: zone.id,
  });
}

/** Longitude and latitude of the middle of a zone's bounding box; a zone on both sides of the antimeridian has it there. */
function middleOf(zone: Zone): Position {
  const toLonLat = createTransformer(zone.crs, WGS84);
  if (!zone.crs.geographic) {
    const [minX, minY, maxX, maxY] = polygonsBbox(zone.polygons);
    return toLonLat((minX + maxX) / 2, (minY + maxY) / 2);
  }
  const [minX, minY, maxX, maxY] = polygonsBbox(zone.polygons);
  if (maxX - minX <= 180) return [(minX + maxX) / 2, (minY + maxY) / 2];
  const [left, , right] = polygonsBbox(
    zone.polygons.map((p) => p.map((ring) => ring.map(([x, y]) => [x < 0 ? x + 360 : x, y]))),
  );
  const middle = (left + right) / 2;
  return [middle > 180 ? middle - 360 : middle, (minY + maxY) / 2];
}

/** Degrees counted from a meridian, so that no outline jumps at the antimeridian. */
function degreesFrom(lon: number): Crs {
  return crsFromProj(`+proj=longlat +datum=WGS84 +pm=${lon} +no_defs`);
}

async function inDegrees(inPlane: Zone, zone: Zone, lon: number, distanceM: number): Promise<Polygons> {
  const relative = projectZone(inPlane, degreesFrom(lon), DEVIATION);
  const [, south, , north] = polygonsBbox(relative);
  const toPole = createTransformer(WGS84, inPlane.crs);
  const [minX, minY, maxX, maxY] = polygonsBbox(inPlane.polygons);
  const holdsPole = [90, -90].some((pole) => {
    const [x, y] = toPole(0, pole);
    return x >= minX && x <= maxX && y >= minY && y <= maxY;
  });
  if (holdsPole || Math.max(north, -south) > 90 - POLE_MARGIN) {
    throw badZone(zone, distanceM, 'it would reach a pole; give the zones in a polar CRS');
  }
  return splitAtAntimeridian(relative.map((p) => p.map((ring) => ring.map(([x, y]): Position => [x + lon, y]))));
}

/** Brings polygons whose longitudes pass ±180 back into the range, cut at the antimeridian. */
async function splitAtAntimeridian(polygons: Polygons): Promise<Polygons> {
  const [west, , east] = polygonsBbox(polygons);
  if (west >= -180 && east <= 180) return polygons;
  const world: Polygons = [[rectangle(-180, -90, 180, 90)]];
  const shifted = [-360, 0, 360].map((shift) =>
    polygons.map((polygon) => polygon.map((ring) => ring.map(([x, y]): Position => [x + shift, y]))),
  );
  return (await Promise.all(shifted.map((part) => intersect(part, world)))).flat();
}

function rectangle(minX: number, minY: number, maxX: number, maxY: number): Ring {
  return [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
    [minX, minY],
  ];
}
