/**
 * The weighted score of ecological resilience: R = 0.4·R1 + 0.3·R2 + 0.3·R3 (Tang 2025). The paper gives these weights
 * and names the parts (resistance of the ecosystem, resilience of sources, adaptability of corridors); their formulae
 * are ours.
 * @module
 */
import { weightedMean } from './weights.ts';

export type ScoreWeights = Readonly<Record<'r1' | 'r2' | 'r3', number>>;

export const SCORE_WEIGHTS: ScoreWeights = { r1: 0.4, r2: 0.3, r3: 0.3 };

/** R1–R3, each 0–1; NaN where it does not exist. */
export type ScoreParts = ScoreWeights;

/** R, 0–1. A part that does not exist gives its weight to the others; NaN without any. */
export function resilienceScore(parts: ScoreParts, weights: ScoreWeights = SCORE_WEIGHTS): number {
  return weightedMean(
    (['r1', 'r2', 'r3'] as const).map((name) => ({ name, weight: weights[name], value: parts[name] })),
  );
}

/**
 * R1, resistance of the ecosystem: the mean of the stability of yearly FVC, 1 − s/x̄ (not below 0), and of the mean
 * resilience score Σ P_i·S_i of the classes.
 *
 * @param cover Yearly means of FVC; NaN = missing. Stability needs two of them; without cover it is 0.
 * @param score Σ P_i·S_i of the last year.
 */
export function ecosystemResistance(
  cover: readonly number[],
  score: number,
): { stability: number; score: number; r1: number } {
  const stability = coverStability(cover);
  return { stability, score, r1: meanOf([stability, score]) };
}

function coverStability(cover: readonly number[]): number {
  const known = cover.filter((value) => !Number.isNaN(value));
  if (known.length < 2) return NaN;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (!(mean > 0)) return 0;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.max(0, 1 - Math.sqrt(squares / (known.length - 1)) / mean);
}

/**
 * R2, resilience of sources: the mean of their share of the land, their mean FVC, and their cohesion (COHESION / 100,
 * which is 0 without sources and does not exist in a landscape of one cell).
 *
 * @param share Cells of sources per cell of the land.
 */
export function sourceResilience(share: number, cover: number, cohesion: number): number {
  // Land without any source has no cover or cohesion of sources: nothing recovers from there.
  return share === 0 ? 0 : meanOf([share, cover, cohesion]);
}

/**
 * R3, adaptability of corridors: the mean of the network's α (not below 0), its γ, and the ease of its corridors, 1 − the
 * mean of cost / limit. β is γ·3(V − 2)/V and is not counted a second time.
 *
 * @param sources V. Of one source there is nothing to connect: NaN. Without any it is 0.
 * @param ease NaN without corridors.
 */
export function corridorAdaptability(sources: number, alpha: number, gamma: number, ease: number): number {
  if (sources === 0) return 0;
  if (sources === 1) return NaN;
  // Areas of least cost can cross each other at corners, so that a few more links are found than a planar network has.
  return meanOf([clamped(alpha), clamped(gamma), Number.isNaN(ease) ? 0 : ease]);
}

/** 0–1; NaN stays. */
function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function meanOf(values: readonly number[]): number {
  return weightedMean(values.map((value, k) => ({ name: String(k), weight: 1, value })));
}
