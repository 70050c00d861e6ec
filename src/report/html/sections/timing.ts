/**
 * When land was disturbed for the first time, and when it had recovered.
 * @module
 */
import { html } from '../markup.ts';
import { hectares } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { chart, dataTable } from '../tables.ts';
import { shownZones } from '../areas.ts';

export const timing: Section = {
  id: 'timing',
  title: 'timing.title',
  body(page) {
    const { say, payload } = page;
    if (payload.states.length === 0) return null;
    return html`<p>${say('timing.lead')}</p>
      ${chart(page, 'timing', say('timing.caption'), table(page))}`;
  },
};

function table(page: Page) {
  const { say } = page;
  return dataTable(page, {
    caption: say('timing.table'),
    head: [say('col.zone'), say('col.year'), say('timing.disturbed'), say('timing.recovered')],
    rows: shownZones(page.summary).flatMap((zone) =>
      zone.states
        .filter((s) => s.newlyDisturbedHa > 0 || s.newlyRecoveredHa > 0)
        .map((s) => [zone.name, s.year, hectares(s.newlyDisturbedHa), hectares(s.newlyRecoveredHa)]),
    ),
    words: 1,
    names: 2,
  });
}
