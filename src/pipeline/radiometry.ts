/**
 * The distribution of each scene's reflectances, and what it gives away about scale and offset.
 * @module
 */
import { histogramPercentile, INDEX_BINS, REFLECTANCE_BINS } from '../kernels/reflectance-histogram.ts';
import type { BandFigures, ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { ReflectanceHistograms } from '../tasks/contract.ts';

/** Grids of more pixels than this are looked at in every fourth row and column. */
const EVERY_PIXEL = 512 * 512;
const STEP = 4;

/** Every how many rows and columns of a grid a pixel goes into the histograms. */
export function histogramStep(width: number, height: number): number {
  return width * height <= EVERY_PIXEL ? 1 : STEP;
}

/** Adds a scene's histograms of one window to those of others. Null where none has reflectances. */
export function mergeHistograms(
  a: ReflectanceHistograms | null,
  b: ReflectanceHistograms | null,
): ReflectanceHistograms | null {
  if (a === null || b === null) return a ?? b;
  return { red: sum(a.red, b.red), nir: sum(a.nir, b.nir), ndvi: sum(a.ndvi, b.ndvi) };
}

function sum(a: Float64Array | null, b: Float64Array | null): Float64Array | null {
  if (a === null || b === null) return a ?? b;
  const both = a.slice();
  for (let k = 0; k < both.length; k++) both[k]! += b[k]!;
  return both;
}

/** The figures that {@link checkRadiometry} looks at. */
export function reflectanceFigures({ red, nir, ndvi }: ReflectanceHistograms): ReflectanceFigures {
  const pixels = (red ?? nir ?? ndvi)?.reduce((total, n) => total + n, 0) ?? 0;
  return {
    pixels,
    red: bandFigures(red),
    nir: bandFigures(nir),
    ndviP95: ndvi === null ? null : finite(histogramPercentile(ndvi, INDEX_BINS, 95)),
  };
}

function bandFigures(counts: Float64Array | null): BandFigures | null {
  if (counts === null) return null;
  const at = (percentile: number): number => histogramPercentile(counts, REFLECTANCE_BINS, percentile);
  return Number.isNaN(at(50)) ? null : { p1: at(1), p5: at(5), p25: at(25), p50: at(50), p75: at(75) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
