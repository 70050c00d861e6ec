/**
 * Means of zones in one tile, by time.
 * @module
 */
import type { Window } from '../geo/window.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { Cover, Scratch } from './contract.ts';
import { addMeans, applyCover } from './refine.ts';
import { annualValuesOf } from './scratch.ts';

export interface ZoneMeansTask {
  tile: Window;
  scratch: Scratch;
  cover: Cover;
  zones: ZoneSlice[];
}

/** Units of area with data, and units × value, per time. Whole numbers. */
export interface ZoneMeansResult {
  zones: { zone: number; weight: Float64Array; weighted: Float64Array }[];
}

/** Sums each zone by itself. */
export function zoneMeansTask({ tile, scratch, cover, zones }: ZoneMeansTask): ZoneMeansResult {
  const values = annualValuesOf(scratch, tile);
  applyCover(values, cover);
  const nPixels = tile.width * tile.height;
  return {
    zones: zones.map((slice) => {
      const weight = new Float64Array(scratch.nTimes);
      const weighted = new Float64Array(scratch.nTimes);
      addMeans(slice, values, nPixels, weight, weighted);
      return { zone: slice.zone, weight, weighted };
    }),
  };
}
