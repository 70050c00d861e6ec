import { describe, expect, it } from 'vitest';
import { addExact, exactSums } from '../../src/kernels/exact-sum.ts';
import type { Execution } from '../../src/pipeline/execute.ts';
import { resolveOptions } from '../../src/pipeline/options.ts';
import type { Preparation } from '../../src/pipeline/prepare.ts';
import { addLand } from '../../src/pipeline/land.ts';
import { summarise } from '../../src/pipeline/summary.ts';
import { HIGH_PART, landLayout } from '../../src/tasks/land-sums.ts';
import { classSlot, yearSlot, zoneSumsLength, type YearSlot } from '../../src/tasks/zone-sums.ts';
import { utmGrid } from '../helpers/stack.ts';

const YEARS = [2020, 2021, 2023, 2024];
/** Two units a square metre: a hectare has 20,000. */
const UNIT_M2 = 0.5;
const HA = 20_000;

type Sums = Partial<Record<YearSlot, number>>;

/** A run of two mine zones of 10 ha and 4 ha, the second with 1 ha beyond the grid; figures in hectares. */
function made(): {
  run: Preparation;
  done: Execution;
  add: (zone: number, place: number, units: number) => void;
  addSome: (zone: number, key: number, units: number) => void;
} {
  const zone = (number: number, id: string, areaHa: number, outsideHa: number) => ({
    number,
    zone: { id, name: `Pit ${id}`, role: 'mine', properties: {}, polygons: [] },
    areaM2: areaHa * 1e4,
    outsideM2: outsideHa * 1e4,
  });
  const run = {
    options: resolveOptions({ aoi: 'pits.geojson', workers: 0 }),
    aoi: { path: 'pits.geojson' },
    years: YEARS,
    gridPlan: { grid: utmGrid(10, 10), chosen: 'the only one' },
    zones: { zones: [zone(0, 'a', 10, 0), zone(1, 'b', 4, 1)], unions: [], overlaps: [], unitM2: UNIT_M2 },
    baseline: { kind: 'years', from: 0, to: 3, years: YEARS.slice(0, 3), text: 'median' },
    reference: null,
    transitions: [[0, 3]],
    influence: null,
    records: [
      { id: 's1', date: '2020-07-01', sensor: 'LC08', product: 'landsat-c2l2', path: 's1.tif', used: true, reason: '' },
      {
        id: 's2',
        date: '2021-07-01',
        sensor: 'LC08',
        product: 'landsat-c2l2',
        path: 's2.tif',
        used: false,
        reason: 'damaged',
      },
      { id: 's3', date: null, sensor: null, product: null, path: 's3.tif', used: false, reason: 'is an archive' },
    ],
    warnings: ['mind the gap'],
  } as unknown as Preparation;
  const sums = [0, 1].map(() => exactSums(zoneSumsLength(YEARS.length)));
  const done = {
    endpoints: { soil: 0.1, vegetation: 0.9, source: 'given' },
    referenceLevels: null,
    trendLevels: null,
    field: null,
    sums,
    land: new Map(),
    sieve: null,
    clearCells: new Map([['s1', 25]]),
    cells: 100,
  } as unknown as Execution;
  const add = (number: number, place: number, units: number) => addExact(sums[number]!, place, units);
  const year = (number: number, t: number, figures: Sums) => {
    for (const [slot, units] of Object.entries(figures)) add(number, yearSlot(t, slot as YearSlot), units);
  };
  const layout = landLayout(YEARS.length, 1);
  const addSome = (zone: number, key: number, units: number) =>
    addLand(done.land, [{ zone, keys: Float64Array.of(key), values: Float64Array.of(units) }]);
  add(0, classSlot(7), 6 * HA);
  add(0, classSlot(4), 4 * HA);
  add(1, classSlot(255), 3 * HA);
  for (let t = 0; t < 4; t++) {
    // FVC 0.25 on 4 ha and 0.75 on 4 ha, 2 ha without data.
    const values = { valid: 8 * HA, value: 4 * HA, valueSquared: 2.5 * HA, clearLow: 15 * HA };
    // 4 ha are disturbed in the first year; a quarter of it is recovered in the second, and stays so.
    const recovered = t === 0 ? 0 : HA;
    year(0, t, { ...values, undisturbed: 4 * HA, disturbed: 4 * HA - recovered, recovered, nodata: 2 * HA });
    year(1, t, { nodata: 3 * HA });
    addSome(0, layout.cohort(0, t, 2), 4 * HA - recovered);
    addSome(0, layout.cohort(0, t, 4), recovered);
  }
  addSome(0, layout.transition(0, 1, 1), 4 * HA);
  addSome(0, layout.transition(0, 2, 2), 3 * HA);
  addSome(0, layout.transition(0, 2, 4), HA);
  addSome(0, layout.transition(0, 5, 5), 2 * HA);
  addSome(1, layout.transition(0, 5, 5), 3 * HA);
  addSome(0, layout.disturbed, 4 * HA);
  addSome(0, layout.recovery(0, 1), HA);
  // A quarter took one year; two hectares lost 0.625 of their cover.
  addSome(0, layout.metric(1, 0), HA);
  addSome(0, layout.metric(1, 2), HA);
  addSome(0, layout.metric(0, 0), 2 * HA);
  addSome(0, layout.metric(0, 1), 3);
  addSome(0, layout.metric(0, 2), 1.25 * HA - 3 * HIGH_PART);
  return { run, done, add, addSome };
}

