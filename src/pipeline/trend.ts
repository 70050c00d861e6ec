/**
 * `mine-rs trend`, from options to a finished folder.
 * @module
 */
import { readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MineRsError, messageOf, tooManyFiles } from '../errors.ts';
import type { Plan, Summary } from '../report/model.ts';
import { ringAttributes } from '../report/influence-tables.ts';
import { tableCsv } from '../report/table.ts';
import { round, runTables, valueName } from '../report/tables.ts';
import { checkRadiometry } from '../scenes/radiometry-check.ts';
import { isUrl, redactData } from '../url.ts';
import { zoneFields } from '../vector/geopackage-writer.ts';
import { zonesGeoJson } from '../vector/zones-geojson.ts';
import { UnreadableScenes } from './annual-pass.ts';
import { AnnualStore } from './annual-store.ts';
import type { BlockSize } from './blocks.ts';
import { nothingToDo, placesDigest, unchangedRun } from './early-check.ts';
import { execute, type Execution, type Findings, type Found } from './execute.ts';
import { startDigests, type RunningDigests } from './input-digests.ts';
import { resolveOptions, type OptionsInput, type TrendOptions } from './options.ts';
import {
  cacheFolder,
  productFiles,
  REPORT_FILE,
  RUN_FILE,
  takeOutputFolder,
  WORKBOOK_FILE,
  type OutputFolder,
} from './output.ts';
import { maskWarnings } from './mask-warning.ts';
import { overBudget, planMemory, type MemoryPlan } from './memory.ts';
import { startRunner, throwIfInterrupted, type TaskRunner } from './pool.ts';
import { filesOfScenes, prepare, type Preparation } from './prepare.ts';
import type { ProductTask } from './products.ts';
import { SILENT, type Progress } from './progress.ts';
import { identityOf, provenance } from './provenance.ts';
import { createRemote } from './remote.ts';
import { isIntact, outputStamps, readRunCache, writeRunCache, type RunCache } from './run-cache.ts';
import { runSignature } from './run-signature.ts';
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
  /** True where an earlier run left these very results, and nothing had to be done. */
  unchanged: boolean;
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
  const early = unchangedRun(options);
  if (early !== undefined) {
    progress.info(nothingToDo(options.out));
    return early;
  }
  const places = options.cache && !options.dryRun ? placesDigest(options) : '';
  // Where an earlier run left its memory there may be nothing to do: then no worker is started in advance.
  const wait = options.dryRun || (options.cache && readRunCache(cacheFolder(options.out)) !== undefined);
  let starting = wait ? undefined : startRunner(options.workers, signal, remote);
  try {
    // Workers that have nothing to do yet take the digests of the inputs.
    const runnerAtFirst = starting?.early();
    let digests: RunningDigests | undefined;
    let preparation = await prepare(options, progress, remote, undefined, (scenes) => {
      const files = filesOfScenes(scenes);
      // Where files are remote, another runner takes the place of this one.
      if (runnerAtFirst !== undefined && !files.some(isUrl)) digests = startDigests(runnerAtFirst, files, undefined);
    });
    if (options.dryRun) {
      const plan = planFigures(preparation);
      return { summary: undefined, plan, skipped: preparation.skipped, unchanged: false };
    }
    throwIfInterrupted(signal);
    const signature = options.cache ? runSignature(preparation) : undefined;
    const before = signature === undefined ? undefined : earlierSummary(options.out, signature);
    if (before !== undefined) {
      progress.info(nothingToDo(options.out));
      const plan = planFigures(preparation);
      return { summary: before, plan, skipped: preparation.skipped, unchanged: true };
    }
    starting ??= startRunner(options.workers, signal, remote);
    const output = await takeOutputFolder(options.out, redactData(identityOf(preparation)));
    const reuse = options.resume ? 'parts' : options.cache ? 'whole' : 'none';
    const years = new AnnualStore(join(output.cache, 'years'), reuse);
    let keepYears = options.resume;
    try {
      const earlier = options.cache ? readRunCache(output.cache) : undefined;
      const memory = planMemory(preparation);
      const runner = await starting.ready(memory.workers);
      if (runnerAtFirst === undefined || runner !== (await runnerAtFirst)) digests = undefined;
      const unreadable = new Map<string, string>();
      let found: Found | undefined;
      while (found === undefined) {
        try {
          found = await execute(
            preparation,
            output,
            runner,
            progress,
            { years, earlier, digests },
            control.blockSize ?? memory.blockSize,
          );
        } catch (error) {
          if (!(error instanceof UnreadableScenes)) throw error;
          for (const [scene, reason] of error.scenes) unreadable.set(scene, reason);
          // They were of those scenes, too.
          digests = undefined;
          preparation = await prepare(options, progress, remote, unreadable);
        }
      }
      warnOfRadiometry(preparation, found, progress);
      warnOfMasks(preparation, found.sums, progress);
      const summary = redactData(summarise(preparation, found));
      // While the workers write the maps.
      await writeProducts(preparation, summary, output.work, runner);
      const done = await found.finish();
      warnOfMemory(memory, progress);
      writeRecord(preparation, done, output, started);
      const report = options.report ? writeReport(output.work, options.lang, runner) : Promise.resolve();
      // Whoever waits for it gets the error.
      report.catch(() => {});
      if (options.extras) await writeExtraFiles(preparation, done, summary, output.work, report, progress);
      progress.begin('report', 1);
      await report;
      progress.end();
      throwIfInterrupted(signal);
      output.commit();
      keepYears = true;
      if (!options.cache) rmSync(output.cache, { recursive: true, force: true });
      const plan = planFigures(preparation);
      const { skipped } = preparation;
      if (options.cache) {
        const again = unreadable.size > 0;
        // A file that came while the run was on is one for the next run to look at.
        const known = again || placesDigest(options) !== places ? '' : places;
        const about = { signature: again ? '' : signature!, places: known, plan, skipped };
        keepForNextRun(output, years, done, about, progress);
      }
      return { summary, plan, skipped, unchanged: false };
    } catch (error) {
      if (isDiskFull(error)) keepYears = true;
      if (options.resume) progress.info('What is finished is kept: run again with --resume to go on');
      throw asOutputError(error, output);
    } finally {
      await starting.close();
      if (!keepYears) years.revert();
      removeIfEmpty(output.cache);
      output.discard();
    }
  } finally {
    await starting?.close();
  }
}

