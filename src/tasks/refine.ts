/**
 * Between the passes: what makes the endpoints exact, and the mean of the reference zones.
 * @module
 */
import { fractionalCover } from '../kernels/fvc.ts';
import { countLowKeys } from '../kernels/order-statistics.ts';
import type { Cover, RefineResult, RefineTask, ReferenceResult, ReferenceTask } from './contract.ts';
import { readAnnualValues } from './scratch.ts';

/** Counts the low 16 bits of the annual values of one tile, all years, for each wanted high key. */
export function refineTask(task: RefineTask): RefineResult {
  const { tile, scratch, highKeys } = task;
  const nPixels = tile.width * tile.height;
  const values = new Float32Array(nPixels * scratch.nTimes);
  readAnnualValues(scratch, tile, values);
  const counts = new Float64Array(65536 * highKeys.length);
  for (const [k, high] of highKeys.entries()) {
    const row = counts.subarray(k * 65536, (k + 1) * 65536);
    for (let t = 0; t < scratch.nTimes; t++) {
      countLowKeys(values.subarray(t * nPixels, (t + 1) * nPixels), high, row, task.selection ?? undefined);
    }
  }
  return { counts };
}

/** Sums the values of the reference zones in one tile, by year. */
export function referenceTask(task: ReferenceTask): ReferenceResult {
  const { tile, scratch } = task;
  const nPixels = tile.width * tile.height;
  const values = new Float32Array(nPixels * scratch.nTimes);
  readAnnualValues(scratch, tile, values);
  applyCover(values, task.cover);
  const weight = new Float64Array(scratch.nTimes);
  const weighted = new Float64Array(scratch.nTimes);
  for (const zone of task.zones) {
    for (let t = 0; t < scratch.nTimes; t++) {
      for (let k = 0; k < zone.index.length; k++) {
        const value = values[t * nPixels + zone.index[k]!]!;
        if (value !== value) continue;
        const w = zone.weight[k]!;
        weight[t]! += w;
        weighted[t]! += Math.round(w * value);
      }
    }
  }
  return { weight, weighted };
}

/** Turns annual values into FVC in place, where the run wants FVC. */
export function applyCover(values: Float32Array, cover: Cover): void {
  if (cover !== null) fractionalCover(values, cover.soil, cover.vegetation, cover.model, values);
}
