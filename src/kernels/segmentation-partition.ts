/**
 * The trajectory of a series by its best partition into stretches that are level or on a line.
 *
 * A trajectory without jumps has two vertices for a step, and least squares would rather slant a segment than spend them.
 * Here stretches may jump where they meet, and vertices are put on both sides of the jump.
 * @module
 */
import { fastestRise, fitLeastSquares, regressionSlope, totalSquares, trajectorySquares } from './segmentation-fit.ts';
import { logPOfF } from './segmentation-landtrendr.ts';
import { ROUNDING, type Segmenter } from './segmentation-scratch.ts';
import { despike } from './segmentation-vertices.ts';
import { selectRank } from './select-rank.ts';

/** Median of |a standard normal value|. */
const NORMAL_MEDIAN = 0.6744897501960817;

/** So many values that differ from their neighbours may be the steps of a series without noise. */
const FEW_STEPS = 4;

/** Parameters a line counts for: 2, and half of one because a staircase is mistaken for it; from docs/segmentation.md. */
const LINE = 2.5;

/** Where more breaks pay than there may be, the price of a parameter is raised by this factor until they do not. */
const DEARER = 1.5;

/**
 * Dampens spikes that stand out of the noise, breaks the series where it pays, and fits a trajectory through the vertices
 * that follow.
 *
 * @param n Values in `s.t` and `s.y`.
 * @returns The number of vertices in `s.vertices` and `s.fitted`; 0 if the trajectory is not significant.
 */
export function byPartition(s: Segmenter, n: number): number {
  const { options, t, y, vertices, fitted } = s;
  despike(t, y, n, options.spikeThreshold, noise(t, y, n, s.steps));
  const total = totalSquares(t, y, n);
  s.quality.p = 1;
  if (total === 0) return 0;
  const stretches = partition(s, n, total);
  let count = verticesOf(s, n, stretches);
  for (;;) {
    fitLeastSquares(t, y, vertices, count, s, fitted);
    const tooFast = fastestRise(t, vertices, fitted, count, options.recoveryThreshold);
    if (tooFast < 0 || count === 2) break;
    for (let k = tooFast === count - 2 ? tooFast : tooFast + 1; k < count - 1; k++) vertices[k] = vertices[k + 1]!;
    count--;
  }
  // An even number makes p a finite sum; a vertex more than the partition needs is not counted.
  const counted = s.parameters[n - 1]! - 1;
  const dfExplained = Math.max(2, Math.min(2 * count - 2, counted + (counted & 1)));
  const logP = logPOfF(trajectorySquares(t, y, vertices, count, fitted) / total, dfExplained, n);
  s.quality.p = Math.exp(logP);
  return logP <= Math.log(options.pvalThreshold) ? count : 0;
}

/**
 * The standard deviation of the noise: the smaller one of two estimates, from the median difference of neighbours, which
 * few steps hardly change, and from the median distance to the line between neighbours, which a slope does not change.
 */
function noise(t: Float64Array, y: Float64Array, n: number, steps: Float64Array): number {
  for (let i = 1; i < n; i++) steps[i - 1] = Math.abs(y[i]! - y[i - 1]!);
  const ofSteps = spread(steps, n - 1) / Math.SQRT2;
  for (let i = 1; i < n - 1; i++) {
    const right = (t[i]! - t[i - 1]!) / (t[i + 1]! - t[i - 1]!);
    const left = 1 - right;
    const distance = Math.abs(y[i]! - left * y[i - 1]! - right * y[i + 1]!);
    steps[i - 1] = distance / Math.sqrt(1 + left * left + right * right);
  }
  return Math.min(ofSteps, spread(steps, n - 2));
}

/**
 * A standard deviation from the median of absolute values, which are reordered. Where half of them are 0, as in a series
 * that is cut off at full cover for years, from the median of the others; a few of these are steps, and no noise.
 */
function spread(values: Float64Array, n: number): number {
  let zeros = 0;
  for (let i = 0; i < n; i++) if (values[i] === 0) zeros++;
  const others = n - zeros;
  if (others <= FEW_STEPS) return 0;
  const rank = 2 * zeros > n ? zeros + (others >> 1) : n >> 1;
  selectRank(values, n, rank);
  return values[rank]! / NORMAL_MEDIAN;
}

/**
 * Breaks a series where that pays: Σ squares / variance + ln n · parameters is smallest (Schwarz 1978; dynamic programming
 * after Jackson et al. 2005). A level has one parameter, a line two, priced as {@link LINE}, a break one. The variance comes
 * from the {@link noise}; the second time from the residuals of the first partition, where they have a greater one.
 *
 * `s.starts` is filled with the first index of each stretch, ascending; as −1 − index where the stretch is on a line.
 *
 * @returns How many stretches.
 */
