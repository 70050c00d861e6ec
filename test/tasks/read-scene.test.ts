import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransformer } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { chooseResampling } from '../../src/raster/resample.ts';
import type { BandRead, BandResampling, MaskRead, Placement, SceneRead } from '../../src/tasks/contract.ts';
import { readScene } from '../../src/tasks/read-scene.ts';
import { releaseResources } from '../../src/tasks/resources.ts';
import { utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('read-scene');
afterEach(releaseResources);

const GRID = utmGrid(4, 3, { pixel: 10 });
const WHOLE = { col: 0, row: 0, width: 4, height: 3 };
/** Float32 results of float64 arithmetic: half a unit in the last place of values up to 4. */
const FLOAT32 = 2.4e-7;

function aligned(grid: Grid, col = 0, row = 0): Placement {
  return { kind: 'aligned', col, row, width: grid.width, height: grid.height };
}

async function bandOf(
  pixels: Uint16Array | Float32Array,
  extra: Partial<BandRead> = {},
  grid = GRID,
): Promise<BandRead> {
  const path = join(newFolder(), 'band.tif');
  await writeRaster(path, grid, pixels);
  return { path, band: 1, scale: 1, offset: 0, nodata: null, placement: aligned(grid), ...extra };
}

async function maskOf(pixels: Uint8Array | Uint16Array, rule: MaskRead['rule'], placement?: Placement, grid = GRID) {
  const path = join(newFolder(), 'mask.tif');
  await writeRaster(path, grid, pixels, { overview: 'mode' });
  return { path, band: 1, rule, placement: placement ?? aligned(grid) };
}

function sceneOf(bands: SceneRead['bands'], masks: MaskRead[] = [], index: BandRead | null = null): SceneRead {
  return { id: 'scene', bands, index, masks };
}

async function valuesOf(scene: SceneRead, window = WHOLE, grid = GRID): Promise<number[]> {
  const read = await readScene(scene, 'ndvi', grid, window);
  return [...read!.values];
}

const CONSECUTIVE = Float32Array.from({ length: 12 }, (_, k) => k + 1);

describe('bands on the run lattice', () => {
  it('become the index of reflectances: DN × scale + offset', async () => {
    const red = await bandOf(new Uint16Array(12).fill(1500), { scale: 1e-4, offset: -0.1 });
    const nir = await bandOf(new Uint16Array(12).fill(4000), { scale: 1e-4, offset: -0.1 });
    // Reflectances 0.05 and 0.30: NDVI 0.25 / 0.35.
    for (const value of await valuesOf(sceneOf({ red, nir }))) expect(Math.abs(value - 5 / 7)).toBeLessThan(FLOAT32);
  });

  it('have no value where a band has no data, whichever it is', async () => {
    const red = await bandOf(Uint16Array.of(0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10), { nodata: 0 });
    const nir = await bandOf(Uint16Array.of(30, 0, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30), { nodata: 0 });
    const values = await valuesOf(sceneOf({ red, nir }));
    expect(values.slice(0, 3)).toEqual([NaN, NaN, 0.5]);
  });

  it("use the file's own nodata where the scene names none", async () => {
    const path = join(newFolder(), 'band.tif');
    await writeRaster(path, GRID, CONSECUTIVE, { nodata: 3 });
    const index: BandRead = { path, band: 1, scale: 0.5, offset: 1, nodata: null, placement: aligned(GRID) };
    expect((await valuesOf(sceneOf({}, [], index))).slice(0, 4)).toEqual([1.5, 2, NaN, 3]);
  });

  it('give the part of the window that the file covers', async () => {
    // The file begins two columns left of the run's grid and one row below it.
    const index = await bandOf(CONSECUTIVE, { placement: aligned(GRID, 2, -1) });
    const read = await readScene(sceneOf({}, [], index), 'ndvi', GRID, WHOLE);
    expect(read!.window).toEqual({ col: 0, row: 1, width: 2, height: 2 });
    expect([...read!.values]).toEqual([3, 4, 7, 8]);
  });

  it('give nothing where no pixel of the file lies in the window', async () => {
    const index = await bandOf(CONSECUTIVE, { placement: aligned(GRID, 4, 0) });
    expect(await readScene(sceneOf({}, [], index), 'ndvi', GRID, WHOLE)).toBeUndefined();
  });

  it('give the same values for a part of the window as for all of it', async () => {
    const index = await bandOf(CONSECUTIVE);
    expect(await valuesOf(sceneOf({}, [], index), { col: 1, row: 1, width: 2, height: 2 })).toEqual([6, 7, 10, 11]);
  });
});

describe('masks', () => {
  const index = () => bandOf(CONSECUTIVE);
  const codes = Uint16Array.of(0, 1, 2, 3, 4, 8, 9, 64, 6, 7, 65535, 5);

  it('drop set bits', async () => {
    const mask = await maskOf(codes, { kind: 'bits', bits: [0, 3] });
    const values = await valuesOf(sceneOf({}, [mask], await index()));
    //                     0  1    2  3    4  8    9    64 6  7    all  5
    expect(values).toEqual([1, NaN, 3, NaN, 5, NaN, NaN, 8, 9, NaN, NaN, NaN]);
  });

  it('drop listed values', async () => {
    const mask = await maskOf(codes, { kind: 'drop', values: [0, 1, 3, 8, 9, 10, 11] });
    const values = await valuesOf(sceneOf({}, [mask], await index()));
    expect(values).toEqual([NaN, NaN, 3, NaN, 5, NaN, NaN, 8, 9, 10, 11, 12]);
  });

  it('keep listed values only', async () => {
    const mask = await maskOf(codes, { kind: 'keep', values: [4, 5, 6] });
    const values = await valuesOf(sceneOf({}, [mask], await index()));
    expect(values).toEqual([NaN, NaN, NaN, NaN, 5, NaN, NaN, NaN, 9, NaN, NaN, 12]);
  });

  it('must all keep a pixel', async () => {
    const a = await maskOf(codes, { kind: 'drop', values: [4] });
    const b = await maskOf(codes, { kind: 'drop', values: [6] });
    const values = await valuesOf(sceneOf({}, [a, b], await index()));
    expect(values.flatMap((v, i) => (Number.isNaN(v) ? [i] : []))).toEqual([4, 8]);
  });

  it('of 20 m come onto 10 m by the nearest pixel', async () => {
    const coarse = utmGrid(2, 2, { pixel: 20 });
    const placement: Placement = { kind: 'resample', method: 'nearest', grid: coarse };
    const mask = await maskOf(Uint8Array.of(4, 9, 9, 4), { kind: 'drop', values: [9] }, placement, coarse);
    // Each class covers two by two pixels; the third row lies in the upper half of the second coarse row.
    expect(await valuesOf(sceneOf({}, [mask], await index()))).toEqual([
      1,
      2,
      NaN,
      NaN,
      5,
      6,
      NaN,
      NaN,
      NaN,
      NaN,
      11,
      12,
    ]);
  });

  it('know nothing to be clear beyond their file', async () => {
    const coarse = utmGrid(1, 1, { pixel: 20 });
    const placement: Placement = { kind: 'resample', method: 'nearest', grid: coarse };
    const mask = await maskOf(Uint8Array.of(4), { kind: 'drop', values: [9] }, placement, coarse);
    const values = await valuesOf(sceneOf({}, [mask], await index()));
    expect(values).toEqual([1, 2, NaN, NaN, 5, 6, NaN, NaN, NaN, NaN, NaN, NaN]);
  });
});

describe('bands on another lattice', () => {
  /** Rows of 10, 20, 30, 40, 50, each row 100 more than the one above, on pixels shifted to the lower right. */
  const shifted = utmGrid(5, 4, { pixel: 10, x: 540_000 + 2.5, y: 4_216_000 - 5 });
  const source = Float32Array.from({ length: 20 }, (_, k) => 10 * ((k % 5) + 1) + 100 * Math.floor(k / 5));
  const resampled = (method: BandResampling, grid: Grid): Placement => ({
    kind: 'resample',
    method,
    grid,
  });

  it('are interpolated between the four pixel centres', async () => {
    const index = await bandOf(source, { placement: resampled('bilinear', shifted) }, shifted);
    const values = await valuesOf(sceneOf({}, [], index));
    // Run pixel (1, 1) has its centre at 15 m, 15 m: in the source at column (15 − 2.5) / 10 = 1.25, row 1; that is 0.75 of
    // the way from the centre of column 0 to that of column 1, and half way from row 0 to row 1.
    expect(values[5]).toBeCloseTo(10 + 0.75 * 10 + 50, 5);
    expect(values[6]).toBeCloseTo(20 + 0.75 * 10 + 50, 5);
    expect(values[9]).toBeCloseTo(10 + 0.75 * 10 + 150, 5);
    // Centre at 5 m, 5 m: source column 0.25, row 0: left of the first centres, which alone count.
    expect(values[0]).toBeCloseTo(10, 5);
  });

  it('take the nearest where that is asked for', async () => {
    const index = await bandOf(source, { placement: resampled('nearest', shifted) }, shifted);
    const values = await valuesOf(sceneOf({}, [], index));
    expect(values.slice(4, 8)).toEqual([110, 120, 130, 140]);
  });

  it('take the cubic where that is asked for', async () => {
    const bowl = Float32Array.from({ length: 20 }, (_, k) => (k % 5) ** 2);
    const index = await bandOf(bowl, { placement: resampled('cubic', shifted) }, shifted);
    const values = await valuesOf(sceneOf({}, [], index));
    // Run pixel (2, 2) is in the source at column 1.75, counted from the first centre, and its sixteen neighbours exist.
    expect(values[10]).toBeCloseTo(1.75 ** 2, 5);
    // Run pixel (1, 2) at 0.75 has no fourth column on the left: bilinear.
    expect(values[9]).toBeCloseTo(0.75, 5);
  });

  it('lose pixels without data, and scale before they interpolate', async () => {
    const holed = source.slice();
    holed[0] = -1;
    const index = await bandOf(
      holed,
      { placement: resampled('bilinear', shifted), nodata: -1, scale: 2, offset: 1 },
      shifted,
    );
    const values = await valuesOf(sceneOf({}, [], index));
    // Run pixel (0, 0) lies in the missing pixel itself.
    expect(values[0]).toBeNaN();
    // Run pixel (1, 1): 20, 110 and 120 are left, with weights 0.375, 0.125 and 0.375 of 0.875.
    expect(values[5]).toBeCloseTo(2 * ((0.375 * 20 + 0.125 * 110 + 0.375 * 120) / 0.875) + 1, 4);
  });

  it('are averaged where their pixels are much finer', async () => {
    const fine = utmGrid(16, 12, { pixel: 2.5 });
    const pixels = Float32Array.from({ length: 192 }, (_, k) => (k % 16) + 100 * Math.floor(k / 16));
    expect(chooseResampling(GRID, fine)).toBe('average');
    const index = await bandOf(pixels, { placement: resampled('average', fine) }, fine);
    const values = await valuesOf(sceneOf({}, [], index));
    // Columns 0 … 3 and rows 0 … 3 have the means 1.5 and 150.
    expect(values.slice(0, 5)).toEqual([151.5, 155.5, 159.5, 163.5, 551.5]);
  });

  it('have no value beyond their file', async () => {
    const small = utmGrid(2, 1, { pixel: 10, x: 540_000 + 2.5 });
    const index = await bandOf(Float32Array.of(1, 2), { placement: resampled('bilinear', small) }, small);
    const values = await valuesOf(sceneOf({}, [], index));
    expect(values.map(Number.isNaN)).toEqual([false, false, true, true, ...Array.from({ length: 8 }, () => true)]);
  });

  it('do not depend on the window they are asked for in', async () => {
    const other = utmGrid(40, 40, { pixel: 10, x: 49_985, y: 4_239_005, epsg: 32648 });
    const big = utmGrid(60, 50, { pixel: 10, x: 577_000, y: 4_231_000 });
    const grid: Grid = { ...big, transform: placeOver(other) };
    const pixels = Float32Array.from({ length: 1600 }, (_, k) => Math.sin(k));
    const index = await bandOf(pixels, { placement: resampled('bilinear', other) }, other);
    const whole = await valuesOf(sceneOf({}, [], index), { col: 0, row: 0, width: 60, height: 50 }, grid);
    expect(whole.filter((v) => !Number.isNaN(v)).length).toBeGreaterThan(1000);
    for (const window of [
      { col: 0, row: 0, width: 17, height: 50 },
      { col: 23, row: 19, width: 9, height: 5 },
      { col: 59, row: 49, width: 1, height: 1 },
    ]) {
      const part = await valuesOf(sceneOf({}, [], index), window, grid);
      const expected = part.map(
        (_, i) => whole[(window.row + Math.floor(i / window.width)) * 60 + window.col + (i % window.width)],
      );
      expect(part).toEqual(expected);
    }
  });
});

/** A transform in zone 47 whose grid lies over a grid of zone 48. */
function placeOver(other: Grid): Grid['transform'] {
  const transform = createTransformer(other.crs, utmGrid(1, 1).crs);
  const [x, y] = transform(other.transform[2], other.transform[5]);
  return [10, 0, Math.round(x) - 100, 0, -10, Math.round(y) + 50];
}
