/**
 * The trend of every pixel of a stack with its serial correlation taken into account.
 * @module
 */
import { checkLength } from './pixel-array.ts';
import { classifyTrend, NO_DATA_CLASS, NOT_TESTABLE_CLASS } from './trend-classes.ts';
import { trendStack, type TrendOptions, type TrendOut } from './trend.ts';
import { CORRECTION_LEAST_N, trendTest, type SerialCorrection } from './trend-test.ts';

/**
 * {@link trendStack}, then p, Z, class and (with `zhang`) slope of each pixel by the corrected test of {@link trendTest}.
 *
 * A pixel with fewer than 10 valid years is not testable, and its p and Z are NaN: so few cannot tell serial correlation
 * from chance. So is one whose correction leaves no variance. n stays the number of valid years. It takes a series apart
 * in plain code and is some 50 times as slow as {@link trendStack}.
 *
 * @param stack Values in [t][pixel] order, NaN = no data, length nTimes × nPixels.
 * @throws {RangeError} as trendStack
 */
export function correctedTrendStack(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  options: TrendOptions & { readonly correction: Exclude<SerialCorrection, 'none'> },
  out: TrendOut,
): void {
  checkLength('stack', stack.length, nTimes * nPixels);
  trendStack(stack, nTimes, nPixels, options, out);
  const { years, legend, epsilon, correction } = options;
  const method = options.pMethod === 'exact' ? 'auto' : 'normal';
  const series = new Float64Array(nTimes);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    if (out.trendClass[pixel] === NO_DATA_CLASS) continue;
    if (out.n[pixel]! < CORRECTION_LEAST_N) {
      out.trendClass[pixel] = NOT_TESTABLE_CLASS;
      out.p[pixel] = out.z[pixel] = NaN;
      continue;
    }
    if (!takeSeries(stack, pixel, nPixels, series)) continue;
    const test = trendTest(series, { times: years, method, correction });
    const smallest = Number.isNaN(test.p) ? 1 : test.smallestP;
    out.p[pixel] = test.p;
    out.z[pixel] = test.z;
    out.slope[pixel] = test.slope;
    out.trendClass[pixel] = classifyTrend(test.slope, test.s, test.p, smallest, legend, epsilon);
  }
}

/** Copies a pixel's series; false where all its values are equal, so that no correction has anything to work on. */
function takeSeries(stack: Float32Array, pixel: number, nPixels: number, series: Float64Array): boolean {
  let first = NaN;
  let varies = false;
  for (let t = 0, i = pixel; t < series.length; t++, i += nPixels) {
    const value = stack[i]!;
    series[t] = value;
    if (first !== first) first = value;
    else if (value === value && value !== first) varies = true;
  }
  return varies;
}
