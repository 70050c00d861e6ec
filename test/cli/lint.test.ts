/**
 * `mine-rs lint`: what it prints, its exit code, and the mended copy.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LintPage } from '../../src/report/lint-model.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { callMain } from '../helpers/cli.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('lint');

const polygon = (id: string | undefined, ...points: number[][]) => ({
  type: 'Feature',
  properties: id === undefined ? {} : { id },
  geometry: { type: 'Polygon', coordinates: [[...points, points[0]]] },
});
const square = (x: number, id?: string) => polygon(id, [x, 38], [x + 0.01, 38], [x + 0.01, 38.01], [x, 38.01]);
const bow = polygon('bow', [99, 38], [99.02, 38.01], [99.02, 38], [99, 38.01]);

let folder = '';
beforeEach(() => {
  folder = newFolder();
});

function file(...features: object[]): string {
  const path = join(folder, 'pits.geojson');
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

describe('mine-rs lint', () => {
  it('says that nothing is wrong, with exit code 0', async () => {
    const path = file(square(99, 'a'));
    const { code, stdout, stderr } = await callMain(['lint', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${path}: GeoJSON, EPSG:4326, 1 zone(s) in 1 feature(s)\n\nNothing is wrong.\n`);
  });

  it('names what is wrong with its place, with exit code 3', async () => {
    const { code, stdout } = await callMain(['lint', file(bow, square(99.1))]);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /error self-intersection \(1\): a ring crosses itself\n {2}feature 1 'bow', outline, vertex 1, at \(99\.0\d+, 38\.0\d+\): /,
    );
    expect(stdout).toMatch(
      /warning missing-id \(1\): a feature has no id\n {2}feature 2: has no id; a run calls it '2'/,
    );
    expect(stdout).toMatch(/1 error\(s\), 1 warning\(s\), 0 note\(s\): a run would refuse this file/);
  });

  it('does not count warnings as errors', async () => {
    expect((await callMain(['lint', file(square(99))])).code).toBe(0);
  });

  it.each(['mended.geojson', 'mended.gpkg'])('writes %s, in which nothing is left to find', async (name) => {
    const path = file(bow, square(99.1), { type: 'Feature', properties: {}, geometry: null });
    const before = readFileSync(path);
    const copy = join(folder, name);
    const { code, stdout } = await callMain(['lint', path, '--repair', copy, '--json']);
    expect(code).toBe(3);
    const page = JSON.parse(stdout) as LintPage;
    expect(page.repaired).toMatchObject({ file: copy, zones: 2, errors: 0, warnings: 0 });
    expect(page.repaired!.leftOut).toEqual([{ feature: 3, why: 'it has no polygon (no geometry)' }]);
    expect(page.repaired!.mended.map(({ feature, newId }) => [feature, newId])).toEqual([
      [1, null],
      [2, '2'],
    ]);
    expect(page.repaired!.mended[0]!.areaBeforeHa).toBeLessThan(1e-3);
    expect(page.repaired!.mended[0]!.areaAfterHa).toBeGreaterThan(90);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([name, 'pits.geojson'].sort());
    const again = JSON.parse((await callMain(['lint', copy, '--json'])).stdout) as LintPage;
    expect([again.errors, again.warnings]).toEqual([0, 0]);
    expect((await readAoi(copy)).zones.map(({ id }) => id)).toEqual(['bow', '2']);
  });

  it('keeps a projected CRS in its copies', async () => {
    const path = join(folder, 'pits.wkt');
    writeFileSync(
      path,
      'SRID=32647;POLYGON ((540000 4210000, 541000 4210000, 540000 4211000, 541000 4211000, 540000 4210000))',
    );
    for (const name of ['m.geojson', 'm.gpkg']) {
      const { stdout } = await callMain(['lint', path, '--repair', join(folder, name), '--json']);
      expect((JSON.parse(stdout) as LintPage).repaired).toMatchObject({ zones: 1, errors: 0, warnings: 0 });
      const { zones } = await readAoi(join(folder, name));
      expect(zones[0]!.crs.epsg).toBe(32647);
      expect(zones[0]!.polygons.flat(2)).toContainEqual([540_500, 4_210_500]);
    }
  });

  it.each<[string[], number, RegExp]>([
    [['none.geojson'], 3, /none.geojson: the AOI file does not exist/],
    [['pits.geojson', '--repair', 'pits.geojson'], 2, /is the file itself/],
    [['pits.geojson', '--repair', 'out.shp'], 2, /expected a file that ends in .geojson, .json, .gpkg/],
    [['pits.geojson', '--id-field', 'fid'], 2, /no feature has the field 'fid'/],
    [['pits.geojson', '--layer', 'a'], 3, /has no layers/],
    [
      ['pits.geojson', '--repair', 'no/such/folder/out.gpkg'],
      3,
      /Cannot write no\/such\/folder\/out.gpkg: there is no folder no\/such\/folder\n$/,
    ],
    [['empty.geojson'], 3, /the file is empty/],
  ])('%j ends with %i', async (args, expected, message) => {
    file(square(99, 'a'));
    writeFileSync(join(folder, 'empty.geojson'), '');
    const { code, stderr } = await callMain(['lint', ...args], folder);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'out.shp'))).toBe(false);
  });
});
