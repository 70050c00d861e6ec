import { describe, expect, it } from 'vitest';
import { nearScenes } from '../../src/pipeline/outline.ts';
import type { Scene } from '../../src/scenes/scene.ts';
import type { Zone } from '../../src/vector/zone.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { join } from 'node:path';
import { tempFolders } from '../helpers/temp.ts';
import { utmGrid, writeZones } from '../helpers/stack.ts';

const newFolder = tempFolders('outline');

const scene = (bbox: Scene['bbox'], files: string[]): Scene => ({
  id: files.join(),
  date: '2020-07-01',
  year: 2020,
  sensor: 'LC08',
  product: 'landsat-c2l2',
  bands: {},
  masks: [],
  files,
  adjustments: [],
  ...(bbox === undefined ? {} : { bbox }),
});

/** A zone near 99.5° E, 38.1° N. */
async function zones(): Promise<readonly Zone[]> {
  const path = writeZones(join(newFolder(), 'a.geojson'), utmGrid(40, 30), [
    { id: 'a', role: 'mine', col: 5, row: 5, width: 20, height: 20 },
  ]);
  return (await readAoi(path)).zones;
}

describe('nearScenes', () => {
  it('leaves out remote scenes whose outline is elsewhere, and no other', async () => {
    const url = ['https://x.org/a.tif'];
    const here = scene([99, 38, 100, 39], url);
    const edge = scene([99.49, 38.05, 99.5, 38.1], url);
    const away = scene([10, 38, 11, 39], url);
    const untold = scene(undefined, url);
    const local = scene([10, 38, 11, 39], ['/data/a.tif']);
    const mixed = scene([10, 38, 11, 39], [...url, '/data/a.tif']);
    const { near, far } = nearScenes([here, edge, away, untold, local, mixed], await zones());
    expect(far).toEqual([away]);
    expect(near).toEqual([here, edge, untold, local, mixed]);
  });
});
