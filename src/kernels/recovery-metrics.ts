/**
 * How deep land was disturbed and how it came back: the spectral recovery metrics of a pixel's first disturbance.
 *
 * A disturbance lasts from the year in which the land became disturbed to the year before it had recovered, or to the end of
 * the series. It *ends* with its last year in the state "disturbed", once a later year shows the land recovering; land that is
 * disturbed in the last year it was seen has not come back yet and has no metrics. V_t is the cover in the year of the end t.
 * In forestry, where a fire or a felling takes one year, t is the year of the disturbance itself; a pit stays open for years.
 * @module
 */
import { checkLength } from './pixel-array.ts';
import { RecoveryStack } from './recovery-stack.ts';
import { LAND_STATE } from './states.ts';

/** Y2R and R80P ask for this share of the reference (Pickell et al. 2016). */
const TARGET_SHARE = 0.8;

/** Years after the end in which R80P, YrYr and RRI look at the land. */
const LATER = 5;

/** Below this drop of cover RRI would divide by noise. */
const LEAST_DROP = 0.01;

export interface RecoveryOptions {
  /** As in the states: disturbed at or below this share of the reference. */
  readonly disturbedBelow: number;
  /** As in the states: consecutive years at or below before the land counts as disturbed. */
  readonly disturbedYears: number;
}

/** Arrays that {@link recoveryMetrics} fills, one element a pixel looked at, or more. Years and counts are 0 where there are none. */
export interface RecoveryOut {
  /** Year in which the last disturbance began; that of the first where there was one only. */
  readonly disturbedLastYear: Uint16Array;
  /** Year t in which the first disturbance ended; 0 also where it lasts. */
  readonly disturbedUntil: Uint16Array;
  /** Largest reference − cover in the years of the first disturbance. */
  readonly magnitude: Float32Array;
  /** First year recovered − first year disturbed. */
  readonly yearsToRecovery: Uint16Array;
  /** Years from t to the first year with cover ≥ 0.8 · reference, before the next disturbance. */
  readonly y2r: Uint16Array;
  /** V_{t+5} / (0.8 · reference of t + 5). */
  readonly r80p: Float32Array;
  /** (V_{t+5} − V_t) / 5, per year. */
  readonly yryr: Float32Array;
  /** (max(V_{t+4}, V_{t+5}) − V_t) / (V_pre − V_t), V_pre the mean of the two years before the disturbance. */
  readonly rri: Float32Array;
}

/** Empty arrays for {@link recoveryMetrics}: no land was disturbed. @param nPixels Pixels to look at. */
export function recoveryOut(nPixels: number): RecoveryOut {
  const years = () => new Uint16Array(nPixels);
  const values = () => new Float32Array(nPixels).fill(NaN);
  return {
    disturbedLastYear: years(),
    disturbedUntil: years(),
    magnitude: values(),
    yearsToRecovery: years(),
    y2r: years(),
    r80p: values(),
    yryr: values(),
    rri: values(),
  };
}

/**
 * Fills the metrics of the pixels that were disturbed; the others keep what is in `out`.
 *
 * Y2R and R80P: Pickell et al. 2016, White et al. 2017 (doi:10.1016/j.rse.2017.03.035); YrYr and RRI: Frazier et al. 2018. They
 * hold the index against its own value before the disturbance; here Y2R and R80P are held against the reference, as the
 * states are. A metric is NaN (a count of years 0) where a year that it needs is not in the series or
 * has no data. Exceptions: RRI takes the year of t + 4 and t + 5 that has data, and V_pre the year of the two that has; it is
 * NaN where V_pre − V_t is below 0.01. Years are calendar years: a gap is a gap. Computed in float64.
 *
 * @param fvc Vegetation cover 0–1 in [t][pixel] order, NaN = no data.
 * @param state States in [t][pixel] order, as `landStates` gives them.
 * @param reference Per pixel or per year, as for the states.
 * @param years Calendar years, length nTimes, ascending.
 * @param pixels Which pixels to look at; null for all. `out` is in this order, and may be longer.
 * @throws {RangeError} if lengths differ.
 */
export function recoveryMetrics(
  fvc: Float32Array,
  state: Uint8Array,
  nTimes: number,
  nPixels: number,
  reference: Float64Array,
  referencePer: 'pixel' | 'year',
  years: ArrayLike<number>,
  disturbedYear: Uint16Array,
  recoveredYear: Uint16Array,
  pixels: Uint32Array | null,
  options: RecoveryOptions,
  out: RecoveryOut,
): void {
  checkLength('fvc', fvc.length, nTimes * nPixels);
  checkLength('state', state.length, nTimes * nPixels);
  checkLength('reference', reference.length, referencePer === 'pixel' ? nPixels : nTimes);
  checkLength('years', years.length, nTimes);
  checkLength('disturbedYear', disturbedYear.length, nPixels);
  checkLength('recoveredYear', recoveredYear.length, nPixels);
  const count = pixels === null ? nPixels : pixels.length;
  if (out.y2r.length < count) throw new RangeError(`Expected ${count} elements of y2r, got ${out.y2r.length}`);
  const perPixel = referencePer === 'pixel';
  const stack = new RecoveryStack(
    fvc,
    state,
    nTimes,
    nPixels,
    reference,
    perPixel,
    years,
    disturbedYear,
    recoveredYear,
  );
  for (let from = 0; from < count; from += BLOCK) {
    fillBlock(stack, pixels, from, Math.min(from + BLOCK, count), options, out);
  }
}

