/**
 * Zones of several files, one for each role.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAois } from '../../src/vector/aoi.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('roles');
let folder = '';
beforeAll(() => {
  folder = newFolder();
});

function file(name: string, features: [x: number, properties: object][]): string {
  const path = join(folder, name);
  const square = (x: number) => [
    [x, 38],
    [x + 0.01, 38],
    [x + 0.01, 38.01],
    [x, 38],
  ];
  writeFileSync(
    path,
    JSON.stringify({
      type: 'FeatureCollection',
      features: features.map(([x, properties]) => ({
        type: 'Feature',
        properties,
        geometry: { type: 'Polygon', coordinates: [square(x)] },
      })),
    }),
  );
  return path;
}

describe('readAois', () => {
  it('gives each file’s zones its role, whatever they say, and lists all files', async () => {
    const mines = file('mines.geojson', [[99, { id: 'pit' }]]);
    const impact = file('impact.geojson', [[99.1, { role: 'mine' }]]);
    const [near, far] = [file('near.geojson', [[99.2, { id: 'near' }]]), file('far.geojson', [[99.3, { id: 'far' }]])];
    const aoi = await readAois(mines, { impact: [impact], reference: [near, far] });
    expect(aoi.zones.map(({ id, role }) => [id, role])).toEqual([
      ['pit', 'mine'],
      ['impact-1', 'impact'],
      ['near', 'reference'],
      ['far', 'reference'],
    ]);
    expect(aoi.path).toBe(mines);
    expect(aoi.files.map(({ path }) => path)).toEqual([mines, impact, near, far]);
    expect(aoi.warnings).toEqual([`${impact}: feature 1 without an id; numbered by place in the file`]);
    const alone = await readAois(mines, {});
    expect(alone.sha256).toBe(aoi.files[0]!.sha256);
    expect(aoi.sha256).not.toBe(alone.sha256);
  });

  it('refuses an id that stands in two files', async () => {
    const mines = file('a.geojson', [[99, { id: 'pit' }]]);
    const reference = file('b.geojson', [[99.1, { id: 'pit' }]]);
    await expect(readAois(mines, { reference: [reference] })).rejects.toThrow(
      `${reference}: its zone 'pit' has the same id as one of ${mines}. Ids must differ`,
    );
  });
});
