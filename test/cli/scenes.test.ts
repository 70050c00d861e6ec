import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScenesPage } from '../../src/report/scenes-model.ts';
import { callMain } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('cli-scenes');
const grid = utmGrid(30, 20);

async function stack(): Promise<{ folder: string; aoi: string }> {
  const folder = newFolder();
  for (const year of [2019, 2020]) {
    await writeLandsat(folder, {
      grid,
      date: `${year}0715`,
      ndvi: () => 0.5,
      cloud: (col) => col < 15 && year === 2020,
    });
  }
  const aoi = writeZones(join(folder, 'pits.geojson'), grid, [
    { id: 'a', role: 'mine', col: 10, row: 5, width: 10, height: 10 },
  ]);
  return { folder, aoi };
}

describe('mine-rs scenes', () => {
  it('prints a table on standard output and ends with 0', async () => {
    const { folder, aoi } = await stack();
    const { code, stdout } = await callMain(['scenes', folder, '--aoi', aoi]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 usable scenes of 2 years, 2019 to 2020\n\nDate +sensor +tile/);
    expect(stdout).toMatch(/2020-07-15 +LC08 +133034 +EPSG:32647 +30 × 20 +30 +a +50\.0 %/);
  });

  it('prints JSON, and nothing with --quiet', async () => {
    const { folder } = await stack();
    const json = await callMain(['scenes', folder, '--json', '--years', '2020..2020']);
    const page = JSON.parse(json.stdout) as ScenesPage;
    expect(page.version).toBe('1.0');
    expect(page.scenes).toMatchObject([
      { date: '2020-07-15', state: 'ok', clear: { share: 0.5, of: 'scene', sampled: false } },
    ]);
    expect(await callMain(['scenes', folder, '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('ends with 4 where a scene cannot be used, 3 where there is none, 2 for wrong options', async () => {
    const { folder } = await stack();
    writeFileSync(join(folder, 'LC08_L1TP_133034_20180101_20200101_02_T1_B4.TIF'), '');
    const some = await callMain(['scenes', folder]);
    expect(some.code).toBe(4);
    expect(some.stdout).toMatch(/2018-01-01 LC08_L1TP_\S+: is Level-1/);
    const none = await callMain(['scenes', newFolder()]);
    expect([none.code, none.stdout]).toEqual([3, '']);
    expect(none.stderr).toMatch(/No scenes in/);
    for (const args of [
      ['scenes'],
      ['scenes', folder, '--years', '2020'],
      ['scenes', folder, '--adjust', 'x'],
      ['scenes', folder, '--what'],
    ]) {
      expect((await callMain(args)).code).toBe(2);
    }
  });
});
