/**
 * Runs over the results of earlier runs: what is new is computed, what is not is kept, and the bytes are those of a run
 * from nothing.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callMain, digestsOf, filesBelow, productsIn, type CliResult } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeLandsat, writeNoisyStack, writeZones, type TestZone } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('restart');
const GRID = utmGrid(150, 120);
const YEARS = [2001, 2002, 2003, 2004, 2005];
const ZONES: TestZone[] = [
  { id: 'pit', col: 30.3, row: 25.7, width: 60.2, height: 55.5 },
  { id: 'far', role: 'reference', col: 115, row: 12.25, width: 25.5, height: 60 },
];

let template = '';
/** A folder with zones, scenes and a finished run, anew for each test. */
let place = '';
const inPlace = (name: string): string => join(place, name);

const trend = (...more: string[]): Promise<CliResult> => runIn('out', ...more);

async function runIn(out: string, ...more: string[]): Promise<CliResult> {
  const args = ['--aoi', inPlace('pits.geojson'), '--out', inPlace(out), '--workers', '0', '--extent', 'scene'];
  const said = await callMain(['trend', ...args, ...more]);
  expect([said.code, said.stderr.includes('mine-rs:')]).toEqual([0, false]);
  return said;
}

/** What a run from nothing leaves. */
async function fresh(...more: string[]): Promise<Record<string, string>> {
  await runIn('fresh', '--no-cache', ...more);
  const digests = digestsOf(inPlace('fresh'));
  rmSync(inPlace('fresh'), { recursive: true });
  return digests;
}

/** The years that are kept: names and times of their files. */
function keptYears(): Map<string, number> {
  const folder = inPlace('out/.mine-rs-cache/years');
  return new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

/** How many years were neither changed nor removed since. */
function untouched(before: Map<string, number>): number {
  const now = keptYears();
  return [...before].filter(([name, time]) => name.endsWith('.f32') && now.get(name) === time).length;
}

/** Numbers of the maps' files: they change when a map is written again. */
function mapNumbers(): Record<string, number> {
  const names = filesBelow(inPlace('out')).filter((name) => /^maps\/.*\.tif$/.test(name));
  return Object.fromEntries(names.map((name) => [name, statSync(inPlace(`out/${name}`)).ino]));
}

beforeAll(async () => {
  template = place = newFolder();
  writeZones(inPlace('pits.geojson'), GRID, ZONES);
  await writeNoisyStack(inPlace('scenes'), GRID, YEARS);
});

beforeEach(async () => {
  place = newFolder();
  cpSync(template, place, { recursive: true });
  await trend();
});

describe('the same run again', () => {
  it('does nothing and says so, with the same table and the same JSON', async () => {
    const before = [digestsOf(inPlace('out')), statSync(inPlace('out/run.json')).mtimeMs];
    const again = await trend();
    expect(again.stderr).toContain('Nothing to do');
    expect(again.stderr).not.toContain('Annual maps');
    expect(again.stdout).toMatch(/^10 scenes of 5 years/);
    expect([digestsOf(inPlace('out')), statSync(inPlace('out/run.json')).mtimeMs]).toEqual(before);
    const json = await trend('--json');
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(inPlace('out/summary.json'), 'utf8')));
    // How it is carried out makes no difference.
    expect((await trend('--workers', '0', '--resume', '--on-error', 'skip')).stderr).toContain('Nothing to do');
  });

  it.each(['before it looks at the scenes', 'after'])('takes away what a killed run left: seen %s', async (when) => {
    const before = digestsOf(inPlace('out'));
    mkdirSync(inPlace('out/.mine-rs-work/old/maps'), { recursive: true });
    writeFileSync(inPlace('out/.mine-rs-work/old/maps/state.tif'), 'of the run before');
    writeFileSync(inPlace('out/.mine-rs-lock'), 'of a process that is gone');
    // A file that is no scene changes what lies in the place, but not the run.
    if (when === 'after') writeFileSync(inPlace('scenes/notes.txt'), 'seen by hand');
    expect((await trend()).stderr).toContain('Nothing to do');
    expect(digestsOf(inPlace('out'))).toEqual(before);
    expect(readdirSync(inPlace('out')).filter((name) => name.startsWith('.'))).toEqual(['.mine-rs-cache']);
  });

  it.each(['maps/trend_p.tif', 'maps/ndvi_2002.tif', 'tables/scenes.csv', 'summary.json'])(
    'mends what was changed or lost: %s',
    async (name) => {
      const before = digestsOf(inPlace('out'));
      writeFileSync(inPlace(`out/${name}`), 'not what it was');
      expect((await trend()).stderr).not.toContain('Nothing to do');
      expect(digestsOf(inPlace('out'))).toEqual(before);
      rmSync(inPlace(`out/${name}`));
      await trend();
      expect(digestsOf(inPlace('out'))).toEqual(before);
    },
  );

  it('is done again with --no-cache, which leaves nothing for the next', async () => {
    const before = digestsOf(inPlace('out'));
    const again = await trend('--no-cache');
    expect(again.stderr).not.toMatch(/Nothing to do|kept from/);
    expect(digestsOf(inPlace('out'))).toEqual(before);
    expect(existsSync(inPlace('out/.mine-rs-cache'))).toBe(false);
    expect((await trend()).stderr).not.toContain('Nothing to do');
  });

  it('is done again when a scene has been touched, even back in time', async () => {
    const before = digestsOf(inPlace('out'));
    const scene = inPlace(`scenes/${readdirSync(inPlace('scenes')).find((name) => name.includes('2003'))!}`);
    utimesSync(scene, 1, 1);
    const again = await trend();
    expect(again.stderr).toMatch(/4 years of 5 are kept[^]*2003 is computed again: scene \S+ has changed/);
    expect(digestsOf(inPlace('out'))).toEqual(before);
  });
});

