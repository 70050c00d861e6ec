/**
 * The annual values of a zone against the reference.
 * @module
 */
import { html } from '../markup.ts';
import { hectares, NONE } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { chart, dataTable } from '../tables.ts';
import { shownZones } from '../areas.ts';

export const cover: Section = {
  id: 'cover',
  title: 'cover.title',
  body(page) {
    const { say, valueName, payload } = page;
    const reference = payload.reference === null ? say('cover.noReference') : say('cover.reference');
    const levels = payload.baseline === null ? null : html` ${say('cover.levels', levelFills(page))}`;
    return html`<p>${say('cover.lead', { value: valueName })} ${reference}${levels}</p>
      ${chart(page, 'cover', say('cover.caption', { value: valueName }), table(page))}`;
  },
};

function levelFills({ payload }: Page): Record<string, string> {
  const share = (value: number) => `${Math.round(value * 1000) / 10} %`;
  return { d: share(payload.baseline!.disturbedBelow), r: share(payload.baseline!.recoveredAbove) };
}

function table(page: Page) {
  const { say, valueName } = page;
  return dataTable(page, {
    caption: say('cover.table', { value: valueName }),
    head: [
      say('col.zone'),
      say('col.year'),
      say('cover.mean', { value: valueName }),
      say('cover.sd'),
      say('col.withData'),
      say('col.noData'),
    ],
    rows: shownZones(page.summary).flatMap((zone) =>
      zone.years.map((y) => [
        zone.name,
        y.year,
        page.value(y.mean),
        y.sd === null ? NONE : page.value(y.sd),
        hectares(y.validHa),
        hectares(y.nodataHa),
      ]),
    ),
    words: 1,
    names: 2,
  });
}
