/**
 * Speed of the hot kernels on made-up, seeded stacks, one thread.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/kernels.js [years …]
 * @module
 */
import { maxComposite, maxCompositePlain, reduceComposite, reduceCompositePlain } from '../src/kernels/composite.ts';
import { fractionalCover, fractionalCoverPlain } from '../src/kernels/fvc.ts';
import { clearWhereBitsUnset, clearWhereBitsUnsetPlain } from '../src/kernels/mask.ts';
import { digitalDifferencePlain, spectralIndex } from '../src/kernels/spectral-index.ts';
import { landStates, landStatesPlain } from '../src/kernels/states.ts';
import { trendStack, trendStackPlain, type TrendOut } from '../src/kernels/trend.ts';

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

/** Seconds of processor time of each repeat after one warm-up: the machine may have other work. */
function timed(run: () => void): number[] {
  run();
  return Array.from({ length: REPEATS }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
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
  for (const [name, kernel] of Object.entries({ trendStack, trendStackPlain })) {
    report(
      `${name} n = ${years}`,
      PIXELS,
      timed(() => kernel(stack, years, PIXELS, options, out)),
    );
  }
}

/** Both twins of a kernel over `PIXELS`, by turns of some rounds. */
function compare(name: string, simd: () => void, plain: () => void): void {
  for (const [twin, kernel] of [
    ['SIMD', simd],
    ['plain', plain],
  ] as const) {
    const rounds = (): void => {
      for (let round = 0; round < ROUNDS; round++) kernel();
    };
    report(`${name}, ${twin}`, PIXELS * ROUNDS, timed(rounds));
  }
}

const ROUNDS = 20;
const random = uniform(1);
const digital = (): Uint16Array => Uint16Array.from({ length: PIXELS }, () => 7500 + 20_000 * random());
const bands = {
  red: { data: digital(), scale: 2.75e-5, offset: -0.2 },
  nir: { data: digital(), scale: 2.75e-5, offset: -0.2 },
};
const qa = Uint16Array.from({ length: PIXELS }, () => (random() < 0.15 ? 8 : 64));
const clear = new Uint8Array(PIXELS);
const index = new Float32Array(PIXELS);
const best = new Float32Array(PIXELS).fill(NaN);
const count = new Uint16Array(PIXELS);
compare(
  'mask + NDVI + maximum',
  () => {
    clear.fill(1);
    clearWhereBitsUnset(qa, 63, clear);
    spectralIndex('ndvi', bands, clear, index);
    maxComposite(index, best, count);
  },
  () => {
    clear.fill(1);
    clearWhereBitsUnsetPlain(qa, 63, clear);
    digitalDifferencePlain(bands.nir, bands.red, clear, index);
    maxCompositePlain(index, best, count);
  },
);
compare(
  'mask',
  () => clearWhereBitsUnset(qa, 63, clear),
  () => clearWhereBitsUnsetPlain(qa, 63, clear),
);
compare(
  'NDVI',
  () => spectralIndex('ndvi', bands, clear, index),
  () => digitalDifferencePlain(bands.nir, bands.red, clear, index),
);
compare(
  'maximum',
  () => maxComposite(index, best, count),
  () => maxCompositePlain(index, best, count),
);
compare(
  'cover',
  () => fractionalCover(index, 0.05, 0.86, 'linear', best),
  () => fractionalCoverPlain(index, 0.05, 0.81, false, best),
);

const DATES = 12;
const dates = coverStack(DATES);
for (const method of ['median', 'mean'] as const) {
  report(
    `${method} of 12, SIMD`,
    PIXELS,
    timed(() => reduceComposite(dates, DATES, PIXELS, method, best, count)),
  );
  report(
    `${method} of 12, plain`,
    PIXELS,
    timed(() => reduceCompositePlain(dates, DATES, PIXELS, 0.5, method === 'mean', best, count)),
  );
}
const level = new Float64Array(PIXELS).fill(0.6);
const calendar = Int32Array.from({ length: DATES }, (_, t) => 2000 + t);
const thresholds = {
  disturbedBelow: 0.5,
  recoveredAbove: 0.8,
  disturbedYears: 1,
  recoveredYears: 2,
  assessableFrom: 0.1,
};
const states = { state: new Uint8Array(PIXELS * DATES), disturbedYear: count, recoveredYear: new Uint16Array(PIXELS) };
report(
  'states of 12 years, SIMD',
  PIXELS,
  timed(() => landStates(dates, DATES, PIXELS, level, 'pixel', calendar, thresholds, states)),
);
report(
  'states of 12 years, plain',
  PIXELS,
  timed(() => landStatesPlain(dates, DATES, PIXELS, level, true, calendar, thresholds, states)),
);
