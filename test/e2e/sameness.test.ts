/**
 * How the work is done changes no byte of what comes out.
 */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockSize } from '../../src/pipeline/blocks.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import { builtLibrary, digestsOf } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeLandsat, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('sameness');
const YEARS = [2001, 2002, 2004, 2005, 2006];
const GRID = utmGrid(150, 120);

let folder = '';
let aoi = '';
let expected: Record<string, string> = {};

async function digests(options: Partial<OptionsInput>, blockSize?: BlockSize): Promise<Record<string, string>> {
  const { runTrend } = await builtLibrary();
  const out = join(newFolder(), 'out');
  await runTrend({ aoi, out, ...options }, blockSize === undefined ? {} : { blockSize });
  return digestsOf(out);
}

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, [
    { id: 'pit', role: 'mine', col: 30.3, row: 25.7, width: 60.2, height: 55.5 },
    { id: 'dump', role: 'mine', col: 70.5, row: 60.1, width: 40, height: 30 },
    { id: 'ring', role: 'impact', col: 20, row: 10, width: 100, height: 95 },
    { id: 'far', role: 'reference', col: 115, row: 12.25, width: 25.5, height: 60 },
  ]);
  await writeNoisyStack(join(folder, 'scenes', 'a'), GRID, YEARS);
  // One scene that lies off by part of a pixel, one in the neighbouring zone, one that covers a part only.
  const shifted = utmGrid(140, 100, { x: 540_011, y: 4_215_803 });
  await writeLandsat(join(folder, 'scenes', 'b'), noisyScene(shifted, '20020901', 1, 5));
  const neighbour = utmGrid(180, 180, { x: 12_000, y: 4_230_000, epsg: 32648 });
  await writeLandsat(join(folder, 'scenes', 'b'), noisyScene(neighbour, '20050901', 3, 6));
  const part = utmGrid(60, 200, { x: 540_000 + 45 * 30, y: 4_216_000 + 40 * 30 });
  await writeLandsat(join(folder, 'scenes', 'b'), noisyScene(part, '20060901', 4, 7));
  expected = await digests({ workers: 0 });
});

describe('the bytes of maps, tables and figures', () => {
  it('are those of a whole run', () => {
    const names = Object.keys(expected);
    expect(names).toEqual(
      expect.arrayContaining(['summary.json', 'zones.geojson', 'tables/fvc_by_year.csv', 'maps/state.tif']),
    );
    // Each map with its QGIS style; tables; summary, schema, workbook, report, project, STAC Item, zones twice; pictures.
    expect(names).toHaveLength(2 * (3 * YEARS.length + 16) + 9 + 8 + 3);
  });

  it.each([1, 2])('do not depend on the workers: %i', async (workers) => {
    expect(await digests({ workers })).toEqual(expected);
  });

  it.each([
    [{ width: 64, height: 64 }, 2],
    [{ width: 37, height: 19 }, 0],
    [{ width: 1000, height: 7 }, 2],
    [{ width: 11, height: 1000 }, 1],
    [{ width: 4096, height: 4096 }, 1],
  ] as const)('do not depend on the blocks: %o with %i workers', async (blockSize, workers) => {
    expect(await digests({ workers }, blockSize)).toEqual(expected);
  });

  it.each(['median', 'mean'])('do not depend on blocks and workers with --composite %s either', async (composite) => {
    const one = await digests({ workers: 0, composite });
    expect(await digests({ workers: 2, composite }, { width: 41, height: 23 })).toEqual(one);
    expect(one['tables/fvc_by_year.csv']).not.toBe(expected['tables/fvc_by_year.csv']);
  });

  it('do not depend on the order in which the folders are named', async () => {
    const [a, b] = [join(folder, 'scenes', 'a'), join(folder, 'scenes', 'b')];
    const forward = await digests({ workers: 0, scenes: [a, b] });
    expect(await digests({ workers: 0, scenes: [b, a] })).toEqual(forward);
    expect(await digests({ workers: 2, scenes: [join(b, '*.TIF'), a] })).toEqual(forward);
    expect(forward).toEqual(expected);
  });

  it('do not depend on the order in which the files were made', async () => {
    const scenes = join(folder, 'scenes');
    const kept = join(newFolder(), 'kept');
    cpSync(scenes, kept, { recursive: true });
    rmSync(scenes, { recursive: true });
    mkdirSync(scenes);
    for (const sub of ['b', 'a']) {
      mkdirSync(join(scenes, sub));
      for (const name of readdirSync(join(kept, sub)).sort().toReversed()) {
        cpSync(join(kept, sub, name), join(scenes, sub, name));
      }
    }
    expect(await digests({ workers: 0 })).toEqual(expected);
  });
});

describe('a grid of several tiles', () => {
  const large = utmGrid(560, 530);
  let place = '';

  beforeAll(async () => {
    place = newFolder();
    const zone = { id: 'a', role: 'mine', col: 480.5, row: 480.5, width: 60, height: 45 };
    writeZones(join(place, 'pits.geojson'), large, [zone, { ...zone, id: 'b', col: 10, row: 10 }]);
    for (const [k, year] of [2001, 2002, 2003, 2004].entries()) {
      await writeLandsat(join(place, 'scenes'), noisyScene(large, `${year}0715`, k, 9));
    }
  });

  it('is the same whatever the blocks and workers, and has overviews', async () => {
    const options = { aoi: join(place, 'pits.geojson'), extent: 'scene' } as const;
    const one = await digests({ ...options, workers: 0 });
    expect(await digests({ ...options, workers: 2 }, { width: 300, height: 170 })).toEqual(one);
  });

  it('has the values of the runs that hold each zone alone', async () => {
    const { runTrend } = await builtLibrary();
    const options = { aoi: join(place, 'pits.geojson'), fvc: '0.1,0.8', workers: 0 } as const;
    const out = join(newFolder(), 'scene');
    const scene = await runTrend({ ...options, out, extent: 'scene' });
    const aoiOnly = await runTrend({ ...options, out: join(newFolder(), 'aoi') });
    expect(scene.summary!.grid).toMatchObject({ width: 560, height: 530 });
    expect(aoiOnly.summary!.grid).toMatchObject({ width: 531, height: 516 });
    for (const [k, zone] of scene.summary!.zones.entries()) {
      const other = aoiOnly.summary!.zones[k]!;
      for (const [c, { hectares }] of zone.trend.entries()) expect(hectares).toBeCloseTo(other.trend[c]!.hectares, 6);
      for (const [t, { mean }] of zone.years.entries()) expect(mean).toBeCloseTo(other.years[t]!.mean!, 8);
    }
    const file = await openGeoTiff(join(out, 'maps', 'trend_slope.tif'));
    expect(file.info).toMatchObject({ layout: 'tiled', blockWidth: 512, overviewCount: 1 });
    await file.close();
  });
});
