import { describe, expect, it } from 'vitest';
import { meanTrend, type MeanTrendOptions } from '../../src/pipeline/zone-trends.ts';

const OPTIONS: MeanTrendOptions = {
  legend: 'seven',
  epsilon: 0.0005,
  minYears: 4,
  pMethod: 'exact',
  correction: 'none',
  cutOff: [0, 1],
};

describe('meanTrend', () => {
  it('works by hand, with a gap', () => {
    // Slopes of 0.1, 0.2, 0.4, 0.5, 0.6 in 2001, 2002, 2004, 2005, 2006: all 0.1. S = 10 of 10, p = 2/120.
    const got = meanTrend([2001, 2002, 2003, 2004, 2005, 2006], [0.1, 0.2, null, 0.4, 0.5, 0.6], OPTIONS)!;
    expect(got).toMatchObject({
      n: 5,
      s: 10,
      className: 'significant increase',
      classCode: 7,
      lag1: expect.any(Number),
    });
    expect(got.slope).toBeCloseTo(0.1, 12);
    expect(got.p).toBeCloseTo(2 / 120, 12);
    expect(got.tau).toBeCloseTo(1, 12);
    // Pettitt: U = 6 after the second of five values, the first of two largest.
    expect(got).toMatchObject({ changeAfter: 2002, changeK: 6 });
    expect([got.slopeLow, got.slopeHigh]).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('is null with too few years, for the run or for the correction', () => {
    expect(meanTrend([2001, 2002, 2003], [0.1, 0.2, 0.3], OPTIONS)).toBeNull();
    expect(meanTrend([2001, 2002, 2003, 2004], [0.1, NaN, 0.3, 0.4], OPTIONS)).toBeNull();
    const years = Array.from({ length: 9 }, (_, k) => 2001 + k);
    expect(
      meanTrend(
        years,
        years.map((y) => y / 1e4),
        { ...OPTIONS, correction: 'zhang' },
      ),
    ).toBeNull();
  });

  it('says null, not NaN, where a limit does not exist, and what cannot be tested', () => {
    const four = meanTrend([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4], OPTIONS)!;
    expect(four).toMatchObject({ slopeLow: null, slopeHigh: null, className: 'slightly significant increase' });
    const bare = meanTrend([1, 2, 3, 4], [0, 0, 0, 0], OPTIONS)!;
    expect(bare).toMatchObject({
      className: 'not testable',
      smallestP: 1,
      p: 1,
      tau: null,
      lag1: null,
      changeAfter: null,
    });
  });

  it('calls a constant mean no change, but where the scale is cut off, as it does pixels', () => {
    const classOf = (level: number, cutOff: MeanTrendOptions['cutOff']) =>
      meanTrend([1, 2, 3, 4, 5], [level, level, null, level, level], { ...OPTIONS, cutOff })!.className;
    expect([0, 0.3, 1].map((level) => classOf(level, [0, 1]))).toEqual(['not testable', 'no change', 'not testable']);
    expect([0, 0.3, 1].map((level) => classOf(level, null))).toEqual(['no change', 'no change', 'no change']);
    // Two equal values among four are no constant: their ties leave nothing to reach.
    expect(meanTrend([1, 2, 3, 4], [0.3, 0.3, 0.4, 0.5], OPTIONS)!.className).toBe('not testable');
  });
});
