/**
 * Hectares that stand when whole years are shuffled.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { addExact, exactSums, exactValue } from '../kernels/exact-sum.ts';
import type { PermutationFigures, StandingFigures } from '../report/permutation-model.ts';
import type { ClassFigures } from '../report/model.ts';
import { fallsTo, isSignificant } from '../tasks/field-sums.ts';
import { standingSlot, STANDING_LENGTH, type PermutationSums, type STANDS } from '../tasks/permutation.ts';
import { smallestFieldP } from './field.ts';
import { FIELD_ALPHA, type Permutation } from './permutation.ts';
import type { Preparation } from './prepare.ts';
import { BUDGET_TOLERANCE } from './zones.ts';

const M2_PER_HA = 1e4;

/** Exact sums by zone number, in the layout of tasks/permutation.ts. */
export type StandingTotals = Map<number, Float64Array>;

/** Adds the zones of one tile. */
export function addStanding(totals: StandingTotals, tile: readonly PermutationSums[]): void {
  for (const { zone, values } of tile) {
    const sums = totals.get(zone) ?? exactSums(STANDING_LENGTH);
    totals.set(zone, sums);
    for (let k = 0; k < STANDING_LENGTH; k++) addExact(sums, k, values[k]!);
  }
}

/** The classes of an area, raw. */
interface AreaClasses {
  areaHa: number;
  trend: readonly ClassFigures[];
}

/**
 * The figures of a run.
 *
 * @param zones The classes of each zone, in the order of the AOI.
 * @param roles The same of each role.
 * @throws {MineRsError} INTERNAL if the hectares of an area do not add up to it
 */
export function permutationFigures(
  run: Preparation,
  found: Permutation,
  totals: StandingTotals,
  zones: readonly AreaClasses[],
  roles: readonly (AreaClasses & { role: string })[],
): PermutationFigures {
  const { plan, patchP, zAbove, patchAbove, cells, patches, patchesStanding } = found;
  const read = (members: readonly number[], area: AreaClasses, what: string) =>
    standing(run, totals, members, area, what);
  return {
    permutations: plan.permutations,
    seed: plan.seed,
    alpha: FIELD_ALPHA,
    patchP,
    domain: 'cells that a zone covers, even in part, with years enough that are not all equal',
    cells,
    zAbove,
    patchAbove,
    patches,
    patchesStanding,
    smallestP: Math.max(1 / (plan.permutations + 1), smallestFieldP(run.years.length, 'exact')),
    zones: run.zones.zones.map(({ number, zone: { id, name, role } }, k) => {
      return { id, name, role, classes: read([number], zones[k]!, `zone ${id}`) };
    }),
    totals: roles.map((area) => {
      const classes = read(run.zones.withoutOverlap(area.role), area, `role ${area.role}`);
      return { role: area.role, classes };
    }),
  };
}

function standing(
  run: Preparation,
  totals: StandingTotals,
  members: readonly number[],
  { areaHa, trend }: AreaClasses,
  what: string,
): StandingFigures[] {
  const { legend } = run.options;
  const hectares = (code: number, by: keyof typeof STANDS): number => {
    let units = 0;
    for (const number of members) {
      const sums = totals.get(number);
      if (sums !== undefined) units += exactValue(sums, standingSlot(code, by));
    }
    return (units * run.zones.unitM2) / M2_PER_HA;
  };
  const significant = trend.filter(({ code }) => isSignificant(code, legend));
  const column = (by: keyof typeof STANDS) => {
    const out = new Map(trend.map((c) => [c.code, c.hectares]));
    for (const { code, hectares: raw } of significant) {
      const stands = hectares(code, by);
      out.set(code, stands);
      out.set(fallsTo(code, legend), out.get(fallsTo(code, legend))! + Math.max(0, raw - stands));
    }
    const sum = [...out.values()].reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum - areaHa) <= BUDGET_TOLERANCE * areaHa)) {
      const text = `add up to ${sum} ha, but the area is ${areaHa} ha`;
      throw new MineRsError('INTERNAL', `The trend classes of ${what} that stand by permutation ${text}`);
    }
    return out;
  };
  const [maximum, patch] = [column('byMaximum'), column('byPatch')];
  return trend.map(({ code, name, hectares: rawHa }) => {
    return { code, name, rawHa, maximumHa: maximum.get(code)!, patchHa: patch.get(code)! };
  });
}
