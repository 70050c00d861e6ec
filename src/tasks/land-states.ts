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
import type { PatchResult, PatchTask, SeriesTask, TilePatches } from './contract.ts';
import { applyCover } from './refine.ts';
import { readAnnualValues } from './scratch.ts';

/** States and what they were held against. */
export interface TileStates extends StateOut {
  reference: Float64Array;
  referencePer: 'pixel' | 'year';
}

/** States of a tile before small patches are taken out. @param fvc Cover in [time][pixel] order. */
export function statesOfTile(
  task: Pick<SeriesTask, 'scratch' | 'years' | 'baseline' | 'states'>,
  fvc: Float32Array,
  nPixels: number,
): TileStates {
  const nTimes = task.scratch.nTimes;
  const out = {
    state: new Uint8Array(nTimes * nPixels),
    disturbedYear: new Uint16Array(nPixels),
    recoveredYear: new Uint16Array(nPixels),
  };
  let reference: Float64Array;
  if (task.baseline.kind === 'years') {
    reference = new Float64Array(nPixels);
    medianReference(fvc, nTimes, nPixels, task.baseline.from, task.baseline.to, reference);
  } else {
    reference = task.baseline.perYear;
  }
  const referencePer = task.baseline.kind === 'years' ? 'pixel' : 'year';
  landStates(fvc, nTimes, nPixels, reference, referencePer, task.years, task.states, out);
  return { ...out, reference, referencePer };
}

/**
 * As {@link statesOfTile}, of some pixels of the tile only, for runs that look at nothing else. What stands at the other
 * pixels has no meaning.
 *
 * @param wanted 1 where the states are wanted, row-major over the tile.
 */
export function statesOfPixels(
  task: Pick<SeriesTask, 'scratch' | 'years' | 'baseline' | 'states'>,
  fvc: Float32Array,
  wanted: Uint8Array,
): TileStates {
  const nTimes = task.scratch.nTimes;
  const nPixels = wanted.length;
  const places = placesOf(wanted);
  const count = places.length;
  const gathered = new Float32Array(nTimes * count);
  for (let t = 0; t < nTimes; t++) gather(fvc, t * nPixels, places, gathered, t * count);
  const found = statesOfTile(task, gathered, count);
  const out: TileStates = {
    state: new Uint8Array(nTimes * nPixels),
    disturbedYear: new Uint16Array(nPixels),
    recoveredYear: new Uint16Array(nPixels),
    reference: found.referencePer === 'year' ? found.reference : new Float64Array(nPixels),
    referencePer: found.referencePer,
  };
  for (let t = 0; t < nTimes; t++) scatter(found.state, t * count, places, out.state, t * nPixels);
  scatter(found.disturbedYear, 0, places, out.disturbedYear, 0);
  scatter(found.recoveredYear, 0, places, out.recoveredYear, 0);
  if (found.referencePer === 'pixel') scatter(found.reference, 0, places, out.reference, 0);
  return out;
}

/** The pixels that are wanted, ascending. */
function placesOf(wanted: Uint8Array): Uint32Array {
  const places = new Uint32Array(wanted.length);
  let count = 0;
  for (let i = 0; i < wanted.length; i++) if (wanted[i] === 1) places[count++] = i;
  return places.subarray(0, count);
}

function gather(values: Float32Array, first: number, places: Uint32Array, out: Float32Array, to: number): void {
  for (let k = 0; k < places.length; k++) out[to + k] = values[first + places[k]!]!;
}

function scatter<T extends Uint8Array | Uint16Array | Float64Array>(
  values: T,
  from: number,
  places: Uint32Array,
  out: T,
  first: number,
): void {
  for (let k = 0; k < places.length; k++) out[first + places[k]!] = values[from + k]!;
}

/** Finds the patches of one tile that touch its edges. */
export function patchTask(task: PatchTask): PatchResult {
  const { tile, scratch, neighbours } = task;
  const nPixels = tile.width * tile.height;
  const values = new Float32Array(nPixels * scratch.nTimes);
  readAnnualValues(scratch, tile, values);
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
