/**
 * Shares held against shares as SVG that needs no script: points, the line of equality, and a fitted line.
 * @module
 */
import type { ScatterFigure } from '../addition.ts';
import { html, type Html } from './markup.ts';

const SIZE = 420;
const BOX = { left: 60, right: 16, top: 16, bottom: 48 } as const;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/** The figure; null without points. Both axes go from 0 to 1. */
export function scatterFigure({ caption, xLabel, yLabel, points, line }: ScatterFigure): Html | null {
  if (points.length === 0) return null;
  const x = (value: number): string => place(BOX.left + (SIZE - BOX.left - BOX.right) * value);
  const y = (value: number): string => place(SIZE - BOX.bottom - (SIZE - BOX.top - BOX.bottom) * value);
  const [x0, x1, y0, y1] = [x(0), x(1), y(0), y(1)];
  const middle = place((BOX.left + SIZE - BOX.right) / 2);
  const ends = line === null ? null : endsOf(line.slope, line.intercept);
  return html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    <svg
      viewBox="0 0 ${SIZE} ${SIZE}"
      role="img"
      aria-label="${caption}"
      style="width:100%;max-width:${SIZE}px;height:auto"
      font-size="12"
      fill="var(--ink)"
    >
      ${TICKS.map(
        (tick) =>
          html`<line
              x1="${x(tick)}"
              x2="${x(tick)}"
              y1="${y0}"
              y2="${y1}"
              stroke="var(--muted)"
              stroke-opacity="0.25"
            />
            <line x1="${x0}" x2="${x1}" y1="${y(tick)}" y2="${y(tick)}" stroke="var(--muted)" stroke-opacity="0.25" />
            <text x="${x(tick)}" y="${SIZE - BOX.bottom + 16}" text-anchor="middle">${tick.toFixed(1)}</text>
            <text x="${BOX.left - 8}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">
              ${tick.toFixed(1)}
            </text>`,
      )}
      <line x1="${x0}" y1="${y0}" x2="${x1}" y2="${y1}" stroke="var(--muted)" stroke-dasharray="4 4" />
      ${ends === null ? null : html`<line x1="${x(ends[0])}" y1="${y(ends[1])}" x2="${x(ends[2])}" y2="${y(ends[3])}" stroke="var(--accent)" stroke-width="2" />`}
      ${points.map(
        ({ label, x: px, y: py }) =>
          html`<circle cx="${x(px)}" cy="${y(py)}" r="3.5" fill="var(--accent)" fill-opacity="0.6">
            <title>${label}: ${px.toFixed(2)}, ${py.toFixed(2)}</title>
          </circle>`,
      )}
      <text x="${middle}" y="${SIZE - 10}" text-anchor="middle">${xLabel}</text>
      <text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yLabel}</text>
    </svg>
  </figure>`;
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

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
