/**
 * `mine-rs scenes`: what was found, where its radiometry comes from, how clear it is, and what is wrong.
 * @module
 */
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { subgrid, type Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { SPECTRAL_INDICES, type IndexName } from '../kernels/spectral-index.ts';
import { fetchText } from '../raster/source/fetch-text.ts';
import { SCENES_VERSION, type LedgerBand, type SceneFigures, type ScenesPage } from '../report/scenes-model.ts';
import { findScenes } from '../scenes/find.ts';
import { mapLimited } from '../scenes/recognised.ts';
import { placeOfId, sameDayScenes } from '../scenes/place.ts';
import { checkRadiometry, type ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { BandSource, Scene, UnusableScene } from '../scenes/scene.ts';
import { outsideReason, parseSeason, parseYears, selectScenes } from '../scenes/season.ts';
import type { ReflectanceHistograms } from '../tasks/contract.ts';
import { readScene } from '../tasks/read-scene.ts';
import { reflectanceHistograms } from '../tasks/reflectance-histograms.ts';
import { releaseResources, useRemote } from '../tasks/resources.ts';
import { redactData } from '../url.ts';
import { readAoi } from '../vector/aoi.ts';
import { coverage } from '../vector/coverage.ts';
import { projectZone } from '../vector/project.ts';
import type { Zone } from '../vector/zone.ts';
import { planScene, snapOutward, zonesBbox } from './grid-plan.ts';
import { Headers, inspectScenes, type InspectedScene } from './inspect.ts';
import { optionError, optionSchema } from './options.ts';
import { nearScenes, placeWarnings } from './outline.ts';
import { throwIfInterrupted } from './pool.ts';
import { SILENT, type Progress } from './progress.ts';
import { createRemote } from './remote.ts';
import { histogramStep, mergeHistograms, reflectanceFigures } from './radiometry.ts';
import { insideSelection } from './zones.ts';

const { aoi, years, season, index, adjust, endpoint } = optionSchema.shape;
const scenesSchema = z.strictObject({
  sources: z.array(z.string()).min(1),
  aoi,
  years,
  season,
  index,
  adjust,
  endpoint,
});

export type ScenesOptions = z.output<typeof scenesSchema>;

/** Options as a user writes them, checked. @throws {MineRsError} USAGE */
export function resolveScenesOptions(input: Record<string, unknown>): ScenesOptions {
  const parsed = scenesSchema.safeParse(input);
  if (!parsed.success) throw optionError(parsed.error, 'the command line');
  return parsed.data;
}

/**
 * Looks at scenes as `mine-rs scenes` does, with options as a user would write them.
 *
 * @param input `sources` are needed: folders, files, globs, STAC documents or their URLs.
 * @throws {MineRsError} USAGE or BAD_INPUT, with the message for the user
 */
export async function describeScenes(
  input: z.input<typeof scenesSchema>,
  control: { progress?: Progress; signal?: AbortSignal } = {},
): Promise<ScenesPage> {
  const signal = control.signal ?? new AbortController().signal;
  return scenesPage(resolveScenesOptions(input), control.progress ?? SILENT, signal);
}

/** Areas of up to this many pixels are read as a whole. */
const WHOLE_PIXELS = 4096 * 4096;
/** Without an AOI a share is not worth more than a sample. */
const WHOLE_SCENE_PIXELS = 1024 * 1024;
const BLOCK = 1024;
/** Larger areas are looked at in this many places each way. */
const SAMPLES = 4;
const SAMPLE_BLOCK = 256;
/** Remote ones take a while to answer. */
const SCENES_AT_ONCE = 4;
const BESIDE = 'does not touch the AOI';

/**
 * Looks at every scene below the sources.
 *
 * @throws {MineRsError} BAD_INPUT for sources without scenes or an AOI that cannot be read, USAGE for wrong years
 */
export async function scenesPage(options: ScenesOptions, progress: Progress, signal: AbortSignal): Promise<ScenesPage> {
  const aoi = options.aoi === undefined ? null : await readAoi(options.aoi);
  for (const warning of aoi?.warnings ?? []) progress.warn(warning);
  const remote = createRemote(options.endpoint, signal);
  const headers = new Headers(remote);
  progress.begin('find', 1);
  const needed = SPECTRAL_INDICES[options.index].bands;
  const probe = (path: string) => headers.info(path);
  const found = await findScenes(options.sources, {
    needed,
    index: options.index,
    adjust: options.adjust,
    probe,
    fetchText: (url) => fetchText(url, remote),
  });
  const range = {
    years: options.years === undefined ? undefined : parseYears(options.years),
    season: options.season === undefined ? undefined : parseSeason(options.season),
  };
  const { used } = selectScenes(found.scenes, range);
  const unusable = found.unusable.filter(({ date }) => date === null || outsideReason(date, range) === null);
  const { near, far } = aoi === null ? { near: used, far: [] } : nearScenes(used, aoi.zones);
  const { inspected, failed } = await inspectScenes(near, headers);
  progress.end();

  progress.begin('look', inspected.length);
  useRemote(remote);
  let looks: Look[];
  try {
    looks = await mapLimited(inspected, SCENES_AT_ONCE, async (scene) => {
      throwIfInterrupted(signal);
      const look = await lookAt(scene, aoi?.zones ?? null, options.index);
      progress.step();
      return look;
    });
  } finally {
    await releaseResources();
    progress.end();
  }
  const figures = [
    ...looks.map(figuresOf),
    ...failed.map(({ scene, reason }) => ({ ...sceneFigures(scene), state: 'unusable' as const, problems: [reason] })),
    ...far.map((scene) => ({ ...sceneFigures(scene), state: 'outside' as const, problems: [BESIDE] })),
    ...unusable.map(unusableFigures),
  ].toSorted((a, b) => compare(a.date ?? '', b.date ?? '') || compare(a.id, b.id) || compare(a.path, b.path));
  markDoubtful(figures, looks);
  return redactData(summarise(options, figures, looks, found.ignored));
}

/** What reading some of a scene's pixels told. */
interface Look {
  inspected: InspectedScene;
  /** Null where the scene does not touch the AOI, or could not be read. */
  clear: SceneFigures['clear'];
  reflectance: ReflectanceFigures | null;
  outside: boolean;
  problem: string | null;
}

async function lookAt(inspected: InspectedScene, zones: readonly Zone[] | null, index: IndexName): Promise<Look> {
  const nothing = { inspected, clear: null, reflectance: null };
  try {
    const area = zones === null ? sceneArea(inspected.main.grid) : aoiArea(inspected.main.grid, zones);
    if (area === null) return { ...nothing, outside: true, problem: null };
    const { read } = planScene(inspected, area.grid);
    const step = histogramStep(area.grid.width, area.grid.height);
    let histograms: ReflectanceHistograms | null = null;
    let clearCells = 0;
    let cells = 0;
    for (const block of area.blocks) {
      const selection = area.selection(block);
      cells += selection === null ? block.width * block.height : selection.reduce((n, inside) => n + inside, 0);
      const values = await readScene(read, index, area.grid, block);
      if (values === undefined) continue;
      clearCells += countClear(values.values, values.window, selection, block);
      histograms = mergeHistograms(histograms, reflectanceHistograms(values, index, step));
    }
    const share = cells === 0 ? 0 : clearCells / cells;
    const of = zones === null ? ('scene' as const) : ('aoi' as const);
    const reflectance = histograms === null ? null : reflectanceFigures(histograms);
    return { inspected, clear: { share, of, sampled: area.sampled }, reflectance, outside: false, problem: null };
  } catch (error) {
    return { ...nothing, outside: false, problem: messageOf(error) };
  }
}

/** The pixels that are looked at, on the lattice of a scene. */
interface Area {
  grid: Grid;
  blocks: Window[];
  sampled: boolean;
  /** Cells of a block that count, row-major; null for all. */
  selection(block: Window): Uint8Array | null;
}

function sceneArea(grid: Grid): Area {
  return { grid, ...blocksOf(grid, WHOLE_SCENE_PIXELS), selection: () => null };
}

/** The zones' bounding box, also where the scene does not reach; null where it reaches nowhere. */
function aoiArea(sceneGrid: Grid, zones: readonly Zone[]): Area | null {
  const [minX, minY, maxX, maxY] = zonesBbox(zones, sceneGrid.crs);
  const window = snapOutward(sceneGrid, [
    [minX, minY],
    [minX, maxY],
    [maxX, minY],
    [maxX, maxY],
  ]);
  const whole = { col: 0, row: 0, width: sceneGrid.width, height: sceneGrid.height };
  if (intersectWindows(window, whole) === undefined) return null;
  const grid = subgrid(sceneGrid, window);
  const covers = zones.map((zone) => ({ coverage: coverage(projectZone(zone, grid.crs), grid) }));
  const selection = (block: Window): Uint8Array => {
    const inside = new Uint8Array(block.width * block.height);
    for (const cover of covers) {
      const cells = insideSelection(cover, block);
      for (let i = 0; i < inside.length; i++) inside[i]! |= cells[i]!;
    }
    return inside;
  };
  return { grid, ...blocksOf(grid, WHOLE_PIXELS), selection };
}

function blocksOf({ width, height }: Grid, most: number): { blocks: Window[]; sampled: boolean } {
  const blocks: Window[] = [];
  if (width * height <= most) {
    for (let row = 0; row < height; row += BLOCK) {
      for (let col = 0; col < width; col += BLOCK) {
        blocks.push({ col, row, width: Math.min(BLOCK, width - col), height: Math.min(BLOCK, height - row) });
      }
    }
    return { blocks, sampled: false };
  }
  const [blockWidth, blockHeight] = [Math.min(SAMPLE_BLOCK, width), Math.min(SAMPLE_BLOCK, height)];
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      const col = Math.floor(((j + 0.5) / SAMPLES) * width - blockWidth / 2);
      const row = Math.floor(((i + 0.5) / SAMPLES) * height - blockHeight / 2);
      blocks.push({ col: Math.max(0, col), row: Math.max(0, row), width: blockWidth, height: blockHeight });
    }
  }
  return { blocks, sampled: true };
}

