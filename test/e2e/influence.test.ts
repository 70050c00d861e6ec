/**
 * Runs on a landscape in which dust thins the green around a pit, less with distance, and ends at a distance that is known.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { MineInfluence } from '../../src/report/influence-model.ts';
import type { Plan, Summary } from '../../src/report/model.ts';
import { callMain, digestsOf, readTable, runCli } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones, type TestZone } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('influence');

const YEARS = [2015, 2016, 2017, 2019, 2020, 2021];
const SIZE = 160;
const PIXEL = 30;
const GRID = utmGrid(SIZE, SIZE);
/** A pit of 600 m, 20 pixels; the dust ends 900 m from it. */
const PIT: TestZone = { id: 'pit', name: 'The pit', role: 'mine', col: 70, row: 70, width: 20, height: 20 };
const MEADOW: TestZone = { id: 'meadow', name: 'Meadow', role: 'reference', col: 2, row: 2, width: 20, height: 20 };
const DUST_ENDS = 900;
const DUST_FVC = 0.4;
/** FVC = (NDVI − 0.1) / 0.7. */
const FIXED = '0.1,0.8';
const GREEN_NDVI = 0.75;
const RINGS = '300m,600m,900m,1.2km,1.5km';
/** UTM is 1/0.9996 true there; a ring of whole pixels misses some of its edges. */
const UTM_SCALE = 1.003;

/** Metres from a rectangle of pixels to the middle of a pixel. */
function metresTo(zone: TestZone, col: number, row: number): number {
  const beyond = (at: number, from: number, size: number) => Math.max(from - (at + 0.5), at + 0.5 - (from + size), 0);
  return PIXEL * Math.hypot(beyond(col, zone.col, zone.width), beyond(row, zone.row, zone.height));
}

/** By how much the dust lowers FVC at a distance. */
const dust = (metres: number) => DUST_FVC * Math.max(0, 1 - metres / DUST_ENDS);

/** Mean dust over the pixels between two distances. */
function meanDust(from: number, to: number): number {
  let [sum, n] = [0, 0];
  for (let row = 0; row < SIZE; row++) {
    for (let col = 0; col < SIZE; col++) {
      const metres = metresTo(PIT, col, row);
      if (metres <= from || metres > to) continue;
      sum += dust(metres);
      n++;
    }
  }
  return sum / n;
}

let folder = '';

beforeAll(async () => {
  folder = newFolder();
  writeZones(join(folder, 'pits.geojson'), GRID, [PIT, MEADOW]);
  for (const [k, year] of YEARS.entries()) {
    // Some years are greener than others, everywhere.
    const weather = [0, 0.01, -0.012, 0.004, -0.006, 0.008][k]!;
    const ndvi = (col: number, row: number) => {
      const metres = metresTo(PIT, col, row);
      return metres === 0 && k > 0 ? 0.12 : GREEN_NDVI + weather - 0.7 * dust(metres === 0 ? DUST_ENDS : metres);
    };
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi });
  }
});

async function run(
  options: Partial<OptionsInput> = {},
  control = {},
): Promise<{ summary: Summary; out: string; plan: Plan }> {
  const out = join(newFolder(), 'out');
  const input = { aoi: join(folder, 'pits.geojson'), out, workers: 0, fvc: FIXED, ...options };
  const { summary, plan } = await runTrend(input, control);
  return { summary: summary!, out, plan };
}

const tablesOf = (out: string) => Object.entries(digestsOf(out)).filter(([name]) => name.startsWith('tables/'));

