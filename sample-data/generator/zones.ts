/**
 * The zones of the synthetic mine: their outlines on the grid and as GeoJSON.
 *
 * The outlines are made up. Only their neighbourhood (38.04 N 99.49 E) and the size of pit 4 follow the real mine.
 * @module
 */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { createRandom } from './random.ts';

const UTM_47N = crsFromEpsg(32647)!;

/** The grid of the scenes: 260 × 220 pixels of 30 m on the Landsat lattice (corners at odd multiples of 15 m). */
export const GRID: Grid = {
  width: 260,
  height: 220,
  transform: [30, 0, 539085, 0, -30, 4213665],
  crs: UTM_47N,
};

/** A wavy, turned ellipse in pixel coordinates. */
interface Outline {
  readonly x: number;
  readonly y: number;
  /** Half axes in pixels. */
  readonly a: number;
  readonly b: number;
  /** Turn of the long axis, clockwise on the map, radians. */
  readonly angle: number;
  /** Amplitude and phase of the 2nd, 3rd … wave of the radius. */
  readonly waves: readonly (readonly [amplitude: number, phase: number])[];
}

export type MineId = 'pit-4' | 'pit-5' | 'dump-2';

export interface Mine {
  readonly id: MineId;
  readonly name: string;
  readonly inner: Outline;
  /** Outer edge of the impact zone around it. */
  readonly outer: Outline;
}

const VERTICES = 120;

function waves(seed: number, strength: number): [number, number][] {
  const random = createRandom(seed);
  return Array.from({ length: 9 }, (_, k) => [(strength * (0.4 + random())) / (k + 2) ** 0.8, 2 * Math.PI * random()]);
}

/** Where a point lies in the outline's own frame: 1 on the edge, below 1 inside. */
export function relativeRadius(outline: Outline, x: number, y: number): number {
  const [u, v] = toFrame(outline, x, y);
  return Math.sqrt(u * u + v * v) / waveAt(outline, Math.atan2(v, u));
}

/** Position along the long axis (−1 … 1) and across it, in half axes. */
export function toFrame(outline: Outline, x: number, y: number): [along: number, across: number] {
  const dx = x - outline.x;
  const dy = y - outline.y;
  const c = Math.cos(outline.angle);
  const s = Math.sin(outline.angle);
  return [(dx * c + dy * s) / outline.a, (dy * c - dx * s) / outline.b];
}

/** Distance of a point from the edge, in pixels and along the ray from the centre; negative inside. */
export function distanceFromEdge(outline: Outline, x: number, y: number): number {
  const rho = relativeRadius(outline, x, y);
  const radius = Math.sqrt((x - outline.x) ** 2 + (y - outline.y) ** 2);
  return rho === 0 ? -Math.min(outline.a, outline.b) : radius * (1 - 1 / rho);
}

function waveAt(outline: Outline, theta: number): number {
  let w = 1;
  outline.waves.forEach(([amplitude, phase], k) => {
    w += amplitude * Math.cos((k + 2) * theta + phase);
  });
  return w;
}

/** The closed ring of an outline in pixel coordinates, clockwise on screen (rows grow downward). */
function ringOf(outline: Outline): [number, number][] {
  const ring: [number, number][] = [];
  const c = Math.cos(outline.angle);
  const s = Math.sin(outline.angle);
  for (let k = 0; k < VERTICES; k++) {
    const theta = (2 * Math.PI * k) / VERTICES;
    const w = waveAt(outline, theta);
    const u = outline.a * w * Math.cos(theta);
    const v = outline.b * w * Math.sin(theta);
    ring.push([outline.x + u * c - v * s, outline.y + u * s + v * c]);
  }
  ring.push(ring[0]!);
  return ring;
}

/** The same shape with the wanted area on the ellipsoid, in hectares. */
function withArea(outline: Outline, areaHa: number): Outline {
  const ring = ringOf(outline);
  let twice = 0;
  for (let k = 0; k < VERTICES; k++) twice += ring[k]![0] * ring[k + 1]![1] - ring[k + 1]![0] * ring[k]![1];
  const [easting] = applyAffine(GRID.transform, outline.x, outline.y);
  const scaleFactor = 0.9996 * (1 + (easting - 500000) ** 2 / (2 * 6378137 ** 2));
  const gridHa = (Math.abs(twice) / 2) * 0.09;
  const factor = Math.sqrt(areaHa * scaleFactor ** 2) / Math.sqrt(gridHa);
  return { ...outline, a: outline.a * factor, b: outline.b * factor };
}

