/**
 * The passes over the pixels.
 * @module
 */
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { Window } from '../geo/window.ts';
import { exactSums, exactValue, addExact } from '../kernels/exact-sum.ts';
import type { ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { Baseline, Cover, DigestResult, EncodedTile, Scratch, SeriesTask, WrittenMap } from '../tasks/contract.ts';
import { mapSpecs, type MapSpec } from '../tasks/maps.ts';
import { segmentationMapSpecs } from '../tasks/segmentation.ts';
import { tilesAcross, tileWindow } from '../tasks/scratch.ts';
import { zoneSumsLength } from '../tasks/zone-sums.ts';
import type { AnnualKey } from './annual-key.ts';
import { annualPass } from './annual-pass.ts';
import type { AnnualStore } from './annual-store.ts';
import { isUrl } from '../url.ts';
import { chooseBlockSize, cutIntoBlocks, type BlockSize } from './blocks.ts';
import type { WrittenMapFile } from './extras.ts';
import { percentileEndpoints, selectedHighCounts, type Endpoints } from './endpoints.ts';
import { addField, closeField, emptyField, type Field, type FieldTotals } from './field.ts';
import { addLand, hasCohorts, type LandTotals } from './land.ts';
import { inputDigests, inputStamps, digestsToKeep } from './input-digests.ts';
import { carryOver, planMaps, type PlannedMap } from './kept-maps.ts';
import { syncFile, type OutputFolder } from './output.ts';
import { againIfWorkerDied, runAll, type TaskRunner } from './pool.ts';
import { inputFiles, unknownZone, type Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';
import type { KeptDigest, RunCache } from './run-cache.ts';
import { addAgreement, segmentationOptions, type SegmentationTotals } from './segmentation.ts';
import { findPatches, planSieve, type Sieve } from './sieve.ts';
import { insideSelection, type PreparedZone } from './zones.ts';

/** What the passes found. */
export interface Execution {
  /** Null where the run makes no FVC. */
  endpoints: Endpoints | null;
  /** Level per year where states are held against zones; null otherwise. */
  referenceLevels: Float64Array | null;
  /** What was taken off each year's FVC before its trend; null where nothing was. */
  trendLevels: Float64Array | null;
  /** Null where field significance is off. */
  field: Field | null;
  /** Transitions, cohorts and recovery metrics by zone. */
  land: LandTotals;
  /** Empty where the run segments nothing. */
  segmentation: SegmentationTotals;
  /** Null where patches of any size count. */
  sieve: Sieve | null;
  /** Exact sums by zone number, in the layout of tasks/zone-sums.ts, read with `exactValue`. */
  sums: Float64Array[];
  /** Clear cells of each used scene, and cells of the extent. */
  clearCells: Map<string, number>;
  /** Distribution of each used scene's reflectances; none where the index is ready-made. */
  reflectances: Map<string, ReflectanceFigures>;
  cells: number;
  /** `depends` is the digest of all that the map depends on. */
  maps: (WrittenMapFile & { depends: string })[];
  inputs: ({ path: string } & DigestResult)[];
  /** The digests, for the next run. */
  digests: Record<string, KeptDigest>;
  blockSize: BlockSize;
}

/** What earlier runs left. */
export interface Kept {
  years: AnnualStore;
  /** Undefined where there is none, or it is not to be used. */
  earlier: RunCache | undefined;
}

/** What all passes over the tiles need. */
interface Pass {
  run: Preparation;
  output: OutputFolder;
  keys: AnnualKey[];
  earlier: RunCache | undefined;
  runner: TaskRunner;
  progress: Progress;
  scratch: Scratch;
  tiles: readonly Window[];
}

/**
 * Runs all passes of a prepared run and writes its maps into the work folder.
 *
 * @throws {UnreadableScenes} if scenes turn out unreadable
 */
export async function execute(
  run: Preparation,
  output: OutputFolder,
  runner: TaskRunner,
  progress: Progress,
  kept: Kept,
  blockSize?: BlockSize,
): Promise<Execution> {
  const { grid, source } = run.gridPlan;
  const nTiles = tilesAcross(grid.width) * tilesAcross(grid.height);
  const tiles = Array.from({ length: nTiles }, (_, k) => tileWindow(grid.width, grid.height, k));
  const files = inputFiles(run);
  const stamps = inputStamps(files);
  const size = blockSize ?? chooseBlockSize(source.info, grid, files.some(isUrl));

  const selected = selectedZone(run);
  const place: Scratch = { folder: output.scratch, width: grid.width, height: grid.height, nTimes: run.years.length };
  const blocks = cutIntoBlocks(grid, source, size);
  const annual = await annualPass(run, runner, progress, place, blocks, kept.years);
  const { scratch, keys } = annual;
  const pass: Pass = { run, output, keys, earlier: kept.earlier, runner, progress, scratch, tiles };
  const endpoints = await findEndpoints(pass, annual.highCounts, selected);
  const model = run.options.fvcModel;
  const cover: Cover = endpoints && { soil: endpoints.soil, vegetation: endpoints.vegetation, model };
  const baseline = await findBaseline(pass, cover);
  const levels = await findLevels(pass, cover, baseline);
  const series = await seriesPass(pass, cover, baseline, levels);
  const maps = await mapPass(pass, cover, series);
  const inputs = await inputDigests(runner, progress, files, stamps, kept.earlier);
  return {
    endpoints,
    referenceLevels: baseline.kind === 'zones' ? baseline.perYear : null,
    trendLevels: levels,
    field: closed(run, series.field),
    land: series.land,
    segmentation: series.segmentation,
    sieve: series.sieve,
    sums: series.sums,
    clearCells: annual.clearCells,
    reflectances: annual.reflectances,
    cells: grid.width * grid.height,
    maps,
    inputs,
    digests: digestsToKeep(inputs, stamps),
    blockSize: size,
  };
}

function closed({ options, years }: Preparation, totals: FieldTotals | null): Field | null {
  if (totals === null || options.fdr === 'off') return null;
  return closeField(totals, options.fdr, years.length, options.pMethod);
}

/** The zone that the endpoints are taken from, where they are taken from one. */
function selectedZone(run: Preparation): PreparedZone | null {
  if (run.fvc.kind !== 'percentile' || run.fvc.zone === null) return null;
  const id = run.fvc.zone;
  const found = run.zones.zones.find((zone) => zone.zone.id === id);
  if (found === undefined) throw unknownZone('--fvc', id, run.zones);
  return found;
}

async function findEndpoints(
  pass: Pass,
  highCounts: Float64Array,
  selected: PreparedZone | null,
): Promise<Endpoints | null> {
  const { run, runner, progress, scratch, tiles } = pass;
  const rule = run.fvc;
  if (rule.kind === 'none') return null;
  if (rule.kind === 'fixed') return { soil: rule.soil, vegetation: rule.vegetation, source: 'given with --fvc' };
  const selectionOf = (tile: Window) => (selected === null ? null : insideSelection(selected, tile));
  const p = rule.percentile;
  const counts =
    selected === null ? highCounts : await selectedHighCounts(runner, progress, scratch, tiles, selectionOf);
  const found = await percentileEndpoints(runner, progress, scratch, tiles, counts, p, selectionOf);
  const place = selected === null ? 'the processed extent' : `zone ${selected.zone.id}`;
  return { ...found, source: `percentiles ${p} and ${100 - p} of all valid annual values in ${place}, all years` };
}

async function findBaseline(pass: Pass, cover: Cover): Promise<Baseline> {
  const plan = pass.run.baseline;
  if (plan.kind === 'years') return { kind: 'years', from: plan.from, to: plan.to };
  const perYear = await meanPerYear(pass, plan.zones, cover);
  const without = pass.run.years.filter((_, t) => !Number.isFinite(perYear[t]!));
  if (without.length === perYear.length) {
    const advice = 'give years before the disturbance with --baseline A..B, or other reference zones';
    throw new MineRsError('BAD_INPUT', `No baseline: the reference zones have no data in any year; ${advice}`);
  }
  if (without.length > 0) {
    const text = `The reference zones have no data in ${without.join(', ')}: no land can be assessed in those years`;
    pass.progress.warn(text);
    pass.run.warnings.push(text);
  }
  return { kind: 'zones', perYear };
}

/** What is taken off each year's FVC before its trend; the baseline's levels where they are of the same zones. */
async function findLevels(pass: Pass, cover: Cover, baseline: Baseline): Promise<Float64Array | null> {
  const { run } = pass;
  const plan = run.reference;
  if (plan === null) return null;
  const same = run.baseline.kind === 'zones' && run.baseline.zones.join() === plan.zones.join();
  if (same && baseline.kind === 'zones') return baseline.perYear;
  return meanPerYear(pass, plan.zones, cover);
}

/** Mean FVC of zones that do not overlap, by year, weighted by area; NaN in a year without data. */
async function meanPerYear(pass: Pass, zoneNumbers: readonly number[], cover: Cover): Promise<Float64Array> {
  const { run, runner, progress, scratch, tiles } = pass;
  const nTimes = scratch.nTimes;
  const weight = exactSums(nTimes);
  const weighted = exactSums(nTimes);
  const wanted = new Set(zoneNumbers);
  progress.begin('reference', tiles.length);
  await runAll(runner.concurrency, tiles, async (tile) => {
    const zones = run.zones.slices(tile).filter((slice) => wanted.has(slice.zone));
    if (zones.length > 0) {
      const result = await runner.run('reference', { tile, scratch, cover, zones });
      for (let t = 0; t < nTimes; t++) {
        addExact(weight, t, result.weight[t]!);
        addExact(weighted, t, result.weighted[t]!);
      }
    }
    progress.step();
  });
  progress.end();
  const perYear = new Float64Array(nTimes);
  for (let t = 0; t < nTimes; t++) perYear[t] = exactValue(weighted, t) / exactValue(weight, t);
  return perYear;
}

interface SeriesPass {
  specs: MapSpec[];
  planned: Map<string, PlannedMap>;
  /** By map key: one entry a tile. */
  encoded: Map<string, (EncodedTile | null)[]>;
  sums: Float64Array[];
  field: FieldTotals | null;
  land: LandTotals;
  segmentation: SegmentationTotals;
  sieve: Sieve | null;
}

async function seriesPass(
  pass: Pass,
  cover: Cover,
  baseline: Baseline,
  levels: Float64Array | null,
): Promise<SeriesPass> {
  const { run, runner, progress, scratch, tiles } = pass;
  const { options } = run;
  const { grid } = run.gridPlan;
  const specs = mapSpecs({
    grid,
    years: run.years,
    index: options.index,
    cover: cover !== null,
    legend: options.legend,
    choice: {
      annual: options.maps === 'all',
      trend: options.maps !== 'none',
      states: options.maps === 'all' && cover !== null,
    },
  });
  const segmentation = segmentationOptions(options);
  if (segmentation !== null && options.maps === 'all') specs.push(...segmentationMapSpecs(grid));
  const allSeriesSpecs = specs.filter((map) => map.annual === undefined);
  const nZones = run.zones.zones.length + run.zones.unions.length;
  const years = Float64Array.from(run.years);
  const states = {
    disturbedBelow: options.disturbedBelow,
    recoveredAbove: options.recoveredAbove,
    disturbedYears: options.disturbedYears,
    recoveredYears: options.recoveredYears,
    assessableFrom: 0.1,
    fillGaps: options.fillGaps,
    filterFlips: options.filterFlips,
  };
  const sieve = cover === null ? null : planSieve(options, grid);
  const patches = { scratch, years, cover, baseline, states };
  const kept = sieve === null ? null : await findPatches(runner, progress, tiles, patches, sieve);
  const shared: Omit<SeriesTask, 'tile' | 'tileIndex' | 'zones' | 'fieldZones' | 'sieve' | 'maps'> = {
    scratch,
    years,
    cover,
    trendOn: options.trendOn === 'index' ? 'index' : 'fvc',
    levels,
    fdr: options.fdr === 'off' ? null : options.fdr,
    legend: options.legend,
    minYears: options.minYears,
    epsilon: options.epsilon,
    pMethod: options.pMethod,
    correction: options.correction,
    baseline,
    states,
    pairs: run.transitions,
    cohorts: hasCohorts(nZones, run.years.length),
    segmentation,
  };
  const { scratch: _place, fdr: _fdr, ...deciding } = shared;
  const planned = planMaps(pass.output.folder, pass.earlier, specs, pass.keys, cover, [deciding, sieve]);
  // Trend and states come in one go: where one map of them is wanted, all are made.
  const seriesSpecs = allSeriesSpecs.every(({ key }) => planned.get(key)!.kept) ? [] : allSeriesSpecs;
  const encoded = new Map(
    seriesSpecs.map(({ key }) => [key, Array.from<EncodedTile | null>({ length: tiles.length }).fill(null)]),
  );
  const length = zoneSumsLength(scratch.nTimes);
  const sums = Array.from({ length: nZones + run.zones.rings.length }, () => exactSums(length));
  const field = options.fdr === 'off' ? null : emptyField();
  const land: LandTotals = new Map();
  const agreement: SegmentationTotals = new Map();
  progress.begin('series', tiles.length);
  await runAll(runner.concurrency, tiles.keys(), async (tileIndex) => {
    const tile = tiles[tileIndex]!;
    const own = sieve === null ? null : { ...sieve, kept: kept![tileIndex]! };
    const result = await againIfWorkerDied(async () => {
      const zones = run.zones.slices(tile);
      if (zones.length === 0 && seriesSpecs.length === 0) return undefined;
      const transfer = zones.flatMap((zone) => [zone.index.buffer, zone.weight.buffer] as ArrayBuffer[]);
      return runner.run(
        'series',
        { ...shared, maps: seriesSpecs, sieve: own, fieldZones: run.zones.zones.length, tile, tileIndex, zones },
        transfer,
      );
    });
    if (result === undefined) return progress.step();
    for (const [key, map] of Object.entries(result.maps)) encoded.get(key)![tileIndex] = map;
    for (const { zone, values } of result.sums) {
      for (let k = 0; k < length; k++) addExact(sums[zone]!, k, values[k]!);
    }
    if (field !== null && result.field !== null) addField(field, result.field);
    addLand(land, result.land);
    addAgreement(agreement, result.segmentation);
    progress.step();
  });
  progress.end();
  return { specs, planned, encoded, sums, field, land, segmentation: agreement, sieve };
}

/** Writes the maps, and carries over those that are there already. */
async function mapPass(pass: Pass, cover: Cover, series: SeriesPass): Promise<Execution['maps']> {
  const { output, runner, progress, scratch } = pass;
  const maps: Execution['maps'] = [];
  const syncs: Promise<void>[] = [];
  progress.begin('maps', series.specs.length);
  await runAll(runner.concurrency, series.specs.entries(), async ([k, { key, spec, annual }]) => {
    const file = `maps/${key}.tif`;
    const path = join(output.work, file);
    const { depends, kept } = series.planned.get(key)!;
    const encoded = series.encoded.get(key);
    let written: WrittenMap;
    if (kept !== undefined && encoded === undefined) {
      carryOver(output.folder, kept, path);
      written = { bytes: kept.bytes, sha256: kept.sha256 };
    } else if (annual === undefined) {
      const tiles = encoded!.map((tile) => tile?.tile ?? null);
      const halves = encoded!.map((tile) => tile?.half ?? null);
      written = await runner.run('assemble', { path, spec, tiles, halves });
    } else {
      written = await runner.run('annualMap', { path, spec, scratch, cover, ...annual });
    }
    maps[k] = { key, file, ...written, spec, depends };
    // The disk works while the next map is made.
    const sync = syncFile(path);
    sync.catch(() => {});
    syncs.push(sync);
    progress.step();
  });
  await Promise.all(syncs);
  progress.end();
  return maps;
}
