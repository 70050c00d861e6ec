/**
 * Trajectories through given vertices: continuous lines from vertex to vertex (Kennedy et al. 2010, 2.5).
 * @module
 */

/**
 * The trace from left to right: the first segment is a regression line; each later one starts where the one before it
 * ended, and either goes to the value of its end vertex or is the regression line through its start, whichever is closer
 * to the values.
 *
 * @param fitted Filled with the value at each vertex.
 */
export function fitTrace(
  t: Float64Array,
  y: Float64Array,
  vertices: Int32Array,
  count: number,
  fitted: Float64Array,
): void {
  fitFirst(t, y, vertices[0]!, vertices[1]!, fitted);
  for (let k = 1; k < count - 1; k++) {
    const from = vertices[k]!;
    const to = vertices[k + 1]!;
    const start = fitted[k]!;
    const t0 = t[from]!;
    const span = t[to]! - t0;
    let tt = 0;
    let ty = 0;
    for (let i = from + 1; i <= to; i++) {
      const dt = t[i]! - t0;
      tt += dt * dt;
      ty += dt * (y[i]! - start);
    }
    const anchored = ty / tt;
    const direct = (y[to]! - start) / span;
    let anchoredSum = 0;
    let directSum = 0;
    for (let i = from + 1; i <= to; i++) {
      const dt = t[i]! - t0;
      const rise = y[i]! - start;
      anchoredSum += (rise - anchored * dt) ** 2;
      directSum += (rise - direct * dt) ** 2;
    }
    fitted[k + 1] = anchoredSum < directSum ? start + anchored * span : y[to]!;
  }
}

/** The regression line of the first segment. */
function fitFirst(t: Float64Array, y: Float64Array, from: number, to: number, fitted: Float64Array): void {
  const slope = regressionSlope(t, y, from, to);
  const middle = meanOf(y, from, to) - slope * meanOf(t, from, to);
  fitted[0] = middle + slope * t[from]!;
  fitted[1] = middle + slope * t[to]!;
}

/** The mean over indices `from` to `to`, both included. */
export function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += values[i]!;
  return sum / (to - from + 1);
}

/** The slope of the regression line over indices `from` to `to`, both included. */
export function regressionSlope(t: Float64Array, y: Float64Array, from: number, to: number): number {
  const meanT = meanOf(t, from, to);
  const meanY = meanOf(y, from, to);
  let tt = 0;
  let ty = 0;
  for (let i = from; i <= to; i++) {
    const dt = t[i]! - meanT;
    tt += dt * dt;
    ty += dt * (y[i]! - meanY);
  }
  return ty / tt;
}

/** Scratch of {@link fitLeastSquares}, each as long as there can be vertices. */
export interface FitScratch {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/**
 * All vertex values at once by least squares. Each value lies between two vertices only, so the normal equations have
 * three diagonals.
 *
 * @param fitted Filled with the value at each vertex.
 */
export function fitLeastSquares(
  t: Float64Array,
  y: Float64Array,
  vertices: Int32Array,
  count: number,
  scratch: FitScratch,
  fitted: Float64Array,
): void {
  const { diagonal, beside } = scratch;
  for (let k = 0; k < count; k++) diagonal[k] = beside[k] = fitted[k] = 0;
  for (let k = 0; k < count - 1; k++) {
    const from = vertices[k]!;
    const to = vertices[k + 1]!;
    const t0 = t[from]!;
    const span = t[to]! - t0;
    // A vertex belongs to the segment that it ends, the very first one to the first segment.
    for (let i = k === 0 ? from : from + 1; i <= to; i++) {
      const right = (t[i]! - t0) / span;
      const left = 1 - right;
      diagonal[k]! += left * left;
      diagonal[k + 1]! += right * right;
      beside[k]! += left * right;
      fitted[k]! += left * y[i]!;
      fitted[k + 1]! += right * y[i]!;
    }
  }
  for (let k = 1; k < count; k++) {
    const factor = beside[k - 1]! / diagonal[k - 1]!;
    diagonal[k]! -= factor * beside[k - 1]!;
    fitted[k]! -= factor * fitted[k - 1]!;
  }
  fitted[count - 1]! /= diagonal[count - 1]!;
  for (let k = count - 2; k >= 0; k--) fitted[k] = (fitted[k]! - beside[k]! * fitted[k + 1]!) / diagonal[k]!;
}

/** Sum of squares of the values about a line, over indices `from` to `to`, both included. */
export function lineSquares(
  t: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  t0: number,
  y0: number,
  slope: number,
): number {
  let sum = 0;
  for (let i = from; i <= to; i++) {
    const residual = y[i]! - y0 - slope * (t[i]! - t0);
    sum += residual * residual;
  }
  return sum;
}

/** A standard deviation below this share of the values is rounding: despiking leaves it on a level series. */
const LEVEL = 1e-12;

/** Sum of squares about the mean; 0 where that is rounding. */
export function totalSquares(t: Float64Array, y: Float64Array, n: number): number {
  const total = lineSquares(t, y, 0, n - 1, 0, meanOf(y, 0, n - 1), 0);
  return total > LEVEL * LEVEL * lineSquares(t, y, 0, n - 1, 0, 0, 0) ? total : 0;
}

/** Sum of squares of the values about a trajectory. */
export function trajectorySquares(
  t: Float64Array,
  y: Float64Array,
  vertices: Int32Array,
  count: number,
  fitted: Float64Array,
): number {
  let sum = 0;
  for (let k = 0; k < count - 1; k++) {
    const from = vertices[k]!;
    const to = vertices[k + 1]!;
    const slope = (fitted[k + 1]! - fitted[k]!) / (t[to]! - t[from]!);
    sum += lineSquares(t, y, k === 0 ? from : from + 1, to, t[from]!, fitted[k]!, slope);
  }
  return sum;
}

/** The segment that rises fastest, if it rises by more than a share of the fitted range in a year; −1 otherwise. */
export function fastestRise(
  t: Float64Array,
  vertices: Int32Array,
  fitted: Float64Array,
  count: number,
  threshold: number,
): number {
  let low = fitted[0]!;
  let high = low;
  let fastest = 0;
  let segment = -1;
  for (let k = 1; k < count; k++) {
    low = Math.min(low, fitted[k]!);
    high = Math.max(high, fitted[k]!);
    const slope = (fitted[k]! - fitted[k - 1]!) / (t[vertices[k]!]! - t[vertices[k - 1]!]!);
    if (slope > fastest) {
      fastest = slope;
      segment = k - 1;
    }
  }
  return fastest > threshold * (high - low) ? segment : -1;
}
