/**
 * The trend of a zone's yearly mean.
 * @module
 */
import { pettitt } from '../kernels/pettitt.ts';
import { classifyTrend, legendClasses, type Legend } from '../kernels/trend.ts';
import { CORRECTION_LEAST_N, trendTest, type SerialCorrection } from '../kernels/trend-test.ts';
import type { MeanTrend } from '../report/model.ts';

export interface MeanTrendOptions {
  legend: Legend;
  epsilon: number;
  minYears: number;
  pMethod: 'exact' | 'normal';
  correction: SerialCorrection;
  /** As in `trendStack`: means that all stay at one of these values may have changed beyond it. */
  cutOff: readonly [number, number] | null;
}

/**
 * Tests yearly means as a pixel is tested, with limits, lag 1 and the change point.
 *
 * @param years Ascending.
 * @param means One a year; null or NaN where there is none.
 * @returns Null with fewer years than the run asks for, or than the correction needs.
 */
export function meanTrend(
  years: readonly number[],
  means: readonly (number | null)[],
  options: MeanTrendOptions,
): MeanTrend | null {
  const values = means.map((mean) => mean ?? NaN);
  const n = values.filter((value) => !Number.isNaN(value)).length;
  const { correction, legend } = options;
  if (n < options.minYears || (correction !== 'none' && n < CORRECTION_LEAST_N)) return null;
  const method = options.pMethod === 'exact' ? 'auto' : 'normal';
  const test = trendTest(values, { times: years, method, correction });
  const change = pettitt(values, years);
  // A correction that leaves no variance leaves nothing to test with.
  const smallest = Number.isNaN(test.p) ? 1 : test.smallestP;
  const untested = isConstantInside(values, options.cutOff);
  const code = classifyTrend(test.slope, test.s, test.p, untested ? 0 : smallest, legend, options.epsilon);
  return {
    n: test.n,
    s: test.s,
    varS: test.varS,
    z: orNull(test.z),
    p: orNull(test.p),
    tau: orNull(test.tau),
    slope: test.slope,
    slopeLow: orNull(test.slopeLow),
    slopeHigh: orNull(test.slopeHigh),
    intercept: test.intercept,
    lag1: orNull(test.lag1),
    smallestP: smallest,
    classCode: code,
    className: legendClasses(legend).find((c) => c.code === code)!.name,
    changeAfter: orNull(change.after),
    changeK: change.k,
    changeP: orNull(change.p),
  };
}

/** Means that are all equal need no test, but where the scale is cut off. */
function isConstantInside(values: readonly number[], cutOff: MeanTrendOptions['cutOff']): boolean {
  const [level, ...others] = values.filter((value) => !Number.isNaN(value));
  return others.every((value) => value === level) && level !== cutOff?.[0] && level !== cutOff?.[1];
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