function partition(s: Segmenter, n: number, total: number): number {
  const { start, starts } = s;
  const sd = noise(s.t, s.y, n, s.steps);
  let variance = Math.max((ROUNDING * total) / n, sd * sd);
  let price = Math.log(n);
  partitionOnce(s, n, variance, price);
  const free = n - s.parameters[n - 1]!;
  if (free > 0) variance = Math.max(variance, s.squares[n - 1]! / free);
  // A break is a segment of its own, and makes one stretch more.
  const most = 1 + ((s.options.maxSegments - 1) >> 1);
  for (; ; price *= DEARER) {
    partitionOnce(s, n, variance, price);
    let count = 1;
    for (let from = firstOf(start[n - 1]!); from > 0; from = firstOf(start[from - 1]!)) count++;
    if (count > most) continue;
    for (let k = count - 1, end = n - 1; k >= 0; k--) {
      starts[k] = start[end]!;
      end = firstOf(start[end]!) - 1;
    }
    return count;
  }
}

/** The best partition of the values up to each index, from the best ones that end before its last stretch. */
function partitionOnce(s: Segmenter, n: number, variance: number, price: number): void {
  const { t, y, cost, start, parameters, squares } = s;
  const { preventOneYearRecovery } = s.options;
  const weight = 1 / variance;
  for (let end = 0; end < n; end++) {
    const t0 = t[end]!;
    const y0 = y[end]!;
    let sumT = 0;
    let sumY = 0;
    let sumTT = 0;
    let sumTY = 0;
    let sumYY = 0;
    let least = Infinity;
    cost[end] = start[end] = parameters[end] = squares[end] = 0;
    for (let from = end; from >= 0; from--) {
      const dt = t[from]! - t0;
      const dy = y[from]! - y0;
      sumT += dt;
      sumY += dy;
      sumTT += dt * dt;
      sumTY += dt * dy;
      sumYY += dy * dy;
      if (preventOneYearRecovery && from === n - 1 && y[from]! > y[from - 1]!) continue;
      const length = end - from + 1;
      const had = from === 0 ? 0 : squares[from - 1]!;
      const used = from === 0 ? 0 : parameters[from - 1]! + 1;
      const paid = from === 0 ? 0 : cost[from - 1]! + price;
      const meanY = sumY / length;
      const level = sumYY - sumY * meanY;
      const levelCost = paid + weight * level + price;
      if (levelCost < least) {
        least = levelCost;
        start[end] = from;
        parameters[end] = used + 1;
        squares[end] = had + level;
      }
      if (length < 3) continue;
      const covariance = sumTY - sumT * meanY;
      const line = level - (covariance * covariance) / (sumTT - (sumT * sumT) / length);
      const lineCost = paid + weight * line + LINE * price;
      if (lineCost < least) {
        least = lineCost;
        start[end] = -1 - from;
        parameters[end] = used + 2;
        squares[end] = had + line;
      }
    }
    cost[end] = least;
  }
}

/** The first index of a stretch, of which a negative start says that it is on a line. */
function firstOf(start: number): number {
  return start < 0 ? -1 - start : start;
}

/**
 * The vertices of a partition: both sides of each break; but one only where two stretches meet within an interval of it,
 * so that nothing jumps there.
 *
 * @returns How many vertices are in `s.vertices`.
 */
function verticesOf(s: Segmenter, n: number, stretches: number): number {
  const { vertices, starts } = s;
  let count = 0;
  vertices[count++] = 0;
  for (let k = 1; k < stretches; k++) {
    const after = firstOf(starts[k]!);
    const end = k + 1 < stretches ? firstOf(starts[k + 1]!) - 1 : n - 1;
    const joint = meeting(s, starts[k - 1]!, starts[k]!, end);
    if (joint < 0 && after - 1 > vertices[count - 1]!) vertices[count++] = after - 1;
    const next = joint < 0 ? after : joint;
    if (next > vertices[count - 1]!) vertices[count++] = next;
  }
  if (vertices[count - 1]! < n - 1) vertices[count++] = n - 1;
  return count;
}

/** The index, on either side of the break, nearest to where two stretches meet; −1 if they do not meet near the break. */
function meeting({ t, y }: Segmenter, startA: number, startB: number, endB: number): number {
  const after = firstOf(startB);
  const before = after - 1;
  const t0 = t[before]!;
  const gap = t[after]! - t0;
  const slopeA = startA < 0 ? regressionSlope(t, y, firstOf(startA), before) : 0;
  const slopeB = startB < 0 ? regressionSlope(t, y, after, endB) : 0;
  if (slopeA === slopeB) return -1;
  const rise = levelAt(t, y, after, endB, slopeB, t0) - levelAt(t, y, firstOf(startA), before, slopeA, t0);
  const offset = rise / (slopeA - slopeB);
  if (!(offset >= -gap && offset <= 2 * gap)) return -1;
  return offset < gap / 2 ? before : after;
}

/** The value at time t0 of the line with this slope through the middle of the values. */
function levelAt(t: Float64Array, y: Float64Array, from: number, to: number, slope: number, t0: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += y[i]! - slope * (t[i]! - t0);
  return sum / (to - from + 1);
}
