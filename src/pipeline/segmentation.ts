/**
 * The segmentation beside the land states: its options, and hectares where the two agree and where not.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { addExact, exactSums, exactValue } from '../kernels/exact-sum.ts';
import { SEGMENTATION_DEFAULTS, type SegmentationOptions } from '../kernels/segmentation-scratch.ts';
import type { AgreementFigures, AreaAgreement, SegmentationFigures } from '../report/segmentation-model.ts';
import {
  AGREEMENT_LENGTH,
  differenceSlot,
  FARTHEST_DIFFERENCE,
  ONE_SIDED,
  oneSidedSlot,
  SEGMENTATION_EVENTS,
  type AgreementSums,
} from '../tasks/segmentation.ts';
import type { TrendOptions } from './options.ts';
import type { Preparation } from './prepare.ts';
import { BUDGET_TOLERANCE } from './zones.ts';

const M2_PER_HA = 1e4;

/** Exact sums by zone number, in the layout of tasks/segmentation.ts. */
export type SegmentationTotals = Map<number, Float64Array>;

/** What `--segmentation` asks for; null where it is off. */
export function segmentationOptions({ segmentation }: TrendOptions): SegmentationOptions | null {
  return segmentation === 'off' ? null : SEGMENTATION_DEFAULTS[segmentation];
}

/** Adds the zones of one tile. */
export function addAgreement(totals: SegmentationTotals, tile: readonly AgreementSums[]): void {
  for (const { zone, values } of tile) {
    const sums = totals.get(zone) ?? exactSums(AGREEMENT_LENGTH);
    totals.set(zone, sums);
    for (let k = 0; k < AGREEMENT_LENGTH; k++) addExact(sums, k, values[k]!);
  }
}

/**
 * The figures of a run; null where the segmentation is off.
 *
 * @throws {MineRsError} INTERNAL if the hectares of an event do not add up to the area
 */
export function segmentationFigures(run: Preparation, totals: SegmentationTotals): SegmentationFigures | null {
  const options = segmentationOptions(run.options);
  if (options === null) return null;
  const { method, vertexCountOvershoot, bestModelProportion, ...shared } = options;
  const { zones, unions, unitM2 } = run.zones;
  const read = (parts: readonly AgreementPart[], what: string) => agreementOf(totals, parts, unitM2, what);
  const roles = [...new Set(zones.map(({ zone }) => zone.role))];
  return {
    method,
    parameters: method === 'landtrendr' ? { ...shared, vertexCountOvershoot, bestModelProportion } : shared,
    zones: zones.map((part) => {
      const { id, name, role } = part.zone;
      return { id, name, role, ...read([part], id) };
    }),
    totals: roles.map((role) => {
      const members = zones.filter(({ zone }) => zone.role === role);
      const parts = unions.filter(({ zone }) => zone.role === role);
      return { role, ...read(parts.length > 0 ? parts : members, `role ${role}`) };
    }),
  };
}

/** A zone, or a part of a role's land that no other part overlaps. */
interface AgreementPart {
  number: number;
  areaM2: number;
  outsideM2: number;
}

function agreementOf(
  totals: SegmentationTotals,
  parts: readonly AgreementPart[],
  unitM2: number,
  what: string,
): AreaAgreement {
  const hectares = (slot: number): number => {
    let units = 0;
    for (const { number } of parts) {
      const sums = totals.get(number);
      if (sums !== undefined) units += exactValue(sums, slot);
    }
    return (units * unitM2) / M2_PER_HA;
  };
  const whole = parts.reduce((sum, { areaM2 }) => sum + areaM2, 0) / M2_PER_HA;
  const outside = parts.reduce((sum, { outsideM2 }) => sum + outsideM2, 0) / M2_PER_HA;
  const [disturbed, recovered] = SEGMENTATION_EVENTS.map((name, event) => {
    const figures = eventFigures(event, hectares, outside);
    const { bothHa, statesOnlyHa, segmentationOnlyHa, neitherHa, notComparedHa } = figures;
    const sum = bothHa + statesOnlyHa + segmentationOnlyHa + neitherHa + notComparedHa;
    if (!(Math.abs(sum - whole) <= BUDGET_TOLERANCE * whole)) {
      const text = `add up to ${sum} ha, but the area is ${whole} ha`;
      throw new MineRsError('INTERNAL', `Land ${name} by states and by segmentation in ${what}: hectares ${text}`);
    }
    return figures;
  });
  return { disturbed: disturbed!, recovered: recovered! };
}

function eventFigures(event: number, hectares: (slot: number) => number, outside: number): AgreementFigures {
  const differences = Array.from({ length: 2 * FARTHEST_DIFFERENCE + 1 }, (_, k) => {
    const years = k - FARTHEST_DIFFERENCE;
    return { years, hectares: hectares(differenceSlot(event, years)) };
  });
  const [states, segmentation, neither, notCompared] = ONE_SIDED.map((_, which) =>
    hectares(oneSidedSlot(event, which)),
  ) as [number, number, number, number];
  return {
    differences,
    bothHa: differences.reduce((sum, difference) => sum + difference.hectares, 0),
    statesOnlyHa: states,
    segmentationOnlyHa: segmentation,
    neitherHa: neither,
    notComparedHa: notCompared + outside,
  };
}
