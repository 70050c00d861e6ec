/**
 * Land by its state in one year and in a later one.
 * @module
 */
import { shownZones } from '../areas.ts';
import { html } from '../markup.ts';
import { hectares } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';
import type { TextKey } from '../text.ts';

/** The states by their names in summary.json. */
const STATES: Readonly<Record<string, TextKey>> = {
  'not assessable': 'state.0',
  undisturbed: 'state.1',
  disturbed: 'state.2',
  recovering: 'state.3',
  recovered: 'state.4',
  'no data': 'state.255',
};

export const transitions: Section = {
  id: 'transitions',
  title: 'transitions.title',
  body(page) {
    const { say } = page;
    const zones = shownZones(page.summary).filter(({ land }) => (land?.transitions.length ?? 0) > 0);
    if (zones.length === 0) return null;
    return html`<p>${say('transitions.lead')}</p>
      <details class="behind">
        <summary>${say('table.behind')}</summary>
        ${dataTable(page, {
          caption: say('transitions.table'),
          head: [
            say('col.zone'),
            say('transitions.years'),
            say('transitions.from'),
            say('transitions.to'),
            say('col.hectares'),
          ],
          rows: zones.flatMap(({ name, land }) =>
            land!.transitions.map((t) => [
              name,
              `${t.fromYear}–${t.toYear}`,
              stateName(page, t.from),
              stateName(page, t.to),
              hectares(t.hectares),
            ]),
          ),
          words: 4,
          names: 2,
        })}
      </details>`;
  },
};

function stateName({ say }: Page, name: string): string {
  const key = STATES[name];
  return key === undefined ? name : say(key);
}
