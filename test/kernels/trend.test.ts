import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyTrend, trendStack, trendTest, type TrendOptions, type TrendOut } from '../../src/kernels/trend.ts';
import { FLOAT32, float32, oracle, relativeError } from './oracle.ts';

const newOut = (n: number): TrendOut => ({
  trendClass: new Uint8Array(n),
  slope: new Float32Array(n),
  p: new Float32Array(n),
  z: new Float32Array(n),
  n: new Uint16Array(n),
});

const defaults = { minYears: 4, epsilon: 0.0005, legend: 'seven', pMethod: 'exact' } as const;

function trend(stack: Float32Array, years: readonly number[], options: Partial<TrendOptions> = {}): TrendOut {
  const nPixels = stack.length / years.length;
  const out = newOut(nPixels);
  trendStack(stack, years.length, nPixels, { ...defaults, years: Float64Array.from(years), ...options }, out);
  return out;
}

/** One pixel's series through {@link trendTest}: the same numbers by sorting all slopes. */
function reference(series: number[], years: readonly number[], options: Partial<TrendOptions>): number[] {
  const { minYears, epsilon, legend, pMethod } = { ...defaults, ...options };
  const { n, slope, p, z, s, smallestP } = trendTest(series, {
    times: years,
    method: pMethod === 'exact' ? 'auto' : 'normal',
  });
  if (n < minYears) return [255, NaN, NaN, NaN, n];
  const valid = series.filter((value) => !Number.isNaN(value));
  const least = valid.every((value) => value === valid[0]) ? 0 : smallestP;
  return [classifyTrend(slope, s, p, least, legend, epsilon), ...[slope, p, z].map(Math.fround), n];
}

const row = (out: TrendOut, pixel: number): number[] =>
  [out.trendClass, out.slope, out.p, out.z, out.n].map((array) => array[pixel]!);

