/**
 * One pixel explained: every number must be that of the maps, and what is missing or has changed must be said.
 */
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { explainPixel, writeExplainPage } from '../../src/pipeline/explain.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { explainText } from '../../src/report/explain-text.ts';
import { callMain } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeLandsat, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('explain');
const GRID = utmGrid(40, 30);
const YEARS = [2012, 2013, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022];
const ZONES = [
  { id: 'pit', name: 'Pit', role: 'mine', col: 4, row: 4, width: 20, height: 22 },
  { id: 'meadow', role: 'reference', col: 28, row: 4, width: 10, height: 20 },
];

let root: string;
let aoi: string;

beforeAll(async () => {
  root = newFolder();
  aoi = writeZones(join(root, 'pits.geojson'), GRID, ZONES);
  await writeNoisyStack(join(root, 'scenes'), GRID, YEARS);
});

const toDegrees = createTransformer(GRID.crs, WGS84);
const middle = (col: number, row: number) => {
  const [lon, lat] = toDegrees(...applyAffine(GRID.transform, col + 0.5, row + 0.5));
  return { lon, lat };
};

async function run(options: Partial<OptionsInput> = {}): Promise<string> {
  const out = join(newFolder(), 'out');
  await runTrend({ aoi, out, workers: 0, extent: 'scene', report: false, extras: false, ...options });
  return out;
}

let plain: Promise<string> | undefined;
/** A run by the defaults, made once: nothing spoils it. */
const plainRun = () => (plain ??= run());

/** Copies of everything and a run of them, to be spoilt. */
async function spoilable(): Promise<{ folder: string; out: string }> {
  const folder = newFolder();
  cpSync(root, folder, { recursive: true });
  const out = join(folder, 'out');
  await runTrend({ aoi: join(folder, 'pits.geojson'), out, workers: 0, report: false, extras: false });
  return { folder, out };
}

