/**
 * The pair statistics of {@link PlainStatistics}, four pixels at a time. See ./assembly/trend.ts for how.
 * @module
 */
import { EXACT_LIMIT, tieWeight } from '../mann-kendall.ts';
import { PlainStatistics, tieTerm, type PairStatistics, type StackStatistics } from '../pair-statistics.ts';
import { aligned, firstFree, reserve, simdModule, type SimdModule } from './instance.ts';

/** Longer series are left to the other twin: pairs are addressed by 16 bits, and the tables would be large. */
const LONGEST = 256;

/** The pair statistics of a stack, bit by bit those of its twin, or null where SIMD is missing. */
export function simdStatistics(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  years: Float64Array,
  minYears: number,
  block: number,
): StackStatistics | null {
  const module = simdModule();
  if (module === null || nTimes < 2 || nTimes > LONGEST) return null;
  return new SimdStatistics(module, stack, nTimes, nPixels, years, minYears, block);
}

class SimdStatistics implements StackStatistics {
  private readonly module: SimdModule;
  private readonly stack: Float32Array;
  private readonly nTimes: number;
  private readonly nPixels: number;
  private readonly minYears: number;
  private readonly block: number;
  private readonly plain: PlainStatistics;
  private readonly input: Float32Array;
  private readonly slopes: Float64Array;
  private readonly counts: Int32Array;
  private readonly ties: Float64Array;

  constructor(
    module: SimdModule,
    stack: Float32Array,
    nTimes: number,
    nPixels: number,
    years: Float64Array,
    minYears: number,
    block: number,
  ) {
    this.module = module;
    this.stack = stack;
    this.nTimes = nTimes;
    this.nPixels = nPixels;
    this.minYears = minYears;
    this.block = block;
    this.plain = new PlainStatistics(stack, nTimes, nPixels, years, minYears);
    const stride = 4 * block;
    const start = firstFree(module);
    const yearsAt = start + nTimes * stride;
    const stepsAt = yearsAt + 8 * nTimes;
    const slopesAt = aligned(stepsAt + 16 * nTimes);
    const countsAt = slopesAt + 2 * stride;
    const tiesAt = countsAt + 3 * stride;
    const base = tiesAt + 4 * stride;
    // The tables and the scratch of trendSetup.
    const tables = 2048 + 80 * nTimes + 16 * nTimes * nTimes;
    const buffer = reserve(module, base + tables);
    new Float64Array(buffer, yearsAt, nTimes).set(years);
    // One value alone, the first step, adds nothing.
    const steps = new Float64Array(buffer, stepsAt, 2 * nTimes).fill(0);
    for (let later = 1; later < nTimes; later++) {
      steps[later] = later < EXACT_LIMIT ? tieWeight(later + 1) - tieWeight(later) : 0;
      steps[nTimes + later] = tieTerm(later + 1) - tieTerm(later);
    }
    module.trendSetup(base, yearsAt, stepsAt, nTimes);
    this.input = new Float32Array(buffer, start, nTimes * block);
    this.slopes = new Float64Array(buffer, slopesAt, block);
    this.counts = new Int32Array(buffer, countsAt, 3 * block);
    this.ties = new Float64Array(buffer, tiesAt, 2 * block);
  }

  fill(from: number, count: number, out: PairStatistics): void {
    const { stack, nTimes, nPixels, minYears, block, input, slopes, counts, ties } = this;
    for (let t = 0, row = from; t < nTimes; t++, row += nPixels) {
      input.set(stack.subarray(row, row + count), t * block);
      for (let pad = count; pad % 4 !== 0; pad++) input[t * block + pad] = NaN;
    }
    const places = [slopes.byteOffset, counts.byteOffset, ties.byteOffset] as const;
    this.module.trendPixels(input.byteOffset, 4 * block, count, minYears, ...places);
    out.slope.set(slopes);
    out.n.set(counts.subarray(0, block));
    out.rising.set(counts.subarray(block, 2 * block));
    out.falling.set(counts.subarray(2 * block));
    out.tieKey.set(ties.subarray(0, block));
    out.tieSum.set(ties.subarray(block));
    for (let i = 0; i < count; i++) {
      // Series with infinite values are left open, and the other twin does them.
      if (out.n[i]! >= minYears && out.slope[i] !== out.slope[i]) this.plain.fill(from + i, 1, out, i);
    }
  }
}