describe('rings around a pit', () => {
  it('find the distance at which the dust ends, and the dust of each ring', async () => {
    const { summary, out } = await run({ rings: RINGS });
    const influence = summary.influence!;
    expect(influence.rings.map(({ fromM, toM }) => [fromM, toM])).toEqual([
      [0, 300],
      [300, 600],
      [600, 900],
      [900, 1200],
      [1200, 1500],
    ]);
    for (const ring of influence.rings) {
      // Pixels as wholes here, by covered shares there.
      expect(Math.abs(ring.shortfall! - meanDust(ring.fromM, ring.toM))).toBeLessThan(0.01);
      const hectares = ring.trend.reduce((sum, c) => sum + c.hectares, 0);
      expect(Math.abs(hectares / ring.areaHa - 1)).toBeLessThan(1e-6);
      for (const y of ring.years) expect(Math.abs((y.validHa + y.nodataHa) / ring.areaHa - 1)).toBeLessThan(1e-6);
    }
    expect(influence.rings.map((ring) => ring.influenced)).toEqual([true, true, true, false, false]);
    const [pit] = influence.mines as [MineInfluence];
    expect(pit).toMatchObject({ id: 'pit', result: 'fades', radiusM: 900, testedToM: 1500, falling: true, beyond: [] });
    // The pit is bare from its second year on; around it lie 900 m of a square's sides and corners.
    const side = PIT.width * PIXEL;
    const around = (4 * side * DUST_ENDS + Math.PI * DUST_ENDS ** 2) / 1e4;
    expect(pit.excavatedHa! / (side ** 2 / 1e4)).toBeGreaterThan(1 / UTM_SCALE);
    expect(pit.excavatedHa! / (side ** 2 / 1e4)).toBeLessThan(UTM_SCALE);
    expect(pit.influenceHa! / around).toBeGreaterThan(1 / UTM_SCALE);
    expect(pit.influenceHa! / around).toBeLessThan(UTM_SCALE);
    expect(pit.ratio).toBeCloseTo(pit.influenceHa! / pit.excavatedHa!, 9);
    // The total is a union of the same polygons.
    expect(influence.total!.influenceHa / pit.influenceHa!).toBeCloseTo(1, 6);
    expect(readTable(join(out, 'tables/mine_influence.csv'))[0]).toMatchObject({
      mine_id: 'pit',
      result: 'fades',
      radius_m: '900',
    });
    expect(readTable(join(out, 'tables/influence_by_year.csv'))).toHaveLength(5 * YEARS.length);
    const { features } = JSON.parse(readFileSync(join(out, 'zones.geojson'), 'utf8')) as {
      features: { id: string; properties: Record<string, unknown> }[];
    };
    expect(features.map(({ id }) => id).slice(0, 4)).toEqual(['pit', 'meadow', 'pit:0-300m', 'pit:300-600m']);
    expect(features[2]!.properties).toMatchObject({
      role: 'ring',
      mine_id: 'pit',
      from_m: 0,
      to_m: 300,
      influenced: 'yes',
    });
  });

  it('takes the outermost ring where there is no reference zone', async () => {
    const aoi = writeZones(join(folder, 'alone.geojson'), GRID, [PIT]);
    const { summary } = await run({ aoi, rings: RINGS });
    expect(summary.influence).toMatchObject({ reference: 'outermost ring' });
    expect(summary.influence!.mines[0]).toMatchObject({ result: 'fades', radiusM: 900, testedToM: 1200 });
    const short = await run({ aoi, rings: '300m,600m' });
    expect(short.summary.influence!.mines[0]).toMatchObject({
      result: 'not reached',
      radiusM: null,
      influenceHa: null,
    });
    expect(short.summary.influence!.total).toBeNull();
  });

  it('has fewer years to go by with --influence-years, and says so', async () => {
    const { summary } = await run({ rings: RINGS, influenceYears: '2015..2019' });
    expect(summary.influence!.years).toEqual([2015, 2016, 2017, 2019]);
    expect(summary.influence!.mines[0]!.result).toBe('not testable');
    expect(new Set(summary.influence!.rings.map(({ influenced }) => influenced))).toEqual(new Set([null]));
    expect(summary.influence!.method).toContain('in the 4 years 2015 to 2019');
  });

  it('changes no figure of the zones on the same extent', async () => {
    const plain = await run({ extent: 'scene' });
    const ringed = await run({ extent: 'scene', rings: RINGS });
    for (const key of ['zones', 'totals', 'field', 'overlaps'] as const) {
      expect(ringed.summary[key]).toEqual(plain.summary[key]);
    }
  });

  it('is the same whatever the blocks are', async () => {
    const [a, b] = await Promise.all([
      run({ rings: RINGS, impactBuffer: '500m' }),
      run({ rings: RINGS, impactBuffer: '500m' }, { blockSize: { width: 48, height: 32 } }),
    ]);
    expect(tablesOf(b.out)).toEqual(tablesOf(a.out));
  });

  it('makes the extent grow, and shows the rings before a run', async () => {
    const plain = await run({ dryRun: true });
    const { plan } = await run({ dryRun: true, rings: '300m,1.5km', impactBuffer: '1km' });
    expect(plan.grid.width).toBeGreaterThan(plain.plan.grid.width);
    // From the meadow to 1.5 km beyond the pit: on the ground a little less than 50 pixels of UTM.
    expect(plan.grid.width).toBe(90 + 50 - 2);
    expect(plan.zones.map(({ id, role }) => [id, role])).toEqual([
      ['pit', 'mine'],
      ['meadow', 'reference'],
      ['impact-of-pit', 'impact'],
      ['pit:0-300m', 'ring'],
      ['pit:300-1500m', 'ring'],
    ]);
  });
});

