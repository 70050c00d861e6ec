import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { find, makeFolder } from './folder.ts';

const LANDSAT = 'LC08_L2SP_133034_20190715_20200827_02_T1';
const RASTER = { scale: 2.75e-5, offset: -0.2, nodata: 0 };

interface Extra {
  id?: string;
  base?: string;
  raster?: unknown;
  collection?: string;
}

/** A Landsat item as the newer archives write it. */
function landsat({
  id = LANDSAT,
  base = 'https://x.org/',
  raster = RASTER,
  collection = 'landsat-c2-l2',
}: Extra = {}): object {
  const asset = (part: string): object => ({ href: `${base}${id}_${part}.TIF`, 'raster:bands': [raster] });
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: id.replace(/_\d{8}_02/, '_02'),
    collection,
    properties: { datetime: '2019-07-15T04:00:00Z', platform: 'landsat-8', 'landsat:correction': 'L2SP' },
    links: [],
    assets: { red: asset('SR_B4'), nir08: asset('SR_B5'), qa_pixel: { href: `${base}${id}_QA_PIXEL.TIF` } },
  };
}

const on = (day: string): string => `LC08_L2SP_133034_${day}_20200827_02_T1`;
const collectionOf = (items: readonly object[], links: readonly object[] = []): object => ({
  type: 'FeatureCollection',
  features: items,
  links,
});
const catalog = (links: readonly (readonly [string, string])[]): object => ({
  type: 'Catalog',
  stac_version: '1.0.0',
  id: 'c',
  links: links.map(([rel, href]) => ({ rel, href })),
});

/** Answers with JSON by URL, and counts the calls. */
function web(pages: Record<string, object>): { fetchText: (url: string) => Promise<string>; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    fetchText: async (url) => {
      calls.push(url);
      const page = pages[url];
      if (page === undefined) throw new Error(`${url}: 404 Not Found`);
      return JSON.stringify(page);
    },
  };
}

describe('Landsat items', () => {
  it('finds bands, mask and radiometry behind a URL', async () => {
    const folder = await makeFolder({ 'item.json': JSON.stringify(landsat()) });
    const { scenes, unusable } = await find(folder);
    expect(unusable).toEqual([]);
    const band = { band: 1, scale: 2.75e-5, offset: -0.2, nodata: 0, radiometry: 'raster:bands of item.json' };
    expect(scenes).toMatchObject([{ id: LANDSAT, date: '2019-07-15', sensor: 'LC08', product: 'landsat-c2l2' }]);
    expect(scenes[0]?.bands).toEqual({
      red: { path: `https://x.org/${LANDSAT}_SR_B4.TIF`, ...band },
      nir: { path: `https://x.org/${LANDSAT}_SR_B5.TIF`, ...band },
    });
    expect(scenes[0]?.masks[0]?.rule).toEqual({ kind: 'bits', bits: [0, 1, 2, 3, 4, 5] });
  });

  it('takes files beside the item, which then says nothing new', async () => {
    const names = ['SR_B4', 'SR_B5', 'QA_PIXEL'].map((part) => `${LANDSAT}_${part}.TIF`);
    const files = Object.fromEntries(names.map((name) => [name, '']));
    const { scenes, unusable } = await find(
      await makeFolder({ ...files, 'x_SR_stac.json': JSON.stringify(landsat()) }),
    );
    expect(unusable).toEqual([]);
    expect(scenes).toHaveLength(1);
    expect(scenes[0]?.files.every((path) => !path.startsWith('https'))).toBe(true);
  });

  it.each([
    [
      'another scale',
      landsat({ raster: { scale: 1e-4, offset: 0 } }),
      /^SR_B4 and SR_B5: .*gives scale 0\.0001 and offset 0/,
    ],
    ['a dropped offset', landsat({ raster: { scale: 2.75e-5, offset: 0 } }), /gives scale 0\.0000275 and offset 0/],
    ['surface temperature alone', landsat({ collection: 'landsat-c2l2-st' }), /surface temperature/],
    ['Level-1', landsat({ id: 'LC08_L1TP_133034_20190715_20200827_02_T1' }), /Level-1/],
    ['Collection 1', landsat({ id: 'LC08_L2SP_133034_20190715_20200827_01_T1' }), /Collection 1/],
  ])('refuses %s', async (_, item, reason) => {
    const { scenes, unusable } = await find(await makeFolder({ 'i.json': JSON.stringify(item) }));
    expect(scenes).toEqual([]);
    expect(unusable).toHaveLength(1);
    expect(unusable[0]?.reason).toMatch(reason);
  });
});

