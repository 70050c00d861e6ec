/**
 * Small stacks of scenes for tests, written with the project's own COG writer.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRandom } from '../../sample-data/generator/random.ts';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { writeCogFromPixels, type CogSpec } from '../../src/raster/cog.ts';

/** Cloud and clear ground as QA_PIXEL of OLI says them. */
export const QA_CLEAR = 21824;
export const QA_CLOUD = 22280;
/** Small tiles, so that small rasters have several. */
const TILE = 64;

/** A UTM grid whose upper left corner lies near the Jiangcang mine. */
export function utmGrid(
  width: number,
  height: number,
  { pixel = 30, x = 540_000, y = 4_216_000, epsg = 32647 } = {},
): Grid {
  return { width, height, transform: [pixel, 0, x, 0, -pixel, y], crs: crsFromEpsg(epsg)! };
}

/** Row-major values of a function of column and row. */
export function paint<A extends Uint8Array | Uint16Array | Float32Array>(
  out: A,
  width: number,
  value: (col: number, row: number) => number,
): A {
  for (let i = 0; i < out.length; i++) out[i] = value(i % width, Math.floor(i / width));
  return out;
}

/** Writes a raster, making its folder. */
export async function writeRaster(
  path: string,
  grid: Grid,
  pixels: Uint8Array | Uint16Array | Float32Array,
  extra: Partial<CogSpec> = {},
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const pixelType = pixels instanceof Uint8Array ? 'uint8' : pixels instanceof Uint16Array ? 'uint16' : 'float32';
  const spec: CogSpec = { grid, pixelType, samples: 1, nodata: null, overview: 'average', ...extra };
  await writeCogFromPixels(path, spec, pixels, { tileSize: TILE });
}

/** What one made-up scene shows. */
export interface SceneContent {
  grid: Grid;
  /** `yyyymmdd` */
  date: string;
  /** NDVI of a pixel. */
  ndvi(col: number, row: number): number;
  /** True where a cloud lies. */
  cloud?(col: number, row: number): boolean;
}

/** Red and near infrared with this NDVI: they add up to 0.4. */
function reflectances(ndvi: number): [red: number, nir: number] {
  return [0.2 * (1 - ndvi), 0.2 * (1 + ndvi)];
}

/** Writes a Landsat Collection 2 Level 2 scene (OLI names) and returns its product id. */
export async function writeLandsat(folder: string, scene: SceneContent): Promise<string> {
  const { grid, date } = scene;
  const id = `LC08_L2SP_133034_${date}_${date}_02_T1`;
  const n = grid.width * grid.height;
  const dn = (rho: number) => Math.round((rho + 0.2) / 2.75e-5);
  const band = (k: 0 | 1) =>
    paint(new Uint16Array(n), grid.width, (col, row) => dn(reflectances(scene.ndvi(col, row))[k]));
  const qa = paint(new Uint16Array(n), grid.width, (col, row) => (scene.cloud?.(col, row) ? QA_CLOUD : QA_CLEAR));
  await writeRaster(join(folder, `${id}_SR_B4.TIF`), grid, band(0), { nodata: 0 });
  await writeRaster(join(folder, `${id}_SR_B5.TIF`), grid, band(1), { nodata: 0 });
  await writeRaster(join(folder, `${id}_QA_PIXEL.TIF`), grid, qa, { nodata: 1, overview: 'mode' });
  return id;
}

/**
 * Writes a Sentinel-2 Level-2A folder: B04 and B08 on the grid, SCL at twice its pixel, and the STAC item.
 *
 * @param offset Added to the digital numbers: 1000 from processing baseline 04.00 on, 0 before.
 */
