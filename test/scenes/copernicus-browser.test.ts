import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RasterProbe } from '../../src/scenes/scene.ts';
import { find, makeFolder, probeOf } from './folder.ts';

const name = (date: string, layer: string, colon = ':'): string =>
  `${date}-00${colon}00_${date}-23${colon}59_Sentinel-2_L2A_${layer}.tiff`;
const LAYERS = ['B04_(Raw)', 'B08_(Raw)', 'Scene_classification_map_'];
const exported = (date: string, folder = '', layers = LAYERS): string[] =>
  layers.map((layer) => `${folder}${name(date, layer)}`);

const probe =
  (values: Partial<RasterProbe> = {}) =>
  (path: string): Promise<RasterProbe> =>
    probeOf({ bandCount: 2, ...values, ...(path.includes('Scene_class') ? { bandCount: 3 } : {}) })(path);

describe('Copernicus Browser exports', () => {
  it('makes one scene of a date, with reflectance over the range of the type', async () => {
    const folder = await makeFolder(exported('2019-08-22', '', [...LAYERS, 'True_color', 'B02_(Raw)']));
    const { scenes, unusable, ignored } = await find(folder, { probe: probe() });
    expect([unusable, ignored]).toEqual([[], 0]);
    const path = (layer: string): string => join(folder, name('2019-08-22', layer));
    const band = {
      band: 1,
      scale: 1 / 65535,
      offset: 0,
      nodata: null,
      radiometry: 'Copernicus Browser export: reflectance 0-1 over the range of uint16',
    };
    expect(scenes).toEqual([
      {
        id: 'Sentinel-2_L2A_2019-08-22',
        date: '2019-08-22',
        year: 2019,
        sensor: 'S2',
        product: 'copernicus-browser',
        bands: { red: { path: path('B04_(Raw)'), ...band }, nir: { path: path('B08_(Raw)'), ...band } },
        masks: [
          {
            path: path('Scene_classification_map_'),
            band: 1,
            rule: { kind: 'scl-picture' },
            description: expect.stringContaining('picture'),
          },
          {
            path: path('B04_(Raw)'),
            band: 2,
            rule: { kind: 'drop', values: [0] },
            description: 'data mask of the export',
          },
        ],
        files: [path('B04_(Raw)'), path('B08_(Raw)'), path('Scene_classification_map_')],
        adjustments: [],
      },
    ]);
  });

  it('takes 0 as no data where there is no data mask', async () => {
    const { scenes } = await find(await makeFolder(exported('2022-06-27')), { probe: probe({ bandCount: 1 }) });
    expect(scenes[0]?.bands.red?.nodata).toBe(0);
    expect(scenes[0]?.masks.map(({ rule }) => rule.kind)).toEqual(['scl-picture']);
  });

  it.each([
    ['uint8', 1 / 255],
    ['uint16', 1 / 65535],
    ['float32', 1],
  ])('scales %s', async (pixelType, scale) => {
    const { scenes } = await find(await makeFolder(exported('2019-08-22')), { probe: probe({ pixelType }) });
    expect(scenes[0]?.bands.nir?.scale).toBe(scale);
  });

  it.each(['_', '-', '%3A'])('knows the name with %j in place of the colon', async (colon) => {
    const files = LAYERS.map((layer) => name('2019-08-22', layer, colon));
    const { scenes } = await find(await makeFolder(files), { probe: probe() });
    expect(scenes.map(({ date }) => date)).toEqual(['2019-08-22']);
  });

  it('reads a classification of one band as values', async () => {
    const { scenes } = await find(await makeFolder(exported('2019-08-22')), { probe: probeOf({ bandCount: 1 }) });
    expect(scenes[0]?.masks[0]?.rule).toEqual({ kind: 'drop', values: [0, 1, 3, 8, 9, 10, 11] });
  });

  it('takes the date from the file name, not from the folder', async () => {
    const { scenes } = await find(await makeFolder(exported('2020-06-07', '060720/')), { probe: probe() });
    expect(scenes[0]?.date).toBe('2020-06-07');
  });

  it.each([
    [exported('2019-08-22', '', ['B04_(Raw)', 'B08_(Raw)']), /scene classification map \(mask\) is missing/],
    [exported('2019-08-22', '', ['B04_(Raw)']), /B08 \(Raw\) and the scene classification map \(mask\) are missing/],
    [exported('2019-08-22').map((file) => file.replace('L2A', 'L1C')), /Level-1C/],
    [
      exported('2019-08-22').map((file) => file.replace('2019-08-22-00', '2019-07-01-00')),
      /mosaic of 2019-07-01 to 2019-08-22/,
    ],
    [exported('2019-08-32'), /no such date/],
    [
      exported('2019-08-22').map((file) => file.replace('Sentinel-2_L2A', 'Landsat_8-9_L2')),
      /Landsat_8-9 L2 are not known/,
    ],
  ])('says why %j cannot be used', async (files, reason) => {
    const { scenes, unusable, ignored } = await find(await makeFolder(files), { probe: probe() });
    expect([scenes, ignored]).toEqual([[], 0]);
    expect(unusable).toHaveLength(1);
    expect(unusable[0]?.reason).toMatch(reason);
  });

  it('lists a date whose file cannot be read or has an unknown type', async () => {
    const folder = await makeFolder(exported('2019-08-22'));
    const broken = await find(folder, { probe: () => Promise.reject(new Error('B04.tiff: not a TIFF file')) });
    expect(broken.unusable[0]?.reason).toBe('B04.tiff: not a TIFF file');
    const odd = await find(folder, { probe: probe({ pixelType: 'int32' }) });
    expect(odd.unusable[0]?.reason).toMatch(/pixel type int32/);
  });

  it('uses one date of two places twice, a copy once', async () => {
    const files: Record<string, string> = {};
    const places = { a: 'one', b: 'two', c: 'one' };
    for (const [place, content] of Object.entries(places)) {
      for (const file of exported('2019-08-22', `${place}/`)) files[file] = content;
    }
    const folder = await makeFolder(files);
    const { scenes, unusable } = await find(folder, { probe: probe() });
    expect(scenes.map(({ id }) => id)).toEqual(['Sentinel-2_L2A_2019-08-22', 'Sentinel-2_L2A_2019-08-22 (2)']);
    expect(unusable).toMatchObject([
      { path: join(folder, 'c'), reason: `is a copy of ${join(folder, 'a')}`, harmless: true },
    ]);
  });
});
