/**
 * The audit on landscapes whose masks, sensors and thresholds are known.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { sensorOffsets, sensorSlope, sensorSteps } from '../../src/pipeline/sensor-steps.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { AuditFigures, SensorOverlap } from '../../src/report/audit-model.ts';
import type { Summary } from '../../src/report/model.ts';
import { digestsOf, filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('audit');
const GRID = utmGrid(40, 30);
const ZONES = [
  { id: 'pit', name: 'Pit', role: 'mine', col: 0, row: 0, width: 12, height: 10 },
  { id: 'round', role: 'impact', col: 12, row: 0, width: 8, height: 10 },
  { id: 'meadow', role: 'reference', col: 24, row: 4, width: 12, height: 20 },
];
/** NDVI is made of whole digital numbers. */
const QUANTUM = 3e-4;
const STEP = -0.05;
const [FIRST, CHANGE, LAST] = [2008, 2013, 2020];

let folder: string;
let aoi: string;
/** Of the stack with two sensors, by the defaults. */
let audit: AuditFigures;

/** Moves a scene of LC08 to another sensor: names and masks (bits 0 to 5) fit. */
function asSensor(from: string, to: string, sensor: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name.replace('LC08', sensor)));
  rmSync(from, { recursive: true });
}

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  const scenes = join(folder, 'scenes');
  const drafts = join(folder, 'drafts');
  // Land that never changes, in the eyes of two sensors; both saw it in two years.
  for (let year = FIRST; year <= LAST; year++) {
    const land = { grid: GRID, cloud: (col: number) => year === 2016 && col < 6 };
    if (year <= CHANGE + 1) {
      await writeLandsat(drafts, { ...land, date: `${year}0705`, ndvi: () => 0.6 + STEP });
      asSensor(drafts, scenes, 'LC09');
    }
    if (year >= CHANGE) await writeLandsat(scenes, { ...land, date: `${year}0715`, ndvi: () => 0.6 });
  }
  audit = await auditOf({});
});

async function run(options: Partial<OptionsInput> = {}): Promise<{ summary: Summary; out: string }> {
  const out = join(newFolder(), 'out');
  const given = { aoi, out, workers: 0, fvc: '0,1', report: false, extras: false, ...options };
  return { summary: (await runTrend(given)).summary!, out };
}

const auditOf = async (options: Partial<OptionsInput>): Promise<AuditFigures> =>
  (await run({ audit: true, ...options })).summary.audit!;

