/**
 * `mine-rs trend`, from options to a finished folder.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { Plan, Summary } from '../report/model.ts';
import { allTables, round, valueName } from '../report/tables.ts';
import { checkRadiometry } from '../scenes/radiometry-check.ts';
import { redactData } from '../url.ts';
import { zonesGeoJson } from '../vector/zones-geojson.ts';
import { UnreadableScenes } from './annual-pass.ts';
import type { BlockSize } from './blocks.ts';
import { execute, type Execution } from './execute.ts';
import { resolveOptions, type OptionsInput, type TrendOptions } from './options.ts';
import { RUN_FILE, takeOutputFolder } from './output.ts';
import { createRunner, throwIfInterrupted, type TaskRunner } from './pool.ts';
import { prepare, type Preparation } from './prepare.ts';
import { SILENT, type Progress } from './progress.ts';
import { identityOf, provenance } from './provenance.ts';
import { createRemote } from './remote.ts';
import { planOf, summarise } from './summary.ts';

/** How a run is carried out, beyond its options. */
export interface RunControl {
  progress?: Progress;
  /** Aborting it ends the run and removes what it wrote. */
  signal?: AbortSignal;
  /** Pixels of a block of pass 1; chosen from the sources' tiles when left out. It changes no result. */
  blockSize?: BlockSize;
}

/** What a run leaves behind. */
export interface TrendResult {
  /** Undefined after a dry run. */
  summary: Summary | undefined;
  plan: Plan;
  /** Number of scenes that were left out because something is wrong with them. */
  skipped: number;
}

/**
 * Runs a trend analysis from options as a user would write them. Nothing is left in the output folder unless the whole
 * run succeeds.
 *
 * @param input Options by name; `aoi` is needed.
 * @throws {MineRsError} with the message for the user
 */
export async function runTrend(input: OptionsInput, control: RunControl = {}): Promise<TrendResult> {
  return runResolved(resolveOptions(input), control);
}

/** As {@link runTrend}, with options that were checked already. */
export async function runResolved(options: TrendOptions, control: RunControl = {}): Promise<TrendResult> {
  const started = new Date();
  const progress = control.progress ?? SILENT;
  const signal = control.signal ?? new AbortController().signal;
  const remote = createRemote(options.endpoint, signal);
  let preparation = await prepare(options, progress, remote);
  if (options.dryRun) return { summary: undefined, plan: planFigures(preparation), skipped: preparation.skipped };

  throwIfInterrupted(signal);
  const output = takeOutputFolder(options.out, redactData(identityOf(preparation)));
  let runner: TaskRunner | undefined;
  try {
    runner = await createRunner(options.workers, signal, remote);
    const unreadable = new Map<string, string>();
    let done: Execution | undefined;
    while (done === undefined) {
      try {
        done = await execute(preparation, output, runner, progress, control.blockSize);
      } catch (error) {
        if (!(error instanceof UnreadableScenes)) throw error;
        for (const [scene, reason] of error.scenes) unreadable.set(scene, reason);
        preparation = await prepare(options, progress, remote, unreadable);
      }
    }
    warnOfRadiometry(preparation, done, progress);
    const summary = redactData(summarise(preparation, done));
    writeProducts(preparation, done, summary, output.work, output.folder, started);
    throwIfInterrupted(signal);
    output.commit();
    return { summary, plan: planFigures(preparation), skipped: preparation.skipped };
  } catch (error) {
    throw asOutputError(error, output.folder);
  } finally {
    await runner?.close();
    output.discard();
  }
}

function planFigures(preparation: Preparation): Plan {
  return redactData(planOf(preparation));
}

/** Scenes whose radiometry the screen warns of, one by one. */
const WARNINGS_SHOWN = 5;

/** A missing or doubled offset shows in the pixels; it goes to the screen, into the summary and into the record. */
function warnOfRadiometry(run: Preparation, done: Execution, progress: Progress): void {
  const checked = run.scenes.flatMap(({ scene }) => {
    const figures = done.reflectances.get(scene.id);
    return figures === undefined ? [] : [{ id: scene.id, date: scene.date, product: scene.product, figures }];
  });
  const texts = checkRadiometry(checked).map(({ scene, message }) => `Radiometry of ${scene}: ${message}`);
  for (const text of texts.slice(0, WARNINGS_SHOWN)) progress.warn(text);
  const more = texts.length - WARNINGS_SHOWN;
  if (more > 0)
    progress.warn(`… and of ${more} more ${more === 1 ? 'scene' : 'scenes'}; mine-rs scenes lists them all`);
  run.warnings.push(...texts);
}

function writeProducts(
  run: Preparation,
  done: Execution,
  summary: Summary,
  work: string,
  folder: string,
  started: Date,
): void {
  const write = (name: string, text: string) => writeFileSync(join(work, name), text);
  for (const [name, text] of Object.entries(allTables(summary))) write(join('tables', name), text);
  write('zones.geojson', zonesGeoJson(run.aoi.zones, zoneProperties(summary)));
  write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  write(RUN_FILE, `${JSON.stringify(redactData(provenance(run, done, folder, started)), null, 2)}\n`);
}

/** The headline figures of each zone as attributes of its polygon. */
function zoneProperties(summary: Summary): Record<string, Record<string, number | string | null>> {
  const value = valueName(summary);
  return Object.fromEntries(
    summary.zones.map((zone) => {
      const last = zone.states.at(-1);
      const properties: Record<string, number | string | null> = { area_ha: round(zone.areaHa) };
      for (const c of zone.trend) properties[`trend_${c.name.replaceAll(' ', '_')}_ha`] = round(c.hectares);
      for (const y of zone.years) properties[`${value}_${y.year}`] = y.mean === null ? null : round(y.mean);
      if (last !== undefined) {
        properties.state_year = last.year;
        properties.undisturbed_ha = round(last.undisturbedHa);
        properties.disturbed_ha = round(last.disturbedHa);
        properties.recovering_ha = round(last.recoveringHa);
        properties.recovered_ha = round(last.recoveredHa);
        properties.not_assessable_ha = round(last.notAssessableHa);
        properties.nodata_ha = round(last.nodataHa);
      }
      return [zone.id, properties];
    }),
  );
}

/** A full disk and the like are the output folder's trouble, not a defect. */
function asOutputError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof MineRsError || code === undefined) return error;
  const advice: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'the folder is read-only',
    EACCES: 'no permission',
    EMFILE: 'too many open files: run it with fewer --workers, or raise the limit with ulimit -n',
  };
  if (!(code in advice)) return error;
  return new MineRsError('OUTPUT', `Cannot write to ${folder}: ${advice[code]!}. Nothing was left behind.`);
}
