/**
 * The passes over the pixels.
 * @module
 */
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { Window } from '../geo/window.ts';
import { exactSums, exactValue, addExact } from '../kernels/exact-sum.ts';
import type { AuditFigures } from '../report/audit-model.ts';
import type { ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { Baseline, Cover, EncodedTile, Scratch, SeriesTask, WrittenMap } from '../tasks/contract.ts';
import { mapSpecs, type MapSpec } from '../tasks/maps.ts';
import { segmentationMapSpecs } from '../tasks/segmentation.ts';
import { tilesAcross, tileWindow } from '../tasks/scratch.ts';
import { zoneSumsLength } from '../tasks/zone-sums.ts';
import type { AnnualKey } from './annual-key.ts';
import { annualPass } from './annual-pass.ts';
import { auditRun } from './audit.ts';
import type { AnnualStore } from './annual-store.ts';
import { isUrl } from '../url.ts';
import { chooseBlockSize, cutIntoBlocks, type BlockSize } from './blocks.ts';
import type { WrittenMapFile } from './extras.ts';
import { percentileEndpoints, selectedHighCounts, type Endpoints } from './endpoints.ts';
import { addField, closeField, emptyField, type Field, type FieldTotals } from './field.ts';
import { addLand, hasCohorts, type LandTotals } from './land.ts';
import { digestsToKeep, startDigests, type InputDigest, type RunningDigests } from './input-digests.ts';
import { carryOver, planMaps, type PlannedMap } from './kept-maps.ts';
import { syncFile, type OutputFolder } from './output.ts';
import { againIfWorkerDied, runAll, type TaskRunner } from './pool.ts';
import { inputFiles, unknownZone, type Preparation } from './prepare.ts';
import { SILENT, type Progress } from './progress.ts';
import type { KeptDigest, RunCache } from './run-cache.ts';
import { addAgreement, segmentationOptions, type SegmentationTotals } from './segmentation.ts';
import { permutationPass, type Permutation } from './permutation.ts';
import { addStanding, type StandingTotals } from './permutation-figures.ts';
import { seasonPass, type SeasonTotals } from './seasons.ts';
import { findPatches, planSieve, type Sieve } from './sieve.ts';
import { insideSelection, type PreparedZone } from './zones.ts';

/** What the passes over the pixels found. */
export interface Findings {
  /** Null where the run makes no FVC. */
  endpoints: Endpoints | null;
  /** Level per year where states are held against zones; null otherwise. */
  referenceLevels: Float64Array | null;
  /** What was taken off each year's FVC before its trend; null where nothing was. */
  trendLevels: Float64Array | null;
  /** Null where field significance is off. */
  field: Field | null;
  /** What stands when years are shuffled, and on how much land; null where they are not. */
  permutation: (Permutation & { standing: StandingTotals }) | null;
  /** Sums of the zones by season; null without seasons. */
  seasons: SeasonTotals | null;
  /** Transitions, cohorts and recovery metrics by zone. */
  land: LandTotals;
  /** Empty where the run segments nothing. */
  segmentation: SegmentationTotals;
  /** Null where the run is not audited. */
  audit: AuditFigures | null;
  /** Null where patches of any size count. */
  sieve: Sieve | null;
  /** Exact sums by zone number, in the layout of tasks/zone-sums.ts, read with `exactValue`. */
  sums: Float64Array[];
  /** Clear cells of each used scene, and cells of the extent. */
  clearCells: Map<string, number>;
  /** Distribution of each used scene's reflectances; none where the index is ready-made. */
  reflectances: Map<string, ReflectanceFigures>;
  cells: number;
  blockSize: BlockSize;
}

/** All that a run found and wrote. */
export interface Execution extends Findings {
  /** `depends` is the digest of all that the map depends on. */
  maps: (WrittenMapFile & { depends: string })[];
  inputs: InputDigest[];
  /** The digests, for the next run. */
  digests: Record<string, KeptDigest>;
}

/** A run whose figures are known, while its maps are still being written. */
export interface Found extends Findings {
  /** Waits for the maps and the digests of the inputs. */
  finish(): Promise<Execution>;
}

/** What earlier runs left. */
export interface Kept {
  years: AnnualStore;
  /** Undefined where there is none, or it is not to be used. */
  earlier: RunCache | undefined;
  /** Digests of the inputs where they are being taken already. */
  digests: RunningDigests | undefined;
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
 * Runs all passes of a prepared run. When it returns, the workers are still writing its maps into the work folder.
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
): Promise<Found> {
  const { grid, source } = run.gridPlan;
  const nTiles = tilesAcross(grid.width) * tilesAcross(grid.height);
  const tiles = Array.from({ length: nTiles }, (_, k) => tileWindow(grid.width, grid.height, k));
  const files = inputFiles(run);
  const digests = kept.digests ?? startDigests(runner, files, kept.earlier);
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
  const work = { runner, progress, folder: output.scratch, blocks, tiles, cover };
  const seasons = run.seasons && (await seasonPass(run, run.seasons, work));
  const permutation = await shuffleYears(pass, cover, levels);
  const series = await seriesPass(pass, cover, baseline, levels, permutation);
  const audit = run.options.audit ? await auditOf(pass, cover, series.sums, annual.highCounts, selected) : null;
  const writing = mapPass(pass, cover, series);
  // Whoever waits for them gets the error.
  writing.catch(() => {});
  const found: Findings = {
    endpoints,
    referenceLevels: baseline.kind === 'zones' ? baseline.perYear : null,
    trendLevels: levels,
    field: closed(run, series.field),
    seasons,
    permutation: permutation && { ...permutation, standing: series.standing },
    land: series.land,
    segmentation: series.segmentation,
    audit,
    sieve: series.sieve,
    sums: series.sums,
    clearCells: annual.clearCells,
    reflectances: annual.reflectances,
    cells: grid.width * grid.height,
    blockSize: size,
  };
  const finish = async (): Promise<Execution> => {
    const maps = await writing;
    const inputs = await digests.finish(progress);
    return { ...found, maps, inputs, digests: digestsToKeep(inputs, digests.stamps) };
  };
  return { ...found, finish };
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
  const { run } = pass;
  const rule = run.fvc;
  if (rule.kind === 'none') return null;
  if (rule.kind === 'fixed') return { soil: rule.soil, vegetation: rule.vegetation, source: 'given with --fvc' };
  const p = rule.percentile;
  const found = await endpointsOf(pass, highCounts, selected, p);
  const place = selected === null ? 'the processed extent' : `zone ${selected.zone.id}`;
  return { ...found, source: `percentiles ${p} and ${100 - p} of all valid annual values in ${place}, all years` };
}

/** Endpoints at a percentile of the land that they are taken from. */
async function endpointsOf(
  { runner, progress, scratch, tiles }: Pass,
  highCounts: Float64Array,
  selected: PreparedZone | null,
  percentile: number,
): Promise<Endpoints> {
  const selectionOf = (tile: Window) => (selected === null ? null : insideSelection(selected, tile));
  const counts =
    selected === null ? highCounts : await selectedHighCounts(runner, progress, scratch, tiles, selectionOf);
  return percentileEndpoints(runner, progress, scratch, tiles, counts, percentile, selectionOf);
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

/** The permutation test; null where it is off. */
async function shuffleYears(pass: Pass, cover: Cover, levels: Float64Array | null): Promise<Permutation | null> {
  const { run, runner, progress, scratch, tiles } = pass;
  if (run.permutation === null) return null;
  const trendOn = run.options.trendOn === 'index' ? ('index' as const) : ('fvc' as const);
  const values = { scratch, cover, trendOn, levels };
  return permutationPass(run.permutation, run.options, run.zones, runner, progress, tiles, values);
}

/** What masks, sensors and chosen numbers do to the figures. The passes that it repeats say nothing and leave no maps. */
async function auditOf(
  pass: Pass,
  cover: Cover,
  sums: readonly Float64Array[],
  highCounts: Float64Array,
  selected: PreparedZone | null,
): Promise<AuditFigures> {
  const { run, runner, progress, tiles } = pass;
  const silent: Pass = { ...pass, progress: SILENT };
  return auditRun(run, {
    runner,
    progress,
    tiles,
    cover,
    sums,
    async sumsWith(other, changed) {
      const options = { ...run.options, ...changed, maps: 'none', fdr: 'off', segmentation: 'off' } as const;
      const varied: Pass = { ...silent, run: { ...run, options, transitions: [] } };
      const plan = run.baseline;
      const baseline: Baseline =
        plan.kind === 'years'
          ? { kind: 'years', from: plan.from, to: plan.to }
          : { kind: 'zones', perYear: await meanPerYear(varied, plan.zones, other) };
      const levels = await findLevels(varied, other, baseline);
      return (await seriesPass(varied, other, baseline, levels, null)).sums;
    },
    endpointsAt: (percentile) => endpointsOf(silent, highCounts, selected, percentile),
  });
}

interface SeriesPass {
  specs: MapSpec[];
  planned: Map<string, PlannedMap>;
  /** By map key: one entry a tile. */
  encoded: Map<string, (EncodedTile | null)[]>;
  sums: Float64Array[];
  field: FieldTotals | null;
  standing: StandingTotals;
  land: LandTotals;
  segmentation: SegmentationTotals;
  sieve: Sieve | null;
}

async function seriesPass(
  pass: Pass,
  cover: Cover,
  baseline: Baseline,
  levels: Float64Array | null,
  permutation: Permutation | null,
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
  const shared: Omit<SeriesTask, 'tile' | 'tileIndex' | 'zones' | 'fieldZones' | 'sieve' | 'maps' | 'verdicts'> = {
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
  const standing: StandingTotals = new Map();
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
        {
          ...shared,
          maps: seriesSpecs,
          sieve: own,
          fieldZones: run.zones.zones.length,
          verdicts: permutation && permutation.ofTile(tileIndex),
          tile,
          tileIndex,
          zones,
        },
        transfer,
      );
    });
    if (result === undefined) return progress.step();
    for (const [key, map] of Object.entries(result.maps)) encoded.get(key)![tileIndex] = map;
    for (const { zone, values } of result.sums) {
      for (let k = 0; k < length; k++) addExact(sums[zone]!, k, values[k]!);
    }
    if (field !== null && result.field !== null) addField(field, result.field);
    addStanding(standing, result.permutation);
    addLand(land, result.land);
    addAgreement(agreement, result.segmentation);
    progress.step();
  });
  progress.end();
  return { specs, planned, encoded, sums, field, standing, land, segmentation: agreement, sieve };
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
