/**
 * The trajectory of a series by LandTrendr as published (Kennedy, Yang & Cohen 2010).
 * @module
 */
import { logUpperF } from './f-distribution.ts';
import {
  fastestRise,
  fitLeastSquares,
  fitTrace,
  lineSquares,
  totalSquares,
  trajectorySquares,
} from './segmentation-fit.ts';
import { ROUNDING, type Segmenter } from './segmentation-scratch.ts';
import { cullVertices, despike, findVertices } from './segmentation-vertices.ts';

/**
 * Dampens spikes, searches and culls vertices, and fits a family of trajectories by leaving out one vertex after the
 * other, first from left to right, and by least squares if none of those is significant.
 *
 * @param n Values in `s.t` and `s.y`.
 * @returns The number of vertices in `s.vertices` and `s.fitted`; 0 if no trajectory is significant.
 */
export function byLandtrendr(s: Segmenter, n: number): number {
  const { options, t, y } = s;
  const { maxSegments, vertexCountOvershoot, preventOneYearRecovery } = options;
  despike(t, y, n, options.spikeThreshold, 0);
  const room = maxSegments + 1 + vertexCountOvershoot;
  const found = findVertices(t, y, n, room, preventOneYearRecovery, s, s.candidates);
  const candidates = cullVertices(t, y, n, maxSegments + 1, s.candidates, found, s.meanSquare);
  const limit = Math.log(options.pvalThreshold);
  let best = bestModel(s, n, candidates, false);
  if (best < 0 || s.modelLogP[best]! > limit) best = bestModel(s, n, candidates, true);
  s.quality.p = best < 0 ? 1 : Math.exp(s.modelLogP[best]!);
  if (best < 0 || s.modelLogP[best]! > limit) return 0;
  const count = candidates - best;
  for (let k = 0; k < count; k++) {
    s.vertices[k] = s.modelVertices[best]![k]!;
    s.fitted[k] = s.modelFitted[best]![k]!;
  }
  return count;
}

/**
 * Fits the family of trajectories and picks one: −1 if every one breaks the rule of recovery.
 *
 * The vertex left out next is the end of the fastest rise, if that is too fast and not the end of the series; otherwise
 * the one without which the line between its neighbours is closest to the values.
 */
function bestModel(s: Segmenter, n: number, candidates: number, leastSquares: boolean): number {
  const { options, t, y, tried, modelLogP } = s;
  const total = totalSquares(t, y, n);
  if (total === 0) return -1;
  for (let k = 0; k < candidates; k++) tried[k] = s.candidates[k]!;
  let smallest = Infinity;
  let model = 0;
  for (let count = candidates; ; count--, model++) {
    const vertices = s.modelVertices[model]!;
    const fitted = s.modelFitted[model]!;
    for (let k = 0; k < count; k++) vertices[k] = tried[k]!;
    if (leastSquares) fitLeastSquares(t, y, vertices, count, s, fitted);
    else fitTrace(t, y, vertices, count, fitted);
    const tooFast = fastestRise(t, vertices, fitted, count, options.recoveryThreshold);
    const unexplained = trajectorySquares(t, y, vertices, count, fitted) / total;
    modelLogP[model] = tooFast >= 0 ? Infinity : logPOfF(unexplained, 2 * count - 2, n);
    smallest = Math.min(smallest, modelLogP[model]!);
    if (count === 2) break;
    const isEnd = tooFast === count - 2;
    const byRecovery = !leastSquares && tooFast >= 0 && !isEnd;
    const leftOut = byRecovery ? tooFast + 1 : weakestVertex(t, y, vertices, fitted, count);
    for (let k = leftOut; k < count - 1; k++) tried[k] = tried[k + 1]!;
  }
  if (smallest === Infinity) return -1;
  const within = smallest + Math.log(2 - options.bestModelProportion);
  for (let k = 0; k < model; k++) if (modelLogP[k]! <= within) return k;
  return model;
}

/** ln p of F of a trajectory that leaves a share of the sum of squares unexplained; 0 without degrees of freedom. */
export function logPOfF(unexplained: number, dfExplained: number, n: number): number {
  const dfResidual = n - dfExplained - 1;
  if (dfResidual <= 0) return 0;
  return logUpperF(Math.min(1, Math.max(ROUNDING, unexplained)), dfExplained, dfResidual);
}

/** The inner vertex without which the line between its neighbours has the smallest mean square. */
function weakestVertex(
  t: Float64Array,
  y: Float64Array,
  vertices: Int32Array,
  fitted: Float64Array,
  count: number,
): number {
  let weakest = 1;
  let least = Infinity;
  for (let k = 1; k < count - 1; k++) {
    const from = vertices[k - 1]!;
    const to = vertices[k + 1]!;
    const span = t[to]! - t[from]!;
    const slope = (fitted[k + 1]! - fitted[k - 1]!) / span;
    const meanSquare = lineSquares(t, y, from, to, t[from]!, fitted[k - 1]!, slope) / span;
    if (meanSquare < least) {
      least = meanSquare;
      weakest = k;
    }
  }
  return weakest;
}
