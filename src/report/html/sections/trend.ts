/**
 * Trend classes of each zone.
 * @module
 */
import { html } from '../markup.ts';
import { fixed, hectares, squareKm } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { chart, dataTable } from '../tables.ts';
import { shownZones } from '../areas.ts';
import { wordOr } from '../text.ts';

export const trend: Section = {
  id: 'trend',
  title: 'trend.title',
  body(page) {
    const { say, summary, valueName } = page;
    const { trend: t, years } = summary;
    const on = t.on === 'fvc-reference' ? say('trend.onReference') : valueName;
    const levels =
      t.legend === 'nine' ? say('trend.nine') : t.legend === 'seven' ? say('trend.seven') : say('trend.five');
    return html`<p>${say('trend.lead', { value: on, first: years[0]!, last: years.at(-1)! })} ${levels}</p>
      ${chart(page, 'trend', say('trend.caption'), table(page), true)}`;
  },
};

/** The zones' classes in km², ha and percent; classes that no zone has are left out. */
function table(page: Page) {
  const { say, summary } = page;
  const corrected = summary.field !== null;
  const head = [say('col.zone'), say('trend.class'), 'km²', 'ha', '%'];
  if (corrected) head.push(say('trend.corrected'));
  return dataTable(page, {
    caption: say('trend.table'),
    head,
    rows: shownZones(summary).flatMap((zone) =>
      zone.trend
        .filter((c) => c.hectares > 0 || (c.fdrHectares ?? 0) > 0)
        .map((c) => [
          zone.name,
          wordOr(say, 'class', c.name),
          squareKm(c.hectares),
          hectares(c.hectares),
          fixed(c.percent, 2),
          ...(corrected ? [hectares(c.fdrHectares ?? 0)] : []),
        ]),
    ),
    words: 2,
    names: 2,
  });
}
