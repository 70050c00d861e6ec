/**
 * Runs on landscapes whose every figure is known beforehand: one value a zone and year.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { Summary, ZoneFigures } from '../../src/report/model.ts';
import { RECOVERY_MAPS } from '../../src/tasks/maps.ts';
import { filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('story');

/** None in 2018. */
const YEARS = [2015, 2016, 2017, 2019, 2020, 2021, 2022];
const PIT = [0.7, 0.7, 0.2, 0.2, 0.55, 0.65, 0.65];
const MEADOW = [0.6, 0.62, 0.64, 0.66, 0.68, 0.7, 0.72];
const GRID = utmGrid(40, 30);
const ZONES = [
  { id: 'pit', name: 'The pit', role: 'mine', col: 5, row: 5, width: 10, height: 10 },
  { id: 'meadow', name: 'The meadow', role: 'reference', col: 25, row: 5, width: 10, height: 10 },
];
/** Soil and vegetation, so that FVC = (NDVI − 0.1) / 0.7. */
const FIXED = '0.1,0.8';
const coverOf = (ndvi: number) => (ndvi - 0.1) / 0.7;
/** Digital numbers are rounded to 2.75e-5: 7e-5 of NDVI, 1e-4 of FVC. */
const QUANTUM = 2e-4;

let folder = '';
let aoi = '';

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  for (const [k, year] of YEARS.entries()) {
    const ndvi = (col: number) => (col < 20 ? PIT[k]! : MEADOW[k]!);
    // A cloud over a quarter of the pit in 2021, all year.
    const cloud = (col: number, row: number) => year === 2021 && col < 10 && row < 10;
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi, cloud });
    // Clouds everywhere; and a brown scene in autumn.
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0816`, ndvi: () => 0.9, cloud: () => true });
    if (year === 2017) {
      await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}1101`, ndvi: () => 0.1 });
    }
  }
});

async function run(options: Partial<OptionsInput> = {}): Promise<{ summary: Summary; out: string }> {
  const out = join(newFolder(), 'out');
  const { summary } = await runTrend({ aoi, out, workers: 0, fvc: FIXED, ...options });
  return { summary: summary!, out };
}

const zoneOf = (summary: Summary, id: string): ZoneFigures => summary.zones.find((zone) => zone.id === id)!;
const classesOf = (zone: ZoneFigures) =>
  zone.trend.filter((c) => c.hectares > 0).map((c) => [c.code, Math.round(c.percent)]);

/** Which state the whole zone is in, year by year; mixed states as a list. */
function statesOf(zone: ZoneFigures): string[] {
  const keys = ['undisturbed', 'disturbed', 'recovering', 'recovered', 'notAssessable', 'nodata'] as const;
  return zone.states.map((s) => keys.filter((key) => s[`${key}Ha`] > 1e-6 * zone.areaHa).join('+'));
}

