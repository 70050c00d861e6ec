/**
 * The permutation test over whole years in a run: the cells of the zones in shared memory, shuffled by all workers.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { standsAbove } from '../kernels/permutation.ts';
import { fieldBytes, linkCells, pairWords, permutationField } from '../kernels/permutation-field.ts';
import { legendAlphas } from '../kernels/trend-classes.ts';
import type { Scratch, SeriesTask } from '../tasks/contract.ts';
import type { VerdictsResult } from '../tasks/permutation.ts';
import { tilesAcross, tileWindow } from '../tasks/scratch.ts';
import type { TrendOptions } from './options.ts';
import type { TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';
import type { PreparedZones } from './zones.ts';

/** Chance that anything stands where nothing trends. */
export const FIELD_ALPHA = 0.05;

/** The most that the cells may take in memory. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Words of pairs that all shuffles together may go through: about ten minutes of one processor. */
const MOST_WORDS = 1.2e11;
/** Of a task: about a second. */
const TASK_WORDS = 3e8;
/** Beside the field: a cell's pixel, slot and place, and what a worker needs to find patches. */
const CELL_BYTES = 16;
const WORKER_CELL_BYTES = 13;

/** What is shuffled, and how often. */
export interface PermutationPlan {
  permutations: number;
  seed: number;
  /** Cells that a zone covers, even in part. */
  cells: number;
}

/** Bytes that the test takes, with so many workers. */
export function permutationBytes({ cells }: PermutationPlan, nYears: number, workers: number): number {
  return fieldBytes(cells, nYears) + cells * (CELL_BYTES + Math.max(1, workers) * WORKER_CELL_BYTES);
}

/**
 * Plans the test; null where it is off.
 *
 * @throws {MineRsError} USAGE with a correction for serial correlation, and BAD_INPUT where it takes too much
 */
export function planPermutation(
  options: Pick<TrendOptions, 'permutations' | 'seed' | 'correction'>,
  zones: PreparedZones,
  grid: Grid,
  nYears: number,
): PermutationPlan | null {
  const { permutations, seed, correction } = options;
  if (permutations === 'off') return null;
  if (correction !== 'none') {
    const text = `--permutations ${permutations} shuffles years as if each were independent of the one before`;
    throw new MineRsError('USAGE', `${text}: leave out --correction ${correction}, or the permutations`);
  }
  const tiles = tilesAcross(grid.width) * tilesAcross(grid.height);
  let cells = 0;
  for (let k = 0; k < tiles; k++) {
    cells += coveredPixels(zones, tileWindow(grid.width, grid.height, k)).length;
  }
  checkSize(permutations, cells, nYears);
  return { permutations, seed, cells };
}

/** @throws {MineRsError} BAD_INPUT where so many cells take too much memory or time */
export function checkSize(permutations: number, cells: number, nYears: number): void {
  const count = (value: number) => Math.floor(value).toLocaleString('en-GB');
  const instead = 'take fewer or smaller zones, or leave it to --fdr, which any number of cells can have';
  const most = MOST_BYTES / fieldBytes(1, nYears);
  if (cells > most) {
    const text = `the zones have ${count(cells)} cells, and with ${nYears} years at most ${count(most)} can be held`;
    throw new MineRsError('BAD_INPUT', `--permutations ${permutations}: ${text} (512 MB): ${instead}`);
  }
  const mostShuffles = MOST_WORDS / (cells * pairWords(nYears)) - 1;
  if (permutations > mostShuffles) {
    const text = `${count(cells)} cells and ${nYears} years can be shuffled at most ${count(mostShuffles)} times`;
    throw new MineRsError('BAD_INPUT', `--permutations ${permutations}: ${text}: shuffle less often, ${instead}`);
  }
}

/** The pixels of a window that a zone of the AOI covers, even in part, ascending. */
function coveredPixels(zones: PreparedZones, window: Window): Uint32Array {
  const slices = zones.slices(window).filter(({ zone }) => zone < zones.zones.length);
  if (slices.length === 1) return slices[0]!.index;
  const covered = new Uint8Array(slices.length === 0 ? 0 : window.width * window.height);
  let n = 0;
  for (const { index } of slices) {
    for (const pixel of index) {
      n += 1 - covered[pixel]!;
      covered[pixel] = 1;
    }
  }
  const pixels = new Uint32Array(n);
  for (let i = 0, k = 0; k < n; i++) if (covered[i] === 1) pixels[k++] = i;
  return pixels;
}

