/**
 * Theil–Sen slope, Mann–Kendall test and trend class of every pixel of a stack.
 * @module
 */
import { EXACT_LIMIT, twoSidedP, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import {
  pairStatistics,
  PlainStatistics,
  tieTerm,
  type PairStatistics,
  type StackStatistics,
} from './pair-statistics.ts';
import { checkLength } from './pixel-array.ts';
import { simdStatistics } from './simd/trend.ts';
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
  /**
   * The values at which the scale is cut off, such as 0 and 1 of FVC. A series that stays at one of them may have changed
   * beyond it and is not testable; a series that stays at any other value is no change. Null or absent: no cut-off.
   */
  readonly cutOff?: readonly [number, number] | null;
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

/** Values whose pixels' statistics are taken at a time: they fit the second-level cache. */
const BLOCK_VALUES = 32_768;

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
  checkTrend(stack, nTimes, nPixels, options, out);
  const { years, minYears } = options;
  const block = blockOf(nTimes, nPixels);
  const statistics =
    simdStatistics(stack, nTimes, nPixels, years, minYears, block) ??
    new PlainStatistics(stack, nTimes, nPixels, years, minYears);
  testTrend(stack, statistics, block, nTimes, nPixels, options, out);
}

/** {@link trendStack} by typed arrays alone: the same bits, slower. */
export function trendStackPlain(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  options: TrendOptions,
  out: TrendOut,
): void {
  checkTrend(stack, nTimes, nPixels, options, out);
  const statistics = new PlainStatistics(stack, nTimes, nPixels, options.years, options.minYears);
  testTrend(stack, statistics, blockOf(nTimes, nPixels), nTimes, nPixels, options, out);
}

/** Pixels of a block, a multiple of 4. */
function blockOf(nTimes: number, nPixels: number): number {
  return 4 * Math.ceil(Math.min(Math.max(BLOCK_VALUES / nTimes, 64), nPixels) / 4);
}

function checkTrend(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  { years, minYears }: TrendOptions,
  out: TrendOut,
): void {
  checkLength('stack', stack.length, nTimes * nPixels);
  checkLength('years', years.length, nTimes);
  for (const [name, array] of Object.entries(out)) checkLength(name, array.length, nPixels);
  if (!(minYears >= 2)) throw new RangeError(`Expected minYears of at least 2, got ${minYears}`);
  for (let k = 1; k < nTimes; k++) {
    if (!(years[k]! > years[k - 1]!)) throw new RangeError(`Expected ascending years, got ${years[k]} at ${k}`);
  }
}

/** What all pixels of n years without ties have in common. */
interface Untied {
  /** √Var(S). */
  readonly deviation: number;
  /** Exact two-sided p by |S|. */
  readonly p: Float64Array;
  /** Classes by |S|, of falling slopes, then of slopes without change, then of rising ones. */
  readonly classes: Uint8Array;
}

function untiedTest(n: number, alphas: readonly number[]): Untied {
  const p = twoSidedP(n, n);
  const classes = new Uint8Array(3 * p.length);
  for (let slope = -1, k = 0; slope <= 1; slope++) {
    for (let s = 0; s < p.length; s++, k++) classes[k] = classAt(slope, s, p[s]!, p.at(-1)!, alphas, 0);
  }
  return { deviation: Math.sqrt(varianceS(n, [])), p, classes };
}

/** What is the same for all pixels of a stack. */
interface TestPlan {
  readonly options: TrendOptions;
  readonly alphas: readonly number[];
  /** By n; none where p is not exact. */
  readonly untied: readonly Untied[];
  readonly mostExact: number;
}

