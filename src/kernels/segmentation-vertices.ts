/**
 * Where a series may bend: despiking, the search for vertices, and culling them by angle (Kennedy et al. 2010, 2.2–2.4).
 * @module
 */
import { meanOf, regressionSlope } from './segmentation-fit.ts';

/** Weight of a fall after a vertex when vertices are culled; fixed in the published program. */
const LOSS_WEIGHT = 2;

/** Standard deviations of a value's distance to the line between its neighbours, from which on it stands out … */
const STANDS_OUT = 4 * Math.sqrt(1.5);

/** … and of the difference of its neighbours, up to which these agree. */
const AGREE = 3 * Math.SQRT2;

/**
 * Dampens spikes in place: single years that leave the level of their neighbours while these agree.
 *
 * The spike of a year is 1 − |y₊ − y₋| / max(|y − y₋|, |y − y₊|). The greatest one is taken first: while it is above the
 * threshold, that share of its distance to the line between its neighbours is taken off. At most n times; ends stay.
 *
 * @param t Times, ascending.
 * @param y Values without gaps, changed.
 * @param threshold 0–1; 1 leaves the series as it is.
 * @param noise Standard deviation of the noise. Where it is above 0, a value that does not stand out of it is no spike, and
 *   one that does is a spike also if its neighbours agree within the noise. 0 in the published program.
 */
export function despike(t: Float64Array, y: Float64Array, n: number, threshold: number, noise: number): void {
  if (threshold >= 1) return;
  for (let round = 0; round < n; round++) {
    let worst = 0;
    let at = 0;
    for (let i = 1; i < n - 1; i++) {
      const before = y[i]! - y[i - 1]!;
      const after = y[i + 1]! - y[i]!;
      const apart = Math.abs(before + after);
      const farther = Math.max(Math.abs(before), Math.abs(after));
      const spike = farther === 0 ? 0 : 1 - apart / farther;
      if (spike <= worst) continue;
      if (noise > 0) {
        if (spike <= threshold && apart > AGREE * noise) continue;
        if (Math.abs(y[i]! - between(t, y, i)) <= STANDS_OUT * noise) continue;
      } else if (spike <= threshold) continue;
      worst = spike;
      at = i;
    }
    if (at === 0) return;
    y[at]! += worst * (between(t, y, at) - y[at]!);
  }
}

/** The line between the neighbours of a year, in that year. */
function between(t: Float64Array, y: Float64Array, i: number): number {
  const share = (t[i]! - t[i - 1]!) / (t[i + 1]! - t[i - 1]!);
  return y[i - 1]! + share * (y[i + 1]! - y[i - 1]!);
}

/** Scratch of {@link findVertices}: by segment its mean square, and where it would be split (−1 = nowhere). */
export interface VertexScratch {
  readonly meanSquare: Float64Array;
  readonly splitAt: Int32Array;
}

/**
 * Candidates: the ends, and then always the year that is farthest from the regression line of the segment with the
 * greatest mean square about its line.
 *
 * @param limit The most vertices wanted; not more than n − 2 are found, but always 2.
 * @param preventOneYearRecovery The last but one year is not taken if the last year lies above it.
 * @param vertices Filled with ascending indices; room for `limit`.
 * @returns How many.
 */
export function findVertices(
  t: Float64Array,
  y: Float64Array,
  n: number,
  limit: number,
  preventOneYearRecovery: boolean,
  scratch: VertexScratch,
  vertices: Int32Array,
): number {
  const { meanSquare, splitAt } = scratch;
  vertices[0] = 0;
  vertices[1] = n - 1;
  let count = 2;
  scoreSegment(t, y, n, 0, n - 1, preventOneYearRecovery, 0, scratch);
  const most = Math.min(limit, n - 2);
  while (count < most) {
    let segment = -1;
    let greatest = 0;
    for (let s = 0; s < count - 1; s++) {
      if (splitAt[s]! >= 0 && meanSquare[s]! > greatest) {
        greatest = meanSquare[s]!;
        segment = s;
      }
    }
    if (segment < 0) return count;
    for (let s = count - 1; s > segment; s--) {
      vertices[s + 1] = vertices[s]!;
      meanSquare[s] = meanSquare[s - 1]!;
      splitAt[s] = splitAt[s - 1]!;
    }
    vertices[segment + 1] = splitAt[segment]!;
    count++;
    for (let s = segment; s <= segment + 1; s++) {
      scoreSegment(t, y, n, vertices[s]!, vertices[s + 1]!, preventOneYearRecovery, s, scratch);
    }
  }
  return count;
}

