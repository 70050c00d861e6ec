/**
 * The land states of one tile, and the patches of disturbed land that are too small to count.
 *
 * A patch may cross many tiles. So each tile is labelled by itself first ({@link patchTask}); the pipeline joins the patches
 * that touch the tiles' edges; and the series pass, which labels its tile again in the same way, is told which of these stay.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { labelPatches, type Neighbours } from '../kernels/patches.ts';
import { LAND_STATE, landStates, medianReference, type StateOut } from '../kernels/states.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { PatchResult, PatchTask, SeriesTask, TilePatches } from './contract.ts';
import { applyCover } from './refine.ts';
import { reusable } from '../raster/reusable.ts';
import { annualValuesOf } from './scratch.ts';

/** States and what they were held against. */
export interface TileStates extends StateOut {
  reference: Float64Array;
  referencePer: 'pixel' | 'year';
}

/** What the states of some pixels are made of. */
type StatesTask = Pick<SeriesTask, 'scratch' | 'years' | 'baseline' | 'states'>;

// Of a whole tile, and of a block of pixels that are gathered from it.
const tileArrays = {
  state: reusable(Uint8Array),
  disturbedYear: reusable(Uint16Array),
  recoveredYear: reusable(Uint16Array),
};
const tileReference = reusable(Float64Array);
const blockArrays = {
  state: reusable(Uint8Array),
  disturbedYear: reusable(Uint16Array),
  recoveredYear: reusable(Uint16Array),
};
const blockReference = reusable(Float64Array);
const blockCover = reusable(Float32Array);

/** Arrays for the states of so many pixels. */
function arraysFor(
  task: StatesTask,
  nPixels: number,
  arrays: typeof tileArrays,
  reference: typeof tileReference,
): TileStates {
  return {
    state: arrays.state(task.scratch.nTimes * nPixels),
    disturbedYear: arrays.disturbedYear(nPixels),
    recoveredYear: arrays.recoveredYear(nPixels),
    ...(task.baseline.kind === 'years'
      ? { reference: reference(nPixels), referencePer: 'pixel' }
      : { reference: task.baseline.perYear, referencePer: 'year' }),
  };
}

/** Fills the states of some pixels. */
function fillStates({ scratch, years, baseline, states }: StatesTask, fvc: Float32Array, out: TileStates): void {
  const { nTimes } = scratch;
  const nPixels = out.disturbedYear.length;
  if (baseline.kind === 'years') medianReference(fvc, nTimes, nPixels, baseline.from, baseline.to, out.reference);
  landStates(fvc, nTimes, nPixels, out.reference, out.referencePer, years, states, out);
}

/**
 * States of a tile before small patches are taken out. They lie in arrays that the next call uses again.
 *
 * @param fvc Cover in [time][pixel] order.
 */
export function statesOfTile(task: StatesTask, fvc: Float32Array, nPixels: number): TileStates {
  const out = arraysFor(task, nPixels, tileArrays, tileReference);
  fillStates(task, fvc, out);
  return out;
}

/**
 * As {@link statesOfTile}, of the pixels of the zones only, for runs that look at nothing else. What stands at the other
 * pixels has no meaning. The pixels are gathered by blocks: those of several zones are worked out as often.
 */
export function statesOfZones(
  task: StatesTask,
  fvc: Float32Array,
  nPixels: number,
  zones: readonly Pick<ZoneSlice, 'index'>[],
): TileStates {
  const { nTimes } = task.scratch;
  const out = arraysFor(task, nPixels, tileArrays, tileReference);
  for (const { index } of zones) {
    for (let from = 0; from < index.length; from += BLOCK) {
      const places = index.subarray(from, from + BLOCK);
      const n = places.length;
      const cover = blockCover(nTimes * n);
      for (let t = 0; t < nTimes; t++) gather(fvc, t * nPixels, places, cover, t * n);
      const block = arraysFor(task, n, blockArrays, blockReference);
      fillStates(task, cover, block);
      for (let t = 0; t < nTimes; t++) scatterStates(block.state, t * n, places, out.state, t * nPixels);
      scatterYears(block.disturbedYear, places, out.disturbedYear);
      scatterYears(block.recoveredYear, places, out.recoveredYear);
      if (out.referencePer === 'pixel') scatterReference(block.reference, places, out.reference);
    }
  }
  return out;
}

/** Pixels that are gathered at a time: each block is a call of the functions below, so that their loops are compiled once. */
const BLOCK = 4096;

function gather(values: Float32Array, first: number, places: Uint32Array, out: Float32Array, to: number): void {
  for (let k = 0; k < places.length; k++) out[to + k] = values[first + places[k]!]!;
}

