import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeScenes, resolveScenesOptions } from '../../src/pipeline/scenes-page.ts';
import { scenesText } from '../../src/report/scenes-text.ts';
import type { SceneFigures, ScenesPage } from '../../src/report/scenes-model.ts';
import { utmGrid, writeLandsat, writeSentinel2, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const SHARED = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data');
const newFolder = tempFolders('scenes-page');
const GRID = utmGrid(40, 30);
const page = describeScenes;

/** Grass with a bare pit in the middle. */
const ndvi = (col: number, row: number): number => (Math.hypot(col - 20, row - 15) < 6 ? 0.1 : 0.5 + 0.01 * (col % 20));
const states = ({ scenes }: ScenesPage): SceneFigures['state'][] => scenes.map(({ state }) => state);

describe('scenesPage', () => {
  it('tells date, sensor, place, grid, radiometry and the exact clear share of the AOI', async () => {
    const folder = newFolder();
    // the left half of 40 columns is cloudy; the AOI is columns 10 to 29, half of it cloudy
    await writeLandsat(folder, { grid: GRID, date: '20200715', ndvi, cloud: (col) => col < 20 });
    await writeLandsat(folder, { grid: GRID, date: '20220716', ndvi });
    const aoi = writeZones(join(newFolder(), 'aoi.geojson'), GRID, [
      { id: 'a', role: 'mine', col: 10, row: 5, width: 20, height: 20 },
    ]);
    const found = await page({ sources: [folder], aoi });
    expect(states(found)).toEqual(['ok', 'ok']);
    const [cloudy, clear] = found.scenes as [SceneFigures, SceneFigures];
    expect(cloudy).toMatchObject({
      date: '2020-07-15',
      sensor: 'LC08',
      product: 'landsat-c2l2',
      place: '133034',
      problems: [],
      grid: { crs: 'EPSG:32647', geographic: false, width: 40, height: 30, pixel: 30 },
      clear: { share: 0.5, of: 'aoi', sampled: false },
    });
    expect(cloudy.bands['red']).toMatchObject({ band: 1, scale: 2.75e-5, offset: -0.2, nodata: 0 });
    expect(clear.clear).toEqual({ share: 1, of: 'aoi', sampled: false });
    expect(found.years).toEqual([
      { year: 2020, scenes: 1, clear: 0.5 },
      { year: 2022, scenes: 1, clear: 1 },
    ]);
    expect(found.missingYears).toEqual([2021]);
    expect(found.grids).toEqual([{ crs: 'EPSG:32647', pixel: 30, scenes: 2 }]);
    expect(found.products).toEqual([{ product: 'landsat-c2l2', scenes: 2 }]);
  });

  it('counts land of the AOI beyond a scene as not clear, and scenes beside it as outside', async () => {
    const folder = newFolder();
    await writeLandsat(folder, { grid: GRID, date: '20200715', ndvi });
    const far = utmGrid(40, 30, { x: 600_000 });
    await writeLandsat(folder, { grid: far, date: '20210715', ndvi });
    const aoi = writeZones(join(newFolder(), 'aoi.geojson'), GRID, [
      { id: 'a', role: 'mine', col: 30, row: 0, width: 40, height: 30 },
    ]);
    const found = await page({ sources: [folder], aoi });
    expect(states(found)).toEqual(['ok', 'outside']);
    // 10 of the zone's 40 columns lie on the scene
    expect(found.scenes[0]?.clear).toEqual({ share: 0.25, of: 'aoi', sampled: false });
    expect(found.scenes[1]?.problems).toEqual(['does not touch the AOI']);
    expect(found.years).toHaveLength(1);
  });

  it('keeps to years and season, also for scenes that cannot be used', async () => {
    const folder = newFolder();
    for (const date of ['20190715', '20200715', '20201101']) await writeLandsat(folder, { grid: GRID, date, ndvi });
    writeFileSync(join(folder, 'LC08_L1TP_133034_20180101_20200101_02_T1_B4.TIF'), '');
    expect(states(await page({ sources: [folder] }))).toEqual(['unusable', 'ok', 'ok', 'ok']);
    const chosen = await page({ sources: [folder], years: '2020..2020', season: '06-01..09-30' });
    expect(chosen.scenes.map(({ date }) => date)).toEqual(['2020-07-15']);
  });

  it('does not stop at a file that cannot be read', async () => {
    const folder = newFolder();
    const id = await writeLandsat(folder, { grid: GRID, date: '20200715', ndvi });
    await writeLandsat(folder, { grid: GRID, date: '20210715', ndvi });
    writeFileSync(join(folder, `${id}_SR_B4.TIF`), readFileSync(join(folder, `${id}_SR_B4.TIF`)).subarray(0, 200));
    const found = await page({ sources: [folder] });
    expect(states(found)).toEqual(['unusable', 'ok']);
    expect(found.scenes[0]?.problems[0]).toContain(`${id}_SR_B4.TIF`);
  });

  it('shows what --adjust makes of scale and offset', async () => {
    const folder = newFolder();
    await writeLandsat(folder, { grid: GRID, date: '20200715', ndvi });
    for (const name of readdirSync(folder)) {
      writeFileSync(
        join(folder, name.replace('LC08', 'LE07').replace('SR_B4', 'SR_B3').replace('SR_B5', 'SR_B4')),
        readFileSync(join(folder, name)),
      );
    }
    const found = await page({ sources: [folder], adjust: 'roy2016' });
    const etm = found.scenes.find(({ sensor }) => sensor === 'LE07')!;
    expect(etm.bands['red']?.scale).toBeCloseTo(0.9047 * 2.75e-5, 15);
    expect(etm.adjustments).toEqual(['nir and red adjusted: Roy et al. 2016 ETM+ to OLI, LE07']);
    expect(found.scenes.find(({ sensor }) => sensor === 'LC08')?.adjustments).toEqual([]);
  });

  it.each([
    ['a missing offset', 1000, 0, /is the offset missing\?/],
    ['a doubled offset', 0, -0.1, /is the offset taken off twice\?/],
  ] as const)('warns of %s in some scenes, and of no other', async (_, inPixels, told, words) => {
    const folder = newFolder();
    const years = [2018, 2019, 2020, 2021, 2022, 2023];
    const green = (col: number, row: number): number => Math.min(0.9, ndvi(col, row) + 0.25);
    for (const year of years) {
      const isWrong = year > 2020;
      const id = await writeSentinel2(
        folder,
        { grid: GRID, date: `${year}0715`, ndvi: green },
        isWrong ? inPixels : 1000,
      );
      if (!isWrong) continue;
      const path = join(folder, id, `${id}.json`);
      const item = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
      for (const key of ['red', 'nir'])
        item['assets']![key] = {
          ...(item['assets']![key] as object),
          'raster:bands': [{ scale: 1e-4, offset: told, nodata: 0 }],
        };
      delete item['properties']!['earthsearch:boa_offset_applied'];
      item['properties']!['s2:processing_baseline'] = told === 0 ? '03.01' : '04.00';
      writeFileSync(path, JSON.stringify(item));
    }
    const found = await page({ sources: [folder] });
    expect(states(found)).toEqual(['ok', 'ok', 'ok', 'check', 'check', 'check']);
    for (const { problems } of found.scenes.slice(3)) expect(problems.join()).toMatch(words);
    expect(scenesText(found)).toMatch(/6 usable scenes of 6 years, 2018 to 2023; 3 of them to check/);
  });

  it('notices a file that is not that of its item', async () => {
    const folder = newFolder();
    for (const [date, epsg] of [
      ['20200715', 32647],
      ['20210715', 32648],
    ] as const) {
      const id = await writeSentinel2(folder, { grid: GRID, date, ndvi }, 1000);
      const path = join(folder, id, `${id}.json`);
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace('"properties":{', `"properties":{"proj:code":"EPSG:${epsg}",`),
      );
    }
    const found = await page({ sources: [folder] });
    expect(states(found)).toEqual(['ok', 'check']);
    expect(found.scenes[1]?.problems).toEqual([
      'its item says EPSG:32648, its file lies in EPSG:32647: is it the file of this item?',
    ]);
  });

  // real data are not part of the repository; these tests are skipped without them
  const stacks = [
    ['the sample', join(import.meta.dirname, '../../sample-data/scenes'), 24],
    ['real Sentinel-2 exports over a mine', join(SHARED, 's2-mine'), 78],
    ['real Landsat 8 scenes', join(SHARED, 'landsat-c2l2-stactools-512'), 2],
  ] as const;
  for (const [name, source, count] of stacks) {
    it.skipIf(!existsSync(source))(`raises no false alarm: ${name}`, async () => {
      const found = await page({ sources: [source] });
      expect(states(found)).toEqual(Array.from({ length: count }, () => 'ok'));
    });
  }

  it('refuses wrong options', () => {
    expect(() => resolveScenesOptions({ sources: ['x'], years: '2020' })).toThrow(/years/);
    expect(() => resolveScenesOptions({ sources: ['x'], adjust: 'roy' })).toThrow(/adjust/);
  });
});
