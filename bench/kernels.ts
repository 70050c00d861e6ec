/**
 * Speed of the hot kernels on made-up, seeded stacks, one thread.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/kernels.js [years …]
 * @module
 */
import { maxComposite } from '../src/kernels/composite.ts';
import { spectralIndex } from '../src/kernels/spectral-index.ts';
import { trendStack, type TrendOut } from '../src/kernels/trend.ts';

const SIDE = 512;
const PIXELS = SIDE * SIDE;
const MISSING = 0.08;
const REPEATS = 5;

/** Mulberry32: uniform in [0, 1). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Vegetation cover: a level, a drift and noise per pixel, clipped to [0, 1], 8 % of the values missing. */
function coverStack(years: number): Float32Array {
  const random = uniform(years);
  const stack = new Float32Array(years * PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const level = 0.2 + 0.7 * random();
    const drift = 0.02 * (random() - 0.5);
    for (let t = 0; t < years; t++) {
      const noise = 0.05 * (random() + random() + random() - 1.5);
      const cover = Math.min(1, Math.max(0, level + drift * t + noise));
      stack[t * PIXELS + pixel] = random() < MISSING ? NaN : cover;
    }
  }
  return stack;
}

/** Seconds of each repeat after one warm-up. */
function timed(run: () => void): number[] {
  run();
  return Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
}

function report(name: string, pixels: number, seconds: number[]): void {
  const rate = (s: number): string => (pixels / s / 1e6).toFixed(pixels / s > 2e7 ? 0 : 2);
  const mean = seconds.reduce((sum, s) => sum + s, 0) / seconds.length;
  console.log(`${name.padEnd(28)} best ${rate(Math.min(...seconds))}, mean ${rate(mean)} Mpixel/s`);
}

const wanted = process.argv.slice(2).map(Number);
for (const years of wanted.length > 0 ? wanted : [5, 10, 20, 40]) {
  const stack = coverStack(years);
  const out: TrendOut = {
    trendClass: new Uint8Array(PIXELS),
    slope: new Float32Array(PIXELS),
    p: new Float32Array(PIXELS),
    z: new Float32Array(PIXELS),
    n: new Uint16Array(PIXELS),
  };
  const options = {
    years: Float64Array.from({ length: years }, (_, t) => 2000 + t),
    minYears: 4,
    epsilon: 0.0005,
    legend: 'seven',
    pMethod: 'exact',
  } as const;
  report(
    `trendStack n = ${years}`,
    PIXELS,
    timed(() => trendStack(stack, years, PIXELS, options, out)),
  );
}

const random = uniform(1);
const digital = (): Uint16Array => Uint16Array.from({ length: PIXELS }, () => 7500 + 20_000 * random());
const bands = {
  red: { data: digital(), scale: 2.75e-5, offset: -0.2 },
  nir: { data: digital(), scale: 2.75e-5, offset: -0.2 },
};
const clear = Uint8Array.from({ length: PIXELS }, () => Number(random() > 0.15));
const index = new Float32Array(PIXELS);
const best = new Float32Array(PIXELS).fill(NaN);
const count = new Uint16Array(PIXELS);
const ROUNDS = 20;
report(
  'NDVI + maximum',
  PIXELS * ROUNDS,
  timed(() => {
    for (let round = 0; round < ROUNDS; round++) {
      spectralIndex('ndvi', bands, clear, index);
      maxComposite(index, best, count);
    }
  }),
);
report(
  'NDVI',
  PIXELS * ROUNDS,
  timed(() => {
    for (let round = 0; round < ROUNDS; round++) spectralIndex('ndvi', bands, clear, index);
  }),
);
