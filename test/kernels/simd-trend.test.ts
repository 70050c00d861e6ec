/**
 * The two twins of the trend give the same bits, whatever the values are.
 */
import { describe, expect, it } from 'vitest';
import { PairStatistics, PlainStatistics } from '../../src/kernels/pair-statistics.ts';
import { simdModule } from '../../src/kernels/simd/instance.ts';
import { simdStatistics } from '../../src/kernels/simd/trend.ts';
import { trendStack, trendStackPlain, type TrendOptions, type TrendOut } from '../../src/kernels/trend.ts';
import { bitsOf, uniform } from '../helpers/twins.ts';

/** Values of one series each, by what may trip a kernel. */
const SERIES: Record<string, (random: () => number, t: number) => number> = {
  random: (random) => random(),
  'a drift': (random, t) => 0.3 + 0.01 * t + 0.02 * random(),
  tied: (random) => Math.floor(4 * random()) / 4,
  'tied now and then': (random) => Math.floor(40 * random()) / 40,
  'clipped at both ends': (random) => Math.min(1, Math.max(0, 3 * random() - 1)),
  gappy: (random) => (random() < 0.6 ? NaN : random()),
  'missing altogether': () => NaN,
  constant: () => 0.25,
  'constant but once': (_, t) => (t === 3 ? 1 : 0.25),
  'a line': (_, t) => 0.5 + t / 64,
  'a line, rounded': (_, t) => 0.1 + 0.013 * t,
  'a steep line with little noise': (random, t) => 0.37 * t + random() * 2 ** -13,
  'a steep line with less noise': (random, t) => 0.37 * t + random() * 2 ** -16,
  'a step': (random, t) => (t < 7 ? 0.2 : 0.8) + 0.001 * random(),
  outliers: (random) => (random() < 0.2 ? 1e6 * random() : random()),
  huge: (random) => (random() - 0.5) * 6e38,
  large: (random) => (random() - 0.5) * 1e16,
  infinite: (random) => [Infinity, -Infinity, 1, NaN, 0.5][Math.floor(5 * random())]!,
  'infinite now and then': (random) => (random() < 0.1 ? Infinity : random()),
  denormal: (random) => Math.floor(100 * random()) * 1.4e-45,
  tiny: (random) => random() * 1e-25,
  'both zeros': (random) => [0, -0, 0.1, -0.1][Math.floor(4 * random())]!,
  'far from zero': (random) => 1000 + Math.floor(100 * random()) * 2 ** -14,
  'two values': (random, t) => (t % 9 === 4 ? random() : NaN),
  'every size': (random) => (random() - 0.5) * 10 ** (60 * random() - 30),
};

function seriesStack(nTimes: number, nPixels: number, seed: number): Float32Array {
  const random = uniform(seed);
  const kinds = Object.values(SERIES);
  const stack = new Float32Array(nTimes * nPixels);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    const missing = 0.1 * Math.floor(2 * random());
    for (let t = 0; t < nTimes; t++) {
      const value = kind(random, t);
      stack[t * nPixels + pixel] = random() < missing ? NaN : value;
    }
  }
  return stack;
}

const TIMES: Record<string, (t: number) => number> = {
  'each year': (t) => 1984 + t,
  'with missing years': (t) => 1984 + t + 3 * Math.floor(t / 4) + (t > 6 ? 10 : 0),
  'of acquisition': (t) => 2000 + 0.73 * t + 0.1 * Math.sin(t),
};

function trendOut(nPixels: number): TrendOut {
  return {
    trendClass: new Uint8Array(nPixels),
    slope: new Float32Array(nPixels),
    p: new Float32Array(nPixels),
    z: new Float32Array(nPixels),
    n: new Uint16Array(nPixels),
  };
}