describe('explainPixel', () => {
  const cases: [string, Partial<OptionsInput>][] = [
    ['the defaults', {}],
    ['a baseline of years and a median', { baseline: '2012..2015', composite: 'median' }],
    ['a percentile, squared cover, nine classes', { composite: 'p75', fvcModel: 'squared', legend: 'nine' }],
    ['cover less that of the reference', { trendOn: 'fvc-reference' }],
    ['the trend of the index', { trendOn: 'ndvi', fvc: '0.1,0.7' }],
    ['no cover', { fvc: 'none', index: 'savi' }],
    ['normal p and a correction', { pMethod: 'normal', correction: 'hamed-rao' }],
    ['cleaned states and patches', { fillGaps: true, filterFlips: true, minPatch: '20', recoveredAbove: 0.9 }],
  ];
  it.each(cases)('works out what the maps hold: %s', async (_, options) => {
    const out = await run(options);
    for (const [col, row] of [
      [0, 0],
      [16, 15],
      [20, 12],
      [39, 29],
      [31, 9],
    ] as const) {
      const page = await explainPixel({ ...middle(col, row), out });
      expect([page.col, page.row]).toEqual([col, row]);
      expect(page.maps.filter(({ agrees }) => !agrees)).toEqual([]);
      // Index and count of each year, five of the trend; with cover its map and state of each year, and two years.
      const expected = options.fvc === 'none' ? 2 * YEARS.length + 5 : 4 * YEARS.length + 7;
      expect(page.maps).toHaveLength(expected);
      expect(page.observations).toHaveLength(2 * YEARS.length);
    }
  });

  it('says what each scene holds, why it was dropped, and which one won', async () => {
    const out = await plainRun();
    const scene = noisyScene(GRID, '20150715', 2, 1);
    // A pixel under the cloud of that day, and clear on the other one.
    const other = noisyScene(GRID, '20150816', 2, 1);
    let place: [number, number] | undefined;
    for (let row = 0; row < 30; row++) {
      for (let col = 0; col < 40; col++) if (scene.cloud!(col, row) && !other.cloud!(col, row)) place = [col, row];
    }
    const page = await explainPixel({ ...middle(...place!), out });
    const [cloudy, clear] = page.observations.filter(({ year }) => year === 2015);
    expect(cloudy).toMatchObject({ date: '2015-07-15', sensor: 'LC08', clear: false, index: null, won: false });
    expect(cloudy!.reason).toBe('mask 22280: cloud');
    expect(cloudy!.masks[0]).toMatchObject({ values: [22280], drops: true, meaning: 'cloud' });
    const ndvi = other.ndvi(...place!);
    const [red, nir] = ['red', 'nir'].map((role) => clear!.bands.find((band) => band.role === role)!);
    expect(red!.dn).toBe(Math.round((0.2 * (1 - ndvi) + 0.2) / 2.75e-5));
    expect(red).toMatchObject({ scale: 2.75e-5, offset: -0.2, resampled: null });
    expect(red!.value).toBeCloseTo(red!.dn! * 2.75e-5 - 0.2, 12);
    expect(clear!.index).toBeCloseTo((nir!.value! - red!.value!) / (nir!.value! + red!.value!), 6);
    expect(clear).toMatchObject({ clear: true, won: true, reason: '' });
    expect(page.years.find(({ year }) => year === 2015)).toMatchObject({ scenes: 2, clear: 1, won: [clear!.scene] });
  });

  it('names zones with their share of the pixel, and reasons for states', async () => {
    const out = await plainRun();
    const page = await explainPixel({ ...middle(10, 10), out });
    expect(page.zones).toEqual([{ id: 'pit', name: 'Pit', role: 'mine', share: 1 }]);
    expect((await explainPixel({ ...middle(26, 10), out })).zones).toEqual([]);
    const expected = ({ state, fvc, reference }: (typeof page.years)[number]) => {
      if (state === 255) return 'no clear observation';
      if (fvc! <= 0.5 * reference!) return '≤ 0.5 × ';
      return fvc! >= 0.8 * reference! ? '≥ 0.8 × ' : ' between ';
    };
    expect(new Set(page.years.map(expected)).size).toBeGreaterThan(1);
    for (const year of page.years) expect(year.why).toContain(expected(year));
    expect(page.trend!.ties).toEqual([]);
    expect(page.trend!.n).toBe(page.years.filter(({ tested }) => tested !== null).length);
  });

  it('explains a run that was started elsewhere, by relative paths', async () => {
    const out = join(newFolder(), 'out');
    const flags = ['--workers', '0', '--no-report', '--no-extras', '--quiet'];
    const done = await callMain(
      ['trend', '--aoi', relative(join(root, 'scenes'), aoi), '--out', out, ...flags],
      join(root, 'scenes'),
    );
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const { lon, lat } = middle(10, 10);
    const said = await callMain(['explain', String(lon), String(lat), '--out', out, '--quiet', '--json'], newFolder());
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({ agrees: true });
  });

  it('leaves out scenes that came after the run', async () => {
    const { folder, out } = await spoilable();
    await writeLandsat(join(folder, 'scenes'), noisyScene(GRID, '20230715', 10, 1));
    const page = await explainPixel({ ...middle(10, 10), out });
    expect(page.years.at(-1)!.year).toBe(2022);
    expect(page.agrees).toBe(true);
  });

  it('says where the maps do not hold what the scenes give', async () => {
    const { folder, out } = await spoilable();
    const maps = join(out, 'maps');
    renameSync(join(maps, 'ndvi_2012.tif'), join(maps, 'kept.tif'));
    renameSync(join(maps, 'ndvi_2013.tif'), join(maps, 'ndvi_2012.tif'));
    renameSync(join(maps, 'kept.tif'), join(maps, 'ndvi_2013.tif'));
    const { lon, lat } = middle(10, 10);
    const said = await callMain(['explain', String(lon), String(lat), '--out', out, '--quiet'], folder);
    expect(said.code).toBe(3);
    const page = await explainPixel({ lon, lat, out });
    expect(page.agrees).toBe(false);
    expect(page.maps.filter(({ agrees }) => !agrees).map(({ file }) => file)).toEqual([
      'maps/ndvi_2012.tif',
      'maps/ndvi_2013.tif',
    ]);
    expect(explainText(page)).toContain('values in the maps of the run are NOT those worked out here');
  });
});