/** Tests the pixels block by block. */
function testTrend(
  stack: Float32Array,
  statistics: StackStatistics,
  size: number,
  nTimes: number,
  nPixels: number,
  options: TrendOptions,
  out: TrendOut,
): void {
  const alphas = legendAlphas(options.legend);
  const block = pairStatistics(size);
  const untied: Untied[] = [];
  const mostExact = options.pMethod === 'exact' ? Math.min(nTimes, EXACT_LIMIT) : 0;
  for (let n = 2; n <= mostExact; n++) untied[n] = untiedTest(n, alphas);
  const plan = { options, alphas, untied, mostExact };
  for (let start = 0; start < nPixels; start += size) {
    const count = Math.min(size, nPixels - start);
    statistics.fill(start, count, block);
    testBlock(stack, block, start, count, nPixels, plan, out);
  }
}

/** A function of its own, so that it is compiled once: a loop over all pixels is compiled while it runs, and again after. */
function testBlock(
  stack: Float32Array,
  block: PairStatistics,
  start: number,
  count: number,
  nPixels: number,
  plan: TestPlan,
  out: TrendOut,
): void {
  const { untied, options } = plan;
  const { minYears, epsilon } = options;
  for (let i = 0, pixel = start; i < count; i++, pixel++) {
    const n = block.n[i]!;
    out.n[pixel] = n;
    if (n < minYears) {
      out.trendClass[pixel] = NO_DATA_CLASS;
      out.slope[pixel] = out.p[pixel] = out.z[pixel] = NaN;
      continue;
    }
    const slope = block.slope[i]!;
    const rising = block.rising[i]!;
    const falling = block.falling[i]!;
    out.slope[pixel] = slope;
    const common = untied[n];
    if (common === undefined || rising + falling < (n * (n - 1)) / 2 || slope !== slope) {
      testOther(stack, block, i, pixel, nPixels, plan, out);
      continue;
    }
    // The commonest case by tables, without branches that are as likely as not.
    const s = rising - falling;
    const sign = +(s > 0) - +(s < 0);
    const direction = (+(slope > 0) - +(slope < 0)) * +(Math.abs(slope) > epsilon);
    const { p, deviation, classes } = common;
    out.p[pixel] = p[s * sign]!;
    out.z[pixel] = (s - sign) / deviation;
    out.trendClass[pixel] = classes[(direction + 1) * p.length + s * sign]!;
  }
}

/** Tests a pixel with ties, or with more years than the exact test takes. */
function testOther(
  stack: Float32Array,
  block: PairStatistics,
  i: number,
  pixel: number,
  nPixels: number,
  { options, alphas, mostExact }: TestPlan,
  out: TrendOut,
): void {
  const n = block.n[i]!;
  const slope = block.slope[i]!;
  const s = block.rising[i]! - block.falling[i]!;
  const unequal = block.rising[i]! + block.falling[i]!;
  const isTied = unequal < (n * (n - 1)) / 2;
  const variance = (tieTerm(n) - (isTied ? block.tieSum[i]! : 0)) / 18;
  const z = zScore(s, variance);
  let p: number;
  let smallest = 0;
  if (n <= mostExact) {
    const table = twoSidedP(isTied ? n + block.tieKey[i]! : n, n);
    p = table[Math.abs(s)]!;
    smallest = table[table.length - 1]!;
  } else {
    p = normalP(z);
    // The largest |S| that the ties allow is the number of pairs that are not equal.
    if (n <= EXACT_LIMIT) smallest = unequal === 0 ? 1 : normalP(zScore(unequal, variance));
  }
  out.p[pixel] = p;
  out.z[pixel] = z;
  if (unequal === 0 && slope === 0) {
    const level = firstValid(stack, pixel, nPixels);
    const [low, high] = options.cutOff ?? [NaN, NaN];
    if (level !== low && level !== high) smallest = 0;
  }
  out.trendClass[pixel] = classAt(slope, s, p, smallest, alphas, options.epsilon);
}

/** The first value of a pixel's series that is not NaN; there is one. */
function firstValid(stack: Float32Array, pixel: number, nPixels: number): number {
  let i = pixel;
  while (stack[i]! !== stack[i]!) i += nPixels;
  return stack[i]!;
}