describe('the twins of the trend', () => {
  it('have a module to run on this engine', () => {
    expect(simdModule()).not.toBeNull();
  });

  it('give the same bits for every kind of series, 2 to 64 years and any number of pixels', () => {
    const options = { minYears: 2, epsilon: 0.0005, legend: 'nine' } as const;
    let pixels = 0;
    for (let nTimes = 2; nTimes <= 64; nTimes++) {
      for (const [name, time] of Object.entries(TIMES)) {
        const nPixels = [1, 2, 3, 5, 64, 203, 515][nTimes % 7]!;
        const years = Float64Array.from({ length: nTimes }, (_, t) => time(t));
        const stack = seriesStack(nTimes, nPixels, nTimes * 31 + name.length);
        const all: TrendOptions = { ...options, years, pMethod: nTimes % 3 === 0 ? 'normal' : 'exact' };
        const plain = trendOut(nPixels);
        const simd = trendOut(nPixels);
        trendStackPlain(stack, nTimes, nPixels, all, plain);
        trendStack(stack, nTimes, nPixels, all, simd);
        for (const key of Object.keys(plain) as (keyof TrendOut)[]) {
          expect([nTimes, name, key, bitsOf(simd[key])]).toEqual([nTimes, name, key, bitsOf(plain[key])]);
        }
        pixels += nPixels;
      }
    }
    expect(pixels).toBeGreaterThan(20_000);
  });

  it.each(Object.keys(SERIES))('give the same float64 slopes, counts and ties: %s', (name) => {
    const random = uniform(name.length);
    for (const nTimes of [4, 9, 20, 33]) {
      const nPixels = 64;
      const years = Float64Array.from({ length: nTimes }, (_, t) => 2000 + t);
      const stack = new Float32Array(nTimes * nPixels);
      for (let pixel = 0; pixel < nPixels; pixel++) {
        for (let t = 0; t < nTimes; t++) stack[t * nPixels + pixel] = SERIES[name]!(random, t);
      }
      const [plain, simd] = [new PairStatistics(nPixels), new PairStatistics(nPixels)];
      new PlainStatistics(stack, nTimes, nPixels, years, 2).fill(0, nPixels, plain);
      simdStatistics(stack, nTimes, nPixels, years, 2, nPixels)!.fill(0, nPixels, simd);
      // Ties are counted only where there are some, and for the exact p only as far as it goes.
      const row = ({ n, slope, rising, falling, tieKey, tieSum }: typeof plain, i: number) => {
        const tied = (n[i]! * (n[i]! - 1)) / 2 - rising[i]! - falling[i]!;
        if (n[i]! < 2) return [n[i]];
        if (tied === 0) return [n[i], slope[i], rising[i], falling[i]];
        return [n[i], slope[i], rising[i], falling[i], tieSum[i], n[i]! <= 30 ? tieKey[i] : 0];
      };
      for (let i = 0; i < nPixels; i++) expect(row(simd, i)).toEqual(row(plain, i));
    }
  });

  it('agree where float32 cannot tell slopes apart: bursts of dates, far from each other, on a steep line', () => {
    const [nTimes, nPixels] = [40, 4096];
    const random = uniform(9);
    const burst = (t: number) => 10 * Math.floor(t / 4);
    const years = Float64Array.from({ length: nTimes }, (_, t) => 1990 + burst(t) + 0.001 * (t % 4) ** 1.5);
    for (let digits = 5; digits <= 12; digits++) {
      const stack = new Float32Array(nTimes * nPixels);
      for (let pixel = 0; pixel < nPixels; pixel++) {
        const slope = random() - 0.5;
        for (let t = 0; t < nTimes; t++) stack[t * nPixels + pixel] = slope * burst(t) + random() * 2 ** -digits;
      }
      const [plain, simd] = [new PairStatistics(nPixels), new PairStatistics(nPixels)];
      new PlainStatistics(stack, nTimes, nPixels, years, 2).fill(0, nPixels, plain);
      simdStatistics(stack, nTimes, nPixels, years, 2, nPixels)!.fill(0, nPixels, simd);
      expect([digits, bitsOf(simd.slope)]).toEqual([digits, bitsOf(plain.slope)]);
    }
  });

  it('leave no pixel of finite values to the slow twin, though half of them are cut off at 0', () => {
    const [nTimes, nPixels] = [20, 4096];
    const random = uniform(20);
    const values = Float32Array.from({ length: nTimes * nPixels }, () =>
      random() < 0.08 ? NaN : Math.max(0, random() - 0.5),
    );
    const years = Float64Array.from({ length: nTimes }, (_, t) => 2000 + t);
    // Only SIMD reads by way of subarray: its twin finds an empty stack.
    const stack = new Float32Array(values.length).fill(NaN);
    stack.subarray = values.subarray.bind(values);
    const out = new PairStatistics(nPixels);
    simdStatistics(stack, nTimes, nPixels, years, 4, nPixels)!.fill(0, nPixels, out);
    expect(out.n.filter((n) => n === 0)).toHaveLength(0);
  });
});