function scatterStates(values: Uint8Array, from: number, places: Uint32Array, out: Uint8Array, first: number): void {
  for (let k = 0; k < places.length; k++) out[first + places[k]!] = values[from + k]!;
}

// Each with an array type of its own: a loop that sees several is slower, and compiled for each of them.
function scatterYears(values: Uint16Array, places: Uint32Array, out: Uint16Array): void {
  for (let k = 0; k < places.length; k++) out[places[k]!] = values[k]!;
}

function scatterReference(values: Float64Array, places: Uint32Array, out: Float64Array): void {
  for (let k = 0; k < places.length; k++) out[places[k]!] = values[k]!;
}

/** Finds the patches of one tile that touch its edges. */
export function patchTask(task: PatchTask): PatchResult {
  const { tile, scratch, neighbours } = task;
  const nPixels = tile.width * tile.height;
  const values = annualValuesOf(scratch, tile);
  applyCover(values, task.cover);
  const { disturbedYear } = statesOfTile(task, values, nPixels);
  return { patches: edgePatches(everDisturbed(disturbedYear), tile, neighbours).onEdge };
}

/** The land that was disturbed at any time: a patch is what hangs together in this. */
function everDisturbed(disturbedYear: Uint16Array): Uint8Array {
  const mask = new Uint8Array(disturbedYear.length);
  for (let i = 0; i < mask.length; i++) if (disturbedYear[i] !== 0) mask[i] = 1;
  return mask;
}

/** Labels of a tile, and the patches on its edges by a number of their own: 1 … n by ascending label. */
interface LabelledTile {
  labels: Int32Array;
  cells: Int32Array;
  /** By label: the number on the edge, 0 for patches inside. */
  edgeNumber: Int32Array;
  onEdge: TilePatches | null;
}

/** Labels the patches of a tile and gathers those on its edges. */
export function edgePatches(
  mask: Uint8Array,
  { width, height }: Pick<Window, 'width' | 'height'>,
  neighbours: Neighbours,
): LabelledTile {
  const labels = new Int32Array(mask.length);
  const cells = labelPatches(mask, width, height, neighbours, labels);
  const edgeNumber = new Int32Array(cells.length);
  const last = (height - 1) * width;
  // Cells along the edges. A tile has few of them: a number fits 16 bits.
  const along = (length: number, at: (k: number) => number) => Array.from({ length }, (_, k) => labels[at(k)]!);
  const edges = {
    top: along(width, (k) => k),
    bottom: along(width, (k) => last + k),
    left: along(height, (k) => k * width),
    right: along(height, (k) => k * width + width - 1),
  };
  for (const edge of Object.values(edges)) for (const label of edge) edgeNumber[label] = label;
  const sizes: number[] = [0];
  for (let label = 1; label < cells.length; label++) {
    if (edgeNumber[label] === 0) continue;
    edgeNumber[label] = sizes.length;
    sizes.push(cells[label]!);
  }
  if (sizes.length === 1) return { labels, cells, edgeNumber, onEdge: null };
  const numbers = (edge: number[]) => Uint16Array.from(edge, (label) => edgeNumber[label]!);
  const { top, bottom, left, right } = edges;
  const onEdge = {
    cells: Int32Array.from(sizes),
    top: numbers(top),
    bottom: numbers(bottom),
    left: numbers(left),
    right: numbers(right),
  };
  return { labels, cells, edgeNumber, onEdge };
}

/**
 * Takes the patches that are too small out of the states, in place: their land was never disturbed.
 *
 * @param sieve `kept` by number on the tile's edge: 1 where the whole patch is large enough.
 */
export function sieveStates(found: StateOut, tile: Window, sieve: NonNullable<SeriesTask['sieve']>): void {
  const { state, disturbedYear, recoveredYear } = found;
  const nPixels = disturbedYear.length;
  const { labels, cells, edgeNumber } = edgePatches(everDisturbed(disturbedYear), tile, sieve.neighbours);
  for (let i = 0; i < nPixels; i++) {
    const label = labels[i]!;
    if (label === 0) continue;
    const number = edgeNumber[label]!;
    if (number === 0 ? cells[label]! >= sieve.cells : sieve.kept[number] === 1) continue;
    disturbedYear[i] = 0;
    recoveredYear[i] = 0;
    for (let at = i; at < state.length; at += nPixels) {
      if (state[at] !== LAND_STATE.notAssessable && state[at] !== LAND_STATE.noData) state[at] = LAND_STATE.undisturbed;
    }
  }
}
