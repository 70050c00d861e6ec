/**
 * Pass 1: one block of one year.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { maxComposite, reduceComposite } from '../kernels/composite.ts';
import { countHighKeys } from '../kernels/order-statistics.ts';
import { copyRows } from '../raster/copy-rows.ts';
import { annualMaximum, giveBack } from './annual-maximum.ts';
import type { AnnualResult, AnnualTask } from './contract.ts';
import { readScenes } from './read-ahead.ts';
import type { SceneValues } from './read-scene.ts';
import { reflectanceHistograms } from './reflectance-histograms.ts';
import { annualChecksum, writeAnnual } from './scratch.ts';

const highCounts = new Float64Array(65536);

/** Reads the scenes of one year in one block, composes the annual value and stores it in the scratch files. */
export async function annualTask(task: AnnualTask): Promise<AnnualResult> {
  const maximum = await annualMaximum(task);
  if (maximum === null) return compositeTask(task);
  const { values, seen, keys, counts, clearCells, histograms, failures } = maximum;
  if (failures.length === 0) writeAnnual(task.scratch, task.time, task.block, values, seen);
  const checksum = annualChecksum(values, seen);
  giveBack(maximum);
  return { time: task.time, keys, counts, clearCells, histograms, checksum, failures };
}

/** Any composite of any index. */
async function compositeTask(task: AnnualTask): Promise<AnnualResult> {
  const { block } = task;
  const nPixels = block.width * block.height;
  const values = new Float32Array(nPixels).fill(NaN);
  const counts = new Uint16Array(nPixels);
  const clearCells: number[] = [];
  const histograms: AnnualResult['histograms'] = [];
  const failures: AnnualResult['failures'] = [];
  const kept: Float32Array[] = [];
  let next = 0;
  for await (const { read, failure } of readScenes(task)) {
    const { id } = task.scenes[next++]!;
    if (failure !== undefined) failures.push({ scene: id, message: failure });
    clearCells.push(read === undefined ? 0 : countValid(read.values));
    histograms.push(read === undefined ? null : reflectanceHistograms(read, task.index, task.histogramStep));
    if (read === undefined) continue;
    const whole = onBlock(read, block);
    if (task.composite.kind === 'max') maxComposite(whole, values, counts);
    else kept.push(whole);
  }
  if (task.composite.kind !== 'max' && kept.length > 0) {
    const stack = new Float32Array(kept.length * nPixels);
    for (const [k, scene] of kept.entries()) stack.set(scene, k * nPixels);
    const method =
      task.composite.kind === 'percentile' ? { percentile: task.composite.percentile } : task.composite.kind;
    reduceComposite(stack, kept.length, nPixels, method, values, counts);
  }
  if (failures.length === 0) writeAnnual(task.scratch, task.time, block, values, counts);

  highCounts.fill(0);
  countHighKeys(values, highCounts);
  const occurring: number[] = [];
  for (let key = 0; key < highCounts.length; key++) if (highCounts[key]! > 0) occurring.push(key);
  const keys = Uint32Array.from(occurring);
  const keyCounts = Float64Array.from(keys, (key) => highCounts[key]!);
  const checksum = annualChecksum(values, counts);
  return { time: task.time, keys, counts: keyCounts, clearCells, histograms, checksum, failures };
}

function countValid(values: Float32Array): number {
  let n = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) n++;
  return n;
}

/** A scene's values over the whole block, NaN where it has none. */
function onBlock(read: SceneValues, block: Window): Float32Array {
  const { window, values } = read;
  if (window.width === block.width && window.height === block.height) return values;
  const out = new Float32Array(block.width * block.height).fill(NaN);
  const first = (window.row - block.row) * block.width + (window.col - block.col);
  const whole = { pixels: values, first: 0, stride: window.width };
  copyRows(whole, { pixels: out, first, stride: block.width }, window.width, window.height);
  return out;
}
