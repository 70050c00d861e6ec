import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { find, makeFolder } from './folder.ts';

const PRODUCT = 'S2B_MSIL2A_20220715T041112_N0400_R004_T47SNB_20220715T080000';
const GRANULE = 'GRANULE/L2A_T47SNB_A027000_20220715T041112/IMG_DATA';
const OFFSETS = Array.from(
  { length: 13 },
  (_, k) => `<BOA_ADD_OFFSET band_id="${k}">-${1000 + k}</BOA_ADD_OFFSET>`,
).join('\n');

interface Metadata {
  product?: string;
  baseline?: string;
  offsets?: string;
  quantification?: string;
}

function mtd({ product = PRODUCT, baseline = '04.00', offsets = OFFSETS, quantification }: Metadata = {}): string {
  return `<?xml version="1.0"?><n1:Level-2A_User_Product>
<PRODUCT_URI>${product}.SAFE</PRODUCT_URI><PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL><PRODUCT_TYPE>S2MSI2A</PRODUCT_TYPE>
<PROCESSING_BASELINE>${baseline}</PROCESSING_BASELINE>
<Datatake datatakeIdentifier="x"><SPACECRAFT_NAME>Sentinel-2B</SPACECRAFT_NAME>
<DATATAKE_SENSING_START>2022-07-15T04:11:12.024Z</DATATAKE_SENSING_START></Datatake>
<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>
<SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
${quantification ?? '<BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>'}
${offsets}</n1:Level-2A_User_Product>`;
}

/** The folder of a product: metadata, and empty files for bands such as `R10m/B04_10m`. */
function safe(bands: readonly string[], xml: string | null = mtd(), product = PRODUCT): Record<string, string> {
  const path = (band: string): string =>
    band.replace(/^(R\d\dm)\/(.*)$/, `${product}.SAFE/${GRANULE}/$1/T47SNB_20220715T041112_$2`);
  const files = Object.fromEntries(bands.map((band) => [`${path(band)}${/\.\w+$/.test(band) ? '' : '.jp2'}`, '']));
  return xml === null ? files : { ...files, [`${product}.SAFE/MTD_MSIL2A.xml`]: xml };
}

const USUAL = [
  'R10m/B04_10m',
  'R10m/B08_10m',
  'R20m/SCL_20m',
  'R20m/B04_20m',
  'R20m/B8A_20m',
  'R60m/B04_60m',
  'R60m/SCL_60m',
];

