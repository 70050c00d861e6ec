/**
 * Annual means of the area against the reference, each with its spread.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { fixed, percent, pValue, signed } from '../../numbers.ts';
import type { Area } from '../../payload.ts';
import type { Chart } from '../charts.ts';
import type { View } from '../page.ts';
import { base, TIP, tickYears } from './style.ts';

interface Point {
  year: number;
  value: number;
  low: number;
  high: number;
  who: string;
}

export const cover: Chart = (view, width) => {
  const { payload, say } = view;
  const { years, value, baseline } = payload;
  const area = view.area();
  const reference = payload.reference === null ? undefined : payload.areas[payload.reference];
  const factor = value.percent ? 100 : 1;
  const [floor, ceiling] = value.percent ? [0, 100] : [-Infinity, Infinity];
  const points = (of: typeof area, who: string): Point[] =>
    of.mean.flatMap((mean, k) => {
      if (mean === null) return [];
      const spread = (of.sd[k] ?? 0) * factor;
      const v = mean * factor;
      return [
        { year: years[k]!, value: v, low: Math.max(floor, v - spread), high: Math.min(ceiling, v + spread), who },
      ];
    });
  const own = points(area, area.label);
  if (own.length === 0) return null;
  const other = reference === undefined || reference === area ? [] : points(reference, reference.label);
  const level = (share: number) =>
    (baseline?.levels ?? []).flatMap((fvc, k) => (fvc === null ? [] : [{ year: years[k]!, value: 100 * share * fvc }]));
  const { sen } = area;
  const ends = [years[0]!, years.at(-1)!].map((year) => ({
    year,
    value: factor * ((sen?.intercept ?? 0) + (sen?.slope ?? 0) * year),
  }));
  const fits = sen !== null && payload.trendOfMean;
  const show = (v: number): string => (value.percent ? percent(v / 100, 1) : fixed(v, 3));
  const x = 'year';
  const y = 'value';
  const band = { x, y1: 'low', y2: 'high', curve: 'linear' } as const;
  const options = base(width, width < 500 ? 280 : 340);
  const last = (list: readonly Point[]): Point[] => list.slice(-1);
  const label = width >= 640;
  const slope = sen === null ? '' : senText(view, sen);
  return Plot.plot({
    ...options,
    marginRight: label ? 150 : 16,
    x: { label: null, ticks: tickYears(years, width - (label ? 134 : 0)), tickFormat: String, type: 'linear' },
    y: {
      label: value.percent ? `${value.name.toUpperCase()}, %` : value.name.toUpperCase(),
      grid: true,
      nice: true,
      ...(value.percent ? { domain: [0, 100] } : {}),
    },
    marks: [
      Plot.areaY(other, { ...band, fill: 'var(--reference)', fillOpacity: 0.15 }),
      Plot.areaY(own, { ...band, fill: 'var(--accent)', fillOpacity: 0.18 }),
      baseline === null
        ? null
        : [baseline.disturbedBelow, baseline.recoveredAbove].map((share) =>
            Plot.line(level(share), { x, y, stroke: 'var(--muted)', strokeDasharray: '1,4', strokeLinecap: 'round' }),
          ),
      fits ? Plot.line(ends, { x, y, stroke: 'var(--accent)', strokeDasharray: '7,5', strokeWidth: 1.2 }) : null,
      Plot.line(other, { x, y, stroke: 'var(--reference)', strokeWidth: 2, strokeDasharray: '12,3' }),
      Plot.dot(other, { x, y, fill: 'var(--reference)', symbol: 'square', r: 3 }),
      Plot.line(own, { x, y, stroke: 'var(--accent)', strokeWidth: 2.5 }),
      Plot.dot(own, { x, y, fill: 'var(--accent)', r: 3.5 }),
      label
        ? [
            Plot.text(spread([...last(own), ...last(other)], value.percent ? 7 : 0.07), {
              x,
              y: 'at',
              text: (p: Point) => (p.who === area.label ? p.who : say('reference')),
              fill: (p: Point) => (p.who === area.label ? 'var(--accent)' : 'var(--reference)'),
              textAnchor: 'start',
              dx: 10,
              fontWeight: 600,
              lineWidth: 10,
              textOverflow: 'ellipsis',
            }),
          ]
        : null,
      baseline === null || width < 420
        ? null
        : (
            [
              [baseline.disturbedBelow, 'disturbedBelow'],
              [baseline.recoveredAbove, 'recoveredAbove'],
            ] as const
          ).map(([share, key]) =>
            Plot.text(level(share).slice(0, 1), {
              x,
              y,
              text: () => say(key),
              textAnchor: 'start',
              dy: -7,
              dx: 2,
              fontSize: 11,
              fill: 'var(--muted)',
              stroke: 'var(--page)',
              strokeWidth: 3,
            }),
          ),
      Plot.tip(
        [...own, ...other],
        Plot.pointerX({
          x,
          y,
          ...TIP,
          title: (p: Point) => `${p.who}\n${p.year}: ${show(p.value)}\n± ${show((p.high - p.low) / 2)}`,
        }),
      ),
    ],
    ...(slope === '' || !fits ? {} : { caption: `- - -  ${say('senLine')}: ${slope}` }),
  });
};

/** Labels at the ends of lines, moved apart where they would cover each other. */
function spread(points: readonly Point[], least: number): (Point & { at: number })[] {
  const [a, b] = points;
  if (a === undefined || b === undefined || a.year !== b.year || Math.abs(a.value - b.value) >= least) {
    return points.map((p) => ({ ...p, at: p.value }));
  }
  const middle = (a.value + b.value) / 2;
  const up = a.value >= b.value ? a : b;
  return points.map((p) => ({ ...p, at: middle + (p === up ? least / 2 : -least / 2) }));
}

function senText(view: View, { slope, low, high, p }: NonNullable<Area['sen']>): string {
  const percents = view.payload.value.percent;
  const show = (value: number): string => (percents ? signed(100 * value, 2) : signed(value, 4));
  const limits = low === null || high === null ? '' : ` (95 %: ${show(low)} … ${show(high)})`;
  return `${show(slope)} ${view.say(percents ? 'points' : 'perYear')}${limits}, p ${pValue(p)}`;
}
