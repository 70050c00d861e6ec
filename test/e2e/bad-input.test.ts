/**
 * What the program says to bad input: an exit code, a message that names the file and what to do, no stack trace, and
 * nothing left behind.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { callMain, digestsOf, readTable, runCli, type CliResult } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeLandsat, writeSentinel2, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('bad-input');
const GRID = utmGrid(24, 18);
const ZONE = { id: 'pit', name: 'The pit', role: 'mine', col: 3, row: 3, width: 16, height: 12 };
const YEARS = [2001, 2002, 2003, 2004, 2005];

/** A good folder, to be copied and spoilt: two scenes in each year but the last. */
let good = '';
let ids: string[] = [];

beforeAll(async () => {
  good = newFolder();
  writeZones(join(good, 'pits.geojson'), GRID, [ZONE]);
  for (const [k, year] of YEARS.entries()) {
    for (const day of year === 2005 ? ['0715'] : ['0715', '0816']) {
      ids.push(await writeLandsat(join(good, 'scenes'), noisyScene(GRID, `${year}${day}`, k, 3)));
    }
  }
});

function copy(): string {
  const folder = newFolder();
  cpSync(good, folder, { recursive: true });
  return folder;
}

/** Runs in-process, which is quick. */
function run(folder: string, ...args: string[]): Promise<CliResult> {
  return callMain(['trend', '--aoi', 'pits.geojson', '--out', 'out', '--workers', '0', ...args], folder);
}

/** Runs the built program, with workers. */
function runBuilt(folder: string, ...args: string[]): Promise<CliResult> {
  return runCli(['trend', '--aoi', 'pits.geojson', '--out', 'out', '--workers', '2', ...args], folder);
}

/** What is wrong with a failure: its code, a missing message, a stack trace, output left behind. Nothing, if all is well. */
function wrongs(folder: string, result: CliResult, code: number, ...messages: (string | RegExp)[]): string[] {
  const { stdout, stderr } = result;
  const found: string[] = [];
  if (result.code !== code) found.push(`exit code ${result.code}, expected ${code}`);
  if (stdout !== '') found.push(`on standard output: ${stdout}`);
  for (const message of messages) {
    const said = typeof message === 'string' ? stderr.includes(message) : message.test(stderr);
    if (!said) found.push(`${message} is not said`);
  }
  if (stderr.includes('    at ') || stderr.includes('defect of mine-rs')) found.push('looks like a crash');
  if (existsSync(join(folder, 'out'))) found.push('something is left in the output folder');
  return found.length === 0 ? [] : [...found, stderr];
}

it.each([
  ['in-process', run],
  ['with workers', runBuilt],
])('the good folder is good %s', async (_, runIt) => {
  const result = await runIt(copy());
  expect([result.code, result.stderr.includes('Warning')]).toEqual([0, false]);
});

describe('the baseline', () => {
  it('needs reference zones with data', async () => {
    const folder = copy();
    // The grid ends at column 24.
    const outside = { id: 'far', name: 'Far', role: 'reference', col: 30, row: 3, width: 4, height: 4 };
    writeZones(join(folder, 'pits.geojson'), GRID, [ZONE, outside]);
    const result = await run(folder);
    expect(wrongs(folder, result, 3, 'No baseline', '--baseline A..B')).toEqual([]);
  });
});