function countClear(values: Float32Array, window: Window, selection: Uint8Array | null, block: Window): number {
  let n = 0;
  for (let row = 0; row < window.height; row++) {
    const at = (window.row - block.row + row) * block.width + (window.col - block.col);
    for (let col = 0; col < window.width; col++) {
      const value = values[row * window.width + col]!;
      if (value === value && (selection === null || selection[at + col] === 1)) n++;
    }
  }
  return n;
}

function figuresOf({ inspected, clear, reflectance, outside, problem }: Look): SceneFigures {
  const { scene, main } = inspected;
  const { width, height, transform, crs } = main.grid;
  const problems = outside ? [BESIDE] : problem === null ? [] : [problem];
  return {
    ...sceneFigures(scene),
    state: outside ? 'outside' : problem === null ? 'ok' : 'unusable',
    problems,
    grid: { crs: crs.name, geographic: crs.geographic, width, height, pixel: Math.hypot(transform[0], transform[3]) },
    clear,
    reflectance,
  };
}

function sceneFigures(scene: Scene): SceneFigures {
  const ledger = ({ path, band, scale, offset, nodata, radiometry }: BandSource): LedgerBand => {
    return { path, band, scale, offset, nodata, source: radiometry };
  };
  const bands =
    scene.index === undefined
      ? Object.fromEntries(Object.entries(scene.bands).map(([role, source]) => [role, ledger(source)]))
      : { [scene.index.name]: ledger(scene.index.source) };
  return {
    id: scene.id,
    date: scene.date,
    sensor: scene.sensor,
    product: scene.product,
    place: placeOfId(scene.id),
    path: scene.files[0] ?? '',
    state: 'ok',
    problems: [],
    grid: null,
    bands,
    masks: scene.masks.map(({ path, band, description }) => ({ path, band, description })),
    adjustments: scene.adjustments,
    clear: null,
    reflectance: null,
  };
}

