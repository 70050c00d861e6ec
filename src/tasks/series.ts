/**
 * Pass 2: one tile of the output, all years.
 * @module
 */
import { recoveryMetrics, recoveryOut, type RecoveryOut } from '../kernels/recovery-metrics.ts';
import { correctedTrendStack } from '../kernels/corrected-trend.ts';
import { trendStack } from '../kernels/trend.ts';
import { reduceByTwo, type CogSpec } from '../raster/cog.ts';
import type { PixelArray } from '../raster/geotiff-file.ts';
import type { EncodedTile, SeriesResult, SeriesTask } from './contract.ts';
import { fieldSums } from './field-sums.ts';
import { sieveStates, statesOfTile, statesOfZones, type TileStates } from './land-states.ts';
import { LAND_BLOCK, sumLand } from './land-sums.ts';
import { RECOVERY_MAPS } from './maps.ts';
import { sumStanding } from './permutation.ts';
import { applyCover } from './refine.ts';
import { ownSpool } from './resources.ts';
import { segmentTile, SEGMENTATION_MAPS, sumAgreement } from './segmentation.ts';
import { reusable, reusablePixels } from '../raster/reusable.ts';
import { annualCountsOf, annualValuesOf } from './scratch.ts';
import { encodeImageTile, hasOverviews } from './tile-image.ts';
import { cutOffOf, lessLevels } from './series-values.ts';
import { sumZone } from './zone-sums.ts';

/** Maps for which the states of all pixels are needed. */
const STATE_MAPS = [
  'state',
  'disturbed_year',
  'recovered_year',
  ...[...RECOVERY_MAPS, ...SEGMENTATION_MAPS].map(({ key }) => key),
];

const trendArrays = {
  trendClass: reusable(Uint8Array),
  slope: reusable(Float32Array),
  p: reusable(Float32Array),
  z: reusable(Float32Array),
  n: reusable(Uint16Array),
};
const interleavedStates = reusable(Uint8Array);
const halfTile = reusablePixels();
const blockMetrics = recoveryOut(LAND_BLOCK);

/** Computes FVC, trend and states of one tile, encodes its maps and sums its zones. */
export function seriesTask(task: SeriesTask): SeriesResult {
  const { tile, scratch, years } = task;
  const nTimes = scratch.nTimes;
  const nPixels = tile.width * tile.height;
  const encoder = new TileEncoder(task);

  const values = annualValuesOf(scratch, tile);
  // Only zones ask how often the land was seen.
  const counts = task.zones.length === 0 ? new Uint16Array(0) : annualCountsOf(scratch, tile);

  const trend = {
    trendClass: trendArrays.trendClass(nPixels),
    slope: trendArrays.slope(nPixels),
    p: trendArrays.p(nPixels),
    z: trendArrays.z(nPixels),
    n: trendArrays.n(nPixels),
  };
  const { minYears, epsilon, legend, pMethod, correction } = task;
  const trendOptions = { years, minYears, epsilon, legend, pMethod, cutOff: cutOffOf(task) };
  const test = (stack: Float32Array) => {
    if (correction === 'none') trendStack(stack, nTimes, nPixels, trendOptions, trend);
    else correctedTrendStack(stack, nTimes, nPixels, { ...trendOptions, correction }, trend);
  };
  if (task.trendOn === 'index') test(values);
  applyCover(values, task.cover);
  if (task.trendOn === 'fvc') test(task.levels === null ? values : lessLevels(values, task.levels, nPixels));
  encoder.encode('trend_class', trend.trendClass);
  encoder.encode('trend_slope', trend.slope);
  encoder.encode('trend_p', trend.p);
  encoder.encode('trend_z', trend.z);
  encoder.encode('trend_n', trend.n);

  let states: Uint8Array | null = null;
  let land: SeriesResult['land'] = [];
  let agreement: SeriesResult['segmentation'] = [];
  // Without a map of them, only zones ask for states; a patch is sieved by all that hangs together with it.
  const mapped = STATE_MAPS.some((key) => encoder.wants(key));
  const everywhere = mapped || task.sieve !== null;
  if (task.cover !== null && (everywhere || task.zones.length > 0)) {
    const sparse = !everywhere && isSparse(task.zones, nPixels);
    const found = sparse ? statesOfZones(task, values, nPixels, task.zones) : statesOfTile(task, values, nPixels);
    if (task.sieve !== null) sieveStates(found, tile, task.sieve);
    states = found.state;
    encoder.encodeStates(states, nTimes, nPixels);
    encoder.encode('disturbed_year', found.disturbedYear);
    encoder.encode('recovered_year', found.recoveredYear);
    if (RECOVERY_MAPS.some(({ key }) => encoder.wants(key))) {
      const metrics = fillRecovery(task, values, found, null, recoveryOut(nPixels));
      for (const { key, metric } of RECOVERY_MAPS) encoder.encode(key, metrics[metric]);
    }
    const metricsOf = (pixels: Uint32Array) => fillRecovery(task, values, found, pixels, blockMetrics);
    const { pairs, cohorts } = task;
    const { disturbedYear, recoveredYear } = found;
    const landTile = { nTimes, nPixels, years, states, disturbedYear, recoveredYear, metricsOf, pairs, cohorts };
    land = sumLand(task.zones, landTile);
    if (task.segmentation !== null) {
      const all = SEGMENTATION_MAPS.some(({ key }) => encoder.wants(key));
      const wanted = all ? null : zonePixels(task.zones, nPixels);
      const segmented = segmentTile(task, task.segmentation, values, found, wanted);
      for (const { key, result } of SEGMENTATION_MAPS) encoder.encode(key, segmented[result]);
      agreement = sumAgreement(task.zones, found, segmented);
    }
  }

  const tileValues = { nTimes, nPixels, trendClass: trend.trendClass, values, counts, states };
  const sums = task.zones.map((zone) => ({ zone: zone.zone, values: sumZone(zone, tileValues) }));
  const field =
    task.fdr === null ? null : fieldSums(task.zones, trend.trendClass, trend.p, legend, task.fdr, task.fieldZones);
  const permutation = task.verdicts === null ? [] : sumStanding(task.zones, trend.trendClass, legend, task.verdicts);
  return { tileIndex: task.tileIndex, maps: encoder.maps, sums, field, permutation, land, segmentation: agreement };
}

