/**
 * Warping beside GDAL, one thread each: from one UTM zone onto the next, 2048 × 2048 pixels of 30 m.
 *
 * Runs alternate, and what counts is the median of the ratios, for other work on the machine meets both.
 * `warp` is the work between two arrays in memory, ours in this process and GDAL's in Python's. `process` is all from the
 * start of a process to its end: the GeoTIFF is read, warped and left in memory; ours starts Node, GDAL's is gdalwarp.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/warp.js [repeats] [python3 with GDAL]
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { crsFromEpsg } from '../src/geo/crs.ts';
import type { Grid } from '../src/geo/grid.ts';
import type { Window } from '../src/geo/window.ts';
import { openGeoTiff, type PixelArray } from '../src/raster/geotiff-file.ts';
import { createPixels, pixelTypeOf } from '../src/raster/pixel-type.ts';
import { warpPixels, warpValues } from '../src/raster/warp/warp.ts';

const SIDE = 2048;
const METHODS = ['nearest', 'bilinear', 'cubic', 'average'] as const;
type Method = (typeof METHODS)[number];
const KINDS = ['float32', 'uint16'] as const;
/** Around 102.2° east, 38° north, in zone 47: the source lies in zone 48. */
const TARGET: Grid = {
  width: SIDE,
  height: SIDE,
  transform: [30, 0, 750_270, 0, -30, 4_240_320],
  crs: crsFromEpsg(32647)!,
};

/** Makes the sources, then answers each line `kind method threshold` with the milliseconds of a warp. */
const GDAL = `
import sys, time
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
folder, side, (left, top) = sys.argv[1], int(sys.argv[2]), map(float, sys.argv[3:5])
crs = {}
for code in (32647, 32648):
    crs[code] = osr.SpatialReference(); crs[code].ImportFromEPSG(code)
way = osr.CoordinateTransformation(crs[32647], crs[32648])
x, y, _ = way.TransformPoint(left + side * 15, top - side * 15)
size = side + 352
values = 0.4 + 0.1 * np.random.default_rng(1).standard_normal((size, size))
holes = np.add.outer(np.arange(size) // 37, np.arange(size) // 23) % 11 == 0
sources = {}
for kind, code, nodata in (('float32', gdal.GDT_Float32, float('nan')), ('uint16', gdal.GDT_UInt16, 0)):
    data = values if kind == 'float32' else (values * 10000).clip(1, 60000)
    source = gdal.GetDriverByName('MEM').Create('', size, size, 1, code)
    source.SetGeoTransform((round(x) - size * 15, 30, 0, round(y) + size * 15, 0, -30))
    source.SetProjection(crs[32648].ExportToWkt())
    source.GetRasterBand(1).WriteArray(np.where(holes, nodata, data).astype(kind))
    source.GetRasterBand(1).SetNoDataValue(nodata)
    gdal.Translate(f'{folder}/{kind}.tif', source, creationOptions=['TILED=YES', 'BLOCKXSIZE=512', 'BLOCKYSIZE=512'])
    sources[kind] = source
print('ready', flush=True)
for line in sys.stdin:
    kind, method, threshold = line.split()
    start = time.perf_counter()
    gdal.Warp('', sources[kind], format='MEM', dstSRS='EPSG:32647', xRes=30, yRes=30, resampleAlg=method,
              outputBounds=(left, top - side * 30, left + side * 30, top), errorThreshold=float(threshold),
              warpOptions=['NUM_THREADS=1'])
    print((time.perf_counter() - start) * 1000, flush=True)
`;

if (process.argv[2] === 'child') await warpFile(process.argv[3]!, process.argv[4] as Method);
else await compare(Number(process.argv[2] ?? 7), process.argv[3] ?? '/usr/bin/python3');

