/**
 * Lines over years as SVG that needs no script: it is in the page as it is, on paper too.
 * @module
 */
import type { LineFigure, Series } from '../addition.ts';
import { html, type Html } from './markup.ts';
import { figureOf, place, svgPicture } from './svg-figure.ts';

const WIDTH = 720;
const HEIGHT = 300;
const BOX = { left: 64, right: 24, top: 26, bottom: 34 } as const;

/** Told apart by their dashes too. */
const STROKES = ['var(--accent)', 'var(--reference)', 'var(--ink)', 'var(--muted)'] as const;
const DASHES = ['none', '8 4', '2 4', '10 3 2 3'] as const;

/** The figure; null where it has no values. */
export function lineFigure({ caption, label, series, bands, levels }: LineFigure): Html | null {
  const known = series.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  if (known.length === 0) return null;
  const years = series.flatMap(({ points }) => points.map(([year]) => year));
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const all = [...known, ...levels.map(({ value }) => value)];
  const [low, high, step] = niceRange(Math.min(0, ...all), Math.max(...all));
  const x = (year: number): number =>
    BOX.left + ((WIDTH - BOX.left - BOX.right) * (year - first)) / Math.max(1, last - first);
  const y = (value: number): number =>
    HEIGHT - BOX.bottom - ((HEIGHT - BOX.top - BOX.bottom) * (value - low)) / (high - low);
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => low + k * step);
  const every = Math.max(1, Math.ceil((last - first) / 12));
  const yearTicks = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, k) => first + k * every);
  const spans = bands.map(({ from, to, label: name }, k) => {
    const [a, b] = [x(Math.max(first, from - 0.5)), x(Math.min(last, to + 0.5))];
    return html`<rect
        x="${place(a)}"
        y="${BOX.top}"
        width="${place(b - a)}"
        height="${HEIGHT - BOX.top - BOX.bottom}"
        fill="var(--muted)"
        fill-opacity="${k % 2 === 0 ? 0.08 : 0.2}"
      />
      <text x="${place((a + b) / 2)}" y="${BOX.top - 8}" text-anchor="middle">${name}</text>`;
  });
  const grid = ticks.map(
    (value) =>
      html`<line
          x1="${BOX.left}"
          x2="${WIDTH - BOX.right}"
          y1="${place(y(value))}"
          y2="${place(y(value))}"
          stroke="var(--line)"
        />
        <text x="${BOX.left - 8}" y="${place(y(value) + 4)}" text-anchor="end">${tickText(value, step)}</text>`,
  );
  const dates = yearTicks.map(
    (year) => html`<text x="${place(x(year))}" y="${HEIGHT - BOX.bottom + 18}" text-anchor="middle">${year}</text>`,
  );
  const marks = levels.map(
    ({ value, label: name }) =>
      html`<line
          x1="${BOX.left}"
          x2="${WIDTH - BOX.right}"
          y1="${place(y(value))}"
          y2="${place(y(value))}"
          stroke="var(--muted)"
          stroke-dasharray="1 4"
          stroke-width="2"
        />
        <text x="${BOX.left + 4}" y="${place(y(value) - 4)}">${name}</text>`,
  );
  const drawn = series.map((one, k) =>
    line(one, strokeOf(one, k), one.colour === undefined ? DASHES[k % DASHES.length]! : 'none', x, y),
  );
  const note = html`<p class="note" lang="en">${label}: ${series.map((one, k) => legend(one, k))}</p>`;
  return figureOf(caption, [svgPicture(caption, WIDTH, HEIGHT, [spans, grid, dates, marks, drawn]), note]);
}

const DASH_WORDS = ['——', '— —', '· ·', '— ·'] as const;

function strokeOf({ colour }: Series, k: number): string {
  return colour ?? STROKES[k % STROKES.length]!;
}

function legend({ label, colour }: Series, k: number): Html {
  const between = k === 0 ? '' : ' · ';
  if (colour === undefined) return html`${between}${DASH_WORDS[k % DASHES.length]} ${label}`;
  return html`${between}<span style="color:${colour}">⬤</span> ${label}`;
}

function line(
  { points }: Series,
  stroke: string,
  dash: string,
  x: (year: number) => number,
  y: (value: number) => number,
): Html {
  let path = '';
  let open = false;
  for (const [year, value] of points) {
    if (value !== null) path += `${open ? 'L' : 'M'}${place(x(year))} ${place(y(value))}`;
    open = value !== null;
  }
  const dots = points.flatMap(([year, value]) =>
    value === null ? [] : [html`<circle cx="${place(x(year))}" cy="${place(y(value))}" r="3" fill="${stroke}" />`],
  );
  return html`<path d="${path}" fill="none" stroke="${stroke}" stroke-width="2.2" stroke-dasharray="${dash}" />${dots}`;
}

/** Round ends and steps around values. */
function niceRange(low: number, high: number): [number, number, number] {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => span / s <= 6) ?? 10 * power;
  const top = Math.ceil(high / step) * step;
  const bottom = Math.floor(low / step) * step;
  return [bottom, top > bottom ? top : bottom + step, step];
}

function tickText(value: number, step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return digits > 6 ? value.toExponential(1) : (value + 0).toFixed(digits).replace(/^-(0(\.0*)?)$/, '$1');
}
