/**
 * Trends of zones over seasons: a part of the section on certainty.
 * @module
 */
import type { SeasonTrend } from '../../seasonal-model.ts';
import { shownZones } from '../areas.ts';
import { html, type Fill, type Html } from '../markup.ts';
import { fixed, NONE, pValue, signed } from '../numbers.ts';
import type { Page } from '../section.ts';
import { dataTable } from '../tables.ts';

/** Nothing where the run has no seasons. */
export function seasonsPart(page: Page): Html | null {
  const { say, summary, payload } = page;
  const found = summary.seasonal ?? null;
  if (found === null) return null;
  const shown = new Set(shownZones(summary).map(({ id }) => id));
  const percents = payload.value.percent;
  const slope = (value: number | null) =>
    value === null ? NONE : percents ? signed(100 * value, 2) : signed(value, 5);
  const cells = (t: SeasonTrend | null): Fill[] =>
    t === null
      ? [NONE, NONE, NONE, NONE]
      : [
          fixed(t.n, 0),
          slope(t.slope),
          t.slopeLow === null || t.slopeHigh === null ? NONE : `${slope(t.slopeLow)} … ${slope(t.slopeHigh)}`,
          pValue(t.p),
        ];
  return html`<h3>${say('seasons.title')}</h3>
    <p>${say('seasons.lead')}</p>
    ${dataTable(page, {
      caption: say('seasons.title'),
      head: [
        say('col.zone'),
        say('seasons.season'),
        'n',
        html`${say('certainty.slope')}<br />${say(percents ? 'unit.points' : 'unit.perYear')}`,
        say('certainty.limits'),
        'p',
      ],
      rows: found.zones
        .filter(({ id }) => shown.has(id))
        .flatMap(({ name, all, seasons }) => [
          [name, say('seasons.all'), ...cells(all)],
          ...seasons.map(({ season, trend }) => [name, season, ...cells(trend)]),
        ]),
      words: 2,
      names: 2,
    })}`;
}
