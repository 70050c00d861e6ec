import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logUpperF } from '../../src/kernels/f-distribution.ts';
import { SEGMENTATION_DEFAULTS, type SegmentationMethod } from '../../src/kernels/segmentation-scratch.ts';
import { segmentSeries, type SegmentedSeries } from '../../src/kernels/segmentation.ts';

const METHODS = ['partition', 'landtrendr'] as const;
/** Sums of a few tens of values of size 1 in another order. */
const ROUNDING = 1e-9;
const YEARS = Array.from({ length: 30 }, (_, i) => 1990 + i);

interface OracleCase {
  times: number[];
  values: (number | null)[];
  results: {
    method: SegmentationMethod;
    options: Record<string, number>;
    vertices: [year: number, value: number][];
    p: number;
    rmse: number;
  }[];
}

function steps(levels: [number, number][]): number[] {
  return levels.flatMap(([level, years]) => Array.from({ length: years }, () => level));
}

function vertices(found: SegmentedSeries): [number, number][] {
  return found.vertices.map(({ year, value }) => [year, Math.round(value * 1e6) / 1e6]);
}

describe('logUpperF', () => {
  it('is the upper tail of F, as scipy.stats.f.logsf gives it', () => {
    // scipy 1.10.1: f.logsf((1 - r) / d1 / (r / d2), d1, d2)
    expect(logUpperF(0.5, 2, 10)).toBeCloseTo(-3.4657359027997265, 12);
    expect(logUpperF(0.25, 6, 23)).toBeCloseTo(
      Math.log(0.25) * 11.5 + Math.log(1 + 0.75 * 11.5 + (0.75 ** 2 * 11.5 * 12.5) / 2),
      12,
    );
    expect(logUpperF(1, 4, 9)).toBe(0);
  });
});

describe('segmentSeries against numpy and scipy', () => {
  const { cases } = JSON.parse(readFileSync(new URL('../oracle/segmentation.json', import.meta.url), 'utf8')) as {
    cases: OracleCase[];
  };
  it.each(cases.map((one, number) => [number, one] as const))('series %i', (_, { times, values, results }) => {
    for (const { method, options, ...expected } of results) {
      const series = values.map((value) => value ?? NaN);
      const found = segmentSeries(series, { times, method, ...options });
      expect(found.vertices.map((vertex) => vertex.year)).toEqual(expected.vertices.map(([year]) => year));
      for (const [k, [, value]] of expected.vertices.entries()) {
        expect(Math.abs(found.vertices[k]!.value - value)).toBeLessThan(ROUNDING);
      }
      expect(Math.abs(found.rmse - expected.rmse)).toBeLessThan(ROUNDING);
      expect(Math.abs(found.p / expected.p - 1)).toBeLessThan(1e-6);
    }
  });
});

