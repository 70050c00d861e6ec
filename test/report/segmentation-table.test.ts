import { describe, expect, it } from 'vitest';
import { segmentationNotes, segmentationTables } from '../../src/report/segmentation-table.ts';
import type { AgreementFigures } from '../../src/report/segmentation-model.ts';
import { allTables } from '../../src/report/tables.ts';
import { summaryOf } from './figures.ts';

const figures = (same: number): AgreementFigures => ({
  differences: [-3, -2, -1, 0, 1, 2, 3].map((years) => ({
    years,
    hectares: years === 0 ? same : years === 3 ? 0.25 : 0,
  })),
  bothHa: same + 0.25,
  statesOnlyHa: 1.5,
  segmentationOnlyHa: 0.5,
  neitherHa: 2,
  notComparedHa: 0.75,
});

describe('segmentation_agreement', () => {
  const zone = { id: 'p', name: 'Pit', role: 'mine', disturbed: figures(5), recovered: figures(4) };
  const segmentation = { method: 'partition', parameters: {}, zones: [zone], totals: [] };

  it('has eleven rows an event, which say who found it and how far apart', () => {
    const csv = allTables(summaryOf({ segmentation }))['segmentation_agreement.csv']!;
    const rows = csv.trim().split('\n');
    expect(rows[0]).toBe('zone_id,zone_name,role,event,found_by,difference_years,hectares');
    expect(rows.slice(1, 12)).toEqual([
      'p,Pit,mine,disturbed,both,below -2,0',
      'p,Pit,mine,disturbed,both,-2,0',
      'p,Pit,mine,disturbed,both,-1,0',
      'p,Pit,mine,disturbed,both,0,5',
      'p,Pit,mine,disturbed,both,1,0',
      'p,Pit,mine,disturbed,both,2,0',
      'p,Pit,mine,disturbed,both,above 2,0.25',
      'p,Pit,mine,disturbed,states,,1.5',
      'p,Pit,mine,disturbed,segmentation,,0.5',
      'p,Pit,mine,disturbed,neither,,2',
      'p,Pit,mine,disturbed,not compared,,0.75',
    ]);
    expect(rows).toHaveLength(23);
  });

  it('has a line a role on the screen', () => {
    const totals = [{ role: 'mine', disturbed: figures(5), recovered: figures(4) }];
    expect(segmentationNotes(summaryOf({ segmentation: { ...segmentation, totals } }))).toEqual([
      'Disturbed land, role mine: 5.3 ha by states and segmentation (5.0 ha in the same year), 1.5 ha by states only, 0.5 ha by segmentation only.',
    ]);
    expect(segmentationNotes(summaryOf())).toEqual([]);
  });

  it('is not there where nothing was segmented', () => {
    expect(segmentationTables(summaryOf())).toEqual([]);
    expect(allTables(summaryOf())).not.toHaveProperty('segmentation_agreement.csv');
  });
});
