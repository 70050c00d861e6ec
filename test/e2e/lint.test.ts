/**
 * The built program: zones of other formats, and `mine-rs lint`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('lint');
const { cases } = JSON.parse(readFileSync(new URL('../oracle/aoi-formats.json', import.meta.url), 'utf8')) as {
  cases: Record<string, { files: Record<string, string> }>;
};

describe('mine-rs lint', () => {
  it.each([
    ['zip', '.zip', 'Shapefile'],
    ['fgb', '.fgb', 'FlatGeobuf'],
    ['kmz', '.kmz', 'KML'],
  ])('finds nothing wrong in %s', async (name, extension, format) => {
    const path = join(newFolder(), `zones${extension}`);
    writeFileSync(path, Buffer.from(cases[name]!.files[extension]!, 'base64'));
    const { code, stdout, stderr } = await runCli(['lint', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${format}, EPSG:`);
    expect(stdout).toMatch(/3 zone\(s\) in 3 feature\(s\)/);
  });

  it('mends a bow, and a second look at the copy ends with 0', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'bow.wkt'), 'SRID=4326;POLYGON ((99 38, 99.02 38.01, 99.02 38, 99 38.01, 99 38))');
    const first = await runCli(['lint', 'bow.wkt', '--repair', 'mended.gpkg'], folder);
    expect(first.code).toBe(3);
    expect(first.stdout).toMatch(/error self-intersection \(1\)/);
    expect((await runCli(['lint', 'mended.gpkg'], folder)).code).toBe(0);
  });
});
