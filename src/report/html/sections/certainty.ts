/**
 * How sure the figures are: trends of the zones' means with their limits, field significance, clear observations.
 * @module
 */
import { html } from '../markup.ts';
import { fixed, NONE, percent, pValue, signed } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { shownZones } from '../areas.ts';
import { chart, dataTable } from '../tables.ts';
import { wordOr } from '../text.ts';
import { permutationPart } from './permutation.ts';
import { seasonsPart } from './seasons.ts';

export const certainty: Section = {
  id: 'certainty',
  title: 'certainty.title',
  body: (page) =>
    html`<p>${page.say('certainty.lead')}</p>
      ${means(page)} ${field(page)} ${permutationPart(page)} ${seasonsPart(page)}
      <h3>${page.say('clear.title')}</h3>
      <p>${page.say('clear.lead')}</p>
      ${chart(page, 'observations', page.say('clear.caption'), observations(page))}`,
};

function means(page: Page) {
  const { say, payload, summary } = page;
  const percents = payload.value.percent;
  const slope = (value: number | null) =>
    value === null ? NONE : percents ? signed(100 * value, 2) : signed(value, 5);
  return dataTable(page, {
    caption: say('certainty.table', { value: payload.trendOfMean ? page.valueName : say('trend.onReference') }),
    head: [
      say('col.zone'),
      say('certainty.class'),
      html`${say('certainty.slope')}<br />${say(percents ? 'unit.points' : 'unit.perYear')}`,
      say('certainty.limits'),
      'p',
      html`Kendall <i>τ</i>`,
      say('certainty.lag'),
      say('certainty.change'),
    ],
    rows: shownZones(summary).map(({ name, meanTrend: t }) =>
      t === null
        ? [name, say('certainty.tooFew'), NONE, NONE, NONE, NONE, NONE, NONE]
        : [
            name,
            wordOr(say, 'class', t.className),
            slope(t.slope),
            t.slopeLow === null || t.slopeHigh === null ? NONE : `${slope(t.slopeLow)} … ${slope(t.slopeHigh)}`,
            pValue(t.p),
            t.tau === null ? NONE : signed(t.tau, 2),
            t.lag1 === null ? NONE : signed(t.lag1, 2),
            t.changeAfter === null ? NONE : `${t.changeAfter} (p ${pValue(t.changeP)})`,
          ],
    ),
    words: 2,
  });
}

function field({ say, summary }: Page) {
  const f = summary.field;
  const lines = [];
  if (summary.trend.smallestP >= 0.05) {
    lines.push(say('certainty.unreachable', { years: summary.years.length, p: pValue(summary.trend.smallestP) }));
  }
  if (f !== null) {
    const fills = { rate: percent(f.rate), cells: fixed(f.cells, 0), stand: fixed(f.rejected, 0) };
    lines.push(
      f.threshold === null
        ? say('certainty.noneStands', fills)
        : say('certainty.stands', { ...fills, p: f.threshold.toPrecision(3) }),
    );
  }
  return lines.map((line) => html`<p>${line}</p>`);
}

function observations(page: Page) {
  const { say } = page;
  const zones = shownZones(page.summary);
  return dataTable(page, {
    caption: say('clear.table'),
    head: [say('col.zone'), ...page.summary.years],
    rows: zones.map((zone) => [
      zone.name,
      ...zone.years.map((y) => (y.clearObsMean === null ? NONE : fixed(y.clearObsMean, 1))),
    ]),
    words: 1,
  });
}
