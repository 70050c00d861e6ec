/**
 * Which way values come onto another grid.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import { sourcePixelsPerTarget } from './warp/locate.ts';

/** Source pixels of at most this share of the target's are averaged. */
const FINE = 0.6;

/**
 * How a source of reflectances comes onto the target where the two have no lattice in common: by average where its
 * pixels are at most 0.6 of the target's, bilinear otherwise. Pixels of different CRS are compared on the ground.
 */
export function chooseResampling(target: Grid, source: Grid): 'bilinear' | 'average' {
  const [x, y] = sourcePixelsPerTarget(target, source);
  return 1 / Math.sqrt(x * y) <= FINE ? 'average' : 'bilinear';
}
