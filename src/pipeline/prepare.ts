/**
 * Everything that is settled before the first pixel is read: zones, scenes, years, grid, baseline.
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { attainableClasses, legendClasses } from '../kernels/trend.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import { CORRECTION_LEAST_N } from '../kernels/trend-test.ts';
import type { SceneRead } from '../tasks/contract.ts';
import { readAois, type Aoi } from '../vector/aoi.ts';
import { filesOfScene, planGrid, planScene, type GridPlan, type Resampled } from './grid-plan.ts';
import { smallestFieldP } from './field.ts';
import { planInfluence, type InfluencePlan } from './influence.ts';
import { Headers, type InspectedScene } from './inspect.ts';
import { parseBaseline, parseFvc, type FvcRule, type TrendOptions } from './options.ts';
import { placeWarnings } from './outline.ts';
import { FIELD_ALPHA, planPermutation, type PermutationPlan } from './permutation.ts';
import { makeZones } from './rings.ts';
import { planSeasons, seasonWarnings, type SeasonPlan } from './seasons.ts';
import { compareText, selectUsable, type SceneRecord, type Unreadable } from './select-scenes.ts';
import { prepareZones, type PreparedZones } from './zones.ts';
import type { Progress } from './progress.ts';

/** What a run is going to do. */
export interface Preparation {
  options: TrendOptions;
  aoi: Aoi;
  sources: string[];
  scenes: InspectedScene[];
  /** What the workers are told, in the order of `scenes`. */
  reads: SceneRead[];
  resampled: Resampled[];
  /** Used and unused scenes, by date and id. */
  records: SceneRecord[];
  /** Scenes left out because something is wrong with them (`--on-error skip`). */
  skipped: number;
  /** Years with scenes, ascending. */
  years: number[];
  gridPlan: GridPlan;
  zones: PreparedZones;
  fvc: FvcRule;
  baseline: BaselinePlan;
  /** Indexes of the years between which the land is followed. */
  transitions: (readonly [from: number, to: number])[];
  /** What is taken off each year's FVC before its trend; null where nothing is. */
  reference: ReferencePlan | null;
  /** The scenes by season; null without seasons. */
  seasons: SeasonPlan[] | null;
  /** What is shuffled, and how often; null where nothing is. */
  permutation: PermutationPlan | null;
  /** How the rings around mines are judged; null without rings. */
  influence: InfluencePlan | null;
  warnings: string[];
  /** How remote files are read, and what is known of those that were opened. */
  remote: RemoteOptions;
}

/** The level that states are held against; `text` says it in words. */
export type BaselinePlan =
  | { kind: 'years'; from: number; to: number; years: number[]; text: string }
  | { kind: 'zones'; zones: number[]; text: string };

/** Zones whose mean FVC is taken off, and in words. */
export interface ReferencePlan {
  zones: number[];
  text: string;
}

/**
 * Reads the AOI, finds the scenes and plans the run.
 *
 * @param remote How remote files are read; learns what it opens.
 * @param unreadable Scenes to leave out as if they had been found unreadable at once.
 * @param onScenes Told which scenes will be used, before the rest is planned.
 * @throws {MineRsError} BAD_INPUT or USAGE, naming the file and what to do
 */