describe('the AOI', () => {
  const feature = (geometry: unknown) => ({ type: 'Feature', properties: {}, geometry });
  const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
  const square = (x: number, y: number, size: number) => ({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ],
    ],
  });

  it.each([
    ['without features', collection(), /no (zone|feature|polygon)/i],
    ['without polygons', collection(feature({ type: 'Point', coordinates: [99.5, 38.1] })), /polygon/],
    ['far from the scenes', collection(feature(square(7, 50, 0.01))), /does not touch the zones/],
    ['on the other side of the Earth', collection(feature(square(-80, -38, 0.01))), /does not touch the zones/],
    ['projected, without a CRS', collection(feature(square(540_300, 4_215_000, 500))), /projected[\s\S]*EPSG:4326/],
    [
      'of an unknown CRS',
      JSON.stringify({
        type: 'FeatureCollection',
        crs: { type: 'name', properties: { name: 'EPSG:99999' } },
        features: [feature(square(99.46, 38.08, 0.001))],
      }),
      /unknown CRS[\s\S]*EPSG:4326/,
    ],
    ['that is no JSON', '{"type": "FeatureColl', /not JSON|complete/],
    ['that is no GeoJSON', '{"name": "pits"}', /GeoJSON/],
    ['that is empty', '', /empty/],
    [
      'with an outline that crosses itself',
      collection(
        feature({
          type: 'Polygon',
          coordinates: [
            [
              [99.458, 38.088],
              [99.462, 38.091],
              [99.462, 38.088],
              [99.458, 38.0905],
              [99.458, 38.088],
            ],
          ],
        }),
      ),
      /cross/,
    ],
    [
      'with two zones of one id',
      collection(...[1, 2].map((k) => ({ ...feature(square(99.46, 38.08, 0.001 * k)), properties: { id: 'a' } }))),
      /same id 'a'/,
    ],
  ])('%s', async (_, text, message) => {
    const folder = copy();
    writeFileSync(join(folder, 'pits.geojson'), text);
    expect(wrongs(folder, await run(folder), 3, 'pits.geojson', message)).toEqual([]);
  });

  it('that is not there', async () => {
    const folder = copy();
    rmSync(join(folder, 'pits.geojson'));
    expect(wrongs(folder, await run(folder), 3, 'pits.geojson', 'does not exist')).toEqual([]);
  });

  it('of a format that is not read', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'pits.dxf'), 'DXF\0');
    expect(
      wrongs(folder, await run(folder, '--aoi', 'pits.dxf'), 3, 'pits.dxf', /KML and WKT are[\s\S]*ogr2ogr/),
    ).toEqual([]);
    writeFileSync(join(folder, 'pits.shp'), '');
    expect(wrongs(folder, await run(folder, '--aoi', 'pits.shp'), 3, 'pits.shp', 'Is it complete?')).toEqual([]);
  });

  it.each([
    ['--role-field', 'art', /'art'[\s\S]*name, role|role/],
    ['--fvc', 'zone:nowhere', /zone:nowhere[\s\S]*pit/],
    ['--baseline', 'zone:nowhere', /zone:nowhere[\s\S]*pit/],
    ['--baseline', 'reference', /no zone[\s\S]*reference/],
    ['--baseline', '1990..1992', /1990\.\.1992[\s\S]*2001/],
  ])('is asked for what it has not: %s %s', async (option, value, message) => {
    const folder = copy();
    expect(wrongs(folder, await run(folder, option, value), 2, message)).toEqual([]);
  });
});