describe('the place of an item', () => {
  it.each([
    [{ 'proj:epsg': 32647 }, 32647],
    [{ 'proj:code': 'EPSG:32647' }, 32647],
    [{ 'proj:code': 'EPSG:32647', 'proj:epsg': 4326 }, 32647],
    [{ 'proj:epsg': null }, undefined],
    [{ 'proj:code': 'IAU_2015:30100' }, undefined],
    [{}, undefined],
  ])('%j is EPSG:%s', async (extra, expected) => {
    const item = landsat() as { properties: object };
    const text = JSON.stringify({ ...item, properties: { ...item.properties, ...extra } });
    const { scenes } = await find(await makeFolder({ 'i.json': text }));
    expect(scenes[0]?.epsg).toBe(expected);
  });

  it.each([
    [
      [99, 38, 100, 39],
      [99, 38, 100, 39],
    ],
    [
      [99, 38, 0, 100, 39, 500],
      [99, 38, 100, 39],
    ],
    [[179, 38, -179, 39], undefined],
    [['99', 38, 100, 39], undefined],
    [[], undefined],
  ])('the box %j becomes %j', async (bbox, expected) => {
    const { scenes } = await find(await makeFolder({ 'i.json': JSON.stringify({ ...landsat(), bbox }) }));
    expect(scenes[0]?.bbox).toEqual(expected);
  });
});

describe('item collections and catalogs in files', () => {
  it('takes every item of a collection, once', async () => {
    const items = [on('20190715'), on('20200715'), on('20200715')].map((id) => landsat({ id }));
    const folder = await makeFolder({ 'search.geojson': JSON.stringify(collectionOf(items)) });
    const { scenes, unusable } = await find(join(folder, 'search.geojson'));
    expect(scenes.map(({ date }) => date)).toEqual(['2019-07-15', '2020-07-15']);
    expect(unusable).toMatchObject([{ harmless: true }]);
  });

  it('leaves other GeoJSON alone', async () => {
    const zones = {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', id: 'a', properties: {}, geometry: null }],
    };
    const folder = await makeFolder({ 'pits.geojson': JSON.stringify(zones), 'i.json': JSON.stringify(landsat()) });
    expect(await find(folder)).toMatchObject({ scenes: [{ id: LANDSAT }], unusable: [] });
    await expect(find(join(folder, 'pits.geojson'))).rejects.toThrow(/No scenes in/);
  });

  it('follows child and item links, at most once, and not out of the folder', async () => {
    const outside = await makeFolder({ 'i.json': JSON.stringify(landsat({ id: on('20180101') })) });
    const folder = await makeFolder({
      'catalog.json': JSON.stringify(
        catalog([
          ['child', './a/catalog.json'],
          ['child', 'a/catalog.json'],
          ['item', '../secret.json'],
          ['item', 'gone.json'],
          ['item', 'link.json'],
          ['item', 'https://x.org/i.json'],
          ['license', 'https://x.org/licence'],
        ]),
      ),
      'a/catalog.json': JSON.stringify(
        catalog([
          ['item', 'i/i.json'],
          ['parent', '../catalog.json'],
          ['child', '../catalog.json'],
        ]),
      ),
      'a/i/i.json': JSON.stringify(landsat({ base: './' })),
      [`a/i/${LANDSAT}_SR_B4.TIF`]: '',
      [`a/i/${LANDSAT}_SR_B5.TIF`]: '',
      [`a/i/${LANDSAT}_QA_PIXEL.TIF`]: '',
      'b/i.json': JSON.stringify(landsat({ id: on('20210101') })),
    });
    await symlink(join(outside, 'i.json'), join(folder, 'link.json'));
    const { scenes, unusable } = await find(join(folder, 'catalog.json'));
    expect(scenes.map(({ id, files }) => [id, files[0]])).toEqual([
      [LANDSAT, join(folder, 'a/i', `${LANDSAT}_QA_PIXEL.TIF`)],
    ]);
    expect(unusable.map(({ id, reason }) => [id, reason])).toEqual([
      ['gone.json', 'links to gone.json, which does not exist'],
      ['i.json', 'links to https://x.org/i.json; a local catalog does not lead to a URL: name the URL itself'],
      ['link.json', 'links to link.json, which lies outside the folder of the named file'],
      ['secret.json', 'links to ../secret.json, which does not exist'],
    ]);
  });

  it('says of which product an item is that is not known, where the user named it', async () => {
    const other = {
      ...landsat({ id: 'x', collection: 'ga_ls8c_ard_3' }),
      properties: { datetime: '2020-05-25T00:00:00Z' },
    };
    const folder = await makeFolder({ 'i.json': JSON.stringify(other), 'j.json': JSON.stringify(landsat()) });
    const { unusable } = await find(join(folder, 'i.json'));
    expect(unusable[0]?.reason).toMatch(/product that is not known \(ga_ls8c_ard_3\).*scenes\.yaml/);
    expect((await find(folder)).unusable).toEqual([]);
  });
});

