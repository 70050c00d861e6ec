/**
 * `mine-rs zones`: statistics of zones over any raster, block by block.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { emptyMoments, mergePiece, type ZonalMoments } from '../kernels/zonal-moments.ts';
import { ZONAL_VERSION, type ZonalFigures, type ZonalPage, type ZonalZone } from '../report/zonal-model.ts';
import { redactData } from '../url.ts';
import { MOST_CLASSES, type Found, type Tally, type ValueTarget, type ZonalResult } from '../tasks/zonal.ts';
import { readAoi } from '../vector/aoi.ts';
import { areaCoverage } from '../vector/area-share.ts';
import { cellAreaM2, type CellArea } from '../vector/cell-area.ts';
import { coverage, type Coverage } from '../vector/coverage.ts';
import { zoneAreaM2 } from '../vector/geodesic-area.ts';
import { planarMeasures } from '../vector/polygons.ts';
import { projectZone } from '../vector/project.ts';
import { coveredCells, zoneSpans } from '../vector/spans.ts';
import type { Zone } from '../vector/zone.ts';
import { chooseBlockSize, cutIntoBlocks } from './blocks.ts';
import { Headers, type Header } from './inspect.ts';
import { createRunner, type TaskRunner } from './pool.ts';
import { SILENT, type Progress } from './progress.ts';
import { createRemote } from './remote.ts';
import { runAll } from './run-all.ts';
import { QuantileSearch } from './zonal-quantiles.ts';
import { resolveZonalOptions, type ZonalOptions } from './zonal-options.ts';
import { windowIndex } from './zone-index.ts';
import { BUDGET_TOLERANCE } from './zones.ts';

const M2_PER_HA = 1e4;

/** Cells of a window, 24 bytes each. */
const MOST_CELLS = 8_388_608;

/** Values that are kept over all zones for classes and majorities. */
const MOST_TALLIED = 4_194_304;

/** Areas nearer than this part of each other are equal. */
const TIE = 1e-9;

/** How a call is carried out, beyond its options. */
export interface ZonalControl {
  progress?: Progress;
  signal?: AbortSignal;
}

/** What a call found, with the zones that it is of. */
export interface ZonalOutcome {
  page: ZonalPage;
  zones: readonly Zone[];
}

/**
 * Statistics of the zones of a file over a raster, from options as a user would write them.
 *
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming the file
 */
export async function zonalStatistics(
  input: Record<string, unknown>,
  control: ZonalControl = {},
): Promise<ZonalOutcome> {
  return zonalPage(resolveZonalOptions(input), control);
}

/** A zone on the raster's grid. */
interface PlacedZone {
  zone: Zone;
  coverage: Coverage;
  areaM2: number;
  cells: number;
}

/** What is summed over a zone and band. */
interface Sums {
  moments: ZonalMoments;
  tally: Map<number, number> | null;
}

