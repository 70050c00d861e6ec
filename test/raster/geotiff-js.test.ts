/**
 * The reader beside geotiff.js, which reads the same files by other code. Files that geotiff.js reads otherwise than GDAL
 * does (sparse tiles, predictors of big-endian files, lossy codecs) are held against GDAL elsewhere.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromFile } from 'geotiff';
import { describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';

const SHARED = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data', 'tiff-georust');

const tiffsIn = (folder: string): string[] =>
  readdirSync(folder, { encoding: 'utf8' })
    .filter((name) => /\.tiff?$/i.test(name))
    .map((name) => join(folder, name));

/** Size and pixels by both readers. */
async function compare(path: string): Promise<void> {
  const theirs = await fromFile(path);
  const image = await theirs.getImage();
  const ours = await openGeoTiff(path);
  const { width, height, bandCount } = ours.info;
  expect([path, width, height, bandCount]).toEqual([
    path,
    image.getWidth(),
    image.getHeight(),
    image.getSamplesPerPixel(),
  ]);
  const rasters = await image.readRasters();
  for (let band = 1; band <= bandCount; band++) {
    const pixels = await ours.readWindow({ col: 0, row: 0, width, height }, { band });
    expect(Buffer.compare(bytesOf(pixels), bytesOf(rasters[band - 1] as Float64Array)), `${path}, band ${band}`).toBe(
      0,
    );
  }
  await ours.close();
  await theirs.close();
}

const bytesOf = (pixels: ArrayBufferView) => Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);

describe('geotiff.js', () => {
  it('reads the same pixels in the scenes of the sample', async () => {
    const files = tiffsIn('sample-data/scenes');
    expect(files.length).toBeGreaterThan(20);
    for (const path of files) await compare(path);
  });

  it.skipIf(!existsSync(SHARED))(
    'and in public files of other writers (skipped where they are not there)',
    async () => {
      const files = tiffsIn(SHARED);
      expect(files.length).toBeGreaterThan(0);
      for (const path of files) await compare(path);
    },
  );
});
