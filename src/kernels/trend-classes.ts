/**
 * Trend classes: what a slope and a p-value are called in each legend.
 * @module
 */
import { attainableP, EXACT_LIMIT, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';

export type Legend = 'seven' | 'nine' | 'five';

/** Code of a pixel with too few years. */
export const NO_DATA_CLASS = 255;

/** Code of a pixel whose years and ties cannot reach the weakest class. */
export const NOT_TESTABLE_CLASS = 0;

export interface TrendClass {
  readonly code: number;
  /** As it stands in tables. */
  readonly name: string;
  /** As it stands in keys and file names. */
  readonly slug: string;
}

/** The p-values below which a trend is a step stronger, weakest first; the first one is the legend's weakest α. */
const ALPHAS: Readonly<Record<Legend, readonly number[]>> = {
  seven: [0.1, 0.05],
  nine: [0.1, 0.05, 0.01],
  five: [0.05],
};

/** What each step of significance is called, from none upward. */
const STEPS: Readonly<Record<Legend, readonly string[]>> = {
  seven: ['no significant', 'slightly significant', 'significant'],
  nine: ['no significant', 'slightly significant', 'significant', 'extremely significant'],
  five: ['no significant', 'significant'],
};

/** Below which p, and how strongly, a trend is significant in a legend; weakest first. */
export function legendAlphas(legend: Legend): readonly number[] {
  return ALPHAS[legend];
}

/**
 * The class of one pixel (0 not testable; `seven`: 1 significant decrease … 4 no change … 7 significant increase; `nine`
 * and `five` in the same order; 255 where the slope is NaN).
 *
 * @param slope Theil–Sen slope per year. Its sign gives the direction.
 * @param s Kendall's S.
 * @param p Two-sided p of S.
 * @param smallestP The smallest p the pixel's years and ties can reach; above the weakest α the pixel is not testable.
 * @param epsilon Slopes within ±epsilon are no change.
 */
export function classifyTrend(
  slope: number,
  s: number,
  p: number,
  smallestP: number,
  legend: Legend,
  epsilon: number,
): number {
  return classAt(slope, s, p, smallestP, ALPHAS[legend], epsilon);
}

/** {@link classifyTrend} with the legend's alphas at hand, for loops over pixels. */
export function classAt(
  slope: number,
  s: number,
  p: number,
  smallestP: number,
  alphas: readonly number[],
  epsilon: number,
): number {
  if (slope !== slope) return NO_DATA_CLASS;
  if (smallestP > alphas[0]!) return NOT_TESTABLE_CLASS;
  const noChange = alphas.length + 2;
  if (Math.abs(slope) <= epsilon || s === 0) return noChange;
  let step = 1;
  for (let i = 0; i < alphas.length && p < alphas[i]!; i++) step++;
  return slope > 0 ? noChange + step : noChange - step;
}

/** All classes of a legend in the order of their codes, not testable (0) first and no data (255) last. */
export function legendClasses(legend: Legend): TrendClass[] {
  const steps = STEPS[legend];
  const names = [
    'not testable',
    ...steps.toReversed().map((step) => `${step} decrease`),
    'no change',
    ...steps.map((step) => `${step} increase`),
  ];
  const classes = names.map((name, code) => ({ code, name, slug: name.replaceAll(' ', '-') }));
  classes.push({ code: NO_DATA_CLASS, name: 'no data', slug: 'no-data' });
  return classes;
}

/**
 * The codes that n years without ties can reach, ascending. Ties only make it worse. Beyond n = 30 every class can be
 * reached.
 */
export function attainableClasses(n: number, legend: Legend, pMethod: 'exact' | 'normal' = 'exact'): number[] {
  if (n < 2) return [];
  const noChange = ALPHAS[legend].length + 2;
  if (n > EXACT_LIMIT) return Array.from({ length: 2 * noChange - 1 }, (_, i) => i + 1);
  const reachable = pMethod === 'exact' ? attainableP(n) : attainableNormalP(n);
  const smallest = reachable[0]!;
  const codes = new Set<number>();
  for (const p of reachable) {
    for (const slope of [-1, 0, 1]) codes.add(classifyTrend(slope, slope, p, smallest, legend, 0));
  }
  return [...codes].sort((a, b) => a - b);
}

/** The p-values of the normal approximation that n values without ties can have, ascending. */
function attainableNormalP(n: number): number[] {
  const largest = (n * (n - 1)) / 2;
  const p: number[] = [];
  for (let s = largest; s >= 0; s -= 2) p.push(normalP(zScore(s, varianceS(n, []))));
  return p;
}
