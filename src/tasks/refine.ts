/**
 * Between the passes: what makes the endpoints exact, and the mean of the reference zones.
 * @module
 */
import { fractionalCover } from '../kernels/fvc.ts';
import { countHighKeys, countLowKeysOf, KEY_COUNT } from '../kernels/order-statistics.ts';
import type {
  CountResult,
  CountTask,
  Cover,
  RefineResult,
  RefineTask,
  ReferenceResult,
  ReferenceTask,
} from './contract.ts';
import { annualValuesOf } from './scratch.ts';
import type { ZoneSlice } from '../vector/weights.ts';

/** Counts the high 16 bits of the selected annual values of one tile, all years. */
export function countTask(task: CountTask): CountResult {
  const { tile, scratch, selection } = task;
  const nPixels = tile.width * tile.height;
  const values = annualValuesOf(scratch, tile);
  const counts = new Float64Array(KEY_COUNT);
  for (let t = 0; t < scratch.nTimes; t++) {
    countHighKeys(values.subarray(t * nPixels, (t + 1) * nPixels), counts, selection);
  }
  return { counts };
}

/** Counts the low 16 bits of the annual values of some tiles, all years, for each wanted high key. */
export function refineTask({ tiles, scratch, highKeys }: RefineTask): RefineResult {
  const counts = new Float64Array(KEY_COUNT * highKeys.length);
  for (const { tile, selection } of tiles) {
    const nPixels = tile.width * tile.height;
    const values = annualValuesOf(scratch, tile);
    if (selection === null) {
      countLowKeysOf(values, highKeys, counts);
      continue;
    }
    for (let t = 0; t < scratch.nTimes; t++) {
      countLowKeysOf(values.subarray(t * nPixels, (t + 1) * nPixels), highKeys, counts, selection);
    }
  }
  return { counts };
}

/** Sums the values of the reference zones in one tile, by year. */
export function referenceTask(task: ReferenceTask): ReferenceResult {
  const { tile, scratch } = task;
  const nPixels = tile.width * tile.height;
  const values = annualValuesOf(scratch, tile);
  applyCover(values, task.cover);
  const weight = new Float64Array(scratch.nTimes);
  const weighted = new Float64Array(scratch.nTimes);
  for (const zone of task.zones) addMeans(zone, values, nPixels, weight, weighted);
  return { weight, weighted };
}

/** Adds a zone's units of area with data, and units × value, by time. @param values [time][pixel], NaN no data. */
export function addMeans(
  zone: ZoneSlice,
  values: Float32Array,
  nPixels: number,
  weight: Float64Array,
  weighted: Float64Array,
): void {
  for (let t = 0; t < weight.length; t++) {
    for (let k = 0; k < zone.index.length; k++) {
      const value = values[t * nPixels + zone.index[k]!]!;
      if (value !== value) continue;
      const w = zone.weight[k]!;
      weight[t]! += w;
      weighted[t]! += Math.round(w * value);
    }
  }
}

/** Turns annual values into FVC in place, where the run wants FVC. */
export function applyCover(values: Float32Array, cover: Cover): void {
  if (cover !== null) fractionalCover(values, cover.soil, cover.vegetation, cover.model, values);
}