describe('the scenes', () => {
  it('are not there', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes'), { recursive: true });
    expect(wrongs(folder, await run(folder), 3, 'scenes', '--scenes')).toEqual([]);
    expect(wrongs(folder, await run(folder, '--scenes', 'landsat'), 3, 'landsat', /no such file or folder/)).toEqual(
      [],
    );
    expect(
      wrongs(folder, await run(folder, '--scenes', 'landsat/*.TIF'), 3, 'landsat/*.TIF', /matches nothing/),
    ).toEqual([]);
  });

  it('are none, in an empty folder or among other files', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes'), { recursive: true });
    mkdirSync(join(folder, 'scenes'));
    expect(wrongs(folder, await run(folder), 3, 'scenes', 'no TIFF file', 'scenes.yaml')).toEqual([]);
    writeFileSync(join(folder, 'scenes', 'dem.tif'), 'x');
    expect(
      wrongs(folder, await run(folder), 3, 'scenes', '1 TIFF file, none of a known layout', 'scenes.yaml'),
    ).toEqual([]);
  });

  it('have an unknown radiometry', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes'), { recursive: true });
    const items: string[] = [];
    for (const [k, year] of YEARS.entries()) {
      const id = await writeSentinel2(join(folder, 'scenes'), noisyScene(GRID, `${year}0715`, k, 3), 0);
      items.push(join(folder, 'scenes', id, `${id}.json`));
    }
    const text = readFileSync(items[2]!, 'utf8');
    const item = JSON.parse(text) as { assets: Record<string, Record<string, unknown>> };
    for (const asset of Object.values(item.assets)) delete asset['raster:bands'];
    writeFileSync(items[2]!, JSON.stringify(item));
    const advice = [/radiometry unknown/, 'scenes.yaml', '--on-error skip'];
    expect(wrongs(folder, await run(folder), 3, items[2]!.slice(folder.length + 1), ...advice)).toEqual([]);
    rmSync(items[2]!);
    expect(wrongs(folder, await run(folder), 3, ...advice)).toEqual([]);
    const skipped = await run(folder, '--on-error', 'skip');
    expect(skipped.code).toBe(4);
    const rows = readTable(join(folder, 'out', 'tables', 'scenes.csv'));
    expect(rows.filter(({ used }) => used === 'yes')).toHaveLength(4);
  });

  it('include a file that is cut off', async () => {
    const folder = copy();
    const file = join('scenes', `${ids[3]}_SR_B5.TIF`);
    truncateSync(join(folder, file), 700);
    expect(
      wrongs(
        folder,
        await run(folder),
        3,
        `${ids[3]}_SR_B5.TIF`,
        /ends|truncated|incomplete|complete/,
        '--on-error skip',
      ),
    ).toEqual([]);
    truncateSync(join(folder, file), 100);
    expect(wrongs(folder, await run(folder), 3, `${ids[3]}_SR_B5.TIF`, '--on-error skip')).toEqual([]);
    truncateSync(join(folder, file), 0);
    expect(wrongs(folder, await run(folder), 3, `${ids[3]}_SR_B5.TIF`, '--on-error skip')).toEqual([]);
  });

  it('include text that is called TIF', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'scenes', `${ids[0]}_SR_B4.TIF`), '<html>Please log in</html>');
    expect(wrongs(folder, await run(folder), 3, `${ids[0]}_SR_B4.TIF`, /TIFF/, '--on-error skip')).toEqual([]);
  });

  it('lack a band', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes', `${ids[0]}_QA_PIXEL.TIF`));
    expect(wrongs(folder, await run(folder), 3, ids[0]!, 'QA_PIXEL.TIF', 'missing', '--on-error skip')).toEqual([]);
  });

  it('are of different products', async () => {
    const folder = copy();
    const id = await writeSentinel2(join(folder, 'scenes'), noisyScene(GRID, '20060715', 5, 3), 1000);
    expect(
      wrongs(
        folder,
        await run(folder),
        3,
        /different products/,
        '9 × landsat-c2l2',
        '1 × sentinel-2-l2a',
        id,
        '--scenes',
      ),
    ).toEqual([]);
  });

  it('are of fewer than four years', async () => {
    const folder = copy();
    const message = ['at least 4 years', '3 years (2001, 2002, 2003)', '--years'];
    expect(wrongs(folder, await run(folder, '--years', '2001..2003'), 3, ...message)).toEqual([]);
    expect(wrongs(folder, await run(folder, '--min-years', '6'), 3, 'at least 6 years')).toEqual([]);
  });

  it('are all outside the years or the season', async () => {
    const folder = copy();
    expect(wrongs(folder, await run(folder, '--years', '1990..1999'), 3, '9 × outside the years 1990 to 1999')).toEqual(
      [],
    );
    expect(wrongs(folder, await run(folder, '--season', '12-01..02-28'), 3, '9 × outside the season')).toEqual([]);
  });

  it('of which none can be used come with advice, not with counts alone', async () => {
    const folder = copy();
    expect(wrongs(folder, await run(folder, '--years', '1990..1999'), 3, /widen|change|choose|leave out/i)).toEqual([]);
    const elsewhere = writeZones(join(folder, 'pits.geojson'), GRID, [{ ...ZONE, col: 900 }]);
    expect(wrongs(folder, await run(folder, '--aoi', elsewhere), 3, /is this the right AOI|--scenes/i)).toEqual([]);
  });

  it('are none of them clear', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes'), { recursive: true });
    for (const year of YEARS) {
      await writeLandsat(join(folder, 'scenes'), {
        grid: GRID,
        date: `${year}0715`,
        ndvi: () => 0.5,
        cloud: () => true,
      });
    }
    expect(wrongs(folder, await run(folder), 3, /No clear observation/)).toEqual([]);
  });

  it('have no contrast', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes'), { recursive: true });
    for (const year of YEARS) {
      await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi: () => 0.5 });
    }
    expect(wrongs(folder, await run(folder), 3, /coincide/, '--fvc')).toEqual([]);
  });

  it('that cannot be used do not matter outside the years or the season', async () => {
    const folder = copy();
    rmSync(join(folder, 'scenes', `${ids.at(-1)}_SR_B5.TIF`));
    const result = await run(folder, '--years', '2001..2004');
    expect([result.code, result.stderr]).toEqual([0, expect.not.stringContaining('cannot be used')]);
    const rows = readTable(join(folder, 'out', 'tables', 'scenes.csv'));
    expect(rows.find(({ date }) => date === '2005-07-15')).toMatchObject({ used: 'no' });
  });

  it.each(['nope.yaml', 'pits.geojson'])('are described by a wrong scenes.yaml: %s', async (name) => {
    const folder = copy();
    writeFileSync(join(folder, 'scenes', 'scenes.yaml'), `- name: x\n  files: '*.TIF'\n  dat: '${name}'\n`);
    expect(wrongs(folder, await run(folder), 3, 'scenes.yaml', /"dat"/)).toEqual([]);
  });
});