/** Whether zones cover so few pixels that it takes less time to gather them than to work out all. */
function isSparse(zones: SeriesTask['zones'], nPixels: number): boolean {
  let n = 0;
  for (const { index } of zones) n += index.length;
  return n < nPixels / 4;
}

/** 1 where a zone covers the pixel. */
function zonePixels(zones: SeriesTask['zones'], nPixels: number): Uint8Array {
  const covered = new Uint8Array(nPixels);
  for (const { index } of zones) for (let k = 0; k < index.length; k++) covered[index[k]!] = 1;
  return covered;
}

/** Fills the recovery metrics of some pixels of a tile, or of all. */
function fillRecovery(
  task: SeriesTask,
  fvc: Float32Array,
  found: TileStates,
  pixels: Uint32Array | null,
  out: RecoveryOut,
): RecoveryOut {
  const { state, reference, referencePer, disturbedYear, recoveredYear } = found;
  const stack = [fvc, state, task.scratch.nTimes, disturbedYear.length, reference, referencePer] as const;
  recoveryMetrics(...stack, task.years, disturbedYear, recoveredYear, pixels, task.states, out);
  return out;
}

/** Encodes maps into this worker's spool, and remembers where. */
class TileEncoder {
  readonly maps: Record<string, EncodedTile> = {};
  readonly #task: SeriesTask;
  readonly #specs: ReadonlyMap<string, CogSpec>;

  constructor(task: SeriesTask) {
    this.#task = task;
    this.#specs = new Map(task.maps.map(({ key, spec }) => [key, spec]));
  }

  /** Whether the run keeps a map. */
  wants(key: string): boolean {
    return this.#specs.has(key);
  }

  /** State maps hold a band a year, interleaved by pixel. */
  encodeStates(states: Uint8Array, nTimes: number, nPixels: number): void {
    if (!this.#specs.has('state')) return;
    const interleaved = interleavedStates(states.length);
    for (let t = 0; t < nTimes; t++) {
      for (let i = 0; i < nPixels; i++) interleaved[i * nTimes + t] = states[t * nPixels + i]!;
    }
    this.encode('state', interleaved);
  }

  encode(key: string, pixels: PixelArray): void {
    const spec = this.#specs.get(key);
    if (spec === undefined) return;
    const { width, height } = this.#task.tile;
    const encoded = encodeImageTile(pixels, width, height, spec);
    if (encoded === null) {
      this.maps[key] = { tile: null, half: null };
      return;
    }
    const spool = ownSpool(this.#task.scratch.folder);
    const store = (bytes: Uint8Array) => ({ spool: spool.path, ...spool.append(bytes) });
    const tile = store(encoded);
    let half = null;
    if (hasOverviews(spec)) {
      const reduced = reduceByTwo(pixels, width, height, spec.samples, spec.overview, spec.nodata, halfTile).pixels;
      half = store(new Uint8Array(reduced.buffer, reduced.byteOffset, reduced.byteLength));
    }
    this.maps[key] = { tile, half };
  }
}
