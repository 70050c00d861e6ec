/**
 * The story of a zone's land as exact sums: from which state to which between two years, what became of the land that was
 * first disturbed in each year, and the recovery metrics.
 *
 * Most of these sums are nothing, so a tile passes on those that are not, by key. As in ./zone-sums.ts they are whole numbers:
 * units of area, below 2^53 in a tile. Units × metric could be more, and are passed on in two parts.
 * @module
 */
import { nearestWhole } from '../geo/nearest-whole.ts';
import type { RecoveryOut } from '../kernels/recovery-metrics.ts';
import type { ZoneSlice } from '../vector/weights.ts';

/** States in the order of the transition matrix: their codes, and no data last. */
export const STATE_NAMES = [
  'not assessable',
  'undisturbed',
  'disturbed',
  'recovering',
  'recovered',
  'no data',
] as const;
const N_STATES = STATE_NAMES.length;
const NO_DATA_PLACE = N_STATES - 1;

/** Metrics that are summed, in this order. */
export const METRICS = [
  'magnitude',
  'yearsToRecovery',
  'y2r',
  'r80p',
  'yryr',
  'rri',
] as const satisfies readonly (keyof RecoveryOut)[];

/** A sum of units × value is high · 2^32 + low. In a tile of 2^18 cells both stay below 2^53, whatever the metric. */
export const HIGH_PART = 2 ** 32;

/** Which sum has which key. */
export interface LandLayout {
  /** By pair of years, states of the first and of the second. */
  transition(pair: number, from: number, to: number): number;
  /** By year of the first disturbance, year, and state in it. */
  cohort(began: number, time: number, state: number): number;
  /** By year of the first disturbance and of the first recovery. */
  recovery(began: number, recovered: number): number;
  /** By metric: units that have it, and both parts of units × value. */
  metric(metric: number, part: 0 | 1 | 2): number;
  /** Land that was disturbed in any year. */
  disturbed: number;
  /** Number of keys. */
  length: number;
}

/** The layout for so many years of cohorts (0: cohorts are not wanted) and pairs of years. */
export function landLayout(nTimes: number, nPairs: number): LandLayout {
  const cohorts = nPairs * N_STATES * N_STATES;
  const recoveries = cohorts + nTimes * nTimes * N_STATES;
  const metrics = recoveries + nTimes * nTimes;
  return {
    transition: (pair, from, to) => (pair * N_STATES + from) * N_STATES + to,
    cohort: (began, time, state) => cohorts + (began * nTimes + time) * N_STATES + state,
    recovery: (began, recovered) => recoveries + began * nTimes + recovered,
    metric: (metric, part) => metrics + 3 * metric + part,
    disturbed: metrics + 3 * METRICS.length,
    length: metrics + 3 * METRICS.length + 1,
  };
}

/** The sums of one zone in one tile that are not 0. */
export interface LandSums {
  zone: number;
  keys: Float64Array;
  values: Float64Array;
}

/** What is summed; states in [time][pixel] order. */
export interface LandTile {
  nTimes: number;
  nPixels: number;
  years: ArrayLike<number>;
  states: Uint8Array;
  disturbedYear: Uint16Array;
  recoveredYear: Uint16Array;
  /** Metrics of some pixels, in their order; the next call may use the arrays again. */
  metricsOf: (pixels: Uint32Array) => RecoveryOut;
  /** Indexes of the years between which land is followed. */
  pairs: readonly (readonly [from: number, to: number])[];
  /** Whether cohorts are summed. */
  cohorts: boolean;
}

/** Sums the zones of one tile. */
export function sumLand(zones: readonly ZoneSlice[], tile: LandTile): LandSums[] {
  const layout = landLayout(tile.cohorts ? tile.nTimes : 0, tile.pairs.length);
  const times = timesByYear(tile.years);
  const sums = new Float64Array(layout.length);
  return zones.map(({ zone, index, weight }) => {
    sums.fill(0);
    for (let from = 0; from < index.length; from += LAND_BLOCK) {
      const to = from + LAND_BLOCK;
      sumBlock(index.subarray(from, to), weight.subarray(from, to), tile, layout, times, sums);
    }
    return { zone, ...withoutZeros(sums) };
  });
}

/**
 * Cells of a zone that are taken at a time: their numbers stay in the cache meanwhile, and each block is a call, so that the
 * loops are compiled once. What is taken from the tile is passed on piece by piece: code that was compiled for an object
 * literal is thrown away when the literal is made a second time.
 */
export const LAND_BLOCK = 1024;

function sumBlock(
  index: Uint32Array,
  weight: Float64Array,
  tile: LandTile,
  layout: LandLayout,
  times: Int32Array,
  sums: Float64Array,
): void {
  const { nTimes, nPixels, states, disturbedYear, recoveredYear, pairs } = tile;
  for (let pair = 0; pair < pairs.length; pair++) {
    const [from, to] = pairs[pair]!;
    addTransitions(index, weight, states, from * nPixels, to * nPixels, sums, layout.transition(pair, 0, 0));
  }
  const n = takeDisturbed(index, weight, disturbedYear, sums, layout.disturbed);
  if (n === 0) return;
  if (tile.cohorts) {
    addRecoveries(n, nTimes, disturbedYear, recoveredYear, times, sums, layout.recovery(0, 0));
    for (let t = 0; t < nTimes; t++) addCohorts(n, nTimes, t, states, t * nPixels, sums, layout.cohort(0, t, 0));
  }
  const metrics = tile.metricsOf(pixels.subarray(0, n));
  for (let k = 0; k < METRICS.length; k++) {
    const name = METRICS[k]!;
    if (name === 'yearsToRecovery' || name === 'y2r') addYears(n, metrics[name], sums, layout.metric(k, 0));
    else addValues(n, metrics[name], sums, layout.metric(k, 0));
  }
}

