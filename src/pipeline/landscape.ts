/**
 * `mine-rs landscape`: landscape metrics of zones, year by year.
 * @module
 */
import { landscapeMetrics, type LandscapeMetrics } from '../ecology/landscape.ts';
import { MineRsError } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { CLASS_SLOTS, type LandscapeCounts } from '../kernels/landscape-scan.ts';
import { CLASS_PAGE_VERSION, type LandscapePage, type LandscapeYear } from '../report/landscape-model.ts';
import type { LandscapeResult, LandscapeTask } from '../tasks/landscape.ts';
import { redactData } from '../url.ts';
import { coverage } from '../vector/coverage.ts';
import { projectZone } from '../vector/project.ts';
import { zoneSpans } from '../vector/spans.ts';
import type { Zone } from '../vector/zone.ts';
import { resolveClassOptions, type ClassOptions } from './class-options.ts';
import { openClassSources, type YearMap } from './class-sources.ts';
import { readSummary } from './finished-run.ts';
import { createRunner } from './pool.ts';
import { SILENT, type Progress } from './progress.ts';
import { createRemote } from './remote.ts';
import { pixelSize } from './report-map.ts';
import { runAll } from './run-all.ts';

/** How a call is carried out, beyond its options. */
export interface ClassControl {
  progress?: Progress;
  signal?: AbortSignal;
}

/** A cell belongs to a zone that covers at least this share of it. */
const LEAST_SHARE = 0.5;

/** A cell's size in the raster's plane is taken as long as its area is no more than this part off that on the ground. */
const PLANE_TOLERANCE = 0.01;

/** CONNECT holds a zone's window in memory, a byte a cell. */
const MOST_CONNECT_CELLS = 2 ** 29;
/** Beyond it, CONNECT takes too long. */
const MOST_CONNECT_RADIUS = 1000;
/** Places of cells in a window are numbers of 32 bits. */
const MOST_CELLS = 2 ** 32;

/**
 * Landscape metrics of the zones of a run, or of an AOI.
 *
 * @param input `run` the folder of a finished run, or `classes` rasters with `aoi`; see docs/landscape.md for the rest.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming the file
 */
export async function landscapePage(
  input: Record<string, unknown>,
  control: ClassControl = {},
): Promise<LandscapePage> {
  const options = classOptionsOf(input);
  const progress = control.progress ?? SILENT;
  const signal = control.signal ?? new AbortController().signal;
  const remote = createRemote(options.endpoint, signal);
  const sources = await openClassSources(options, remote);
  const warn = (text: string): void => {
    if (sources.warnings.includes(text)) return;
    sources.warnings.push(text);
  };
  const tasks = plan(sources.zones, sources.maps, options, warn);
  if (tasks.every(({ task }) => task === null)) {
    throw new MineRsError('BAD_INPUT', `No zone of ${sources.aoi} has a cell on ${sources.maps[0]!.source.path}`);
  }
  const results: (LandscapeResult | null)[] = [];
  const runner = await createRunner(options.workers, signal, remote);
  try {
    progress.begin('classes', tasks.length);
    await runAll(runner.concurrency, tasks.entries(), async ([k, { task }]) => {
      results[k] = task === null ? null : await runner.run('landscape', task);
      progress.step();
    });
    progress.end();
  } finally {
    await runner.close();
  }
  const codes = new Set<number>();
  const zones = sources.zones.map(({ id, name, role }, z) => ({
    id,
    name,
    role,
    years: sources.maps.map(({ year }, t): LandscapeYear => {
      const k = z * sources.maps.length + t;
      const { task, size } = tasks[k]!;
      const result = results[k] ?? NOTHING;
      const counts = countsOf(result, task, size, options.neighbours);
      const metrics = withCodes(landscapeMetrics(counts, result.joins), result.codes);
      for (const c of metrics.byClass) codes.add(c.class);
      const { widthM, heightM, kind } = size;
      return {
        year,
        cellWidthM: widthM,
        cellHeightM: heightM,
        cellSize: kind,
        nodataCells: result.cells - metrics.cells,
        metrics,
      };
    }),
  }));
  const page: LandscapePage = {
    schemaVersion: CLASS_PAGE_VERSION,
    run: options.run ?? null,
    aoi: sources.aoi,
    what: sources.what,
    rasters: sources.maps.map(({ year, source }) => ({ year, path: source.path })),
    classes: sources.classesOf(codes),
    neighbours: options.neighbours,
    connectDistanceM: options.connectDistanceM,
    zones,
    warnings: sources.warnings,
  };
  for (const text of page.warnings) progress.warn(text);
  return redactData(page);
}

/** Options; mine-rs.yaml is looked for beside the AOI of the run as well. */
export function classOptionsOf(input: Record<string, unknown>): ClassOptions {
  const run = typeof input.run === 'string' && input.run !== '' ? input.run : undefined;
  const needsRun = run !== undefined && typeof input.aoi !== 'string';
  return resolveClassOptions(input, needsRun ? readSummary(run).aoi : undefined);
}

const NOTHING: LandscapeResult = { codes: null, classes: [], adjacencies: [], joins: [], cells: 0 };

interface CellSize {
  widthM: number;
  heightM: number;
  kind: 'plane' | 'ellipsoid';
}

