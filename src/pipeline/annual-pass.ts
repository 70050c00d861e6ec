/**
 * Pass 1: the annual values of every block and year.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { KEY_COUNT } from '../kernels/order-statistics.ts';
import type { ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { AnnualResult, ReflectanceHistograms, Scratch } from '../tasks/contract.ts';
import { annualKeys, type AnnualKey } from './annual-key.ts';
import type { AnnualStore, FinishedBlock } from './annual-store.ts';
import { parseComposite } from './options.ts';
import type { TaskRunner } from './pool.ts';
import type { Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';
import { histogramStep, mergeHistograms, reflectanceFigures } from './radiometry.ts';
import { runAll } from './run-all.ts';
import { brokenScenes, type Unreadable } from './select-scenes.ts';

/** What pass 1 found. */
export interface AnnualPass {
  /** Where the annual values lie. */
  scratch: Scratch;
  /** What the years are known by. */
  keys: AnnualKey[];
  /** Annual values by high key, all years; see kernels/order-statistics.ts. */
  highCounts: Float64Array;
  /** Clear cells of each scene. */
  clearCells: Map<string, number>;
  /** Distribution of each scene's reflectances; none where the index is ready-made. */
  reflectances: Map<string, ReflectanceFigures>;
}

/** Scenes whose pixels cannot be read. Without them the run may have other years, so it has to be planned again. */
export class UnreadableScenes extends Error {
  override readonly name = 'UnreadableScenes';
  readonly scenes: Unreadable;

  constructor(scenes: Unreadable) {
    super(`${scenes.size} scenes cannot be read`);
    this.scenes = scenes;
  }
}

/**
 * Reads the scenes of all years that are not there yet.
 *
 * @param store Where the years are kept.
 * @throws {MineRsError} BAD_INPUT at the first scene that cannot be read, if such scenes are not to be skipped
 * @throws {UnreadableScenes} otherwise, at the end, so that one pass finds them all
 */
export async function annualPass(
  run: Preparation,
  runner: TaskRunner,
  progress: Progress,
  scratch: Scratch,
  blocks: readonly Window[],
  store: AnnualStore,
): Promise<AnnualPass> {
  const { index } = run.options;
  const composite = parseComposite(run.options.composite);
  const { grid } = run.gridPlan;
  const step = histogramStep(grid.width, grid.height);
  const scenesOf = run.years.map((year) => run.reads.filter((_, k) => run.scenes[k]!.scene.year === year));
  const highCounts = new Float64Array(KEY_COUNT);
  const clearCells = new Map(run.reads.map(({ id }) => [id, 0]));
  const histograms = new Map<string, ReflectanceHistograms | null>();
  const unreadable = new Map<string, string>();
  const keys = annualKeys(run);
  const kept = await store.open(runner, progress, scratch, keys, blocks);
  const learn = (time: number, result: AnnualResult): void => {
    addCounts(highCounts, result);
    for (const [k, { id }] of scenesOf[time]!.entries()) {
      clearCells.set(id, clearCells.get(id)! + result.clearCells[k]!);
      histograms.set(id, mergeHistograms(histograms.get(id) ?? null, result.histograms[k]!));
    }
  };
  const items: { time: number; block: Window }[] = [];
  for (const [time, finished] of kept.finished.entries()) {
    for (const { result } of finished) learn(time, result);
    items.push(...missingBlocks(blocks, finished, grid).map((block) => ({ time, block })));
  }
  progress.begin('annual', items.length);
  await runAll(runner.concurrency, items, async ({ time, block }) => {
    const scenes = scenesOf[time]!;
    const task = { grid, block, time, index, composite, scenes, scratch: kept.scratch, histogramStep: step };
    const result = await runner.run('annual', task);
    for (const { scene, message } of result.failures) {
      if (run.options.onError === 'fail') throw brokenScene(run, scene, message);
      unreadable.set(scene, message);
    }
    learn(time, result);
    if (result.failures.length === 0) store.add(time, { block, result });
    progress.step();
  });
  progress.end();
  if (unreadable.size > 0) throw new UnreadableScenes(unreadable);
  const reflectances = new Map<string, ReflectanceFigures>();
  for (const [id, found] of histograms) if (found !== null) reflectances.set(id, reflectanceFigures(found));
  return { scratch: kept.scratch, keys, highCounts, clearCells, reflectances };
}

function addCounts(highCounts: Float64Array, { keys, counts }: AnnualResult): void {
  for (let k = 0; k < keys.length; k++) highCounts[keys[k]!]! += counts[k]!;
}

/** The blocks of a year that are still to be done. A whole year may be cut in another way. */
function missingBlocks(blocks: readonly Window[], finished: readonly FinishedBlock[], grid: Grid): Window[] {
  const pixels = finished.reduce((sum, { block }) => sum + block.width * block.height, 0);
  if (pixels === grid.width * grid.height) return [];
  const done = new Set(finished.map(({ block }) => `${block.col},${block.row}`));
  return blocks.filter(({ col, row }) => !done.has(`${col},${row}`));
}

function brokenScene(run: Preparation, id: string, reason: string): MineRsError {
  const path = run.scenes.find(({ scene }) => scene.id === id)?.scene.files[0] ?? '';
  return brokenScenes([{ id, path, reason }]);
}