/** As {@link zonalStatistics}, with options that were checked already. */
export async function zonalPage(options: ZonalOptions, control: ZonalControl = {}): Promise<ZonalOutcome> {
  const progress = control.progress ?? SILENT;
  const signal = control.signal ?? new AbortController().signal;
  const { roleField, idField, nameField, layer } = options;
  const aoi = await readAoi(options.aoi, { roleField, idField, nameField, layer });
  const remote = createRemote(options.endpoint, signal);
  const header = await new Headers(remote).header(options.raster);
  const bands = bandsOf(options, header);
  if (options.area === 'planar' && header.grid.crs.geographic) {
    throw new MineRsError('USAGE', `--area planar: ${options.raster} is in degrees, which have no area in the plane`);
  }
  const cellArea = options.area === 'planar' ? null : cellAreaM2(header.grid);
  const placed = aoi.zones.map((zone) => place(zone, header.grid, cellArea));
  const warnings = [...aoi.warnings, ...rasterWarnings(options, header)];
  if (placed.every((zone) => zone.cells === 0)) {
    throw new MineRsError(
      'BAD_INPUT',
      `No zone of ${aoi.path} overlaps ${options.raster}: is this the right AOI for it?`,
    );
  }
  for (const text of warnings) progress.warn(text);
  const runner = await createRunner(options.workers, signal, remote);
  let sums: Sums[][];
  const search = new QuantileSearch();
  try {
    const passes = new Passes(options, header, placed, bands, runner, progress);
    for (const [zone, { cells }] of placed.entries()) {
      for (const band of bands) search.add(zone, band, cells, options.quantiles);
    }
    sums = await passes.first(search);
    const limits = (zone: number, band: number) => sums[zone]![bands.indexOf(band)]!.moments;
    search.endPass(limits);
    while (!search.done) {
      await passes.more(search);
      search.endPass(limits);
    }
  } finally {
    await runner.close();
  }
  const zones = placed.map((zone, k) => figuresOf(options, aoi.path, zone, bands, sums[k]!, k, search));
  const { info } = header;
  const page: ZonalPage = {
    schemaVersion: ZONAL_VERSION,
    raster: options.raster,
    aoi: options.aoi,
    area: options.area,
    bands: bands.map((band) => ({
      band,
      description: info.descriptions[band - 1] ?? null,
      scale: info.scales[band - 1] ?? 1,
      offset: info.offsets[band - 1] ?? 0,
      nodata: info.nodata === null || Number.isFinite(info.nodata) ? info.nodata : null,
    })),
    statistics: options.statistics,
    zones,
    warnings,
  };
  return { page: redactData(page), zones: aoi.zones };
}

function bandsOf({ band, raster }: ZonalOptions, { info }: Header): number[] {
  if (band === 'all') return Array.from({ length: info.bandCount }, (_, k) => k + 1);
  const bands = [...new Set(band.split(',').map(Number))];
  const wrong = bands.find((number) => number < 1 || number > info.bandCount);
  if (wrong === undefined) return bands;
  const has = `${info.bandCount} ${info.bandCount === 1 ? 'band' : 'bands'}`;
  throw new MineRsError('USAGE', `--band ${band}: ${raster} has ${has}`);
}

function rasterWarnings({ raster }: ZonalOptions, { info }: Header): string[] {
  if (info.mask === 'nodata' || info.mask === 'none') return [];
  const what = info.mask === 'alpha' ? 'an alpha band' : 'a mask';
  return [`${raster} has ${what}, which is not applied: cells that it hides are counted as data`];
}

/** @param cellArea Null for planar areas. */
function place(zone: Zone, grid: Grid, cellArea: CellArea | null): PlacedZone {
  const polygons = projectZone(zone, grid.crs);
  const covered = cellArea === null ? coverage(polygons, grid) : areaCoverage(polygons, grid, cellArea);
  const areaM2 = cellArea === null ? planarMeasures(polygons).area : zoneAreaM2(zone);
  return { zone, coverage: covered, areaM2, cells: coveredCells(covered) };
}

/** What one window brought; values by number of their target. */
interface WindowPart {
  pieces: ZonalResult['pieces'];
  found: Map<number, Found>;
}

/** Reads the windows in which zones lie, as often as it takes. */
class Passes {
  readonly #options: ZonalOptions;
  readonly #grid: Grid;
  readonly #bands: readonly number[];
  readonly #placed: readonly PlacedZone[];
  readonly #windows: { window: Window; zones: number[] }[];
  readonly #runner: TaskRunner;
  readonly #progress: Progress;

