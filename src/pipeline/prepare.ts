/**
 * Everything that is settled before the first pixel is read: zones, scenes, years, grid, baseline.
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { SPECTRAL_INDICES } from '../kernels/spectral-index.ts';
import { attainableClasses, legendClasses } from '../kernels/trend.ts';
import { findScenes } from '../scenes/find.ts';
import type { Scene, UnusableScene } from '../scenes/scene.ts';
import { parseSeason, parseYears, selectScenes } from '../scenes/season.ts';
import type { SceneRead } from '../tasks/contract.ts';
import { readAoi, type Aoi } from '../vector/aoi.ts';
import { filesOfScene, planGrid, planScene, touchingScenes, type GridPlan, type Resampled } from './grid-plan.ts';
import { Headers, inspectScenes, type InspectedScene } from './inspect.ts';
import { parseBaseline, parseFvc, type FvcRule, type TrendOptions } from './options.ts';
import { prepareZones, type PreparedZones } from './zones.ts';
import type { Progress } from './progress.ts';

/** One scene as the record shows it. */
export interface SceneRecord {
  id: string;
  date: string | null;
  sensor: string | null;
  product: string | null;
  path: string;
  used: boolean;
  /** Why it was not used; empty where it was. */
  reason: string;
}

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
  warnings: string[];
}

/** The level that states are held against; `text` says it in words. */
export type BaselinePlan =
  | { kind: 'years'; from: number; to: number; years: number[]; text: string }
  | { kind: 'zones'; zones: number[]; text: string };

/**
 * Reads the AOI, finds the scenes and plans the run.
 *
 * @throws {MineRsError} BAD_INPUT or USAGE, naming the file and what to do
 */
