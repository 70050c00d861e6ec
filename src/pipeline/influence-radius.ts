/**
 * The distance at which a mine's influence on the vegetation fades into the reference.
 * @module
 */
import { signedRankAbove } from '../kernels/signed-rank.ts';
import type { InfluenceResult } from '../report/influence-model.ts';

/** Level of the test of each ring. */
export const INFLUENCE_ALPHA = 0.05;

/** What is known of a ring: its place, and by how much it was below the reference in each year. */
export interface RingSeries {
  fromM: number;
  toM: number;
  /** Reference less ring by year, NaN where one of them has no data; null for a ring that is the reference itself. */
  shortfalls: readonly number[] | null;
}

export interface RingTest {
  n: number;
  /** Mean over the years; null without years. */
  shortfall: number | null;
  p: number | null;
  /** Below the reference by more than the tolerance. */
  below: boolean;
  /** Whether this ring and all rings within are below. */
  influenced: boolean;
}

export interface RadiusFigures {
  rings: RingTest[];
  result: InfluenceResult;
  radiusM: number | null;
  testedToM: number;
  falling: boolean;
  beyond: string[];
}

/**
 * Tests the rings of one mine from the innermost outward, until one is not below the reference.
 *
 * A ring is below the reference where its yearly shortfalls exceed the tolerance by Wilcoxon's signed-rank test, one-sided
 * at 5 %. As testing stops at the first ring that is not, the chance that any ring is called influenced without being so
 * stays at 5 % (fixed-sequence testing, Maurer et al. 1995).
 *
 * @param rings Ascending by distance.
 * @param tolerance A shortfall up to this is none.
 */
export function influenceRadius(rings: readonly RingSeries[], tolerance: number): RadiusFigures {
  const tested = rings.map(({ shortfalls }): RingTest => testRing(shortfalls, tolerance));
  let last = 0;
  while (last < tested.length && tested[last]!.below) last++;
  for (let k = 0; k < last; k++) tested[k]!.influenced = true;
  const withTest = rings.filter((_, k) => tested[k]!.p !== null);
  const means = tested.flatMap(({ shortfall }) => shortfall ?? []);
  const place = ({ fromM, toM }: RingSeries) => `${fromM}–${toM}`;
  return {
    rings: tested,
    ...resultOf(rings, tested, last),
    testedToM: withTest.at(-1)?.toM ?? 0,
    falling: means.every((mean, k) => k === 0 || mean <= means[k - 1]!),
    beyond: rings.flatMap((ring, k) => (k > last && tested[k]!.below ? [place(ring)] : [])),
  };
}

function testRing(shortfalls: readonly number[] | null, tolerance: number): RingTest {
  const values = (shortfalls ?? []).filter((value) => !Number.isNaN(value));
  const n = values.length;
  if (n === 0) return { n, shortfall: null, p: null, below: false, influenced: false };
  const shortfall = values.reduce((sum, value) => sum + value, 0) / n;
  // Fewer years cannot reach the level, whatever they show.
  if (2 ** -n > INFLUENCE_ALPHA) return { n, shortfall, p: null, below: false, influenced: false };
  const { p } = signedRankAbove(values.map((value) => value - tolerance));
  return { n, shortfall, p, below: p <= INFLUENCE_ALPHA, influenced: false };
}

function resultOf(
  rings: readonly RingSeries[],
  tested: readonly RingTest[],
  last: number,
): Pick<RadiusFigures, 'result' | 'radiusM'> {
  const stop = tested[last];
  // The ring at which testing stopped is the outermost, taken as the reference, or lies beyond all rings.
  if (stop === undefined || (last > 0 && rings[last]!.shortfalls === null))
    return { result: 'not reached', radiusM: null };
  if (stop.p === null) return { result: 'not testable', radiusM: null };
  return last === 0 ? { result: 'none', radiusM: 0 } : { result: 'fades', radiusM: rings[last - 1]!.toM };
}
