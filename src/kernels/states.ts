/**
 * What state the land is in, per pixel and year, against a reference level of vegetation cover.
 * @module
 */
import { fillLevelGaps, filterLevelFlips, HIGH, LOW, NO_DATA_LEVEL, NOT_ASSESSABLE_LEVEL } from './cover-levels.ts';
import { checkLength } from './pixel-array.ts';
import { statesSimd } from './simd/stacks.ts';

/** Codes of the state maps. */
export const LAND_STATE = {
  notAssessable: 0,
  undisturbed: 1,
  disturbed: 2,
  recovering: 3,
  recovered: 4,
  noData: 255,
} as const;

export interface StateOptions {
  /** Disturbed at or below this share of the reference (default 0.5). */
  readonly disturbedBelow: number;
  /** Recovered at or above this share of the reference (default 0.8, the Y2R convention). */
  readonly recoveredAbove: number;
  /** Consecutive valid years at or below before the land counts as disturbed (default 1). */
  readonly disturbedYears: number;
  /** Consecutive valid years at or above before the land counts as recovered (default 2). */
  readonly recoveredYears: number;
  /** A reference cover below this has nothing to disturb (default 0.10). */
  readonly assessableFrom: number;
  /** Years without data between two years alike are filled first; see {@link fillLevelGaps} (default false). */
  readonly fillGaps?: boolean;
  /** Single years unlike both their neighbours are taken back first; see {@link filterLevelFlips} (default false). */
  readonly filterFlips?: boolean;
}

/** Arrays that {@link landStates} fills. */
export interface StateOut {
  /** State codes in [t][pixel] order. */
  readonly state: Uint8Array;
  /** First year in which the pixel became disturbed, length nPixels; 0 = never. */
  readonly disturbedYear: Uint16Array;
  /** First year in which the pixel became recovered, length nPixels; 0 = never. */
  readonly recoveredYear: Uint16Array;
}

/**
 * The state of each pixel in each year. It depends on that year and earlier ones only (with `fillGaps` or `filterFlips`
 * on the next one too), and has hysteresis: between the two thresholds a pixel keeps what it was, so noise at one
 * threshold does not make it flicker.
 *
 * Undisturbed or recovered land becomes disturbed after `disturbedYears` years at or below d·reference. Disturbed land
 * is recovering as soon as its cover is above d·reference, and disturbed again after `disturbedYears` years at or below.
 * Disturbed or recovering land becomes recovered after `recoveredYears` years at or above r·reference. Years without
 * data neither break nor count in a run of years. Thresholds are computed in float64.
 *
 * @param fvc Vegetation cover 0–1 in [t][pixel] order, NaN = no data.
 * @param reference Cover of undisturbed land, per pixel (length nPixels) or per year (length nTimes). Where it is NaN or
 *   below `assessableFrom` the state is 0, and such a year is skipped like one without data.
 * @param years Calendar years, length nTimes, ascending.
 * @throws {RangeError} if lengths differ or the thresholds are not ordered.
 */
export function landStates(
  fvc: Float32Array,
  nTimes: number,
  nPixels: number,
  reference: Float64Array,
  referencePer: 'pixel' | 'year',
  years: Int32Array | Float64Array,
  options: StateOptions,
  out: StateOut,
): void {
  checkLength('fvc', fvc.length, nTimes * nPixels);
  checkLength('reference', reference.length, referencePer === 'pixel' ? nPixels : nTimes);
  checkLength('years', years.length, nTimes);
  checkLength('state', out.state.length, nTimes * nPixels);
  checkLength('disturbedYear', out.disturbedYear.length, nPixels);
  checkLength('recoveredYear', out.recoveredYear.length, nPixels);
  const { disturbedBelow, recoveredAbove, disturbedYears, recoveredYears } = options;
  if (!(disturbedBelow < recoveredAbove)) {
    throw new RangeError(`Expected disturbedBelow under recoveredAbove, got ${disturbedBelow} and ${recoveredAbove}`);
  }
  if (!(disturbedYears >= 1 && recoveredYears >= 1)) {
    throw new RangeError(`Expected at least one year each, got ${disturbedYears} and ${recoveredYears}`);
  }
  const perPixel = referencePer === 'pixel';
  const cleaned = options.fillGaps === true || options.filterFlips === true;
  if (cleaned || !statesSimd(fvc, nTimes, nPixels, reference, perPixel, years, options, out)) {
    landStatesPlain(fvc, nTimes, nPixels, reference, perPixel, years, options, out);
  }
}

