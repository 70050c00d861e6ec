import { describe, expect, it } from 'vitest';
import { addExact, exactSums } from '../../src/kernels/exact-sum.ts';
import type { Execution } from '../../src/pipeline/execute.ts';
import { resolveOptions } from '../../src/pipeline/options.ts';
import type { Preparation } from '../../src/pipeline/prepare.ts';
import { summarise } from '../../src/pipeline/summary.ts';
import { classSlot, yearSlot, zoneSumsLength, type YearSlot } from '../../src/tasks/zone-sums.ts';
import { utmGrid } from '../helpers/stack.ts';

const YEARS = [2020, 2021, 2023, 2024];
/** Two units a square metre: a hectare has 20,000. */
const UNIT_M2 = 0.5;
const HA = 20_000;

type Sums = Partial<Record<YearSlot, number>>;

/** A run of two mine zones of 10 ha and 4 ha, the second with 1 ha beyond the grid; figures in hectares. */
function made(): { run: Preparation; done: Execution; add: (zone: number, place: number, units: number) => void } {
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
    clearCells: new Map([['s1', 25]]),
    cells: 100,
  } as unknown as Execution;
  const add = (number: number, place: number, units: number) => addExact(sums[number]!, place, units);
  const year = (number: number, t: number, figures: Sums) => {
    for (const [slot, units] of Object.entries(figures)) add(number, yearSlot(t, slot as YearSlot), units);
  };
  add(0, classSlot(7), 6 * HA);
  add(0, classSlot(4), 4 * HA);
  add(1, classSlot(255), 3 * HA);
  for (let t = 0; t < 4; t++) {
    // FVC 0.25 on 4 ha and 0.75 on 4 ha, 2 ha without data.
    const values = { valid: 8 * HA, value: 4 * HA, valueSquared: 2.5 * HA, clearLow: 15 * HA };
    year(0, t, { ...values, undisturbed: 4 * HA, disturbed: 3 * HA, recovered: 1 * HA, nodata: 2 * HA });
    year(1, t, { nodata: 3 * HA });
  }
  return { run, done, add };
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
    expect(zones[0]!.states[0]).toMatchObject({ undisturbedHa: 4, disturbedHa: 3, recoveredHa: 1, nodataHa: 2 });
    expect(zones[0]!.states[0]!.recoveredToDisturbed).toBe(0.25);
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
});