describe('a pit that is dug and restored', () => {
  it('has the cover, the states and the trend that were put in', async () => {
    const { summary, out } = await run();
    expect(summary.years).toEqual(YEARS);
    expect(summary.missingYears).toEqual([2018]);
    const [pit, meadow] = [zoneOf(summary, 'pit'), zoneOf(summary, 'meadow')];
    for (const zone of [pit, meadow]) {
      // 100 pixels of 900 m²; UTM shrinks areas by up to 0.08 % near its meridian.
      expect(zone.areaHa).toBeGreaterThan(9);
      expect(zone.areaHa).toBeLessThan(9 * 1.001);
      expect(zone.outsideHa).toBe(0);
    }
    for (const [k] of YEARS.entries()) {
      expect(Math.abs(pit.years[k]!.mean! - coverOf(PIT[k]!))).toBeLessThan(QUANTUM);
      expect(Math.abs(meadow.years[k]!.mean! - coverOf(MEADOW[k]!))).toBeLessThan(QUANTUM);
      // Sums are of whole units of area; the root of their rounding is left.
      expect(meadow.years[k]!.sd!).toBeLessThan(1e-5);
      expect(Math.abs(summary.baseline!.levels![k]!.fvc! - coverOf(MEADOW[k]!))).toBeLessThan(QUANTUM);
    }
    // Against the meadow of the same year: below half of it in 2017 and 2019, above 0.8 of it in 2021 and 2022.
    const cloudy = 'recovering+nodata';
    expect(statesOf(pit)).toEqual([
      'undisturbed',
      'undisturbed',
      'disturbed',
      'disturbed',
      'recovering',
      cloudy,
      // Where the cloud was, 2022 is the first year above: 25 of 100 pixels are not recovered yet.
      'recovering+recovered',
    ]);
    expect(pit.states[5]!.nodataHa / pit.areaHa).toBeCloseTo(0.25, 5);
    expect(pit.states[6]!.recoveredHa / pit.areaHa).toBeCloseTo(0.75, 5);
    expect(pit.states.map((s) => Math.round((s.newlyDisturbedHa / pit.areaHa) * 100))).toEqual([0, 0, 100, 0, 0, 0, 0]);
    expect(pit.states.map((s) => Math.round((s.newlyRecoveredHa / pit.areaHa) * 100))).toEqual([0, 0, 0, 0, 0, 0, 75]);
    expect(pit.years[5]!.clearObsMean).toBeCloseTo(0.75, 5);
    // Seven rising years; the pit fell and rose: S = −2 of 21 pairs, which is far from significant.
    expect(classesOf(meadow)).toEqual([[7, 100]]);
    expect(classesOf(pit).every(([code]) => code! >= 3 && code! <= 5)).toBe(true);

    const slope = await openGeoTiff(join(out, 'maps', 'trend_slope.tif'));
    const [x, y] = [slope.grid.transform[2], slope.grid.transform[5]];
    expect([slope.grid.width, slope.grid.height, x, y]).toEqual([30, 10, 540_150, 4_215_850]);
    // Sen's slope by the real years: pairs that span 2018 rise more slowly.
    const [value] = await slope.readWindow({ col: 25, row: 5, width: 1, height: 1 });
    await slope.close();
    const pairs = YEARS.flatMap((a, i) =>
      YEARS.slice(i + 1).map((b, j) => (coverOf(MEADOW[i + 1 + j]!) - coverOf(MEADOW[i]!)) / (b - a)),
    );
    expect(value).toBeCloseTo(pairs.toSorted((a, b) => a - b)[10]!, 4);
  });

  it('leaves every file of the design, and tables that agree with the summary', async () => {
    const { summary, out } = await run();
    const maps = YEARS.flatMap((year) => [`clear_${year}`, `fvc_${year}`, `ndvi_${year}`]);
    maps.push(
      'trend_class',
      'trend_slope',
      'trend_p',
      'trend_z',
      'trend_n',
      'state',
      'disturbed_year',
      'recovered_year',
      ...RECOVERY_MAPS.map(({ key }) => key),
    );
    const tables = ['fvc_by_year', 'land_state_by_year', 'scenes', 'trend_classes', 'trend_fdr', 'zone_trends'];
    tables.push('land_transitions', 'recovery_by_cohort', 'recovery_metrics');
    expect(filesBelow(out)).toEqual(
      [
        ...maps.flatMap((name) => [`maps/${name}.tif`, `maps/${name}.qml`]),
        ...tables.map((name) => `tables/${name}.csv`),
        ...['fvc_2022', 'state_2022', 'trend_class'].map((name) => `quicklook/${name}.png`),
        'stac/item.json',
        'project.qgs',
        'report.html',
        'run.json',
        'summary.json',
        'summary.schema.json',
        'tables.xlsx',
        'zones.geojson',
        'zones.gpkg',
      ].sort(),
    );
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(summary);
    const states = readTable(join(out, 'tables', 'land_state_by_year.csv'));
    expect(states).toHaveLength(2 * YEARS.length);
    const keys = ['undisturbed_ha', 'disturbed_ha', 'recovering_ha', 'recovered_ha', 'not_assessable_ha', 'nodata_ha'];
    for (const row of states) {
      const area = zoneOf(summary, row['zone_id']!).areaHa;
      const sum = keys.reduce((total, key) => total + Number(row[key]), 0);
      // Six figures of six digits.
      expect(Math.abs(sum - area)).toBeLessThan(3e-6 + 1e-6 * area);
    }
    const scenes = readTable(join(out, 'tables', 'scenes.csv'));
    expect(scenes).toHaveLength(15);
    expect(scenes.every(({ used }) => used === 'yes')).toBe(true);
    expect(scenes.find(({ date }) => date === '2015-08-16')!['clear_share']).toBe('0');
    expect(scenes.find(({ date }) => date === '2015-07-15')!['clear_share']).toBe('1');
  });

  it('describes its zones with their figures', async () => {
    const { summary, out } = await run();
    const { features } = JSON.parse(readFileSync(join(out, 'zones.geojson'), 'utf8')) as {
      features: { properties: Record<string, unknown>; geometry: unknown }[];
    };
    expect(features.map(({ properties }) => properties['id'])).toEqual(['pit', 'meadow']);
    expect(features[0]!.properties).toMatchObject({ role: 'mine', name: 'The pit', state_year: 2022 });
    expect(features[0]!.properties['area_ha']).toBeCloseTo(zoneOf(summary, 'pit').areaHa, 6);
    expect(features[0]!.properties['fvc_2017']).toBeCloseTo(coverOf(0.2), 3);
  });

  it('records what went in', async () => {
    const { out } = await run();
    const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
      inputs: { path: string; sha256: string; bytes: number }[];
      outputs: { path: string; sha256: string }[];
      radiometry: { scene: string; bands: Record<string, { scale: number; offset: number; source: string }> }[];
      resampled: unknown[];
      aoi: { sha256: string };
    };
    expect(record.inputs).toHaveLength(45);
    expect(record.outputs).toHaveLength(readdirSync(join(out, 'maps')).filter((name) => name.endsWith('.tif')).length);
    for (const { sha256 } of [...record.inputs, ...record.outputs, record.aoi])
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(record.radiometry[0]!.bands['red']).toMatchObject({ scale: 2.75e-5, offset: -0.2 });
    expect(record.resampled).toEqual([]);
  });
});

