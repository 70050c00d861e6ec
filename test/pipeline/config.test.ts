import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/pipeline/config.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('config');

function written(text: string): { folder: string; file: string; aoi: string } {
  const folder = newFolder();
  const file = join(folder, 'mine-rs.yaml');
  writeFileSync(file, text);
  return { folder, file, aoi: join(folder, 'pits.geojson') };
}

describe('readConfig', () => {
  it('reads the file beside the AOI, with paths from its own folder', () => {
    const { folder, aoi } = written(
      'out: result\nscenes: [a, ../b]\nlike: dem.tif\nseason: 06-01..09-30\non-error: skip\n',
    );
    expect(readConfig(undefined, aoi)).toEqual({
      out: join(folder, 'result'),
      scenes: [join(folder, 'a'), join(folder, '..', 'b')],
      like: join(folder, 'dem.tif'),
      season: '06-01..09-30',
      onError: 'skip',
    });
  });

  it('reads a named file, which may name the AOI', () => {
    const { folder, file } = written('aoi: zones/pits.geojson\nscenes: landsat\nmin-years: 5\n');
    expect(readConfig(file, undefined)).toEqual({
      aoi: join(folder, 'zones', 'pits.geojson'),
      scenes: [join(folder, 'landsat')],
      minYears: 5,
    });
  });

  it('is empty where there is no file, or nothing in it', () => {
    expect(readConfig(undefined, join(newFolder(), 'pits.geojson'))).toEqual({});
    expect(readConfig(undefined, undefined)).toEqual({});
    expect(readConfig(written('# nothing\n').file, undefined)).toEqual({});
  });

  it('does not read a file that is not there', () => {
    const missing = join(newFolder(), 'other.yaml');
    expect(() => readConfig(missing, undefined)).toThrow(missing);
  });

  it.each([
    ['seson: 06-01..09-30', /'seson'.*did you mean 'season'/],
    ['epsilon: large', /'epsilon'.*number/],
    ['years: 2005', /'years'.*string/],
    ['- aoi', /option: value/],
    ['aoi: [', /mine-rs\.yaml/],
  ])('refuses %s and names the file', (text, expected) => {
    const { file } = written(text);
    expect(() => readConfig(file, undefined)).toThrow(expected);
    expect(() => readConfig(file, undefined)).toThrow(file);
  });

  it('names an unknown key as it is written', () => {
    const { file } = written('on-eror: skip\n');
    expect(() => readConfig(file, undefined)).toThrow(/'on-eror'.*'on-error'/);
  });
});
