/**
 * What the run warned of, and what no such run can tell.
 * @module
 */
import { html } from '../markup.ts';
import { hectares, NONE } from '../numbers.ts';
import { phrase } from '../phrases.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';
import type { TextKey } from '../text.ts';

/** Warnings that are shown; run.json has them all. */
const MOST_WARNINGS = 100;

const LIMITS: readonly TextKey[] = [
  'limits.evidence',
  'limits.green',
  'limits.clouds',
  'limits.years',
  'limits.mixed',
  'limits.baseline',
  'limits.sensors',
  'limits.zones',
];

export const warnings: Section = {
  id: 'warnings',
  title: 'warnings.title',
  body(page) {
    const { say, summary } = page;
    const shown = summary.warnings.slice(0, MOST_WARNINGS);
    const more = summary.warnings.length - shown.length;
    return html`${
        shown.length === 0
          ? html`<p>${say('warnings.none')}</p>`
          : html`<ul class="warnings">
              ${shown.map((text) => html`<li>${phrase(page, text)}</li> `)}
            </ul>`
      }
      ${more > 0 ? html`<p class="note">${say('warnings.more', { more })}</p>` : null} ${overlaps(page)}
      <h3>${say('limits.title')}</h3>
      <ul class="limits">
        ${LIMITS.map((key) => html`<li>${say(key)}</li> `)}
      </ul>`;
  },
};

function overlaps(page: Page) {
  const { say, summary } = page;
  if (summary.overlaps.length === 0) return null;
  return html`<h3>${say('overlaps.title')}</h3>
    <p>${say('overlaps.lead')}</p>
    ${dataTable(page, {
      caption: say('overlaps.title'),
      head: [say('col.zone'), say('overlaps.other'), 'ha'],
      rows: summary.overlaps.map((o) => [o.a, o.b, o.hectares === null ? NONE : hectares(o.hectares)]),
      words: 2,
      names: 2,
    })}`;
}