function unusableFigures({ id, date, sensor, path, reason, harmless }: UnusableScene): SceneFigures {
  return {
    id,
    date,
    sensor,
    product: null,
    place: placeOfId(id),
    path,
    state: harmless === true ? 'copy' : 'unusable',
    problems: [reason],
    grid: null,
    bands: {},
    masks: [],
    adjustments: [],
    clear: null,
    reflectance: null,
  };
}

/** Puts what histograms and items give away beside the scenes. */
function markDoubtful(figures: SceneFigures[], looks: readonly Look[]): void {
  const checked = looks.flatMap(({ inspected: { scene }, reflectance }) =>
    reflectance === null ? [] : [{ id: scene.id, date: scene.date, product: scene.product, figures: reflectance }],
  );
  const places = placeWarnings(looks.map(({ inspected }) => inspected));
  for (const { scene, message } of [...checkRadiometry(checked), ...places]) {
    const found = figures.find(({ id, state }) => id === scene && (state === 'ok' || state === 'check'));
    if (found === undefined) continue;
    found.state = 'check';
    found.problems.push(message);
  }
}

function summarise(
  { sources, aoi }: ScenesOptions,
  figures: SceneFigures[],
  looks: readonly Look[],
  ignored: number,
): ScenesPage {
  const usable = figures.filter(({ state }) => state === 'ok' || state === 'check');
  const years = [...new Set(usable.map(yearOf))].toSorted((a, b) => a - b);
  const ids = new Set(usable.map(({ id }) => id));
  const missingYears: number[] = [];
  for (let year = years[0] ?? 0; year < (years.at(-1) ?? 0); year++) if (!years.includes(year)) missingYears.push(year);
  return {
    version: SCENES_VERSION,
    sources,
    aoi: aoi ?? null,
    scenes: figures,
    years: years.map((year) => {
      const scenes = usable.filter((scene) => yearOf(scene) === year);
      const shares = scenes.flatMap(({ clear }) => (clear === null ? [] : [clear.share]));
      const clear = shares.length === 0 ? null : shares.reduce((a, b) => a + b, 0) / shares.length;
      return { year, scenes: scenes.length, clear };
    }),
    missingYears,
    grids: tally(usable, ({ grid }) => JSON.stringify([grid!.crs, grid!.pixel])).map(([key, scenes]) => {
      const [crs, pixel] = JSON.parse(key) as [string, number];
      return { crs, pixel, scenes };
    }),
    products: tally(usable, ({ product }) => product!).map(([product, scenes]) => ({ product, scenes })),
    sameDay: sameDayScenes(looks.map(({ inspected }) => inspected.scene).filter(({ id }) => ids.has(id))),
    ignored,
  };
}

function yearOf({ date }: SceneFigures): number {
  return Number(date!.slice(0, 4));
}

function tally(scenes: readonly SceneFigures[], keyOf: (scene: SceneFigures) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const scene of scenes) counts.set(keyOf(scene), (counts.get(keyOf(scene)) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
