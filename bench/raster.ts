/**
 * Speed of the raster's loops on made-up tiles, both twins, one thread.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/raster.js
 * @module
 */
import { reduceByTwo, reduceByTwoPlain, type OverviewMethod } from '../src/raster/overview.ts';
import type { PixelArray } from '../src/raster/pixel-type.ts';
import {
  applyDifference,
  applyDifferencePlain,
  applyFloatDifference,
  applyFloatDifferencePlain,
  undoDifference,
  undoDifferencePlain,
  undoFloatDifference,
  undoFloatDifferencePlain,
} from '../src/raster/predictor.ts';

const SIDE = 512;
const PIXELS = SIDE * SIDE;
const ROUNDS = 20;
const REPEATS = 5;

/** The best of some repeats, in processor time: the machine may have other work. */
function rate(run: () => void): string {
  let best = Infinity;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const start = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) run();
    const { user, system } = process.cpuUsage(start);
    // The first one warms up.
    if (repeat > 0) best = Math.min(best, user + system);
  }
  return ((ROUNDS * PIXELS) / best).toFixed(0).padStart(6);
}

function compare(name: string, simd: () => void, plain: () => void): void {
  console.log(`${name.padEnd(24)} SIMD ${rate(simd)}, plain ${rate(plain)} Mpixel/s`);
}

const words = Uint16Array.from({ length: PIXELS }, (_, i) => 8000 + ((i * 7919) % 4000));
const floats = Float32Array.from(words, (word) => word / 65_536);
const classes = Uint8Array.from(words, (word) => word % 7);
const bits = new Uint32Array(floats.buffer);
const bytes = new Uint8Array(floats.slice().buffer);
const differences = new Uint16Array(PIXELS);
const planes = new Uint8Array(4 * PIXELS);

compare(
  'undo predictor 2, uint16',
  () => undoDifference(differences, SIDE, 1),
  () => undoDifferencePlain(differences, SIDE, 1),
);
compare(
  'undo predictor 3',
  () => undoFloatDifference(bytes, SIDE, 1, 4),
  () => undoFloatDifferencePlain(bytes, SIDE, 1, 4),
);
compare(
  'predictor 2, uint16',
  () => applyDifference(words, differences, SIDE, 1),
  () => applyDifferencePlain(words, differences, SIDE, 1),
);
compare(
  'predictor 3',
  () => applyFloatDifference(bits, planes, SIDE, 1),
  () => applyFloatDifferencePlain(bits, planes, SIDE, 1),
);

function overview(name: string, pixels: PixelArray, method: OverviewMethod, nodata: number | null): void {
  const out = pixels.slice(0, PIXELS / 4);
  compare(
    name,
    () => reduceByTwo(pixels, SIDE, SIDE, 1, method, nodata),
    () => reduceByTwoPlain(pixels, out, SIDE, SIDE, 1, method, nodata),
  );
}
overview('mean, float32', floats, 'average', NaN);
overview('mean, uint16', words, 'average', null);
overview('mode, uint8', classes, 'mode', 255);
