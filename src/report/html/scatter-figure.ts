/**
 * Shares held against shares as SVG that needs no script: points, the line of equality, and a fitted line.
 * @module
 */
import type { ScatterFigure } from '../addition.ts';
import { html, type Html } from './markup.ts';
import { figureOf, place, svgPicture } from './svg-figure.ts';

const SIZE = 420;
const BOX = { left: 60, right: 16, top: 16, bottom: 48 } as const;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/** The figure; null without points. Both axes go from 0 to 1. */
export function scatterFigure({ caption, xLabel, yLabel, points, line }: ScatterFigure): Html | null {
  if (points.length === 0) return null;
  const x = (value: number): string => place(BOX.left + (SIZE - BOX.left - BOX.right) * value);
  const y = (value: number): string => place(SIZE - BOX.bottom - (SIZE - BOX.top - BOX.bottom) * value);
  const [left, right, bottom, top] = [x(0), x(1), y(0), y(1)];
  const middle = place((BOX.left + SIZE - BOX.right) / 2);
  const grid = TICKS.map(
    (tick) =>
      html`<line
          x1="${x(tick)}"
          x2="${x(tick)}"
          y1="${bottom}"
          y2="${top}"
          stroke="var(--muted)"
          stroke-opacity="0.25"
        />
        <line x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="var(--muted)" stroke-opacity="0.25" />
        <text x="${x(tick)}" y="${SIZE - BOX.bottom + 16}" text-anchor="middle">${tick.toFixed(1)}</text>
        <text x="${BOX.left - 8}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">
          ${tick.toFixed(1)}
        </text>`,
  );
  const ends = line === null ? null : endsOf(line.slope, line.intercept);
  const [x1, y1, x2, y2] = ends === null ? [] : [x(ends[0]), y(ends[1]), x(ends[2]), y(ends[3])];
  const fitted =
    ends && html`<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="var(--accent)" stroke-width="2" />`;
  const dots = points.map(
    ({ label, x: px, y: py }) =>
      html`<circle cx="${x(px)}" cy="${y(py)}" r="3.5" fill="var(--accent)" fill-opacity="0.6">
        <title>${label}: ${px.toFixed(2)}, ${py.toFixed(2)}</title>
      </circle>`,
  );
  const picture = svgPicture(caption, SIZE, SIZE, [
    grid,
    html`<line x1="${left}" y1="${bottom}" x2="${right}" y2="${top}" stroke="var(--muted)" stroke-dasharray="4 4" />`,
    fitted,
    dots,
    html`<text x="${middle}" y="${SIZE - 10}" text-anchor="middle">${xLabel}</text>`,
    html`<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yLabel}</text>`,
  ]);
  return figureOf(caption, [picture]);
}

/** Where a line runs within the square: from and to, each x and y; null where it does not. */
function endsOf(slope: number, intercept: number): [number, number, number, number] | null {
  const at = (value: number): number => intercept + slope * value;
  // x where y is 0 and 1.
  const crossings = slope === 0 ? [0, 1] : [-intercept / slope, (1 - intercept) / slope];
  const from = Math.max(0, Math.min(...crossings));
  const to = Math.min(1, Math.max(...crossings));
  if (!(from < to) || (slope === 0 && !(intercept >= 0 && intercept <= 1))) return null;
  return [from, at(from), to, at(to)];
}
