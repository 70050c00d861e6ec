/**
 * Pass 2: one tile of the output, all years.
 * @module
 */
import { landStates, medianReference } from '../kernels/states.ts';
import { trendStack } from '../kernels/trend.ts';
import { reduceByTwo, type CogSpec } from '../raster/cog.ts';
import type { PixelArray } from '../raster/geotiff-file.ts';
import type { EncodedTile, SeriesResult, SeriesTask } from './contract.ts';
import { fieldSums } from './field-sums.ts';
import { applyCover } from './refine.ts';
import { ownSpool } from './resources.ts';
import { readAnnualCounts, readAnnualValues } from './scratch.ts';
import { encodeImageTile, hasOverviews } from './tile-image.ts';
import { sumZone } from './zone-sums.ts';

/** Computes FVC, trend and states of one tile, encodes its maps and sums its zones. */
export function seriesTask(task: SeriesTask): SeriesResult {
  const { tile, scratch, years } = task;
  const nTimes = scratch.nTimes;
  const nPixels = tile.width * tile.height;
  const encoder = new TileEncoder(task);

  const values = new Float32Array(nTimes * nPixels);
  readAnnualValues(scratch, tile, values);
  const counts = new Uint16Array(nTimes * nPixels);
  readAnnualCounts(scratch, tile, counts);

  const trend = {
    trendClass: new Uint8Array(nPixels),
    slope: new Float32Array(nPixels),
    p: new Float32Array(nPixels),
    z: new Float32Array(nPixels),
    n: new Uint16Array(nPixels),
  };
  const { minYears, epsilon, legend, pMethod } = task;
  const trendOptions = { years, minYears, epsilon, legend, pMethod };
  if (task.trendOn === 'index') trendStack(values, nTimes, nPixels, trendOptions, trend);
  applyCover(values, task.cover);
  if (task.trendOn === 'fvc') {
    const tested = task.levels === null ? values : lessLevels(values, task.levels, nPixels);
    trendStack(tested, nTimes, nPixels, trendOptions, trend);
  }
  encoder.encode('trend_class', trend.trendClass);
  encoder.encode('trend_slope', trend.slope);
  encoder.encode('trend_p', trend.p);
  encoder.encode('trend_z', trend.z);
  encoder.encode('trend_n', trend.n);

  let states: Uint8Array | null = null;
  if (task.cover !== null) {
    const found = statesOfTile(task, values, nPixels);
    states = found.state;
    encoder.encodeStates(states, nTimes, nPixels);
    encoder.encode('disturbed_year', found.disturbedYear);
    encoder.encode('recovered_year', found.recoveredYear);
  }

  const tileValues = { nTimes, nPixels, trendClass: trend.trendClass, values, counts, states };
  const sums = task.zones.map((zone) => ({ zone: zone.zone, values: sumZone(zone, tileValues) }));
  const field = task.fdr === null ? null : fieldSums(task.zones, trend.trendClass, trend.p, legend, task.fdr);
  return { tileIndex: task.tileIndex, maps: encoder.maps, sums, field };
}

/** A copy with one level taken off each year; NaN, and so a gap, where the year has none. */
function lessLevels(values: Float32Array, levels: Float64Array, nPixels: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let t = 0, i = 0; t < levels.length; t++) {
    const level = levels[t]!;
    for (const end = i + nPixels; i < end; i++) out[i] = values[i]! - level;
  }
  return out;
}

function statesOfTile(task: SeriesTask, fvc: Float32Array, nPixels: number) {
  const nTimes = task.scratch.nTimes;
  const out = {
    state: new Uint8Array(nTimes * nPixels),
    disturbedYear: new Uint16Array(nPixels),
    recoveredYear: new Uint16Array(nPixels),
  };
  let reference: Float64Array;
  if (task.baseline.kind === 'years') {
    reference = new Float64Array(nPixels);
    medianReference(fvc, nTimes, nPixels, task.baseline.from, task.baseline.to, reference);
  } else {
    reference = task.baseline.perYear;
  }
  const per = task.baseline.kind === 'years' ? 'pixel' : 'year';
  landStates(fvc, nTimes, nPixels, reference, per, task.years, task.states, out);
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

  /** State maps hold a band a year, interleaved by pixel. */
  encodeStates(states: Uint8Array, nTimes: number, nPixels: number): void {
    if (!this.#specs.has('state')) return;
    const interleaved = new Uint8Array(states.length);
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
      const reduced = reduceByTwo(pixels, width, height, spec.samples, spec.overview, spec.nodata).pixels;
      half = store(new Uint8Array(reduced.buffer, reduced.byteOffset, reduced.byteLength));
    }
    this.maps[key] = { tile, half };
  }
}
