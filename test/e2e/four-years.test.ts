/**
 * What pixels of no, too few, equal and few years are called, and that a run of four years says what it cannot show: before
 * it starts, on the screen, in summary.json and in its report.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { Summary } from '../../src/report/model.ts';
import { callMain, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('four-years');

const GRID = utmGrid(12, 6);
const SAYS = '4 years cannot reach 95 % significance: the smallest p there can be is 0.0833';
/** By column: always cloudy, cloudy once, always 0.5, rising, always 0.9 where FVC is cut off, cloudy in one of five. */
const COLUMNS = ['never', 'three', 'constant', 'rising', 'full'] as const;

interface Made {
  aoi: string;
  scenes: string;
}

async function make(years: readonly number[]): Promise<Made> {
  const folder = newFolder();
  const kind = (col: number) => COLUMNS[col] ?? 'rising';
  const level = { never: 0.5, three: 0.5, constant: 0.5, rising: 0, full: 0.9 };
  for (const [k, year] of years.entries()) {
    await writeLandsat(join(folder, 'scenes'), {
      grid: GRID,
      date: `${year}0715`,
      ndvi: (col) => (kind(col) === 'rising' ? 0.2 + 0.1 * k : level[kind(col)]),
      cloud: (col) => kind(col) === 'never' || (kind(col) === 'three' && k >= 3),
    });
  }
  const zone = { id: 'pit', role: 'mine', col: 0, row: 0, width: 12, height: 6 };
  const bare = { id: 'even', role: 'mine', col: 2, row: 1, width: 1, height: 4 };
  return { aoi: writeZones(join(folder, 'pits.geojson'), GRID, [zone, bare]), scenes: join(folder, 'scenes') };
}

async function classes(out: string): Promise<number[]> {
  const map = await openGeoTiff(join(out, 'maps/trend_class.tif'));
  const pixels = await map.readWindow({ col: 0, row: 2, width: COLUMNS.length, height: 1 });
  await map.close();
  return [...pixels];
}

let four: Made;
beforeAll(async () => {
  four = await make([2017, 2018, 2020, 2021]);
});

describe('four years', () => {
  it('are said not to reach 95 % before the run starts, on the screen, in summary.json and in the report', async () => {
    const out = join(newFolder(), 'out');
    const args = ['trend', '--aoi', four.aoi, '--out', out, '--fvc', '0,0.8', '--workers', '0'];
    const { code, stdout, stderr } = await callMain(args);
    expect(code).toBe(0);
    const said = stderr.indexOf(`Warning: ${SAYS}`);
    expect(said).toBeGreaterThanOrEqual(0);
    // The first pixel is read after it.
    expect(stderr.indexOf('Annual maps')).toBeGreaterThan(said);
    expect(stderr).toContain('cannot reach the classes "significant decrease", "significant increase" of this legend');
    expect(stdout).toContain(SAYS);
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
    expect(summary.warnings).toContain(SAYS);
    expect(summary.trend.smallestP).toBeCloseTo(2 / 24, 12);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report).toContain(SAYS);
    expect(report).toContain('cannot reach 95 % significance, whatever the land does');
    // Nothing is called significant at 95 %: all data, a constant, a perfect rise.
    const names = readTable(join(out, 'tables/trend_classes.csv'))
      .filter((row) => row['zone_id'] === 'pit' && Number(row['hectares']) > 0)
      .map((row) => row['class']);
    expect(names).toEqual(['not testable', 'no change', 'slightly significant increase', 'no data']);
  });

  it('are said so by a dry run too, and in Chinese', async () => {
    const out = join(newFolder(), 'out');
    const args = ['trend', '--aoi', four.aoi, '--out', out, '--fvc', '0,0.8', '--workers', '0'];
    expect((await callMain([...args, '--dry-run'])).stderr).toContain(SAYS);
    expect((await callMain([...args, '--lang', 'zh', '--maps', 'none'])).code).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('都达不到 95 % 显著性：可能的最小 p 为 0.083');
  });
});

describe('pixels of few and of equal years', () => {
  it('all clouds and three years are no data, a constant is no change, unless the scale is cut off there', async () => {
    for (const years of [
      [2017, 2018, 2020, 2021],
      [2016, 2017, 2018, 2020, 2021, 2022],
    ]) {
      const { aoi, scenes } = years.length === 4 ? four : await make(years);
      const out = join(newFolder(), 'out');
      const args = ['trend', '--aoi', aoi, '--scenes', scenes, '--out', out, '--fvc', '0,0.8', '--workers', '0'];
      expect((await callMain([...args, '--no-report'])).code).toBe(0);
      expect(await classes(out)).toEqual([255, 255, 4, years.length === 4 ? 6 : 7, 0]);
      // The mean of a zone of such pixels is called what they are.
      const [, even] = readTable(join(out, 'tables/zone_trends.csv'));
      expect(even).toMatchObject({ zone_id: 'even', class: 'no change', slope: '0', p: '1' });
    }
  });
});