describe('summarise', () => {
  it('turns units into hectares, means and shares', () => {
    const { run, done } = made();
    const { zones, totals, missingYears, scenes } = summarise(run, done);
    expect(missingYears).toEqual([2022]);
    expect(zones[0]!.trend.filter((c) => c.hectares > 0)).toEqual([
      { code: 4, name: 'no change', hectares: 4, percent: 40, fdrHectares: null },
      { code: 7, name: 'significant increase', hectares: 6, percent: 60, fdrHectares: null },
    ]);
    expect(zones[0]!.years[0]).toEqual({ year: 2020, mean: 0.5, sd: 0.25, validHa: 8, nodataHa: 2, clearObsMean: 1.5 });
    expect(zones[0]!.states[1]).toMatchObject({ undisturbedHa: 4, disturbedHa: 3, recoveredHa: 1, nodataHa: 2 });
    expect(zones[0]!.states[1]!.recoveredToDisturbed).toBe(0.25);
    // Land beyond the grid is no data.
    expect(zones[1]).toMatchObject({ areaHa: 4, outsideHa: 1 });
    expect(zones[1]!.trend.at(-1)).toEqual({
      code: 255,
      name: 'no data',
      hectares: 4,
      percent: 100,
      fdrHectares: null,
    });
    expect(zones[1]!.years[0]).toMatchObject({ mean: null, sd: null, validHa: 0, nodataHa: 4, clearObsMean: 0 });
    expect(zones[1]!.states[0]).toMatchObject({ nodataHa: 4, recoveredToDisturbed: null });
    expect(totals).toHaveLength(1);
    expect(totals[0]).toMatchObject({ role: 'mine', zones: ['a', 'b'], areaHa: 14 });
    expect(totals[0]!.states[0]).toMatchObject({ undisturbedHa: 4, nodataHa: 6 });
    expect(totals[0]!.years[0]!.mean).toBe(0.5);
    expect(scenes.map(({ id, used, reason, clearShare }) => [id, used, reason, clearShare])).toEqual([
      ['s1', true, '', 0.25],
      ['s2', false, 'damaged', null],
      ['s3', false, 'is an archive', null],
    ]);
  });

  it.each([
    ['trend classes of a', 0, classSlot(1)],
    ['data of a in 2021', 0, yearSlot(1, 'valid')],
    ['land states of a in 2023', 0, yearSlot(2, 'recovering')],
    ['trend classes of b', 1, classSlot(0)],
    ['land states of b in 2024', 1, yearSlot(3, 'nodata')],
  ])('fails when the %s do not add up to the zone', (what, zone, place) => {
    const { run, done, add } = made();
    // 3 m² in 10 ha are 3e-5; the budget allows 1e-6. A hectare more data than the zone has is more than its nodata.
    add(zone, place, what.startsWith('data') ? 2 * HA + 6 : 6);
    expect(() => summarise(run, done)).toThrow(`The ${what} add up to`);
  });

  it('tells what became of the land', () => {
    const { run, done } = made();
    const { zones, totals } = summarise(run, done);
    const { transitions, cohorts, recovery } = zones[0]!.land!;
    expect(transitions.map(({ from, to, hectares }) => [from, to, hectares])).toEqual([
      ['undisturbed', 'undisturbed', 4],
      ['disturbed', 'disturbed', 3],
      ['disturbed', 'recovered', 1],
      ['no data', 'no data', 2],
    ]);
    expect(transitions[0]).toMatchObject({ fromYear: 2020, toYear: 2024 });
    // Less than half has recovered.
    expect(cohorts).toMatchObject([{ year: 2020, hectares: 4, medianYearsToRecovery: null }]);
    expect(cohorts![0]!.years.map((y) => [y.year, y.disturbedHa, y.recoveredHa, y.recoveredShare])).toEqual([
      [2020, 4, 0, 0],
      [2021, 3, 1, 0.25],
      [2023, 3, 1, 0.25],
      [2024, 3, 1, 0.25],
    ]);
    expect(recovery).toMatchObject({
      disturbedHa: 4,
      recoveredHa: 1,
      yearsToRecovery: { hectares: 1, mean: 1 },
      magnitude: { hectares: 2, mean: 0.625 },
      rri: { hectares: 0, mean: null },
    });
    // Land beyond the grid is no data in both years.
    expect(zones[1]!.land!.transitions).toMatchObject([{ from: 'no data', to: 'no data', hectares: 4 }]);
    expect(totals[0]!.land!.transitions.at(-1)).toMatchObject({ from: 'no data', to: 'no data', hectares: 6 });
    expect(totals[0]!.land!.recovery.disturbedHa).toBe(4);
  });

  it('knows the year in which half of a cohort had recovered', () => {
    const { run, done, addSome } = made();
    // A quarter in 2021, another in 2023.
    addSome(0, landLayout(4, 1).recovery(0, 2), HA);
    expect(summarise(run, done).zones[0]!.land!.cohorts![0]!.medianYearsToRecovery).toBe(3);
  });

  it.each([
    ['transitions of a from 2020 to 2024', landLayout(4, 1).transition(0, 1, 2)],
    ['land of a disturbed in 2020, in 2023,', landLayout(4, 1).cohort(0, 2, 5)],
    ['land of a disturbed in 2020, in 2024,', landLayout(4, 1).cohort(0, 3, 3)],
    ['cohorts of a in 2021', landLayout(4, 1).cohort(1, 1, 2)],
  ])('fails when the %s do not add up', (what, key) => {
    const { run, done, addSome } = made();
    addSome(0, key, 6);
    expect(() => summarise(run, done)).toThrow(`The ${what} add up to`);
  });
});
