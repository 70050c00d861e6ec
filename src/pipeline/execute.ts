/**
 * The order of the passes over the pixels.
 * @module
 */
import type { Window } from '../geo/window.ts';
import type { AuditFigures } from '../report/audit-model.ts';
import type { ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { Baseline, Cover, Scratch } from '../tasks/contract.ts';
import { tilesAcross, tileWindow } from '../tasks/scratch.ts';
import { isUrl } from '../url.ts';
import { annualPass } from './annual-pass.ts';
import type { AnnualStore } from './annual-store.ts';
import { auditRun } from './audit.ts';
import { chooseBlockSize, cutIntoBlocks, type BlockSize } from './blocks.ts';
import { percentileEndpoints, selectedHighCounts, type Endpoints } from './endpoints.ts';
import { closeField, type Field, type FieldTotals } from './field.ts';
import { digestsToKeep, startDigests, type InputDigest, type RunningDigests } from './input-digests.ts';
import type { LandTotals } from './land.ts';
import { findBaseline, findLevels, meanPerYear } from './levels.ts';
import { mapPass, type MapFile } from './map-pass.ts';
import type { OutputFolder } from './output.ts';
import type { StandingTotals } from './permutation-figures.ts';
import { permutationPass, type Permutation } from './permutation.ts';
import type { TaskRunner } from './pool.ts';
import { inputFiles, unknownZone, type Preparation } from './prepare.ts';
import { SILENT, type Progress } from './progress.ts';
import type { KeptDigest, RunCache } from './run-cache.ts';
import { seasonPass, type SeasonTotals } from './seasons.ts';
import type { SegmentationTotals } from './segmentation.ts';
import { seriesPass } from './series-pass.ts';
import type { Sieve } from './sieve.ts';
import type { TilePass } from './tile-pass.ts';
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
  maps: MapFile[];
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
  const pass: TilePass = { run, output, keys, earlier: kept.earlier, runner, progress, scratch, tiles };
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
  pass: TilePass,
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
  { runner, progress, scratch, tiles }: TilePass,
  highCounts: Float64Array,
  selected: PreparedZone | null,
  percentile: number,
): Promise<Endpoints> {
  const selectionOf = (tile: Window) => (selected === null ? null : insideSelection(selected, tile));
  const counts =
    selected === null ? highCounts : await selectedHighCounts(runner, progress, scratch, tiles, selectionOf);
  return percentileEndpoints(runner, progress, scratch, tiles, counts, percentile, selectionOf);
}

/** The permutation test; null where it is off. */
async function shuffleYears(pass: TilePass, cover: Cover, levels: Float64Array | null): Promise<Permutation | null> {
  const { run, runner, progress, scratch, tiles } = pass;
  if (run.permutation === null) return null;
  const trendOn = run.options.trendOn === 'index' ? ('index' as const) : ('fvc' as const);
  const values = { scratch, cover, trendOn, levels };
  return permutationPass(run.permutation, run.options, run.zones, runner, progress, tiles, values);
}

/** What masks, sensors and chosen numbers do to the figures. The passes that it repeats say nothing and leave no maps. */
async function auditOf(
  pass: TilePass,
  cover: Cover,
  sums: readonly Float64Array[],
  highCounts: Float64Array,
  selected: PreparedZone | null,
): Promise<AuditFigures> {
  const { run, runner, progress, tiles } = pass;
  const silent: TilePass = { ...pass, progress: SILENT };
  return auditRun(run, {
    runner,
    progress,
    tiles,
    cover,
    sums,
    async sumsWith(other, changed) {
      const options = { ...run.options, ...changed, maps: 'none', fdr: 'off', segmentation: 'off' } as const;
      const varied: TilePass = { ...silent, run: { ...run, options, transitions: [] } };
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
