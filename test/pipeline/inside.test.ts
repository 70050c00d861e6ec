/**
 * Scenes that point out of what the user named: nothing there is read.
 */
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { callMain, filesBelow } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeSentinel2, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('inside');
const GRID = utmGrid(64, 64);
const ID = 'S2B_47SNB_20200715_0_L2A';

let place = '';
const item = (): string => join(place, 'scenes', ID, `${ID}.json`);

beforeEach(async () => {
  place = newFolder();
  writeZones(join(place, 'pits.geojson'), GRID, [{ id: 'a', col: 5, row: 5, width: 50, height: 50 }]);
  for (const [k, year] of [2019, 2020, 2021, 2022, 2023].entries()) {
    await writeSentinel2(join(place, 'scenes'), noisyScene(GRID, `${year}0715`, k, 1), year >= 2022 ? 1000 : 0);
  }
  // What must not be read is a picture that could be.
  cpSync(join(place, 'scenes', ID, 'B04.tif'), join(place, 'secret.tif'));
});

/** What a run says of the scene, and whether one that leaves it out keeps away from what must not be read. */
async function outcome() {
  const args = ['trend', '--aoi', join(place, 'pits.geojson'), '--out', join(place, 'out'), '--workers', '0'];
  const { code, stderr } = await callMain(args);
  const skipped = await callMain([...args, '--on-error', 'skip']);
  const run = JSON.parse(readFileSync(join(place, 'out', 'run.json'), 'utf8')) as { inputs: { path: string }[] };
  const read = run.inputs.filter(({ path }) => path.includes('secret') || path.includes(ID));
  return { codes: [code, skipped.code], stderr, read };
}

const refused = (reason: RegExp) => ({ codes: [3, 4], stderr: expect.stringMatching(reason) as string, read: [] });

describe('a scene stays in the folder that was named', () => {
  it.each(['../../secret.tif', '../../../../../../../../etc/passwd', 'B08.tif/../../../secret.tif'])(
    'when its item points to %s',
    async (href) => {
      writeFileSync(item(), readFileSync(item(), 'utf8').replace('./B04.tif', href));
      expect(await outcome()).toEqual(refused(/outside the (named )?folder|does not exist|lies outside/));
    },
  );

  it('when its item names an absolute path', async () => {
    writeFileSync(item(), readFileSync(item(), 'utf8').replace('./B04.tif', join(place, 'secret.tif')));
    expect(await outcome()).toEqual(refused(/outside/));
  });

  it('when its band is a link', async () => {
    rmSync(join(place, 'scenes', ID, 'B04.tif'));
    symlinkSync(join(place, 'secret.tif'), join(place, 'scenes', ID, 'B04.tif'));
    expect(await outcome()).toEqual(refused(/link|outside/));
  });

  it('when its folder is a link', async () => {
    const elsewhere = newFolder();
    renameSync(join(place, 'scenes', ID), join(elsewhere, ID));
    symlinkSync(join(elsewhere, ID), join(place, 'scenes', ID));
    expect(await outcome()).toEqual(refused(/link to a place outside/));
  });
});

describe('the output folder', () => {
  it('may be a link, and is written to where it leads', async () => {
    const elsewhere = newFolder();
    symlinkSync(elsewhere, join(place, 'out'));
    const args = [
      'trend',
      '--aoi',
      join(place, 'pits.geojson'),
      '--out',
      join(place, 'out'),
      '--workers',
      '0',
      '--quiet',
    ];
    expect((await callMain(args)).code).toBe(0);
    expect(filesBelow(elsewhere)).toContain('run.json');
  });
});
