/**
 * Land that goes from class to class between years: a stack of the classes a year, and bands between them.
 * @module
 */
import * as Plot from '@observablehq/plot';
import type { FlowFigure } from '../../../addition.ts';
import { hectares } from '../../numbers.ts';
import type { FigureChart } from '../charts.ts';
import { axisRoom, base, TIP } from './style.ts';

/** Half the width of a stack, in pixels. */
const HALF = 8;
/** Height in pixels that a name needs beside its part of a stack. */
const LINE = 15;

/** A flow, and the hectares below it where it leaves and where it arrives. */
interface Band {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly hectares: number;
  below: [leaving: number, arriving: number];
}

export const flows: FigureChart<'flows'> = ({ years, classes, flows: all }, { say }, width) => {
  const bands = stacked(all, years.length - 1);
  const parts = partsOf(bands, years.length, classes.length);
  const total = Math.max(...parts.map(({ below, ha }) => below + ha));
  const left = axisRoom(total);
  const used = classes.flatMap((_, k) => (parts.some((part) => part.of === k) ? [k] : []));
  const wide = width >= 640;
  const marginRight = wide ? 290 : 16;
  const last = years.length - 1;
  // A stack in places of years.
  const half = (HALF * last) / (width - left - marginRight - 2 * HALF);
  const height = width < 500 ? 320 : 380;
  const ha = (value: number): string => `${hectares(value)} ${say('ha')}`;
  const name = (k: number): string => classes[k]!.label;
  const edges = bands.flatMap((band, k) =>
    [0, 1].map((side) => ({
      band: k,
      stays: band.from === band.to,
      colour: String(band.from),
      x: band.step + side + (side === 0 ? half : -half),
      low: band.below[side]!,
      high: band.below[side]! + band.hectares,
    })),
  );
  const tips = [
    ...parts.map(({ at, of, below, ha: own }) => ({
      x: at,
      y: below + own / 2,
      title: `${years[at]}\n${name(of)}: ${ha(own)}`,
    })),
    ...bands.flatMap(({ step, from, to, hectares: own, below: [leaving, arriving] }) =>
      [0.15, 0.5, 0.85].map((share) => ({
        x: step + share,
        y: (share < 0.5 ? leaving : share > 0.5 ? arriving : (leaving + arriving) / 2) + own / 2,
        title: `${years[step]} ${name(from)}\n→ ${years[step + 1]} ${name(to)}: ${ha(own)}`,
      })),
    ),
  ];
  const room = (value: number): number => (value / total) * (height - 64);
  return Plot.plot({
    ...base(width, height),
    marginTop: 30,
    marginLeft: left,
    marginRight,
    x: {
      label: null,
      type: 'linear',
      domain: [-half, last + half],
      ticks: years.map((_, k) => k),
      tickFormat: (k: number) => String(years[k]),
      tickSize: 0,
    },
    y: { label: say('ha'), domain: [0, total] },
    color: {
      type: 'categorical',
      domain: used.map(String),
      range: used.map((k) => classes[k]!.colour),
      legend: true,
      tickFormat: (k: string) => name(Number(k)),
    },
    marks: [
      [true, false].map((stays) =>
        Plot.areaY(
          edges.filter((edge) => edge.stays === stays),
          {
            x: 'x',
            y1: 'low',
            y2: 'high',
            z: 'band',
            fill: 'colour',
            fillOpacity: stays ? 0.3 : 0.65,
            // Land that stays is pale: it needs an edge. Thin bands would be nothing but edges.
            stroke: stays ? 'var(--muted)' : 'none',
            strokeWidth: 0.4,
            curve: 'bump-x',
          },
        ),
      ),
      Plot.rect(parts, {
        x1: ({ at }: (typeof parts)[number]) => at - half,
        x2: ({ at }: (typeof parts)[number]) => at + half,
        y1: 'below',
        y2: ({ below, ha: own }: (typeof parts)[number]) => below + own,
        fill: ({ of }: (typeof parts)[number]) => String(of),
        stroke: 'var(--muted)',
        strokeWidth: 0.6,
      }),
      wide
        ? Plot.text(
            parts.filter(({ at, ha: own }) => at === last && room(own) >= LINE),
            {
              x: last + half,
              y: ({ below, ha: own }: (typeof parts)[number]) => below + own / 2,
              text: ({ of, ha: own }: (typeof parts)[number]) => `${name(of)}: ${ha(own)}`,
              textAnchor: 'start',
              dx: 8,
              lineWidth: 21,
              textOverflow: 'ellipsis',
            },
          )
        : null,
      Plot.tip(tips, Plot.pointer({ x: 'x', y: 'y', maxRadius: 70, ...TIP, title: 'title' })),
    ],
  });
};

/** Flows on each other at both ends, the first class at the top. */
function stacked(flows: FlowFigure['flows'], steps: number): Band[] {
  const bands = flows.filter(({ hectares: ha }) => ha > 0).map((flow): Band => ({ ...flow, below: [0, 0] }));
  const ends = [
    [0, (a: Band, b: Band) => b.from - a.from || b.to - a.to],
    [1, (a: Band, b: Band) => b.to - a.to || b.from - a.from],
  ] as const;
  for (const [end, order] of ends) {
    for (let step = 0; step < steps; step++) {
      let below = 0;
      for (const band of bands.filter((one) => one.step === step).toSorted(order)) {
        band.below[end] = below;
        below += band.hectares;
      }
    }
  }
  return bands;
}

/** The classes of each year on each other, the first at the top: what leaves the first year, what arrives in the others. */
function partsOf(bands: readonly Band[], years: number, classes: number) {
  return Array.from({ length: years }, (_, at) => {
    let below = 0;
    return Array.from({ length: classes }, (_c, k) => classes - 1 - k).flatMap((of) => {
      const own = bands.filter(({ step, from, to }) =>
        at === 0 ? step === 0 && from === of : step === at - 1 && to === of,
      );
      const ha = own.reduce((sum, band) => sum + band.hectares, 0);
      const part = { at, of, below, ha };
      below += ha;
      return ha > 0 ? [part] : [];
    });
  }).flat();
}