describe('trendStack', () => {
  it('works three pixels by hand', () => {
    // Rising by 0.25 a year in [t][pixel] order; equal values; two valid years.
    const stack = Float32Array.of(0, 0.5, NaN, 0.25, 0.5, 1, 0.5, 0.5, 1, 0.75, 0.5, NaN, 1, 0.5, NaN);
    const out = trend(stack, [2001, 2002, 2003, 2004, 2005]);
    expect(row(out, 0)).toEqual([7, 0.25, Math.fround(2 / 120), Math.fround(9 / Math.sqrt(50 / 3)), 5]);
    expect(row(out, 1)).toEqual([4, 0, 1, 0, 5]);
    expect(row(out, 2)).toEqual([255, NaN, NaN, NaN, 2]);
  });

  it('takes a constant pixel for no change, unless it lies where the scale is cut off', () => {
    // Constant inside the scale, at its end, at its start, at its end but for one year, without data.
    const stack = Float32Array.from([0.5, 1, 0, 1, NaN, 0.5, 1, 0, 1, NaN, NaN, 1, -0, 1, NaN, 0.5, 1, 0, 0.9, NaN]);
    const years = [2001, 2002, 2003, 2004];
    const classes = (options: Partial<TrendOptions>) => [
      ...trend(stack, years, { minYears: 3, ...options }).trendClass,
    ];
    expect(classes({ cutOff: [0, 1] })).toEqual([4, 0, 0, 0, 255]);
    expect(classes({ cutOff: null })).toEqual([4, 4, 4, 0, 255]);
    expect(classes({ legend: 'nine' })).toEqual([5, 5, 5, 0, 255]);
  });

  it('checks its arguments', () => {
    const stack = new Float32Array(4);
    expect(() => trend(stack, [2001, 2001])).toThrow(/Expected ascending years, got 2001 at 1/);
    expect(() => trend(stack, [2001, 2002], { minYears: 1 })).toThrow(/minYears of at least 2, got 1/);
    expect(() =>
      trendStack(stack, 2, 2, { ...defaults, years: Float64Array.of(1, 2) }, { ...newOut(2), z: new Float32Array(1) }),
    ).toThrow(/Expected 2 elements of z, got 1/);
  });

  it('agrees with numpy and whole-number arithmetic on a stack with gaps and ties', () => {
    const { years, values, pixels } = oracle.stack;
    const out = trend(float32(values), years, { cutOff: [0, 1] });
    expect(new Set(out.trendClass).size).toBe(9);
    pixels.forEach((want, pixel) => {
      expect([out.n[pixel], out.trendClass[pixel]]).toEqual([want.n, want.cls]);
      expect(relativeError(out.slope[pixel]!, want.slope ?? NaN)).toBeLessThan(FLOAT32);
      expect(relativeError(out.p[pixel]!, want.p ?? NaN)).toBeLessThan(FLOAT32);
      expect(relativeError(out.z[pixel]!, want.z ?? NaN)).toBeLessThan(FLOAT32);
    });
  });

  const cover = fc.oneof(
    { weight: 6, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, 0, -0, 1, 0.5) },
  );
  const coarse = fc.constantFrom(NaN, 0, 0.25, 0.5, 0.75, 1);

  it('gives the numbers of trendTest, to the bit, for every n, legend and method', () => {
    const settings = fc.record({
      pMethod: fc.constantFrom('exact', 'normal'),
      legend: fc.constantFrom('seven', 'nine', 'five'),
      minYears: fc.integer({ min: 2, max: 6 }),
    });
    const shape = fc.tuple(fc.integer({ min: 1, max: 48 }), fc.boolean(), fc.boolean());
    const stacks = shape.chain(([nTimes, ties, gaps]) =>
      fc.tuple(
        fc.array(ties ? coarse : cover, { minLength: 3 * nTimes, maxLength: 3 * nTimes }),
        fc.constant(Array.from({ length: nTimes }, (_, i) => 1984 + (gaps ? Math.floor(1.4 * i) : i))),
      ),
    );
    fc.assert(
      fc.property(stacks, settings, ([values, years], options) => {
        const stack = Float32Array.from(values);
        const out = trend(stack, years, options);
        for (const pixel of [0, 1, 2]) {
          const series = years.map((_, t) => stack[t * 3 + pixel]!);
          expect(row(out, pixel)).toEqual(reference(series, years, options));
        }
      }),
      { seed: 14, numRuns: 600 },
    );
  });

  it('finds the median where it is far from the least-squares slope: clearings, spikes and recoveries', () => {
    const years = Array.from({ length: 24 }, (_, i) => 1990 + i + (i > 9 ? 2 : 0));
    const nPixels = 900;
    const wave = (a: number, b: number): number => Math.sin(12.9898 * a + 78.233 * b) * 0.5 + 0.5;
    const stack = Float32Array.from({ length: years.length * nPixels }, (_, at) => {
      const pixel = at % nPixels;
      const t = Math.floor(at / nPixels);
      if (wave(at, 1) < 0.08) return NaN;
      const cleared = Math.floor(24 * wave(pixel, 2));
      const back = pixel % 3 === 0 ? 0.09 * Math.max(0, t - cleared - 5) : 0;
      const level = t < cleared ? 0.4 + 0.5 * wave(pixel, 3) : Math.min(0.75, 0.04 + back);
      const spike = wave(at, 4) < 0.1 ? -0.3 : 0;
      return Math.min(1, Math.max(0, level + spike + 0.05 * wave(at, 5)));
    });
    const out = trend(stack, years);
    for (let pixel = 0; pixel < nPixels; pixel++) {
      const series = years.map((_, t) => stack[t * nPixels + pixel]!);
      expect(row(out, pixel)).toEqual(reference(series, years, {}));
    }
  });

  it('does not depend on how the pixels are divided into blocks', () => {
    const years = Array.from({ length: 11 }, (_, i) => 2000 + i);
    const nPixels = 333;
    const stack = Float32Array.from({ length: 11 * nPixels }, (_, i) =>
      (i * 7919) % 13 === 0 ? NaN : Math.sin(i * i),
    );
    const whole = trend(stack, years);
    for (const size of [1, 64, 100]) {
      for (let start = 0; start < nPixels; start += size) {
        const n = Math.min(size, nPixels - start);
        const block = new Float32Array(11 * n);
        for (let t = 0; t < 11; t++) block.set(stack.subarray(t * nPixels + start, t * nPixels + start + n), t * n);
        const part = trend(block, years);
        for (let i = 0; i < n; i++) expect(row(part, i)).toEqual(row(whole, start + i));
      }
    }
  });

  it('survives extreme values: equal slopes, steps, and the ends of the float32 range', () => {
    const years = Array.from({ length: 20 }, (_, i) => 2000 + i);
    const series = [
      years.map((_, i) => i / 4),
      years.map((_, i) => (i < 10 ? 0 : 1)),
      years.map((_, i) => (i === 19 ? 3e38 : 0)),
      years.map((_, i) => (i % 2 === 0 ? -3e38 : 3e38)),
      years.map((_, i) => i * 1e-45),
      years.map((_, i) => 1e30 * 0.1 ** i),
      years.map((_, i) => (i === 3 ? Infinity : i)),
    ].map((values) => values.map(Math.fround));
    const stack = Float32Array.from(years.flatMap((_, t) => series.map((values) => values[t]!)));
    const out = trend(stack, years);
    series.forEach((values, pixel) => expect(row(out, pixel)).toEqual(reference(values, years, {})));
  });
});
