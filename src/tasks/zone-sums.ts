/**
 * Hectares and means of a zone as exact sums, so that tiles can be added in any order.
 *
 * A weight is a whole number of area units, at most 2^32 (see vector/weights.ts), and a tile has 2^18 pixels: every sum
 * below stays under 2^53 and is therefore exact.
 * @module
 */
import { nearestWhole } from '../geo/nearest-whole.ts';
import { LAND_STATE } from '../kernels/states.ts';
import type { ZoneSlice } from '../vector/weights.ts';

/** Trend class codes 0…9 keep their number; no data (255) comes last. */
export const CLASS_SLOTS = 11;
/** Sums per year, in this order. */
export const YEAR_SLOTS = [
  'valid',
  'value',
  'valueSquared',
  'clearHigh',
  'clearLow',
  'notAssessable',
  'undisturbed',
  'disturbed',
  'recovering',
  'recovered',
  'nodata',
  'newlyDisturbed',
  'newlyRecovered',
] as const;
export type YearSlot = (typeof YEAR_SLOTS)[number];
const N_YEAR_SLOTS = YEAR_SLOTS.length;
const STATE_SLOT = YEAR_SLOTS.indexOf('notAssessable');
const NODATA_SLOT = YEAR_SLOTS.indexOf('nodata');
const NEWLY_DISTURBED_SLOT = YEAR_SLOTS.indexOf('newlyDisturbed');
const NEWLY_RECOVERED_SLOT = YEAR_SLOTS.indexOf('newlyRecovered');
/** clear observations are summed in two halves of the weight: a product of weight and count could pass 2^53. */
export const CLEAR_SPLIT = 65536;

/** Length of a zone's sums. */
export function zoneSumsLength(nTimes: number): number {
  return CLASS_SLOTS + nTimes * N_YEAR_SLOTS;
}

/** Place of a class code in a zone's sums. */
export function classSlot(code: number): number {
  return code === 255 ? CLASS_SLOTS - 1 : code;
}

/** Place of a year's sum in a zone's sums. */
export function yearSlot(time: number, slot: YearSlot): number {
  return CLASS_SLOTS + time * N_YEAR_SLOTS + YEAR_SLOTS.indexOf(slot);
}

/** The maps of one tile that zones are summed over; all [time][pixel] but the class. */
export interface TileValues {
  nTimes: number;
  nPixels: number;
  trendClass: Uint8Array;
  /** FVC, or the index where the run makes no FVC; NaN no data. */
  values: Float32Array;
  counts: Uint16Array;
  /** Null where the run makes no states. */
  states: Uint8Array | null;
}

/**
 * Sums one zone over one tile: units of area by class, and per year units with data, units × value, units × value²,
 * units × clear observations, units by state.
 */
export function sumZone({ index, weight }: ZoneSlice, tile: TileValues): Float64Array {
  const sums = new Float64Array(zoneSumsLength(tile.nTimes));
  for (let from = 0; from < index.length; from += BLOCK) {
    sumBlock(index.subarray(from, from + BLOCK), weight.subarray(from, from + BLOCK), tile, sums);
  }
  return sums;
}

/**
 * Cells that are gone through year by year: their indexes and weights stay in the cache meanwhile. Each year of a block is a
 * call, so that the loops are compiled once.
 */
const BLOCK = 1024;
/** By cell of a block: the upper part of its weight. */
const highs = new Float64Array(BLOCK);

function sumBlock(index: Uint32Array, weight: Float64Array, tile: TileValues, sums: Float64Array): void {
  const { nTimes, nPixels, trendClass, values, counts, states } = tile;
  sumClasses(index, weight, trendClass, sums);
  splitWeights(weight);
  placeBefore.fill(NO_DATA_PLACE);
  for (let t = 0, at = CLASS_SLOTS; t < nTimes; t++, at += N_YEAR_SLOTS) {
    sumYear(index, weight, values, counts, t * nPixels, sums, at);
    if (states !== null) sumStates(index, weight, states, t * nPixels, sums, at);
  }
}