async function compare(repeats: number, python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mine-rs-warp-'));
  const script = join(folder, 'gdal.py');
  writeFileSync(script, GDAL);
  const { transform } = TARGET;
  const gdal = spawn(python, [script, folder, String(SIDE), String(transform[2]), String(transform[5])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: gdal.stdout })[Symbol.asyncIterator]();
  await lines.next();
  console.log('milliseconds, medians; ratio: ours to GDAL with -et 0.125 and 0.05');
  for (const kind of KINDS) {
    const file = join(folder, `${kind}.tif`);
    const source = await sourceInMemory(file);
    for (const method of METHODS) {
      const warps: number[][] = [];
      const whole: number[][] = [];
      for (let k = -1; k < repeats; k++) {
        const times = [
          await elapsed(() => warpOnce(source, method)),
          await gdalTime(gdal, lines, `${kind} ${gdalName(method)} 0.125`),
          await gdalTime(gdal, lines, `${kind} ${gdalName(method)} 0.05`),
        ];
        const ours = processTime('node', [fileURLToPath(import.meta.url), 'child', file, method]);
        const theirs = ['0.125', '0.05'].map((et) => processTime('gdalwarp', gdalwarpArguments(file, method, et)));
        // The first round warms up.
        if (k < 0) continue;
        warps.push(times);
        whole.push([ours, ...theirs]);
      }
      console.log(`${kind.padEnd(8)} ${method.padEnd(9)} warp    ${figures(warps)}`);
      console.log(`${kind.padEnd(8)} ${method.padEnd(9)} process ${figures(whole)}`);
    }
  }
  gdal.stdin.end();
  rmSync(folder, { recursive: true });
}

function figures(rounds: readonly (readonly number[])[]): string {
  const of = (value: (round: readonly number[]) => number) => median(rounds.map(value));
  const times = [0, 1, 2].map((k) =>
    of((round) => round[k]!)
      .toFixed(0)
      .padStart(5),
  );
  const ratios = [1, 2].map((k) => of((round) => round[0]! / round[k]!).toFixed(2));
  return `ours ${times[0]}, GDAL ${times[1]} and ${times[2]}, ratio ${ratios.join(' and ')}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function gdalTime(gdal: ChildProcess, lines: AsyncIterator<string>, question: string): Promise<number> {
  gdal.stdin!.write(`${question}\n`);
  return Number((await lines.next()).value);
}

function processTime(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return performance.now() - start;
}

function gdalName(method: string): string {
  return method === 'nearest' ? 'near' : method;
}

function gdalwarpArguments(file: string, method: string, threshold: string): string[] {
  const [, , left, , , top] = TARGET.transform;
  const bounds = [left, top - SIDE * 30, left + SIDE * 30, top].map(String);
  const how = ['-r', gdalName(method), '-et', threshold, '-wo', 'NUM_THREADS=1', '-tr', '30', '30', '-te', ...bounds];
  return ['-q', '-t_srs', 'EPSG:32647', ...how, file, '/vsimem/out.tif'];
}

interface Source {
  readonly grid: Grid;
  readonly nodata: number;
  read(window: Window): Promise<PixelArray>;
}

/** Nearest keeps the source's number type, as gdalwarp does; the others give float32. */
async function warpOnce(source: Source, method: Method): Promise<PixelArray> {
  const window = { col: 0, row: 0, width: SIDE, height: SIDE };
  const { grid, nodata } = source;
  if (method === 'nearest') {
    const type = pixelTypeOf(await source.read({ col: 0, row: 0, width: 1, height: 1 }));
    const out = createPixels(type, SIDE * SIDE);
    await warpPixels(source, TARGET, window, method, out, nodata);
    return out;
  }
  const out = new Float32Array(SIDE * SIDE);
  const read = async (part: Window) => floatsOf(await source.read(part), nodata);
  await warpValues({ grid, read }, TARGET, window, method, out);
  return out;
}

/** A source whose pixels are in memory in their own type; windows are cut from it. */
async function sourceInMemory(file: string): Promise<Source> {
  const raster = await openGeoTiff(file);
  const { width, height, nodata } = raster.info;
  const pixels = await raster.readWindow({ col: 0, row: 0, width, height }, { band: 1 });
  return { grid: raster.grid, nodata: nodata!, read: (window) => Promise.resolve(cut(pixels, width, window)) };
}

function cut(pixels: PixelArray, width: number, window: Window): PixelArray {
  const part = createPixels(pixelTypeOf(pixels), window.width * window.height);
  for (let row = 0; row < window.height; row++) {
    const start = (window.row + row) * width + window.col;
    part.set(pixels.subarray(start, start + window.width), row * window.width);
  }
  return part;
}

function floatsOf(pixels: PixelArray, nodata: number): Float32Array {
  if (pixels instanceof Float32Array) return pixels;
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) out[i] = pixels[i] === nodata ? Number.NaN : pixels[i]!;
  return out;
}

async function warpFile(file: string, method: Method): Promise<void> {
  const raster = await openGeoTiff(file);
  const read = (window: Window) => raster.readWindow(window, { band: 1 });
  const out = await warpOnce({ grid: raster.grid, nodata: raster.info.nodata!, read }, method);
  if (out[(SIDE * SIDE) / 2] === undefined) throw new Error(`${file}: nothing was warped`);
}
