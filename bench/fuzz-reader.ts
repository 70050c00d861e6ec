/**
 * Damaged GeoTIFFs: each must give pixels or a clear error, within 5 s and 512 MB.
 *
 * Run: npx tsc -p tsconfig.build.json --outDir /tmp/bench && ln -sfn $PWD/node_modules /tmp/bench/node_modules
 *      && node /tmp/bench/bench/fuzz-reader.js [cases] [first seed] [folder with more TIFFs …]
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { MineRsError } from '../src/errors.ts';
import { describeRaster } from '../src/pipeline/info.ts';
import { openGeoTiff } from '../src/raster/geotiff-file.ts';
import { mutate } from './mutations.ts';

const MOST_SECONDS = 5;
const MOST_BYTES = 512 * 1024 * 1024;
/** Larger files are left out: each case writes one. */
const LARGEST = 64 * 1024;
/** Images up to this many samples are read whole. */
const WHOLE = 2 ** 22;

function sources(folders: readonly string[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const name of ['geotiff-formats.json', 'geotiff-layouts.json']) {
    const { files } = JSON.parse(readFileSync(resolve('test/oracle', name), 'utf8')) as { files: { file: string }[] };
    found.push(...files.map(({ file }) => new Uint8Array(inflateSync(Buffer.from(file, 'base64')))));
  }
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(folder, name);
      if (/\.tiff?$/i.test(name) && statSync(path).size <= LARGEST) found.push(new Uint8Array(readFileSync(path)));
    }
  }
  return found;
}

async function readAll(path: string): Promise<void> {
  const file = await openGeoTiff(path);
  try {
    const { width, height, bandCount } = file.info;
    const window = { col: Math.floor(width / 4), row: Math.floor(height / 4), width: 0, height: 0 };
    window.width = Math.min(width - window.col, 512);
    window.height = Math.min(height - window.row, 512);
    for (let band = 1; band <= Math.min(bandCount, 3); band++) await file.readWindow(window, { band });
    if (width * height * bandCount > WHOLE) return;
  } finally {
    await file.close();
  }
  await describeRaster(path, { checksum: true });
}

/** What is wrong with the outcome of a case, or what it was. */
async function outcome(path: string): Promise<string> {
  try {
    await readAll(path);
    return 'pixels';
  } catch (error) {
    if (error instanceof MineRsError && error.code === 'BAD_INPUT' && error.message.startsWith(path)) return 'error';
    return `UNCLEAR ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

async function child(cases: number, first: number, folders: string[]): Promise<void> {
  const originals = sources(folders);
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mine-rs-fuzz-'));
  const path = join(folder, 'case.tif');
  for (let seed = first; seed < first + cases; seed++) {
    writeFileSync(path, mutate(originals[seed % originals.length]!, seed));
    const said = (await outcome(path)).split('\n').slice(0, 4).join(' | ');
    const { maxRSS } = process.resourceUsage();
    process.stdout.write(`${seed} ${maxRSS * 1024 > MOST_BYTES ? `TOO LARGE ${said}` : said}\n`);
    if (maxRSS * 1024 > MOST_BYTES) break;
  }
  rmSync(folder, { recursive: true });
}

/** Runs cases in a process of their own until they are done, or one is stuck or ends it; returns the next seed. */
function watch(first: number, end: number, folders: string[], tell: (seed: number, said: string) => void) {
  const args = [fileURLToPath(import.meta.url), '--child', String(end - first), String(first), ...folders];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let next = first;
  let stuck: NodeJS.Timeout | undefined;
  const arm = (seconds: number) => {
    clearTimeout(stuck);
    stuck = setTimeout(() => {
      tell(next, `HANG of more than ${MOST_SECONDS} s`);
      running.kill('SIGKILL');
    }, seconds * 1000);
  };
  arm(30);
  const lines = createInterface({ input: running.stdout });
  lines.on('line', (line) => {
    const [, seed, said] = /^(\d+) (.*)$/.exec(line)!;
    next = Number(seed) + 1;
    tell(Number(seed), said!);
    arm(MOST_SECONDS);
  });
  return new Promise<number>((done) => {
    running.on('close', (code, signal) => {
      clearTimeout(stuck);
      if (code !== 0 && signal !== 'SIGKILL') tell(next, `CRASH ${code ?? signal}`);
      done(code === 0 ? next : next + 1);
    });
  });
}

const [kind, ...rest] = process.argv.slice(2);
if (kind === '--child') {
  await child(Number(rest[0]), Number(rest[1]), rest.slice(2));
} else {
  const cases = Number(kind ?? 20_000);
  const first = Number(rest[0] ?? 1);
  const counts = new Map<string, number>();
  const began = performance.now();
  let last = began;
  let slowest = 0;
  for (let seed = first; seed < first + cases;) {
    seed = await watch(seed, first + cases, rest.slice(1), (at, said) => {
      const name = said.split(' ')[0]!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (name === name.toUpperCase()) console.log(`${at}: ${said}`);
      else slowest = Math.max(slowest, performance.now() - last);
      last = performance.now();
    });
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${cases} cases in ${seconds} s, slowest ${slowest.toFixed(0)} ms:`, Object.fromEntries(counts));
}
