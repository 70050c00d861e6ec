import { describe, expect, it } from 'vitest';
import type { InfluenceFigures, MineInfluence, RingFigures } from '../../src/report/influence-model.ts';
import { influenceTables, ringAttributes } from '../../src/report/influence-tables.ts';
import { influenceText, reachOf } from '../../src/report/influence-text.ts';
import { runTables } from '../../src/report/tables.ts';
import { tableCsv } from '../../src/report/table.ts';
import { summaryText, table } from '../../src/report/terminal.ts';
import { summaryOf, zoneOf } from './figures.ts';

function ringOf(fromM: number, toM: number, change: Partial<RingFigures> = {}): RingFigures {
  const { trend, meanTrend } = zoneOf('A');
  const year = { validHa: 9, nodataHa: 1, disturbedHa: 2, recoveringHa: 1, recoveredHa: 0.5 };
  return {
    id: `A:${fromM}-${toM}m`,
    mine: 'A',
    fromM,
    toM,
    areaHa: 10,
    outsideHa: 0.5,
    years: [
      { ...year, year: 2020, mean: 0.5, reference: 0.75, shortfall: 0.25 },
      { ...year, year: 2021, mean: null, reference: 0.75, shortfall: null },
    ],
    trend,
    meanTrend,
    disturbedHa: 2.5,
    mean: 0.5,
    reference: 0.75,
    shortfall: 0.25,
    n: 1,
    p: 0.03125,
    influenced: true,
    ...change,
  };
}

function mineOf(change: Partial<MineInfluence> = {}): MineInfluence {
  return {
    id: 'A',
    name: 'Pit A',
    result: 'fades',
    radiusM: 250,
    testedToM: 500,
    falling: true,
    beyond: [],
    polygonHa: 40,
    excavatedHa: 20,
    influenceHa: 30,
    ratio: 1.5,
    productionT: null,
    ...change,
  };
}

function influenceOf(change: Partial<InfluenceFigures> = {}): InfluenceFigures {
  return {
    method: 'Held against the meadow.',
    tolerance: 0.05,
    alpha: 0.05,
    years: [2020, 2021],
    reference: 'zones',
    rings: [ringOf(0, 250), ringOf(250, 500, { influenced: null, p: null, shortfall: null, mean: null })],
    mines: [mineOf()],
    total: { mines: ['A'], excavatedHa: 20, influenceHa: 30, ratio: 1.5, productionT: null },
    region: null,
    ...change,
  };
}

describe('tables of influence', () => {
  it('are none without rings', () => {
    expect(influenceTables(summaryOf())).toEqual([]);
    expect(ringAttributes(summaryOf())).toEqual({});
  });

  it('are among the tables of a run', () => {
    const names = runTables(summaryOf({ influence: influenceOf() })).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['mine_influence', 'influence_rings', 'influence_by_year']));
    expect(names).toContain('influence_trend_classes');
  });

  it('have empty cells for what is not known, never 0', () => {
    const unknown = mineOf({ result: 'not reached', radiusM: null, influenceHa: null, ratio: null });
    const region = { productionT: 1e9, excavatedHa: 200, influenceHa: 300 };
    const influence = influenceOf({ mines: [mineOf({ productionT: 1e8 }), unknown], region });
    const [mines, rings, years] = influenceTables(summaryOf({ influence })).map(tableCsv) as [string, string, string];
    expect(mines.trimEnd().split('\n')).toEqual([
      'mine_id,mine_name,result,radius_m,tested_to_m,polygon_ha,excavated_ha,influence_ha,ratio,production_t',
      'A,Pit A,fades,250,500,40,20,30,1.5,100000000',
      'A,Pit A,not reached,,500,40,20,,,',
      ',all mines with an area,total,,,,20,30,1.5,',
      ',region by production,extrapolated,,,,200,300,,1000000000',
    ]);
    const [, first, second] = rings.split('\n');
    expect(first).toMatch(/^A,0,250,10,0\.5,0\.5,0\.75,0\.25,1,0\.03125,yes,0\.0125,/);
    expect(second).toMatch(/^A,250,500,10,0\.5,,0\.75,,1,,,0\.0125,/);
    expect(summaryText(summaryOf({ influence }), 'out')).toMatch(/250–500 +10\.0 .* – +– +0\.0125/);
    expect(years.split('\n')[2]).toBe('A,0,250,2021,,0.75,,9,1,2,1,0.5');
  });

  it('name the index where the run makes no FVC', () => {
    const summary = summaryOf({ fvc: null, index: 'evi2', influence: influenceOf() });
    const rings = influenceTables(summary).find(({ name }) => name === 'influence_rings')!;
    expect(rings.columns.map(({ name }) => name)).toContain('evi2_mean');
    expect(ringAttributes(summary)['A:0-250m']).toMatchObject({ area_ha: 10, evi2_2020: 0.5, evi2_2021: null });
  });

  it('have as many cells as columns', () => {
    for (const { columns, rows } of influenceTables(summaryOf({ influence: influenceOf() }))) {
      for (const row of rows) expect(row).toHaveLength(columns.length);
    }
  });
});

describe('text of influence', () => {
  it('says the reach, the method, and what lies beyond', () => {
    const influence = influenceOf({ mines: [mineOf({ beyond: ['1000–2000'] })] });
    const text = summaryText(summaryOf({ influence }), 'out');
    expect(text).toContain('Around the mines by distance, means of 2020 to 2021');
    expect(text).toMatch(/Pit A +fades at 250 m +20\.0 +30\.0 +1\.50/);
    expect(text).toContain('Below the reference again beyond the reach of Pit A, by another cause: 1000–2000 m.');
    expect(text).toContain('Method: Held against the meadow.');
  });

  it('is none without rings, and shows so many of many', () => {
    const label = (name: string) => name;
    expect(influenceText(null, 'FVC', table, label)).toBe('');
    const rings = Array.from({ length: 45 }, (_, k) => ringOf(10 * k, 10 * k + 10));
    expect(influenceText(influenceOf({ rings }), 'FVC', table, label)).toContain('… and 5 more rings');
  });

  it('shows productions and the region in millions of tonnes', () => {
    const mines = [mineOf({ productionT: 20e6 }), mineOf({ id: 'B', name: 'B', productionT: 1e6 })];
    const total = { mines: ['A', 'B'], excavatedHa: 40, influenceHa: 55, ratio: 1.375, productionT: 21e6 };
    const region = { productionT: 1.06e9, excavatedHa: 2019.0, influenceHa: 2776.2 };
    const text = influenceText(influenceOf({ mines, total, region }), 'FVC', table, (name) => name);
    expect(text).toMatch(/All mines +40\.0 +55\.0 +1\.38 +21 Mt/);
    expect(text).toMatch(/Region, by production +2019\.0 +2776\.2 +1060 Mt/);
  });

  it.each([
    [{}, 'fades at 250 m'],
    [{ result: 'none', radiusM: 0 }, 'none in the innermost ring'],
    [{ result: 'not reached', radiusM: null }, 'not faded within 500 m'],
    [{ result: 'not testable', radiusM: null }, 'not testable: fewer than 5 years'],
  ] as const)('puts each result into words: %j', (change, words) => {
    expect(reachOf(mineOf(change))).toBe(words);
  });
});
