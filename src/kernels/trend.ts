/**
 * Theil–Sen slope, Mann–Kendall test and trend class of every pixel of a stack.
 * @module
 */
import { EXACT_LIMIT, twoSidedP, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import { PairStatistics, PlainStatistics, tieTerm, type StackStatistics } from './pair-statistics.ts';
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
  // Halves: V8 would compile a function of whole numbers, and compile it anew for the slopes of pixels.
  for (const [k, slope] of [-0.5, 0, 0.5].entries()) {
    for (let s = 0; s < p.length; s++) classes[k * p.length + s] = classAt(slope, s, p[s]!, p.at(-1)!, alphas, 0);
  }
  return { deviation: Math.sqrt(varianceS(n, [])), p, classes };
}

/** By legend and n: the same for every stack, so that they are made once. */
const UNTIED: Record<Legend, Untied[]> = { seven: [], nine: [], five: [] };

/** Tests by n, at least those of `least` to `most` years; none where there is no such n. */
function untiedTests(legend: Legend, least: number, most: number): readonly Untied[] {
  if (least > most) return [];
  const tests = UNTIED[legend];
  for (let n = least; n <= most; n++) tests[n] ??= untiedTest(n, legendAlphas(legend));
  return tests;
}

/** Pixels that are tested at a time: each block is a call, so that the loop is compiled once. */
const TESTED = 512;

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
  const block = new PairStatistics(size);
  const tests = new PixelTests(stack, nTimes, nPixels, options, out);
  for (let start = 0; start < nPixels; start += size) {
    const count = Math.min(size, nPixels - start);
    statistics.fill(start, count, block);
    for (let from = 0; from < count; from += TESTED) {
      tests.test(block, from, Math.min(from + TESTED, count), start);
    }
  }
}

/**
 * The tests of the pixels of one stack. A class: code that was compiled for an object literal is thrown away when the literal
 * is made a second time.
 */
class PixelTests {
  private readonly stack: Float32Array;
  private readonly nPixels: number;
  private readonly minYears: number;
  private readonly epsilon: number;
  private readonly alphas: readonly number[];
  /** By n; none where p is not exact. */
  private readonly untied: readonly Untied[];
  private readonly mostExact: number;
  /** Where the values are cut off; NaN where they are not. */
  private readonly low: number;
  private readonly high: number;
  private readonly trendClass: Uint8Array;
  private readonly slope: Float32Array;
  private readonly p: Float32Array;
  private readonly z: Float32Array;
  private readonly n: Uint16Array;

  constructor(stack: Float32Array, nTimes: number, nPixels: number, options: TrendOptions, out: TrendOut) {
    const { minYears, epsilon, legend, pMethod, cutOff } = options;
    this.stack = stack;
    this.nPixels = nPixels;
    this.minYears = minYears;
    this.epsilon = epsilon;
    this.alphas = legendAlphas(legend);
    this.mostExact = pMethod === 'exact' ? Math.min(nTimes, EXACT_LIMIT) : 0;
    this.untied = untiedTests(legend, minYears, this.mostExact);
    [this.low, this.high] = cutOff ?? [NaN, NaN];
    // What stays where there are too few years.
    this.trendClass = out.trendClass.fill(NO_DATA_CLASS);
    this.slope = out.slope.fill(NaN);
    this.p = out.p.fill(NaN);
    this.z = out.z.fill(NaN);
    this.n = out.n;
  }

  /** Tests the pixels of a block from `from` to before `to`; the block begins with the pixel `start`. */
  test(block: PairStatistics, from: number, to: number, start: number): void {
    const { minYears, epsilon, untied } = this;
    for (let i = from, pixel = start + from; i < to; i++, pixel++) {
      const n = block.n[i]!;
      this.n[pixel] = n;
      if (n < minYears) continue;
      const slope = block.slope[i]!;
      const rising = block.rising[i]!;
      const falling = block.falling[i]!;
      this.slope[pixel] = slope;
      const common = untied[n];
      if (common === undefined || rising + falling < (n * (n - 1)) / 2 || slope !== slope) {
        this.testOther(block, i, pixel);
        continue;
      }
      // The commonest case by tables, without branches that are as likely as not.
      const s = rising - falling;
      const sign = +(s > 0) - +(s < 0);
      const direction = (+(slope > 0) - +(slope < 0)) * +(Math.abs(slope) > epsilon);
      const { p, deviation, classes } = common;
      this.p[pixel] = p[s * sign]!;
      this.z[pixel] = (s - sign) / deviation;
      this.trendClass[pixel] = classes[(direction + 1) * p.length + s * sign]!;
    }
  }

  /** Tests a pixel with ties, or with more years than the exact test takes. */
  private testOther(block: PairStatistics, i: number, pixel: number): void {
    const n = block.n[i]!;
    const slope = block.slope[i]!;
    const s = block.rising[i]! - block.falling[i]!;
    const unequal = block.rising[i]! + block.falling[i]!;
    const isTied = unequal < (n * (n - 1)) / 2;
    const variance = (tieTerm(n) - (isTied ? block.tieSum[i]! : 0)) / 18;
    const z = zScore(s, variance);
    let p: number;
    let smallest = 0;
    if (n <= this.mostExact) {
      const table = twoSidedP(isTied ? n + block.tieKey[i]! : n, n);
      p = table[Math.abs(s)]!;
      smallest = table[table.length - 1]!;
    } else {
      p = normalP(z);
      // The largest |S| that the ties allow is the number of pairs that are not equal.
      if (n <= EXACT_LIMIT) smallest = unequal === 0 ? 1 : normalP(zScore(unequal, variance));
    }
    this.p[pixel] = p;
    this.z[pixel] = z;
    // Without branches: equal values are rare, and what is rare makes V8 compile all of it anew when it is first met.
    const level = this.firstValid(pixel);
    const staysInside = +(unequal === 0) & +(slope === 0) & +(level !== this.low) & +(level !== this.high);
    if (staysInside === 1) smallest = 0;
    this.trendClass[pixel] = classAt(slope, s, p, smallest, this.alphas, this.epsilon);
  }

  /** The first value of a pixel's series that is not NaN; there is one. */
  private firstValid(pixel: number): number {
    const { stack, nPixels } = this;
    let level: number;
    let i = pixel;
    do {
      level = stack[i]!;
      i += nPixels;
    } while (level !== level);
    return level;
  }
}
