/**
 * Histograms of reflectance and of an index, coarse and mergeable: what scenes are compared by.
 * @module
 */
import { checkLength, type PixelArray } from './pixel-array.ts';

/** Bins of 0.005 from −0.5 to 1.5; what lies beyond counts in the first and last bin. */
export const REFLECTANCE_BINS = { first: -0.5, width: 0.005, count: 400 } as const;

/** Bins of 0.01 from −1 to 1. */
export const INDEX_BINS = { first: -1, width: 0.01, count: 200 } as const;

/** Where values lie in a histogram. */
export interface Bins {
  readonly first: number;
  readonly width: number;
  readonly count: number;
}

/** A rectangle of pixels, row-major, and which of them count: those whose column and row are multiples of `step`. */
export interface Lattice {
  readonly width: number;
  /** Column and row of the first pixel, in the grid that `step` counts in. */
  readonly col: number;
  readonly row: number;
  readonly step: number;
}

/**
 * Adds the clear pixels of a band to a histogram. Counts are whole numbers, so the order of calls is free.
 *
 * @param data Digital numbers, length n, row-major; NaN is left out.
 * @param scale Value = data × scale + offset.
 * @param clear Length n; 1 = count the pixel.
 * @param counts Length `bins.count`, changed in place.
 * @throws {RangeError} if lengths differ.
 */
export function addToHistogram(
  data: PixelArray,
  scale: number,
  offset: number,
  clear: Uint8Array,
  lattice: Lattice,
  bins: Bins,
  counts: Float64Array,
): void {
  checkLength('clear', clear.length, data.length);
  checkLength('counts', counts.length, bins.count);
  const { width, col, row, step } = lattice;
  const height = data.length / width;
  const last = bins.count - 1;
  const perBin = 1 / bins.width;
  for (let r = firstMultiple(row, step); r < height; r += step) {
    const end = (r + 1) * width;
    for (let i = r * width + firstMultiple(col, step); i < end; i += step) {
      const value = data[i]! * scale + offset;
      if (clear[i] === 0 || value !== value) continue;
      const bin = Math.floor((value - bins.first) * perBin);
      counts[bin < 0 ? 0 : bin > last ? last : bin]!++;
    }
  }
}

/** Distance from a position to the next multiple of the step. */
export function firstMultiple(position: number, step: number): number {
  return (step - (((position % step) + step) % step)) % step;
}

/**
 * A percentile (0–100) of a histogram, linear within its bin; NaN where it is empty. In the outermost bins the value is
 * only a bound.
 */
export function histogramPercentile(counts: Float64Array, bins: Bins, percentile: number): number {
  let total = 0;
  for (let k = 0; k < counts.length; k++) total += counts[k]!;
  if (total === 0) return NaN;
  const wanted = (percentile / 100) * total;
  let below = 0;
  for (let k = 0; k < counts.length; k++) {
    const here = counts[k]!;
    if (here > 0 && below + here >= wanted) return bins.first + bins.width * (k + (wanted - below) / here);
    below += here;
  }
  return bins.first + bins.width * bins.count;
}
