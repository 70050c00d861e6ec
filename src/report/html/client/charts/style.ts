/**
 * What the charts have in common.
 * @module
 */
import type { PlotOptions } from '@observablehq/plot';
import { fixed } from '../../numbers.ts';

/** Fonts and colours are the page's, so that a change of theme needs no new drawing. */
export function base(width: number, height: number): PlotOptions {
  return {
    width,
    height,
    marginLeft: 52,
    marginRight: 16,
    marginBottom: 34,
    style: { fontFamily: 'inherit', fontSize: '13px', background: 'none', color: 'var(--ink)', overflow: 'visible' },
  };
}

/** All years from the first to the last, so that gaps show. */
export function span(years: readonly number[]): number[] {
  const first = years[0]!;
  return Array.from({ length: years.at(-1)! - first + 1 }, (_, k) => first + k);
}

/** Years that have room for a label. */
export function tickYears(years: readonly number[], width: number): number[] {
  const all = span(years);
  const step = [1, 2, 5, 10, 20, 50].find((s) => (all.length / s) * 44 <= width - 70) ?? 100;
  if (step === 1) return all;
  return all.filter((year) => year % step === 0);
}

/** Pixels that the numbers beside an axis need. @param most the largest of them, without its sign */
export function axisRoom(most: number): number {
  const digits = most > 0 && most < 1 ? 1 - Math.floor(Math.log10(most)) : 0;
  return Math.max(52, Math.ceil(24 + 7.4 * fixed(most, Math.min(12, digits)).length));
}

/** How the box with values under the pointer looks. */
export const TIP = { fill: 'var(--card)', stroke: 'var(--line)', fontSize: 13, lineHeight: 1.2 } as const;