/** The mean square of one segment about its regression line, and its year farthest from it. */
function scoreSegment(
  t: Float64Array,
  y: Float64Array,
  n: number,
  from: number,
  to: number,
  preventOneYearRecovery: boolean,
  segment: number,
  scratch: VertexScratch,
): void {
  scratch.meanSquare[segment] = 0;
  scratch.splitAt[segment] = -1;
  const length = to - from + 1;
  if (length <= 2) return;
  const meanT = meanOf(t, from, to);
  const meanY = meanOf(y, from, to);
  const slope = regressionSlope(t, y, from, to);
  const last = preventOneYearRecovery && to === n - 1 && y[to]! >= y[to - 1]! ? to - 2 : to - 1;
  let sum = 0;
  let farthest = 0;
  for (let i = from; i <= to; i++) {
    const residual = y[i]! - meanY - slope * (t[i]! - meanT);
    sum += residual * residual;
    const distance = Math.abs(residual);
    if (i > from && i <= last && distance > farthest) {
      farthest = distance;
      scratch.splitAt[segment] = i;
    }
  }
  scratch.meanSquare[segment] = sum / length;
}

/**
 * Takes out, one by one, the vertex with the flattest surroundings, until `limit` are left.
 *
 * Values are stretched to the length of the series, so that angles mean something. A vertex weighs as much as the steeper
 * of its two segments, max(|atan before|, |atan after|), times 1 + 2 · (fall after it / range of the values).
 *
 * @param vertices Ascending indices, changed in place.
 * @param angles Scratch, as long as vertices.
 * @returns How many are left.
 */
export function cullVertices(
  t: Float64Array,
  y: Float64Array,
  n: number,
  limit: number,
  vertices: Int32Array,
  count: number,
  angles: Float64Array,
): number {
  if (count <= limit) return count;
  let low = y[0]!;
  let high = y[0]!;
  for (let i = 1; i < n; i++) {
    low = Math.min(low, y[i]!);
    high = Math.max(high, y[i]!);
  }
  const range = t[n - 1]! - t[0]!;
  const stretch = range / (high - low);
  for (let k = 1; k < count - 1; k++) angles[k] = vertexWeight(t, y, vertices, k, stretch, range);
  while (count > limit) {
    let flattest = 1;
    for (let k = 2; k < count - 1; k++) if (angles[k]! < angles[flattest]!) flattest = k;
    for (let k = flattest; k < count - 1; k++) {
      vertices[k] = vertices[k + 1]!;
      angles[k] = angles[k + 1]!;
    }
    count--;
    if (flattest > 1) angles[flattest - 1] = vertexWeight(t, y, vertices, flattest - 1, stretch, range);
    if (flattest < count - 1) angles[flattest] = vertexWeight(t, y, vertices, flattest, stretch, range);
  }
  return count;
}

function vertexWeight(
  t: Float64Array,
  y: Float64Array,
  vertices: Int32Array,
  k: number,
  stretch: number,
  range: number,
): number {
  const before = vertices[k - 1]!;
  const at = vertices[k]!;
  const after = vertices[k + 1]!;
  const riseBefore = stretch * (y[at]! - y[before]!);
  const riseAfter = stretch * (y[after]! - y[at]!);
  const steepBefore = Math.abs(riseBefore / (t[at]! - t[before]!));
  const steepAfter = Math.abs(riseAfter / (t[after]! - t[at]!));
  const scale = 1 + Math.max(0, (-riseAfter * LOSS_WEIGHT) / range);
  return scale * Math.atan(Math.max(steepBefore, steepAfter));
}