describe('sensors', () => {
  it('are held against each other in the years in which both saw the reference', async () => {
    const { sensors, over, overlaps, steps, unlinked } = audit;
    expect([sensors, over, unlinked]).toEqual([['LC08', 'LC09'], 'the reference zones', []]);
    expect(overlaps.map(({ year }) => year)).toEqual([CHANGE, CHANGE + 1]);
    for (const { hectares, step } of overlaps) {
      // 240 cells of 900 m², UTM near its central meridian.
      expect(Math.abs(hectares / 21.6 - 1)).toBeLessThan(0.002);
      expect(Math.abs(step - STEP)).toBeLessThan(QUANTUM);
    }
    expect(steps).toMatchObject([{ sensorA: 'LC08', sensorB: 'LC09', years: 2 }]);
    expect(steps[0]!.standardError!).toBeLessThan(1e-9);
  });

  it('explain the whole trend of land that never changed', async () => {
    const { effects } = audit;
    expect(effects.map(({ zone }) => zone)).toEqual(['pit', 'round', 'meadow']);
    for (const { slope, sensorSlope: ofSensors, share } of effects) {
      expect(slope).toBeGreaterThan(0.003);
      expect(Math.abs(ofSensors! / slope! - 1)).toBeLessThan(0.01);
      expect(share).toBeCloseTo(ofSensors! / slope!, 12);
    }
  });

  it('without overlap are said to be so, and nothing is claimed of them', async () => {
    const apart = newFolder();
    for (let year = FIRST; year <= LAST; year++) {
      await writeLandsat(join(apart, 'drafts'), { grid: GRID, date: `${year}0705`, ndvi: () => 0.5 });
      asSensor(join(apart, 'drafts'), join(apart, 'scenes'), year < CHANGE ? 'LC09' : 'LC08');
    }
    const { overlaps, unlinked, effects } = await auditOf({ scenes: [join(apart, 'scenes')] });
    expect([overlaps, unlinked]).toEqual([[], ['LC09']]);
    expect(effects.map(({ sensorSlope: s, share }) => [s, share])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });
});

describe('masks', () => {
  it('are compared between the mine and the land around, scene by scene', async () => {
    const { maskRows, maskBias } = audit;
    const of = (zone: string, year: number, sensor: string) =>
      maskRows.find((row) => row.zone === zone && row.year === year && row.sensor === sensor)!;
    // Six of the twelve columns of the pit lie under a cloud that the reference does not have.
    const cloudy = of('pit', 2016, 'LC08');
    expect(cloudy).toMatchObject({ scenes: 1, impactShare: 0, referenceShare: 0 });
    expect(cloudy.maskedShare).toBeCloseTo(0.5, 4);
    expect(cloudy.excess).toBe(cloudy.maskedShare);
    expect(of('pit', 2015, 'LC08')).toMatchObject({ maskedShare: 0, excess: 0 });
    expect(of('pit', 2013, 'LC09')).toMatchObject({ scenes: 1 });
    const scenes = LAST - CHANGE + 1 + (CHANGE + 2 - FIRST);
    expect(maskRows.filter(({ zone }) => zone === 'pit')).toHaveLength(scenes);
    expect(maskBias[0]!.excess).toBeCloseTo(0.5 / scenes, 5);
    expect(maskBias[2]).toMatchObject({ zone: 'meadow', maskedShare: 0 });
  });
});

describe('the warning of masks', () => {
  it('names mines that are seen much less often than the reference, in every run', async () => {
    const place = newFolder();
    for (let year = 2014; year <= 2019; year++) {
      for (const day of ['0715', '0816']) {
        // The left half of the pit is taken for cloud, always.
        const cloud = (col: number) => col < 6;
        await writeLandsat(join(place, 'scenes'), { grid: GRID, date: `${year}${day}`, ndvi: () => 0.5, cloud });
      }
    }
    const { summary } = await run({ scenes: [join(place, 'scenes')] });
    expect(summary.warnings).toEqual([
      'Zone pit has 1.00 clear observations a year, the reference land 2.00: its bare ground may be taken for cloud; --audit looks closer',
    ]);
    expect((await run()).summary.warnings).toEqual([]);
  });
});

describe('sensitivity', () => {
  let noisy: Partial<OptionsInput>;
  beforeAll(async () => {
    const place = newFolder();
    await writeNoisyStack(join(place, 'scenes'), GRID, [2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019]);
    const zones = [
      { id: 'pit', role: 'mine', col: 2, row: 2, width: 24, height: 26 },
      { id: 'meadow', role: 'reference', col: 30, row: 4, width: 8, height: 20 },
    ];
    noisy = { aoi: writeZones(join(place, 'pits.geojson'), GRID, zones), fvc: 'p5' };
  });

  /** The same figures from a run's own tables. */
  const figures = ({ zones }: Summary, zone: string) => {
    const found = zones.find(({ id }) => id === zone)!;
    const last = found.states.at(-1)!;
    const sum = (pattern: RegExp) =>
      found.trend.filter(({ name }) => pattern.test(name)).reduce((total, c) => total + c.hectares, 0);
    return {
      disturbedHa: last.disturbedHa,
      recoveringHa: last.recoveringHa,
      recoveredHa: last.recoveredHa,
      decreaseHa: sum(/^(slightly )?significant decrease/),
      increaseHa: sum(/^(slightly )?significant increase/),
    };
  };

  const changes: [string, string, number, Partial<OptionsInput>][] = [
    ['as it is', 'as run', NaN, {}],
    ['d', 'disturbed-below', 0.55, { disturbedBelow: 0.55 }],
    ['r', 'recovered-above', 0.75, { recoveredAbove: 0.75 }],
    ['the slope of no change', 'epsilon', 0.001, { epsilon: 0.001 }],
  ];
  it.each(changes)('is what a run with another %s finds', async (_, parameter, value, options) => {
    const shared = { ...noisy, minPatch: '3', maps: 'none' as const };
    const { sensitivity } = await auditOf(shared);
    const { summary } = await run({ ...shared, ...options });
    for (const zone of ['pit', 'meadow']) {
      const row = sensitivity.find(
        (r) =>
          r.zone === zone && r.parameter === parameter && (Number.isNaN(value) ? r.value === null : r.value === value),
      )!;
      // Sums of classes in another order.
      for (const [key, hectares] of Object.entries(figures(summary, zone))) {
        expect(row[key as 'decreaseHa']).toBeCloseTo(hectares, 9);
      }
    }
  });

  it('moves one endpoint at a time, and takes those of the neighbouring percentiles', async () => {
    const shared = { ...noisy, maps: 'none' as const };
    const { summary } = await run({ ...shared, audit: true });
    const rows = summary.audit!.sensitivity.filter(({ zone }) => zone === 'pit');
    expect(rows.map(({ parameter }) => parameter)).toEqual([
      'as run',
      'bare soil, percentile 4',
      'bare soil, percentile 6',
      'full vegetation, percentile 96',
      'full vegetation, percentile 94',
      'disturbed-below',
      'disturbed-below',
      'recovered-above',
      'recovered-above',
      'epsilon',
      'epsilon',
    ]);
    const { soil, vegetation } = (await run({ ...shared, fvc: 'p4' })).summary.fvc!.endpoints;
    expect([rows[1]!.value, rows[3]!.value]).toEqual([soil, vegetation]);
    const own = summary.fvc!.endpoints;
    const changed = await run({ ...shared, fvc: `${soil},${own.vegetation}` });
    expect(rows[1]!.disturbedHa).toBeCloseTo(figures(changed.summary, 'pit').disturbedHa, 9);
    expect(rows[1]!.increaseHa).toBeCloseTo(figures(changed.summary, 'pit').increaseHa, 9);
  });

  it('leaves thresholds out that would cross, and all states without cover', async () => {
    const near = await auditOf({ ...noisy, disturbedBelow: 0.78, recoveredAbove: 0.8, maps: 'none' });
    const values = (parameter: string) =>
      near.sensitivity.filter((r) => r.zone === 'pit' && r.parameter === parameter).map(({ value }) => value);
    expect(values('disturbed-below')).toEqual([0.73]);
    expect(values('recovered-above')).toEqual([0.85]);
    const none = await auditOf({ ...noisy, fvc: 'none', maps: 'none' });
    expect(none.sensitivity.filter(({ zone }) => zone === 'pit').map((r) => [r.parameter, r.disturbedHa])).toEqual([
      ['as run', null],
      ['epsilon', null],
      ['epsilon', null],
    ]);
  });
});

describe('an audited run', () => {
  it('leaves the same maps and tables as another one, and four tables more', async () => {
    const [plain, audited] = [await run(), await run({ audit: true })];
    const own = ['sensitivity', 'mask_bias', 'sensor_overlap', 'sensor_effect'].map((name) => `tables/${name}.csv`);
    expect(filesBelow(audited.out).filter((file) => !filesBelow(plain.out).includes(file))).toEqual(own.toSorted());
    const [before, after] = [digestsOf(plain.out), digestsOf(audited.out)];
    const same = filesBelow(plain.out).filter((file) => /^(maps|tables)\//.test(file));
    expect(same.filter((file) => before[file] !== after[file])).toEqual([]);
    const rows = readTable(join(audited.out, own[3]!));
    expect(rows.map(({ zone_id: id }) => id)).toEqual(['pit', 'round', 'meadow']);
  });

  it('may follow in the folder of a run, and is taken out again by a run without it', async () => {
    const { out } = await run();
    const again = async (audit: boolean) =>
      (await runTrend({ aoi, out, workers: 0, fvc: '0,1', report: false, extras: false, audit })).summary!.audit;
    expect(await again(true)).toEqual(audit);
    expect(filesBelow(out)).toContain('tables/sensitivity.csv');
    expect(await again(false)).toBeNull();
    expect(filesBelow(out)).not.toContain('tables/sensitivity.csv');
  });

  it('does not depend on the workers’ blocks of land', async () => {
    const small = await runTrend(
      { aoi, out: join(newFolder(), 'out'), workers: 0, fvc: '0,1', report: false, extras: false, audit: true },
      { blockSize: { width: 16, height: 16 } },
    );
    expect(small.summary!.audit).toEqual(audit);
  });
});

describe('sensorOffsets', () => {
  const overlap = (sensorA: string, sensorB: string, year: number, step: number): SensorOverlap => {
    return { sensorA, sensorB, year, hectares: 1, meanA: 0, meanB: step, step };
  };

  it('follow the chains with the most years', () => {
    // C is 0.3 above A by way of B (3 and 2 years), and 0.9 in the one year of their own.
    const years = [overlap('A', 'B', 1, 0.1), overlap('A', 'B', 2, 0.1), overlap('A', 'B', 3, 0.1)];
    const steps = sensorSteps([
      ...years,
      overlap('B', 'C', 4, 0.1),
      overlap('B', 'C', 5, 0.3),
      overlap('A', 'C', 6, 0.9),
    ]);
    expect(steps.map(({ years: n, step }) => [n, Number(step.toFixed(9))])).toEqual([
      [3, 0.1],
      [2, 0.2],
      [1, 0.9],
    ]);
    expect(steps[1]!.standardError).toBeCloseTo(0.1, 12);
    const offsets = sensorOffsets(['A', 'B', 'C', 'D'], steps);
    expect([...offsets].map((x) => Number(x.toFixed(9)))).toEqual([0, 0.1, 0.3, NaN]);
  });

  it('add to a mean by the land that each sensor has', () => {
    const offsets = Float64Array.of(0, -0.1, NaN);
    const years = [2000, 2001, 2002, 2003];
    // −0.1, −0.05, none, 0: slopes 0.05, 0.0333, 0.025 of the pairs, the middle one is Sen's.
    const shares = [[0, 1, 0], [0.5, 0.5, 0], null, [1, 0, 0]];
    expect(sensorSlope(years, shares, offsets)).toBeCloseTo(0.1 / 3, 12);
    expect(sensorSlope(years, [...shares.slice(0, 3), [0.5, 0, 0.5]], offsets)).toBeNull();
    expect(sensorSlope([2000], [[1, 0, 0]], offsets)).toBeNull();
  });
});