/** The summary of an earlier run of this signature whose products are all as it left them. */
function earlierSummary(out: string, signature: string): Summary | undefined {
  const folder = resolve(out);
  const cache = readRunCache(cacheFolder(folder));
  if (cache?.signature !== signature || !isIntact(folder, cache)) return undefined;
  try {
    return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  } catch {
    return undefined;
  }
}

/** Leaves for the next run what it can use. */
function keepForNextRun(
  output: OutputFolder,
  years: AnnualStore,
  done: Execution,
  about: Pick<RunCache, 'signature' | 'places' | 'plan' | 'skipped'>,
  progress: Progress,
): void {
  const outputs = outputStamps(output.folder, productFiles(output.folder));
  const maps = Object.fromEntries(
    done.maps.map(({ depends, file, bytes, sha256 }) => [depends, { file, bytes, sha256 }]),
  );
  try {
    years.prune();
    writeRunCache(output.cache, { ...about, outputs, maps, digests: done.digests });
  } catch (error) {
    progress.warn(`The results are whole, but the next run starts anew: ${messageOf(error)}`);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something, or there is none.
  }
}

function planFigures(preparation: Preparation): Plan {
  return redactData(planOf(preparation));
}

/** The budget is planned with, and checked: what the system counted is the most that the process ever held. */
function warnOfMemory(memory: MemoryPlan, progress: Progress): void {
  const warning = overBudget(memory, process.resourceUsage().maxRSS * 1024);
  if (warning !== undefined) progress.warn(warning);
}

/** Scenes whose radiometry the screen warns of, one by one. */
const WARNINGS_SHOWN = 5;

/** A missing or doubled offset shows in the pixels; it goes to the screen, into the summary and into the record. */
function warnOfRadiometry(run: Preparation, done: Findings, progress: Progress): void {
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

/** It goes to the screen and into the summary. */
function warnOfMasks(run: Preparation, sums: readonly Float64Array[], progress: Progress): void {
  const texts = maskWarnings(run, sums);
  for (const text of texts) progress.warn(text);
  run.warnings.push(...texts);
}

/** The report is made from the other products, as `mine-rs report` makes it. */
async function writeReport(work: string, language: TrendOptions['lang'], runner: TaskRunner): Promise<void> {
  writeFileSync(join(work, REPORT_FILE), await runner.make({ kind: 'report', folder: work, language }));
}

/** What other programs read is loaded and made only where it is wanted. */
async function writeExtraFiles(
  run: Preparation,
  done: Execution,
  summary: Summary,
  work: string,
  others: Promise<void>,
  progress: Progress,
): Promise<void> {
  progress.begin('extras', 1);
  const { writeExtras } = await import('./extras.ts');
  await writeExtras(run, done.maps, summary, runTables(summary), work, others);
  progress.end();
}

/** The record, last of all: it holds the digests of maps and inputs. */
function writeRecord(run: Preparation, done: Execution, { work, folder }: OutputFolder, started: Date): void {
  const record = redactData(provenance(run, done, folder, started));
  writeFileSync(join(work, RUN_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

async function writeProducts(run: Preparation, summary: Summary, work: string, runner: TaskRunner): Promise<void> {
  // Between two files the workers' messages get through.
  const write = async (name: string, data: string | Uint8Array): Promise<void> => {
    writeFileSync(join(work, name), data);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const writeMade = (name: string, product: ProductTask): Promise<void> => {
    const written = runner.make(product).then((data) => writeFileSync(join(work, name), data));
    // Whoever waits for it gets the error.
    written.catch(() => {});
    return written;
  };
  const rings = run.zones.rings.map(({ zone }) => zone);
  const zones = [...run.aoi.zones, ...rings];
  const attributes = { ...zoneProperties(summary), ...ringAttributes(summary) };
  const tables = runTables(summary);
  const made = [writeMade('zones.gpkg', { kind: 'geopackage', zones, figures: zoneFields(attributes), tables })];
  if (run.options.extras) made.push(writeMade(WORKBOOK_FILE, { kind: 'workbook', summary, tables }));
  for (const table of tables) await write(join('tables', `${table.name}.csv`), tableCsv(table));
  if (run.options.parquet) {
    const { tableParquet } = await import('../report/parquet.ts');
    for (const table of tables) await write(join('tables', `${table.name}.parquet`), tableParquet(table));
  }
  await write('zones.geojson', zonesGeoJson(zones, attributes));
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  await Promise.all(made);
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

function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** A full disk and the like are the output folder's trouble, not a defect. */
function asOutputError(error: unknown, { folder, cache }: OutputFolder): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof MineRsError || code === undefined) return error;
  const advice: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'the folder is read-only',
    EACCES: 'no permission',
  };
  if (!(code in advice)) return tooManyFiles(error) ?? error;
  const rest = isDiskFull(error)
    ? `What is finished is kept: free some space and go on with --resume, or remove ${cache}`
    : 'Nothing was left behind';
  return new MineRsError('OUTPUT', `Cannot write to ${folder}: ${advice[code]!}. ${rest}.`);
}