function sumClasses(index: Uint32Array, weight: Float64Array, trendClass: Uint8Array, sums: Float64Array): void {
  for (let k = 0; k < index.length; k++) sums[classSlot(trendClass[index[k]!]!)]! += weight[k]!;
}

function splitWeights(weight: Float64Array): void {
  for (let k = 0; k < weight.length; k++) highs[k] = Math.floor(weight[k]! / CLEAR_SPLIT);
}

/** Sums of a year that have no need of states. @param first Where the year begins in the arrays. @param at And its sums. */
function sumYear(
  index: Uint32Array,
  weight: Float64Array,
  values: Float32Array,
  counts: Uint16Array,
  first: number,
  sums: Float64Array,
  at: number,
): void {
  let valid = 0;
  let sum = 0;
  let square = 0;
  let clearHigh = 0;
  let clearLow = 0;
  for (let k = 0; k < index.length; k++) {
    const i = first + index[k]!;
    const w = weight[k]!;
    const count = counts[i]!;
    const high = highs[k]!;
    clearHigh += high * count;
    clearLow += (w - high * CLEAR_SPLIT) * count;
    const value = values[i]!;
    if (value !== value) continue;
    valid += w;
    sum += nearestWhole(w * value);
    square += nearestWhole(w * value * value);
  }
  sums[at]! += valid;
  sums[at + 1]! += sum;
  sums[at + 2]! += square;
  sums[at + 3]! += clearHigh;
  sums[at + 4]! += clearLow;
}

/** State codes 0…4 keep their number; no data (255) comes last. */
const NO_DATA_PLACE = NODATA_SLOT - STATE_SLOT;
const N_PLACES = NO_DATA_PLACE + 1;

/** By cell of a block: the place of the state in the last year that could be assessed; that of no data before the first. */
const placeBefore = new Uint8Array(BLOCK);

// By place before · N_PLACES + place now: what is new, 1 if it is, and the place before the next year. Tables, as what is rare
// would be compiled anew when it is first met.
const newlyDisturbed = new Uint8Array(N_PLACES * N_PLACES);
const newlyRecovered = new Uint8Array(N_PLACES * N_PLACES);
const placeAfter = new Uint8Array(N_PLACES * N_PLACES);
for (let before = 0; before < N_PLACES; before++) {
  for (let now = 0; now < N_PLACES; now++) {
    const at = before * N_PLACES + now;
    const { undisturbed, disturbed, recovered, notAssessable } = LAND_STATE;
    newlyDisturbed[at] = +(now === disturbed && (before === undisturbed || before === recovered));
    newlyRecovered[at] = +(now === recovered && before !== recovered && before !== NO_DATA_PLACE);
    // A year that cannot be assessed is passed over, as it is where the states are made.
    placeAfter[at] = now === notAssessable || now === NO_DATA_PLACE ? before : now;
  }
}

/**
 * Hectares by state of some cells of a zone in one year. Newly disturbed: disturbed now, and undisturbed or recovered in the
 * last year with data; newly recovered: recovered now and not so in the last year with data. Nothing is new in a pixel's first
 * year with data.
 */
function sumStates(
  index: Uint32Array,
  weight: Float64Array,
  states: Uint8Array,
  first: number,
  sums: Float64Array,
  at: number,
): void {
  let disturbed = 0;
  let recovered = 0;
  for (let k = 0; k < index.length; k++) {
    const place = Math.min(states[first + index[k]!]!, NO_DATA_PLACE);
    const w = weight[k]!;
    const change = placeBefore[k]! * N_PLACES + place;
    sums[at + STATE_SLOT + place]! += w;
    disturbed += w * newlyDisturbed[change]!;
    recovered += w * newlyRecovered[change]!;
    placeBefore[k] = placeAfter[change]!;
  }
  sums[at + NEWLY_DISTURBED_SLOT]! += disturbed;
  sums[at + NEWLY_RECOVERED_SLOT]! += recovered;
}