describe.each(METHODS)('segmentSeries by %s', (method) => {
  it('finds a noise-free step: the last year of the upper level, the first of the lower', () => {
    const found = segmentSeries(
      steps([
        [0.7, 12],
        [0.2, 18],
      ]),
      { times: YEARS, method },
    );
    expect(vertices(found)).toEqual([
      [1990, 0.7],
      [2001, 0.7],
      [2002, 0.2],
      [2019, 0.2],
    ]);
    expect(found.segments[1]).toMatchObject({ startYear: 2001, firstYear: 2002, endYear: 2002, duration: 1 });
    expect(found.segments[1]!.magnitude).toBeCloseTo(-0.5, 12);
    expect(found.segments[1]!.rate).toBeCloseTo(-0.5, 12);
    expect(found.rmse).toBeLessThan(ROUNDING);
    expect(found.p).toBeLessThan(1e-20);
  });

  it('finds a step and the slow recovery after it', () => {
    const recovery = Array.from({ length: 11 }, (_, i) => 0.2 + 0.05 * i);
    const found = segmentSeries([...steps([[0.7, 9]]), ...recovery, ...steps([[0.7, 10]])], { times: YEARS, method });
    expect(vertices(found)).toEqual([
      [1990, 0.7],
      [1998, 0.7],
      [1999, 0.2],
      [2009, 0.7],
      [2019, 0.7],
    ]);
  });

  it('gives a constant series one level segment and p 1', () => {
    const found = segmentSeries(steps([[0.6, 30]]), { times: YEARS, method });
    expect(vertices(found)).toEqual([
      [1990, 0.6],
      [2019, 0.6],
    ]);
    expect(found).toMatchObject({ n: 30, p: 1 });
    expect(found.rmse).toBeLessThan(ROUNDING);
  });

  it('gives a straight line one segment', () => {
    const found = segmentSeries(
      YEARS.map((_, i) => 0.1 + 0.02 * i),
      { times: YEARS, method },
    );
    expect(vertices(found)).toEqual([
      [1990, 0.1],
      [2019, 0.68],
    ]);
  });

  it('takes off a single bad year', () => {
    const values = steps([[0.7, 30]]);
    values[14] = 0.1;
    expect(segmentSeries(values, { times: YEARS, method }).vertices).toHaveLength(2);
  });

  it('keeps real times where values are missing', () => {
    const values = steps([
      [0.7, 12],
      [0.2, 18],
    ]);
    for (const i of [0, 5, 13, 14, 29]) values[i] = NaN;
    const found = segmentSeries(values, { times: YEARS, method });
    expect(vertices(found)).toEqual([
      [1991, 0.7],
      [2001, 0.7],
      [2002, 0.2],
      [2018, 0.2],
    ]);
    expect(found.n).toBe(25);
    expect([0, 29].map((i) => found.fitted[i])).toEqual([NaN, NaN]);
    expect(found.fitted[13]).toBeCloseTo(0.2, 9);
    expect(found.fitted[5]).toBeCloseTo(0.7, 9);
  });

  it('leaves a series with too few values alone', () => {
    const found = segmentSeries([0.7, 0.7, NaN, 0.2, 0.2, 0.2], { method });
    expect(found).toMatchObject({ n: 5, vertices: [], segments: [], p: NaN, rmse: NaN });
    expect(segmentSeries([], { method })).toMatchObject({ n: 0, vertices: [] });
  });

  it('moves with the values and scales with them', () => {
    const series = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(series, fc.constantFrom(0.25, 2, 8), fc.constantFrom(-1, 0.5, 4), (whole, factor, shift) => {
        // Powers of two and 1/1024 keep every value exact.
        const values = whole.map((value) => value / 1024);
        const one = segmentSeries(values, { method });
        const two = segmentSeries(
          values.map((value) => factor * value + shift),
          { method },
        );
        if (one.p < 1e-9 || Math.abs(one.p - 0.05) < 1e-6) return;
        expect(two.vertices.length).toBe(one.vertices.length);
        for (const [k, vertex] of two.vertices.entries()) {
          expect(Math.abs(vertex.value - (factor * one.vertices[k]!.value + shift))).toBeLessThan(1e-7 * factor);
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('always gives ascending vertices at years with values, from the first to the last', () => {
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    const series = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 3 })), { minLength: 4, maxLength: 45 });
    fc.assert(
      fc.property(series, (pairs) => {
        let year = 1980;
        const times = pairs.map(([, gap]) => (year += gap));
        const values = pairs.map(([v]) => v);
        const found = segmentSeries(values, { times, method, minObservationsNeeded: 4 });
        const valid = times.filter((_, i) => !Number.isNaN(values[i]));
        const at = found.vertices.map((vertex) => vertex.year);
        const ends = valid.length < 4 ? [undefined, undefined] : [valid[0], valid.at(-1)];
        expect([at[0], at.at(-1)]).toEqual(ends);
        expect(at.every((t, k) => valid.includes(t) && (k === 0 || t > at[k - 1]!))).toBe(true);
        expect(at.length).toBeLessThanOrEqual(SEGMENTATION_DEFAULTS[method].maxSegments + 1);
        expect(found.p < 0 || found.p > 1).toBe(false);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it('obeys the rule of recovery', () => {
    const values = steps([
      [0.2, 15],
      [0.6, 15],
    ]);
    const slow = segmentSeries(values, { times: YEARS, method, recoveryThreshold: 0.25 });
    const range = Math.max(...slow.fitted) - Math.min(...slow.fitted);
    for (const segment of slow.segments) expect(segment.rate).toBeLessThanOrEqual(0.25 * range + ROUNDING);
    const free = segmentSeries(values, { times: YEARS, method, recoveryThreshold: 1 });
    expect(free.segments.find((segment) => segment.magnitude > 0.3)).toMatchObject({ startYear: 2004, endYear: 2005 });
  });

  it('refuses what it cannot take', () => {
    const values = steps([[0.7, 8]]);
    expect(() => segmentSeries(values, { method, times: [1, 2] })).toThrow(/Expected 8 times, got 2/);
    expect(() => segmentSeries(values, { method, times: [1, 2, 3, 3, 5, 6, 7, 8] })).toThrow(
      /ascending times, got 3 at 3/,
    );
    expect(() => segmentSeries([...values, Infinity], { method })).toThrow(/finite values or NaN, got Infinity at 8/);
    expect(() => segmentSeries(values, { method, maxSegments: 0 })).toThrow(
      /maxSegments as a whole number from 1 to 60/,
    );
    expect(() => segmentSeries(values, { method, pvalThreshold: 1.5 })).toThrow(/pvalThreshold from 0 to 1, got 1.5/);
  });
});

describe('segmentSeries', () => {
  it('refuses an unknown method', () => {
    expect(() => segmentSeries([1, 2, 3], { method: 'toString' as never })).toThrow(/partition or landtrendr/);
  });

  it('has the published defaults, and says where partition differs', () => {
    expect(SEGMENTATION_DEFAULTS.landtrendr).toEqual({
      method: 'landtrendr',
      maxSegments: 6,
      spikeThreshold: 0.9,
      vertexCountOvershoot: 3,
      preventOneYearRecovery: true,
      recoveryThreshold: 0.25,
      pvalThreshold: 0.05,
      bestModelProportion: 0.75,
      minObservationsNeeded: 6,
    });
    const { partition, landtrendr } = SEGMENTATION_DEFAULTS;
    expect(partition).toEqual({ ...landtrendr, method: 'partition', maxSegments: 12, recoveryThreshold: 1 });
  });

  it('mirrors: the partition of −x has the same vertices', () => {
    const values = steps([
      [0.7, 9],
      [0.2, 8],
      [0.5, 13],
    ]).map((value, i) => value + 0.01 * ((i * 7) % 5));
    const up = segmentSeries(
      values.map((value) => -value),
      { times: YEARS },
    );
    const down = segmentSeries(values, { times: YEARS });
    expect(up.vertices.map((v) => v.year)).toEqual(down.vertices.map((v) => v.year));
    for (const [k, vertex] of up.vertices.entries()) expect(vertex.value).toBeCloseTo(-down.vertices[k]!.value, 9);
  });

  it('finds a mine opened twice', () => {
    const values = steps([
      [0.7, 6],
      [0.1, 5],
      [0.6, 8],
      [0.15, 4],
      [0.65, 7],
    ]);
    const found = segmentSeries(values, { times: YEARS });
    const losses = found.segments.filter((segment) => segment.magnitude < -0.1).map((segment) => segment.firstYear);
    const gains = found.segments.filter((segment) => segment.magnitude > 0.1).map((segment) => segment.firstYear);
    expect([losses, gains]).toEqual([
      [1996, 2009],
      [2001, 2013],
    ]);
  });

  it('does not take the exact years of a series that is cut off at full cover for its noise', () => {
    const noise = [0.03, -0.02, 0.01, -0.04, 0.02, 0, -0.01, 0.03, -0.03, 0.02, 0.01, -0.02];
    const values = [...steps([[1, 18]]), ...noise.map((value) => 0.6 + value)];
    const found = segmentSeries(values, { times: YEARS });
    expect(found.vertices.map(({ year }) => year)).toEqual([1990, 2007, 2008, 2019]);
  });

  it('does not count more breaks than maxSegments allows', () => {
    const values = steps([
      [0.7, 6],
      [0.1, 5],
      [0.6, 8],
      [0.15, 4],
      [0.65, 7],
    ]);
    expect(segmentSeries(values, { maxSegments: 3 }).segments.length).toBeLessThanOrEqual(3);
    expect(segmentSeries(values, { maxSegments: 1 }).segments).toHaveLength(1);
  });
});
