import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pettitt } from '../../src/kernels/pettitt.ts';
import { classicSeries, hasClassics } from './classic.ts';
import { corrections, TOLERANCE } from './correction-oracle.ts';
import { relativeError } from './oracle.ts';

describe('pettitt', () => {
  it('works by hand', () => {
    // 1, 2 before 5, 6, 4: all six pairs across fall, U = −6 after the second value.
    const got = pettitt([1, 2, 5, 6, 4], [2001, 2002, 2004, 2005, 2006]);
    expect(got).toMatchObject({ n: 5, k: 6, after: 2002 });
    expect(got.p).toBeCloseTo(Math.min(1, 2 * Math.exp((-6 * 36) / 150)), 14);
  });

  it('has no change where there is none to see', () => {
    expect(pettitt([3, 3, 3])).toEqual({ n: 3, k: 0, after: NaN, p: 1 });
    expect(pettitt([NaN, 1])).toEqual({ n: 1, k: 0, after: NaN, p: NaN });
    expect(pettitt([])).toMatchObject({ n: 0, p: NaN });
    expect(() => pettitt([1, 2], [1])).toThrow(/Expected 2 times, got 1/);
  });

  it('agrees with numpy', () => {
    for (const { values, k, after, p } of corrections.pettitt) {
      const got = pettitt(values);
      expect(got).toMatchObject({ k, after });
      expect(relativeError(got.p, p)).toBeLessThan(TOLERANCE);
    }
  });

  it.skipIf(!hasClassics)('agrees with the manual of the R package trend (needs the shared test data)', () => {
    // pettitt.test(PagesData): U* = 232, p-value = 0.01456, change point at 17, counted from 1.
    const pages = pettitt(classicSeries('PagesData'));
    expect(pages).toMatchObject({ n: 40, k: 232, after: 16 });
    expect(pages.p).toBeCloseTo(0.01456, 5);
    // The Nile falls after 1898.
    const nile = classicSeries('Nile');
    const found = pettitt(
      nile,
      nile.map((_, k) => 1871 + k),
    );
    expect(found).toMatchObject({ k: 1617, after: 1898 });
  });

  it('finds a step, and does not change under increasing transforms or reflection', () => {
    const series = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 25 });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 24 }), (x, at) => {
        const got = pettitt(x);
        expect(pettitt(x.map((value) => 5 - value ** 3))).toEqual(got);
        const step = x.map((_, i) => (i <= at ? 0 : 1));
        fc.pre(at < x.length - 1);
        expect(pettitt(step)).toMatchObject({ k: (at + 1) * (x.length - at - 1), after: at });
      }),
      { seed: 41, numRuns: 200 },
    );
  });
});
