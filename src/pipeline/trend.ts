/**
 * `mine-rs trend`, from options to a finished folder.
 * @module
 */
import { readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MineRsError, messageOf, tooManyFiles } from '../errors.ts';
import type { Plan, Summary } from '../report/model.ts';
import { runTables } from '../report/tables.ts';
import { checkRadiometry } from '../scenes/radiometry-check.ts';
import { isUrl, redactData } from '../url.ts';
import { UnreadableScenes } from './annual-pass.ts';
import { AnnualStore } from './annual-store.ts';
import type { BlockSize } from './blocks.ts';
import { nothingToDo, placesDigest, unchangedRun } from './early-check.ts';
import { execute, type Execution, type Findings, type Found } from './execute.ts';
import { startDigests, type RunningDigests } from './input-digests.ts';
import { resolveOptions, type OptionsInput, type TrendOptions } from './options.ts';
import { cacheFolder, clearLeftovers, productFiles, takeOutputFolder, type OutputFolder } from './output.ts';
import { maskWarnings } from './mask-warning.ts';
import { overBudget, planMemory, type MemoryPlan } from './memory.ts';
import { startRunner, throwIfInterrupted } from './pool.ts';
import { filesOfScenes, prepare, type Preparation } from './prepare.ts';
import { SILENT, type Progress } from './progress.ts';
import { identityOf } from './provenance.ts';
import { createRemote } from './remote.ts';
import { isIntact, outputStamps, readRunCache, writeRunCache, type RunCache } from './run-cache.ts';
import { writeExtraFiles, writeProducts, writeRecord, writeReport } from './run-files.ts';
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
  const early = await unchangedRun(options);
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
      await clearLeftovers(options.out);
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
      const tables = runTables(summary);
      const { made } = await writeProducts(preparation, summary, tables, output.work, runner);
      const done = await found.finish();
      warnOfMemory(memory, progress);
      writeRecord(preparation, done, output, started);
      const report = options.report ? writeReport(output.work, options.lang, runner) : Promise.resolve();
      const others = Promise.all([made, report]);
      // Whoever waits for them gets the error.
      others.catch(() => {});
      if (options.extras) await writeExtraFiles(preparation, done, summary, tables, output.work, others, progress);
      progress.begin('report', 1);
      await others;
      progress.end();
      await output.sync();
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
