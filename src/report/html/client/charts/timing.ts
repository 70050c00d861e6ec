/**
 * Land newly disturbed, upward, and newly recovered, downward, by year.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { hectares } from '../../numbers.ts';
import type { Chart } from '../charts.ts';
import { base, span, TIP, tickYears } from './style.ts';

export const timing: Chart = (view, width) => {
  const { payload, say } = view;
  const area = view.area();
  const { years, states } = payload;
  const [disturbed, recovered] = [say('newlyDisturbed'), say('newlyRecovered')];
  const rows = years.flatMap((year, k) => [
    { year, label: disturbed, ha: area.newlyDisturbed[k] ?? 0, sign: 1 },
    { year, label: recovered, ha: area.newlyRecovered[k] ?? 0, sign: -1 },
  ]);
  if (rows.every(({ ha }) => ha === 0)) return null;
  const y = (row: (typeof rows)[number]): number => row.sign * row.ha;
  return Plot.plot({
    ...base(width, 280),
    x: {
      label: null,
      domain: span(years),
      ticks: tickYears(years, width),
      tickFormat: String,
      padding: 0.16,
      type: 'band',
    },
    y: { label: say('ha'), grid: true, tickFormat: (ha: number) => hectares(Math.abs(ha)).replace(/\.0$/, '') },
    color: { domain: [disturbed, recovered], range: [states[2]!.colour, states[4]!.colour], legend: true },
    marks: [
      Plot.barY(rows, { x: 'year', y, fill: 'label' }),
      Plot.ruleY([0], { stroke: 'var(--muted)' }),
      Plot.tip(
        rows.filter(({ ha }) => ha > 0),
        Plot.pointerX({
          x: 'year',
          y,
          ...TIP,
          title: (row: (typeof rows)[number]) => `${row.year}\n${row.label}: ${hectares(row.ha)} ${say('ha')}`,
        }),
      ),
    ],
  });
};
