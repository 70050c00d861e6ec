/**
 * How the figures depend on masks, on changes of sensor and on the numbers that were chosen.
 * @module
 */
import type { AuditFigures, SensitivityRow } from '../../audit-model.ts';
import { shownZones } from '../areas.ts';
import { html } from '../markup.ts';
import { hectares, NONE, percent, signed } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const audit: Section = {
  id: 'audit',
  title: 'audit.title',
  body(page) {
    const found = page.summary.audit ?? null;
    if (found === null) return null;
    const { say } = page;
    return html`<p>${say('audit.lead')}</p>
      <h3>${say('audit.sensitivity')}</h3>
      <p>${say('audit.sensitivity.lead')}</p>
      ${ranges(page, found)}
      <h3>${say('audit.masks')}</h3>
      <p>${say('audit.masks.lead')}</p>
      ${masks(page, found)}
      <h3>${say('audit.sensors')}</h3>
      ${sensors(page, found)}`;
  },
};

/** As run, least and most over all changes; null where the run has no states. */
function rangeOf(rows: readonly SensitivityRow[], figure: (row: SensitivityRow) => number | null): string[] {
  const values = rows.map(figure).filter((value) => value !== null);
  if (values.length === 0) return [NONE, NONE];
  return [hectares(values[0]!), `${hectares(Math.min(...values))} … ${hectares(Math.max(...values))}`];
}

function ranges(page: Page, { sensitivity }: AuditFigures) {
  const { say } = page;
  const range = say('audit.range');
  const columns = ['state.2', 'state.4', 'audit.decrease', 'audit.increase'] as const;
  return dataTable(page, {
    caption: say('audit.sensitivity'),
    head: [say('col.zone'), ...columns.flatMap((key) => [`${say(key)}, ha`, range])],
    rows: shownZones(page.summary).map(({ id, name }) => {
      const rows = sensitivity.filter(({ zone }) => zone === id);
      return [
        name,
        ...rangeOf(rows, (row) => row.disturbedHa),
        ...rangeOf(rows, (row) => row.recoveredHa),
        ...rangeOf(rows, (row) => row.decreaseHa),
        ...rangeOf(rows, (row) => row.increaseHa),
      ];
    }),
    words: 1,
  });
}

function masks(page: Page, { maskBias }: AuditFigures) {
  const { say } = page;
  const found = new Map(maskBias.map((row) => [row.zone, row]));
  return dataTable(page, {
    caption: say('audit.masks'),
    head: [say('col.zone'), say('audit.masked'), html`${say('audit.excess')}<br />${say('audit.points')}`],
    rows: shownZones(page.summary).map(({ id, name }) => {
      const row = found.get(id);
      if (row === undefined) return [name, NONE, NONE];
      return [name, percent(row.maskedShare, 1), row.excess === null ? NONE : signed(100 * row.excess, 1)];
    }),
    words: 1,
  });
}

function sensors(page: Page, { sensors: names, steps, unlinked, effects, over }: AuditFigures) {
  const { say, payload } = page;
  if (names.length < 2) return html`<p>${say('audit.oneSensor', { sensor: names[0] ?? '' })}</p>`;
  const percents = payload.value.percent;
  const show = (value: number | null, digits: number): string =>
    value === null ? NONE : percents ? signed(100 * value, digits) : signed(value, digits + 2);
  const unit = say(percents ? 'audit.points' : 'audit.index');
  const stepTable = dataTable(page, {
    caption: say('audit.steps', { over }),
    head: [say('audit.pair'), say('audit.years'), html`${say('audit.step')}<br />${unit}`, say('audit.error')],
    rows: steps.map((s) => [
      `${s.sensorA} → ${s.sensorB}`,
      s.years,
      show(s.step, 2),
      s.standardError === null ? NONE : `± ${show(s.standardError, 2).replace(/^\+/, '')}`,
    ]),
    words: 1,
  });
  const perYear = say(percents ? 'unit.points' : 'unit.perYear');
  const effectOf = new Map(effects.map((effect) => [effect.zone, effect]));
  const effectTable = dataTable(page, {
    caption: say('audit.effects'),
    head: [
      say('col.zone'),
      html`${say('certainty.slope')}<br />${perYear}`,
      html`${say('audit.ofSensors')}<br />${perYear}`,
      say('audit.share'),
    ],
    rows: shownZones(page.summary).map(({ id, name }) => {
      const effect = effectOf.get(id);
      if (effect === undefined) return [name, NONE, NONE, NONE];
      return [name, show(effect.slope, 2), show(effect.sensorSlope, 2), percent(effect.share, 0)];
    }),
    words: 1,
  });
  const apart =
    unlinked.length === 0 ? null : html`<p class="note">${say('audit.unlinked', { sensors: unlinked.join(', ') })}</p>`;
  return html`<p>${say('audit.sensors.lead')}</p>
    ${steps.length === 0 ? html`<p class="note">${say('audit.noOverlap')}</p>` : stepTable} ${apart} ${effectTable}`;
}
