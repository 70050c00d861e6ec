/**
 * What memory a run will take, and how it is made to fit into a budget (`--memory`): smaller blocks first, then fewer
 * workers. Neither changes a byte of the result. None of the figures grows with the raster: a worker holds one block of
 * one year, or one tile of all years.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { TILE_SIZE } from '../raster/cog.ts';
import { isUrl } from '../url.ts';
import { chooseBlockSize, TARGET_PIXELS, type BlockSize } from './blocks.ts';
import { parseComposite } from './options.ts';
import { permutationBytes } from './permutation.ts';
import { inputFiles, type Preparation } from './prepare.ts';

/** How a run is carried out, and what that takes. */
export interface MemoryPlan {
  readonly workers: number;
  readonly blockSize: BlockSize;
  /** The most that the process is expected to hold. */
  readonly bytes: number;
  /** What it may hold; null without `--memory`. */
  readonly budget: number | null;
}

const MB = 1024 * 1024;

/**
 * Measured, Node 20: the process with the program, the plan and the report in it; and a worker with its code, what its
 * heap may hold before it is tidied up, and its decoded tiles (see raster/block-cache.ts).
 */
const PROCESS_BYTES = 130 * MB;
const WORKER_BYTES = 90 * MB;
/** The same without a worker: the code is loaded once, and the heap is the process's. */
const IN_PROCESS_BYTES = 60 * MB;

/** Of a pixel of a block: the arrays of the annual maximum; of any other composite, the bands and masks of one scene. */
const MAXIMUM_PIXEL = 14;
const SCENE_PIXEL = 40;
/** Of a pixel of a tile and year: value, count, state, and what is interleaved for its map. */
const YEAR_PIXEL = 8;
/** Of a pixel of a tile: trend, recovery and what is encoded of them. */
const TILE_PIXEL = 80;

/** Bytes of a size such as `2GB` or `800MB`, in powers of 1024 as other programs take them. */
export function parseMemory(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([MG])i?B$/i.exec(text) ?? [];
  return Number(number) * (unit?.toUpperCase() === 'G' ? 1024 * MB : MB);
}

/**
 * Plans a run within its budget.
 *
 * @throws {MineRsError} USAGE if not even one worker with the smallest blocks fits
 */
export function planMemory(run: Preparation): MemoryPlan {
  const { source, grid } = run.gridPlan;
  const remote = inputFiles(run).some(isUrl);
  const { workers: wanted, memory } = run.options;
  const budget = memory === undefined ? null : parseMemory(memory);
  const planned = (workers: number, pixels?: number): MemoryPlan => {
    const blockSize = chooseBlockSize(source.info, grid, remote, pixels);
    return { workers, blockSize, budget, bytes: expectedBytes(run, workers, blockSize) };
  };
  const fits = (plan: MemoryPlan) => budget === null || plan.bytes <= budget;
  let plan = planned(wanted);
  if (fits(plan)) return plan;
  let least = plan;
  for (let workers = wanted; workers >= Math.min(1, wanted); workers--) {
    for (let pixels = TARGET_PIXELS; pixels >= TARGET_PIXELS / 64; pixels /= 4) {
      plan = planned(workers, pixels);
      if (fits(plan)) return plan;
      if (plan.bytes < least.bytes) least = plan;
    }
  }
  const needed = `${Math.ceil(least.bytes / MB)} MB`;
  throw new MineRsError(
    'USAGE',
    `--memory ${memory} is too little: this run takes ${needed} at the least, with one worker`,
  );
}

/** What a run with these workers and blocks holds at the most. */
function expectedBytes(run: Preparation, workers: number, blockSize: BlockSize): number {
  const { info } = run.gridPlan.source;
  const { grid } = run.gridPlan;
  const nTimes = run.years.length;
  const blockPixels = Math.min(blockSize.width, grid.width) * Math.min(blockSize.height, grid.height);
  const composite = parseComposite(run.options.composite).kind;
  const scenes = composite === 'max' ? 1 : 2 * mostScenes(run);
  const sourceTile = info.blockWidth * info.blockHeight * info.bandCount * 4;
  const annual = blockPixels * (MAXIMUM_PIXEL + SCENE_PIXEL + 4 * scenes) + sourceTile;
  const tilePixels = Math.min(TILE_SIZE, grid.width) * Math.min(TILE_SIZE, grid.height);
  const series = tilePixels * (nTimes * YEAR_PIXEL + TILE_PIXEL);
  const task = Math.max(annual, series) + (workers === 0 ? IN_PROCESS_BYTES : WORKER_BYTES);
  const shuffled = run.permutation === null ? 0 : permutationBytes(run.permutation, nTimes, workers);
  return PROCESS_BYTES + Math.max(1, workers) * task + shuffled;
}

function mostScenes(run: Preparation): number {
  const counts = new Map<number, number>();
  for (const { scene } of run.scenes) counts.set(scene.year, (counts.get(scene.year) ?? 0) + 1);
  return Math.max(...counts.values());
}

/** What to warn of when a run held more than it was allowed. @param peak Bytes, as the system counted them. */
export function overBudget({ budget }: MemoryPlan, peak: number): string | undefined {
  if (budget === null || peak <= budget) return undefined;
  const [held, allowed] = [peak, budget].map((bytes) => Math.round(bytes / MB));
  return `The run held ${held} MB at its peak, more than the ${allowed} MB of --memory`;
}