describe('pixels that are damaged in the middle of a file', () => {
  /** Spoils the encoded pixels of a file, and leaves its header whole. */
  function spoil(path: string): void {
    const bytes = readFileSync(path);
    expect(bytes.length).toBeGreaterThan(900);
    bytes.fill(0xaa, bytes.length - 300, bytes.length - 50);
    writeFileSync(path, bytes);
  }

  it.each([
    ['in-process', run],
    ['with workers', runBuilt],
  ])('end the run %s', async (_, runIt) => {
    const folder = copy();
    spoil(join(folder, 'scenes', `${ids[2]}_SR_B4.TIF`));
    const result = await runIt(folder);
    expect(wrongs(folder, result, 3, `${ids[2]}_SR_B4.TIF`, '--on-error skip')).toEqual([]);
  });

  it.each([
    ['in-process', run],
    ['with workers', runBuilt],
  ])('are left out on request %s, and all else is as without the scene', async (_, runIt) => {
    const folder = copy();
    spoil(join(folder, 'scenes', `${ids[2]}_SR_B4.TIF`));
    const result = await runIt(folder, '--on-error', 'skip');
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(new RegExp(`Warning: Left out ${ids[2]}: .*SR_B4.TIF`));
    const scenes = readTable(join(folder, 'out', 'tables', 'scenes.csv'));
    expect(scenes.filter(({ used }) => used === 'no').map((row) => row['scene_id'])).toEqual([ids[2]]);
    expect(scenes.find((row) => row['scene_id'] === ids[2])!['reason']).toContain('SR_B4.TIF');

    const without = copy();
    for (const part of ['SR_B4', 'SR_B5', 'QA_PIXEL']) rmSync(join(without, 'scenes', `${ids[2]}_${part}.TIF`));
    expect((await run(without)).code).toBe(0);
    const [got, expected] = [digestsOf(join(folder, 'out')), digestsOf(join(without, 'out'))];
    // These list the scenes, hold the table of them, or the digests of the others.
    const listing = ['summary.json', 'tables/scenes.csv', 'tables.xlsx', 'zones.gpkg', 'report.html', 'stac/item.json'];
    for (const name of listing) {
      delete got[name];
      delete expected[name];
    }
    expect(got).toEqual(expected);
  });

  it('leave no year without a scene behind', async () => {
    const folder = copy();
    spoil(join(folder, 'scenes', `${ids.at(-1)}_SR_B4.TIF`));
    expect((await run(folder, '--on-error', 'skip')).code).toBe(4);
    const without = copy();
    for (const part of ['SR_B4', 'SR_B5', 'QA_PIXEL']) rmSync(join(without, 'scenes', `${ids.at(-1)}_${part}.TIF`));
    expect((await run(without)).code).toBe(0);
    const names = (place: string) => Object.keys(digestsOf(join(place, 'out')));
    expect(names(folder)).toEqual(names(without));
    const table = (place: string) => readFileSync(join(place, 'out', 'tables', 'trend_classes.csv'), 'utf8');
    expect(table(folder)).toBe(table(without));
  });

  it('leave too few years', async () => {
    const folder = copy();
    for (const id of [ids[0], ids[1], ids.at(-1)]) spoil(join(folder, 'scenes', `${id}_SR_B4.TIF`));
    expect(wrongs(folder, await run(folder, '--on-error', 'skip'), 3, 'at least 4 years')).toEqual([]);
  });
});

