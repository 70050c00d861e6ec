import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { find, makeFolder } from './folder.ts';

const L30 = 'HLS.L30.T47SNB.2021196T040000.v2.0';
const S30 = 'HLS.S30.T47SNB.2021197T041551.v2.0';
const files = (id: string, bands: readonly string[]): string[] => bands.map((band) => `${id}.${band}.tif`);

const item = (id: string, assets: Record<string, unknown>): string =>
  JSON.stringify({
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    collection: 'HLSS30.v2.0',
    properties: { datetime: '2021-07-16T04:15:51Z', platform: 'sentinel-2a' },
    links: [],
    assets,
  });

describe('HLS version 2', () => {
  it('finds L30 and S30 by their names, the near infrared of S30 being B8A', async () => {
    const folder = await makeFolder([
      ...files(L30, ['B04', 'B05', 'Fmask', 'B02', 'SZA']),
      ...files(S30, ['B04', 'B08', 'B8A', 'Fmask']),
    ]);
    const { scenes, unusable, ignored } = await find(folder);
    expect([unusable, ignored]).toEqual([[], 0]);
    const band = { band: 1, scale: 1e-4, offset: 0, nodata: -9999, radiometry: 'HLS version 2 product definition' };
    expect(scenes).toMatchObject([
      { id: L30, date: '2021-07-15', year: 2021, sensor: 'HLS L30', product: 'hls-v2' },
      { id: S30, date: '2021-07-16', year: 2021, sensor: 'HLS S30', product: 'hls-v2' },
    ]);
    expect(scenes[0]?.bands).toEqual({
      red: { path: join(folder, `${L30}.B04.tif`), ...band },
      nir: { path: join(folder, `${L30}.B05.tif`), ...band },
    });
    expect(scenes[1]?.bands.nir?.path).toBe(join(folder, `${S30}.B8A.tif`));
    expect(scenes[1]?.masks).toEqual([
      {
        path: join(folder, `${S30}.Fmask.tif`),
        band: 1,
        rule: { kind: 'bits', bits: [1, 2, 3, 4] },
        description: expect.stringContaining('255 is fill'),
      },
    ]);
  });

  it('names the short-wave bands of each sensor', async () => {
    const folder = await makeFolder([
      ...files(L30, ['B05', 'B06', 'B07', 'Fmask']),
      ...files(S30, ['B8A', 'B11', 'B12', 'Fmask']),
    ]);
    const { scenes } = await find(folder, { needed: ['nir', 'swir1', 'swir2'], index: 'nbr' });
    expect(scenes.map(({ bands }) => [bands.swir1?.path.slice(-7), bands.swir2?.path.slice(-7)])).toEqual([
      ['B06.tif', 'B07.tif'],
      ['B11.tif', 'B12.tif'],
    ]);
  });

  it.each([
    ['a missing band', files(S30, ['B04', 'B08', 'Fmask']), /^B8A: missing/],
    ['a missing mask', files(L30, ['B04', 'B05']), /^Fmask: missing/],
    [
      'version 1.4',
      files(L30.replace('v2.0', 'v1.4'), ['B04', 'B05', 'Fmask']),
      /is HLS version 1; download version 2/,
    ],
    ['day 366 of 2021', files(L30.replace('2021196', '2021366'), ['B04', 'B05', 'Fmask']), /no such date/],
  ])('refuses %s', async (_, names, reason) => {
    const { scenes, unusable } = await find(await makeFolder(names));
    expect(scenes).toEqual([]);
    expect(unusable).toHaveLength(1);
    expect(unusable[0]?.reason).toMatch(reason);
  });

  it('uses a granule of two folders once', async () => {
    const names = files(L30, ['B04', 'B05', 'Fmask']);
    const folder = await makeFolder(['a', 'b'].flatMap((sub) => names.map((name) => `${sub}/${name}`)));
    const { scenes, unusable } = await find(folder);
    expect(scenes).toHaveLength(1);
    expect(unusable).toMatchObject([
      { path: join(folder, 'b'), harmless: true, reason: expect.stringMatching(/\/a$/) },
    ]);
  });

  it('reads items whose assets are named by band, and lets the files beside them be', async () => {
    const assets = Object.fromEntries(
      ['B04', 'B8A', 'Fmask'].map((b) => [b, { href: `https://x.org/${S30}.${b}.tif?sig=1` }]),
    );
    const away = await find(await makeFolder({ 'i.json': item(S30, assets) }));
    expect(away.scenes[0]?.bands.nir?.path).toBe(`https://x.org/${S30}.B8A.tif?sig=1`);
    const here = await find(
      await makeFolder({
        'i.json': item(S30, assets),
        ...Object.fromEntries(files(S30, ['B04', 'B8A', 'Fmask']).map((n) => [n, ''])),
      }),
    );
    expect(here.unusable).toEqual([]);
    expect(here.scenes[0]?.bands.nir?.path).not.toMatch(/^https/);
  });

  it('refuses an item that gives another radiometry', async () => {
    const asset = (b: string, raster?: unknown): unknown => ({
      href: `https://x.org/${S30}.${b}.tif`,
      ...(raster === undefined ? {} : { 'raster:bands': [raster] }),
    });
    const assets = {
      B04: asset('B04', { scale: 1e-4, nodata: -9999 }),
      B8A: asset('B8A', { scale: 1e-5 }),
      Fmask: asset('Fmask'),
    };
    const { scenes, unusable } = await find(await makeFolder({ 'i.json': item(S30, assets) }));
    expect(scenes).toEqual([]);
    expect(unusable[0]?.reason).toMatch(/^B8A: i\.json gives scale 0\.00001/);
  });
});