describe('what explainPixel refuses', () => {
  it('a place that is none, or outside of the run', async () => {
    const out = await plainRun();
    await expect(explainPixel({ lon: 'x', lat: 1, out })).rejects.toThrow(/'lon': expected/);
    await expect(explainPixel({ lon: 190, lat: 1, out })).rejects.toThrow(/'lon': must be at most 180/);
    await expect(explainPixel({ lon: 10, lat: 50, out })).rejects.toThrow(
      /10 50 lies outside of the run in .*, which spans longitude 99\.4\d+ to 99\.4\d+, latitude 38\.0\d+ to 38\.0\d+/,
    );
    await expect(explainPixel({ ...middle(1, 1), out: root })).rejects.toThrow(/No finished run in/);
  });

  it('a scene that is missing, has changed, or cannot be read', async () => {
    const { folder, out } = await spoilable();
    const { lon, lat } = middle(10, 10);
    const scene = join(folder, 'scenes', 'LC08_L2SP_133034_20170715_20170715_02_T1');
    const bytes = readFileSync(`${scene}_SR_B4.TIF`);
    // The same bytes under a new date are the same scene.
    writeFileSync(`${scene}_SR_B4.TIF`, bytes);
    utimesSync(`${scene}_SR_B4.TIF`, 1, 1);
    expect((await explainPixel({ lon, lat, out })).agrees).toBe(true);
    const changed = Buffer.from(bytes);
    changed[changed.length - 5]! ^= 1;
    writeFileSync(`${scene}_SR_B4.TIF`, changed);
    await expect(explainPixel({ lon, lat, out })).rejects.toThrow(/20170715.*_SR_B4\.TIF has changed since the run in/);
    appendFileSync(`${scene}_SR_B4.TIF`, 'x');
    await expect(explainPixel({ lon, lat, out })).rejects.toThrow(/_SR_B4\.TIF has changed since the run in/);
    rmSync(`${scene}_SR_B4.TIF`);
    await expect(explainPixel({ lon, lat, out })).rejects.toThrow(
      /The scene LC08_L2SP_133034_20170715\S* of the run in/,
    );
  });

  it('an AOI that has changed', async () => {
    const { folder, out } = await spoilable();
    appendFileSync(join(folder, 'pits.geojson'), ' ');
    await expect(explainPixel({ ...middle(10, 10), out })).rejects.toThrow(/pits\.geojson has changed since the run/);
  });
});

describe('how it is shown', () => {
  it('as text with a chart, and as a page that asks for nothing', async () => {
    const out = await plainRun();
    const page = await explainPixel({ ...middle(16, 15), out });
    const text = explainText(page);
    expect(text).toContain('Pixel column 16, row 15 of');
    expect(text).toContain(`All ${page.maps.length} values in the maps of the run are those worked out here`);
    expect(text.split('●').length - 1).toBe(1 + page.years.filter(({ fvc }) => fvc !== null).length);
    const file = join(newFolder(), 'pixel.html');
    await writeExplainPage(file, page);
    const html = readFileSync(file, 'utf8');
    // Not the page itself in the message of a failure: it is long.
    expect(/script-src &#39;sha256-/.test(html)).toBe(true);
    expect(/<(?:script|img|link)[^>]+(?:src|href)=/.test(html)).toBe(false);
    expect(page.observations.filter(({ date }) => !html.includes(date))).toEqual([]);
    await expect(writeExplainPage(join(file, 'below.html'), page)).rejects.toThrow(/Cannot write/);
  });
});
