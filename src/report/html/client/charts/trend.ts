/**
 * Shares of the trend classes in each zone.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { hectares, percent, squareKm } from '../../numbers.ts';
import type { Chart } from '../charts.ts';
import { base, TIP } from './style.ts';

/** Zones that a chart can show. */
const MOST_ZONES = 40;

export const trend: Chart = (view, width) => {
  const { payload, say } = view;
  const { classes, areas } = payload;
  const shown = areas.slice(0, MOST_ZONES);
  const used = classes.filter((_, k) => shown.some((area) => area.trend[k]! > 0));
  // Decreases to the left, increases to the right, then what could not be tested.
  const order = used.toSorted((a, b) => rank(a.code) - rank(b.code)).map(({ label }) => label);
  const rows = shown.flatMap((area, zone) =>
    classes.flatMap(({ label }, k) =>
      area.trend[k]! > 0
        ? [{ zone, name: area.label, label, ha: area.trend[k]!, share: area.trend[k]! / area.areaHa }]
        : [],
    ),
  );
  const narrow = width < 560;
  const marginLeft = narrow ? 8 : Math.min(230, width * 0.3);
  const y = { y: 'zone' } as const;
  const stack = { ...y, x: 'share', z: 'label', order } as const;
  return Plot.plot({
    ...base(width, 50 + shown.length * (narrow ? 46 : 32)),
    marginLeft,
    marginTop: 8,
    x: { label: `${say('share')}, %`, percent: true, domain: [0, 100], grid: true },
    y: { label: null, axis: null, domain: shown.map((_, k) => k), padding: narrow ? 0.5 : 0.25 },
    color: {
      domain: order,
      range: order.map((label) => classes.find((entry) => entry.label === label)!.colour),
      legend: true,
    },
    marks: [
      Plot.barX(rows, { ...stack, fill: 'label', insetLeft: 0.3, insetRight: 0.3 }),
      Plot.text(
        shown.map(({ label }, zone) => ({ label, zone })),
        narrow
          ? { ...y, x: 0, text: 'label', textAnchor: 'start', dy: -19, lineWidth: 30, textOverflow: 'ellipsis' }
          : {
              ...y,
              text: 'label',
              frameAnchor: 'left',
              textAnchor: 'end',
              dx: -8,
              lineWidth: marginLeft / 14,
              textOverflow: 'ellipsis',
            },
      ),
      Plot.ruleX([0], { stroke: 'var(--muted)' }),
      Plot.tip(
        rows,
        Plot.pointerY(
          Plot.stackX({
            ...stack,
            ...TIP,
            title: (row: (typeof rows)[number]) =>
              `${row.name}\n${row.label}\n${hectares(row.ha)} ${say('ha')} · ${squareKm(row.ha)} km² · ${percent(row.share, 1)}`,
          }),
        ),
      ),
    ],
  });
};

/** Places "not testable" (0) and "no data" (255) last. */
function rank(code: number): number {
  return code === 0 ? 254 : code;
}
