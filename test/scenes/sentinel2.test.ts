import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { find, makeFolder } from './folder.ts';

interface Item {
  id?: string;
  properties?: Record<string, unknown>;
  assets?: Record<string, unknown>;
  collection?: string;
}

const ID = 'S2B_47SNB_20220715_0_L2A';
const RASTER = { nodata: 0, data_type: 'uint16', scale: 0.0001, offset: -0.1 };

const asset = (href: string, raster?: unknown): Record<string, unknown> => ({
  href,
  ...(raster === undefined ? {} : { 'raster:bands': [raster] }),
});

const assetsOf = (raster?: unknown): Record<string, unknown> => ({
  red: asset('./B04.tif', raster),
  nir: asset('./B08.tif', raster),
  scl: asset('./SCL.tif'),
});

function item({
  id = ID,
  properties = {},
  assets = assetsOf(RASTER),
  collection = 'sentinel-2-l2a',
}: Item = {}): string {
  return JSON.stringify({
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    collection,
    geometry: null,
    links: [],
    properties: { datetime: '2022-07-15T04:11:12Z', platform: 'sentinel-2b', ...properties },
    assets,
  });
}

const sceneFolder = (json: string, bands = ['B04.tif', 'B08.tif', 'SCL.tif'], name = ID): Record<string, string> => ({
  ...Object.fromEntries(bands.map((band) => [`${name}/${band}`, ''])),
  [`${name}/${name}.json`]: json,
});

