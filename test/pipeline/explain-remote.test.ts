/**
 * One pixel of a run whose scenes lie behind a server.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { explainPixel } from '../../src/pipeline/explain.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { landsatItems } from '../helpers/remote-stack.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';
import { startRangeServer, type RangeServer } from '../raster/source/range-server.ts';

const newFolder = tempFolders('explain-remote');
const GRID = utmGrid(64, 64);
const [lon, lat] = createTransformer(GRID.crs, WGS84)(...applyAffine(GRID.transform, 30.5, 30.5));
let server: RangeServer;
let out: string;

beforeAll(async () => {
  server = await startRangeServer();
  const root = newFolder();
  const scenes = join(root, 'files');
  mkdirSync(scenes);
  await writeNoisyStack(scenes, GRID, [2013, 2014, 2015, 2016, 2017]);
  for (const name of readdirSync(scenes)) {
    server.files.set(`/${name}`, { bytes: readFileSync(join(scenes, name)), etag: `"${name}"` });
  }
  const hrefs = (name: string) => `${server.origin}/${name}`;
  server.files.set('/items.json', { bytes: Buffer.from(landsatItems(scenes, hrefs)), etag: null });
  const aoi = writeZones(join(root, 'pits.geojson'), GRID, [
    { id: 'a', role: 'mine', col: 20, row: 20, width: 24, height: 24 },
  ]);
  out = join(root, 'out');
  await runTrend({ aoi, scenes: `${server.origin}/items.json`, out, workers: 0, report: false, extras: false });
});

afterAll(() => server.close());

describe('explainPixel over HTTP', () => {
  it('works out what the maps hold', async () => {
    const page = await explainPixel({ lon, lat, out });
    expect(page.maps.length).toBeGreaterThan(20);
    expect(page.maps.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(page.observations[0]!.bands[0]!.path.startsWith(server.origin)).toBe(true);
  });

  it('says which file its server has changed', async () => {
    const path = '/LC08_L2SP_133034_20150715_20150715_02_T1_SR_B5.TIF';
    const file = server.files.get(path)!;
    server.files.set(path, { ...file, etag: '"another"' });
    await expect(explainPixel({ lon, lat, out })).rejects.toThrow(
      /20150715\S*_SR_B5\.TIF has changed since the run in/,
    );
    server.files.set(path, file);
  });
});
