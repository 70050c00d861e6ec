import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { find, makeFolder } from './folder.ts';

const product = (date: string): string[] =>
  ['SR_B4', 'SR_B5', 'QA_PIXEL'].map((part) => `LC08_L2SP_133034_${date}_20200827_02_T1_${part}.TIF`);

describe('findScenes', () => {
  it('sorts by date and does not depend on the order of the sources', async () => {
    const folders = await Promise.all(['20190715', '20180614', '20200101'].map((date) => makeFolder(product(date))));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(folders, { minLength: 3 }), async (sources) => {
        const { scenes } = await find(sources);
        expect(scenes.map(({ date }) => date)).toEqual(['2018-06-14', '2019-07-15', '2020-01-01']);
      }),
      { seed: 3, numRuns: 10 },
    );
  });

  it('takes files, globs and relative paths, and each file once', async () => {
    const folder = await makeFolder([...product('20190715'), ...product('20180614')]);
    const all = await find(folder);
    const files = product('20190715').map((file) => join(folder, file));
    expect((await find(files)).scenes).toEqual(all.scenes.slice(1));
    expect((await find(join(folder, '*_2018*')))?.scenes).toEqual(all.scenes.slice(0, 1));
    expect((await find([relative(process.cwd(), folder), folder, ...files])).scenes).toEqual(all.scenes);
  });

  it('reads the metadata beside a named file', async () => {
    const mtl = `GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS
REFLECTANCE_MULT_BAND_4 = 2.75e-05
REFLECTANCE_ADD_BAND_4 = -0.2
END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS`;
    const files = Object.fromEntries(product('20190715').map((file) => [file, '']));
    const folder = await makeFolder({ ...files, 'LC08_L2SP_133034_20190715_20200827_02_T1_MTL.txt': mtl });
    const { scenes } = await find(product('20190715').map((file) => join(folder, file)));
    expect(scenes[0]?.bands.red?.radiometry).toMatch(/_MTL\.txt, group LEVEL2/);
  });

  it('does not look into hidden folders, and not through links to the outside', async () => {
    const outside = await makeFolder(product('20180614'));
    const folder = await makeFolder([...product('20190715'), ...product('20200101').map((file) => `.trash/${file}`)]);
    await symlink(outside, join(folder, 'archive'));
    await symlink(folder, join(folder, 'loop'));
    await symlink(join(folder, 'gone'), join(folder, 'gone.tif'));
    const { scenes, unusable } = await find(folder);
    expect(scenes.map(({ date }) => date)).toEqual(['2019-07-15']);
    expect(unusable.map(({ id, reason }) => [id, reason])).toEqual([
      ['archive', 'is a link to a place outside the named folder; name that place with --scenes instead'],
      ['gone.tif', 'is a link that leads nowhere'],
    ]);
  });

  it('follows a link that the user names', async () => {
    const folder = await makeFolder(product('20190715'));
    const link = join(await makeFolder([]), 'link');
    await symlink(folder, link);
    expect((await find(link)).scenes).toHaveLength(1);
  });

  it('refuses a folder tree without end', async () => {
    const folder = await makeFolder([]);
    await mkdir(join(folder, ...Array.from({ length: 30 }, () => 'd')), { recursive: true });
    await expect(find(folder)).rejects.toThrow(/more than 24 folders deep/);
  });

  it.each([
    [
      ['dem.tif', 'a/slope.tiff'],
      /2 TIFF files, none of a known layout.*Landsat.*Sentinel-2.*Copernicus.*scenes\.yaml/,
    ],
    [['readme.txt'], /no TIFF file/],
    [[], /no TIFF file/],
  ])('says what it knows when %j hold no scene', async (files, message) => {
    const folder = await makeFolder(files);
    const error: unknown = await find(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MineRsError);
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(folder);
  });

  it.each([
    ['/no/such/folder', /\/no\/such\/folder: no such file or folder/],
    ['/no/such/*.tif', /the pattern matches nothing/],
    ['https://example.com/item.json', /behind a URL are not read/],
  ])('refuses the source %s', async (source, message) => {
    const error: unknown = await find(source).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
  });
});