export async function prepare(
  options: TrendOptions,
  progress: Progress,
  remote: RemoteOptions,
  unreadable: Unreadable = new Map(),
  onScenes: (scenes: readonly InspectedScene[]) => void = () => {},
): Promise<Preparation> {
  const fvc = parseFvc(options.fvc);
  const { roleField, idField, nameField, layer } = options;
  const given = await readAois(options.aoi, options, definedOnly({ roleField, idField, nameField, layer }));
  const warnings: string[] = [];
  const warn = (...texts: readonly string[]): void => {
    for (const text of texts) progress.warn(text);
    warnings.push(...texts);
  };
  warn(...given.warnings, ...roleWarnings(given));
  const made = await makeZones(given, options);
  warn(...made.warnings);
  const aoi: Aoi = { ...given, zones: [...given.zones, ...made.impact] };
  // Scenes and the grid must reach as far as the rings do.
  const reach: Aoi = { ...aoi, zones: [...aoi.zones, ...made.rings] };
  const sources = options.scenes ?? [defaultScenes(options.aoi)];
  const headers = new Headers(remote);
  progress.begin('find', 1);
  const selected = await selectUsable(options, reach, sources, headers, unreadable);
  progress.end();
  const { scenes, records, skipped } = selected;
  warn(...skipped.map((scene) => `Left out ${scene.id}: ${scene.reason}`));
  warn(...placeWarnings(scenes).map(({ scene, message }) => `${scene}: ${message}`));
  const years = [...new Set(scenes.map(({ scene }) => scene.year))].toSorted((a, b) => a - b);
  warn(...checkYears(years, options));
  onScenes(scenes);
  const seasons = planSeasons(options, scenes);
  warn(...seasonWarnings(seasons));

  const like = options.like === undefined ? undefined : await headers.header(options.like);
  const gridPlan = planGrid(scenes, reach.zones, options.extent, like);
  const plans = scenes.map((scene) => planScene(scene, gridPlan.grid, options.resampling));
  const zones = await prepareZones(aoi.path, aoi.zones, gridPlan.grid, 'scenes', made.rings);
  warn(...zones.warnings);
  if (zones.zones.every((zone) => zone.weights.totalUnits === 0n)) {
    const place =
      like === undefined || options.extent === 'aoi' ? 'the scenes' : `the raster ${options.like} of --like`;
    throw new MineRsError('BAD_INPUT', `No zone of ${aoi.path} overlaps ${place}: is this the right AOI for it?`);
  }
  return {
    options,
    aoi,
    sources,
    scenes,
    reads: plans.map((plan) => plan.read),
    resampled: plans.flatMap((plan) => plan.resampled),
    records,
    skipped: skipped.length,
    years,
    gridPlan,
    zones,
    fvc,
    baseline: planBaseline(options, zones, years),
    transitions: planTransitions(options, years),
    reference: planReference(options, zones),
    seasons,
    permutation: planPermutation(options, zones, gridPlan.grid, years.length),
    influence: await planInfluence(options, aoi.zones, made.rings, years),
    warnings,
    remote,
  };
}

const KNOWN_ROLES = ['mine', 'impact', 'reference'];

/** A role that nothing depends on may be a slip of the pen. */
function roleWarnings(aoi: Aoi): string[] {
  const others = [...new Set(aoi.zones.map((zone) => zone.role))].filter((role) => !KNOWN_ROLES.includes(role));
  return others.map(
    (role) => `The role "${role}" is none of ${KNOWN_ROLES.join(', ')}: its zones are reported as they are`,
  );
}

