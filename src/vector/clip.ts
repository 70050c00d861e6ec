/**
 * What polygons share, and what is left of one without others.
 *
 * Edges that two polygons have in common stay the very same points. The package is loaded where it is first needed: it takes 0.1 s.
 * @module
 */
import type { Polygons } from './polygons.ts';

/** What two sets of polygons of one CRS share. */
export async function intersect(a: Polygons, b: Polygons): Promise<Polygons> {
  const turf = await import('@turf/turf');
  const { featureCollection, multiPolygon } = turf;
  return polygonsOf(turf.intersect(featureCollection([multiPolygon(a), multiPolygon(b)])));
}

/** What is left of polygons without others of the same CRS. */
export async function subtract(from: Polygons, others: readonly Polygons[]): Promise<Polygons> {
  if (others.length === 0) return from;
  const turf = await import('@turf/turf');
  const { featureCollection, multiPolygon } = turf;
  return polygonsOf(turf.difference(featureCollection([from, ...others].map((polygons) => multiPolygon(polygons)))));
}

/** The union of sets of polygons of one CRS. */
export async function unite(parts: readonly Polygons[]): Promise<Polygons> {
  return (await loadUnite())(parts);
}

/** {@link unite} with its package loaded. */
export async function loadUnite(): Promise<(parts: readonly Polygons[]) => Polygons> {
  const turf = await import('@turf/turf');
  const { featureCollection, multiPolygon } = turf;
  return (parts) => {
    if (parts.length < 2) return parts[0] ?? [];
    return polygonsOf(turf.union(featureCollection(parts.map((polygons) => multiPolygon(polygons)))));
  };
}

function polygonsOf(feature: { geometry: { type: string; coordinates: unknown } } | null): Polygons {
  if (feature === null) return [];
  const { type, coordinates } = feature.geometry;
  return (type === 'Polygon' ? [coordinates] : coordinates) as Polygons;
}