describe('an impact buffer', () => {
  it('is a zone of its own, without the land of mines', async () => {
    const near: TestZone = { id: 'near', role: 'mine', col: 95, row: 70, width: 10, height: 20 };
    const aoi = writeZones(join(folder, 'two.geojson'), GRID, [PIT, near, MEADOW]);
    const { summary } = await run({ aoi, impactBuffer: '600m' });
    const zone = (id: string) => summary.zones.find((z) => z.id === id)!;
    // Sides and corners, less the neighbour, all of which lies within 600 m.
    const expected = (4 * 600 * 600 + Math.PI * 600 ** 2 - 300 * 600) / 1e4;
    expect(zone('impact-of-pit').areaHa / expected).toBeGreaterThan(1 / UTM_SCALE);
    expect(zone('impact-of-pit').areaHa / expected).toBeLessThan(UTM_SCALE);
    expect(zone('impact-of-near').role).toBe('impact');
    const overlaps = summary.overlaps.filter(({ hectares }) => hectares! > 0.01).map(({ a, b }) => [a, b]);
    expect(overlaps).toEqual([['impact-of-pit', 'impact-of-near']]);
    // Both together, what they share counted once.
    const total = summary.totals.find(({ role }) => role === 'impact')!;
    const shared = summary.overlaps[0]!.hectares!;
    const sum = zone('impact-of-pit').areaHa + zone('impact-of-near').areaHa;
    expect(total.areaHa / (sum - shared)).toBeCloseTo(1, 6);
  });

  it('gives way to impact zones that are given', async () => {
    const given: TestZone = { id: 'rim', role: 'impact', col: 60, row: 70, width: 8, height: 20 };
    const aoi = writeZones(join(folder, 'given.geojson'), GRID, [PIT, given, MEADOW]);
    const { plan } = await run({ aoi, impactBuffer: '1km', dryRun: true });
    expect(plan.zones.map(({ id }) => id)).toEqual(['pit', 'rim', 'meadow']);
    expect(plan.warnings.join()).toMatch(/--impact-buffer is not used: .*given.geojson has 1 zone of the role impact/);
  });
});

