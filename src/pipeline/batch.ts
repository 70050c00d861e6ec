/**
 * Many sites, one run each: a site that fails does not keep the others from theirs.
 * @module
 */
import { readFileSync, rmSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { exitCodeOf, MineRsError, messageOf } from '../errors.ts';
import { BATCH_VERSION, type BatchSummary, type SiteResult, type SiteStatus } from '../report/batch-model.ts';
import { batchCsv } from '../report/batch-text.ts';
import type { Summary } from '../report/model.ts';
import { redactData } from '../url.ts';
import type { BatchPlan, Site } from './batch-file.ts';
import { readConfig } from './config.ts';
import { itemFile } from './extras.ts';
import { resolveOptions } from './options.ts';
import { SILENT, type Progress } from './progress.ts';
import { runResolved } from './trend.ts';
import { VERSION } from './version.ts';
import { writeFiles } from './write-files.ts';

/** How a batch is carried out. */
export interface BatchControl {
  /** Makes the progress of one site. */
  progressOf?: (site: string) => Progress;
  /** Aborting it ends the run under way; the sites behind it are not run. */
  signal?: AbortSignal;
}

const SKIPPED_EXIT = 4;

/**
 * Runs the sites of a batch one after another, and writes batch.json and batch.csv into its folder, anew after each site.
 *
 * @returns The summary; interrupted batches too, with the sites that were not run.
 * @throws {MineRsError} OUTPUT if the batch's own folder cannot be written
 */
export async function runBatch(plan: BatchPlan, control: BatchControl = {}): Promise<BatchSummary> {
  const signal = control.signal ?? new AbortController().signal;
  const begun = performance.now();
  const summary: BatchSummary = {
    schemaVersion: BATCH_VERSION,
    tool: { name: 'mine-rs', version: VERSION },
    file: plan.file,
    started: new Date().toISOString(),
    finished: null,
    seconds: 0,
    ok: false,
    counts: { done: 0, unchanged: 0, incomplete: 0, failed: 0, 'not run': 0 },
    sites: plan.sites.map((site) => notRun(site)),
  };
  const save = (): void => {
    summary.seconds = seconds(begun);
    for (const status of Object.keys(summary.counts) as SiteStatus[]) {
      summary.counts[status] = summary.sites.filter((site) => site.status === status).length;
    }
    writeSummary(plan.out, redactData(summary));
  };
  save();
  for (const [k, site] of plan.sites.entries()) {
    if (signal.aborted) break;
    summary.sites[k] = await runSite(site, control.progressOf?.(site.name) ?? SILENT, signal);
    save();
  }
  summary.finished = new Date().toISOString();
  summary.ok = summary.sites.every(({ status }) => status === 'done' || status === 'unchanged');
  save();
  await writeCollection(plan, summary);
  return redactData(summary);
}

/** The exit code of a batch: 1 with an unexpected failure, else 3 with a failed site, else 4 with scenes left out. */
export function batchExitCode({ sites }: BatchSummary): number {
  const failed = sites.filter(({ status }) => status === 'failed');
  if (failed.some(({ exitCode }) => exitCode === 1)) return 1;
  if (failed.length > 0) return 3;
  return sites.some(({ status }) => status === 'incomplete') ? SKIPPED_EXIT : 0;
}

function notRun({ name, out }: Site): SiteResult {
  return {
    name,
    status: 'not run',
    exitCode: null,
    message: '',
    out,
    seconds: 0,
    scenes: null,
    skipped: null,
    firstYear: null,
    lastYear: null,
    mineHa: null,
    disturbedHa: null,
    recoveringHa: null,
    recoveredHa: null,
    warnings: null,
  };
}

async function runSite(site: Site, progress: Progress, signal: AbortSignal): Promise<SiteResult> {
  const begun = performance.now();
  try {
    if (site.problem !== null) throw new MineRsError('USAGE', site.problem);
    const beside = readConfig(undefined, site.options.aoi as string | undefined);
    const options = resolveOptions({ ...beside, ...site.options }, `site ${site.name}`);
    const { summary, skipped, unchanged } = await runResolved(options, { progress, signal });
    const status = skipped > 0 ? 'incomplete' : unchanged ? 'unchanged' : 'done';
    const exitCode = skipped > 0 ? SKIPPED_EXIT : 0;
    const ended = { status, exitCode, skipped, seconds: seconds(begun) } as const;
    return { ...notRun(site), ...ended, ...(summary === undefined ? {} : figuresOf(summary)) };
  } catch (error) {
    // The site that a signal stops has no result, as those behind it.
    if (signal.aborted) return { ...notRun(site), seconds: seconds(begun), message: 'stopped' };
    const message = messageOf(error);
    progress.warn(`Site ${site.name} failed: ${message}`);
    return { ...notRun(site), status: 'failed', exitCode: exitCodeOf(error), message, seconds: seconds(begun) };
  }
}

function figuresOf(summary: Summary): Partial<SiteResult> {
  const mine = summary.totals.find(({ role }) => role === 'mine') ?? summary.zones.find(({ role }) => role === 'mine');
  const last = mine?.states.at(-1);
  return {
    scenes: summary.scenes.filter(({ used }) => used).length,
    firstYear: summary.years[0] ?? null,
    lastYear: summary.years.at(-1) ?? null,
    mineHa: mine?.areaHa ?? null,
    disturbedHa: last?.disturbedHa ?? null,
    recoveringHa: last?.recoveringHa ?? null,
    recoveredHa: last?.recoveredHa ?? null,
    warnings: summary.warnings.length,
  };
}

function seconds(since: number): number {
  return Math.round(performance.now() - since) / 1000;
}

/** A STAC Collection of the Items that the sites' runs left, beside the summary; none where there are none. */
async function writeCollection({ file, out }: BatchPlan, { sites }: BatchSummary): Promise<void> {
  const { stacCollection } = await import('../report/stac.ts');
  const items = sites.flatMap((site) => {
    const path = site.exitCode === 0 || site.exitCode === SKIPPED_EXIT ? itemFile(site.out) : undefined;
    if (path === undefined) return [];
    const href = relative(out, path).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
    return [{ href, item: JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> }];
  });
  const name = basename(file, extname(file));
  const id = `mine-rs-${name.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`;
  const collection = stacCollection({ id, title: name, version: VERSION, items });
  const path = join(out, 'collection.json');
  if (collection === undefined) rmSync(path, { force: true });
  else writeFiles(path, [[path, `${JSON.stringify(collection, null, 2)}\n`]]);
}

function writeSummary(folder: string, summary: BatchSummary): void {
  writeFiles(`the summary of the batch to ${folder}`, [
    [join(folder, 'batch.json'), `${JSON.stringify(summary, null, 2)}\n`],
    [join(folder, 'batch.csv'), batchCsv(summary)],
  ]);
}