/** Pixels that are looked at at a time: each block is a call, so that the loop is compiled once. */
const BLOCK = 64;

function fillBlock(
  stack: RecoveryStack,
  pixels: Uint32Array | null,
  from: number,
  to: number,
  options: RecoveryOptions,
  out: RecoveryOut,
): void {
  const { undisturbed, disturbed, recovered, notAssessable, noData } = LAND_STATE;
  const { fvc, state, nTimes, nPixels, reference, perPixel, years, timeOf, disturbedYear, recoveredYear } = stack;
  const firstYear = years[0]!;
  for (let k = from; k < to; k++) {
    const pixel = pixels === null ? k : pixels[k]!;
    const began = disturbedYear[pixel]!;
    if (began === 0) continue;
    const recoveredIn = recoveredYear[pixel]!;
    const beganAt = timeOf[began - firstYear]!;
    const recoveredAt = recoveredIn === 0 ? nTimes : timeOf[recoveredIn - firstYear]!;
    let last = 0;
    let again = nTimes;
    let endAt = -1;
    let open = false;
    let before: number = undisturbed;
    let deepest = NaN;
    for (let t = 0, at = pixel; t < nTimes; t++, at += nPixels) {
      const code = state[at]!;
      if (code === noData || code === notAssessable) continue;
      if (code === disturbed && (before === undisturbed || before === recovered)) {
        last = years[t]!;
        if (t > beganAt && again === nTimes) again = t;
      }
      if (t >= beganAt && t < recoveredAt) {
        open = code === disturbed;
        if (open) {
          endAt = t;
          const drop = reference[perPixel ? pixel : t]! - fvc[at]!;
          // A year that was filled has a state and no cover.
          if (!(drop <= deepest) && drop === drop) deepest = drop;
        }
      }
      before = code;
    }
    out.disturbedLastYear[k] = last;
    out.magnitude[k] = deepest;
    out.yearsToRecovery[k] = recoveredIn === 0 ? 0 : recoveredIn - began;
    out.disturbedUntil[k] = out.y2r[k] = 0;
    out.r80p[k] = out.yryr[k] = out.rri[k] = NaN;
    if (!open && endAt >= 0) fillReturn(stack, pixel, k, began, endAt, again, options, out);
  }
}

/** Fills the metrics of land that has come back, or begun to. @param again When it was disturbed again; nTimes if never. */
function fillReturn(
  stack: RecoveryStack,
  pixel: number,
  k: number,
  began: number,
  endAt: number,
  again: number,
  { disturbedBelow, disturbedYears }: RecoveryOptions,
  out: RecoveryOut,
): void {
  const { notAssessable, noData } = LAND_STATE;
  const { fvc, state, nPixels, reference, perPixel, years, timeOf } = stack;
  const end = years[endAt]!;
  out.disturbedUntil[k] = end;
  for (let t = endAt + 1, at = t * nPixels + pixel; t < again; t++, at += nPixels) {
    if (state[at] !== notAssessable && fvc[at]! >= TARGET_SHARE * reference[perPixel ? pixel : t]!) {
      out.y2r[k] = years[t]! - end;
      break;
    }
  }
  const then = fvc[endAt * nPixels + pixel]!;
  const later = stack.valueIn(end + LATER, pixel);
  if (later === later) {
    const laterAt = timeOf[end + LATER - years[0]!]!;
    if (state[laterAt * nPixels + pixel] !== notAssessable) {
      out.r80p[k] = later / (TARGET_SHARE * reference[perPixel ? pixel : laterAt]!);
    }
    out.yryr[k] = (later - then) / LATER;
  }
  // The years before end with the first of the low years that made the land count as disturbed.
  let lowFrom = began;
  for (let t = timeOf[began - years[0]!]! - 1, left = disturbedYears - 1; t >= 0 && left > 0; t--) {
    const at = t * nPixels + pixel;
    if (state[at] === noData || state[at] === notAssessable) continue;
    if (!(fvc[at]! <= disturbedBelow * reference[perPixel ? pixel : t]!)) break;
    lowFrom = years[t]!;
    left--;
  }
  const drop = eitherMean(stack.valueIn(lowFrom - 1, pixel), stack.valueIn(lowFrom - 2, pixel)) - then;
  const best = eitherMax(stack.valueIn(end + LATER - 1, pixel), later);
  if (drop >= LEAST_DROP) out.rri[k] = (best - then) / drop;
}

function eitherMean(a: number, b: number): number {
  if (a !== a) return b;
  return b !== b ? a : (a + b) / 2;
}

function eitherMax(a: number, b: number): number {
  if (a !== a) return b;
  return b !== b || a >= b ? a : b;
}
