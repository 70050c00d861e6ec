/**
 * Which scenes a run uses, and why not the others.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { SPECTRAL_INDICES } from '../kernels/spectral-index.ts';
import { fetchText } from '../raster/source/fetch-text.ts';
import { findScenes } from '../scenes/find.ts';
import type { Scene, UnusableScene } from '../scenes/scene.ts';
import { outsideReason, parseSeason, parseYears, selectScenes } from '../scenes/season.ts';
import type { Aoi } from '../vector/aoi.ts';
import { touchingScenes } from './grid-plan.ts';
import { inspectScenes, type Headers, type InspectedScene } from './inspect.ts';
import type { TrendOptions } from './options.ts';
import { nearScenes } from './outline.ts';

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

/** Scenes that turned out unreadable while their pixels were read, by id, with the reason. */
export type Unreadable = ReadonlyMap<string, string>;

export interface Usable {
  scenes: InspectedScene[];
  records: SceneRecord[];
  /** Left out because something is wrong with them. */
  skipped: UnusableScene[];
}

/**
 * Finds the scenes, opens them and sorts out which count. A scene of a date that does not count is never in the way.
 *
 * @throws {MineRsError} BAD_INPUT if scenes cannot be used (unless they are to be skipped), are of several products, or
 *   none is left
 */
export async function selectUsable(
  options: TrendOptions,
  aoi: Aoi,
  sources: string[],
  headers: Headers,
  unreadable: Unreadable,
): Promise<Usable> {
  const needed = SPECTRAL_INDICES[options.index].bands;
  const found = await findScenes(sources, {
    needed,
    index: options.index,
    adjust: options.adjust,
    probe: (path) => headers.info(path),
    fetchText: (url) => fetchText(url, headers.remote),
  });
  const range = {
    years: options.years === undefined ? undefined : parseYears(options.years),
    season: options.season === undefined ? undefined : parseSeason(options.season),
  };
  const { used, dropped } = selectScenes(found.scenes, range);
  const { near, far } = nearScenes(used, aoi.zones);
  const { inspected, failed } = await inspectScenes(
    near.filter((scene) => !unreadable.has(scene.id)),
    headers,
  );
  const { touching, apart } = touchingScenes(inspected, aoi.zones);
  const unread = used.filter((scene) => unreadable.has(scene.id));
  const outside = (scene: UnusableScene) => (scene.date === null ? null : outsideReason(scene.date, range));
  const broken: UnusableScene[] = [
    ...found.unusable.filter((scene) => outside(scene) === null),
    ...failed.map(({ scene, reason }) => ({ ...asUnusable(scene), reason })),
    ...unread.map((scene) => ({ ...asUnusable(scene), reason: unreadable.get(scene.id)! })),
  ];
  const serious = broken.filter((scene) => !scene.harmless);
  if (serious.length > 0 && options.onError === 'fail') throw brokenScenes(serious);
  const records = [
    ...touching.map(({ scene }) => recordOf(asUnusable(scene), scene, '')),
    ...broken.map((scene) => recordOf(scene, undefined, scene.reason)),
    ...found.unusable.flatMap((scene) => {
      const reason = outside(scene);
      return reason === null ? [] : [recordOf(scene, undefined, reason)];
    }),
    ...dropped.map(({ scene, reason }) => recordOf(asUnusable(scene), scene, reason)),
    ...[...far, ...apart.map(({ scene }) => scene)].map((scene) =>
      recordOf(asUnusable(scene), scene, 'does not touch the zones'),
    ),
  ].toSorted(
    (a, b) => compareText(a.date ?? '', b.date ?? '') || compareText(a.id, b.id) || compareText(a.path, b.path),
  );
  if (touching.length === 0) throw noScenes(options, sources, records);
  checkProducts(touching);
  return { scenes: touching, records, skipped: serious };
}

function asUnusable(scene: Scene): UnusableScene {
  return { id: scene.id, date: scene.date, sensor: scene.sensor, path: scene.files[0] ?? '', reason: '' };
}

function recordOf(scene: UnusableScene, full: Scene | undefined, reason: string): SceneRecord {
  const { id, date, sensor, path } = scene;
  return { id, date, sensor, product: full?.product ?? null, path, used: reason === '', reason };
}

/** Order of plain text, the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is said of scenes that cannot be used: which, where, why, and what to do. */
export function brokenScenes(broken: readonly Pick<UnusableScene, 'id' | 'path' | 'reason'>[]): MineRsError {
  const shown = broken.slice(0, 5).map(({ id, path, reason }) => {
    return reason.includes(path) ? `  ${id}: ${reason}` : `  ${id} (${path}): ${reason}`;
  });
  const more = broken.length > shown.length ? [`  … and ${broken.length - shown.length} more`] : [];
  const head = broken.length === 1 ? 'A scene cannot be used:' : `${broken.length} scenes cannot be used:`;
  const advice = 'Mend or remove them, or leave them out with --on-error skip.';
  return new MineRsError('BAD_INPUT', [head, ...shown, ...more, advice].join('\n'), {
    scenes: broken.map((scene) => scene.path),
  });
}

function noScenes(options: TrendOptions, sources: readonly string[], records: readonly SceneRecord[]): MineRsError {
  const reasons = new Map<string, number>();
  for (const record of records) reasons.set(record.reason, (reasons.get(record.reason) ?? 0) + 1);
  const counts = [...reasons].map(([reason, n]) => `  ${n} × ${reason}`).slice(0, 8);
  const head = `None of the ${records.length} scenes in ${sources.join(', ')} can be used with ${options.aoi}:`;
  const advice = 'Give other scenes with --scenes, widen --years and --season, or check that the AOI is the right one.';
  return new MineRsError('BAD_INPUT', [head, ...counts, advice].join('\n'));
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