/** A record without the keys whose value is undefined. */
function definedOnly<T>(record: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function defaultScenes(aoi: string): string {
  const folder = join(dirname(aoi), 'scenes');
  if (!existsSync(folder)) {
    throw new MineRsError('BAD_INPUT', `No scenes: there is no folder ${folder}; name the scenes with --scenes PATH`);
  }
  return folder;
}

/** What to warn of. @throws {MineRsError} BAD_INPUT with too few years for any test */
function checkYears(years: readonly number[], options: TrendOptions): string[] {
  if (years.length < options.minYears) {
    const has = `${years.length} ${years.length === 1 ? 'year' : 'years'} (${years.join(', ')})`;
    const advice = 'add scenes of more years, or widen --years and --season';
    throw new MineRsError(
      'BAD_INPUT',
      `A trend needs at least ${options.minYears} years with scenes, these have ${has}: ${advice}`,
    );
  }
  if (options.correction !== 'none' && years.length < CORRECTION_LEAST_N) {
    const text = `--correction ${options.correction} needs at least ${CORRECTION_LEAST_N} years, these are ${years.length}`;
    throw new MineRsError('USAGE', `${text}: fewer cannot tell serial correlation from chance`);
  }
  return fewYearsWarnings(years, options);
}

/** What so many years cannot show, whatever the land does. */
function fewYearsWarnings(years: readonly number[], options: TrendOptions): string[] {
  const warnings: string[] = [];
  const least = smallestFieldP(years.length, options.pMethod);
  if (least >= 0.05) {
    const p = least.toFixed(4);
    warnings.push(`${years.length} years cannot reach 95 % significance: the smallest p there can be is ${p}`);
  }
  if (options.fdr !== 'off' && least > options.fdr) {
    const rule = `a false discovery rate of ${options.fdr}`;
    warnings.push(`${years.length} years cannot show anything at ${rule}: their smallest p is ${least.toFixed(4)}`);
  }
  const leastOfOrders = smallestFieldP(years.length, 'exact');
  if (options.permutations !== 'off' && leastOfOrders > FIELD_ALPHA) {
    const text = `${years.length} years cannot show anything by shuffling them`;
    warnings.push(`${text}: even a perfect trend is as strong in ${leastOfOrders.toFixed(4)} of their orders`);
  }
  const reachable = new Set(attainableClasses(years.length, options.legend, options.pMethod));
  const missing = legendClasses(options.legend).filter((c) => c.code > 0 && c.code < 255 && !reachable.has(c.code));
  if (missing.length > 0) {
    const names = missing.map((c) => `"${c.name}"`).join(', ');
    warnings.push(`${years.length} years cannot reach the classes ${names} of this legend, whatever the land does`);
  }
  return warnings;
}

function planBaseline(options: TrendOptions, zones: PreparedZones, years: readonly number[]): BaselinePlan {
  const rule = parseBaseline(options.baseline);
  const references = zones.zones.filter((zone) => zone.zone.role === 'reference');
  if (rule?.kind === 'zone') {
    const found = zones.zones.filter((zone) => zone.zone.id === rule.zone);
    if (found.length === 0) throw unknownZone('--baseline', rule.zone, zones);
    const text = `mean FVC of zone ${rule.zone} in the same year`;
    return { kind: 'zones', zones: found.map((zone) => zone.number), text };
  }
  if (rule?.kind === 'reference' || (rule === undefined && references.length > 0)) {
    if (references.length === 0) {
      throw new MineRsError('USAGE', `--baseline reference: no zone of ${options.aoi} has the role reference`);
    }
    const text = `mean FVC of the reference ${references.length === 1 ? 'zone' : 'zones'} (${references.map((z) => z.zone.id).join(', ')}) in the same year`;
    return { kind: 'zones', zones: zones.withoutOverlap('reference'), text };
  }
  const wanted = rule ?? { from: years[0]!, to: years[Math.min(2, years.length - 1)]! };
  const chosen = years.filter((year) => year >= wanted.from && year <= wanted.to);
  if (chosen.length === 0) {
    const have = `${years[0]} to ${years.at(-1)}`;
    throw new MineRsError(
      'USAGE',
      `--baseline ${options.baseline}: no scene is of these years (there are scenes of ${have})`,
    );
  }
  const from = years.indexOf(chosen[0]!);
  const text = `median FVC of each pixel in ${chosen.join(', ')}`;
  return { kind: 'years', from, to: from + chosen.length, years: chosen, text };
}

/** The years of the transition table. @throws {MineRsError} USAGE for a year without scenes, or the later one first */
function planTransitions(options: TrendOptions, years: readonly number[]): Preparation['transitions'] {
  if (options.transitions === undefined) return [[0, years.length - 1]];
  return options.transitions.map((text) => {
    const [from, to] = text.split(':').map(Number) as [number, number];
    const missing = [from, to].find((year) => !years.includes(year));
    if (missing !== undefined) {
      const have = `${years[0]} to ${years.at(-1)}`;
      throw new MineRsError('USAGE', `--transitions ${text}: no scene is of ${missing} (there are scenes of ${have})`);
    }
    if (from >= to) throw new MineRsError('USAGE', `--transitions ${text}: the earlier year comes first`);
    return [years.indexOf(from), years.indexOf(to)] as const;
  });
}

/** What `--trend-on fvc-reference` takes off. @throws {MineRsError} USAGE without a reference zone */
function planReference(options: TrendOptions, zones: PreparedZones): ReferencePlan | null {
  if (options.trendOn !== 'fvc-reference') return null;
  const references = zones.zones.filter((zone) => zone.zone.role === 'reference');
  if (references.length === 0) {
    const advice = 'give a zone of undisturbed land the role reference, or take --trend-on fvc';
    throw new MineRsError('USAGE', `--trend-on fvc-reference: no zone of ${options.aoi} has this role; ${advice}`);
  }
  const ids = references.map((zone) => zone.zone.id).join(', ');
  const text = `mean FVC of the reference ${references.length === 1 ? 'zone' : 'zones'} (${ids}) in the same year`;
  return { zones: zones.withoutOverlap('reference'), text };
}

/** An error that lists the zones there are. */
export function unknownZone(option: string, id: string, zones: PreparedZones): MineRsError {
  const known = zones.zones.map((zone) => zone.zone.id).slice(0, 20);
  return new MineRsError('USAGE', `${option} zone:${id}: there is no such zone; the zones are ${known.join(', ')}`);
}

/** The same of scenes. */
export function filesOfScenes(scenes: readonly InspectedScene[]): string[] {
  return [...new Set(scenes.flatMap(filesOfScene))].toSorted(compareText);
}

/** Every file that the run reads pixels of, each once, in a fixed order. */
export function inputFiles(preparation: Preparation): string[] {
  return filesOfScenes(preparation.scenes);
}
