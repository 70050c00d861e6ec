/**
 * One value per pixel and year from the scenes of that year.
 *
 * The result does not depend on the order of the scenes, to the last bit.
 * @module
 */
import { interpolate } from './order-statistics.ts';
import { checkLength } from './pixel-array.ts';
import { maximumSimd } from './simd/pixels.ts';
import { compositeSimd } from './simd/stacks.ts';

/** How the clear observations of a year become one value; `maximum` is {@link maxComposite}. */
export type ReduceMethod = 'median' | 'mean' | { readonly percentile: number };

/**
 * Takes one scene into a running maximum.
 *
 * @param values The scene, length n. NaN = no clear observation.
 * @param acc The maximum so far, length n, changed in place; starts as NaN.
 * @param count Clear observations so far, length n, changed in place; starts as 0.
 * @throws {RangeError} if lengths differ.
 */
export function maxComposite(values: Float32Array, acc: Float32Array, count: Uint16Array): void {
  checkLength('acc', acc.length, values.length);
  checkLength('count', count.length, values.length);
  if (!maximumSimd(values, acc, count)) maxCompositePlain(values, acc, count);
}

/** {@link maxComposite} by typed arrays alone: the same bits. */
export function maxCompositePlain(values: Float32Array, acc: Float32Array, count: Uint16Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    count[i]!++;
    // Adding 0 turns −0 into 0: the two are equal, so the order of scenes would decide which one stays.
    if (!(acc[i]! >= value)) acc[i] = value + 0;
  }
}

/**
 * Median, mean or percentile of the clear observations of each pixel.
 *
 * Percentiles interpolate linearly between order statistics (numpy's default); the median is the 50th. The mean adds
 * the values in ascending order in float64.
 *
 * @param stack The scenes of one year in [scene][pixel] order, length nScenes × nPixels. NaN = no clear observation.
 * @param out Length nPixels. NaN where no observation is clear.
 * @param count Clear observations, length nPixels.
 * @throws {RangeError} if lengths differ or the percentile is outside 0–100.
 */
export function reduceComposite(
  stack: Float32Array,
  nScenes: number,
  nPixels: number,
  method: ReduceMethod,
  out: Float32Array,
  count: Uint16Array,
): void {
  checkLength('stack', stack.length, nScenes * nPixels);
  checkLength('out', out.length, nPixels);
  checkLength('count', count.length, nPixels);
  const percentile = typeof method === 'object' ? method.percentile : 50;
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new RangeError(`Expected a percentile in 0–100, got ${percentile}`);
  }
  const share = percentile / 100;
  const mean = method === 'mean';
  if (!compositeSimd(stack, nScenes, nPixels, share, mean, out, count)) {
    reduceCompositePlain(stack, nScenes, nPixels, share, mean, out, count);
  }
}

/** {@link reduceComposite} by typed arrays alone: the same bits. The percentile is given as a share of 1. */
export function reduceCompositePlain(
  stack: Float32Array,
  nScenes: number,
  nPixels: number,
  share: number,
  mean: boolean,
  out: Float32Array,
  count: Uint16Array,
): void {
  const sorted = new Float64Array(nScenes);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    let n = 0;
    for (let at = pixel; at < stack.length; at += nPixels) {
      const value = stack[at]! + 0;
      if (value !== value) continue;
      let place = n++;
      for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!;
      sorted[place] = value;
    }
    count[pixel] = n;
    if (n === 0) {
      out[pixel] = NaN;
    } else if (mean) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += sorted[i]!;
      out[pixel] = sum / n;
    } else {
      const rank = share * (n - 1);
      const below = Math.floor(rank);
      out[pixel] = interpolate(sorted[below]!, sorted[below + 1 < n ? below + 1 : below]!, rank - below);
    }
  }
}
