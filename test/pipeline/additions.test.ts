/**
 * What later commands add to a finished run: lifecycle and resilience, and what is left of them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { addToRun, readAdditions } from '../../src/pipeline/additions.ts';
import { readConfig } from '../../src/pipeline/config.ts';
import { lifeCyclePage } from '../../src/pipeline/lifecycle.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { rebuildReport } from '../../src/pipeline/report.ts';
import { resiliencePage } from '../../src/pipeline/resilience.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { Addition } from '../../src/report/addition.ts';
import { real, tableCsv, text } from '../../src/report/table.ts';
import { utmGrid, writeNoisyStack, writeRaster, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';
import { readWorkbook } from '../helpers/workbook.ts';

const newFolder = tempFolders('additions');
const GRID = utmGrid(120, 90);
const YEARS = [2015, 2016, 2017, 2018, 2019, 2020, 2021];
const ZONES = [
  { id: 'pit', name: 'The pit', role: 'mine', col: 30, row: 25, width: 40, height: 40 },
  { id: 'meadow', role: 'reference', col: 80, row: 10, width: 30, height: 30 },
];

let root: string;
let aoi: string;
let scenes: string;
let folder: string;

const run = (out: string, options: Partial<OptionsInput> = {}) =>
  runTrend({ aoi, scenes: [scenes], out, workers: 0, extent: 'scene', parquet: true, ...options });

beforeAll(async () => {
  root = newFolder();
  scenes = join(root, 'scenes');
  await writeNoisyStack(scenes, GRID, YEARS, 3);
  aoi = writeZones(join(root, 'pits.geojson'), GRID, ZONES);
  folder = join(root, 'out');
  await run(folder);
});

const file = (...names: string[]) => join(folder, ...names);
const table = (content: string): string => {
  const path = join(newFolder(), 'table.csv');
  writeFileSync(path, content);
  return path;
};

async function geoPackageTables(path: string): Promise<string[]> {
  const sqlite = await initSqlJs();
  const database = new sqlite.Database(readFileSync(path));
  try {
    const [found] = database.exec("SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes'");
    return (found?.values ?? []).map(([name]) => String(name));
  } finally {
    database.close();
  }
}

const REPORT_SECTION = /<section id="(lifecycle|resilience)"/g;
const sections = (path: string) => [...readFileSync(path, 'utf8').matchAll(REPORT_SECTION)].map(([, name]) => name);

describe('mine-rs lifecycle', () => {
  it('is in no product before it was run', async () => {
    expect(sections(file('report.html'))).toEqual([]);
    expect(existsSync(file('ecology'))).toBe(false);
    expect(await geoPackageTables(file('zones.gpkg'))).not.toContain('lifecycle');
  });

  it('tells the stages of the disturbed land, and is in tables, GeoPackage, workbook and report', async () => {
    const { mines } = await lifeCyclePage(folder, {});
    expect(mines.map(({ zone, source }) => [zone, source])).toEqual([['pit', 'disturbed land']]);
    // The pit opens in the third year and greens from the sixth on.
    const stages = mines[0]!.years.map(({ stage }) => stage);
    expect(stages.slice(0, 3)).toEqual(['initial', 'initial', 'stable']);
    const csv = readFileSync(file('tables', 'lifecycle_by_year.csv'), 'utf8');
    expect(csv.split('\n')).toHaveLength(YEARS.length + 2);
    expect(existsSync(file('tables', 'lifecycle_by_year.parquet'))).toBe(true);
    const tables = await geoPackageTables(file('zones.gpkg'));
    expect(tables).toEqual(expect.arrayContaining(['trend_classes', 'lifecycle', 'lifecycle_by_year']));
    const { sheets } = readWorkbook(readFileSync(file('tables.xlsx')));
    expect(Object.keys(sheets)).toEqual(expect.arrayContaining(['trend_classes', 'lifecycle', 'lifecycle_by_year']));
    expect(sheets['lifecycle_by_year']!.slice(1).map((row) => row[4])).toEqual(stages);
    expect(sections(file('report.html'))).toEqual(['lifecycle']);
    expect(readFileSync(file('report.html'), 'utf8')).toContain('disturbed land, by stage');
  });

  it('takes a production by year, in any unit', async () => {
    const content = 'year,production\n2010,0t\n2015,100kt\n2016,0.9Mt\n2017,1Mt\n2018,1.1e6 t\n2021,2e5t\n';
    const { mines } = await lifeCyclePage(folder, { production: table(content) });
    const { years, full, source } = mines[0]!;
    expect([source, full]).toEqual(['production', 1e6]);
    expect(years.map(({ year, stage }) => [year, stage])).toEqual([
      [2010, 'initial'],
      [2015, 'accelerated'],
      [2016, 'stable'],
      [2017, 'stable'],
      [2018, 'stable'],
      [2019, null],
      [2020, null],
      [2021, 'declining'],
    ]);
    const inMt = 'year;production_mt\n2015;0.1\n2016;0.9\n2017;1\n2018;1.1\n2021;0.2\n2010;0\n';
    expect(await lifeCyclePage(folder, { production: table(inMt) })).toMatchObject({ mines });
  });

  it.each([
    ['year,tonnes\n2015,3\n', /line 1: has no column 'production'/],
    ['production\n3t\n', /line 1: has no column 'year'/],
    ['year,production\n2015,3\n', /line 2: has '3' for production, without a unit/],
    ['year,production\n2015,3t\n2016,-3t\n', /line 3: has '-3t' for production, which is no production/],
    ['year,production_mt\n2015,3t\n', /line 2: .* the unit is in the column's name/],
    ['year,production\n15,3t\n', /line 2: has '15' for year/],
    ['year,production\n2015,3t\n2015,4t\n', /line 3: has the year 2015 of zone 'pit' a second time/],
    ['year,zone_id,production\n2015,dump,3t\n', /line 2: names the zone 'dump'/],
    ['year,production\n', /line 1: is the only line/],
    ['year,production,production_t\n2015,3t,3\n', /line 1: has the columns production and production_t/],
    ['year,production\n2015,9e99t\n', /line 2: .*more than all mines produce/],
  ])('refuses the table %j', async (content, message) => {
    await expect(lifeCyclePage(folder, { production: table(content) })).rejects.toThrow(message);
  });

  it('checks its section of the config', async () => {
    const config = join(newFolder(), 'mine-rs.yaml');
    writeFileSync(config, 'lifecycle: { opened: 0.9, reached: 0.5 }\n');
    await expect(lifeCyclePage(folder, { config })).rejects.toThrow(/lifecycle: opened must be below reached/);
    writeFileSync(config, 'lifecycle: { open: 0.1 }\n');
    await expect(lifeCyclePage(folder, { config })).rejects.toThrow(/lifecycle: Unrecognized key: "open"/);
    writeFileSync(config, 'lifecycle: { opened: 0.3 }\n');
    expect((await lifeCyclePage(folder, { config })).rule).toEqual({ opened: 0.3, reached: 0.8 });
    // A trend run passes over it.
    expect(readConfig(config, undefined)).toEqual({});
  });
});

const CLIMATE = [
  'year,precipitation_mm,temperature_c,evapotranspiration_mm,runoff_mm,npp_gc_m2',
  ...YEARS.map((year, k) => `${year},${480 + 10 * k},${-1 + 0.1 * k},300,${60 + k},${200 + 5 * k}`),
  '',
].join('\n');

describe('mine-rs resilience', () => {
  it('works E, ECI, ThV and R out from the maps, and adds them beside what is there', async () => {
    const page = await resiliencePage(folder, { climate: table(CLIMATE) });
    const [pit, meadow, extent] = page.zones;
    expect([pit!.id, meadow!.id, extent!.role]).toEqual(['pit', 'meadow', 'extent']);
    const first = pit!.years[0]!;
    expect(first.thv).toBe(1);
    expect(first.e).toBeCloseTo(0.08 * first.strength! * first.ecoRes!, 12);
    expect(first.strength).toBeCloseTo((first.entropy! * first.ndvi!) / (first.c1! * first.c2!), 12);
    expect(first.ecoRes).toBeCloseTo(first.entropy! * first.score!, 12);
    expect(first.c1).toBeCloseTo(1 + 30 / 510, 12);
    expect(first.water).toBe(480 - 300 - 60);
    expect(first.eci).toBeCloseTo((first.sc! + first.fc! + first.eScaled!) / 3, 12);
    const { r, r1, r2, r3 } = extent!.score!;
    expect(r).toBeCloseTo(r3 === null ? (0.4 * r1! + 0.3 * r2!) / 0.7 : 0.4 * r1! + 0.3 * r2! + 0.3 * r3, 12);
    const results = new Set(pit!.effects.map(({ result }) => result));
    expect(results).toEqual(new Set(['E', 'ECI', 'ThV', 'R']));
    expect(sections(file('report.html'))).toEqual(['resilience', 'lifecycle']);
    const tables = await geoPackageTables(file('zones.gpkg'));
    expect(tables).toEqual(expect.arrayContaining(['lifecycle', 'resilience_by_year', 'resilience_score']));
    expect(readdirSync(file('ecology')).toSorted()).toEqual(['lifecycle.json', 'network.gpkg', 'resilience.json']);
  });

  it('is the same whatever the run was made with, byte by byte', async () => {
    const before = readFileSync(file('ecology', 'network.gpkg'));
    const csv = readFileSync(file('tables', 'resilience_by_year.csv'), 'utf8');
    await resiliencePage(folder, { climate: table(CLIMATE) });
    expect(readFileSync(file('ecology', 'network.gpkg')).equals(before)).toBe(true);
    expect(readFileSync(file('tables', 'resilience_by_year.csv'), 'utf8')).toBe(csv);
  });

  it('drops what is not known, says so, and gives its weight to the rest', async () => {
    const page = await resiliencePage(folder, {});
    const pit = page.zones[0]!;
    expect(pit.dropped).toEqual(['npp', 'water']);
    const year = pit.years[0]!;
    expect(year.fc).toBeNull();
    expect(year.eci).toBeCloseTo((year.sc! + year.eScaled!) / 2, 12);
    expect(page.notes.join('\n')).toMatch(/Without npp, water in all zones.*sc 0\.5 .*e 0\.5\./);
    expect(page.notes.join('\n')).toContain('Without precipitation C1 is 1');
  });

  it('leaves out years that lack what the others have', async () => {
    const missing = CLIMATE.replace(/^2018,[^,]*,/m, '2018,,');
    const { zones } = await resiliencePage(folder, { climate: table(missing) });
    const years = zones[0]!.years.filter(({ eci }) => eci === null).map(({ year }) => year);
    expect(years).toEqual([2018]);
  });

  it('takes climate from rasters, and classes with their scores from others', async () => {
    const place = newFolder();
    for (const [k, year] of YEARS.entries()) {
      await writeRaster(join(place, `pr_${year}.tif`), GRID, new Float32Array(120 * 90).fill(480 + 10 * k));
      const cover = new Uint8Array(120 * 90).map((_, i) => (i % 120 < 60 ? 7 : 9));
      await writeRaster(join(place, `lc_${year}.tif`), GRID, cover);
    }
    const config = join(place, 'mine-rs.yaml');
    const lookup = 'classes: { 7: { name: Grassland }, 9: { name: our heap, score: 0.2 } }\n';
    const rest = "resilience: { climate: { precipitation: 'pr_{year}.tif' }, pre-mining: 2015..2016, sources: [7] }\n";
    writeFileSync(config, lookup + rest);
    const { zones, classes, climate } = await resiliencePage(folder, { config, classes: join(place, 'lc_*.tif') });
    expect(classes.map(({ code, score, source }) => [code, score, source])).toEqual([
      [7, 0.6, true],
      [9, 0.2, false],
    ]);
    expect(climate).toBe('precipitation');
    expect(zones[0]!.years[0]!.c1).toBeCloseTo(1 + 30 / 510, 6);
    // The pit has 30 columns of grassland and 10 of the heap.
    expect(zones[0]!.years[0]!.score).toBeCloseTo(0.75 * 0.6 + 0.25 * 0.2, 12);
    expect(zones[0]!.preMining.years).toEqual([2015, 2016]);
    writeFileSync(config, 'classes: { 7: grassland, 9: our heap }\n');
    await expect(resiliencePage(folder, { config, classes: join(place, 'lc_*.tif') })).rejects.toThrow(
      /Class 9 \(our heap\) has no resilience score/,
    );
  });

  it.each([
    ['precipitation_mm\n500\n', /line 1: has no column 'year'/],
    ['year,rain\n2015,500\n', /line 1: has no column 'precipitation_mm'/],
    ['year,precipitation_inch\n2015,20\n', /line 1: .*whose unit is not known: convert it to precipitation_mm/],
    ['year,precipitation_mm\n2015,-1\n', /line 2: has '-1' for precipitation_mm, which cannot be mm a year/],
    ['year,temperature_c\n2015,281\n', /line 2: has '281' for temperature_c/],
    ['year,temperature_c\n2015,3\n2016,warm\n', /line 3: has 'warm' for temperature_c, which is not a number/],
    ['year,c1\n2015,0\n', /line 2: has '0' for c1, which cannot be a rate above 0/],
    ['year,zone_id,npp\n2015,dump,200\n', /line 2: names the zone 'dump'/],
    ['year,npp\n2015,200\n2015,210\n', /line 3: has the year 2015 a second time/],
  ])('refuses the table %j', async (content, message) => {
    await expect(resiliencePage(folder, { climate: table(content) })).rejects.toThrow(message);
  });

  it.each([
    ['weights: { sc: -1 }', /resilience\.weights\.sc: must be at least 0/],
    ['points: { elastic: 0.5, yield: 0.7 }', /resilience\.points: points must descend/],
    ['limits: { npp: [5, 5] }', /resilience\.limits\.npp: limits must ascend/],
    ["climate: { npp: 'npp.tif' }", /resilience\.climate\.npp: expected a path with \{year\}/],
    ["climate: { npp: 'npp_{year}.tif' }", /npp_\{year\}\.tif: there is no such file for any year/],
    ['sources: [8]', /there is no class 8; there are 1, 2, 3, 4, 5/],
    ['pre-mining: 1990', /no year of the time before mining, 1990/],
  ])('refuses the section { %s }', async (section, message) => {
    const config = join(newFolder(), 'mine-rs.yaml');
    writeFileSync(config, `resilience: { ${section} }\n`);
    await expect(resiliencePage(folder, { config })).rejects.toThrow(message);
  });

  it('needs the maps of a run', async () => {
    const out = join(newFolder(), 'lean');
    await run(out, { maps: 'trend', report: false });
    await expect(resiliencePage(out, {})).rejects.toThrow(/kept no map .*ndvi_2015\.tif: run it again with --maps all/);
    await expect(resiliencePage(newFolder(), {})).rejects.toThrow(/No finished run/);
  });
});

describe('additions', () => {
  const addition: Addition = {
    name: 'plots',
    title: 'Plots',
    notes: ['<b>a note</b>'],
    tables: [{ name: 'plots', title: 'Plots', columns: [text('plot'), real('cover', '%')], rows: [['a', 1.5]] }],
    figures: [],
  };

  it('are read back as they were given, and stay in the report that is made again, in its language', async () => {
    await addToRun(folder, addition);
    expect(readAdditions(folder).map(({ name }) => name)).toEqual(['resilience', 'lifecycle', 'plots']);
    expect(readFileSync(file('tables', 'plots.csv'), 'utf8')).toBe(tableCsv(addition.tables[0]!));
    await rebuildReport(folder, { lang: 'zh' });
    await addToRun(folder, addition);
    const page = readFileSync(file('report.html'), 'utf8');
    expect(page).toContain('lang="zh-Hans"');
    expect(page).toContain('&lt;b&gt;a note&lt;/b&gt;');
  });

  it('replace what the same command added before', async () => {
    const other = { ...addition, tables: [{ ...addition.tables[0]!, name: 'plots_other' }] };
    await addToRun(folder, addition, { 'a.txt': 'a' });
    await addToRun(folder, other, { 'b.txt': 'b' });
    expect(existsSync(file('tables', 'plots.csv'))).toBe(false);
    expect(existsSync(file('tables', 'plots.parquet'))).toBe(false);
    expect([existsSync(file('ecology', 'a.txt')), existsSync(file('ecology', 'b.txt'))]).toEqual([false, true]);
    const tables = await geoPackageTables(file('zones.gpkg'));
    expect(tables).toContain('plots_other');
    expect(tables).not.toContain('plots');
  });

  it('leave a run that has nothing to do as it is, and go when it is made anew', async () => {
    const out = join(newFolder(), 'again');
    await run(out);
    await lifeCyclePage(out, {});
    await rebuildReport(out, { lang: 'zh' });
    expect((await run(out)).unchanged).toBe(true);
    expect(sections(join(out, 'report.html'))).toEqual(['lifecycle']);
    expect((await run(out, { cache: false })).unchanged).toBe(false);
    expect(existsSync(join(out, 'ecology'))).toBe(false);
    expect(sections(join(out, 'report.html'))).toEqual([]);
    expect(existsSync(join(out, 'tables', 'lifecycle.csv'))).toBe(false);
    expect(await geoPackageTables(join(out, 'zones.gpkg'))).not.toContain('lifecycle');
    expect(Object.keys(readWorkbook(readFileSync(join(out, 'tables.xlsx'))).sheets)).not.toContain('lifecycle');
  });

  it('that are damaged are named', async () => {
    await lifeCyclePage(folder, {});
    writeFileSync(file('ecology', 'lifecycle.json'), '{"version": 1, "tables": [null], "figures": [], "notes": []}');
    await expect(rebuildReport(folder, {})).rejects.toThrow(/lifecycle\.json is not what this mine-rs reads/);
    await lifeCyclePage(folder, {});
    expect(readAdditions(folder).map(({ name }) => name)).toContain('lifecycle');
  });
});
