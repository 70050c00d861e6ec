/**
 * Zones with their figures as GeoJSON (RFC 7946).
 * @module
 */
import { lonLatPolygons } from './lon-lat.ts';
import type { Zone } from './zone.ts';

/** A figure of a zone: what a table cell can hold. */
export type Figure = number | string | null;

/**
 * A FeatureCollection in longitude and latitude: the file's attributes, then id, name and role, then the figures, of
 * which the later replace the earlier of the same name. Outer rings run counter-clockwise, holes clockwise.
 *
 * @param figures By zone id.
 */
export function zonesGeoJson(zones: readonly Zone[], figures: Record<string, Record<string, Figure>>): string {
  const features = zones.map((zone) => {
    const polygons = lonLatPolygons(zone);
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
