import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { find, makeFolder } from './folder.ts';

const ID = 'LC08_L2SP_133034_20190715_20200827_02_T1';

const product = (id: string, parts: readonly string[], folder = ''): string[] =>
  parts.map((part) => `${folder}${id}_${part}`);
const OLI = ['SR_B4.TIF', 'SR_B5.TIF', 'QA_PIXEL.TIF'];

const mtlText = (mult: string, add: string): string => `GROUP = LANDSAT_METADATA_FILE
  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS
    REFLECTANCE_MULT_BAND_4 = ${mult}
    REFLECTANCE_MULT_BAND_5 = 2.75e-05
    REFLECTANCE_ADD_BAND_4 = ${add}
    REFLECTANCE_ADD_BAND_5 = -0.2
  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS
  GROUP = LEVEL1_RADIOMETRIC_RESCALING
    REFLECTANCE_MULT_BAND_4 = 2.0000E-05
    REFLECTANCE_ADD_BAND_4 = -0.100000
  END_GROUP = LEVEL1_RADIOMETRIC_RESCALING
END_GROUP = LANDSAT_METADATA_FILE
END
`;

describe('Landsat Collection 2 Level 2', () => {
  it('finds one product with its radiometry and mask', async () => {
    const folder = await makeFolder([...product(ID, [...OLI, 'SR_B6.TIF', 'QA_RADSAT.TIF', 'ST_B10.TIF']), 'dem.tif']);
    const { scenes, unusable, ignored } = await find(folder);
    expect(unusable).toEqual([]);
    expect(ignored).toBe(1);
    const path = (part: string): string => join(folder, `${ID}_${part}`);
    const radiometry = 'Landsat Collection 2 Level 2 product definition';
    const band = { band: 1, scale: 2.75e-5, offset: -0.2, nodata: 0, radiometry };
    expect(scenes).toEqual([
      {
        id: ID,
        date: '2019-07-15',
        year: 2019,
        sensor: 'LC08',
        product: 'landsat-c2l2',
        bands: { red: { path: path('SR_B4.TIF'), ...band }, nir: { path: path('SR_B5.TIF'), ...band } },
        masks: [
          {
            path: path('QA_PIXEL.TIF'),
            band: 1,
            rule: { kind: 'bits', bits: [0, 1, 2, 3, 4, 5] },
            description: expect.stringContaining('QA_PIXEL'),
          },
        ],
        files: [path('QA_PIXEL.TIF'), path('SR_B4.TIF'), path('SR_B5.TIF')],
        adjustments: [],
      },
    ]);
  });

  it.each([
    ['LT04', 'SR_B3', 'SR_B4'],
    ['LT05', 'SR_B3', 'SR_B4'],
    ['LE07', 'SR_B3', 'SR_B4'],
    ['LC08', 'SR_B4', 'SR_B5'],
    ['LC09', 'SR_B4', 'SR_B5'],
  ])('takes red and near infrared of %s from %s and %s', async (sensor, red, nir) => {
    const id = `${sensor}_L2SP_133034_20030715_20200827_02_T2`;
    const parts = ['SR_B1.TIF', 'SR_B3.TIF', 'SR_B4.TIF', 'SR_B5.TIF', 'QA_PIXEL.TIF'];
    const { scenes } = await find(await makeFolder(product(id, parts)));
    expect(scenes[0]?.sensor).toBe(sensor);
    expect(scenes[0]?.bands.red?.path).toContain(red);
    expect(scenes[0]?.bands.nir?.path).toContain(nir);
  });

  it('finds products at any depth, with endings in any case, and L2SR', async () => {
    const names = product(
      'LE07_L2SR_001002_20010203_20200101_02_T2',
      ['SR_B3.tif', 'SR_B4.Tif', 'QA_PIXEL.tiff'],
      'a/b/',
    );
    const { scenes } = await find(await makeFolder(names));
    expect(scenes.map(({ id }) => id)).toEqual(['LE07_L2SR_001002_20010203_20200101_02_T2']);
  });

  it('names what is missing', async () => {
    const { scenes, unusable } = await find(await makeFolder(product(ID, ['SR_B4.TIF'])));
    expect(scenes).toEqual([]);
    expect(unusable).toMatchObject([
      {
        id: ID,
        date: '2019-07-15',
        sensor: 'LC08',
        reason: expect.stringMatching(/^SR_B5\.TIF \(nir\) and QA_PIXEL\.TIF \(mask\) are missing; download/),
      },
    ]);
  });

  it.each([
    ['LC08_L1TP_133034_20190715_20200827_02_T1_B4.TIF', /Level-1 \(top of atmosphere\); download Level-2/],
    ['LC08_L1TP_014031_20180106_B4.TIF', /Level-1/],
    ['LC08_L1TP_133034_20190715_20200827_01_T1_sr_band4.tif', /Collection 1; download Collection 2/],
    ['LM05_L2SP_133034_19890715_20200827_02_T1_SR_B1.TIF', /no surface reflectance/],
    ['LC08_L2SP_133034_20191345_20200827_02_T1_SR_B4.TIF', /no such date/],
    ['LC08_L2SP_133034_20190715_SR_B4.TIF', /keep the names/],
  ])('says why %s cannot be used', async (name, reason) => {
    const { scenes, unusable, ignored } = await find(await makeFolder([name]));
    expect(scenes).toEqual([]);
    expect(ignored).toBe(0);
    expect(unusable).toHaveLength(1);
    expect(unusable[0]?.reason).toMatch(reason);
  });

  describe('with its MTL file', () => {
    const files = (name: string, text: string): Record<string, string> =>
      Object.fromEntries([...product(ID, OLI).map((file) => [file, ''] as const), [`${ID}_${name}`, text]]);

    it('cites the Level-2 group of MTL.txt', async () => {
      const { scenes } = await find(await makeFolder(files('MTL.txt', mtlText('2.75e-05', '-0.2'))));
      expect(scenes[0]?.bands.red).toMatchObject({
        scale: 2.75e-5,
        offset: -0.2,
        radiometry: `${ID}_MTL.txt, group LEVEL2_SURFACE_REFLECTANCE_PARAMETERS`,
      });
    });

    it('cites MTL.json', async () => {
      const group = { REFLECTANCE_MULT_BAND_4: '2.75e-05', REFLECTANCE_ADD_BAND_4: '-0.2' };
      const json = { LANDSAT_METADATA_FILE: { LEVEL2_SURFACE_REFLECTANCE_PARAMETERS: group } };
      const { scenes } = await find(await makeFolder(files('MTL.json', JSON.stringify(json))));
      expect(scenes[0]?.bands.red?.radiometry).toContain('_MTL.json');
      expect(scenes[0]?.bands.nir?.radiometry).toBe('Landsat Collection 2 Level 2 product definition');
    });

    it('refuses a scale that is not the product’s', async () => {
      const { scenes, unusable } = await find(await makeFolder(files('MTL.txt', mtlText('1.0e-04', '0.0'))));
      expect(scenes).toEqual([]);
      expect(unusable[0]?.reason).toMatch(
        /band 4 scale 0\.0001 and offset 0, Collection 2 Level-2 has 0\.0000275 and -0\.2/,
      );
    });

    it('does without when the file is cut off', async () => {
      const { scenes } = await find(await makeFolder(files('MTL.json', '{"LANDSAT_METADATA_FILE": {')));
      expect(scenes[0]?.bands.red?.radiometry).toBe('Landsat Collection 2 Level 2 product definition');
    });
  });

  it('uses a product given twice once', async () => {
    const folder = await makeFolder([...product(ID, OLI, 'b/'), ...product(ID, OLI, 'a/')]);
    const { scenes, unusable } = await find(folder);
    expect(scenes).toHaveLength(1);
    expect(scenes[0]?.files[0]).toBe(join(folder, 'a', `${ID}_QA_PIXEL.TIF`));
    expect(unusable).toMatchObject([
      { id: ID, path: join(folder, 'b'), reason: `the same product is used from ${join(folder, 'a')}`, harmless: true },
    ]);
  });

  it('uses the newest processing of an acquisition, and an older one where the newest lacks a band', async () => {
    const older = 'LC08_L2SP_133034_20190715_20190801_02_RT';
    const whole = await find(await makeFolder([...product(older, OLI), ...product(ID, OLI)]));
    expect(whole.scenes.map(({ id }) => id)).toEqual([ID]);
    expect(whole.unusable).toMatchObject([
      { id: older, reason: `the same acquisition is used as ${ID}`, harmless: true },
    ]);

    const cut = await find(await makeFolder([...product(older, OLI), ...product(ID, ['SR_B4.TIF'])]));
    expect(cut.scenes.map(({ id }) => id)).toEqual([older]);
    expect(cut.unusable.map(({ id, harmless }) => [id, harmless])).toEqual([[ID, undefined]]);
  });

  it('keeps neighbouring rows of one pass apart', async () => {
    const rows = ['133034', '133035'].map((row) => `LC08_L2SP_${row}_20190715_20200827_02_T1`);
    const { scenes } = await find(await makeFolder(rows.flatMap((id) => product(id, OLI))));
    expect(scenes.map(({ id }) => id)).toEqual(rows);
  });
});