describe('production', () => {
  it('extrapolates the areas to a region', async () => {
    const production = join(folder, 'production.csv');
    writeFileSync(production, 'zone_id,production\npit,20Mt\n');
    const { summary, out } = await run({ rings: RINGS, production, regionProduction: '1Gt' });
    const { total, region } = summary.influence!;
    expect(total!.productionT).toBe(20e6);
    expect(region!.influenceHa / total!.influenceHa).toBeCloseTo(50, 9);
    expect(region!.excavatedHa / total!.excavatedHa).toBeCloseTo(50, 9);
    const rows = readTable(join(out, 'tables/mine_influence.csv'));
    expect(rows.map((row) => row.result)).toEqual(['fades', 'total', 'extrapolated']);
  });
});

describe('a config file', () => {
  it('names rings as a list or in one line, and the table of productions from its own folder', async () => {
    const other = newFolder();
    const aoi = writeZones(join(other, 'pits.geojson'), GRID, [PIT, MEADOW]);
    writeFileSync(join(other, 'production.csv'), 'zone_id,production\npit,20Mt\n');
    for (const rings of ['[300m, 600m]', '300m,600m']) {
      const text = `rings: ${rings}\nproduction: production.csv\nregion-production: 1Gt\nfvc: ${FIXED}\n`;
      writeFileSync(join(other, 'mine-rs.yaml'), text);
      const args = ['trend', '--aoi', aoi, '--scenes', join(folder, 'scenes'), '--dry-run', '--json', '--workers', '0'];
      const { code, stdout, stderr } = await callMain(args);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      const plan = JSON.parse(stdout) as Plan;
      expect(plan.zones.map(({ id }) => id)).toEqual(['pit', 'meadow', 'pit:0-300m', 'pit:300-600m']);
    }
  });
});

describe('wrong options', () => {
  it.each([
    [{ rings: '500m,250m' }, /--rings: 250 m after 500 m/],
    [{ rings: '500' }, /--rings: '500' is no distance such as 250m/],
    [{ impactBuffer: '200km' }, /--impact-buffer: '200km' is no distance .* from 1 m to 100 km/],
    [{ rings: Array.from({ length: 51 }, (_, k) => `${k + 1}km`) }, /at most 50/],
    [{ regionProduction: '1Gt' }, /--region-production needs rings/],
    [{ influenceYears: '2015..2017' }, /--influence-years needs rings/],
    [{ rings: RINGS, influenceYears: '1990..1995' }, /--influence-years 1990..1995: no scene/],
    [{ rings: RINGS, regionProduction: '1000' }, /--region-production: '1000' is no production/],
    [{ rings: RINGS, regionProduction: '1Gt' }, /no production of zone pit/],
    [{ rings: RINGS, production: '/nowhere.csv' }, /Cannot read the table \/nowhere\.csv/],
  ] as [Partial<OptionsInput>, RegExp][])('are refused: %j', async (options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });

  it('name an AOI without a mine, and an id that is taken', async () => {
    const meadow = writeZones(join(folder, 'meadow.geojson'), GRID, [MEADOW]);
    await expect(run({ aoi: meadow, rings: RINGS })).rejects.toThrow(/no zone of .* has the role mine/);
    const taken = writeZones(join(folder, 'taken.geojson'), GRID, [PIT, { ...MEADOW, id: 'pit:0-300m' }]);
    await expect(run({ aoi: taken, rings: RINGS })).rejects.toThrow(/the id 'pit:0-300m' is wanted/);
  });
});

describe('the built program', () => {
  it('prints the reach and the method', async () => {
    const out = join(newFolder(), 'out');
    const args = ['trend', '--aoi', join(folder, 'pits.geojson'), '--out', out, '--fvc', FIXED, '--workers', '1'];
    const { code, stdout, stderr } = await runCli([...args, '--rings', RINGS, '--region-production', '1Gt']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no production of zone pit')]);
    expect(stdout).toBe('');
    const done = await runCli([...args, '--rings', RINGS]);
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('fades at 900 m');
    expect(done.stdout).toContain('Method: A ring is influenced where its mean FVC is below');
    const inProcess = await run({ rings: RINGS });
    expect(tablesOf(inProcess.out)).toEqual(tablesOf(out));
  });
});