describe('SAFE folders', () => {
  it('finds the finest bands, the mask, and each band’s own offset', async () => {
    const folder = await makeFolder(safe(USUAL));
    const { scenes, unusable, ignored } = await find(folder);
    expect([unusable, ignored]).toEqual([[], 0]);
    const path = (name: string): string => join(folder, `${PRODUCT}.SAFE`, GRANULE, name);
    expect(scenes).toMatchObject([
      { id: PRODUCT, date: '2022-07-15', sensor: 'S2B', product: 'sentinel-2-l2a', adjustments: [] },
    ]);
    const told = 'BOA_QUANTIFICATION_VALUE 10000 and BOA_ADD_OFFSET';
    expect(scenes[0]?.bands).toEqual({
      // numbers 3 and 7 of the list
      red: {
        path: path('R10m/T47SNB_20220715T041112_B04_10m.jp2'),
        band: 1,
        scale: 1e-4,
        offset: -0.1003,
        nodata: 0,
        radiometry: `${told} -1003 of MTD_MSIL2A.xml`,
      },
      nir: {
        path: path('R10m/T47SNB_20220715T041112_B08_10m.jp2'),
        band: 1,
        scale: 1e-4,
        offset: -0.1007,
        nodata: 0,
        radiometry: `${told} -1007 of MTD_MSIL2A.xml`,
      },
    });
    expect(scenes[0]?.masks).toMatchObject([
      { path: path('R20m/T47SNB_20220715T041112_SCL_20m.jp2'), rule: { kind: 'drop' } },
    ]);
  });

  it('takes offset 0 of a baseline before 04.00, also in the older metadata', async () => {
    const product = PRODUCT.replace('N0400', 'N0206');
    const xml = mtd({
      product,
      baseline: '02.06',
      offsets: '',
      quantification: '<L2A_BOA_QUANTIFICATION_VALUE unit="none">10000</L2A_BOA_QUANTIFICATION_VALUE>',
    }).replaceAll('PRODUCT_URI>', 'PRODUCT_URI_2A>');
    const files = safe(
      USUAL.map((band) => band.replace('/B', '/B')),
      xml,
      product,
    );
    const old = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name.replace('/T47SNB_2022', '/L2A_T47SNB_2022'), text]),
    );
    const { scenes, unusable } = await find(await makeFolder(old));
    expect(unusable).toEqual([]);
    expect(scenes[0]?.bands.red).toMatchObject({ scale: 1e-4, offset: 0 });
    expect(scenes[0]?.bands.red?.radiometry).toMatch(/offset 0 by processing baseline 02\.06$/);
  });

  it('takes B8A where there is no B08, or where an adjustment asks for it', async () => {
    const without = await find(await makeFolder(safe(USUAL.filter((band) => !band.includes('B08')))));
    expect(without.scenes[0]?.bands.nir).toMatchObject({
      offset: -0.1008,
      path: expect.stringMatching(/B8A_20m\.jp2$/),
    });
    expect(without.scenes[0]?.adjustments).toEqual(['NIR is B8A (20 m), there is no B08']);
    const adjusted = await find(await makeFolder(safe(USUAL)), { adjust: 'hls-bandpass' });
    expect(adjusted.scenes[0]?.bands.nir?.path).toMatch(/B8A_20m\.jp2$/);
    expect(adjusted.scenes[0]?.bands.nir?.scale).toBeCloseTo(0.9966e-4, 15);
  });

  it('takes a GeoTIFF that a band was converted to', async () => {
    const { scenes } = await find(await makeFolder(safe([...USUAL, 'R10m/B04_10m.tif'])));
    expect(scenes[0]?.bands.red?.path).toMatch(/B04_10m\.tif$/);
  });

  it.each([
    ['no metadata', safe(USUAL, null), /radiometry unknown: there is no MTD_MSIL2A\.xml/],
    [
      'a new baseline without offsets',
      safe(USUAL, mtd({ offsets: '' })),
      /^B04 and B08: .*contradicts itself: processing baseline 04\.00/,
    ],
    [
      'neither offsets nor baseline',
      safe(USUAL, mtd({ offsets: '', baseline: '' })),
      /gives neither BOA_ADD_OFFSET nor/,
    ],
    [
      'no offset of a band',
      safe(USUAL, mtd({ offsets: '<BOA_ADD_OFFSET band_id="3">-1000</BOA_ADD_OFFSET>' })),
      /^B08: radiometry unknown: .*no BOA_ADD_OFFSET of B08/,
    ],
    ['no quantification', safe(USUAL, mtd({ quantification: '' })), /no BOA_QUANTIFICATION_VALUE/],
    ['a missing band', safe(['R10m/B08_10m', 'R20m/SCL_20m']), /^B04: no file in IMG_DATA/],
    ['a missing mask', safe(['R10m/B04_10m', 'R10m/B08_10m']), /^SCL: no file in IMG_DATA/],
    ['no bands', safe([]), /no band files/],
    ['Level-1C', safe(USUAL, mtd(), PRODUCT.replace('L2A', 'L1C')), /Level-1C/],
  ])('refuses %s', async (_, files, reason) => {
    const { scenes, unusable } = await find(await makeFolder(files));
    expect(scenes).toEqual([]);
    expect(unusable).toHaveLength(1);
    expect(unusable[0]).toMatchObject({ date: '2022-07-15', sensor: 'S2B', reason: expect.stringMatching(reason) });
  });

  it('uses the newest baseline, a copy once, and no item beside the folder', async () => {
    const newer = PRODUCT.replace('N0400', 'N0510').replace('20220715T080000', '20240101T000000');
    const item = JSON.stringify({
      type: 'Feature',
      stac_version: '1.0.0',
      id: 'S2B_T47SNB_20220715T041112_L2A',
      collection: 'sentinel-2-l2a',
      properties: { datetime: '2022-07-15T04:11:12Z', platform: 'sentinel-2b', 's2:product_uri': `${newer}.SAFE` },
      assets: { red: { href: 'gone.jp2' } },
    });
    const second = safe(USUAL, mtd({ product: newer, baseline: '05.10' }), newer);
    const copy = Object.fromEntries(Object.entries(second).map(([name, text]) => [`copy/${name}`, text]));
    const { scenes, unusable } = await find(await makeFolder({ ...safe(USUAL), ...second, ...copy, 'i.json': item }));
    expect(scenes.map(({ id }) => id)).toEqual([newer]);
    expect(unusable.map(({ id, harmless }) => [id, harmless])).toEqual([
      [PRODUCT, true],
      [newer, true],
    ]);
  });
});