describe('a new run of the same folder', () => {
  it('with a new year computes that year', async () => {
    const before = keptYears();
    for (const day of ['0715', '0816']) await writeLandsat(inPlace('scenes'), noisyScene(GRID, `2006${day}`, 5, 1));
    const numbers = mapNumbers();
    const { stderr } = await trend('--fvc', 'p5');
    expect(stderr).toContain('5 years of 6 are kept from an earlier run');
    expect(untouched(before)).toBe(5);
    expect(digestsOf(inPlace('out'))).toEqual(await fresh());
    for (const name of ['maps/ndvi_2001.tif', 'maps/clear_2005.tif']) {
      expect([name, mapNumbers()[name]]).toEqual([name, numbers[name]]);
    }
  });

  it('with a new scene computes its year', async () => {
    const before = keptYears();
    await writeLandsat(inPlace('scenes'), noisyScene(GRID, '20030901', 2, 9));
    const { stderr } = await trend();
    expect(stderr).toMatch(/2003 is computed again: scene LC08_L2SP_133034_20030901\S+ is new/);
    expect(untouched(before)).toBe(4);
    expect(digestsOf(inPlace('out'))).toEqual(await fresh());
    // Nothing is left of the year as it was.
    expect(keptYears().size).toBe(3 * YEARS.length);
  });

  it('with a scene taken away computes its year', async () => {
    for (const name of readdirSync(inPlace('scenes')).filter((file) => file.includes('20040816'))) {
      rmSync(inPlace(`scenes/${name}`));
    }
    expect((await trend()).stderr).toMatch(/2004 is computed again: scene \S*20040816\S* is no longer used/);
    expect(digestsOf(inPlace('out'))).toEqual(await fresh());
  });

  it('with other polygons reads no scene and writes no map', async () => {
    const [years, numbers] = [keptYears(), mapNumbers()];
    writeZones(inPlace('pits.geojson'), GRID, [{ ...ZONES[0]!, width: 44 }, ZONES[1]!]);
    const { stderr } = await trend();
    expect(stderr).toContain('5 years of 5 are kept from an earlier run');
    expect(untouched(years)).toBe(5);
    expect(mapNumbers()).toEqual(numbers);
    expect(digestsOf(inPlace('out'))).toEqual(await fresh());
  });

  it('with other reference zones writes the state maps and reads no scene', async () => {
    const years = keptYears();
    writeZones(inPlace('pits.geojson'), GRID, [ZONES[0]!, { ...ZONES[1]!, row: 30 }]);
    await trend();
    expect(untouched(years)).toBe(5);
    expect(digestsOf(inPlace('out'))).toEqual(await fresh());
  });
});

describe('what is kept', () => {
  const yearFiles = (ending: string) =>
    readdirSync(inPlace('out/.mine-rs-cache/years')).filter((n) => n.endsWith(ending));

  it.each([
    ['a byte of the values', '.f32', (bytes: Buffer) => bytes.fill(1, 5000, 5001)],
    ['a byte of the counts', '.u16', (bytes: Buffer) => bytes.fill(255, 100, 101)],
    ['the end of the values', '.f32', (bytes: Buffer) => bytes.subarray(0, -4)],
    ['a byte of the journal', '.journal', (bytes: Buffer) => bytes.fill(7, bytes.length - 50, bytes.length - 49)],
    ['half of the journal', '.journal', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['all of the journal', '.journal', () => Buffer.from('nonsense')],
  ] as const)('is looked at before it is used: %s', async (_, ending, damage) => {
    const before = digestsOf(inPlace('out'));
    const path = inPlace(`out/.mine-rs-cache/years/${yearFiles(ending)[2]!}`);
    writeFileSync(path, damage(readFileSync(path)));
    rmSync(inPlace('out/maps/trend_p.tif'));
    const { stderr } = await trend();
    expect(stderr).toContain('4 years of 5 are kept');
    expect(digestsOf(inPlace('out'))).toEqual(before);
  });

  it('may be lost in part or whole', async () => {
    const before = digestsOf(inPlace('out'));
    writeFileSync(inPlace('out/.mine-rs-cache/state.json'), '{"format":1}');
    expect((await trend()).stderr).toContain('5 years of 5 are kept');
    rmSync(inPlace('out/.mine-rs-cache'), { recursive: true });
    await trend();
    expect(digestsOf(inPlace('out'))).toEqual(before);
    expect((await trend()).stderr).toContain('Nothing to do');
  });

  it('is no product', () => {
    expect(productsIn(inPlace('out'))).not.toContain('.mine-rs-cache');
    expect(filesBelow(inPlace('out')).filter((name) => name.startsWith('.'))).toEqual([]);
    mkdirSync(inPlace('empty'));
  });
});
