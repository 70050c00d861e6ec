/**
 * A mended copy as GeoJSON, with every digit of its coordinates.
 * @module
 */
import type { Crs } from '../../geo/crs.ts';
import type { Zone } from '../zone.ts';

/**
 * A FeatureCollection in the zones' own CRS. One that is not longitude and latitude is named in the `crs` member of
 * GeoJSON 2008, which GDAL and QGIS know.
 */
export function mendedGeoJson(zones: readonly Zone[], crs: Crs): string {
  const features = zones.map(({ properties, polygons }) => ({
    type: 'Feature',
    properties,
    geometry:
      polygons.length === 1
        ? { type: 'Polygon', coordinates: polygons[0] }
        : { type: 'MultiPolygon', coordinates: polygons },
  }));
  const named =
    crs.epsg === null || crs.epsg === 4326
      ? ''
      : `"crs":${JSON.stringify({ type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${crs.epsg}` } })},`;
  return `{"type":"FeatureCollection",${named}"features":[\n${features.map((feature) => JSON.stringify(feature)).join(',\n')}\n]}\n`;
}
