/**
 * Windows of a GeoTIFF at a coarser level.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { readHalved } from '../../src/raster/level.ts';
import { reduceByTwo, type OverviewMethod } from '../../src/raster/overview.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import { paint, utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('level');
const [WIDTH, HEIGHT] = [300, 170];
/** A patchwork with holes of no data (255). */
const classOf = (col: number, row: number) =>
  (col - 90) ** 2 + (row - 60) ** 2 < 500 ? 255 : ((col >> 2) * 7 + (row >> 1) * 3) % 5;

/** A window of a raster that was written with tiles of 64, and so with overviews, halved by hand. */
async function byHand(path: string, halvings: number, method: OverviewMethod) {
  const file = await openGeoTiff(path);
  try {
    const pixels = await file.readWindow({ col: 0, row: 0, width: WIDTH, height: HEIGHT });
    let image = { pixels, width: WIDTH, height: HEIGHT };
    for (let k = 0; k < halvings; k++) {
      image = reduceByTwo(image.pixels, image.width, image.height, 1, method, file.info.nodata);
    }
    return { image, overviews: file.info.overviewCount };
  } finally {
    await file.close();
  }
}

describe('a coarser level', () => {
  const path = join(newFolder(), 'classes.tif');

  it('is what halving by hand gives, from overviews and beyond them', async () => {
    const pixels = paint(new Uint8Array(WIDTH * HEIGHT), WIDTH, classOf);
    await writeRaster(path, utmGrid(WIDTH, HEIGHT), pixels, { nodata: 255, overview: 'mode' });
    const whole = { col: 0, row: 0, width: WIDTH, height: HEIGHT };
    for (let halvings = 0; halvings <= 5; halvings++) {
      const { image, overviews } = await byHand(path, halvings, 'mode');
      expect(overviews).toBeLessThan(5);
      expect(await readHalved(path, whole, halvings, [1], 'mode')).toEqual([image]);
    }
  });

  it('is the part of it that a window asks for', async () => {
    const window = { col: 64, row: 32, width: WIDTH - 64, height: 100 };
    const [part] = await readHalved(path, window, 2, [1], 'mode');
    const { image } = await byHand(path, 2, 'mode');
    expect([part!.width, part!.height]).toEqual([59, 25]);
    for (let row = 0; row < part!.height; row++) {
      const from = (row + 8) * image.width + 16;
      const expected = image.pixels.subarray(from, from + part!.width);
      expect(part!.pixels.subarray(row * part!.width, (row + 1) * part!.width)).toEqual(expected);
    }
  });

  it('takes means of numbers, passing over NaN', async () => {
    const values = join(newFolder(), 'values.tif');
    const pixels = paint(new Float32Array(WIDTH * HEIGHT), WIDTH, (col, row) => (col === 3 ? NaN : col + row / 256));
    await writeRaster(values, utmGrid(WIDTH, HEIGHT), pixels, { nodata: NaN });
    const { image } = await byHand(values, 3, 'average');
    const whole = { col: 0, row: 0, width: WIDTH, height: HEIGHT };
    expect(await readHalved(values, whole, 3, [1], 'average')).toEqual([image]);
  });

  it('gives nodata for the tiles that a sparse file leaves out, at every level', async () => {
    const sparse = join(newFolder(), 'sparse.tif');
    const pixels = paint(new Uint8Array(WIDTH * HEIGHT), WIDTH, (col) => (col < 128 ? 255 : 2));
    await writeRaster(sparse, utmGrid(WIDTH, HEIGHT), pixels, { nodata: 255, overview: 'mode' });
    const whole = { col: 0, row: 0, width: WIDTH, height: HEIGHT };
    const [image] = await readHalved(sparse, whole, 1, [1], 'mode');
    expect([image!.pixels[0], image!.pixels[63], image!.pixels[64]]).toEqual([255, 255, 2]);
  });

  it('refuses what is not the map: another size, a band too many, no TIFF', async () => {
    const far = { col: 0, row: 0, width: WIDTH + 1, height: HEIGHT };
    await expect(readHalved(path, far, 0, [1], 'mode')).rejects.toThrow(/its size is another/);
    const one = { col: 0, row: 0, width: 1, height: 1 };
    await expect(readHalved(path, one, 0, [2], 'mode')).rejects.toThrow(MineRsError);
    await expect(readHalved(join(newFolder(), 'none.tif'), one, 0, [1], 'mode')).rejects.toThrow(/none\.tif/);
  });
});