/** A zone on the grid of some maps. */
interface Place {
  window: Window;
  size: CellSize;
  start: Uint32Array;
  length: Uint32Array;
  /** Whether a part of the zone lies beyond the grid. */
  cut: boolean;
}

/** A task for each zone and map; null where the zone has no cell on it. */
function plan(
  zones: readonly Zone[],
  maps: readonly YearMap[],
  options: ClassOptions,
  warn: (text: string) => void,
): { task: LandscapeTask | null; size: CellSize }[] {
  return zones.flatMap((zone) => {
    // Maps of one grid share the zone's place on it.
    const known = new Map<string, Place>();
    return maps.map(({ source, header: { grid }, year }) => {
      const key = JSON.stringify(grid);
      const { window, size, start, length, cut } = known.get(key) ?? placeOf(zone, grid);
      known.set(key, { window, size, start, length, cut });
      if (cut) warn(`Zone ${zone.id} lies beyond ${source.path} in part, which is left out`);
      if (start.length === 0) return { task: null, size };
      const name = `Zone ${zone.id} in ${year}`;
      const { widthM: cellWidthM, heightM: cellHeightM } = size;
      const connectDistanceM = connectDistance(options.connectDistanceM, size, window, name, warn);
      const { neighbours } = options;
      return {
        task: { ...source, window, start, length, cellWidthM, cellHeightM, neighbours, connectDistanceM },
        size,
      };
    });
  });
}

function placeOf(zone: Zone, grid: Grid): Place {
  const { bounds, ...covered } = coverage(projectZone(zone, grid.crs), grid);
  const cells = bounds.width * bounds.height;
  if (cells >= MOST_CELLS) {
    const text = `Zone ${zone.id} spans ${cells} cells of a map, more than can be counted; cut it into parts`;
    throw new MineRsError('BAD_INPUT', text);
  }
  const spans = zoneSpans({ bounds, ...covered }, bounds, 0);
  const kept = spans === undefined ? [] : [...spans.share.keys()].filter((k) => spans.share[k]! >= LEAST_SHARE);
  return {
    window: bounds,
    size: cellSize(grid, bounds),
    start: Uint32Array.from(kept, (k) => spans!.start[k]!),
    length: Uint32Array.from(kept, (k) => spans!.length[k]!),
    cut: covered.outsideArea > 0,
  };
}

function connectDistance(
  distance: number,
  { widthM, heightM }: CellSize,
  { width, height }: Window,
  name: string,
  warn: (text: string) => void,
): number | null {
  const least = Math.min(widthM, heightM);
  if (distance / least > MOST_CONNECT_RADIUS) {
    throw new MineRsError(
      'USAGE',
      `--connect-distance ${distance}m is more than ${MOST_CONNECT_RADIUS} cells of ${least.toFixed(1)} m: choose a shorter one`,
    );
  }
  if (distance < 2 * least) {
    const text = `The distance of CONNECT, ${distance} m, is less than two cells: no patches of a class can be so near`;
    warn(`${text} but over a corner`);
  }
  if (width * height <= MOST_CONNECT_CELLS) return distance;
  warn(`${name} spans more than ${MOST_CONNECT_CELLS} cells: CONNECT is left out`);
  return null;
}

/** In the raster's plane, as FRAGSTATS has it, where that is nearly the ground; else on the ellipsoid, in the middle of the zone. */
function cellSize(grid: Grid, bounds: Window): CellSize {
  const [a, b, , d, e] = grid.transform;
  const around = bounds.width > 0 ? bounds : { col: 0, row: 0, width: grid.width, height: grid.height };
  const [widthM, heightM] = pixelSize(grid, around);
  const [planeWidth, planeHeight] = [Math.hypot(a, d), Math.hypot(b, e)];
  const off = (planeWidth * planeHeight) / (widthM * heightM) - 1;
  return !grid.crs.geographic && Math.abs(off) <= PLANE_TOLERANCE
    ? { widthM: planeWidth, heightM: planeHeight, kind: 'plane' }
    : { widthM, heightM, kind: 'ellipsoid' };
}

function countsOf(
  { classes, adjacencies }: LandscapeResult,
  task: LandscapeTask | null,
  { widthM, heightM }: CellSize,
  neighbours: 4 | 8,
): LandscapeCounts {
  const beside = new Float64Array(CLASS_SLOTS * CLASS_SLOTS);
  const below = new Float64Array(CLASS_SLOTS * CLASS_SLOTS);
  for (const { a, b, ...found } of adjacencies) {
    for (const at of [a * CLASS_SLOTS + b, b * CLASS_SLOTS + a]) {
      beside[at] = found.beside;
      below[at] = found.below;
    }
  }
  const { cellWidthM, cellHeightM } = task ?? { cellWidthM: widthM, cellHeightM: heightM };
  return { cellWidthM, cellHeightM, neighbours, classes, beside, below };
}

/** Metrics by code in place of the numbers of the task. */
function withCodes(metrics: LandscapeMetrics, codes: readonly number[] | null): LandscapeMetrics {
  const byClass = metrics.byClass
    .map((c) => ({ ...c, class: codes === null ? c.class : codes[c.class - 1]! }))
    .toSorted((a, b) => a.class - b.class);
  return { ...metrics, byClass };
}
