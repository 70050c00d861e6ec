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
import { LAND_STATE } from '../kernels/states.ts';
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
  /** Metrics of some pixels, in their order. */
  metricsOf: (pixels: Uint32Array) => RecoveryOut;
  /** Indexes of the years between which land is followed. */
  pairs: readonly (readonly [from: number, to: number])[];
  /** Whether cohorts are summed. */
  cohorts: boolean;
}

/** Sums the zones of one tile. */
export function sumLand(zones: readonly ZoneSlice[], tile: LandTile): LandSums[] {
  const layout = landLayout(tile.cohorts ? tile.nTimes : 0, tile.pairs.length);
  const sums = new Float64Array(layout.length);
  return zones.map((slice) => sumSlice(slice, tile, layout, sums));
}

function sumSlice(slice: ZoneSlice, tile: LandTile, layout: LandLayout, sums: Float64Array): LandSums {
  sums.fill(0);
  addTransitions(slice, tile, sums);
  const disturbed = disturbedPart(slice, tile.disturbedYear);
  for (const units of disturbed.weight) sums[layout.disturbed]! += units;
  if (tile.cohorts) addCohorts(disturbed, tile, layout, sums);
  const metrics = tile.metricsOf(disturbed.index);
  for (const [k, name] of METRICS.entries()) {
    const at = layout.metric(k, 0);
    if (name === 'yearsToRecovery' || name === 'y2r') addYears(disturbed.weight, metrics[name], sums, at);
    else addValues(disturbed.weight, metrics[name], sums, at);
  }
  const keys: number[] = [];
  for (let key = 0; key < sums.length; key++) if (sums[key] !== 0) keys.push(key);
  return { zone: slice.zone, keys: Float64Array.from(keys), values: Float64Array.from(keys, (key) => sums[key]!) };
}

/** Cells of a zone, and their weights. */
type Part = Pick<ZoneSlice, 'index' | 'weight'>;

/** The part of a zone that was disturbed in any year. */
function disturbedPart({ index, weight }: ZoneSlice, disturbedYear: Uint16Array): Part {
  const part = { index: new Uint32Array(index.length), weight: new Float64Array(index.length) };
  let n = 0;
  for (let k = 0; k < index.length; k++) {
    if (disturbedYear[index[k]!] === 0) continue;
    part.index[n] = index[k]!;
    part.weight[n++] = weight[k]!;
  }
  return { index: part.index.subarray(0, n), weight: part.weight.subarray(0, n) };
}

function addTransitions({ index, weight }: ZoneSlice, { states, nPixels, pairs }: LandTile, sums: Float64Array): void {
  for (let pair = 0; pair < pairs.length; pair++) {
    const [from, to] = pairs[pair]!;
    const base = pair * N_STATES * N_STATES;
    const [fromAt, toAt] = [from * nPixels, to * nPixels];
    for (let k = 0; k < index.length; k++) {
      const pixel = index[k]!;
      const before = Math.min(states[fromAt + pixel]!, NO_DATA_PLACE);
      const after = Math.min(states[toAt + pixel]!, NO_DATA_PLACE);
      sums[base + before * N_STATES + after]! += weight[k]!;
    }
  }
}

function addCohorts({ index, weight }: Part, tile: LandTile, layout: LandLayout, sums: Float64Array): void {
  const { nTimes, nPixels, years, states, disturbedYear, recoveredYear } = tile;
  const times = timesByYear(years);
  const firstYear = years[0]!;
  const firstCohort = layout.cohort(0, 0, 0);
  const firstRecovery = layout.recovery(0, 0);
  for (let k = 0; k < index.length; k++) {
    const pixel = index[k]!;
    const units = weight[k]!;
    const began = times[disturbedYear[pixel]! - firstYear]!;
    let key = firstCohort + began * (nTimes + 1) * N_STATES;
    for (let t = began, at = began * nPixels + pixel; t < nTimes; t++, at += nPixels, key += N_STATES) {
      const code = states[at]!;
      sums[key + (code === LAND_STATE.noData ? NO_DATA_PLACE : code)]! += units;
    }
    const recovered = recoveredYear[pixel]!;
    if (recovered !== 0) sums[firstRecovery + began * nTimes + times[recovered - firstYear]!]! += units;
  }
}

/** Units of the land that has a metric, and units × metric in two parts. */
function addValues(weight: Float64Array, values: Float32Array, sums: Float64Array, at: number): void {
  let units = 0;
  let highs = 0;
  let lows = 0;
  for (let k = 0; k < weight.length; k++) {
    const value = values[k]!;
    if (value !== value) continue;
    units += weight[k]!;
    const product = nearestWhole(weight[k]! * value);
    const high = Math.floor(product / HIGH_PART);
    highs += high;
    lows += product - high * HIGH_PART;
  }
  sums[at] = units;
  sums[at + 1] = highs;
  sums[at + 2] = lows;
}

/** As {@link addValues} for counts of years, which are 0 where there is none. Apart, so that each loop sees one array type. */
function addYears(weight: Float64Array, values: Uint16Array, sums: Float64Array, at: number): void {
  let units = 0;
  let highs = 0;
  let lows = 0;
  for (let k = 0; k < weight.length; k++) {
    const value = values[k]!;
    if (value === 0) continue;
    units += weight[k]!;
    const product = weight[k]! * value;
    const high = Math.floor(product / HIGH_PART);
    highs += high;
    lows += product - high * HIGH_PART;
  }
  sums[at] = units;
  sums[at + 1] = highs;
  sums[at + 2] = lows;
}

/** Index of each calendar year from the first on. */
function timesByYear(years: ArrayLike<number>): Int32Array {
  const out = new Int32Array(years[years.length - 1]! - years[0]! + 1);
  for (let t = 0; t < years.length; t++) out[years[t]! - years[0]!] = t;
  return out;
}
