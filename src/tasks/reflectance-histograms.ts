/**
 * The reflectances of one scene in one window, as histograms.
 * @module
 */
import { addToHistogram, INDEX_BINS, REFLECTANCE_BINS, type Lattice } from '../kernels/reflectance-histogram.ts';
import type { IndexName } from '../kernels/spectral-index.ts';
import type { ReflectanceHistograms } from './contract.ts';
import type { SceneValues } from './read-scene.ts';

/**
 * Counts the clear pixels whose column and row in the run's grid are multiples of `step`, so that the cut into blocks
 * makes no difference. Null where the scene has no reflectances in the window.
 */
export function reflectanceHistograms(
  { window, values, clear, bands }: SceneValues,
  index: IndexName,
  step: number,
): ReflectanceHistograms | null {
  const { red, nir } = bands;
  if (red === undefined && nir === undefined) return null;
  const lattice: Lattice = { width: window.width, col: window.col, row: window.row, step };
  const count = (band: typeof red): Float64Array | null => {
    if (band === undefined) return null;
    const counts = new Float64Array(REFLECTANCE_BINS.count);
    addToHistogram(band.data, band.scale, band.offset, clear, lattice, REFLECTANCE_BINS, counts);
    return counts;
  };
  let ndvi: Float64Array | null = null;
  if (index === 'ndvi') {
    ndvi = new Float64Array(INDEX_BINS.count);
    addToHistogram(values, 1, 0, clear, lattice, INDEX_BINS, ndvi);
  }
  return { red: count(red), nir: count(nir), ndvi };
}
