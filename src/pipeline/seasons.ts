/**
 * Seasons of a run: a composite of each season and year, the means of the zones, and the seasonal Kendall test.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { addExact, exactSums, exactValue } from '../kernels/exact-sum.ts';
import { seasonalTest } from '../kernels/seasonal-kendall.ts';
import { CORRECTION_LEAST_N, trendTest } from '../kernels/trend-test.ts';
import type { SeasonalFigures, SeasonTrend } from '../report/seasonal-model.ts';
import { inSeason, parseSeason, type Season } from '../scenes/season.ts';
import type { Cover, SceneRead, Scratch } from '../tasks/contract.ts';
import { createScratch } from '../tasks/scratch.ts';
import type { InspectedScene } from './inspect.ts';
import { parseComposite, type TrendOptions } from './options.ts';
import type { TaskRunner } from './pool.ts';
import type { Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';
import { histogramStep } from './radiometry.ts';
import { runAll } from './run-all.ts';
import { brokenScenes } from './select-scenes.ts';

const M2_PER_HA = 1e4;

/** One season, and which of the run's scenes lie in it. */
export interface SeasonPlan {
  /** As it was asked for. */
  text: string;
  /** Years with scenes, ascending, and the numbers of these scenes. */
  years: { year: number; scenes: number[] }[];
}

/**
 * Sorts the run's scenes into seasons; null where there are none.
 *
 * @throws {MineRsError} USAGE for a season that cannot be, overlaps another or has no scene
 */
export function planSeasons(
  { seasons }: Pick<TrendOptions, 'seasons'>,
  scenes: readonly InspectedScene[],
): SeasonPlan[] | null {
  if (seasons === undefined) return null;
  const parsed = seasons.map((text) => ({ text, season: parseSeason(text, '--seasons') }));
  for (const [k, { text, season }] of parsed.entries()) {
    const other = parsed.slice(0, k).find((before) => overlap(before.season, season));
    if (other !== undefined) {
      throw new MineRsError('USAGE', `--seasons: ${other.text} and ${text} overlap: a scene counts in one season`);
    }
  }
  return parsed.map(({ text, season }) => {
    const byYear = new Map<number, number[]>();
    for (const [k, { scene }] of scenes.entries()) {
      if (!inSeason(scene.date, season)) continue;
      byYear.set(scene.year, [...(byYear.get(scene.year) ?? []), k]);
    }
    if (byYear.size === 0) {
      throw new MineRsError(
        'USAGE',
        `--seasons: no scene of this run lies in ${text} (--season and --years come first)`,
      );
    }
    const years = [...byYear].map(([year, own]) => ({ year, scenes: own })).sort((a, b) => a.year - b.year);
    return { text, years };
  });
}

function overlap(a: Season, b: Season): boolean {
  const day = (monthDay: string) => `2000-${monthDay}`;
  return inSeason(day(a.start), b) || inSeason(day(b.start), a);
}

/** What so few years of seasons cannot tell. */
export function seasonWarnings(seasons: readonly SeasonPlan[] | null): string[] {
  if (seasons === null) return [];
  const least = Math.min(...seasons.map(({ years }) => years.length));
  if (least >= CORRECTION_LEAST_N) return [];
  const text = `The test over all seasons estimates how they depend on each other from ${least} years`;
  return [`${text}; below ${CORRECTION_LEAST_N} that is hardly an estimate`];
}

/** By season, by year of the season: exact sums of each zone by its number. */
export interface SeasonSums {
  weight: Float64Array;
  weighted: Float64Array;
}
export type SeasonTotals = Map<number, SeasonSums>[];

/** Where and how it is done. */
export interface SeasonWork {
  runner: TaskRunner;
  progress: Progress;
  /** A folder for scratch files. */
  folder: string;
  blocks: readonly Window[];
  tiles: readonly Window[];
  cover: Cover;
}

/**
 * Composes each season of each year where zones lie, as the annual values are composed, and sums up the zones.
 *
 * @throws {MineRsError} BAD_INPUT if a scene cannot be read
 */
