/**
 * The same run from disk and over HTTP.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { landsatItems } from '../helpers/remote-stack.ts';
import { noisyScene, utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';
import { everyFifth, startRangeServer, type RangeServer } from '../raster/source/range-server.ts';

const YEARS = [2013, 2014, 2015, 2016, 2017];
const folder = tempFolders('remote');
let server: RangeServer;
let scenes: string;
let aoi: string;
let local: string;

beforeAll(async () => {
  server = await startRangeServer();
  const root = folder();
  scenes = join(root, 'files');
  mkdirSync(scenes);
  const grid = utmGrid(192, 192);
  for (const [k, year] of YEARS.entries()) await writeLandsat(scenes, noisyScene(grid, `${year}0720`, k, 5));
  aoi = writeZones(join(root, 'pits.geojson'), grid, [
    { id: 'a', role: 'mine', col: 70, row: 70, width: 50.5, height: 40.25 },
  ]);
  const items = join(scenes, 'items.json');
  writeFileSync(
    items,
    landsatItems(scenes, (name) => `./${name}`),
  );
  local = join(root, 'local');
  await runTrend({ aoi, scenes: items, out: local, workers: 0 });
});

afterAll(() => server.close());

beforeEach(() => {
  server.files.clear();
  server.served.length = 0;
  server.trick = undefined;
  for (const name of readdirSync(scenes)) {
    if (name.endsWith('.TIF'))
      server.files.set(`/${name}`, { bytes: readFileSync(join(scenes, name)), etag: `"${name}"` });
  }
  const hrefs = (name: string) => `${server.origin}/${name}?sig=topsecret`;
  server.files.set('/items.json', { bytes: Buffer.from(landsatItems(scenes, hrefs)), etag: null });
});

const url = () => `${server.origin}/items.json?key=topsecret`;

/** The files of a run whose bytes must not depend on where the scenes lie. */
function results(out: string): Map<string, string> {
  const names = ['maps', 'tables'].flatMap((sub) => readdirSync(join(out, sub)).map((name) => join(sub, name)));
  const kept = names.filter((name) => !name.endsWith('scenes.csv'));
  return new Map(kept.map((name) => [name, readFileSync(join(out, name)).toString('base64')]));
}

describe('a run over HTTP', () => {
  it('leaves the same maps and tables as the run from disk, and no secret', async () => {
    const out = join(folder(), 'out');
    await runTrend({ aoi, scenes: url(), out, workers: 0 });
    expect([...results(out)]).toEqual([...results(local)]);
    const texts = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.tif'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts) expect(text).not.toContain('topsecret');
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    const name = `LC08_L2SP_133034_20130720_20130720_02_T1_QA_PIXEL.TIF`;
    const size = server.files.get(`/${name}`)!.bytes.length;
    expect(run.inputs[0]).toEqual({
      path: `${server.origin}/${name}?redacted`,
      bytes: size,
      sha256: null,
      etag: `"${name}"`,
      lastModified: null,
    });
    expect(run.remote.requests).toBe(server.served.length);
    // A second run may refresh the folder, whatever its keys are.
    server.served.length = 0;
    await runTrend({ aoi, scenes: `${server.origin}/items.json?key=other`, out, workers: 0 });
  });

  it('opens each file once', async () => {
    await runTrend({ aoi, scenes: url(), out: join(folder(), 'out'), workers: 0 });
    const heads = server.served.filter(({ range }) => range?.startsWith('bytes=0-'));
    expect(heads.map(({ path }) => path).toSorted()).toEqual([...new Set(heads.map(({ path }) => path))].toSorted());
    expect(heads).toHaveLength(3 * YEARS.length);
  });

  it('leaves the same with every fifth request failing', async () => {
    server.trick = everyFifth(server.files.get('/items.json')!, 100);
    const out = join(folder(), 'out');
    await runTrend({ aoi, scenes: url(), out, workers: 0 });
    expect([...results(out)]).toEqual([...results(local)]);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).remote.failures).toBeGreaterThan(3);
  });

  it('ends when a file changes on the way', async () => {
    const name = `/LC08_L2SP_133034_20150720_20150720_02_T1_SR_B4.TIF`;
    server.trick = (request) => {
      const range = request.headers.range;
      if (request.url!.startsWith(name) && range !== undefined && !range.startsWith('bytes=0-')) {
        server.files.set(name, { bytes: server.files.get(name)!.bytes, etag: '"new"' });
      }
      return false;
    };
    const run = runTrend({ aoi, scenes: url(), out: join(folder(), 'out'), workers: 0 });
    await expect(run).rejects.toThrow(/_SR_B4\.TIF\?redacted: has changed on the server/);
  });

  it('ends at once when it is interrupted', async () => {
    const controller = new AbortController();
    server.trick = (request) => {
      if (request.headers.range?.startsWith('bytes=0-') !== false) return false;
      controller.abort();
      return true;
    };
    const out = join(folder(), 'out');
    const error = await runTrend({ aoi, scenes: url(), out, workers: 0 }, { signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MineRsError);
    expect((error as MineRsError).code).toBe('INTERRUPTED');
  });

  it('sends its token with the scenes and the list of them', async () => {
    vi.stubEnv('MINE_RS_HTTP_BEARER', 'topsecret');
    vi.stubEnv('MINE_RS_HTTP_BEARER_HOSTS', '127.0.0.1');
    try {
      await runTrend({ aoi, scenes: url(), out: join(folder(), 'out'), workers: 0 });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(new Set(server.served.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer topsecret']));
  });
});
