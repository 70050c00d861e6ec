/**
 * Whether a feature lies where its CRS is meant to be used.
 * @module
 */
import { createTransformer, WGS84, type Crs } from '../../geo/crs.ts';
import type { Polygons, Position } from '../polygons.ts';

/** Degrees of longitude from the middle of a transverse Mercator zone; zones are 6 wide, and some use them for a country. */
const MAX_FROM_MERIDIAN = 12;
const MAX_LONGITUDE = 540;

/** The first point of a feature that has no place on the globe; undefined where all have one. */
export function pointOutside(polygons: Polygons, crs: Crs): Position | undefined {
  const toLonLat = createTransformer(crs, WGS84);
  for (const ring of polygons.flat()) {
    for (const [x, y] of ring) {
      const [lon, lat] = crs.geographic ? [x, y] : toLonLat(x, y);
      if (!(Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= MAX_LONGITUDE)) return [x, y];
    }
  }
  return undefined;
}

/** What looks wrong about the place of a feature, by its first point; undefined where nothing does. */
export function suspicion(polygons: Polygons, crs: Crs): { text: string; at: Position } | undefined {
  const at = polygons[0]?.[0]?.[0];
  if (at === undefined) return undefined;
  const text = crs.geographic ? geographicSuspicion(at) : projectedSuspicion(at, crs);
  return text === undefined ? undefined : { text, at };
}

function geographicSuspicion([lon, lat]: Position): string | undefined {
  if (Math.abs(lon) < 1 && Math.abs(lat) < 1) {
    return 'lies near longitude 0, latitude 0: are these coordinates of a plan, or of another CRS?';
  }
  return undefined;
}

function projectedSuspicion([x, y]: Position, crs: Crs): string | undefined {
  if (Math.abs(x) <= 360 && Math.abs(y) <= 90) {
    return `lies within 360 m of the origin of ${crs.name}: are these degrees of longitude and latitude?`;
  }
  const [lon, lat] = createTransformer(crs, WGS84)(x, y);
  const value = (name: string) => Number(new RegExp(`\\+${name}=(\\S+)`).exec(crs.definition)?.[1] ?? Number.NaN);
  const zone = value('zone');
  const isUtm = crs.definition.includes('+proj=utm');
  const meridian = isUtm ? zone * 6 - 183 : value('lon_0');
  if (isUtm || crs.definition.includes('+proj=tmerc')) {
    const away = Math.abs(((lon - meridian + 540) % 360) - 180);
    if (away > MAX_FROM_MERIDIAN) {
      return `lies at longitude ${lon.toFixed(1)}, latitude ${lat.toFixed(1)}, far from the zone of ${crs.name}: are x and y swapped, or is it another CRS?`;
    }
    const south = /\+south\b/.test(crs.definition);
    if (isUtm && (south ? lat > 1 : lat < -1)) {
      return `lies on the other side of the equator (latitude ${lat.toFixed(1)}) than ${crs.name} is for`;
    }
  }
  const pole = value('lat_0');
  if (Math.abs(pole) === 90 && lat * pole < 0) return `lies on the other side of the equator than ${crs.name} is for`;
  return undefined;
}
