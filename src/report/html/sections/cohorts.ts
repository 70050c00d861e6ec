/**
 * Land by the year of its first disturbance, and what became of it.
 * @module
 */
import { shownZones } from '../areas.ts';
import { html } from '../markup.ts';
import { hectares, NONE, percent } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { chart, dataTable } from '../tables.ts';

export const cohorts: Section = {
  id: 'cohorts',
  title: 'cohorts.title',
  body(page) {
    const { say, areas, summary } = page;
    if (areas.every((area) => area.cohorts === null || area.cohorts.length === 0)) return null;
    const last = summary.years.at(-1)!;
    return html`<p>${say('cohorts.lead', { last })}</p>
      ${chart(page, 'cohorts', say('cohorts.caption', { last }), table(page, last))}`;
  },
};

function table(page: Page, last: number) {
  const { say } = page;
  return dataTable(page, {
    caption: say('cohorts.table', { last }),
    head: [
      say('col.zone'),
      say('cohorts.year'),
      say('cohorts.all'),
      say('state.4'),
      say('state.3'),
      say('state.2'),
      say('state.255'),
      say('col.ratio'),
      say('cohorts.median'),
    ],
    rows: shownZones(page.summary).flatMap((zone) =>
      (zone.land?.cohorts ?? []).map((cohort) => {
        const now = cohort.years.at(-1)!;
        return [
          zone.name,
          cohort.year,
          hectares(cohort.hectares),
          hectares(now.recoveredHa),
          hectares(now.recoveringHa),
          hectares(now.disturbedHa),
          hectares(now.nodataHa),
          percent(now.recoveredShare),
          cohort.medianYearsToRecovery ?? NONE,
        ];
      }),
    ),
    words: 1,
    names: 2,
  });
}