/** What the shuffles have shown. */
export interface Permutation extends Omit<VerdictsResult, 'verdicts'> {
  plan: PermutationPlan;
  patchP: number;
  zAbove: number;
  patchAbove: number;
  /** Verdicts of a tile by its number, row-major: bits of tasks/permutation.ts. */
  ofTile(tileIndex: number): Uint8Array;
}

/** What the values are made of: as for the trend. */
type Values = Pick<SeriesTask, 'scratch' | 'cover' | 'trendOn' | 'levels'>;

/** Does the test. The result depends on the seed, and neither on the workers nor on who does what. */
export async function permutationPass(
  plan: PermutationPlan,
  options: TrendOptions,
  zones: PreparedZones,
  runner: TaskRunner,
  progress: Progress,
  tiles: readonly Window[],
  values: Values,
): Promise<Permutation> {
  const { scratch } = values;
  const { permutations, seed, cells } = plan;
  const field = permutationField(cells, scratch.nTimes, true);
  const { pixels, slots, places } = numberCells(zones, tiles, scratch, cells);
  linkCells(places, scratch.width, field);
  const patchP = legendAlphas(options.legend)[0]!;
  const rule = { minYears: options.minYears, limit: patchP, method: options.pMethod };
  const inZones = [...tiles.keys()].filter((k) => pixels[k]!.length > 0);
  const perTask = Math.max(1, Math.floor(TASK_WORDS / Math.max(1, cells * pairWords(scratch.nTimes))));
  const size = Math.min(perTask, Math.ceil((permutations + 1) / (4 * runner.concurrency)));
  const starts = Array.from({ length: Math.ceil((permutations + 1) / size) }, (_, k) => k * size);
  progress.begin('permutations', inZones.length + starts.length);
  await runAll(runner.concurrency, inZones, async (k) => {
    const own = { tile: tiles[k]!, pixels: pixels[k]!, slots: slots[k]! };
    await runner.run('permutationCells', { ...values, ...own, rule, field });
    progress.step();
  });
  const largestZ = new Float64Array(permutations + 1);
  const largestPatch = new Int32Array(permutations + 1);
  await runAll(runner.concurrency, starts, async (from) => {
    const found = await runner.run('shuffles', { field, seed, from, to: Math.min(from + size, permutations + 1) });
    largestZ.set(found.largestZ, from);
    largestPatch.set(found.largestPatch, from);
    progress.step();
  });
  const zAbove = standsAbove(largestZ, FIELD_ALPHA);
  const patchAbove = standsAbove(largestPatch, FIELD_ALPHA);
  const { verdicts, ...counts } = await runner.run('verdicts', { field, zAbove, patchAbove });
  progress.end();
  const ofTile = (k: number): Uint8Array => {
    const { width, height } = tiles[k]!;
    const out = new Uint8Array(width * height);
    for (const [j, slot] of slots[k]!.entries()) out[pixels[k]![j]!] = verdicts[slot]!;
    return out;
  };
  return { plan, patchP, zAbove, patchAbove, ...counts, ofTile };
}

interface NumberedCells {
  /** By tile: the pixels that zones cover, and their numbers. */
  pixels: Uint32Array[];
  slots: Uint32Array[];
  /** By number: row · width + column in the grid, ascending. */
  places: Float64Array;
}

/** Numbers the cells of all tiles in the row-major order of the grid. */
function numberCells(zones: PreparedZones, tiles: readonly Window[], { width }: Scratch, cells: number): NumberedCells {
  const pixels = tiles.map((tile) => coveredPixels(zones, tile));
  const slots = pixels.map((own) => new Uint32Array(own.length));
  const places = new Float64Array(cells);
  const next = new Uint32Array(tiles.length);
  const across = tilesAcross(width);
  let slot = 0;
  for (let band = 0; band < tiles.length; band += across) {
    for (let row = 0; row < tiles[band]!.height; row++) {
      for (let k = band; k < band + across; k++) {
        const { row: top, col: left, width: columns } = tiles[k]!;
        const own = pixels[k]!;
        const first = row * columns;
        for (; next[k]! < own.length && own[next[k]!]! < first + columns; next[k]!++) {
          places[slot] = (top + row) * width + left + own[next[k]!]! - first;
          slots[k]![next[k]!] = slot++;
        }
      }
    }
  }
  return { pixels, slots, places };
}