describe('STAC behind URLs', () => {
  const root = 'https://x.org/stac/catalog.json';

  it('follows relative links and resolves relative assets', async () => {
    const { fetchText, calls } = web({
      [root]: catalog([
        ['child', './2019/collection.json'],
        ['child', './2019/collection.json'],
        ['self', root],
      ]),
      'https://x.org/stac/2019/collection.json': {
        ...catalog([
          ['item', 'a/item.json'],
          ['item', 'lost.json'],
        ]),
        type: 'Collection',
      },
      'https://x.org/stac/2019/a/item.json': landsat({ base: '../data/' }),
    });
    const { scenes, unusable } = await find(root, { fetchText });
    expect(scenes[0]?.bands.red?.path).toBe(`https://x.org/stac/2019/data/${LANDSAT}_SR_B4.TIF`);
    expect(unusable.map(({ id, reason }) => [id, reason])).toEqual([
      ['lost.json', 'https://x.org/stac/2019/lost.json: 404 Not Found'],
    ]);
    expect(calls).toHaveLength(4);
  });

  it('reads the pages of a search', async () => {
    const page = (n: number): string => `https://x.org/search?page=${n}`;
    const { fetchText } = web({
      [page(1)]: collectionOf([landsat()], [{ rel: 'next', href: page(2) }]),
      [page(2)]: collectionOf([landsat({ id: on('20200715') })], [{ rel: 'next', href: page(2) }]),
    });
    expect((await find(page(1), { fetchText })).scenes.map(({ year }) => year)).toEqual([2019, 2020]);
  });

  it('refuses what is no STAC, what is missing and a catalog without end, hiding query strings', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 30 }, (_, k) => [`https://x.org/${k}`, catalog([['child', `${k + 1}`]])]),
    );
    const { fetchText } = web({ 'https://x.org/page?token=secret': { hello: 1 }, ...deep });
    await expect(find('https://x.org/page?token=secret', { fetchText })).rejects.toThrow(
      /^https:\/\/x\.org\/page: is no STAC/,
    );
    await expect(find('https://x.org/none', { fetchText })).rejects.toThrow(/404/);
    await expect(find('https://x.org/0', { fetchText })).rejects.toThrow(/more than 16 levels deep/);
    await expect(find('https://x.org/0?sig=secret')).rejects.toThrow(
      /^https:\/\/x\.org\/0: scenes behind a URL are not read/,
    );
  });

  it('fetches no raster in search of an item', async () => {
    const { fetchText, calls } = web({});
    await expect(find('https://x.org/B04.TIF?sig=secret', { fetchText })).rejects.toThrow(
      /^https:\/\/x\.org\/B04\.TIF\S*: is not the address of a STAC item/,
    );
    expect(calls).toEqual([]);
  });

  it('sends the user of an API to a search', async () => {
    const api = {
      ...catalog([
        ['items', 'https://x.org/c/items'],
        ['parent', 'https://x.org/'],
      ]),
      type: 'Collection',
    };
    const { fetchText } = web({ 'https://x.org/c': api });
    await expect(find('https://x.org/c', { fetchText })).rejects.toThrow(/is a STAC API.*name a search of it/);
  });

  it('does not depend on which answer comes first', async () => {
    const pages: Record<string, object> = {
      [root]: catalog(['a', 'b', 'c', 'd'].map((name) => ['item', `${name}.json`] as const)),
      ...Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name) => [`https://x.org/stac/${name}.json`, landsat({ base: `./${name}/` })]),
      ),
    };
    for (const late of ['a', 'b']) {
      const fetchText = async (url: string): Promise<string> => {
        if (url.endsWith(`${late}.json`)) await new Promise((resolve) => setTimeout(resolve, 20));
        return JSON.stringify(pages[url]);
      };
      const { scenes } = await find(root, { fetchText });
      expect(scenes[0]?.files[0]).toMatch(/^https:\/\/x\.org\/stac\/a\//);
    }
  });

  it('lists other schemes with what to do', async () => {
    const item = landsat({ base: 'gs://bucket/' });
    const { unusable } = await find('https://x.org/i', { fetchText: web({ 'https://x.org/i': item }).fetchText });
    expect(unusable[0]?.reason).toMatch(/^SR_B4, SR_B5 and QA_PIXEL: behind gs:\/\/, which is not read/);
  });
});
