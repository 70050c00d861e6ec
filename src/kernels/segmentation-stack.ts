/**
 * The segmentation of every pixel of a stack: when it was disturbed, when it recovered, its greatest loss.
 * @module
 */
import { checkLength } from './pixel-array.ts';
import { segmenter, type SegmentationOptions, type Segmenter } from './segmentation-scratch.ts';
import { segmentPrepared } from './segmentation.ts';
import type { StateOptions } from './states.ts';

/** What counts as disturbed and recovered on a trajectory: the rule of the land states. */
export type TrajectoryRule = Pick<
  StateOptions,
  'disturbedBelow' | 'recoveredAbove' | 'recoveredYears' | 'assessableFrom'
>;

/** Arrays that {@link segmentStack} fills, each of length nPixels. */
export interface SegmentationOut {
  /** Vertices of the trajectory; 0 where there are too few years. */
  readonly vertices: Uint8Array;
  /** Root mean square error; NaN where there are too few years. */
  readonly rmse: Float32Array;
  /** Of the segment with the greatest loss: its first year, 0 = none. */
  readonly lossYear: Uint16Array;
  /** Its loss of cover, positive: 0 = none, NaN where there are too few years. */
  readonly magnitude: Float32Array;
  /** Its years; 0 = none. */
  readonly duration: Uint16Array;
  /** First year of the disturbance; 0 = never. */
  readonly disturbedYear: Uint16Array;
  /** Year of the recovery after it; 0 = never. */
  readonly recoveredYear: Uint16Array;
  /** 1 where there is a trajectory, and a reference to hold it against in some year with data. */
  readonly compared: Uint8Array;
}

/** Empty results for so many pixels. */
export function segmentationOut(nPixels: number): SegmentationOut {
  return {
    vertices: new Uint8Array(nPixels),
    rmse: new Float32Array(nPixels).fill(NaN),
    lossYear: new Uint16Array(nPixels),
    magnitude: new Float32Array(nPixels).fill(NaN),
    duration: new Uint16Array(nPixels),
    disturbedYear: new Uint16Array(nPixels),
    recoveredYear: new Uint16Array(nPixels),
    compared: new Uint8Array(nPixels),
  };
}

/**
 * Segments each pixel and reads its trajectory.
 *
 * Disturbed: the trajectory comes down to d·reference or lies there from the start. The year is the first year with data
 * after the vertex where the fall began, not the year in which the threshold is passed. Recovered: after that it is at or
 * above r·reference in `recoveredYears` years with data; the year is the last of these, as in the land states.
 *
 * @param fvc Vegetation cover 0–1 in [t][pixel] order, NaN = no data.
 * @param years Calendar years, length nTimes, ascending.
 * @param reference Cover of undisturbed land, per pixel or per year. Where it is NaN or below `assessableFrom` the year is
 *   not looked at.
 * @param wanted 1 where a pixel is segmented, length nPixels; the others keep what is in `out`. Null: all are.
 * @throws {RangeError} if lengths differ or an option is out of range.
 */
export function segmentStack(
  fvc: Float32Array,
  nTimes: number,
  nPixels: number,
  years: Float64Array,
  reference: Float64Array,
  referencePer: 'pixel' | 'year',
  rule: TrajectoryRule,
  options: SegmentationOptions,
  wanted: Uint8Array | null,
  out: SegmentationOut,
): void {
  checkLength('fvc', fvc.length, nTimes * nPixels);
  checkLength('years', years.length, nTimes);
  checkLength('reference', reference.length, referencePer === 'pixel' ? nPixels : nTimes);
  for (const [name, array] of Object.entries(out)) checkLength(name, (array as Uint8Array).length, nPixels);
  if (wanted !== null) checkLength('wanted', wanted.length, nPixels);
  const s = segmenter(nTimes, options);
  const levels = new Float64Array(nTimes);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    if (wanted !== null && wanted[pixel] === 0) continue;
    let n = 0;
    for (let t = 0, at = pixel; t < nTimes; t++, at += nPixels) {
      const value = fvc[at]!;
      if (value !== value) continue;
      s.t[n] = years[t]!;
      levels[n] = reference[referencePer === 'pixel' ? pixel : t]!;
      s.raw[n++] = value;
    }
    const count = segmentPrepared(s, n);
    if (count === 0) continue;
    out.vertices[pixel] = count;
    out.rmse[pixel] = s.quality.rmse;
    readLoss(s, count, pixel, out);
    readDisturbance(s, count, levels, rule, pixel, out);
  }
}

function readLoss({ t, vertices, fitted }: Segmenter, count: number, pixel: number, out: SegmentationOut): void {
  let greatest = 0;
  let segment = -1;
  for (let k = 0; k < count - 1; k++) {
    const loss = fitted[k]! - fitted[k + 1]!;
    if (loss > greatest) {
      greatest = loss;
      segment = k;
    }
  }
  out.magnitude[pixel] = greatest;
  if (segment < 0) return;
  out.lossYear[pixel] = t[vertices[segment]! + 1]!;
  out.duration[pixel] = t[vertices[segment + 1]!]! - t[vertices[segment]!]!;
}

function readDisturbance(
  { t, vertices, fitted }: Segmenter,
  count: number,
  levels: Float64Array,
  { disturbedBelow, recoveredAbove, recoveredYears, assessableFrom }: TrajectoryRule,
  pixel: number,
  out: SegmentationOut,
): void {
  let disturbed = 0;
  let highYears = 0;
  for (let k = 0; k < count - 1; k++) {
    const from = vertices[k]!;
    const to = vertices[k + 1]!;
    const slope = (fitted[k + 1]! - fitted[k]!) / (t[to]! - t[from]!);
    for (let i = k === 0 ? from : from + 1; i <= to; i++) {
      const level = levels[i]!;
      if (!(level >= assessableFrom)) continue;
      out.compared[pixel] = 1;
      // Cover is float32; on the thresholds a fitted value is held to be what it is without rounding.
      const value = Math.fround(fitted[k]! + slope * (t[i]! - t[from]!));
      if (disturbed === 0) {
        if (value <= disturbedBelow * level) {
          disturbed = slope < 0 && i > 0 ? t[from + 1]! : t[i]!;
          out.disturbedYear[pixel] = disturbed;
        }
        continue;
      }
      highYears = value >= recoveredAbove * level ? highYears + 1 : 0;
      if (highYears >= recoveredYears) {
        out.recoveredYear[pixel] = t[i]!;
        return;
      }
    }
  }
}