export async function seasonPass(
  run: Preparation,
  seasons: readonly SeasonPlan[],
  work: SeasonWork,
): Promise<SeasonTotals> {
  const { runner, progress, tiles, cover } = work;
  const { grid } = run.gridPlan;
  const inZones = tiles.filter((tile) => run.zones.slices(tile).length > 0);
  // What is read elsewhere would be looked at by nobody.
  const blocks = work.blocks.filter((block) => inZones.some((tile) => intersectWindows(tile, block) !== undefined));
  const nTimes = seasons.reduce((sum, { years }) => sum + years.length, 0);
  progress.begin('seasons', nTimes * blocks.length + seasons.length * inZones.length);
  const totals: SeasonTotals = [];
  for (const [k, { years }] of seasons.entries()) {
    const folder = join(work.folder, `season-${k}`);
    mkdirSync(folder, { recursive: true });
    const scratch: Scratch = { folder, width: grid.width, height: grid.height, nTimes: years.length };
    createScratch(scratch);
    const items = years.flatMap(({ scenes }, time) => blocks.map((block) => ({ time, block, scenes })));
    await runAll(runner.concurrency, items, async ({ time, block, scenes }) => {
      await composeBlock(run, runner, scratch, time, block, scenes);
      progress.step();
    });
    const sums = new Map<number, SeasonSums>();
    await runAll(runner.concurrency, inZones, async (tile) => {
      const found = await runner.run('zoneMeans', { tile, scratch, cover, zones: run.zones.slices(tile) });
      for (const { zone, weight, weighted } of found.zones) {
        const own = sums.get(zone) ?? { weight: exactSums(years.length), weighted: exactSums(years.length) };
        sums.set(zone, own);
        for (let t = 0; t < years.length; t++) {
          addExact(own.weight, t, weight[t]!);
          addExact(own.weighted, t, weighted[t]!);
        }
      }
      progress.step();
    });
    totals.push(sums);
  }
  progress.end();
  return totals;
}

async function composeBlock(
  run: Preparation,
  runner: TaskRunner,
  scratch: Scratch,
  time: number,
  block: Window,
  numbers: readonly number[],
): Promise<void> {
  const { grid } = run.gridPlan;
  const { index } = run.options;
  const scenes: SceneRead[] = numbers.map((number) => run.reads[number]!);
  const composite = parseComposite(run.options.composite);
  const step = histogramStep(grid.width, grid.height);
  const task = { grid, block, time, index, composite, scenes, scratch, histogramStep: step };
  const { failures } = await runner.run('annual', task);
  // The annual pass has read every scene: this one has changed since.
  const [failed] = failures;
  if (failed === undefined) return;
  const path = run.scenes.find(({ scene }) => scene.id === failed.scene)?.scene.files[0] ?? '';
  throw brokenScenes([{ id: failed.scene, path, reason: failed.message }]);
}

/** The tests of all zones. */
export function seasonalFigures(
  run: Preparation,
  seasons: readonly SeasonPlan[],
  totals: SeasonTotals,
): SeasonalFigures {
  const { minYears, pMethod, trendOn } = run.options;
  const reference = trendOn === 'fvc-reference' && run.reference !== null ? run.reference.zones : null;
  const meanOf = (k: number, numbers: readonly number[], t: number): number => {
    let [weight, weighted] = [0, 0];
    for (const number of numbers) {
      const sums = totals[k]!.get(number);
      if (sums === undefined) continue;
      weight += exactValue(sums.weight, t);
      weighted += exactValue(sums.weighted, t);
    }
    return weighted / weight;
  };
  const zones = run.zones.zones.map(({ number, zone: { id, name, role } }) => {
    const rows: number[][] = [];
    const parts = seasons.map(({ text, years }, k) => {
      const means = years.map((_, t) => meanOf(k, [number], t));
      const tested = means.map((mean, t) => mean - (reference === null ? 0 : meanOf(k, reference, t)));
      // A row has all years of the run: seasons of one year depend on each other.
      const row = run.years.map((year) => tested[years.findIndex((y) => y.year === year)] ?? NaN);
      const enough = row.filter((value) => !Number.isNaN(value)).length >= minYears;
      if (enough) rows.push(row);
      const method = pMethod === 'exact' ? 'auto' : 'normal';
      return {
        season: text,
        years: years.map(({ year }, t) => {
          const units = exactValue(totals[k]!.get(number)?.weight ?? exactSums(years.length), t);
          const validHa = (units * run.zones.unitM2) / M2_PER_HA;
          return { year, mean: finiteOrNull(means[t]!), validHa };
        }),
        trend: enough ? trendFigures(trendTest(row, { times: run.years, method })) : null,
      };
    });
    const all = rows.length === 0 ? null : trendFigures(seasonalTest(rows, { times: run.years }));
    return { id, name, role, all, seasons: parts };
  });
  return {
    seasons: seasons.map(({ text, years }) => {
      return { season: text, scenes: years.reduce((sum, y) => sum + y.scenes.length, 0), years: years.length };
    }),
    zones,
  };
}

type Tested = Pick<
  ReturnType<typeof seasonalTest>,
  'n' | 's' | 'varS' | 'z' | 'p' | 'tau' | 'slope' | 'slopeLow' | 'slopeHigh'
>;

function trendFigures({ n, s, varS, z, p, tau, slope, slopeLow, slopeHigh }: Tested): SeasonTrend {
  return {
    n,
    s,
    varS,
    z: finiteOrNull(z),
    p: finiteOrNull(p),
    tau: finiteOrNull(tau),
    slope: finiteOrNull(slope),
    slopeLow: finiteOrNull(slopeLow),
    slopeHigh: finiteOrNull(slopeHigh),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
