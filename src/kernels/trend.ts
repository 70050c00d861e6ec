/**
 * Theil–Sen slope, Mann–Kendall test and trend class of every pixel of a stack.
 * @module
 */
import { EXACT_LIMIT, tieWeight, twoSidedP, varianceS } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import { checkLength } from './pixel-array.ts';
import { pairScratch, theilSen } from './theil-sen.ts';
import { classAt, legendAlphas, NO_DATA_CLASS, type Legend } from './trend-classes.ts';

export { attainableClasses, classifyTrend, legendClasses, type Legend, type TrendClass } from './trend-classes.ts';
export { trendTest, type TrendTest, type TrendTestOptions } from './trend-test.ts';

export interface TrendOptions {
  /** Real times in years, ascending, length nTimes: a missing year is a gap, not an index. */
  readonly years: Float64Array;
  /** Pixels with fewer valid years are no data; at least 2, default of the command 4. */
  readonly minYears: number;
  /** Slopes within ±epsilon per year are no change. */
  readonly epsilon: number;
  readonly legend: Legend;
  /** `exact` holds to 30 valid years; beyond, the normal approximation is used. */
  readonly pMethod: 'exact' | 'normal';
}

/** Arrays that {@link trendStack} fills, each of length nPixels. */
export interface TrendOut {
  /** See `classifyTrend`; 255 = fewer than minYears. */
  readonly trendClass: Uint8Array;
  /** Theil–Sen slope per year. NaN where the class is 255, and so p and z. */
  readonly slope: Float32Array;
  /** Two-sided p. */
  readonly p: Float32Array;
  /** Z with continuity correction. */
  readonly z: Float32Array;
  /** Valid years. */
  readonly n: Uint16Array;
}

/** Pixels that are turned from [t][pixel] to [pixel][t] order at a time: whole cache lines of every year. */
const BLOCK = 64;

/** Copies `n` pixels from `start` on into [pixel][t] order; −0 becomes 0. */
function gather(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  start: number,
  n: number,
  block: Float64Array,
): void {
  for (let k = 0; k < nTimes; k++) {
    const row = k * nPixels + start;
    for (let i = 0, to = k; i < n; i++, to += nTimes) block[to] = stack[row + i]! + 0;
  }
}

/** Insertion sort of the first n values. */
function sortSeries(x: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const value = x[i]!;
    let place = i;
    for (; place > 0 && x[place - 1]! > value; place--) x[place] = x[place - 1]!;
    x[place] = value;
  }
}

/**
 * The trend of every pixel (formulae and sources: `trendTest`, which gives the same numbers for one series).
 *
 * @param stack Values in [t][pixel] order, NaN = no data, length nTimes × nPixels.
 * @throws {RangeError} if lengths differ, years do not ascend, or minYears is below 2.
 */
export function trendStack(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  options: TrendOptions,
  out: TrendOut,
): void {
  const { years, minYears, epsilon, legend, pMethod } = options;
  checkLength('stack', stack.length, nTimes * nPixels);
  checkLength('years', years.length, nTimes);
  for (const [name, array] of Object.entries(out)) checkLength(name, array.length, nPixels);
  if (!(minYears >= 2)) throw new RangeError(`Expected minYears of at least 2, got ${minYears}`);
  for (let k = 1; k < nTimes; k++) {
    if (!(years[k]! > years[k - 1]!)) throw new RangeError(`Expected ascending years, got ${years[k]} at ${k}`);
  }
  const alphas = legendAlphas(legend);
  const scratch = pairScratch(nTimes);
  const { x, t, counts } = scratch;
  const groups = new Int32Array(nTimes);
  const block = new Float64Array(nTimes * BLOCK);
  // Without ties, variance and p depend on n alone.
  const untiedDeviation = new Float64Array(nTimes + 1);
  const untiedP: Float64Array[] = [];
  for (let n = 2; n <= nTimes; n++) {
    untiedDeviation[n] = Math.sqrt(varianceS(n, []));
    if (n <= EXACT_LIMIT) untiedP[n] = twoSidedP(n, n, [], 0);
  }
  for (let start = 0; start < nPixels; start += BLOCK) {
    const nBlock = Math.min(BLOCK, nPixels - start);
    gather(stack, nTimes, nPixels, start, nBlock, block);
    for (let pixel = start, at = 0; pixel < start + nBlock; pixel++) {
      let n = 0;
      for (let k = 0; k < nTimes; k++, at++) {
        const value = block[at]!;
        x[n] = value;
        t[n] = years[k]!;
        n += +(value === value);
      }
      out.n[pixel] = n;
      if (n < minYears) {
        out.trendClass[pixel] = NO_DATA_CLASS;
        out.slope[pixel] = out.p[pixel] = out.z[pixel] = NaN;
        continue;
      }
      const slope = theilSen(scratch, n);
      const rising = counts[0]!;
      const falling = counts[1]!;
      const s = rising - falling;
      const pairs = (n * (n - 1)) / 2;
      const exact = n <= EXACT_LIMIT && pMethod === 'exact';
      let deviation = untiedDeviation[n]!;
      let table = exact ? untiedP[n]! : null;
      if (rising + falling < pairs) {
        // Equal values: the sizes of their groups, from the sorted series.
        sortSeries(x, n);
        let nGroups = 0;
        let key = n;
        let variance = n * (n - 1) * (2 * n + 5);
        for (let i = 0; i < n;) {
          let end = i + 1;
          while (end < n && x[end] === x[i]) end++;
          const size = end - i;
          i = end;
          if (size === 1) continue;
          groups[nGroups++] = size;
          if (exact) key += tieWeight(size);
          variance -= size * (size - 1) * (2 * size + 5);
        }
        deviation = Math.sqrt(variance / 18);
        if (exact) table = twoSidedP(key, n, groups, nGroups);
      }
      const z = s === 0 ? 0 : (s > 0 ? s - 1 : s + 1) / deviation;
      let p: number;
      let smallest = 0;
      if (table !== null) {
        p = table[s < 0 ? -s : s]!;
        smallest = table[table.length - 1]!;
      } else {
        p = normalP(z);
        // The largest |S| that the ties allow is the number of pairs that are not equal.
        if (n <= EXACT_LIMIT) smallest = rising + falling === 0 ? 1 : normalP((rising + falling - 1) / deviation);
      }
      out.slope[pixel] = slope;
      out.p[pixel] = p;
      out.z[pixel] = z;
      out.trendClass[pixel] = classAt(slope, s, p, smallest, alphas, epsilon);
    }
  }
}
