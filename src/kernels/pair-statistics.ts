/**
 * What the trend of a pixel is made of, from all pairs of its years: Kendall's S, ties and the Theil–Sen slope.
 * @module
 */
import { EXACT_LIMIT, tieWeight } from './mann-kendall.ts';
import { pairScratch, theilSen, type PairScratch } from './theil-sen.ts';

/**
 * Statistics of the pixels of a block, an element each. A class: code that was compiled for an object literal is thrown away
 * when the literal is made a second time.
 */
export class PairStatistics {
  /** Valid years; where there are fewer than wanted, the other arrays hold nothing. */
  readonly n: Int32Array;
  /** Theil–Sen slope per year. */
  readonly slope: Float64Array;
  /** Pairs of years with a rising, and with a falling value. The others are tied. */
  readonly rising: Int32Array;
  readonly falling: Int32Array;
  /** Σ tieWeight(t) over the groups of t equal values, to n = 30; only where pairs are tied. */
  readonly tieKey: Float64Array;
  /** Σ t(t−1)(2t+5) over the groups of t equal values; only where pairs are tied. */
  readonly tieSum: Float64Array;

  constructor(size: number) {
    this.n = new Int32Array(size);
    this.slope = new Float64Array(size);
    this.rising = new Int32Array(size);
    this.falling = new Int32Array(size);
    this.tieKey = new Float64Array(size);
    this.tieSum = new Float64Array(size);
  }
}

/**
 * Statistics of the pixels of one stack. A class, not a function made for each stack: V8 would compile each of these anew.
 */
export interface StackStatistics {
  /** Fills the statistics of `count` pixels, the first of them `from`, into the elements from `to` on. */
  fill(from: number, count: number, out: PairStatistics, to?: number): void;
}

/** What a group of `size` equal values takes from 18 Var(S). */
export function tieTerm(size: number): number {
  return size * (size - 1) * (2 * size + 5);
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
 * The pair statistics of a stack, by typed arrays alone; parameters as `trendStack`. Its twin is `simdStatistics`.
 *
 * Numbers are compared and subtracted in float64.
 */
export class PlainStatistics implements StackStatistics {
  private readonly stack: Float32Array;
  private readonly nTimes: number;
  private readonly nPixels: number;
  private readonly years: Float64Array;
  private readonly minYears: number;
  private readonly scratch: PairScratch;
  private readonly block: Float64Array;

  constructor(stack: Float32Array, nTimes: number, nPixels: number, years: Float64Array, minYears: number) {
    this.stack = stack;
    this.nTimes = nTimes;
    this.nPixels = nPixels;
    this.years = years;
    this.minYears = minYears;
    this.scratch = pairScratch(nTimes);
    this.block = new Float64Array(nTimes * BLOCK);
  }

  fill(from: number, count: number, out: PairStatistics, to = 0): void {
    const { stack, nTimes, nPixels, block } = this;
    for (let start = 0; start < count; start += BLOCK) {
      const n = Math.min(BLOCK, count - start);
      gather(stack, nTimes, nPixels, from + start, n, block);
      for (let i = 0; i < n; i++) this.fillSeries(i * nTimes, out, to + start + i);
    }
  }

  private fillSeries(at: number, out: PairStatistics, to: number): void {
    const { scratch, block, years, nTimes } = this;
    const { x, t, counts } = scratch;
    let n = 0;
    for (let k = 0; k < nTimes; k++) {
      const value = block[at + k]!;
      x[n] = value;
      t[n] = years[k]!;
      n += +(value === value);
    }
    out.n[to] = n;
    if (n < this.minYears) return;
    out.slope[to] = theilSen(scratch, n);
    const rising = counts[0]!;
    const falling = counts[1]!;
    out.rising[to] = rising;
    out.falling[to] = falling;
    if (rising + falling === (n * (n - 1)) / 2) return;
    // Equal values: the sizes of their groups, from the sorted series.
    sortSeries(x, n);
    let key = 0;
    let sum = 0;
    for (let i = 0; i < n;) {
      let end = i + 1;
      while (end < n && x[end] === x[i]) end++;
      const size = end - i;
      i = end;
      if (n <= EXACT_LIMIT) key += tieWeight(size);
      sum += tieTerm(size);
    }
    out.tieKey[to] = key;
    out.tieSum[to] = sum;
  }
}
