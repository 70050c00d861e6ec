/**
 * Writing a COG of 4096 × 4096 uint16 (deflate 6, predictor, overviews) against GDAL's COG driver on 2 threads, turn
 * about; GDAL validates what is written here, and reads the same pixels from both.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/cog.js [python with GDAL]
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { crsFromEpsg } from '../src/geo/crs.ts';
import { uniformRandom } from '../src/kernels/random.ts';
import { writeCogFromPixels, type CogSpec } from '../src/raster/cog.ts';

const SIDE = 4096;
const TURNS = 5;
const python = process.argv[2] ?? '/usr/bin/python3';
const script = resolve('bench/cog-gdal.py');

/** Reflectances as a sensor has them: land that changes over hundreds of pixels, noise in the low bits, some no data. */
function landscape(): Uint16Array {
  const random = uniformRandom(7);
  const pixels = new Uint16Array(SIDE * SIDE);
  for (let row = 0, i = 0; row < SIDE; row++) {
    for (let col = 0; col < SIDE; col++, i++) {
      const land = 9000 + 2500 * Math.sin(row / 170) * Math.cos(col / 230) + 600 * Math.sin((row + col) / 37);
      pixels[i] = col < row * 0.05 ? 0 : land + 300 * (random() + random() - 1);
    }
  }
  return pixels;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const folder = mkdtempSync(join(tmpdir(), 'cog-bench-'));
try {
  const pixels = landscape();
  const raw = join(folder, 'pixels.u16');
  writeFileSync(raw, pixels);
  const spec: CogSpec = {
    grid: { width: SIDE, height: SIDE, transform: [30, 0, 540_000, 0, -30, 4_216_000], crs: crsFromEpsg(32_647)! },
    pixelType: 'uint16',
    samples: 1,
    nodata: 0,
    overview: 'average',
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  const [path, other] = [join(folder, 'ours.tif'), join(folder, 'theirs.tif')];
  for (let turn = 0; turn < TURNS; turn++) {
    const started = performance.now();
    await writeCogFromPixels(path, spec, pixels);
    ours.push((performance.now() - started) / 1000);
    const check = turn === 0 ? [path] : [];
    theirs.push(Number(execFileSync(python, [script, raw, String(SIDE), other, ...check], { encoding: 'utf8' })));
    ratios.push(ours.at(-1)! / theirs.at(-1)!);
  }
  const size = (file: string) => (statSync(file).size / 1e6).toFixed(1);
  console.log(
    `here ${median(ours).toFixed(2)} s, ${size(path)} MB; GDAL ${median(theirs).toFixed(2)} s, ${size(other)} MB`,
  );
  console.log(`median of the ratios ${median(ratios).toFixed(2)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
