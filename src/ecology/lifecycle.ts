/**
 * Stages of a mine's life from one curve: what it produces, or the land that it keeps disturbed.
 * @module
 */

/**
 * The stages of Dong et al. 2025: initial (planning, construction), accelerated (into production, until it is reached),
 * stable, declining (replacement, closing).
 */
export const STAGES = ['initial', 'accelerated', 'stable', 'declining'] as const;
export type Stage = (typeof STAGES)[number];

/** Shares of the full level that part the stages. */
export interface StageRule {
  /** The mine is open from this share on. */
  readonly opened: number;
  /** The full level is reached from this share on, and held as long as it is. */
  readonly reached: number;
}

export const STAGE_RULE: StageRule = { opened: 0.05, reached: 0.8 };

export interface LifeCycle {
  /** The full level: the largest mean of three years in a row. */
  readonly full: number;
  /** One a value; null where there is none. */
  readonly stages: readonly (Stage | null)[];
}

/** Years over which the full level is averaged, so that one exceptional year does not set it. */
const FULL_YEARS = 3;

/**
 * Parts a curve into stages. Each comes once, in the order of {@link STAGES}; any may be missing.
 *
 * initial: before the first value of at least `opened` · full. accelerated: from there, before the first of at least
 * `reached` · full. stable: from there to the last of at least `reached` · full. declining: after it.
 *
 * @param values Of years in ascending order, not negative; NaN = missing, and passed over.
 * @throws {RangeError} for a negative or infinite value, or a rule without 0 < opened < reached ≤ 1
 * @returns null where no value is above 0
 */
export function lifeCycle(values: ArrayLike<number>, rule: StageRule = STAGE_RULE): LifeCycle | null {
  if (!(rule.opened > 0 && rule.opened < rule.reached && rule.reached <= 1)) {
    throw new RangeError(`Expected 0 < opened < reached ≤ 1, got ${rule.opened} and ${rule.reached}`);
  }
  const known = Array.from(values, (value, at) => ({ value, at })).filter(({ value }) => !Number.isNaN(value));
  const wrong = known.find(({ value }) => !(value >= 0 && value < Infinity));
  if (wrong !== undefined) throw new RangeError(`Expected values that are not negative, got ${wrong.value}`);
  const full = fullLevel(known.map(({ value }) => value));
  if (!(full > 0)) return null;
  // The mean of three years is at most their largest, so some value reaches any share of it.
  const opened = known.findIndex(({ value }) => value >= rule.opened * full);
  const reached = known.findIndex(({ value }) => value >= rule.reached * full);
  const last = known.findLastIndex(({ value }) => value >= rule.reached * full);
  const stages = Array.from<Stage | null>({ length: values.length }).fill(null);
  for (const [k, { at }] of known.entries()) {
    stages[at] = k < opened ? 'initial' : k < reached ? 'accelerated' : k <= last ? 'stable' : 'declining';
  }
  return { full, stages };
}

function fullLevel(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const span = Math.min(FULL_YEARS, values.length);
  const sums = values.slice(span - 1).map((_, k) => values.slice(k, k + span).reduce((sum, value) => sum + value, 0));
  return Math.max(...sums) / span;
}
