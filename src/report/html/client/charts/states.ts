/**
 * Hectares of the area by state and year, stacked.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { hectares } from '../../numbers.ts';
import { NO_DATA_COLOUR } from '../../../palette.ts';
import type { Chart } from '../charts.ts';
import { base, span, TIP, tickYears } from './style.ts';

/** From the ground up: what was lost, what is coming back, what was never touched. */
const ORDER = [2, 3, 4, 1, 0] as const;

export const states: Chart = (view, width) => {
  const { payload, say } = view;
  const area = view.area();
  if (area.states.length === 0) return null;
  const { years } = payload;
  const entries = [
    ...ORDER.map((code) => ({ ...payload.states[code]!, values: area.states[code]! })),
    { label: say('noData'), colour: NO_DATA_COLOUR, values: area.noDataHa },
  ];
  const rows = entries.flatMap(({ label, values }) =>
    values.flatMap((ha, k) => (ha > 0 ? [{ year: years[k]!, label, ha }] : [])),
  );
  const shown = entries.filter(({ label }) => rows.some((row) => row.label === label));
  return Plot.plot({
    ...base(width, width < 500 ? 300 : 340),
    x: {
      label: null,
      domain: span(years),
      ticks: tickYears(years, width),
      tickFormat: String,
      padding: 0.16,
      type: 'band',
    },
    y: { label: say('ha'), grid: true, tickFormat: 'd' },
    color: {
      domain: shown.map(({ label }) => label),
      range: shown.map(({ colour }) => colour),
      legend: true,
    },
    marks: [
      Plot.barY(rows, {
        x: 'year',
        y: 'ha',
        fill: 'label',
        order: shown.map(({ label }) => label),
        inset: 0.3,
      }),
      Plot.ruleY([0], { stroke: 'var(--muted)' }),
      Plot.tip(
        rows,
        Plot.pointerX(
          Plot.stackY({
            x: 'year',
            y: 'ha',
            z: 'label',
            order: shown.map(({ label }) => label),
            ...TIP,
            title: (row: (typeof rows)[number]) => `${row.year}\n${row.label}: ${hectares(row.ha)} ${say('ha')}`,
          }),
        ),
      ),
    ],
  });
};
