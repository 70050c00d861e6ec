import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedTrendStack } from '../../src/kernels/corrected-trend.ts';
import { classifyTrend, trendStack, trendTest, type TrendOut } from '../../src/kernels/trend.ts';

const CORRECTIONS = ['hamed-rao', 'yue-wang', 'tfpw', 'zhang'] as const;

const newOut = (n: number): TrendOut => ({
  trendClass: new Uint8Array(n),
  slope: new Float32Array(n),
  p: new Float32Array(n),
  z: new Float32Array(n),
  n: new Uint16Array(n),
});

const YEARS = Float64Array.from({ length: 14 }, (_, i) => 2001 + i + +(i > 6));
const OPTIONS = { years: YEARS, minYears: 4, epsilon: 0.0005, legend: 'seven', pMethod: 'exact' } as const;

/** Pixels' series side by side, in [t][pixel] order. */
function stackOf(pixels: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from({ length: YEARS.length * pixels.length }, (_, k) => {
    return pixels[k % pixels.length]![Math.floor(k / pixels.length)]!;
  });
}

describe('correctedTrendStack', () => {
  const wandering = [0.5, 0.52, 0.55, 0.57, 0.56, 0.53, 0.5, 0.48, 0.5, 0.53, 0.57, 0.6, 0.62, 0.61];
  const short = wandering.map((value, t) => (t < 9 ? value : NaN));
  const constant = wandering.map(() => 0.4);
  const empty = wandering.map((value, t) => (t < 3 ? value : NaN));

  it.each(CORRECTIONS)('gives each pixel the numbers of trendTest: %s', (correction) => {
    const series = fc.array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.constant(NaN)), {
      minLength: YEARS.length,
      maxLength: YEARS.length,
    });
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 5 }), (pixels) => {
        const scaled = pixels.map((values) => values.map((value) => Math.fround(value / 40)));
        const out = newOut(pixels.length);
        correctedTrendStack(stackOf(scaled), YEARS.length, pixels.length, { ...OPTIONS, correction }, out);
        for (const [pixel, values] of scaled.entries()) {
          const n = values.filter((value) => !Number.isNaN(value)).length;
          expect(out.n[pixel]).toBe(n);
          if (n < 10 || new Set(values.filter((value) => !Number.isNaN(value))).size === 1) continue;
          const want = trendTest(values, { times: YEARS, correction });
          expect([out.slope[pixel], out.p[pixel], out.z[pixel]]).toEqual(
            [want.slope, want.p, want.z].map((value) => Math.fround(value)),
          );
          const smallest = Number.isNaN(want.p) ? 1 : want.smallestP;
          expect(out.trendClass[pixel]).toBe(
            classifyTrend(want.slope, want.s, want.p, smallest, 'seven', OPTIONS.epsilon),
          );
        }
      }),
      { seed: 20, numRuns: 150 },
    );
  });

  it('tests no pixel with fewer than ten valid years, and leaves the rest as it is', () => {
    const pixels = [short, constant, empty];
    const plain = newOut(3);
    trendStack(stackOf(pixels), YEARS.length, 3, OPTIONS, plain);
    const out = newOut(3);
    correctedTrendStack(stackOf(pixels), YEARS.length, 3, { ...OPTIONS, correction: 'hamed-rao' }, out);
    expect([...plain.trendClass].map((code) => code > 0)).toEqual([true, true, true]);
    expect([...out.trendClass]).toEqual([0, 4, 255]);
    expect([...out.p]).toEqual([NaN, 1, NaN]);
    expect([...out.z]).toEqual([NaN, 0, NaN]);
    expect([...out.n]).toEqual([9, 14, 3]);
    expect(out.slope).toEqual(plain.slope);
  });

  it('finds less in a series that follows itself', () => {
    const before = newOut(1);
    trendStack(stackOf([wandering]), YEARS.length, 1, OPTIONS, before);
    const after = newOut(1);
    correctedTrendStack(stackOf([wandering]), YEARS.length, 1, { ...OPTIONS, correction: 'zhang' }, after);
    expect(after.p[0]).toBeGreaterThan(before.p[0]!);
  });
});