/** {@link landStates} by typed arrays alone: the same bits. */
export function landStatesPlain(
  fvc: Float32Array,
  nTimes: number,
  nPixels: number,
  reference: Float64Array,
  perPixel: boolean,
  years: Int32Array | Float64Array,
  options: StateOptions,
  out: StateOut,
): void {
  const { disturbedBelow, recoveredAbove, disturbedYears, recoveredYears, assessableFrom } = options;
  const { notAssessable, undisturbed, disturbed, recovering, recovered, noData } = LAND_STATE;
  const levels = new Uint8Array(nTimes);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    for (let t = 0, at = pixel; t < nTimes; t++, at += nPixels) {
      const cover = fvc[at]!;
      const whole = reference[perPixel ? pixel : t]!;
      if (cover !== cover) levels[t] = NO_DATA_LEVEL;
      else if (!(whole >= assessableFrom)) levels[t] = NOT_ASSESSABLE_LEVEL;
      else levels[t] = (cover <= disturbedBelow * whole ? LOW : 0) | (cover >= recoveredAbove * whole ? HIGH : 0);
    }
    if (options.fillGaps === true) fillLevelGaps(levels, years);
    if (options.filterFlips === true) filterLevelFlips(levels, years);
    let now: number = undisturbed;
    let lowYears = 0;
    let highYears = 0;
    let firstDisturbed = 0;
    let firstRecovered = 0;
    for (let t = 0, at = pixel; t < nTimes; t++, at += nPixels) {
      const level = levels[t]!;
      if (level >= NO_DATA_LEVEL) {
        out.state[at] = level === NO_DATA_LEVEL ? noData : notAssessable;
        continue;
      }
      const low = (level & LOW) !== 0;
      lowYears = low ? lowYears + 1 : 0;
      highYears = (level & HIGH) !== 0 ? highYears + 1 : 0;
      if (now === disturbed) {
        if (!low) now = recovering;
      } else if (lowYears >= disturbedYears) {
        now = disturbed;
        if (firstDisturbed === 0) firstDisturbed = years[t]!;
      }
      if (now === recovering && highYears >= recoveredYears) {
        now = recovered;
        if (firstRecovered === 0) firstRecovered = years[t]!;
      }
      out.state[at] = now;
    }
    out.disturbedYear[pixel] = firstDisturbed;
    out.recoveredYear[pixel] = firstRecovered;
  }
}

/**
 * The reference level per pixel: the median cover of the baseline years. Float64, so that the mean of two middle years
 * is not rounded before it is compared.
 *
 * @param fvc Vegetation cover in [t][pixel] order, NaN = no data.
 * @param from First baseline time index.
 * @param to End of the baseline, exclusive.
 * @param out Length nPixels. NaN where no baseline year is valid.
 * @throws {RangeError} if lengths differ or the baseline leaves the stack.
 */
export function medianReference(
  fvc: Float32Array,
  nTimes: number,
  nPixels: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  checkLength('fvc', fvc.length, nTimes * nPixels);
  checkLength('out', out.length, nPixels);
  if (!(from >= 0 && from < to && to <= nTimes)) {
    throw new RangeError(`Expected a baseline within 0–${nTimes}, got ${from}–${to}`);
  }
  const sorted = new Float64Array(to - from);
  for (let start = 0; start < nPixels; start += BLOCK) {
    medianOfBlock(fvc, nPixels, from, to, start, Math.min(start + BLOCK, nPixels), sorted, out);
  }
}

/** Pixels whose medians are taken at a time: each block is a call, so that the loop is compiled once. */
const BLOCK = 256;

function medianOfBlock(
  fvc: Float32Array,
  nPixels: number,
  from: number,
  to: number,
  start: number,
  end: number,
  sorted: Float64Array,
  out: Float64Array,
): void {
  for (let pixel = start; pixel < end; pixel++) {
    let n = 0;
    for (let t = from; t < to; t++) {
      const value = fvc[t * nPixels + pixel]!;
      if (value !== value) continue;
      let place = n++;
      for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!;
      sorted[place] = value;
    }
    const half = n >> 1;
    out[pixel] = n === 0 ? NaN : n % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  }
}
