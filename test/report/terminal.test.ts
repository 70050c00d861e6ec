import { describe, expect, it } from 'vitest';
import type { FieldFigures, Plan } from '../../src/report/model.ts';
import { planText, summaryText } from '../../src/report/terminal.ts';
import { summaryOf, zoneOf } from './figures.ts';

describe('summaryText', () => {
  it('shows states, cover and trend of each zone', () => {
    expect(summaryText(summaryOf(), 'result')).toMatchInlineSnapshot(`
      "1 scenes of 4 years, 2019 to 2023, none of 2021; 20 × 10 pixels, EPSG:32647

      Land state in 2023, hectares
      Zone   role    area  undisturbed  disturbed  recovering  recovered  not ass.  no data
      Pit 4  mine    10.0          4.0        3.0         1.0        1.3       0.3      0.5
      Dump   impact  10.0          4.0        3.0         1.0        1.3       0.3      0.5

      When, with hectares of that year
      Zone   role    disturbed most in  newly disturbed most in  newly recovered most in  recovered of disturbed
      Pit 4  mine           2020 (4.0)               2020 (1.5)               2023 (0.8)                  23.8 %
      Dump   impact         2020 (4.0)               2020 (1.5)               2023 (0.8)                  23.8 %

      Mean fractional vegetation cover (FVC)
      Zone   role      2019    2020    2022    2023
      Pit 4  mine    50.0 %  50.0 %  50.0 %  50.0 %
      Dump   impact       –       –       –       –

      Trend of FVC, 2019 to 2023, hectares (sig. p < 0.05, slight p < 0.10, (no) not significant)
      Zone   role    sig. decrease  no change  sig. increase  no data
      Pit 4  mine              2.5        1.5            5.5      0.5
      Dump   impact            2.5        1.5            5.5      0.5

      FVC endpoints: bare soil 0.1000, full vegetation 0.8000 (given with --fvc).
      Baseline: median FVC of each pixel in 2019, 2020; disturbed at or below 0.5 of it, recovered from 0.8 of it on for 2 years.
      4 years cannot reach 95 % significance: the smallest p there can be is 0.0833.
      A spectral change is evidence, not a compliance finding.

      Maps, tables and the record of this run: result
      "
    `);
  });

  it('says how the land states were cleaned', () => {
    const summary = summaryOf();
    const cleaned = { fillGaps: true, filterFlips: true, minPatch: { cells: 6, neighbours: 8 } };
    const text = summaryText({ ...summary, thresholds: { ...summary.thresholds!, ...cleaned } }, 'r');
    expect(text).toContain('A year without data between two years alike has their land state.');
    expect(text).toContain('A single year unlike the years before and after does not count');
    expect(text).toContain('patches of fewer than 6 cells (8 neighbours) count as undisturbed.');
    expect(summaryText(summary, 'r')).not.toMatch(/alike|unlike|patches/);
  });

  it('shows the index where there is no FVC', () => {
    const zones = summaryOf().zones.map((zone) => ({ ...zone, states: [] }));
    const trend = { ...summaryOf().trend, on: 'nbr', legend: 'nine' };
    const text = summaryText(
      summaryOf({ zones, trend, fvc: null, index: 'nbr', baseline: null, thresholds: null }),
      'r',
    );
    expect(text).toContain('Mean NBR\n');
    expect(text).toContain('Trend of NBR');
    expect(text).toContain('p < 0.01');
    expect(text).not.toMatch(/FVC|disturbed/);
  });

  it('shows at most nine years, the first and the last among them', () => {
    const years = Array.from({ length: 38 }, (_, k) => 1985 + k);
    const one = zoneOf('1');
    const zones = [{ ...one, years: years.map((year) => ({ ...one.years[0]!, year })) }];
    const head = summaryText(summaryOf({ years, zones, missingYears: [] }), 'r')
      .split('\n')
      .find((line) => line.includes('1985') && line.startsWith('Zone'))!;
    const shown = head.match(/\d{4}/g)!;
    expect(shown).toHaveLength(9);
    expect([shown[0], shown[8]]).toEqual(['1985', '2022']);
  });

  it('says what field significance leaves, and what few years can show', () => {
    const field = {
      rate: 0.1,
      domain: 'cells',
      cells: 12_345,
      threshold: 0.012345,
      rejected: 99,
      smallestP: 1 / 12,
      leastShare: 5 / 6,
    };
    const of = (change: Partial<FieldFigures>) => summaryText(summaryOf({ field: { ...field, ...change } }), 'r');
    expect(of({})).toContain(
      'Tested at 12,345 cells of the zones: at a false discovery rate of 0.1 p up to 0.0123 stands (tables/trend_fdr.csv).',
    );
    expect(of({ threshold: null })).toContain('no p stands');
    expect(of({ threshold: null })).toContain('84 % of the cells would have to reach the smallest p');
    expect(of({ threshold: null, leastShare: 1.7 })).toContain('nothing could stand');
    const trend = { ...summaryOf().trend, smallestP: 0.0028 };
    expect(summaryText(summaryOf({ trend }), 'r')).not.toContain('95 %');
  });

  it('stays in line with names of other scripts', () => {
    const zones = [zoneOf('1', { name: '江仓四号' }), zoneOf('2', { name: 'Süd' })];
    const lines = summaryText(summaryOf({ zones }), 'r').split('\n');
    const rows = lines.filter((line) => /江仓四号|Süd/.test(line)).slice(0, 2);
    // A Chinese character is two columns wide.
    expect(rows[0]!.indexOf('mine') + 4).toBe(rows[1]!.indexOf('mine'));
  });
});

describe('planText', () => {
  it('lists grid, baseline, resampled files, zones and scenes', () => {
    const { grid } = summaryOf();
    const plan: Plan = {
      aoi: 'pits.geojson',
      zones: [{ id: '4', name: 'Pit 4', role: 'mine', areaHa: 12.34 }],
      years: [2019, 2021],
      missingYears: [2020],
      grid,
      baseline: 'median FVC of each pixel in 2019, 2021',
      scenes: [
        { id: 's1', date: '2019-07-01', used: true, reason: '', path: 's1.tif' },
        { id: 's2', date: null, used: false, reason: 'is an archive', path: 's2.tar' },
      ],
      resampled: [{ scene: 's1', path: 's1_SCL.tif', method: 'nearest', from: 'EPSG:32647, pixel 20' }],
      resources: { workers: 2, blockWidth: 512, blockHeight: 256, memoryMb: 411 },
      warnings: [],
    };
    expect(planText(plan)).toMatchInlineSnapshot(`
      "1 of 2 scenes, 2 years 2019 to 2021 (none of 2020)
      Grid: 20 × 10 pixels, EPSG:32647; the only grid
      Baseline: median FVC of each pixel in 2019, 2021
      Memory: about 411 MB, with 2 workers and blocks of 512 × 256 pixels
      Resampled: s1_SCL.tif, nearest, from EPSG:32647, pixel 20

      Zone  name   role  hectares
      4     Pit 4  mine      12.3

      Date        scene
      2019-07-01  s1     used
      –           s2     is an archive
      "
    `);
    const oneWorker = { ...plan, resources: { ...plan.resources, workers: 1 } };
    expect(planText(oneWorker)).toContain('411 MB, with 1 worker and');
    expect(planText({ ...plan, resources: { ...plan.resources, workers: 0 } })).toContain('with no worker and');
  });
});