describe('options', () => {
  it('--season leaves scenes out and says why', async () => {
    const withAutumn = await run({ composite: 'mean' });
    const { summary } = await run({ composite: 'mean', season: '06-01..09-30' });
    // 2017: the mean of 0.64 and an autumn of 0.1, or 0.64 alone.
    expect(zoneOf(withAutumn.summary, 'meadow').years[2]!.mean).toBeCloseTo(coverOf(0.37), 3);
    expect(zoneOf(summary, 'meadow').years[2]!.mean).toBeCloseTo(coverOf(0.64), 3);
    const unused = summary.scenes.filter(({ used }) => !used);
    expect(unused.map(({ date, reason }) => [date, reason])).toEqual([
      ['2017-11-01', 'outside the season 06-01 to 09-30'],
    ]);
  });

  it('--years takes a part', async () => {
    const { summary, out } = await run({ years: '2017..2021' });
    expect(summary.years).toEqual([2017, 2019, 2020, 2021]);
    expect(summary.scenes.filter(({ used }) => used).every(({ year }) => year! >= 2017 && year! <= 2021)).toBe(true);
    expect(filesBelow(out).some((name) => /2016|2022/.test(name))).toBe(false);
    // Four years reach 90 % at best: said before the run begins.
    expect(summary.warnings.join()).toContain('"significant increase"');
    expect(classesOf(zoneOf(summary, 'meadow'))).toEqual([[6, 100]]);
  });

  it.each([
    ['max', 0.6],
    ['median', 0.5],
    ['mean', 0.4667],
    ['p90', 0.58],
  ])('--composite %s', async (composite, expected) => {
    const place = newFolder();
    const small = utmGrid(12, 8);
    const zones = writeZones(join(place, 'pits.geojson'), small, [{ id: 'a', col: 0, row: 0, width: 12, height: 8 }]);
    for (const year of [2001, 2002, 2003, 2004]) {
      for (const [day, ndvi] of [
        ['0601', 0.5],
        ['0701', 0.3],
        ['0801', 0.6],
      ] as const) {
        await writeLandsat(join(place, 'scenes'), { grid: small, date: `${year}${day}`, ndvi: () => ndvi });
      }
    }
    const { summary } = await run({ aoi: zones, composite });
    expect(summary.zones[0]!.years[1]!.mean).toBeCloseTo(coverOf(expected), 3);
    expect(summary.zones[0]!.years[1]!.clearObsMean).toBeCloseTo(3, 6);
    expect(summary.zones[0]!.role).toBe('mine');
  });

  it('--baseline takes years, reference zones or a zone', async () => {
    const states = async (baseline: string) => statesOf(zoneOf((await run({ baseline })).summary, 'pit')).slice(0, 5);
    const story = ['undisturbed', 'undisturbed', 'disturbed', 'disturbed', 'recovering'];
    expect(await states('2015..2016')).toEqual(story);
    expect(await states('reference')).toEqual(story);
    expect(await states('zone:meadow')).toEqual(story);
    // Held against itself nothing is ever disturbed; held against its own low, neither.
    const never = Array.from({ length: 5 }, () => 'undisturbed');
    expect(await states('zone:pit')).toEqual(never);
    expect(await states('2017..2019')).toEqual(never);
  });

  it('--fvc none gives the index alone', async () => {
    const { summary, out } = await run({ fvc: 'none' });
    expect(summary.fvc).toBeNull();
    expect(zoneOf(summary, 'pit').states).toEqual([]);
    expect(zoneOf(summary, 'pit').years[0]!.mean).toBeCloseTo(0.7, 3);
    expect(classesOf(zoneOf(summary, 'meadow'))).toEqual([[7, 100]]);
    const names = filesBelow(out);
    expect(names.filter((name) => /fvc|state|disturbed|recovered/.test(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['tables/ndvi_by_year.csv', 'maps/trend_class.tif']));
  });

  it('--fvc zone:ID takes the endpoints from a zone', async () => {
    const { summary } = await run({ fvc: 'zone:meadow' });
    // 700 values, a hundred of each year: the 5th percentile lies in the first year, the 95th in the last.
    expect(summary.fvc!.endpoints.soil).toBeCloseTo(0.6, 3);
    expect(summary.fvc!.endpoints.vegetation).toBeCloseTo(0.72, 3);
    expect(summary.fvc!.endpoints.source).toContain('zone meadow');
  });

  it('--fvc p takes percentiles of the extent', async () => {
    const { summary } = await run({ fvc: 'p2' });
    expect(summary.fvc!.endpoints.soil).toBeCloseTo(0.2, 3);
    expect(summary.fvc!.endpoints.vegetation).toBeCloseTo(0.72, 3);
    expect(summary.fvc!.endpoints.source).toContain('percentiles 2 and 98');
  });

  it('--fvc-model squared and --trend-on index', async () => {
    const squared = await run({ fvcModel: 'squared' });
    expect(zoneOf(squared.summary, 'pit').years[0]!.mean).toBeCloseTo(coverOf(0.7) ** 2, 3);
    const indexed = await run({ trendOn: 'ndvi', epsilon: 0.05 });
    expect(indexed.summary.trend.on).toBe('ndvi');
    // 0.02 a year at most, and ε is 0.05.
    expect(classesOf(zoneOf(indexed.summary, 'meadow'))).toEqual([[4, 100]]);
  });

  it('--legend nine and five', async () => {
    expect(classesOf(zoneOf((await run({ legend: 'nine' })).summary, 'meadow'))).toEqual([[9, 100]]);
    expect(classesOf(zoneOf((await run({ legend: 'five' })).summary, 'meadow'))).toEqual([[5, 100]]);
  });

  it('--maps trend and none keep fewer maps and change no table', async () => {
    const [all, trend, none] = [await run(), await run({ maps: 'trend' }), await run({ maps: 'none' })];
    expect(filesBelow(join(trend.out, 'maps')).filter((name) => name.endsWith('.tif'))).toEqual([
      'trend_class.tif',
      'trend_n.tif',
      'trend_p.tif',
      'trend_slope.tif',
      'trend_z.tif',
    ]);
    expect(filesBelow(join(none.out, 'maps'))).toEqual([]);
    for (const table of filesBelow(join(all.out, 'tables'))) {
      const text = readFileSync(join(all.out, 'tables', table), 'utf8');
      expect(readFileSync(join(trend.out, 'tables', table), 'utf8')).toBe(text);
      expect(readFileSync(join(none.out, 'tables', table), 'utf8')).toBe(text);
    }
  });

  it('--extent scene takes all pixels of the scenes and changes no zone', async () => {
    const [aoiOnly, scene] = [await run(), await run({ extent: 'scene' })];
    expect([scene.summary.grid.width, scene.summary.grid.height]).toEqual([40, 30]);
    expect([aoiOnly.summary.grid.width, aoiOnly.summary.grid.height]).toEqual([30, 10]);
    for (const [k, zone] of scene.summary.zones.entries()) {
      const other = aoiOnly.summary.zones[k]!;
      for (const [c, figures] of zone.trend.entries())
        expect(figures.hectares).toBeCloseTo(other.trend[c]!.hectares, 6);
      for (const [t, year] of zone.years.entries()) expect(year.mean).toBeCloseTo(other.years[t]!.mean!, 8);
    }
  });

  it('--like takes the grid of a file', async () => {
    const like = join(folder, 'scenes', filesBelow(join(folder, 'scenes'))[0]!);
    const { summary } = await run({ like });
    expect(summary.grid.chosen).toContain(like);
    expect(statesOf(zoneOf(summary, 'pit')).slice(0, 3)).toEqual(['undisturbed', 'undisturbed', 'disturbed']);
  });

  it('--role-field, --id-field and --name-field name the properties', async () => {
    const collection = JSON.parse(readFileSync(aoi, 'utf8')) as { features: { properties: Record<string, string> }[] };
    for (const feature of collection.features) {
      const { id, name, role } = feature.properties as { id: string; name: string; role: string };
      feature.properties = { Kuerzel: id, Titel: name, Art: role, id: 'x' + id };
    }
    const renamed = join(newFolder(), 'zones.geojson');
    writeFileSync(renamed, JSON.stringify(collection));
    const { summary } = await run({
      aoi: renamed,
      scenes: [join(folder, 'scenes')],
      idField: 'Kuerzel',
      nameField: 'Titel',
      roleField: 'Art',
    });
    expect(summary.zones.map(({ id, name, role }) => [id, name, role])).toEqual([
      ['pit', 'The pit', 'mine'],
      ['meadow', 'The meadow', 'reference'],
    ]);
  });

  it('--disturbed-years and --recovered-years ask for more years', async () => {
    const slow = statesOf(zoneOf((await run({ disturbedYears: 2 })).summary, 'pit'));
    expect(slow.slice(0, 5)).toEqual(['undisturbed', 'undisturbed', 'undisturbed', 'disturbed', 'recovering']);
    const quick = statesOf(zoneOf((await run({ recoveredYears: 1 })).summary, 'pit'));
    expect(quick.slice(5)).toEqual(['recovered+nodata', 'recovered']);
  });
});

describe('zones', () => {
  it('that lie partly beyond the scenes count that part as no data', async () => {
    const place = newFolder();
    const zones = [{ id: 'edge', col: -5, row: 5, width: 10, height: 10 }];
    const edge = writeZones(join(place, 'edge.geojson'), GRID, zones);
    const { summary } = await run({ aoi: edge, scenes: [join(folder, 'scenes')] });
    const [zone] = summary.zones as [ZoneFigures];
    expect(zone.outsideHa / zone.areaHa).toBeCloseTo(0.5, 3);
    expect(zone.trend.find((c) => c.code === 255)!.percent).toBeCloseTo(50, 1);
    expect(summary.warnings.join()).toContain('edge');
  });

  it('that overlap are counted once in the total of their role', async () => {
    const place = newFolder();
    const zones = [
      { id: 'a', col: 5, row: 5, width: 8, height: 10 },
      { id: 'b', col: 9, row: 5, width: 8, height: 10 },
    ];
    const overlapping = writeZones(join(place, 'two.geojson'), GRID, zones);
    const { summary } = await run({ aoi: overlapping, scenes: [join(folder, 'scenes')] });
    const [a, b] = summary.zones as [ZoneFigures, ZoneFigures];
    expect(summary.overlaps[0]!.hectares).toBeCloseTo(a.areaHa / 2, 2);
    expect(summary.totals[0]!.areaHa).toBeCloseTo((a.areaHa + b.areaHa) * 0.75, 2);
    expect(summary.warnings.join()).toMatch(/a and b overlap/);
  });
});
