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
        expect(bare.unusable[0]?.reason).toMatch(/behind a URL/);
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
});