function mine(
  id: MineId,
  name: string,
  areaHa: number,
  rim: number,
  seed: number,
  place: Omit<Outline, 'waves'>,
): Mine {
  const inner = withArea({ ...place, waves: waves(seed, 0.15) }, areaHa);
  const calmer = inner.waves.map(([amplitude, phase]): [number, number] => [amplitude * 0.7, phase]);
  return { id, name, inner, outer: { ...inner, a: inner.a + rim, b: inner.b + rim, waves: calmer } };
}

/** The mine zones; pit 4 has the 2.50 km² of the published table. */
export const MINES: readonly Mine[] = [
  mine('pit-4', 'Synthetic pit 4', 250, 13, 4, { x: 74, y: 97, a: 46, b: 19, angle: 0.19 }),
  mine('pit-5', 'Synthetic pit 5', 180, 12, 15, { x: 199, y: 121, a: 38, b: 17, angle: 0.12 }),
  mine('dump-2', 'Synthetic pit 2 dump', 95, 9, 27, { x: 78, y: 167, a: 22, b: 15, angle: -0.25 }),
];

/** The undisturbed meadow: two parts of one zone, far from roads and pits. */
export const BACKGROUND: readonly Outline[] = [
  { x: 82, y: 31, a: 60, b: 14, angle: -0.03, waves: waves(51, 0.13) },
  { x: 202, y: 186, a: 40, b: 16, angle: 0.05, waves: waves(52, 0.13) },
];

export interface ZoneInfo {
  readonly id: string;
  readonly name: string;
  readonly role: 'mine' | 'impact' | 'reference';
}

/** All zones in the order of `pits.geojson`; a pixel's zone is its place in this list. */
export const ZONES: readonly ZoneInfo[] = [
  ...MINES.map(({ id, name }): ZoneInfo => ({ id, name, role: 'mine' })),
  ...MINES.map(({ id, name }): ZoneInfo => ({
    id: `${id}-impact`,
    name: `Around ${lowerFirst(name)}`,
    role: 'impact',
  })),
  { id: 'background', name: 'Synthetic background', role: 'reference' },
];

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The zone that holds a point of the grid (pixel coordinates), as a place in {@link ZONES}; −1 for none. */
export function zoneAt(x: number, y: number): number {
  for (const [k, { inner, outer }] of MINES.entries()) {
    if (relativeRadius(inner, x, y) < 1) return k;
    if (relativeRadius(outer, x, y) < 1) return MINES.length + k;
  }
  return BACKGROUND.some((part) => relativeRadius(part, x, y) < 1) ? ZONES.length - 1 : -1;
}

/** `pits.geojson`: longitude and latitude with 7 decimals (a centimetre), outer rings anticlockwise, holes clockwise. */
export function zonesAsGeoJson(): FeatureCollection<Polygon | MultiPolygon> {
  const toLonLat = createTransformer(UTM_47N, WGS84);
  const lonLatRing = (outline: Outline): Position[] =>
    ringOf(outline)
      .map(([col, row]) => toLonLat(...applyAffine(GRID.transform, col, row)))
      .map(([lon, lat]) => [Number(lon.toFixed(7)), Number(lat.toFixed(7))]);
  // Clockwise on screen is clockwise on the map.
  const shell = (outline: Outline) => lonLatRing(outline).reverse();
  const geometries: (Polygon | MultiPolygon)[] = [
    ...MINES.map(({ inner }): Polygon => ({ type: 'Polygon', coordinates: [shell(inner)] })),
    ...MINES.map(({ inner, outer }): Polygon => ({ type: 'Polygon', coordinates: [shell(outer), lonLatRing(inner)] })),
    { type: 'MultiPolygon', coordinates: BACKGROUND.map((part) => [shell(part)]) },
  ];
  return {
    type: 'FeatureCollection',
    features: ZONES.map((zone, k): Feature<Polygon | MultiPolygon> => ({
      type: 'Feature',
      properties: { ...zone, synthetic: true },
      geometry: geometries[k]!,
    })),
  };
}
