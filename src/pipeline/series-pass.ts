/**
 * Pass 2: trend, states and sums of all tiles.
 * @module
 */
import { addExact, exactSums } from '../kernels/exact-sum.ts';
import type { Baseline, Cover, EncodedTile, SeriesTask } from '../tasks/contract.ts';
import { mapSpecs, type MapSpec } from '../tasks/maps.ts';
import { segmentationMapSpecs } from '../tasks/segmentation.ts';
import { zoneSumsLength } from '../tasks/zone-sums.ts';
import { addField, emptyField, type FieldTotals } from './field.ts';
import { planMaps, type PlannedMap } from './kept-maps.ts';
import { addLand, hasCohorts, type LandTotals } from './land.ts';
import { addStanding, type StandingTotals } from './permutation-figures.ts';
import type { Permutation } from './permutation.ts';
import { againIfWorkerDied } from './pool.ts';
import { runAll } from './run-all.ts';
import { addAgreement, segmentationOptions, type SegmentationTotals } from './segmentation.ts';
import { findPatches, planSieve, type Sieve } from './sieve.ts';
import type { TilePass } from './tile-pass.ts';

/** What the pass found, and the tiles of its maps. */
export interface SeriesPass {
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

/** Runs the pass. Nothing of it depends on the order in which tiles are done. */
export async function seriesPass(
  pass: TilePass,
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