export async function prepare(options: TrendOptions, progress: Progress): Promise<Preparation> {
  const fvc = parseFvc(options.fvc);
  const { roleField, idField, nameField, layer } = options;
  const aoi = await readAoi(options.aoi, definedOnly({ roleField, idField, nameField, layer }));
  const warnings = [...aoi.warnings];
  const sources = options.scenes ?? [defaultScenes(options.aoi)];
  const headers = new Headers();
  progress.begin('find', 1);
  const selected = await selectUsable(options, aoi, sources, headers);
  progress.end();
  const { scenes, records, skipped } = selected;
  checkProducts(scenes);
  const years = [...new Set(scenes.map(({ scene }) => scene.year))].toSorted((a, b) => a - b);
  checkYears(years, options, warnings);

  const like = options.like === undefined ? undefined : await headers.header(options.like);
  const gridPlan = planGrid(scenes, aoi.zones, options.extent, like);
  const plans = scenes.map((scene) => planScene(scene, gridPlan.grid));
  const zones = await prepareZones(aoi.zones, gridPlan.grid);
  warnings.push(...zones.warnings);
  if (zones.zones.every((zone) => zone.weights.totalUnits === 0n)) {
    throw new MineRsError('BAD_INPUT', `No zone of ${aoi.path} overlaps the scenes: is this the right AOI for them?`);
  }
  return {
    options,
    aoi,
    sources,
    scenes,
    reads: plans.map((plan) => plan.read),
    resampled: plans.flatMap((plan) => plan.resampled),
    records,
    skipped,
    years,
    gridPlan,
    zones,
    fvc,
    baseline: planBaseline(options, zones, years),
    warnings,
  };
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

interface Usable {
  scenes: InspectedScene[];
  records: SceneRecord[];
  skipped: number;
}

/** Finds the scenes, opens them and sorts out which count. */
async function selectUsable(options: TrendOptions, aoi: Aoi, sources: string[], headers: Headers): Promise<Usable> {
  const needed = SPECTRAL_INDICES[options.index].bands;
  const found = await findScenes(sources, { needed, index: options.index, probe: (path) => headers.info(path) });
  const range = {
    years: options.years === undefined ? undefined : parseYears(options.years),
    season: options.season === undefined ? undefined : parseSeason(options.season),
  };
  const { used, dropped } = selectScenes(found.scenes, range);
  const { inspected, failed } = await inspectScenes(used, headers);
  const { touching, apart } = touchingScenes(inspected, aoi.zones);

  const broken: UnusableScene[] = [
    ...found.unusable,
    ...failed.map(({ scene, reason }) => ({ ...asUnusable(scene), reason })),
  ];
  const serious = broken.filter((scene) => !scene.harmless);
  if (serious.length > 0 && options.onError === 'fail') throw brokenScenes(serious);
  const records = [
    ...touching.map(({ scene }) => recordOf(asUnusable(scene), scene, '')),
    ...broken.map((scene) => recordOf(scene, undefined, scene.reason)),
    ...dropped.map(({ scene, reason }) => recordOf(asUnusable(scene), scene, reason)),
    ...apart.map(({ scene }) => recordOf(asUnusable(scene), scene, 'does not touch the zones')),
  ].toSorted((a, b) => compare(a.date ?? '', b.date ?? '') || compare(a.id, b.id) || compare(a.path, b.path));
  if (touching.length === 0) throw noScenes(options, sources, records);
  return { scenes: touching, records, skipped: serious.length };
}

function asUnusable(scene: Scene): UnusableScene {
  return { id: scene.id, date: scene.date, sensor: scene.sensor, path: scene.files[0] ?? '', reason: '' };
}

function recordOf(scene: UnusableScene, full: Scene | undefined, reason: string): SceneRecord {
  const { id, date, sensor, path } = scene;
  return { id, date, sensor, product: full?.product ?? null, path, used: reason === '', reason };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function brokenScenes(broken: readonly UnusableScene[]): MineRsError {
  const shown = broken.slice(0, 5).map((scene) => `  ${scene.path}: ${scene.reason}`);
  const more = broken.length > shown.length ? [`  … and ${broken.length - shown.length} more`] : [];
  const head = broken.length === 1 ? 'A scene cannot be used:' : `${broken.length} scenes cannot be used:`;
  const advice = 'Mend or remove them, or leave them out with --on-error skip.';
  return new MineRsError('BAD_INPUT', [head, ...shown, ...more, advice].join('\n'), {
    scenes: broken.map((s) => s.path),
  });
}

function noScenes(options: TrendOptions, sources: readonly string[], records: readonly SceneRecord[]): MineRsError {
  const reasons = new Map<string, number>();
  for (const record of records) reasons.set(record.reason, (reasons.get(record.reason) ?? 0) + 1);
  const counts = [...reasons].map(([reason, n]) => `  ${n} × ${reason}`).slice(0, 8);
  const head = `None of the ${records.length} scenes in ${sources.join(', ')} can be used with ${options.aoi}:`;
  return new MineRsError('BAD_INPUT', [head, ...counts].join('\n'));
}

/** Reflectances of different products differ by more than land changes: a run takes one. */
function checkProducts(scenes: readonly InspectedScene[]): void {
  const counts = new Map<string, { n: number; example: string }>();
  for (const { scene } of scenes) {
    const entry = counts.get(scene.product) ?? { n: 0, example: scene.files[0] ?? scene.id };
    counts.set(scene.product, { ...entry, n: entry.n + 1 });
  }
  if (counts.size < 2) return;
  const list = [...counts].map(([product, { n, example }]) => `  ${n} × ${product}, such as ${example}`);
  const advice = 'Name the scenes of one of them with --scenes, or describe them all in a scenes.yaml.';
  throw new MineRsError('BAD_INPUT', ['The scenes are of different products:', ...list, advice].join('\n'));
}

/** @throws {MineRsError} BAD_INPUT with too few years for any test */
function checkYears(years: readonly number[], options: TrendOptions, warnings: string[]): void {
  if (years.length < options.minYears) {
    const has = `${years.length} ${years.length === 1 ? 'year' : 'years'} (${years.join(', ')})`;
    const advice = 'add scenes of more years, or widen --years and --season';
    throw new MineRsError(
      'BAD_INPUT',
      `A trend needs at least ${options.minYears} years with scenes, these have ${has}: ${advice}`,
    );
  }
  if (options.pMethod === 'normal') return;
  const reachable = new Set(attainableClasses(years.length, options.legend));
  const missing = legendClasses(options.legend).filter((c) => c.code > 0 && c.code < 255 && !reachable.has(c.code));
  if (missing.length > 0) {
    const names = missing.map((c) => `"${c.name}"`).join(', ');
    warnings.push(`${years.length} years cannot reach the classes ${names} of this legend, whatever the land does`);
  }
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

/** An error that lists the zones there are. */
export function unknownZone(option: string, id: string, zones: PreparedZones): MineRsError {
  const known = zones.zones.map((zone) => zone.zone.id).slice(0, 20);
  return new MineRsError('USAGE', `${option} zone:${id}: there is no such zone; the zones are ${known.join(', ')}`);
}

/** Every file that the run reads pixels of, each once, in a fixed order. */
export function inputFiles(preparation: Preparation): string[] {
  return [...new Set(preparation.scenes.flatMap(filesOfScene))].toSorted(compare);
}
