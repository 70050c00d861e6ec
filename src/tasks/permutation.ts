/**
 * The permutation test over whole years, task by task: the cells of a tile, some shuffles, what stands, and the hectares.
 * The field lies in memory that all workers share.
 * @module
 */
import { fillCells, type PermutationField, type PermutationRule } from '../kernels/permutation-field.ts';
import {
  absoluteZ,
  findPatches,
  kendallOf,
  patchOf,
  patchWork,
  shuffledPlaces,
  shuffleExtremes,
  type ShuffleExtremes,
} from '../kernels/permutation-shuffles.ts';
import type { Window } from '../geo/window.ts';
import type { Legend } from '../kernels/trend.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { Scratch, SeriesTask } from './contract.ts';
import { isSignificant } from './field-sums.ts';
import { applyCover } from './refine.ts';
import { annualValuesOf } from './scratch.ts';
import { lessLevels } from './series-values.ts';
import { CLASS_SLOTS } from './zone-sums.ts';

/** Fills the cells of one tile. */
export interface PermutationCellsTask extends Pick<SeriesTask, 'cover' | 'trendOn' | 'levels'> {
  tile: Window;
  scratch: Scratch;
  /** The pixels of the tile that zones cover, and their numbers in the field. */
  pixels: Uint32Array;
  slots: Uint32Array;
  rule: PermutationRule;
  field: PermutationField;
}

/** Does the shuffles from ≤ number < to; 0 is the data. */
export interface ShufflesTask {
  field: PermutationField;
  seed: number;
  from: number;
  to: number;
}

/** Looks which cells stand. */
export interface VerdictsTask {
  field: PermutationField;
  /** What |Z| of a cell, and the cells of its patch, must be more than. */
  zAbove: number;
  patchAbove: number;
}

/** Bits of a verdict: the cell's |Z| stands, its patch stands. */
export const STANDS = { byMaximum: 1, byPatch: 2 } as const;

export interface VerdictsResult {
  /** By number in the field, of {@link STANDS}. */
  verdicts: Uint8Array;
  /** Cells with a test. */
  cells: number;
  patches: number;
  patchesStanding: number;
}

export interface PermutationCellsResult {
  cells: number;
}

/** Takes the values that the trend is tested on. */
export function permutationCellsTask(task: PermutationCellsTask): PermutationCellsResult {
  const { tile, scratch, cover, trendOn, levels, pixels, slots, rule, field } = task;
  const nPixels = tile.width * tile.height;
  let values = annualValuesOf(scratch, tile);
  if (trendOn === 'fvc') {
    applyCover(values, cover);
    if (levels !== null) values = lessLevels(values, levels, nPixels);
  }
  fillCells(values, nPixels, pixels, slots, rule, field);
  return { cells: pixels.length };
}

export function shufflesTask({ field, seed, from, to }: ShufflesTask): ShuffleExtremes {
  return shuffleExtremes(field, seed, from, to);
}

export function verdictsTask({ field, zAbove, patchAbove }: VerdictsTask): VerdictsResult {
  const { deviation } = field;
  const nCells = deviation.length;
  const s = new Int32Array(nCells);
  kendallOf(field, shuffledPlaces(field.nTimes, 0, 0), s);
  const work = patchWork(nCells);
  findPatches(field, s, work);
  const result: VerdictsResult = { verdicts: new Uint8Array(nCells), cells: 0, patches: 0, patchesStanding: 0 };
  for (let k = 0; k < nCells; k++) {
    if (deviation[k]! > 0) result.cells++;
    let verdict = absoluteZ(s[k]!, deviation[k]!) > zAbove ? STANDS.byMaximum : 0;
    if (work.sign[k] !== 0) {
      const first = patchOf(work, k);
      const stands = work.cells[first]! > patchAbove;
      if (stands) verdict |= STANDS.byPatch;
      result.patches += +(first === k);
      result.patchesStanding += +(first === k && stands);
    }
    result.verdicts[k] = verdict;
  }
  return result;
}

/** Units of area of each significant class that stand, by zone: see {@link standingSlot}. */
export interface PermutationSums {
  zone: number;
  values: Float64Array;
}

/** Length of a zone's sums. */
export const STANDING_LENGTH = 2 * CLASS_SLOTS;

/** Place of a class in a zone's sums. */
export function standingSlot(code: number, by: keyof typeof STANDS): number {
  return 2 * code + (by === 'byMaximum' ? 0 : 1);
}

/** Sums the land of significant classes that stands. @param verdicts Row-major over the tile. */
export function sumStanding(
  zones: readonly ZoneSlice[],
  trendClass: Uint8Array,
  legend: Legend,
  verdicts: Uint8Array,
): PermutationSums[] {
  const significant = Uint8Array.from({ length: 256 }, (_, code) => +isSignificant(code, legend));
  return zones.map(({ zone, index, weight }) => {
    const values = new Float64Array(STANDING_LENGTH);
    for (let k = 0; k < index.length; k++) {
      const code = trendClass[index[k]!]!;
      if (significant[code] === 0) continue;
      const verdict = verdicts[index[k]!]!;
      if ((verdict & STANDS.byMaximum) !== 0) values[standingSlot(code, 'byMaximum')]! += weight[k]!;
      if ((verdict & STANDS.byPatch) !== 0) values[standingSlot(code, 'byPatch')]! += weight[k]!;
    }
    return { zone, values };
  });
}
