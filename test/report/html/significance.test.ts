/**
 * What the report says of shuffled years and of seasons.
 */
import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/report/html/page.ts';
import type { Summary } from '../../../src/report/model.ts';
import { summaryText } from '../../../src/report/terminal.ts';
import { summaryOf } from '../figures.ts';

const CLASSES = [
  { code: 1, name: 'significant decrease', rawHa: 2.5, maximumHa: 0.25, patchHa: 1.75 },
  { code: 3, name: 'no significant decrease', rawHa: 7.5, maximumHa: 9.75, patchHa: 8.25 },
  { code: 7, name: 'significant increase', rawHa: 0, maximumHa: 0, patchHa: 0 },
];
const PERMUTATION: Summary['permutation'] = {
  permutations: 999,
  seed: 7,
  alpha: 0.05,
  patchP: 0.1,
  domain: 'cells',
  cells: 12_345,
  zAbove: 3.218,
  patchAbove: 41,
  patches: 17,
  patchesStanding: 2,
  smallestP: 0.001,
  zones: [{ id: '4', name: '<i>Pit</i>', role: 'mine', classes: CLASSES }],
  totals: [{ role: 'mine', classes: CLASSES }],
};
const TREND = {
  n: 19,
  s: 60,
  varS: 400,
  z: 2.95,
  p: 0.0032,
  tau: 0.7,
  slope: 0.0123,
  slopeLow: 0.004,
  slopeHigh: 0.02,
};
const SEASONAL: Summary['seasonal'] = {
  seasons: [
    { season: '03-01..05-31', scenes: 9, years: 9 },
    { season: '06-01..08-31', scenes: 20, years: 10 },
  ],
  zones: [
    {
      id: '4',
      name: 'Pit',
      role: 'mine',
      all: TREND,
      seasons: [
        { season: '03-01..05-31', years: [{ year: 2019, mean: 0.2, validHa: 10 }], trend: null },
        { season: '06-01..08-31', years: [{ year: 2019, mean: null, validHa: 0 }], trend: TREND },
      ],
    },
  ],
};

const RECORD = { parameters: {}, radiometry: [], resampled: [] };

/** The section on certainty as text. */
function certainty(change: Partial<Summary>, language: 'en' | 'zh' = 'en'): string {
  const page = reportHtml({ summary: summaryOf(change), record: RECORD, language, map: null });
  const section = /<section id="certainty"[\s\S]*?<\/section>/.exec(page)![0];
  return section.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('the report on shuffled years', () => {
  it('says what stands by cell and by patch, and is silent without them', () => {
    const text = certainty({ permutation: PERMUTATION });
    expect(text).toContain('The years of all 12,345 cells were shuffled together 999 times');
    expect(text).toContain('a cell whose |Z| is above 3.22, a patch of more than 41 cells of one direction');
    expect(text).toContain('Of 17 patches 2 pass.');
    expect(text).toContain('significant decrease 2.5 0.3 1.8');
    expect(text).toContain('&lt;i&gt;Pit&lt;/i&gt;');
    expect(text).not.toContain('&lt;/i&gt; significant increase');
    expect(text).not.toContain('cannot show anything in this way');
    expect(certainty({})).not.toContain('shuffled');
    expect(certainty({ permutation: { ...PERMUTATION, smallestP: 0.0833 } })).toContain(
      'cannot show anything in this way: the smallest p there can be is 0.083',
    );
    expect(certainty({ permutation: PERMUTATION }, 'zh')).toContain('17个斑块中有2个通过');
  });

  it('is on the screen in a line', () => {
    expect(summaryText(summaryOf({ permutation: PERMUTATION }), 'out')).toContain(
      '999 shuffles of whole years (seed 7), at 5 %: cells with |Z| above 3.22 stand, and patches of more than 41 cells, 2 of 17 (tables/trend_permutation.csv).',
    );
  });
});

describe('the report on seasons', () => {
  it('has the test over all of them and each', () => {
    const text = certainty({ seasonal: SEASONAL });
    expect(text).toContain('Pit all 19 +1.23 +0.40 … +2.00 0.003');
    expect(text).toContain('Pit 03-01..05-31 – – – –');
    expect(certainty({ seasonal: SEASONAL }, 'zh')).toContain('分季节趋势');
    expect(certainty({})).not.toContain('Season');
  });

  it('is on the screen as a table', () => {
    const text = summaryText(summaryOf({ seasonal: SEASONAL }), 'out');
    expect(text).toContain('Trend over the seasons 03-01..05-31, 06-01..08-31');
    expect(text).toMatch(/Pit +mine +19 +0\.0123 +0\.0040 +0\.0200 +0\.0032/);
  });
});
