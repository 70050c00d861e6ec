/**
 * What the trend is tested on.
 * @module
 */
import type { SeriesTask } from './contract.ts';
import { reusable } from '../raster/reusable.ts';

/** Where the tested values are cut off: NDVI and the like at −1 and 1, FVC at 0 and 1; nowhere once levels are taken off. */
export function cutOffOf({
  trendOn,
  cover,
  levels,
}: Pick<SeriesTask, 'trendOn' | 'cover' | 'levels'>): readonly [number, number] | null {
  if (trendOn === 'index' || cover === null) return [-1, 1];
  return levels === null ? [0, 1] : null;
}

const lessened = reusable(Float32Array);

/** A copy with one level taken off each year; NaN, and so a gap, where the year has none. The next call uses it again. */
export function lessLevels(values: Float32Array, levels: Float64Array, nPixels: number): Float32Array {
  const out = lessened(values.length);
  for (let t = 0, i = 0; t < levels.length; t++) {
    const level = levels[t]!;
    for (const end = i + nPixels; i < end; i++) out[i] = values[i]! - level;
  }
  return out;
}
