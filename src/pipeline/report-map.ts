/**
 * The map of the report, from the maps and the zones that a run left.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { openGeoTiff } from '../raster/geotiff-file.ts';
import type { Summary } from '../report/model.ts';
import type { MapInput } from '../report/html/section.ts';
import { packedLayers } from './report-layers.ts';

/** Outlines of zones in longitude and latitude: [polygon][ring][point]. */
export interface Outline {
  readonly id: string;
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[];
}

/** Land around the zones that the map shows, as a share of their extent. */
const MARGIN = 0.15;
/** The window's corner lies on such a multiple of pixels, so that overviews fit it. */
const ALIGNMENT = 64;
/** Points of longitude and latitude along a side of the map. */
const NODES = 9;
/** Points of all outlines together; of longer ones, points closer than a pixel of the screen are left out. */
const MOST_POINTS = 60_000;
const SCREEN_PIXELS = 1600;

/** The map; null where the place of the zones is not known. */
export async function reportMap(
  folder: string,
  summary: Summary,
  outlines: readonly Outline[],
): Promise<MapInput | null> {
  const grid = await gridOf(folder, summary);
  if (grid === null) return null;
  const toGrid = createTransformer(WGS84, grid.crs);
  const inverse = invertAffine(grid.transform);
  const pixels = outlines.flatMap(({ id, polygons }) =>
    polygons.map((rings) => ({
      id,
      rings: rings.map((ring) => ring.map(([lon, lat]) => applyAffine(inverse, ...toGrid(lon, lat)))),
    })),
  );
  const window = windowAround(
    pixels.flatMap(({ rings }) => rings.flat()),
    grid,
  );
  const places = placesOf(grid, window);
  const [pixelX, pixelY] = pixelSize(grid, window);
  const [widthM, heightM] = [window.width * pixelX, window.height * pixelY];
  const points = pixels.reduce((sum, { rings }) => sum + rings.reduce((n, ring) => n + ring.length, 0), 0);
  const least = points > MOST_POINTS ? Math.max(widthM, heightM) / SCREEN_PIXELS : 0;
  return {
    widthM: round(widthM),
    heightM: round(heightM),
    places,
    outlines: pixels.map(({ id, rings }) => ({
      id,
      rings: rings.map((ring) =>
        thinned(
          ring.map(([col, row]) => [(col - window.col) * pixelX, (row - window.row) * pixelY] as const),
          least,
        ),
      ),
    })),
    layers: await packedLayers(join(folder, 'maps'), summary, window),
  };
}

/** The run's grid: from a map where there is one, and else from the summary where its CRS has a known code. */
async function gridOf(folder: string, { grid }: Summary): Promise<Grid | null> {
  const { width, height, transform } = grid;
  const code = /^EPSG:(\d+)$/.exec(grid.crs)?.[1];
  const known = code === undefined ? undefined : crsFromEpsg(Number(code));
  if (known !== undefined) return { width, height, transform: transform as Grid['transform'], crs: known };
  const path = join(folder, 'maps', 'trend_class.tif');
  if (!existsSync(path)) return null;
  const file = await openGeoTiff(path);
  try {
    return file.grid;
  } finally {
    await file.close();
  }
}

/** The part of the grid that the map shows: the zones with some land around. */
function windowAround(points: readonly (readonly [number, number])[], { width, height }: Grid): Window {
  const range = (k: 0 | 1, size: number): [from: number, to: number] => {
    const values = points.map((point) => point[k]).filter(Number.isFinite);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    if (low >= high) return [0, size];
    const margin = MARGIN * (high - low);
    const from = Math.max(0, Math.floor((low - margin) / ALIGNMENT) * ALIGNMENT);
    const to = Math.min(size, Math.ceil((high + margin) / ALIGNMENT) * ALIGNMENT);
    return from < to ? [from, to] : [0, size];
  };
  const [left, right] = range(0, width);
  const [top, bottom] = range(1, height);
  return { col: left, row: top, width: right - left, height: bottom - top };
}

/** Longitudes and latitudes of a lattice; longitudes run on across the antimeridian. */
function placesOf(grid: Grid, window: Window): MapInput['places'] {
  const toDegrees = createTransformer(grid.crs, WGS84);
  const [lon, lat]: [number[], number[]] = [[], []];
  for (let k = 0; k < NODES * NODES; k++) {
    const col = window.col + (window.width * (k % NODES)) / (NODES - 1);
    const row = window.row + (window.height * Math.floor(k / NODES)) / (NODES - 1);
    const [x, y] = toDegrees(...applyAffine(grid.transform, col, row));
    const turns = lon.length === 0 ? 0 : Math.round((lon[0]! - x) / 360);
    lon.push(Number((x + 360 * turns).toFixed(7)));
    lat.push(Number(y.toFixed(7)));
  }
  return { nodes: NODES, lon, lat };
}

const A = 6_378_137;
const E2 = 0.006_694_379_990_14;

/** Width and height in metres of a pixel in the middle of the window, on the WGS 84 ellipsoid. */
export function pixelSize(grid: Grid, { col, row, width, height }: Window): [number, number] {
  const toDegrees = createTransformer(grid.crs, WGS84);
  const [c, r] = [col + width / 2, row + height / 2];
  const [lon, lat] = toDegrees(...applyAffine(grid.transform, c, r));
  const rad = Math.PI / 180;
  const s = 1 - E2 * Math.sin(lat * rad) ** 2;
  // Radii of curvature along the parallel and the meridian.
  const east = (A / Math.sqrt(s)) * Math.cos(lat * rad) * rad;
  const north = ((A * (1 - E2)) / s ** 1.5) * rad;
  const to = (dc: number, dr: number): number => {
    const [x, y] = toDegrees(...applyAffine(grid.transform, c + dc, r + dr));
    return Math.hypot((((x - lon + 540) % 360) - 180) * east, (y - lat) * north);
  };
  return [to(1, 0), to(0, 1)];
}

/** A ring as x, y, x, y, … without points closer than `least` to the one before; three points stay. */
function thinned(ring: readonly (readonly [number, number])[], least: number): number[] {
  const out: number[] = [];
  for (const [k, [x, y]] of ring.entries()) {
    // The CRS has no place for it.
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const near = out.length >= 2 && Math.hypot(x - out.at(-2)!, y - out.at(-1)!) < least;
    if (near && k < ring.length - 3) continue;
    out.push(round(x), round(y));
  }
  return out;
}

/** Metres to the decimetre. */
function round(metres: number): number {
  return Math.round(metres * 10) / 10;
}
