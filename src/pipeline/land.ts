/**
 * What became of the land: the tiles' sums added up, and the figures that follow, each held against the others.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { CohortFigures, CohortYear, LandFigures, MetricFigures, TransitionFigures } from '../report/land-model.ts';
import type { StateFigures } from '../report/model.ts';
import { HIGH_PART, landLayout, METRICS, STATE_NAMES, type LandLayout, type LandSums } from '../tasks/land-sums.ts';
import { BUDGET_TOLERANCE } from './zones.ts';

/** Rows that the table of cohorts can have at most: a row for each zone, cohort and year from the cohort's on. */
const MOST_COHORT_ROWS = 200_000;

/** Whether there is a table of cohorts. */
export function hasCohorts(nZones: number, nYears: number): boolean {
  return (nZones * nYears * (nYears + 1)) / 2 <= MOST_COHORT_ROWS;
}

const M2_PER_HA = 1e4;
/** Places in STATE_NAMES. */
const [NOT_ASSESSABLE, DISTURBED, RECOVERING, RECOVERED, NO_DATA] = [0, 2, 3, 4, 5] as const;

/** By zone number, then by key of tasks/land-sums.ts. Whole numbers of any size: their order does not matter. */
export type LandTotals = Map<number, Map<number, bigint>>;

/** Adds the zones of one tile. */
export function addLand(totals: LandTotals, tile: readonly LandSums[]): void {
  for (const { zone, keys, values } of tile) {
    const sums = totals.get(zone) ?? new Map<number, bigint>();
    totals.set(zone, sums);
    for (let k = 0; k < keys.length; k++) sums.set(keys[k]!, (sums.get(keys[k]!) ?? 0n) + BigInt(values[k]!));
  }
}

/** A zone or role, and what is known of it already. */
export interface LandArea {
  /** Numbers of the zones or unions it is made of. */
  numbers: readonly number[];
  areaHa: number;
  outsideHa: number;
  /** By year; cohorts must add up to these. */
  states: readonly StateFigures[];
}

/** How sums become figures. */
export interface LandRule {
  years: readonly number[];
  pairs: readonly (readonly [from: number, to: number])[];
  cohorts: boolean;
  /** m² of one unit of weight. */
  unitM2: number;
}

/**
 * Transitions, cohorts and recovery metrics of an area.
 *
 * @param what The area's name in an error.
 * @throws {MineRsError} INTERNAL if transitions do not add up to the area, or cohorts to the states of a year
 */
export function landFigures(totals: LandTotals, area: LandArea, rule: LandRule, what: string): LandFigures {
  const { years, pairs, cohorts } = rule;
  const layout = landLayout(cohorts ? years.length : 0, pairs.length);
  const units = (key: number): bigint => {
    let sum = 0n;
    for (const number of area.numbers) sum += totals.get(number)?.get(key) ?? 0n;
    return sum;
  };
  const hectares = (key: number): number => (Number(units(key)) * rule.unitM2) / M2_PER_HA;
  const transitions = pairs.flatMap((pair, k) => transitionsOf(layout, pair, k, area, years, hectares, what));
  const found = cohorts ? cohortsOf(layout, years, units, hectares) : null;
  if (found !== null) checkCohorts(found, area, years, what);
  const metrics = METRICS.map((name, metric): [typeof name, MetricFigures] => {
    const n = Number(units(layout.metric(metric, 0)));
    const sum = units(layout.metric(metric, 1)) * BigInt(HIGH_PART) + units(layout.metric(metric, 2));
    return [name, { hectares: (n * rule.unitM2) / M2_PER_HA, mean: n === 0 ? null : Number(sum) / n }];
  });
  const ofMetric = Object.fromEntries(metrics) as Record<(typeof METRICS)[number], MetricFigures>;
  const recovery = {
    disturbedHa: hectares(layout.disturbed),
    recoveredHa: ofMetric.yearsToRecovery.hectares,
    ...ofMetric,
  };
  return { transitions, cohorts: found, recovery };
}

