/**
 * Zones with their figures as GeoJSON (RFC 7946).
 * @module
 */
import { WGS84 } from '../geo/crs.ts';
import { signedRingArea, type Ring } from './polygons.ts';
import { projectZone } from './project.ts';
import type { Zone } from './zone.ts';

/** A figure of a zone: what a table cell can hold. */
export type Figure = number | string | null;

/** Reprojected edges follow their true curve to this share of the zone's size; the figures are not computed from them. */
const DEVIATION = 1e-6;

/** A tenth of a millimetre on the ground: digits below it are rounding of the reprojection. */
const DECIMALS = 1e9;

/**
 * A FeatureCollection in longitude and latitude: the file's attributes, then id, name and role, then the figures, of
 * which the later replace the earlier of the same name. Outer rings run counter-clockwise, holes clockwise.
 *
 * @param figures By zone id.
 */
export function zonesGeoJson(zones: readonly Zone[], figures: Record<string, Record<string, Figure>>): string {
  const features = zones.map((zone) => {
    const polygons = lonLat(zone).map((polygon) => polygon.map((ring, r) => wound(ring, r === 0)));
    return {
      type: 'Feature',
      id: zone.id,
      properties: { ...zone.properties, id: zone.id, name: zone.name, role: zone.role, ...figures[zone.id] },
      geometry:
        polygons.length === 1
          ? { type: 'Polygon', coordinates: polygons[0] }
          : { type: 'MultiPolygon', coordinates: polygons },
    };
  });
  // A feature a line: readable, and a change of one zone is a change of one line.
  return `{"type":"FeatureCollection","features":[\n${features.map((feature) => JSON.stringify(feature)).join(',\n')}\n]}\n`;
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