export async function writeSentinel2(folder: string, scene: SceneContent, offset: 0 | 1000): Promise<string> {
  const { grid, date } = scene;
  const id = `S2B_47SNB_${date}_0_L2A`;
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const band = (k: 0 | 1) =>
    paint(
      new Uint16Array(grid.width * grid.height),
      grid.width,
      (col, row) => Math.round(reflectances(scene.ndvi(col, row))[k] * 1e4) + offset,
    );
  const [a, b, c, d, e, f] = grid.transform;
  const [width, height] = [Math.ceil(grid.width / 2), Math.ceil(grid.height / 2)];
  const coarse: Grid = { ...grid, width, height, transform: [2 * a, b, c, d, 2 * e, f] };
  const scl = paint(new Uint8Array(width * height), width, (col, row) => (scene.cloud?.(2 * col, 2 * row) ? 9 : 4));
  const place = join(folder, id);
  await writeRaster(join(place, 'B04.tif'), grid, band(0), { nodata: 0 });
  await writeRaster(join(place, 'B08.tif'), grid, band(1), { nodata: 0 });
  await writeRaster(join(place, 'SCL.tif'), coarse, scl, { nodata: 0, overview: 'mode' });
  const raster = [{ nodata: 0, data_type: 'uint16', scale: 1e-4, offset: -offset * 1e-4 }];
  const item = {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    collection: 'sentinel-2-l2a',
    geometry: null,
    links: [],
    properties: { datetime: `${day}T04:11:12Z`, platform: 'sentinel-2b' },
    assets: {
      red: { href: './B04.tif', 'raster:bands': raster },
      nir: { href: './B08.tif', 'raster:bands': raster },
      scl: { href: './SCL.tif' },
    },
  };
  writeFileSync(join(place, `${id}.json`), JSON.stringify(item));
  return id;
}

/** A zone as a rectangle of pixels; whole or part pixels. */
export interface TestZone {
  id: string;
  name?: string;
  role?: string;
  col: number;
  row: number;
  width: number;
  height: number;
}

/** Pixels by which zones are smaller than said, so that rounding on the way to degrees and back adds no row to their box. */
const INSET = 1e-6;

/**
 * Writes zones as GeoJSON in longitude and latitude. Edges get a point each pixel, so that lines that are straight there
 * stay within micrometres of the pixels' edges.
 */
export function writeZones(path: string, grid: Grid, zones: readonly TestZone[]): string {
  const toLonLat = createTransformer(grid.crs, WGS84);
  const features = zones.map(({ col, row, width, height, ...properties }) => {
    const [left, right] = [col + INSET, col + width - INSET];
    const [top, bottom] = [row + INSET, row + height - INSET];
    const corners = [
      [left, top],
      [left, bottom],
      [right, bottom],
      [right, top],
      [left, top],
    ] as const;
    const ring: [number, number][] = [];
    for (let k = 0; k < 4; k++) {
      const [from, to] = [corners[k]!, corners[k + 1]!];
      const steps = Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])));
      for (let s = 0; s < steps; s++) {
        const [c, r] = [from[0] + ((to[0] - from[0]) * s) / steps, from[1] + ((to[1] - from[1]) * s) / steps];
        ring.push(toLonLat(...applyAffine(grid.transform, c, r)));
      }
    }
    ring.push(ring[0]!);
    return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

/**
 * A noisy landscape for tests that compare runs: a smooth slope of green, a pit that opens in the third year and greens
 * from the sixth on, and square clouds. One function a scene; equal seeds give equal scenes.
 */
export function noisyScene(grid: Grid, date: string, yearIndex: number, seed: number): SceneContent {
  const random = createRandom(seed * 1000 + Number(date));
  const noise = Float32Array.from({ length: grid.width * grid.height }, () => random() - 0.5);
  const cloudCol = Math.floor(random() * grid.width);
  const cloudRow = Math.floor(random() * grid.height);
  const cloudSize = Math.max(3, Math.floor(grid.width / 6));
  return {
    grid,
    date,
    ndvi(col, row) {
      const [u, v] = [col / grid.width, row / grid.height];
      const inPit = Math.hypot(u - 0.4, v - 0.5) < 0.2;
      const opened = inPit && yearIndex >= 2;
      const green = opened ? 0.15 + 0.1 * Math.max(0, yearIndex - 4) : 0.45 + 0.3 * u + 0.004 * yearIndex;
      return Math.min(0.9, green) + 0.04 * noise[row * grid.width + col]!;
    },
    cloud: (col, row) => Math.abs(col - cloudCol) < cloudSize && Math.abs(row - cloudRow) < cloudSize,
  };
}

/** Writes `years` × two noisy Landsat scenes. */
export async function writeNoisyStack(folder: string, grid: Grid, years: readonly number[], seed = 1): Promise<void> {
  for (const [k, year] of years.entries()) {
    for (const day of ['0715', '0816']) await writeLandsat(folder, noisyScene(grid, `${year}${day}`, k, seed));
  }
}
