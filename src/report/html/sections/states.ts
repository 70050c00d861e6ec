/**
 * Hectares by land state and year.
 * @module
 */
import { html } from '../markup.ts';
import { hectares } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { chart, dataTable } from '../tables.ts';
import { shownZones } from '../areas.ts';

export const states: Section = {
  id: 'states',
  title: 'states.title',
  body(page) {
    const { say, payload } = page;
    if (payload.states.length === 0) return null;
    return html`<p>${say('states.lead')}</p>
      ${chart(page, 'states', say('states.caption'), table(page))}`;
  },
};

function table(page: Page) {
  const { say } = page;
  return dataTable(page, {
    caption: say('states.table'),
    head: [
      say('col.zone'),
      say('col.year'),
      say('state.2'),
      say('state.3'),
      say('state.4'),
      say('state.1'),
      say('state.0'),
      say('state.255'),
    ],
    rows: shownZones(page.summary).flatMap((zone) =>
      zone.states.map((s) => [
        zone.name,
        s.year,
        hectares(s.disturbedHa),
        hectares(s.recoveringHa),
        hectares(s.recoveredHa),
        hectares(s.undisturbedHa),
        hectares(s.notAssessableHa),
        hectares(s.nodataHa),
      ]),
    ),
    words: 1,
    names: 2,
  });
}
