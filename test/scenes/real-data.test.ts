/**
 * Real folders, where the machine has them (MINE_RS_SHARED); skipped elsewhere.
 * @module
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RasterProbe } from '../../src/scenes/scene.ts';
import { find, makeFolder, probeOf } from './folder.ts';

const DATA = resolve(process.env['MINE_RS_SHARED'] ?? '../shared', 'data');
const at = (name: string): string => join(DATA, name);
const lacks = (name: string): boolean => !existsSync(at(name));

/** Number of bands in the first directory of a small classic TIFF: tag 277, SamplesPerPixel. */
async function samplesPerPixel(path: string): Promise<number> {
  const bytes = await readFile(path);
  const isLittle = bytes.toString('latin1', 0, 2) === 'II';
  const u16 = (i: number): number => (isLittle ? bytes.readUInt16LE(i) : bytes.readUInt16BE(i));
  const directory = isLittle ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  for (let k = 0; k < u16(directory); k++) {
    const entry = directory + 2 + 12 * k;
    if (u16(entry) === 277) return u16(entry + 8);
  }
  return 1;
}

const probe = async (path: string): Promise<RasterProbe> => probeOf({ bandCount: await samplesPerPixel(path) })(path);

describe('real data', () => {
  it.skipIf(lacks('s2-mine'))(
    'uses all 78 dates of the Copernicus Browser exports, two of them without a data mask',
    async () => {
      const { scenes, unusable, ignored } = await find(at('s2-mine'), { probe });
      expect([scenes.length, unusable, ignored]).toEqual([78, [], 0]);
      expect([scenes[0]?.date, scenes.at(-1)?.date]).toEqual(['2019-01-04', '2023-12-29']);
      const byYear = Object.fromEntries(
        [2019, 2020, 2021, 2022, 2023].map((y) => [y, scenes.filter((s) => s.year === y).length]),
      );
      expect(byYear).toEqual({ 2019: 15, 2020: 13, 2021: 0, 2022: 26, 2023: 24 });
      const unmasked = scenes.filter((scene) => scene.bands.red?.nodata === 0).map((scene) => scene.date);
      expect(unmasked).toEqual(['2022-06-27', '2023-06-02']);
      expect(new Set(scenes.map((scene) => scene.masks.map(({ rule }) => rule.kind).join()))).toEqual(
        new Set(['scl-picture,drop', 'scl-picture']),
      );
    },
  );

  it.skipIf(lacks('landsat-c2l2-stactools-512'))('cites the MTL files of real Landsat 8 scenes', async () => {
    const { scenes, unusable } = await find(at('landsat-c2l2-stactools-512'));
    expect(unusable).toEqual([]);
    expect(scenes.map(({ id, date }) => [id, date])).toEqual([
      ['LC08_L2SP_017036_20130419_20200913_02_T2', '2013-04-19'],
      ['LC08_L2SP_008059_20191201_20200825_02_T1', '2019-12-01'],
    ]);
    for (const scene of scenes) expect(scene.bands.nir?.radiometry).toMatch(/_MTL\.txt, group LEVEL2_SURFACE_REFL/);
  });

  it.skipIf(lacks('landsat8-l8ny18'))('refuses 19 Level-1 scenes', async () => {
    const { scenes, unusable } = await find(at('landsat8-l8ny18'));
    expect(scenes).toEqual([]);
    expect(unusable).toHaveLength(19);
    expect(new Set(unusable.map(({ reason }) => reason))).toEqual(
      new Set(['is Level-1 (top of atmosphere); download Level-2']),
    );
  });

  it.skipIf(lacks('stac-sentinel2'))('reads the offset of each real item', async () => {
    const offsets: Record<string, number | undefined> = {};
    for (const name of (await readdir(at('stac-sentinel2'))).toSorted()) {
      const path = join(at('stac-sentinel2'), name, 'expected_output.json');
      if (!existsSync(path)) continue;
      // the items come without pixels: empty GeoTIFFs stand where the assets point
      const folder = await makeFolder([]);
      const text = await readFile(path, 'utf8');
      const item = JSON.parse(text) as { id: string; assets: Record<string, { href: string }> };
      await writeFile(join(folder, 'item.json'), text);
      for (const key of ['red', 'nir', 'scl']) {
        const file = join(folder, item.assets[key]!.href.replace(/\.jp2$/, '.tif'));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, '');
      }
      const { scenes } = await find(folder);
      offsets[`${scenes[0]?.date} ${scenes[0]?.sensor}`] = scenes[0]?.bands.red?.offset;
    }
    // the items of 2021, 2019 are of baselines before 04.00; the one of 1 April 2022 really tells -0.7
    expect(offsets).toEqual({
      '2019-02-12 S2A': 0,
      '2021-01-22 S2B': 0,
      '2022-04-01 S2A': -0.7,
      '2022-04-13 S2B': -0.1,
      '2023-06-25 S2A': -0.1,
      '2024-01-09 S2A': -0.1,
    });
  });

  it.skipIf(lacks('stac-odc-stac'))(
    'goes by baseline and product name where an item has no raster:bands offset',
    async () => {
      const expected: [string, RegExp][] = [
        ['S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531.json', /baseline 02\.12/],
        ['S2A_28QCH_20200714_0_L2A.json', /baseline 02\.14/],
      ];
      for (const [name, words] of expected) {
        const folder = await makeFolder([]);
        await copyFile(join(at('stac-odc-stac'), name), join(folder, name));
        const bare = await find(folder);
        expect(bare.scenes[0]?.files.map((path) => path.slice(0, 8))).toEqual(Array(3).fill('https://'));
        const item = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
          assets: Record<string, { href: string }>;
        };
        for (const key of ['B04', 'B08', 'SCL']) await writeFile(join(folder, basename(item.assets[key]!.href)), '');
        const { scenes } = await find(folder);
        expect(scenes[0]?.bands.nir?.offset).toBe(0);
        expect(scenes[0]?.bands.nir?.radiometry).toMatch(words);
      }
    },
  );

  it.skipIf(lacks('stac-hls'))('finds the granules of real HLS items', async () => {
    const { scenes, unusable } = await find(at('stac-hls'));
    expect(unusable).toEqual([]);
    expect(scenes.map(({ id, date, sensor, files }) => [id, date, sensor, files.map((url) => url.slice(-14))])).toEqual(
      [
        [
          'HLS.L30.T19LDD.2022165T144027.v2.0',
          '2022-06-14',
          'HLS L30',
          ['7.v2.0.B04.tif', '7.v2.0.B05.tif', '.v2.0.Fmask.tif'.slice(-14)],
        ],
        [
          'HLS.S30.T19LDD.2022166T144741.v2.0',
          '2022-06-15',
          'HLS S30',
          ['1.v2.0.B04.tif', '1.v2.0.B8A.tif', '.v2.0.Fmask.tif'.slice(-14)],
        ],
      ],
    );
    for (const { bands } of scenes) {
      expect(bands.nir).toMatchObject({ scale: 1e-4, offset: 0, nodata: -9999 });
      expect(bands.nir?.radiometry).toMatch(/HLS version 2 product definition, in agreement with HLS/);
    }
  });

  it.skipIf(lacks('stac-odc-stac'))('reads every Landsat and Sentinel-2 item of a mixed folder', async () => {
    const { scenes, unusable } = await find(at('stac-odc-stac'));
    // one item of 2019 is there twice, with and without the raster extension, as are scenes of the two collections
    expect(unusable.filter(({ harmless }) => harmless !== true)).toEqual([]);
    const of = (start: string) => scenes.filter(({ sensor }) => sensor.startsWith(start));
    expect(of('LC').map(({ id }) => id)).toEqual([
      'LC08_L2SR_081119_20200101_20200823_02_T2',
      'LC08_L2SP_028030_20200114_20200824_02_T1',
    ]);
    expect(of('LE').map(({ bands }) => bands.nir?.path.slice(-9))).toEqual(['SR_B4.TIF']);
    expect(of('S2').length).toBeGreaterThan(15);
    for (const { bands } of of('S2')) expect(bands.red).toMatchObject({ scale: 1e-4, offset: 0 });
    for (const { bands } of [...of('LC'), ...of('LE')]) {
      expect(bands.red).toMatchObject({ scale: 2.75e-5, offset: -0.2, nodata: 0 });
    }
  });

  it.skipIf(lacks('stac-landsat'))('follows a real static catalog of Landsat 4 to 9', async () => {
    const folder = join(at('stac-landsat'), 'examples/landsat-c2-l2');
    const { scenes, unusable } = await find(join(folder, 'collection.json'));
    // its items point to files beyond the catalog's folder
    expect(scenes).toEqual([]);
    expect(unusable.map(({ sensor, date }) => [sensor, date])).toEqual([
      ['LT04', '1983-01-10'],
      ['LT05', '1986-04-24'],
      ['LE07', '2010-01-09'],
      ['LC08', '2020-12-04'],
      ['LC09', '2022-01-29'],
    ]);
    for (const { reason } of unusable) expect(reason).toMatch(/^SR_B\d, SR_B\d and QA_PIXEL: outside the named folder/);
  });

  it.skipIf(lacks('stac-sentinel2'))('reads the offset of each real MTD_MSIL2A.xml', async () => {
    const found: unknown[] = [];
    for (const name of (await readdir(at('stac-sentinel2'))).toSorted()) {
      const path = [
        join(at('stac-sentinel2'), name, 'MTD_MSIL2A.xml'),
        join(at('stac-sentinel2'), name, 'product_metadata.xml'),
      ].find(existsSync);
      if (path === undefined) continue;
      const xml = await readFile(path, 'utf8');
      const product = /<PRODUCT_URI>([^<]*)</.exec(xml)![1]!;
      const images = [...xml.matchAll(/<IMAGE_FILE>([^<]*)</g)].map((match) => `${product}/${match[1]}.jp2`);
      const folder = await makeFolder({
        ...Object.fromEntries(images.map((image) => [image, ''])),
        [`${product}/MTD_MSIL2A.xml`]: xml,
      });
      const { scenes, unusable } = await find(folder);
      expect(unusable).toEqual([]);
      for (const { date, sensor, bands } of scenes) {
        found.push([date, sensor, bands.red?.scale, bands.red?.offset, bands.nir?.path.slice(-11)]);
      }
    }
    expect(found).toEqual([
      ['2019-02-12', 'S2A', 1e-4, 0, 'B08_10m.jp2'],
      ['2023-06-25', 'S2A', 1e-4, -0.1, 'B08_10m.jp2'],
      ['2022-04-01', 'S2A', 1e-4, -0.7, 'B08_10m.jp2'],
      ['2022-04-13', 'S2B', 1e-4, -0.1, 'B08_10m.jp2'],
      ['2021-01-22', 'S2B', 1e-4, 0, 'B08_10m.jp2'],
    ]);
  });
});