function transitionsOf(
  layout: LandLayout,
  [from, to]: readonly [number, number],
  pair: number,
  area: LandArea,
  years: readonly number[],
  hectares: (key: number) => number,
  what: string,
): TransitionFigures[] {
  const out: TransitionFigures[] = [];
  for (let before = 0; before < STATE_NAMES.length; before++) {
    for (let after = 0; after < STATE_NAMES.length; after++) {
      const beyond = before === NO_DATA && after === NO_DATA ? area.outsideHa : 0;
      const ha = hectares(layout.transition(pair, before, after)) + beyond;
      if (ha === 0) continue;
      const [fromYear, toYear] = [years[from]!, years[to]!];
      out.push({ fromYear, toYear, from: STATE_NAMES[before]!, to: STATE_NAMES[after]!, hectares: ha });
    }
  }
  const sum = out.reduce((total, transition) => total + transition.hectares, 0);
  checkSum(`transitions of ${what} from ${years[from]} to ${years[to]}`, sum, area.areaHa, area.areaHa);
  return out;
}

function cohortsOf(
  layout: LandLayout,
  years: readonly number[],
  units: (key: number) => bigint,
  hectares: (key: number) => number,
): CohortFigures[] {
  const out: CohortFigures[] = [];
  for (const [began, year] of years.entries()) {
    const byYear = years.slice(began).map((later, k): CohortYear => {
      const read = (state: number) => hectares(layout.cohort(began, began + k, state));
      const [disturbedHa, recoveringHa, recoveredHa] = [read(DISTURBED), read(RECOVERING), read(RECOVERED)];
      const seen = disturbedHa + recoveringHa + recoveredHa;
      return {
        year: later,
        disturbedHa,
        recoveringHa,
        recoveredHa,
        notAssessableHa: read(NOT_ASSESSABLE),
        nodataHa: read(NO_DATA),
        recoveredShare: seen > 0 ? recoveredHa / seen : null,
      };
    });
    // In its first year all of a cohort is disturbed.
    const whole = layout.cohort(began, began, DISTURBED);
    if (units(whole) === 0n) continue;
    let recovered = 0n;
    const half = years.slice(began).find((_, k) => {
      recovered += units(layout.recovery(began, began + k));
      return 2n * recovered >= units(whole);
    });
    out.push({
      year,
      hectares: hectares(whole),
      medianYearsToRecovery: half === undefined ? null : half - year,
      years: byYear,
    });
  }
  return out;
}

/** Each cohort keeps its size, and all cohorts together are what the states of a year say. */
function checkCohorts(cohorts: readonly CohortFigures[], area: LandArea, years: readonly number[], what: string): void {
  for (const [k, year] of years.entries()) {
    const sums = { disturbedHa: 0, recoveringHa: 0, recoveredHa: 0 };
    for (const cohort of cohorts) {
      const found = cohort.years.find((entry) => entry.year === year);
      if (found === undefined) continue;
      for (const key of ['disturbedHa', 'recoveringHa', 'recoveredHa'] as const) sums[key] += found[key];
      const parts = found.disturbedHa + found.recoveringHa + found.recoveredHa;
      const sum = parts + found.notAssessableHa + found.nodataHa;
      checkSum(`land of ${what} disturbed in ${cohort.year}, in ${year},`, sum, cohort.hectares, area.areaHa);
    }
    for (const key of ['disturbedHa', 'recoveringHa', 'recoveredHa'] as const) {
      checkSum(`cohorts of ${what} in ${year}`, sums[key], area.states[k]![key], area.areaHa);
    }
  }
}

function checkSum(what: string, sum: number, whole: number, areaHa: number): void {
  if (Math.abs(sum - whole) <= BUDGET_TOLERANCE * areaHa) return;
  throw new MineRsError('INTERNAL', `The ${what} add up to ${sum} ha, but should be ${whole} ha`);
}