describe('Sentinel-2 Level-2A with a STAC item', () => {
  it('finds bands, mask and the told radiometry', async () => {
    const folder = await makeFolder(sceneFolder(item(), ['B04.tif', 'B08.tif', 'SCL.tif', 'B05.tif']));
    const { scenes, unusable, ignored } = await find(folder);
    expect(unusable).toEqual([]);
    expect(ignored).toBe(0);
    const path = (name: string): string => join(folder, ID, name);
    const band = { band: 1, scale: 0.0001, offset: -0.1, nodata: 0, radiometry: `raster:bands of ${ID}.json` };
    expect(scenes).toEqual([
      {
        id: ID,
        date: '2022-07-15',
        year: 2022,
        sensor: 'S2B',
        product: 'sentinel-2-l2a',
        bands: { red: { path: path('B04.tif'), ...band }, nir: { path: path('B08.tif'), ...band } },
        masks: [
          {
            path: path('SCL.tif'),
            band: 1,
            rule: { kind: 'drop', values: [0, 1, 3, 8, 9, 10, 11] },
            description: expect.stringContaining('SCL'),
          },
        ],
        files: [path('B04.tif'), path('B08.tif'), path('SCL.tif')],
        adjustments: [],
      },
    ]);
  });

  // [properties, raster:bands, offset, words of the radiometry]; the offset is told, never guessed from the date
  it.each([
    ['reads an odd offset as it is', {}, { scale: 0.0001, offset: -0.7 }, -0.7, /^raster:bands/],
    [
      'reads offset 0 of an old baseline',
      { 's2:processing_baseline': '02.12' },
      { scale: 0.0001, offset: 0 },
      0,
      /raster:bands/,
    ],
    [
      'takes no offset twice',
      { 'earthsearch:boa_offset_applied': true, 's2:processing_baseline': '05.00' },
      RASTER,
      0,
      /boa_offset_applied of .* already in the pixels/,
    ],
    [
      'removes it when the item says that it is still there',
      { 'earthsearch:boa_offset_applied': false, 's2:processing_baseline': '04.00' },
      RASTER,
      -0.1,
      /raster:bands/,
    ],
    ['goes by baseline 04.00', { 's2:processing_baseline': '04.00' }, undefined, -0.1, /processing baseline 04\.00/],
    [
      'goes by baseline 05.11 of a reprocessed scene',
      { 's2:processing_baseline': 5.11 },
      undefined,
      -0.1,
      /baseline 5\.11/,
    ],
    ['goes by baseline 03.01', { 's2:processing_baseline': '03.01' }, { nodata: 0 }, 0, /baseline 03\.01/],
    [
      'goes by the baseline in the product name',
      { 'sentinel:product_id': 'S2A_MSIL2A_20200714T115221_N0214_R123_T28QCH_20200714T191310' },
      undefined,
      0,
      /baseline 02\.14/,
    ],
    [
      'takes the offset from the baseline when only the scale is told',
      { 's2:processing_baseline': '04.00' },
      { scale: 0.0002 },
      -0.1,
      /raster:bands/,
    ],
  ])('%s', async (_, properties, raster, offset, words) => {
    const { scenes } = await find(await makeFolder(sceneFolder(item({ properties, assets: assetsOf(raster) }))));
    expect(scenes[0]?.bands.red?.offset).toBe(offset);
    expect(scenes[0]?.bands.red?.scale).toBe((raster as { scale?: number } | undefined)?.scale ?? 0.0001);
    expect(scenes[0]?.bands.red?.radiometry).toMatch(words);
  });

  it('reads each band’s own scale and the bands of STAC 1.1', async () => {
    const assets = {
      red: { href: 'B04.tif', bands: [{ name: 'B04', 'raster:scale': 0.001, 'raster:offset': -0.2 }] },
      nir: asset('B08.tif', { scale: 0.0001, offset: -0.1 }),
      scl: asset('SCL.tif'),
    };
    const { scenes } = await find(await makeFolder(sceneFolder(item({ assets }))));
    expect(scenes[0]?.bands).toMatchObject({
      red: { scale: 0.001, offset: -0.2 },
      nir: { scale: 0.0001, offset: -0.1 },
    });
  });

  it.each([
    ['no offset and no baseline', {}, undefined, /B04 and B08: radiometry unknown/],
    [
      'an item that contradicts itself',
      { 'earthsearch:boa_offset_applied': false, 's2:processing_baseline': '04.00' },
      { scale: 0.0001, offset: 0 },
      /contradicts itself/,
    ],
  ])('refuses %s', async (_, properties, raster, reason) => {
    const { scenes, unusable } = await find(
      await makeFolder(sceneFolder(item({ properties, assets: assetsOf(raster) }))),
    );
    expect(scenes).toEqual([]);
    expect(unusable[0]?.reason).toMatch(reason);
    expect(unusable[0]?.reason).toMatch(/scenes\.yaml/);
  });

  it('refuses band folders without an item', async () => {
    const { scenes, unusable, ignored } = await find(
      await makeFolder(['S2A_T31_20200714/B04.tif', 'S2A_T31_20200714/B08.tif']),
    );
    expect([scenes, ignored]).toEqual([[], 0]);
    expect(unusable).toMatchObject([{ id: 'S2A_T31_20200714', date: '2020-07-14', sensor: 'S2A' }]);
    expect(unusable[0]?.reason).toMatch(/radiometry unknown.*STAC item.*scenes\.yaml/);
  });

  it('finds assets by common name, and files beside the item when the item points to a URL', async () => {
    const url = 'https://example.com/tiles/S2B/';
    const assets = {
      a: { href: `${url}B04.tif?token=1`, 'eo:bands': [{ name: 'B04', common_name: 'red' }], 'raster:bands': [RASTER] },
      B08: asset(`${url}B08.tif`, RASTER),
      SCL: asset(`${url}SCL.tif`),
      visual: { href: `${url}TCI.tif`, 'eo:bands': [{ common_name: 'red' }, { common_name: 'green' }] },
    };
    const here = await find(await makeFolder(sceneFolder(item({ assets }))));
    expect(here.scenes[0]?.files.map((path) => path.split('/').at(-1))).toEqual(['B04.tif', 'B08.tif', 'SCL.tif']);
    const away = await find(await makeFolder({ 'item.json': item({ assets }) }));
    expect(away.unusable).toEqual([]);
    expect(away.scenes[0]?.files).toEqual([`${url}B04.tif?token=1`, `${url}B08.tif`, `${url}SCL.tif`]);
    const old = JSON.parse(JSON.stringify(assets).replaceAll('https://', 'gs://')) as Record<string, unknown>;
    const unread = await find(await makeFolder({ 'item.json': item({ assets: old }) }));
    expect(unread.unusable[0]?.reason).toMatch(/^B04, B08 and SCL: behind gs:.*not read; download/);
  });

  it('takes B8A where there is no B08, and says so', async () => {
    const assets = { red: asset('B04.tif', RASTER), nir08: asset('B8A.tif', RASTER), scl: asset('SCL.tif') };
    const { scenes } = await find(await makeFolder(sceneFolder(item({ assets }), ['B04.tif', 'B8A.tif', 'SCL.tif'])));
    expect(scenes[0]?.bands.nir?.path).toMatch(/B8A\.tif$/);
    expect(scenes[0]?.adjustments).toEqual(['NIR is B8A (20 m), there is no B08']);
  });

  it('does not leave the named folder: neither by .. nor by an absolute path nor by a link', async () => {
    const outside = await makeFolder(['secret.tif']);
    for (const href of ['../../secret.tif', join(outside, 'secret.tif'), `file://${join(outside, 'secret.tif')}`]) {
      const assets = { ...assetsOf(RASTER), red: asset(href, RASTER) };
      const { scenes, unusable } = await find(await makeFolder(sceneFolder(item({ assets }))));
      expect(scenes).toEqual([]);
      expect(unusable[0]?.reason).toMatch(/^B04: outside the named folder/);
    }
    const folder = await makeFolder(sceneFolder(item(), ['B08.tif', 'SCL.tif']));
    await symlink(join(outside, 'secret.tif'), join(folder, ID, 'B04.tif'));
    const { scenes, unusable } = await find(folder);
    expect(scenes).toEqual([]);
    expect(unusable.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/link to a place outside the named folder; name that place/),
      expect.stringMatching(/^B04: a link to a place outside the named folder/),
    ]);
  });

  it('follows .. inside the named folder', async () => {
    const assets = { ...assetsOf(RASTER), red: asset('../shared/B04.tif', RASTER) };
    const files = { ...sceneFolder(item({ assets }), ['B08.tif', 'SCL.tif']), 'shared/B04.tif': '' };
    const { scenes } = await find(await makeFolder(files));
    expect(scenes[0]?.bands.red?.path).toMatch(/shared\/B04\.tif$/);
  });

  it.each([
    [
      'no SCL',
      { red: asset('B04.tif', RASTER), nir: asset('B08.tif', RASTER) },
      ['B04.tif', 'B08.tif'],
      /^SCL: neither/,
    ],
    ['a missing file', assetsOf(RASTER), ['B08.tif', 'SCL.tif'], /^B04: no file where the item says/],
  ])('refuses %s', async (_, assets, bands, reason) => {
    const { scenes, unusable } = await find(await makeFolder(sceneFolder(item({ assets }), bands)));
    expect(scenes).toEqual([]);
    expect(unusable[0]?.reason).toMatch(reason);
  });

  it('takes JPEG 2000, and rather the GeoTIFF that one was converted to', async () => {
    const assets = { ...assetsOf(RASTER), nir: asset('B08.jp2', RASTER) };
    const { scenes } = await find(
      await makeFolder(sceneFolder(item({ assets }), ['B04.tif', 'B08.tif', 'B08.jp2', 'SCL.tif'])),
    );
    expect(scenes[0]?.bands.nir?.path).toMatch(/B08\.tif$/);
    const only = await find(await makeFolder(sceneFolder(item({ assets }), ['B04.tif', 'B08.jp2', 'SCL.tif'])));
    expect(only.scenes[0]?.bands.nir?.path).toMatch(/B08\.jp2$/);
  });

  it('refuses Level-1C, and leaves other items alone', async () => {
    const l1c = item({ id: 'S2B_47SNB_20220715_0_L1C', collection: 'sentinel-2-l1c' });
    const other = item({ id: 'dem', collection: 'lidar', properties: { platform: 'plane' } });
    const { unusable } = await find(
      await makeFolder({ 'a.json': l1c, 'b.json': other, 'c.json': '{"type": "Feature"' }),
    );
    expect(unusable.map(({ id, reason }) => [id, reason])).toEqual([
      ['S2B_47SNB_20220715_0_L1C', 'is Level-1C (top of atmosphere); download Level-2A'],
    ]);
  });

  it('uses the newest baseline of an acquisition, both parts of a split one, and a copy once', async () => {
    const named = (baseline: string, made: string): string =>
      `S2B_MSIL2A_20190715T041112_N${baseline}_R004_T47SNB_${made}`;
    const ids = [named('0213', '20190715T080000'), named('0500', '20230101T010000'), named('0500', '20230101T020000')];
    const files: Record<string, string> = {};
    for (const id of ids) {
      const json = item({ id, properties: { datetime: '2019-07-15T04:11:12Z' } });
      Object.assign(files, sceneFolder(json, undefined, id));
    }
    for (const [name, content] of Object.entries(files)) if (name.startsWith(ids[1]!)) files[`copy/${name}`] = content;
    const { scenes, unusable } = await find(await makeFolder(files));
    expect(scenes.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(unusable.map(({ id, reason, harmless }) => [id, reason.split(' ').slice(0, 5).join(' '), harmless])).toEqual(
      [
        [ids[0], 'the same acquisition is used', true],
        [ids[1], 'the same product is used', true],
      ],
    );
  });
});

describe('what is not read', () => {
  it('lists archives and bare bands with what to do', async () => {
    const folder = await makeFolder([
      'IMG_DATA/R10m/T07HFE_20190212T192651_B04_10m.jp2',
      'LC08_L2SP_133034_20190715_20200827_02_T1.tar.gz',
      'S2A_MSIL2A_20190212T192651_N0212_R013_T07HFE_20201007T160857.SAFE.zip',
      'notes.zip',
    ]);
    const { scenes, unusable, ignored } = await find(folder);
    expect([scenes, ignored]).toEqual([[], 0]);
    expect(unusable.map(({ id, date, sensor, reason }) => [id, date, sensor, reason.slice(0, 30)])).toEqual([
      ['R10m', null, null, 'radiometry unknown: JPEG 2000 '],
      [
        'S2A_MSIL2A_20190212T192651_N0212_R013_T07HFE_20201007T160857.SAFE',
        '2019-02-12',
        'S2A',
        'is an archive; unpack it first',
      ],
      ['LC08_L2SP_133034_20190715_20200827_02_T1', '2019-07-15', 'LC08', 'is an archive; unpack it first'],
    ]);
  });
});
