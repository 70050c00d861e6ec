/**
 * How the headline hectares move when one number of the method is changed.
 * @module
 */
import { exactValue } from '../kernels/exact-sum.ts';
import { legendClasses } from '../kernels/trend.ts';
import type { SensitivityRow } from '../report/audit-model.ts';
import type { Cover } from '../tasks/contract.ts';
import { classSlot, yearSlot, type YearSlot } from '../tasks/zone-sums.ts';
import type { TrendOptions } from './options.ts';
import type { Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';

/** Numbers of the method that can be changed. */
export type Changed = Partial<Pick<TrendOptions, 'disturbedBelow' | 'recoveredAbove' | 'epsilon'>>;

/** How a run works out other numbers. */
export interface Variations {
  cover: Cover;
  /** Goes through the series with other numbers. @returns Exact sums by zone number. */
  sumsWith: (cover: Cover, changed: Changed) => Promise<readonly Float64Array[]>;
  /** Endpoints at another percentile, of the same land. */
  endpointsAt: (percentile: number) => Promise<{ soil: number; vegetation: number }>;
}

/** By how much the thresholds d and r are moved, and given endpoints. */
const SHARE_STEP = 0.05;
const INDEX_STEP = 0.02;

interface Variation {
  parameter: string;
  value: number;
  cover: Cover;
  changed: Changed;
}

/** One line a zone and change; first the run as it is. */
export async function sensitivity(
  run: Preparation,
  variations: Variations,
  asRun: readonly Float64Array[],
  progress: Progress,
): Promise<SensitivityRow[]> {
  const rows = run.zones.zones.map(({ number }) => [rowOf(run, number, 'as run', null, asRun)]);
  const planned = await plan(run, variations);
  progress.begin('sensitivity', planned.length);
  for (const { parameter, value, cover, changed } of planned) {
    const sums = await variations.sumsWith(cover, changed);
    for (const [k, { number }] of run.zones.zones.entries()) rows[k]!.push(rowOf(run, number, parameter, value, sums));
    progress.step();
  }
  progress.end();
  return rows.flat();
}

async function plan({ options, fvc }: Preparation, { cover, endpointsAt }: Variations): Promise<Variation[]> {
  const epsilons = options.epsilon === 0 ? [] : [options.epsilon / 2, options.epsilon * 2];
  const slopes = epsilons.map((epsilon) => ({ parameter: 'epsilon', value: epsilon, cover, changed: { epsilon } }));
  if (cover === null) return slopes;
  const { disturbedBelow: d, recoveredAbove: r } = options;
  const thresholds: Variation[] = [];
  for (const step of [-SHARE_STEP, SHARE_STEP]) {
    const below = rounded(d + step);
    if (below > 0 && below < r) {
      thresholds.push({ parameter: 'disturbed-below', value: below, cover, changed: { disturbedBelow: below } });
    }
  }
  for (const step of [-SHARE_STEP, SHARE_STEP]) {
    const above = rounded(r + step);
    if (above > d) {
      thresholds.push({ parameter: 'recovered-above', value: above, cover, changed: { recoveredAbove: above } });
    }
  }
  const ends: Variation[] = [];
  const add = (parameter: string, soil: number, vegetation: number, value: number): void => {
    if (vegetation > soil) ends.push({ parameter, value, cover: { ...cover, soil, vegetation }, changed: {} });
  };
  const { soil, vegetation } = cover;
  if (fvc.kind === 'percentile') {
    const p = fvc.percentile;
    const near = [];
    for (const percentile of [p - 1, p + 1]) {
      if (percentile >= 0 && percentile < 50) near.push({ percentile, ...(await endpointsAt(percentile)) });
    }
    for (const other of near) add(`bare soil, percentile ${other.percentile}`, other.soil, vegetation, other.soil);
    for (const other of near) {
      add(`full vegetation, percentile ${100 - other.percentile}`, soil, other.vegetation, other.vegetation);
    }
  } else {
    for (const step of [-INDEX_STEP, INDEX_STEP])
      add('bare soil', rounded(soil + step), vegetation, rounded(soil + step));
    for (const step of [-INDEX_STEP, INDEX_STEP]) {
      add('full vegetation', soil, rounded(vegetation + step), rounded(vegetation + step));
    }
  }
  return [...ends, ...thresholds, ...slopes];
}

/** 0.5 + 0.05 is 0.55, and not a hair beside. */
function rounded(value: number): number {
  return Number(value.toFixed(9));
}

const DECREASE = /^(slightly |extremely )?significant decrease$/;
const INCREASE = /^(slightly |extremely )?significant increase$/;

function rowOf(
  run: Preparation,
  number: number,
  parameter: string,
  value: number | null,
  sums: readonly Float64Array[],
): SensitivityRow {
  const { zone } = run.zones.zones[number]!;
  const own = sums[number]!;
  const hectares = (slot: number): number => (exactValue(own, slot) * run.zones.unitM2) / 1e4;
  const last = run.years.length - 1;
  const state = (slot: YearSlot): number | null => (run.fvc.kind === 'none' ? null : hectares(yearSlot(last, slot)));
  const classes = legendClasses(run.options.legend);
  const ofClasses = (pattern: RegExp): number =>
    classes.filter(({ name }) => pattern.test(name)).reduce((sum, { code }) => sum + hectares(classSlot(code)), 0);
  return {
    zone: zone.id,
    name: zone.name,
    role: zone.role,
    parameter,
    value,
    disturbedHa: state('disturbed'),
    recoveringHa: state('recovering'),
    recoveredHa: state('recovered'),
    decreaseHa: ofClasses(DECREASE),
    increaseHa: ofClasses(INCREASE),
  };
}
