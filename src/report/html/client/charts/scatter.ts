/**
 * Shares held against shares: points, the line where both are the same, and a fitted line.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { fixed } from '../../numbers.ts';
import type { FigureChart } from '../charts.ts';
import { base, TIP } from './style.ts';

/** A square is as wide as the page only on a phone. */
const WIDEST = 520;

export const scatter: FigureChart<'scatter'> = ({ xLabel, yLabel, points, line }, _view, width) => {
  const side = Math.min(width, WIDEST);
  const axis = { domain: [0, 1], grid: true, ticks: 5 } as const;
  const ends = line === null ? [] : [0, 1].map((x) => [x, line.intercept + line.slope * x] as const);
  return Plot.plot({
    ...base(side, side),
    marginTop: 30,
    marginBottom: 42,
    x: { ...axis, label: xLabel },
    y: { ...axis, label: yLabel },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: 'var(--muted)', strokeDasharray: '4,4' },
      ),
      Plot.line(ends, { stroke: 'var(--accent)', strokeWidth: 2, clip: true }),
      Plot.dot(points, { x: 'x', y: 'y', r: 3.5, fill: 'var(--accent)', fillOpacity: 0.6 }),
      Plot.tip(
        points,
        Plot.pointer({
          x: 'x',
          y: 'y',
          ...TIP,
          title: ({ label, x, y }: (typeof points)[number]) =>
            `${label}\n${xLabel}: ${fixed(x, 2)}\n${yLabel}: ${fixed(y, 2)}`,
        }),
      ),
    ],
  });
};