describe('the output folder', () => {
  it('holds another run', async () => {
    const folder = copy();
    expect((await run(folder, '--maps', 'none')).code).toBe(0);
    const before = digestsOf(join(folder, 'out'));
    const result = await run(folder, '--maps', 'none', '--legend', 'five');
    expect([result.code, result.stdout]).toEqual([3, '']);
    expect(result.stderr).toMatch(/out holds another run \(legend was the default, now "five"\)[\s\S]*--out/);
    expect(digestsOf(join(folder, 'out'))).toEqual(before);
  });

  it('holds other files', async () => {
    const folder = copy();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'thesis.txt'), 'ten years');
    const result = await run(folder);
    expect([result.code, readdirSync(join(folder, 'out'))]).toEqual([3, ['thesis.txt']]);
    expect(result.stderr).toMatch(/out holds files that are no run of mine-rs[\s\S]*--out/);
  });

  it('is a file', async () => {
    const folder = copy();
    const result = await run(folder, '--out', 'pits.geojson');
    expect([result.code, result.stdout]).toEqual([3, '']);
    expect(result.stderr).toContain('pits.geojson');
    expect(result.stderr).not.toContain('    at ');
  });

  it.skipIf(process.getuid?.() === 0)('cannot be written (needs a user that is not root)', async () => {
    const folder = copy();
    mkdirSync(join(folder, 'locked'), { mode: 0o555 });
    const result = await run(folder, '--out', 'locked/out');
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/locked\/out/);
  });
});

describe('options', () => {
  it.each([
    [['--seson', '06-01..09-30'], /unknown option '--seson'[\s\S]*--season/],
    [['--legend', 'six'], /'legend'[\s\S]*seven/],
    [['--years', '2005'], /'years'[\s\S]*2005\.\.2024/],
    [['--years', '2005..2001'], /2005\.\.2001/],
    [['--season', '13-01..14-01'], /month 13/],
    [['--workers', 'all'], /'workers'/],
    [['--fvc', '0.9,0.1'], /bare soil comes first/],
    [['--scenes'], /--scenes/],
  ])('%o', async (args, message) => {
    const folder = copy();
    expect(wrongs(folder, await run(folder, ...args), 2, message)).toEqual([]);
  });

  it('in mine-rs.yaml', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'mine-rs.yaml'), 'seson: 06-01..09-30\n');
    expect(wrongs(folder, await run(folder), 2, 'mine-rs.yaml', /'seson'[\s\S]*'season'/)).toEqual([]);
    writeFileSync(join(folder, 'mine-rs.yaml'), 'epsilon: large\n');
    expect(wrongs(folder, await run(folder), 2, 'mine-rs.yaml', /'epsilon'/)).toEqual([]);
    expect(wrongs(folder, await run(folder, '--config', 'other.yaml'), 2, 'other.yaml')).toEqual([]);
  });

  it('--like a file that is not there, or no raster', async () => {
    const folder = copy();
    expect(wrongs(folder, await run(folder, '--like', 'dem.tif'), 3, 'dem.tif')).toEqual([]);
    expect(wrongs(folder, await run(folder, '--like', 'pits.geojson'), 3, 'pits.geojson', /TIFF/)).toEqual([]);
  });
});
