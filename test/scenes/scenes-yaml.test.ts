import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { find, makeFolder, probeOf } from './folder.ts';

const COMPOSITES = `
- name: yearly
  files: annual/*.tif
  date: '(\\d{4})'
  bands: { red: 3, nir: 4 }
  nodata: 0
`;

describe('scenes.yaml', () => {
  it('makes each match a scene', async () => {
    const folder = await makeFolder({
      'scenes.yaml': COMPOSITES,
      'annual/2005.tif': '',
      'annual/2004.tif': '',
      'x.tif': '',
    });
    const { scenes, unusable, ignored } = await find(folder, { probe: probeOf({ bandCount: 6 }) });
    expect([unusable, ignored]).toEqual([[], 0]);
    const path = join(folder, 'annual/2004.tif');
    const radiometry = 'scenes.yaml entry "yearly", scale not given: 1';
    expect(scenes.map(({ id }) => id)).toEqual(['yearly/annual/2004', 'yearly/annual/2005']);
    expect(scenes[0]).toEqual({
      id: 'yearly/annual/2004',
      date: '2004-07-01',
      year: 2004,
      sensor: 'yearly',
      product: 'yaml',
      bands: {
        red: { path, band: 3, scale: 1, offset: 0, nodata: 0, radiometry },
        nir: { path, band: 4, scale: 1, offset: 0, nodata: 0, radiometry },
      },
      masks: [],
      files: [path],
      adjustments: [],
    });
  });

  it('takes scale, offset and a NaN no-data value', async () => {
    const text = COMPOSITES.replace('nodata: 0', 'scale: 0.0001\n  offset: -0.1\n  nodata: .nan');
    const folder = await makeFolder({ 'scenes.yaml': text, 'annual/2005.tif': '' });
    const { scenes } = await find(folder, { probe: probeOf({ bandCount: 6 }) });
    expect(scenes[0]?.bands.red).toMatchObject({ scale: 0.0001, offset: -0.1, nodata: NaN });
    expect(scenes[0]?.bands.red?.radiometry).toBe('scenes.yaml entry "yearly"');
  });

  it('is taken by folder, by file under any name, and below a named folder', async () => {
    const folder = await makeFolder({
      'mine/scenes.yaml': COMPOSITES,
      'mine/annual/2005.tif': '',
      'mine/other.yaml': COMPOSITES.replace('yearly', 'other'),
    });
    const options = { probe: probeOf({ bandCount: 6 }) };
    for (const source of ['mine', 'mine/scenes.yaml', '.']) {
      const { scenes } = await find(join(folder, source), options);
      expect(scenes.map(({ id }) => id)).toEqual(['yearly/annual/2005']);
    }
    const { scenes } = await find(join(folder, 'mine/other.yaml'), options);
    expect(scenes.map(({ id }) => id)).toEqual(['other/annual/2005']);
  });

  it('takes the folder over from the known layouts', async () => {
    const landsat = ['SR_B4', 'SR_B5', 'QA_PIXEL'].map(
      (part) => `LC08_L2SP_133034_20190715_20200827_02_T1_${part}.TIF`,
    );
    const files = Object.fromEntries(landsat.map((file) => [file, '']));
    const folder = await makeFolder({ ...files, 'scenes.yaml': COMPOSITES, 'annual/2005.tif': '' });
    for (const sources of [[folder], [join(folder, '*')]]) {
      const { scenes, unusable } = await find(sources, { probe: probeOf({ bandCount: 6 }) });
      expect([scenes.map(({ id }) => id), unusable]).toEqual([['yearly/annual/2005'], []]);
    }
  });

  it.each([
    [String.raw`'(\d{4})-(\d{2})-(\d{2})'`, 'a/2019-01-14.tif', '2019-01-14'],
    [String.raw`'_(\d{8})_'`, 'x_20190114_y.tif', '2019-01-14'],
    [String.raw`'L[TE]\d{7}(\d{7})'`, 'LT50350321985206XXX02/stack.gtif', '1985-07-25'],
    [String.raw`'\d{4}'`, 'site/2019.tif', '2019-07-01'],
  ])('reads the date by %s from %s', async (date, file, expected) => {
    const text = `- { name: a, files: ['**/*.tif', '**/*.gtif'], date: ${date}, bands: { red: 1, nir: 1 } }`;
    const { scenes } = await find(await makeFolder({ 'scenes.yaml': text, [file]: '' }));
    expect(scenes.map((scene) => scene.date)).toEqual([expected]);
  });

  it('sees the path below the scenes.yaml only, and lists a match without a date', async () => {
    const folder = await makeFolder({
      'data-1999/scenes.yaml': COMPOSITES,
      'data-1999/annual/mean.tif': '',
      'data-1999/annual/2005.tif': '',
    });
    const { scenes, unusable } = await find(folder, { probe: probeOf({ bandCount: 6 }) });
    expect(scenes.map(({ date }) => date)).toEqual(['2005-07-01']);
    expect(unusable).toMatchObject([{ id: 'yearly/annual/mean', date: null, sensor: 'yearly' }]);
    expect(unusable[0]?.reason).toBe(String.raw`the date pattern (\d{4}) does not match annual/mean.tif`);
  });

  it('stops a date pattern that goes back and forth for ever', async () => {
    const text = COMPOSITES.replace(String.raw`(\d{4})`, String.raw`((\w+)+)+!`);
    const folder = await makeFolder({ 'scenes.yaml': text, [`annual/${'a'.repeat(40)}.tif`]: '' });
    await expect(find(folder)).rejects.toThrow(/takes too long .*make it simpler/);
  });

  it('lists a match whose digits are no date: 1999 had no day 366', async () => {
    const text = COMPOSITES.replace('annual/*.tif', "'*.tif'").replace(String.raw`(\d{4})`, String.raw`LE\d{7}(\d{7})`);
    const { unusable } = await find(await makeFolder({ 'scenes.yaml': text, 'LE70350321999366EDC00.tif': '' }));
    expect(unusable[0]?.reason).toMatch(/^1999366 in LE70350321999366EDC00\.tif is not a date/);
  });

  describe('bands in other files', () => {
    const text = (mask: string): string => `
- name: split
  files: '*/*_B04.tif'
  date: '(\\d{4})-(\\d{2})-(\\d{2})'
  bands: { red: 1, nir: { replace: [B04, B08] }, mask: { replace: [B04, QA], band: 2 } }
  mask: ${mask}
`;
    const files = { 'a/2019-01-14_B04.tif': '', 'a/2019-01-14_B08.tif': '', 'a/2019-01-14_QA.tif': '' };

    it.each([
      ['{ bits: [1, 3, 4] }', { kind: 'bits', bits: [1, 3, 4] }],
      ['{ values: [2, 255] }', { kind: 'drop', values: [2, 255] }],
      ['{ keep: [0, 1] }', { kind: 'keep', values: [0, 1] }],
    ])('are found by replacing text, with mask %s', async (mask, rule) => {
      const folder = await makeFolder({ 'scenes.yaml': text(mask), ...files });
      const { scenes } = await find(folder, { probe: probeOf({ bandCount: 2 }) });
      expect(scenes[0]?.bands.red?.path).toBe(join(folder, 'a/2019-01-14_B04.tif'));
      expect(scenes[0]?.bands.nir).toMatchObject({ path: join(folder, 'a/2019-01-14_B08.tif'), band: 1 });
      expect(scenes[0]?.masks).toMatchObject([{ path: join(folder, 'a/2019-01-14_QA.tif'), band: 2, rule }]);
    });

    it('are named when they do not exist or have too few bands', async () => {
      const { 'a/2019-01-14_B08.tif': _, ...fewer } = files;
      const missing = await find(await makeFolder({ 'scenes.yaml': text('{ bits: [1] }'), ...fewer }), {
        probe: probeOf({ bandCount: 2 }),
      });
      expect(missing.unusable[0]?.reason).toMatch(/2019-01-14_B08\.tif does not exist$/);
      const few = await find(await makeFolder({ 'scenes.yaml': text('{ bits: [1] }'), ...files }));
      expect(few.unusable[0]?.reason).toBe('mask is band 2, but 2019-01-14_QA.tif has 1');
    });

    it('do not leave the folder', async () => {
      const outside = await makeFolder(['2019-01-14_B08.tif']);
      const climbing = text('{ bits: [1] }').replace('[B04, B08]', `["a/2019-01-14_B04", "../2019-01-14_B08"]`);
      const climbed = await find(await makeFolder({ 'scenes.yaml': climbing, ...files }), {
        probe: probeOf({ bandCount: 2 }),
      });
      expect(climbed.unusable[0]?.reason).toMatch(/lies outside the folder/);
      const folder = await makeFolder({ 'scenes.yaml': COMPOSITES.replace('annual/*.tif', "'*.tif'") });
      await symlink(join(outside, '2019-01-14_B08.tif'), join(folder, '2019.tif'));
      expect((await find(folder)).unusable[0]?.reason).toMatch(/is a link to a place outside/);
      await symlink(folder, join(folder, 'loop'));
      expect((await find(folder)).unusable).toHaveLength(1);
    });
  });

  describe('a ready-made index', () => {
    const text = `
- name: stack
  files: ndvi.tif
  date: band
  bands: { ndvi: all }
  scale: 0.001
`;
    const descriptions = ['1984', 'NDVI 1985-06-30', null, '1986'];
    const probe = probeOf({ bandCount: 4, descriptions });

    it('has a date in each band', async () => {
      const folder = await makeFolder({ 'scenes.yaml': text, 'ndvi.tif': '' });
      const { scenes, unusable } = await find(folder, { probe });
      expect(
        scenes.map(({ id, date, index }) => [id, date, index?.name, index?.source.band, index?.source.scale]),
      ).toEqual([
        ['stack/ndvi#1', '1984-07-01', 'ndvi', 1, 0.001],
        ['stack/ndvi#2', '1985-06-30', 'ndvi', 2, 0.001],
        ['stack/ndvi#4', '1986-07-01', 'ndvi', 4, 0.001],
      ]);
      expect(scenes[0]?.bands).toEqual({});
      expect(unusable).toMatchObject([{ id: 'stack/ndvi#3', reason: 'the description of band 3 is missing' }]);
    });

    it('is an error without descriptions', async () => {
      const folder = await makeFolder({ 'scenes.yaml': text, 'ndvi.tif': '' });
      await expect(find(folder)).rejects.toThrow(/entry "stack": no band of .*ndvi\.tif has a description with a date/);
    });

    it('is one band of a dated file, too', async () => {
      const one = `- { name: a, files: '*.tif', date: '\\d{4}', bands: { ndvi: 2 } }`;
      const { scenes } = await find(await makeFolder({ 'scenes.yaml': one, '2019.tif': '' }), { probe });
      expect(scenes[0]?.index).toMatchObject({ name: 'ndvi', source: { band: 2 } });
    });

    it('cannot be used for another index', async () => {
      const folder = await makeFolder({ 'scenes.yaml': text, 'ndvi.tif': '' });
      const { unusable } = await find(folder, { probe, index: 'evi', needed: ['red', 'nir', 'blue'] });
      expect(unusable[0]?.reason).toBe('holds ndvi ready-made, the wanted index is evi');
    });
  });

  it('lists a scene without a wanted band, and a file that cannot be read', async () => {
    const folder = await makeFolder({ 'scenes.yaml': COMPOSITES, 'annual/2005.tif': '' });
    const evi = await find(folder, { needed: ['red', 'nir', 'blue'], index: 'evi', probe: probeOf({ bandCount: 6 }) });
    expect(evi.unusable[0]?.reason).toBe("the entry's bands do not name blue");
    const broken = await find(folder, { probe: () => Promise.reject(new Error('2005.tif: not a TIFF file')) });
    expect(broken.unusable[0]?.reason).toBe('2005.tif: not a TIFF file');
  });

  const entry = (changes: Record<string, unknown>): string =>
    JSON.stringify([{ name: 'a', files: '*.tif', date: '\\d{4}', bands: { red: 1, nir: 1 }, ...changes }]);

  it.each([
    [entry({ ofset: 1 }), /entry "a": unknown key "ofset", did you mean "offset"\?/],
    [entry({ bands: { red: 1, nri: 2 } }), /unknown key "bands\.nri", did you mean "nir"\?/],
    [entry({ bands: { red: 1, infrared: 2 } }), /unknown key "bands\.infrared", known are blue, green/],
    [entry({ bands: { red: 0, nir: 1 } }), /bands\.red: expected a band number from 1/],
    [entry({ bands: {} }), /names no band/],
    [entry({ bands: { red: 1, ndvi: 2 } }), /ndvi is ready-made and stands alone/],
    [entry({ bands: { ndvi: 'all' } }), /"date: band" and "all" go together/],
    [entry({ date: 'band' }), /"date: band" and "all" go together/],
    [entry({ mask: { bits: [1] } }), /bands\.mask .* and mask .* go together/],
    [entry({ bands: { red: 1, nir: 1, mask: 2 } }), /go together/],
    [
      entry({ bands: { red: 1, nir: 1, mask: 2 }, mask: { bit: [1] } }),
      /mask: expected one of bits .*, values or keep/,
    ],
    [entry({ scale: 0 }), /scale: must not be 0/],
    [entry({ scale: '1e-4' }), /scale: expected number/],
    [entry({ date: '(' }), /date: Invalid regular expression/],
    [entry({ files: '../*.tif' }), /files: \.\.\/\*\.tif leads out of the folder/],
    [entry({ files: ['x.tif', '/data/*.tif'] }), /\/data\/\*\.tif leads out/],
    [entry({ files: 'none/*.tif' }), /entry "a": no file matches none\/\*\.tif below/],
    [JSON.stringify([...JSON.parse(entry({})), ...JSON.parse(entry({}))]), /two entries are named "a"/],
    ['name: a', /must be a list/],
    ['', /must be a list/],
    ['- [', /is not YAML/],
    ['- { name: a, files: *.tif }', /is not YAML.*in quotes/],
    [entry({ bands: { red: 1, nir: { replace: ['a', 'b'], bnad: 2 } } }), /bands\.nir: expected a band number/],
    [entry({ bands: { red: 1, nir: 1, mask: 2 }, mask: { bits: [40] } }), /bits \(0 to 31\)/],
    ['- name: a', /files: .*; date: .*; bands: /],
  ])('refuses %s', async (text, message) => {
    const folder = await makeFolder({ 'scenes.yaml': text, '2005.tif': '' });
    const error: unknown = await find(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MineRsError);
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(join(folder, 'scenes.yaml'));
  });
});
