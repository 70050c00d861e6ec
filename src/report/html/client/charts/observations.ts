/**
 * Clear observations of a pixel by year.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { fixed } from '../../numbers.ts';
import type { Chart } from '../charts.ts';
import { base, span, TIP, tickYears } from './style.ts';

export const observations: Chart = (view, width) => {
  const { payload, say } = view;
  const { years } = payload;
  const rows = view.area().clear.flatMap((clear, k) => (clear === null ? [] : [{ year: years[k]!, clear }]));
  if (rows.length === 0) return null;
  return Plot.plot({
    ...base(width, 220),
    x: {
      label: null,
      domain: span(years),
      ticks: tickYears(years, width),
      tickFormat: String,
      padding: 0.3,
      type: 'band',
    },
    y: { label: say('clear'), grid: true, zero: true, ticks: 5 },
    marks: [
      Plot.barY(rows, { x: 'year', y: 'clear', fill: 'var(--accent)', fillOpacity: 0.75 }),
      Plot.ruleY([0], { stroke: 'var(--muted)' }),
      Plot.tip(
        rows,
        Plot.pointerX({
          x: 'year',
          y: 'clear',
          ...TIP,
          title: (row: (typeof rows)[number]) => `${row.year}: ${fixed(row.clear, 2)}`,
        }),
      ),
    ],
  });
};