  constructor(
    options: ZonalOptions,
    header: Header,
    placed: readonly PlacedZone[],
    bands: readonly number[],
    runner: TaskRunner,
    progress: Progress,
  ) {
    this.#options = options;
    this.#grid = header.grid;
    this.#bands = bands;
    this.#placed = placed;
    this.#runner = runner;
    this.#progress = progress;
    const near = windowIndex(placed.map((zone) => zone.coverage.bounds));
    // The same windows for any number of workers: sums are taken window by window.
    const blocks = cutIntoBlocks(header.grid, header, chooseBlockSize(header.info, header.grid));
    this.#windows = blocks.flatMap(bounded).flatMap((block) => {
      const zones = near(block);
      const window = around(
        block,
        zones.map((k) => placed[k]!.coverage.bounds),
      );
      return window === undefined ? [] : [{ window, zones }];
    });
  }

  /** Moments and tallies of all zones and bands, and what quantiles can be had on the way. */
  async first(search: QuantileSearch): Promise<Sums[][]> {
    const { tally } = this.#options;
    const sums = this.#placed.map(() =>
      this.#bands.map((): Sums => ({ moments: emptyMoments(), tally: tally ? new Map() : null })),
    );
    let tallied = 0;
    await this.#read([...this.#bands], search.targets(), (result) => {
      for (const { zone, band, piece, tally: part } of result.pieces) {
        const into = sums[zone]![this.#bands.indexOf(band)]!;
        mergePiece(into.moments, piece);
        if (into.tally === null) continue;
        const before = into.tally.size;
        into.tally = addTally(into.tally, part);
        tallied += (into.tally?.size ?? 0) - before;
        if (tallied > MOST_TALLIED) {
          throw new MineRsError(
            'BAD_INPUT',
            `${this.#options.raster}: the zones have more than ${MOST_TALLIED} different values in all: majority, minority, ` +
              'variety and --classes are for rasters of classes',
          );
        }
      }
      search.take(result.found);
    });
    return sums;
  }

  /** One more pass for quantiles. */
  async more(search: QuantileSearch): Promise<void> {
    await this.#read([], search.targets(), (result) => {
      search.take(result.found);
    });
  }

  /** Calls back in the order of the windows, whatever the order in which they are done. */
  async #read(bands: number[], targets: readonly ValueTarget[], take: (part: WindowPart) => void): Promise<void> {
    const ofZone = new Map<number, number[]>();
    for (const [k, { zone }] of targets.entries()) ofZone.set(zone, [...(ofZone.get(zone) ?? []), k]);
    const windows = this.#windows.flatMap(({ window, zones }) => {
      const used = bands.length > 0 ? zones : zones.filter((zone) => ofZone.has(zone));
      return used.length === 0 ? [] : [{ window, zones: used }];
    });
    const done = new Map<number, WindowPart>();
    let next = 0;
    this.#progress.begin('zones', windows.length);
    await runAll(this.#runner.concurrency, windows.entries(), async ([k, { window, zones }]) => {
      done.set(k, await this.#readWindow(window, zones, bands, targets, ofZone));
      for (let part = done.get(next); part !== undefined; part = done.get(next)) {
        take(part);
        done.delete(next++);
      }
      this.#progress.step();
    });
    this.#progress.end();
  }

  async #readWindow(
    window: Window,
    zones: readonly number[],
    bands: number[],
    targets: readonly ValueTarget[],
    ofZone: ReadonlyMap<number, readonly number[]>,
  ): Promise<WindowPart> {
    const slices = zones.flatMap((zone) => zoneSpans(this.#placed[zone]!.coverage, window, zone) ?? []);
    if (slices.length === 0) return { pieces: [], found: new Map() };
    const { raster: path, area, tally } = this.#options;
    const wanted = slices.flatMap(({ zone }) => ofZone.get(zone) ?? []);
    const here = wanted.map((k) => targets[k]!);
    const task = { path, grid: this.#grid, window, area, bands, zones: slices, tally, targets: here };
    const { pieces, found } = await this.#runner.run('zonal', task);
    return { pieces, found: new Map(wanted.map((k, at) => [k, found[at]!])) };
  }
}

/** A file that is one strip is one block; its rows are taken in parts. */
function bounded(block: Window): Window[] {
  const rows = Math.max(1, Math.floor(MOST_CELLS / block.width));
  return Array.from({ length: Math.ceil(block.height / rows) }, (_, k) => {
    return { ...block, row: block.row + k * rows, height: Math.min(rows, block.height - k * rows) };
  });
}

/** The part of a block that boxes reach into. */
function around(block: Window, boxes: readonly Window[]): Window | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (const box of boxes) {
    const part = intersectWindows(block, box);
    if (part === undefined) continue;
    left = Math.min(left, part.col);
    top = Math.min(top, part.row);
    right = Math.max(right, part.col + part.width);
    bottom = Math.max(bottom, part.row + part.height);
  }
  return left < right ? { col: left, row: top, width: right - left, height: bottom - top } : undefined;
}

/** Null once there are too many values to be classes. */
function addTally(into: Map<number, number>, part: Tally): Map<number, number> | null {
  if (part === null) return null;
  for (const [k, value] of part.values.entries()) into.set(value, (into.get(value) ?? 0) + part.weights[k]!);
  return into.size > MOST_CLASSES ? null : into;
}

function figuresOf(
  options: ZonalOptions,
  aoi: string,
  { zone, areaM2, coverage: covered }: PlacedZone,
  bands: readonly number[],
  sums: readonly Sums[],
  number: number,
  search: QuantileSearch,
): ZonalZone {
  const first = sums[0]!.moments;
  const insideM2 = first.weight + first.nodata;
  const outsideM2 = covered.outsideArea > 0 ? Math.max(0, areaM2 - insideM2) : 0;
  if (!(Math.abs(insideM2 + outsideM2 - areaM2) <= BUDGET_TOLERANCE * areaM2) || !(areaM2 > 0)) {
    const text = `${(insideM2 / M2_PER_HA).toFixed(6)} ha on the grid, ${(areaM2 / M2_PER_HA).toFixed(6)} ha by its outline`;
    throw new MineRsError(
      'BAD_INPUT',
      `${aoi}: the area of zone ${zone.id} is not certain: ${text}; its outline crosses itself, parts of it overlap, or it is ` +
        'too small to be measured; mend it',
      { zone: zone.id },
    );
  }
  const { id, name, role } = zone;
  return {
    id,
    name,
    role,
    areaHa: areaM2 / M2_PER_HA,
    outsideHa: outsideM2 / M2_PER_HA,
    bands: bands.map((band, k) => {
      const quantiles = [...options.quantiles.keys()].map((q) => [q, search.result(number, band, q)]);
      return bandFigures(options, zone, band, sums[k]!, areaM2, Object.fromEntries(quantiles));
    }),
  };
}

function bandFigures(
  { classes, raster }: ZonalOptions,
  zone: Zone,
  band: number,
  { moments, tally }: Sums,
  areaM2: number,
  quantiles: Record<string, number | null>,
): ZonalFigures {
  const empty = moments.cells === 0;
  const values = tally === null ? null : [...tally].toSorted((a, b) => a[0] - b[0]);
  if (classes && values === null) {
    throw new MineRsError(
      'BAD_INPUT',
      `${raster}: band ${band} has more than ${MOST_CLASSES} different values in zone ${zone.id}: --classes is for rasters of classes`,
    );
  }
  // Of values that cover the same but for rounding, the least.
  const majority = values?.reduce((a, b) => (b[1] > a[1] * (1 + TIE) ? b : a), [Number.NaN, 0] as [number, number])[0];
  const minority = values?.reduce((a, b) => (b[1] < a[1] * (1 - TIE) ? b : a), [Number.NaN, Infinity] as [
    number,
    number,
  ])[0];
  return {
    band,
    cells: moments.cells,
    count: moments.count,
    validHa: moments.weight / M2_PER_HA,
    nodataHa: Math.max(0, areaM2 - moments.weight) / M2_PER_HA,
    mean: empty ? null : moments.mean,
    sd: empty ? null : Math.sqrt(moments.deviation / moments.weight),
    min: empty ? null : moments.min,
    max: empty ? null : moments.max,
    sum: empty ? null : moments.sum,
    quantiles,
    majority: finiteOrNull(majority),
    minority: finiteOrNull(minority),
    variety: values === null ? null : values.length,
    classes:
      classes && values !== null
        ? values.map(([value, weight]) => ({
            value,
            hectares: weight / M2_PER_HA,
            percent: (100 * weight) / areaM2,
          }))
        : null,
  };
}

function finiteOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
