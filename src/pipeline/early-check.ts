/**
 * Whether there is nothing to do, found out without opening a single scene: neither the options nor any file in the places that
 * were named have changed since the run that left its results.
 *
 * It may fail to see that there is nothing to do; then the run is planned, and looks again with {@link runSignature}.
 * @module
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import type { Plan, Summary } from '../report/model.ts';
import { isUrl } from '../url.ts';
import { engineVersion } from './engine.ts';
import type { TrendOptions } from './options.ts';
import { cacheFolder, clearLeftovers } from './output.ts';
import { isIntact, readRunCache } from './run-cache.ts';
import { digestOf, stampOf } from './stamp.ts';

/** Looking at more files than this takes longer than planning the run. */
const MOST_FILES = 20_000;

/** Options that change nothing in what a run leaves or says. */
const NO_MATTER: (keyof TrendOptions)[] = [
  'workers',
  'memory',
  'resume',
  'cache',
  'json',
  'logLevel',
  'quiet',
  'dryRun',
];

/** What an earlier run left. */
export interface Unchanged {
  summary: Summary;
  plan: Plan;
  skipped: number;
  unchanged: true;
}

/** What is said then. */
export function nothingToDo(out: string): string {
  return `Nothing to do: ${out} holds the results of these inputs and options already`;
}

/** The results in the output folder where they are those that the run would leave; otherwise undefined. */
export async function unchangedRun(options: TrendOptions): Promise<Unchanged | undefined> {
  if (!options.cache || options.dryRun) return undefined;
  const folder = resolve(options.out);
  const cache = readRunCache(cacheFolder(folder));
  if (cache === undefined || cache.places === '' || !isIntact(folder, cache)) return undefined;
  if (placesDigest(options) !== cache.places) return undefined;
  try {
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
    await clearLeftovers(options.out);
    return { summary, plan: cache.plan, skipped: cache.skipped, unchanged: true };
  } catch {
    return undefined;
  }
}

/**
 * Digest of the options, and of the names and stamps of all files in the places that they name. Scenes lead to no other
 * place. Empty where the places cannot be looked at: URLs, patterns, very many files.
 */
export function placesDigest(options: TrendOptions): string {
  const sources = options.scenes ?? [join(dirname(options.aoi), 'scenes')];
  const named = Object.entries(options).filter(([key]) => key !== 'scenes' && key !== 'out' && key !== 'endpoint');
  const texts = named.flatMap(([, value]) => value as unknown).filter((value) => typeof value === 'string');
  if ([...sources, ...texts].some(isUrl)) return '';
  const files: string[] = [];
  try {
    for (const source of sources) {
      const place = resolve(source);
      if (!addBelow(statSync(place).isDirectory() ? place : dirname(place), files)) return '';
    }
  } catch {
    // A pattern, or a place that is gone.
    return '';
  }
  for (const text of texts) files.push(...withCompanions(resolve(text)));
  const deciding = Object.fromEntries(named.filter(([key]) => !NO_MATTER.includes(key as keyof TrendOptions)));
  const places = [process.cwd(), sources.map((source) => resolve(source)), resolve(options.out)];
  return digestOf([engineVersion(), deciding, places, files.map((file) => [file, stampOf(file)])]);
}

/** Adds the files below a folder; false where there are too many. */
function addBelow(folder: string, files: string[]): boolean {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // Scenes are not looked for in hidden folders, such as those of the runs themselves.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (!addBelow(path, files)) return false;
    } else {
      files.push(path);
    }
    if (files.length > MOST_FILES) return false;
  }
  return true;
}

/** A file and those beside it of the same name with other endings; none where there is no such file. */
function withCompanions(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
  const stem = parse(path).name;
  const beside = readdirSync(dirname(path)).filter((name) => name === basename(path) || name.startsWith(`${stem}.`));
  return beside.map((name) => join(dirname(path), name));
}
