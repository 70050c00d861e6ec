/**
 * The points at which an ecosystem under load changes: elastic, yield and mutation (Dong et al. 2025).
 *
 * encryption → (elastic point) → resilience → (yield point) → yield → (mutation point) → mutation. The paper's constants
 * are of its own sites. How the points are found in a series is our rule.
 * @module
 */
import { segmentSeries, type SegmentedSeries } from '../kernels/segmentation.ts';

export const POINTS = ['elastic', 'yield', 'mutation'] as const;
export type PointName = (typeof POINTS)[number];

/** The stages between the points, as the paper names them. */
export const LOAD_STAGES = ['encryption', 'resilience', 'yield', 'mutation'] as const;
export type LoadStage = (typeof LOAD_STAGES)[number];

/** A segment that falls by less stays, for what the points are told by. ThV before mining is 1. */
export const LEAST_FALL = 0.05;

/** Falls that follow each other are one, unless the later is steeper by this factor. */
export const STEEPER = 2;

export interface ThresholdPoint {
  readonly name: PointName;
  /** `found` in the series, or `given` as a constant. */
  readonly source: 'found' | 'given';
  /** ThV at the point; NaN where there is none. */
  readonly value: number;
  /** First year beyond the point; NaN where it is not crossed. */
  readonly crossed: number;
  /** First year after that since when ThV has been at the point's value or above, to the end; NaN where it has not. */
  readonly regained: number;
}

export interface Thresholds {
  readonly points: readonly ThresholdPoint[];
  /** One a year: what the load has come to, which a later rise of ThV does not undo. Null where ThV is missing. */
  readonly stages: readonly (LoadStage | null)[];
  /** p of the segmentation; NaN with too few years, or with all constants given. */
  readonly p: number;
}

/**
 * Finds the points of a series, or the years in which given ones are crossed.
 *
 * Found: the series is cut into straight segments (`segmentSeries`); those that fall by {@link LEAST_FALL} or more are
 * falling. The elastic point is where the first falling segment begins. The yield point is where the fall then comes to rest, or becomes at least {@link STEEPER} times as
 * steep. The mutation point is where the first falling
 * segment begins after one that does not fall, at the yield point or later: it comes after the stable stage, as damage
 * builds up and lags. A point is crossed in the first year after it.
 *
 * Given: a constant is crossed in the first year with ThV below it, not before the point ahead of it is crossed.
 *
 * @param values ThV; NaN = missing. Without six values nothing is found.
 * @param years Ascending, as many as values.
 * @param constants Those that are given, as ThV.
 * @throws {RangeError} for lists of different length, or constants that do not descend
 */
export function findThresholds(
  values: readonly number[],
  years: readonly number[],
  constants: Readonly<Partial<Record<PointName, number>>> = {},
): Thresholds {
  if (values.length !== years.length) throw new RangeError(`Expected ${values.length} years, got ${years.length}`);
  const given = POINTS.flatMap((name) => constants[name] ?? []);
  if (given.some((value, k) => !Number.isFinite(value) || (k > 0 && value >= given[k - 1]!))) {
    throw new RangeError(`Expected constants that descend from elastic to mutation, got ${given.join(', ')}`);
  }
  const segmented = given.length === POINTS.length ? undefined : segmentSeries(values, { times: years });
  const found = segmented === undefined ? {} : foundPoints(segmented);
  let earliest = -Infinity;
  const points = POINTS.map((name): ThresholdPoint => {
    const constant = constants[name];
    let { value = NaN, crossed = NaN } = found[name] ?? {};
    if (constant !== undefined) {
      const at = years.findIndex((year, k) => year >= earliest && values[k]! < constant);
      [value, crossed] = [constant, at < 0 ? NaN : years[at]!];
    }
    // A point that is not crossed leaves none to be crossed after it.
    earliest = Number.isNaN(crossed) ? Infinity : Math.max(earliest, crossed);
    const source = constant === undefined ? 'found' : 'given';
    return { name, source, value, crossed, regained: regainedIn(values, years, value, crossed) };
  });
  const stages = years.map((year, k) => {
    if (Number.isNaN(values[k]!)) return null;
    return LOAD_STAGES[points.filter(({ crossed }) => year >= crossed).length]!;
  });
  return { points, stages, p: segmented?.p ?? NaN };
}

function regainedIn(values: readonly number[], years: readonly number[], value: number, crossed: number): number {
  if (Number.isNaN(crossed)) return NaN;
  const below = values.findLastIndex((one) => one < value);
  const at = years.findIndex((year, k) => k > below && year > crossed && !Number.isNaN(values[k]!));
  return at < 0 ? NaN : years[at]!;
}

type Found = Partial<Record<PointName, { value: number; crossed: number }>>;

function foundPoints({ segments }: SegmentedSeries): Found {
  const found: Found = {};
  const pointAt = (k: number) => ({ value: segments[k]!.startValue, crossed: segments[k]!.firstYear });
  const falls = segments.map(({ magnitude }) => magnitude <= -LEAST_FALL);
  const first = falls.indexOf(true);
  if (first < 0) return found;
  found.elastic = pointAt(first);
  const steeper = (k: number) => segments[k]!.rate <= STEEPER * segments[k - 1]!.rate;
  const next = falls.findIndex((fall, k) => k > first && (!fall || steeper(k)));
  if (next < 0) return found;
  found.yield = pointAt(next);
  const stable = falls.indexOf(false, next);
  const last = stable < 0 ? -1 : falls.indexOf(true, stable);
  if (last >= 0) found.mutation = pointAt(last);
  return found;
}
