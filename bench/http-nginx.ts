/**
 * A run on a small AOI over HTTP: bytes fetched against bytes needed, and equal results when requests fail.
 *
 * Starts nginx (it has to be installed) on a free port of 127.0.0.1, with its own configuration in a temporary folder.
 *
 * Run: npx tsc -p tsconfig.build.json --outDir /tmp/bench && ln -sfn "$PWD/node_modules" /tmp/bench/node_modules &&
 *   node /tmp/bench/bench/http-nginx.js [tile side [AOI side]]
 * @module
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyAffine } from '../src/geo/affine.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../src/geo/crs.ts';
import { latticeOffset, type Grid } from '../src/geo/grid.ts';
import { openGeoTiff, runTrend } from '../src/index.ts';
import { writeCogFromPixels } from '../src/raster/cog.ts';
import { readStructure } from '../src/raster/ifd.ts';
import { LocalFile } from '../src/raster/source/local-file.ts';
import { readTags } from '../src/raster/tags.ts';

const TILE = Number(process.argv[2] ?? 256);
const SIDE = 3072;
/** Pixels; 300 on a side are 1 % of the scene. */
const AOI_SIDE = Number(process.argv[3] ?? 300);
const AOI = { col: 1100, row: 1500, width: AOI_SIDE, height: AOI_SIDE };
const YEARS = [2016, 2017, 2018, 2019, 2020];
const WORKERS = 2;

/** Scenes of one path and row differ by some pixels in where they begin, so their tiles do not lie upon each other. */
const SHIFT = 37;

/** The grid of the k-th year's scene. */
function gridOf(k: number): Grid {
  const [x, y] = [500_000 - 30 * SHIFT * k, 4_300_000 + 30 * SHIFT * k];
  return { width: SIDE, height: SIDE, transform: [30, 0, x, 0, -30, y], crs: crsFromEpsg(32647)! };
}

const root = mkdtempSync(join(tmpdir(), 'mine-rs-http-'));
const files = join(root, 'files');
let stopNginx: (() => Promise<void>) | undefined;
try {
  mkdirSync(files);
  await writeScenes();
  const aoi = writeAoi();
  const local = await run(
    'local',
    aoi,
    writeItems('local.json', (name) => `./${name}`),
  );

  const nginx = await startNginx();
  stopNginx = nginx.stop;
  const remote = await run(
    'nginx',
    aoi,
    writeItems('nginx.json', (name) => `${nginx.origin}/${name}`),
  );
  const needed = await neededBytes(local.out);
  const logged = nginx.log().filter(({ path }) => path.endsWith('.TIF'));
  const fetched = logged.reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = readdirSync(files).reduce((sum, name) => sum + readFileSync(join(files, name)).length, 0);
  const share = (part: number, of: number) => (part / of).toFixed(3);
  console.log(`tiles of ${TILE}; files ${mega(whole)}, of which needed ${mega(needed.tiles + needed.headers)}`);
  console.log(`  headers ${mega(needed.headers)}, tiles ${mega(needed.tiles)}`);
  console.log(`fetched, by nginx's log: ${mega(fetched)} in ${logged.length} requests; by our count: ${text(remote)}`);
  console.log(`fetched / needed: ${share(fetched, needed.tiles + needed.headers)}`);
  console.log(`seconds: local ${local.seconds}, nginx ${remote.seconds}`);
  console.log(`results equal to the local run: ${sameResults(local.out, remote.out)}`);

  const proxy = await startFaultyProxy(nginx.origin);
  const faulty = await run(
    'faulty',
    aoi,
    writeItems('faulty.json', (name) => `${proxy.origin}/${name}`),
  );
  proxy.server.close();
  proxy.server.closeAllConnections();
  console.log(`every fifth request failing: ${text(faulty)}, ${proxy.failures()} made to fail, ${faulty.seconds} s`);
  console.log(`results equal to the local run: ${sameResults(local.out, faulty.out)}`);
} finally {
  await stopNginx?.();
  rmSync(root, { recursive: true, force: true });
}

