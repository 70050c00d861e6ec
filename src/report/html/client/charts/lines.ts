/**
 * Lines over years, with spans of years behind them and levels across.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { brief } from '../../numbers.ts';
import type { FigureChart } from '../charts.ts';
import { axisRoom, base, TIP, tickYears } from './style.ts';

/** Lines without a colour of their own; symbols and dashes tell them apart too. */
const COLOURS = ['var(--accent)', 'var(--reference)', 'var(--ink)', 'var(--muted)'] as const;
const DASHES = ['none', '9,4', '2,4', '10,3,2,3'] as const;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;

const MARGIN_RIGHT = 20;
/** Room of a character, and of a line of names, in pixels. */
const [CHARACTER, LINE] = [7.2, 15];
/** Room of the name of a level, in pixels. */
const LEVEL = 80;

export const lines: FigureChart<'lines'> = ({ label, series, bands, levels }, _view, width) => {
  const years = [...new Set(series.flatMap(({ points }) => points.map(([year]) => year)))].toSorted((a, b) => a - b);
  const [first, last] = [years[0]!, years.at(-1)!];
  const [begin, end] = first === last ? [first - 0.5, last + 0.5] : [first, last];
  // Two lines can have the same name.
  const looks = series.map(({ label: name, colour, points }, k) => ({
    key: String(k),
    name,
    points,
    given: colour !== undefined,
    colour: colour ?? COLOURS[k % COLOURS.length]!,
    dash: colour === undefined ? DASHES[k % DASHES.length]! : 'none',
    symbol: SYMBOLS[k % SYMBOLS.length]!,
  }));
  const dots = looks.flatMap(({ key, name, points }) =>
    points.flatMap(([year, value]) => (value === null ? [] : [{ key, name, year, value }])),
  );
  const values = [0, ...dots.map(({ value }) => value), ...levels.map(({ value }) => value)];
  const [low, most] = [Math.min(...values), Math.max(...values)];
  // Room for the name of a level at the top.
  const headroom = 0.08 * (most - low);
  const high = most + (levels.some(({ value }) => value > most - headroom) ? headroom : 0);
  const left = axisRoom(Math.max(-low, high));
  const keys = looks.map(({ key }) => key);
  const spans = bands.map((band) => ({
    ...band,
    x1: Math.max(begin, band.from - 0.5),
    x2: Math.min(end, band.to + 0.5),
  }));
  const scale = (width - left - MARGIN_RIGHT) / (end - begin);
  const names = placed(
    spans.map(({ label: text, x1, x2 }) => ({ text, at: left + scale * ((x1 + x2) / 2 - begin) })),
    width,
  );
  const rows = names.reduce((most, { row }) => Math.max(most, row + 1), 0);
  return Plot.plot({
    ...base(width, (width < 500 ? 270 : 310) + rows * LINE),
    marginLeft: left,
    marginRight: MARGIN_RIGHT,
    marginTop: 26 + rows * LINE,
    x: {
      label: null,
      type: 'linear',
      domain: [begin, end],
      ticks: first === last ? [first] : tickYears(years, width),
      tickFormat: String,
    },
    y: { label, grid: true, nice: true, domain: low === high ? [0, 1] : [low, high] },
    color: { type: 'categorical', domain: keys, range: looks.map(({ colour }) => colour) },
    symbol: {
      domain: keys,
      range: looks.map(({ symbol }) => symbol),
      legend: looks.length > 1,
      tickFormat: (key: string) => looks[Number(key)]!.name,
    },
    marks: [
      [0.08, 0.2].map((fillOpacity, odd) =>
        Plot.rect(
          spans.filter((_, k) => k % 2 === odd),
          { x1: 'x1', x2: 'x2', fill: 'var(--muted)', fillOpacity },
        ),
      ),
      names.map(({ text, at, row }) =>
        Plot.text([text], {
          x: [begin + (at - left) / scale],
          frameAnchor: 'top',
          dy: -12 - row * LINE,
          lineAnchor: 'middle',
        }),
      ),
      Plot.ruleY(levels, { y: 'value', stroke: 'var(--muted)', strokeDasharray: '1,4', strokeWidth: 2 }),
      looks.map(({ points, given, colour, dash }) => {
        const line = { x: '0', y: '1', strokeLinejoin: 'round' } as const;
        return [
          // Colours that were given can be as light or as dark as the page.
          given ? Plot.line(points, { ...line, stroke: 'var(--muted)', strokeWidth: 4 }) : null,
          Plot.line(points, { ...line, stroke: colour, strokeDasharray: dash, strokeWidth: 2.2 }),
        ];
      }),
      Plot.dot(dots, {
        x: 'year',
        y: 'value',
        fill: 'key',
        symbol: 'key',
        r: width < 14 * years.length ? 2.5 : 3.5,
        ...(looks.some(({ given }) => given) ? { stroke: 'var(--muted)', strokeWidth: 0.8 } : {}),
      }),
      // Beside each other: levels can lie close together.
      levels.map((level, k) =>
        Plot.text([level], {
          y: 'value',
          text: 'label',
          frameAnchor: 'left',
          dx: 4 + (k % 3) * LEVEL,
          dy: -7,
          fontSize: 11,
          fill: 'var(--muted)',
          stroke: 'var(--page)',
          strokeWidth: 3,
        }),
      ),
      Plot.tip(
        dots,
        Plot.pointer({
          x: 'year',
          y: 'value',
          ...TIP,
          title: ({ name, year, value }: (typeof dots)[number]) => `${name}\n${year}: ${brief(value)}`,
        }),
      ),
    ],
  });
};

/** Names above the spans of years, in as many lines as they need to lie beside each other. @param names by place */
function placed(
  names: readonly { readonly text: string; readonly at: number }[],
  width: number,
): { text: string; at: number; row: number }[] {
  const ends: number[] = [];
  return names.map(({ text, at }) => {
    const half = (text.length * CHARACTER) / 2;
    const place = Math.max(half, Math.min(width - half, at));
    const free = ends.findIndex((end) => end <= place - half);
    const row = free < 0 ? ends.length : free;
    ends[row] = place + half + CHARACTER;
    return { text, at: place, row };
  });
}
