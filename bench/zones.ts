/**
 * Zone statistics of 500 polygons over a raster of 4096 × 4096 cells, beside rasterio.features.rasterize and numpy, each as
 * a process of its own, in turns; and planning with 10,000 zones and with outlines of 100,000 points.
 *
 * Run: npx tsc -p tsconfig.build.json --outDir /tmp/bench && ln -sfn $PWD/node_modules /tmp/bench/node_modules
 *      && node /tmp/bench/bench/zones.js [turns] [folder for the files, 60 MB]
 * Without /usr/bin/python3 and rasterio only the own figures are printed.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crsFromEpsg } from '../src/geo/crs.ts';
import type { Grid } from '../src/geo/grid.ts';
import { prepareZones } from '../src/pipeline/zones.ts';
import { writeCogFromPixels } from '../src/raster/cog.ts';
import { readAoi } from '../src/vector/aoi.ts';

const TURNS = Number(process.argv[2] ?? 5);
const FOLDER = process.argv[3] ?? '/tmp/mine-rs-bench-zones';
const SIDE = 4096;
const PIXEL = 30;
const [LEFT, TOP] = [500_000, 4_200_000];
const GRID: Grid = {
  width: SIDE,
  height: SIDE,
  transform: [PIXEL, 0, LEFT, 0, -PIXEL, TOP],
  crs: crsFromEpsg(32647)!,
};

let state = 1;
/** Numbers in 0 … 1, the same in every run (Park and Miller 1988). */
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

type Ring = [number, number][];

/** A folder's file of zones, one ring each. */
function writeZones(name: string, rings: Ring[]): string {
  const path = join(FOLDER, name);
  const features = rings.map((ring, k) => ({
    type: 'Feature',
    properties: { id: String(k) },
    geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] },
  }));
  const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32647' } };
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', crs, features }));
  return path;
}

/** Crooked fields that share their borders. */
function fields(count: number): Ring[] {
  const across = Math.ceil(Math.sqrt(count));
  const size = (SIDE * PIXEL) / across;
  const corners = Array.from({ length: (across + 1) ** 2 }, (_, k): [number, number] => {
    const [i, j] = [k % (across + 1), Math.floor(k / (across + 1))];
    const off = (at: number) => (at > 0 && at < across ? (random() - 0.5) * 0.6 : 0);
    return [LEFT + size * (i + off(i)), TOP - size * (j + off(j))];
  });
  return Array.from({ length: count }, (_, k) => {
    const at = Math.floor(k / across) * (across + 1) + (k % across);
    return [at, at + 1, at + across + 2, at + across + 1].map((corner) => corners[corner]!);
  });
}

function blob(x: number, y: number, radius: number, points: number): Ring {
  return Array.from({ length: points }, (_, k) => {
    const t = (2 * Math.PI * k) / points;
    const r = radius * (1 + 0.2 * Math.sin(9 * t)) + 40 * random();
    return [x + r * Math.cos(t), y + r * Math.sin(t)];
  });
}

/** Processor seconds, wall seconds and largest memory of a program. */
function measure(command: string, args: readonly string[]): { user: number; wall: number; megabytes: number } {
  const run = spawnSync('/usr/bin/time', ['-f', '%U %e %M', command, ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const [user, wall, kilobytes] = run.stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { user: user!, wall: wall!, megabytes: kilobytes! / 1024 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

async function plan(name: string, path: string): Promise<void> {
  const start = process.cpuUsage();
  const aoi = await readAoi(path);
  const zones = await prepareZones(path, aoi.zones, GRID);
  const planned = process.cpuUsage(start).user / 1e6;
  const sliced = process.cpuUsage();
  let slices = 0;
  for (let row = 0; row < SIDE; row += 512) {
    for (let col = 0; col < SIDE; col += 512) slices += zones.slices({ col, row, width: 512, height: 512 }).length;
  }
  const seconds = process.cpuUsage(sliced).user / 1e6;
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${name}: read and planned in ${planned.toFixed(2)} s, ${slices} slices in ${seconds.toFixed(2)} s, ${memory} MB`,
  );
}

mkdirSync(FOLDER, { recursive: true });
const raster = join(FOLDER, 'values.tif');
if (!existsSync(raster)) {
  const pixels = new Float32Array(SIDE * SIDE);
  for (let k = 0; k < pixels.length; k++) {
    pixels[k] = Math.sin((k % SIDE) / 300) + Math.cos(k / SIDE / 200) + 0.1 * random();
  }
  const spec = { grid: GRID, pixelType: 'float32', samples: 1, nodata: Number.NaN, overview: 'average' } as const;
  await writeCogFromPixels(raster, spec, pixels);
}
const aoi = writeZones('fields-500.geojson', fields(500));
const program = resolve(import.meta.dirname, '../src/cli.js');
const script = resolve('bench/zones.py');
const turns = Array.from({ length: TURNS }, () => ({
  own: measure(process.execPath, [program, 'zones', '--quiet', '--raster', raster, '--aoi', aoi]),
  other: existsSync('/usr/bin/python3') ? measure('/usr/bin/python3', [script, raster, aoi]) : undefined,
}));
for (const [name, side] of [
  ['mine-rs zones', 'own'],
  ['rasterize and numpy', 'other'],
] as const) {
  const runs = turns.flatMap((turn) => turn[side] ?? []);
  if (runs.length === 0) continue;
  const figures = (['user', 'wall', 'megabytes'] as const).map((key) => median(runs.map((run) => run[key])));
  console.log(`${name}: ${figures[0]} s of processor, ${figures[1]} s, ${Math.round(figures[2]!)} MB`);
}
const ratios = turns.flatMap(({ own, other }) => (other === undefined ? [] : [own.user / other.user]));
if (ratios.length > 0) console.log(`median ratio of processor time: ${median(ratios).toFixed(2)}`);

await plan('10,000 zones', writeZones('fields-10000.geojson', fields(10_000)));
await plan('an outline of 100,000 points', writeZones('large.geojson', [blob(560_000, 4_140_000, 40_000, 100_000)]));
const pair = [blob(550_000, 4_140_000, 30_000, 100_000), blob(575_000, 4_140_000, 30_000, 100_000)];
await plan('two of them that overlap', writeZones('pair.geojson', pair));
console.log(`files in ${FOLDER}: ${(readFileSync(raster).length / 2 ** 20).toFixed(0)} MB of raster`);
