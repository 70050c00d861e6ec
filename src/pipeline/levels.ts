/**
 * Levels of zones by year: what states are held against, and what is taken off before a trend.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { addExact, exactSums, exactValue } from '../kernels/exact-sum.ts';
import type { Baseline, Cover } from '../tasks/contract.ts';
import type { TilePass } from './tile-pass.ts';
import { runAll } from './run-all.ts';

/** The level that states are held against. @throws {MineRsError} BAD_INPUT if it would be zones without data */
export async function findBaseline(pass: TilePass, cover: Cover): Promise<Baseline> {
  const plan = pass.run.baseline;
  if (plan.kind === 'years') return { kind: 'years', from: plan.from, to: plan.to };
  const perYear = await meanPerYear(pass, plan.zones, cover);
  const without = pass.run.years.filter((_, t) => !Number.isFinite(perYear[t]!));
  if (without.length === perYear.length) {
    const advice = 'give years before the disturbance with --baseline A..B, or other reference zones';
    throw new MineRsError('BAD_INPUT', `No baseline: the reference zones have no data in any year; ${advice}`);
  }
  if (without.length > 0) {
    const text = `The reference zones have no data in ${without.join(', ')}: no land can be assessed in those years`;
    pass.progress.warn(text);
    pass.run.warnings.push(text);
  }
  return { kind: 'zones', perYear };
}

/** What is taken off each year's FVC before its trend; the baseline's levels where they are of the same zones. */
export async function findLevels(pass: TilePass, cover: Cover, baseline: Baseline): Promise<Float64Array | null> {
  const { run } = pass;
  const plan = run.reference;
  if (plan === null) return null;
  const same = run.baseline.kind === 'zones' && run.baseline.zones.join() === plan.zones.join();
  if (same && baseline.kind === 'zones') return baseline.perYear;
  return meanPerYear(pass, plan.zones, cover);
}

/** Mean FVC of zones that do not overlap, by year, weighted by area; NaN in a year without data. */
export async function meanPerYear(pass: TilePass, zoneNumbers: readonly number[], cover: Cover): Promise<Float64Array> {
  const { run, runner, progress, scratch, tiles } = pass;
  const nTimes = scratch.nTimes;
  const weight = exactSums(nTimes);
  const weighted = exactSums(nTimes);
  const wanted = new Set(zoneNumbers);
  progress.begin('reference', tiles.length);
  await runAll(runner.concurrency, tiles, async (tile) => {
    const zones = run.zones.slices(tile).filter((slice) => wanted.has(slice.zone));
    if (zones.length > 0) {
      const result = await runner.run('reference', { tile, scratch, cover, zones });
      for (let t = 0; t < nTimes; t++) {
        addExact(weight, t, result.weight[t]!);
        addExact(weighted, t, result.weighted[t]!);
      }
    }
    progress.step();
  });
  progress.end();
  const perYear = new Float64Array(nTimes);
  for (let t = 0; t < nTimes; t++) perYear[t] = exactValue(weighted, t) / exactValue(weight, t);
  return perYear;
}