/** Of the cells of a block that were disturbed in any year: their pixels and weights. */
const pixels = new Uint32Array(LAND_BLOCK);
const weights = new Float64Array(LAND_BLOCK);
/** And the times of their first disturbance. */
const beganAt = new Int32Array(LAND_BLOCK);

function addTransitions(
  index: Uint32Array,
  weight: Float64Array,
  states: Uint8Array,
  beforeAt: number,
  afterAt: number,
  sums: Float64Array,
  base: number,
): void {
  for (let k = 0; k < index.length; k++) {
    const pixel = index[k]!;
    const before = Math.min(states[beforeAt + pixel]!, NO_DATA_PLACE);
    const after = Math.min(states[afterAt + pixel]!, NO_DATA_PLACE);
    sums[base + before * N_STATES + after]! += weight[k]!;
  }
}

/** Takes the cells that were disturbed in any year, and adds their land. @returns How many there are. */
function takeDisturbed(
  index: Uint32Array,
  weight: Float64Array,
  disturbedYear: Uint16Array,
  sums: Float64Array,
  at: number,
): number {
  let n = 0;
  let units = 0;
  for (let k = 0; k < index.length; k++) {
    const isDisturbed = +(disturbedYear[index[k]!] !== 0);
    // Written over by the next one if it was not.
    pixels[n] = index[k]!;
    weights[n] = weight[k]!;
    n += isDisturbed;
    units += weight[k]! * isDisturbed;
  }
  sums[at]! += units;
  return n;
}

/** Takes the times of the first disturbances, and adds the recoveries. */
function addRecoveries(
  n: number,
  nTimes: number,
  disturbedYear: Uint16Array,
  recoveredYear: Uint16Array,
  times: Int32Array,
  sums: Float64Array,
  base: number,
): void {
  for (let k = 0; k < n; k++) {
    const pixel = pixels[k]!;
    const began = times[disturbedYear[pixel]!]!;
    beganAt[k] = began;
    const recovered = recoveredYear[pixel]!;
    if (recovered !== 0) sums[base + began * nTimes + times[recovered]!]! += weights[k]!;
  }
}

/** Adds the states of a year of the land that was first disturbed by then. @param first Where the year begins in the states. */
function addCohorts(
  n: number,
  nTimes: number,
  time: number,
  states: Uint8Array,
  first: number,
  sums: Float64Array,
  base: number,
): void {
  for (let k = 0; k < n; k++) {
    const began = beganAt[k]!;
    if (began > time) continue;
    const place = Math.min(states[first + pixels[k]!]!, NO_DATA_PLACE);
    sums[base + began * nTimes * N_STATES + place]! += weights[k]!;
  }
}

/** Adds units of the land that has a metric, and units × metric in two parts. */
function addValues(n: number, values: Float32Array, sums: Float64Array, at: number): void {
  let units = 0;
  let highs = 0;
  let lows = 0;
  for (let k = 0; k < n; k++) {
    const value = values[k]!;
    if (value !== value) continue;
    const product = nearestWhole(weights[k]! * value);
    const high = Math.floor(product / HIGH_PART);
    units += weights[k]!;
    highs += high;
    lows += product - high * HIGH_PART;
  }
  sums[at]! += units;
  sums[at + 1]! += highs;
  sums[at + 2]! += lows;
}

/** As {@link addValues} for counts of years, which are 0 where there is none. Apart, so that each loop sees one array type. */
function addYears(n: number, values: Uint16Array, sums: Float64Array, at: number): void {
  let units = 0;
  let highs = 0;
  let lows = 0;
  for (let k = 0; k < n; k++) {
    const product = weights[k]! * values[k]!;
    const high = Math.floor(product / HIGH_PART);
    units += values[k] === 0 ? 0 : weights[k]!;
    highs += high;
    lows += product - high * HIGH_PART;
  }
  sums[at]! += units;
  sums[at + 1]! += highs;
  sums[at + 2]! += lows;
}

/** The index of each calendar year. */
function timesByYear(years: ArrayLike<number>): Int32Array {
  const out = new Int32Array(years[years.length - 1]! + 1);
  for (let t = 0; t < years.length; t++) out[years[t]!] = t;
  return out;
}

/** The sums that are not 0, and their keys. */
function withoutZeros(sums: Float64Array): { keys: Float64Array; values: Float64Array } {
  const used: number[] = [];
  for (let key = 0; key < sums.length; key++) if (sums[key] !== 0) used.push(key);
  const keys = Float64Array.from(used);
  return { keys, values: keys.map((key) => sums[key]!) };
}
