import { describe, expect, it } from 'vitest';
import type { Affine } from '../../src/geo/affine.ts';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { chooseResampling } from '../../src/raster/resample.ts';

function grid(epsg: number, transform: Affine, width = 200, height = 160): Grid {
  return { width, height, transform, crs: crsFromEpsg(epsg)! };
}

const fine = grid(32647, [10, 0, 500_000, 0, -10, 4_200_000]);
const coarse = grid(32647, [20, 0, 500_000, 0, -20, 4_200_000], 100, 80);
const landsat = grid(32647, [30, 0, 500_000, 0, -30, 4_200_000]);
const neighbour = grid(32648, [30, 0, -28_000, 0, -30, 4_217_300]);
const degrees = grid(4326, [2.5e-4, 0, 98.99, 0, -2.5e-4, 37.96]);

describe('chooseResampling', () => {
  it('compares pixels on the ground, also across CRS', () => {
    expect(chooseResampling(landsat, grid(32647, [30, 0, 500_015, 0, -30, 4_200_000]))).toBe('bilinear');
    expect(chooseResampling(landsat, fine)).toBe('average');
    expect(chooseResampling(fine, coarse)).toBe('bilinear');
    expect(chooseResampling(landsat, neighbour)).toBe('bilinear');
    // 2.5e-4 degrees are 28 m by 22 m there; a third of it is a third.
    expect(chooseResampling(landsat, degrees)).toBe('bilinear');
    expect(chooseResampling(landsat, grid(4326, [8e-5, 0, 99, 0, -8e-5, 37.95]))).toBe('average');
    // Also where the source's middle has no place in the target's zone.
    expect(chooseResampling(landsat, grid(4326, [8e-5, 0, -180, 0, -8e-5, 90], 4_500_000, 2_250_000))).toBe('average');
  });
});
