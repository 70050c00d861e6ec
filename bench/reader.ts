/**
 * Reading speed beside GDAL's, with as many threads each, in turns. Needs /usr/bin/python3 with GDAL.
 *
 * Run: npx tsc -p tsconfig.build.json --outDir /tmp/bench && ln -sfn $PWD/node_modules /tmp/bench/node_modules
 *      && node /tmp/bench/bench/reader.js [turns] [folder for the files, 350 MB]
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Piscina } from 'piscina';
import { openGeoTiff } from '../src/raster/geotiff-file.ts';

const TURNS = Number(process.argv[2] ?? 9);
const FOLDER = process.argv[3] ?? '/tmp/mine-rs-bench-reader';
const SIDE = 4096;
/** Threads of each side where there are several. */
const THREADS = 2;

interface Job {
  what: string;
  /** Times GDAL's time that are allowed. */
  most: number;
  files: string[];
  window: { col: number; row: number; width: number; height: number };
  /** Whether each side has several threads, and not one. */
  threaded?: true;
}

const whole = { col: 0, row: 0, width: SIDE, height: SIDE };
const JOBS: Job[] = [
  { what: 'deflate, predictor 2', most: 1.1, files: ['deflate2.tif'], window: whole },
  { what: 'deflate, predictor 2, 2 threads', most: 1.1, files: ['deflate2.tif'], window: whole, threaded: true },
  { what: 'deflate', most: 1.1, files: ['deflate.tif'], window: whole },
  { what: 'zstd, predictor 2', most: 1.1, files: ['zstd2.tif'], window: whole },
  { what: 'float32, deflate, predictor 3', most: 1.1, files: ['float3.tif'], window: whole },
  { what: 'uncompressed', most: 1.5, files: ['none.tif'], window: whole },
  { what: 'LZW', most: 1.5, files: ['lzw.tif'], window: whole },
  { what: 'LZW, predictor 2', most: 1.5, files: ['lzw2.tif'], window: whole },
  {
    what: 'windows of 1024² in 20 files',
    most: 1,
    files: Array.from({ length: 20 }, (_, k) => `stack${k}.tif`),
    window: { col: 700, row: 300, width: 1024, height: 1024 },
  },
];

/** Both sides read into memory that they have already. */
const ROOM = new Uint16Array(SIDE * SIDE);
const ROOM_FLOAT = new Float32Array(SIDE * SIDE);

mkdirSync(FOLDER, { recursive: true });
const script = resolve(process.cwd(), 'bench/reader-gdal.py');
const gdal = spawn('/usr/bin/python3', [script, FOLDER], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: gdal.stdout })[Symbol.asyncIterator]();
const answer = async (): Promise<string> => (await lines.next()).value as string;
await answer();

/** Seconds: on the clock, and of processor time, which other work on the machine disturbs less. */
type Times = [wall: number, cpu: number];

async function timeGdal({ files, window, threaded }: Job): Promise<Times> {
  const { col, row, width, height } = window;
  gdal.stdin.write(`${JSON.stringify([files, col, row, width, height, threaded ? THREADS : 1])}\n`);
  return JSON.parse(await answer()) as Times;
}

/** Workers as a run has them: each reads its share of the rows. */
const workers = new Piscina<{ path: string; window: Job['window'] }, void>({
  filename: new URL('./reader-worker.js', import.meta.url).href,
  minThreads: THREADS,
  maxThreads: THREADS,
  concurrentTasksPerWorker: 1,
});

async function readByWorkers(path: string, window: Job['window']): Promise<void> {
  const height = window.height / THREADS;
  const shares = Array.from({ length: THREADS }, (_, k) => ({ ...window, row: window.row + k * height, height }));
  await Promise.all(shares.map((share) => workers.run({ path, window: share })));
}

async function timeOurs({ files, window, threaded }: Job): Promise<Times> {
  const out = (files[0] === 'float3.tif' ? ROOM_FLOAT : ROOM).subarray(0, window.width * window.height);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const name of files) {
    if (threaded) {
      await readByWorkers(join(FOLDER, name), window);
      continue;
    }
    const file = await openGeoTiff(join(FOLDER, name));
    await file.readWindowInto(window, 1, out);
    await file.close();
  }
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return [wall, (user + system) / 1e6];
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

console.log(`Node ${process.version}; times as GDAL = 1, medians of ${TURNS} turns`);
for (const job of JOBS) {
  await timeOurs(job);
  await timeGdal(job);
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const ours = await timeOurs(job);
    const theirs = await timeGdal(job);
    wall.push(ours[0] / theirs[0]);
    cpu.push(ours[1] / theirs[1]);
  }
  const [w, c] = [median(wall), median(cpu)];
  // Of one thread, processor time will do: other work on the machine disturbs the clock.
  const isEnough = w <= job.most || (!job.threaded && c <= job.most);
  const verdict = isEnough ? 'ok' : 'TOO SLOW';
  console.log(
    `${job.what.padEnd(34)} clock ${w.toFixed(2)}, processor ${c.toFixed(2)}, at most ${job.most}: ${verdict}`,
  );
}
gdal.stdin.end();
await workers.destroy();