interface Done {
  out: string;
  seconds: string;
  traffic: { requests: number; bytes: number; failures: number };
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(3)} MB`;
}

function text({ traffic }: Done): string {
  return `${mega(traffic.bytes)} in ${traffic.requests} requests, ${traffic.failures} failed`;
}

async function run(name: string, aoi: string, scenes: string): Promise<Done> {
  const out = join(root, name);
  const start = performance.now();
  await runTrend({ aoi, scenes, out, workers: WORKERS });
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const { remote } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { remote: Done['traffic'] };
  return { out, seconds, traffic: remote };
}

function sameResults(a: string, b: string): boolean {
  const names = ['maps', 'tables'].flatMap((sub) => readdirSync(join(a, sub)).map((name) => join(sub, name)));
  return names
    .filter((name) => !name.endsWith('scenes.csv'))
    .every((name) => readFileSync(join(a, name)).equals(readFileSync(join(b, name))));
}

/** Noisy reflectances that compress as those of real scenes do, to some 60 %; few clouds in the mask. */
async function writeScenes(): Promise<void> {
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % 400;
  };
  for (const [k, year] of YEARS.entries()) {
    const id = `LC08_L2SP_133034_${year}0720_${year}0801_02_T1`;
    for (const [part, level] of [
      ['SR_B4', 9000],
      ['SR_B5', 14000],
    ] as const) {
      const pixels = new Uint16Array(SIDE * SIDE);
      for (let i = 0; i < pixels.length; i++) pixels[i] = level + ((i % SIDE) >> 2) + noise();
      await writeCogFromPixels(join(files, `${id}_${part}.TIF`), spec(k, 0), pixels, { tileSize: TILE });
    }
    const qa = new Uint16Array(SIDE * SIDE).fill(21824);
    for (let i = 0; i < qa.length; i++) if (noise() === 0) qa[i] = 22280;
    await writeCogFromPixels(join(files, `${id}_QA_PIXEL.TIF`), spec(k, 1), qa, { tileSize: TILE });
  }
}

function spec(k: number, nodata: number) {
  return { grid: gridOf(k), pixelType: 'uint16', samples: 1, nodata, overview: 'average' } as const;
}

function writeAoi(): string {
  const toLonLat = createTransformer(gridOf(0).crs, WGS84);
  const { col, row, width, height } = AOI;
  const corners = [
    [col, row],
    [col, row + height],
    [col + width, row + height],
    [col + width, row],
    [col, row],
  ].map(([c, r]) => toLonLat(...applyAffine(gridOf(0).transform, c!, r!)));
  const geometry = { type: 'Polygon', coordinates: [corners] };
  const path = join(root, 'pits.geojson');
  writeFileSync(path, JSON.stringify({ type: 'Feature', properties: { id: 'pit', role: 'mine' }, geometry }));
  return path;
}

function writeItems(name: string, href: (name: string) => string): string {
  const radiometry = [{ scale: 2.75e-5, offset: -0.2, nodata: 0 }];
  const features = YEARS.map((year) => {
    const id = `LC08_L2SP_133034_${year}0720_${year}0801_02_T1`;
    return {
      type: 'Feature',
      stac_version: '1.0.0',
      id,
      collection: 'landsat-c2-l2',
      geometry: null,
      links: [],
      properties: { datetime: `${year}-07-20T04:00:00Z`, platform: 'landsat-8' },
      assets: {
        red: { href: href(`${id}_SR_B4.TIF`), 'raster:bands': radiometry },
        nir08: { href: href(`${id}_SR_B5.TIF`), 'raster:bands': radiometry },
        qa_pixel: { href: href(`${id}_QA_PIXEL.TIF`) },
      },
    };
  });
  // A local item uses files that lie beside it, so the list of the remote ones lies elsewhere.
  const path = join(name === 'local.json' ? files : root, name);
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

/** The header of each file, and its tiles that the run's grid touches. */
async function neededBytes(out: string): Promise<{ headers: number; tiles: number }> {
  const map = await openGeoTiff(join(out, 'maps', 'trend_class.tif'));
  const { grid } = map;
  await map.close();
  let [headers, tiles] = [0, 0];
  for (const name of readdirSync(files).filter((file) => file.endsWith('.TIF'))) {
    const source = gridOf(YEARS.findIndex((year) => name.includes(`_${year}0720_`)));
    const [left, top] = latticeOffset(source, grid).map(Math.round) as [number, number];
    const [right, bottom] = [left + grid.width - 1, top + grid.height - 1];
    const file = new LocalFile(join(files, name));
    const structure = await readStructure(file);
    const { directories } = structure;
    // A COG has everything else before its pixels, those of the smallest overview first.
    headers += Math.min(...(await readTags(file, structure, directories.at(-1)!)).integers(324)!);
    const counts = (await readTags(file, structure, directories[0]!)).integers(325)!;
    const across = Math.ceil(SIDE / TILE);
    for (let row = Math.floor(top / TILE); row <= Math.floor(bottom / TILE); row++) {
      for (let col = Math.floor(left / TILE); col <= Math.floor(right / TILE); col++)
        tiles += counts[row * across + col]!;
    }
    file.close();
  }
  return { headers, tiles };
}

async function startNginx() {
  const port = await freePort();
  const log = join(root, 'access.log');
  const config = `
    daemon off; worker_processes 1; pid ${root}/nginx.pid; error_log ${root}/error.log;
    events { worker_connections 256; }
    http {
      log_format bytes '$uri $status $body_bytes_sent';
      access_log ${log} bytes;
      client_body_temp_path ${root}/t1; proxy_temp_path ${root}/t2; fastcgi_temp_path ${root}/t3;
      uwsgi_temp_path ${root}/t4; scgi_temp_path ${root}/t5;
      server { listen 127.0.0.1:${port}; root ${files}; }
    }`;
  const path = join(root, 'nginx.conf');
  writeFileSync(path, config);
  // Its worker may run as another user, who has to get at the files.
  chmodSync(root, 0o755);
  const child = spawn('nginx', ['-c', path, '-e', join(root, 'error.log')], { stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  await untilItAnswers(origin);
  return {
    origin,
    log: () =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([uri, status, bytes]) => ({ path: uri!, status: Number(status), bytes: Number(bytes) })),
    stop: async () => {
      child.kill('SIGQUIT');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function untilItAnswers(origin: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await (await fetch(`${origin}/none`)).arrayBuffer();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('nginx does not answer');
}

/** Passes requests on, and fails every fifth: by 503, reset, short body and delay in turn. */
async function startFaultyProxy(target: string): Promise<{ origin: string; server: Server; failures(): number }> {
  let count = 0;
  let failures = 0;
  const server = createServer((request, response) => {
    const kind = ++count % 5 === 0 ? failures++ % 4 : -1;
    if (kind === 0) {
      response.writeHead(503).end();
      return;
    }
    if (kind === 1) {
      request.socket.resetAndDestroy();
      return;
    }
    const pass = () =>
      get(target + request.url!, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        if (kind === 2) answer.once('data', (chunk: Uint8Array) => cutShort(chunk.subarray(0, 100)));
        else answer.pipe(response);
      });
    const cutShort = (part: Uint8Array) => response.write(part, () => request.socket.destroy());
    if (kind === 3) setTimeout(pass, 1500);
    else pass();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, server, failures: () => failures };
}
