import { describe, expect, it } from 'vitest';
import { real, tableCsv, text } from '../../src/report/table.ts';
import { allTables, round } from '../../src/report/tables.ts';
import { summaryOf, zoneOf } from './figures.ts';

/** Reads CSV by the rules of RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[i++];
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      rows.at(-1)!.push(cell);
      cell = '';
      if (c !== ',') rows.push([]);
    } else cell += c;
  }
  expect([quoted, cell]).toEqual([false, '']);
  rows.pop();
  return rows;
}

const tables = (summary = summaryOf()) =>
  Object.fromEntries(Object.entries(allTables(summary)).map(([name, text]) => [name, parse(text)]));

describe('tables', () => {
  it('have the columns of the design', () => {
    const heads = Object.fromEntries(Object.entries(tables()).map(([name, rows]) => [name, rows[0]!.join(',')]));
    expect(heads).toEqual({
      'trend_classes.csv': 'zone_id,zone_name,role,class_code,class,hectares,percent',
      'zone_trends.csv':
        'zone_id,zone_name,role,n,s,var_s,z,p,tau,slope,slope_low,slope_high,intercept,lag1,class,change_after,change_k,change_p',
      'fvc_by_year.csv': 'zone_id,zone_name,role,year,fvc_mean,fvc_sd,valid_ha,nodata_ha,clear_obs_mean',
      'land_state_by_year.csv':
        'zone_id,zone_name,role,year,undisturbed_ha,disturbed_ha,recovering_ha,recovered_ha,' +
        'not_assessable_ha,nodata_ha,newly_disturbed_ha,newly_recovered_ha,recovered_to_disturbed',
      'land_transitions.csv': 'zone_id,zone_name,role,from_year,to_year,from_state,to_state,hectares',
      'recovery_by_cohort.csv':
        'zone_id,zone_name,role,cohort_year,cohort_ha,year,disturbed_ha,recovering_ha,recovered_ha,' +
        'not_assessable_ha,nodata_ha,recovered_share,median_years_to_recovery',
      'recovery_metrics.csv':
        'zone_id,zone_name,role,disturbed_ha,recovered_ha,magnitude_mean,magnitude_ha,years_to_recovery_mean,' +
        'years_to_recovery_ha,y2r_mean,y2r_ha,r80p_mean,r80p_ha,yryr_mean,yryr_ha,rri_mean,rri_ha',
      'scenes.csv': 'scene_id,date,year,sensor,product,used,reason,clear_share,path',
    });
  });

  it('tell what became of the land', () => {
    const all = tables();
    const [transitions, cohorts, recovery] = ['land_transitions', 'recovery_by_cohort', 'recovery_metrics'].map(
      (name) => all[`${name}.csv`]!.slice(1).map((row) => row.slice(3).join(',')),
    );
    expect(transitions!.slice(0, 3)).toEqual([
      '2019,2023,undisturbed,undisturbed,4.5',
      '2019,2023,disturbed,recovered,5',
      '2019,2023,no data,no data,0.5',
    ]);
    expect(cohorts!.slice(0, 2)).toEqual(['2022,0.25,2022,0.25,0,0,0,0,0,', '2022,0.25,2023,0,0,0,0,0.25,,']);
    expect(recovery![0]).toBe('5.25,2.5,0.5,5.25,3.5,2.5,0.625,2.5,,0,,0,,0');
    const many = summaryOf();
    const names = Object.keys(
      allTables({ ...many, zones: many.zones.map((zone) => ({ ...zone, land: { ...zone.land!, cohorts: null } })) }),
    );
    expect(names).toContain('land_transitions.csv');
    expect(names).not.toContain('recovery_by_cohort.csv');
  });

  it('hold a row for each zone and class, or zone and year', () => {
    const all = tables();
    expect(all['trend_classes.csv']).toHaveLength(1 + 2 * 9);
    expect(all['trend_classes.csv']![1]).toEqual(['4', 'Pit 4', 'mine', '0', 'not testable', '0', '0']);
    expect(all['trend_classes.csv']![8]).toEqual(['4', 'Pit 4', 'mine', '7', 'significant increase', '5.5', '55']);
    expect(all['fvc_by_year.csv']!.slice(1).map((row) => row[3])).toEqual([
      '2019',
      '2020',
      '2022',
      '2023',
      '2019',
      '2020',
      '2022',
      '2023',
    ]);
    expect(all['land_state_by_year.csv']![2]).toEqual([
      '4',
      'Pit 4',
      'mine',
      '2020',
      '4',
      '4',
      '0',
      '1.25',
      '0.25',
      '0.5',
      '1.5',
      '0',
      '0.238095',
    ]);
  });

  it('leave cells empty where there is no figure', () => {
    const all = tables();
    expect(all['fvc_by_year.csv']![5]).toEqual(['5', 'Dump', 'impact', '2019', '', '', '0', '10', '']);
    expect(all['scenes.csv']!.slice(1)).toEqual([
      ['s1', '2019-07-01', '2019', 'LC08', 'landsat-c2l2', 'yes', '', '0.75', 'scenes/s1.TIF'],
      ['s2', '', '', '', '', 'no', 'is an archive; unpack it first', '', 'scenes/s2.tar'],
    ]);
  });

  it('quote names with commas, quotes and line breaks, and keep umlauts', () => {
    const names = ['Grube 4, Süd', 'the "old" pit', 'two\nlines', 'Windows\r\nlines', 'a\rb', ' spaced ', '江仓矿区'];
    const summary = summaryOf({ zones: names.map((name, k) => zoneOf(String(k), { name })) });
    for (const name of ['trend_classes.csv', 'fvc_by_year.csv', 'land_state_by_year.csv']) {
      const rows = tables(summary)[name]!.slice(1);
      expect([...new Set(rows.map((row) => row[1]))]).toEqual(names);
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    }
  });

  it('keep small p-values, and leave empty what does not exist', () => {
    const zone = zoneOf('4');
    const tiny = { ...zone.meanTrend!, p: 1.25e-9, slope: -0.000_012_345 };
    const summary = summaryOf({ zones: [{ ...zone, meanTrend: tiny }, zoneOf('5', { meanTrend: null })] });
    const rows = tables(summary)['zone_trends.csv']!;
    const cell = (row: number, name: string) => rows[row]![rows[0]!.indexOf(name)];
    expect([cell(1, 'p'), cell(1, 'slope'), cell(1, 'slope_low')]).toEqual(['1.25e-9', '-0.000012345', '']);
    expect([cell(1, 'class'), cell(1, 'change_after')]).toEqual(['no significant increase', '2020']);
    expect(rows[2]!.slice(0, 5)).toEqual(['5', 'Pit 5', 'mine', '', '']);
  });

  it('hold raw and corrected hectares side by side, unless that is off', () => {
    const field = {
      rate: 0.1,
      domain: 'cells',
      cells: 9,
      threshold: null,
      rejected: 0,
      smallestP: 1 / 12,
      leastShare: 5 / 6,
    };
    const rows = tables(summaryOf({ field }))['trend_fdr.csv']!;
    expect(rows[0]!.join()).toBe('zone_id,zone_name,role,class_code,class,raw_ha,fdr_ha');
    expect(rows[8]).toEqual(['4', 'Pit 4', 'mine', '7', 'significant increase', '5.5', '5.5']);
    expect(tables()['trend_fdr.csv']).toBeUndefined();
  });

  it('are of the index, and without states, where the run makes no FVC', () => {
    const all = tables(summaryOf({ index: 'nbr', fvc: null }));
    expect(Object.keys(all)).toEqual(['trend_classes.csv', 'zone_trends.csv', 'nbr_by_year.csv', 'scenes.csv']);
    expect(all['nbr_by_year.csv']![0]!.slice(4, 6)).toEqual(['nbr_mean', 'nbr_sd']);
  });

  it('end with a line break and have no carriage returns of their own', () => {
    for (const text of Object.values(allTables(summaryOf()))) {
      expect(text.endsWith('\n')).toBe(true);
      expect(text).not.toContain('\r');
    }
  });
});

describe('round', () => {
  it('keeps six digits, no exponent and no negative zero', () => {
    expect([1.23456789, 1e-7, -1e-9, 123456.7654321].map(round)).toEqual([1.234568, 0, 0, 123456.765432]);
    expect(Object.is(round(-1e-9), 0)).toBe(true);
    expect(String(round(0.0000014))).toBe('0.000001');
  });
});

describe('cells that a spreadsheet would run', () => {
  it('are told to be text, and numbers are left alone', () => {
    const names = ['=1+1', '@a', '+1+1', '-x', '\ta', '-1', '+2.5', 'a=b', "'a", ''];
    const columns = [text('name'), real('value')];
    const csv = tableCsv({ name: 't', title: 'T', columns, rows: names.map((name) => [name, -1]) });
    expect(csv).toBe(`name,value\n'=1+1,-1\n'@a,-1\n'+1+1,-1\n'-x,-1\n'\ta,-1\n-1,-1\n+2.5,-1\na=b,-1\n'a,-1\n,-1\n`);
  });
});
