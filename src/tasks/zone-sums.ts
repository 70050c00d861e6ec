/**
 * Hectares and means of a zone as exact sums, so that tiles can be added in any order.
 *
 * A weight is a whole number of area units, at most 2^32 (see vector/weights.ts), and a tile has 2^18 pixels: every sum
 * below stays under 2^53 and is therefore exact.
 * @module
 */
import { nearestWhole } from '../geo/nearest-whole.ts';
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
export function sumZone(zone: ZoneSlice, tile: TileValues): Float64Array {
  const sums = new Float64Array(zoneSumsLength(tile.nTimes));
  const n = zone.index.length;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n);
    sumClasses(zone, from, to, tile.trendClass, sums);
    sumYears(zone, from, to, tile, sums);
    if (tile.states !== null) sumStates(zone, from, to, tile.states, tile.nTimes, tile.nPixels, sums);
  }
  return sums;
}

/**
 * Cells that are gone through year by year: their indexes and weights stay in the cache meanwhile. Each block is a call, so that
 * the loops are compiled once.
 */
const BLOCK = 1024;
/** By cell of a block: state in the last year that could be assessed. */
const stateBefore = new Uint8Array(BLOCK);
/** By state code: its place among a year's sums. */
const STATE_SLOTS = Uint8Array.from({ length: 256 }, (_, code) => (code === 255 ? NODATA_SLOT : STATE_SLOT + code));

/** By cell of a block: the upper part of its weight. */
const highs = new Float64Array(BLOCK);

function sumClasses(
  { index, weight }: ZoneSlice,
  from: number,
  to: number,
  trendClass: Uint8Array,
  sums: Float64Array,
): void {
  for (let k = from; k < to; k++) sums[classSlot(trendClass[index[k]!]!)]! += weight[k]!;
}

function sumYears({ index, weight }: ZoneSlice, from: number, to: number, tile: TileValues, sums: Float64Array): void {
  const { nTimes, nPixels, values, counts } = tile;
  for (let k = from; k < to; k++) highs[k - from] = Math.floor(weight[k]! / CLEAR_SPLIT);
  for (let t = 0; t < nTimes; t++) {
    const first = t * nPixels;
    let valid = 0;
    let sum = 0;
    let square = 0;
    let clearHigh = 0;
    let clearLow = 0;
    for (let k = from; k < to; k++) {
      const i = first + index[k]!;
      const w = weight[k]!;
      const count = counts[i]!;
      const high = highs[k - from]!;
      clearHigh += high * count;
      clearLow += (w - high * CLEAR_SPLIT) * count;
      const value = values[i]!;
      if (value !== value) continue;
      valid += w;
      sum += nearestWhole(w * value);
      square += nearestWhole(w * value * value);
    }
    const at = CLASS_SLOTS + t * N_YEAR_SLOTS;
    sums[at]! += valid;
    sums[at + 1]! += sum;
    sums[at + 2]! += square;
    sums[at + 3]! += clearHigh;
    sums[at + 4]! += clearLow;
  }
}

/**
 * Hectares by state of some cells of a zone. Newly disturbed: disturbed now, and undisturbed or recovered in the last year
 * with data; newly recovered: recovered now and not so in the last year with data. Nothing is new in a pixel's first year with
 * data.
 */
function sumStates(
  { index, weight }: ZoneSlice,
  from: number,
  to: number,
  states: Uint8Array,
  nTimes: number,
  nPixels: number,
  sums: Float64Array,
): void {
  stateBefore.fill(255);
  for (let t = 0; t < nTimes; t++) {
    const first = t * nPixels;
    const at = CLASS_SLOTS + t * N_YEAR_SLOTS;
    for (let k = from; k < to; k++) {
      const state = states[first + index[k]!]!;
      const w = weight[k]!;
      sums[at + STATE_SLOTS[state]!]! += w;
      // A year that cannot be assessed is passed over, as it is where the states are made.
      if (state === 0 || state === 255) continue;
      const before = stateBefore[k - from]!;
      if (state === before) continue;
      if (state === 2 && (before === 1 || before === 4)) sums[at + NEWLY_DISTURBED_SLOT]! += w;
      if (state === 4 && before !== 255) sums[at + NEWLY_RECOVERED_SLOT]! += w;
      stateBefore[k - from] = state;
    }
  }
}
