/**
 * Land by the year of its first disturbance, and what it is in the last year.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { NO_DATA_COLOUR } from '../../../palette.ts';
import { fixed, hectares } from '../../numbers.ts';
import { fillIn } from '../../fill-in.ts';
import type { Chart } from '../charts.ts';
import { base, span, TIP, tickYears } from './style.ts';

/** Recovered land at the bottom: it is what the chart is about. */
const ORDER = [4, 3, 2, 0] as const;

export const cohorts: Chart = (view, width) => {
  const { payload, say } = view;
  const found = view.area().cohorts?.filter(({ last }) => last.some((ha) => ha > 0)) ?? [];
  if (found.length === 0) return null;
  const entries = [
    ...ORDER.map((code) => ({ ...payload.states[code]!, at: code as number })),
    { label: say('noData'), colour: NO_DATA_COLOUR, at: 5 },
  ];
  const rows = entries.flatMap(({ label, at }) =>
    found.flatMap(({ year, last, median }) => (last[at]! > 0 ? [{ year, label, ha: last[at]!, median }] : [])),
  );
  const shown = entries.filter(({ label }) => rows.some((row) => row.label === label));
  const order = shown.map(({ label }) => label);
  const title = ({ year, label, ha, median }: (typeof rows)[number]): string =>
    [
      fillIn(say('cohort'), { year }),
      `${label}: ${hectares(ha)} ${say('ha')}`,
      ...(median === null ? [] : [fillIn(say('median'), { years: fixed(median, 0) })]),
    ].join('\n');
  return Plot.plot({
    ...base(width, 300),
    x: {
      label: null,
      domain: span(payload.years),
      ticks: tickYears(payload.years, width),
      tickFormat: String,
      padding: 0.16,
      type: 'band',
    },
    y: { label: say('ha'), grid: true },
    color: { domain: order, range: shown.map(({ colour }) => colour), legend: true },
    marks: [
      Plot.barY(rows, { x: 'year', y: 'ha', fill: 'label', order, inset: 0.3 }),
      Plot.ruleY([0], { stroke: 'var(--muted)' }),
      Plot.tip(rows, Plot.pointerX(Plot.stackY({ x: 'year', y: 'ha', z: 'label', order, ...TIP, title }))),
    ],
  });
};
