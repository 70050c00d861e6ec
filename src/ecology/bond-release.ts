/**
 * The reclaimed-cover test of the coal rules of the United States: 30 CFR 816.116 and Colorado's rule 4.15.11.
 *
 * It is evidence, not a finding: the regulator decides, over more than cover and more than one year.
 * @module
 */
import { tQuantile } from './distributions.ts';

/** Share of the reference that reclaimed land must reach. */
export const COVER_SHARE = 0.9;
/** One-tailed error of the standard test, and of sample adequacy: 90 % confidence. */
export const STANDARD_ALPHA = 0.1;
/** One-tailed error of the reverse null test. */
export const REVERSE_ALPHA = 0.2;
/** Samples that the reverse null test asks for. */
export const REVERSE_LEAST = 30;
/** Samples that Colorado's rule asks for where means are compared directly. */
export const DIRECT_LEAST = 15;
/** Part of the mean to which the mean must be known for a sample to be adequate. */
const PRECISION = 0.1;

/** Mean and spread of a sample. */
export interface Sample {
  readonly mean: number;
  /** Divisor n − 1. */
  readonly sd: number;
  /** How many independent values it is worth: plots, or the effective number of pixels. Need not be whole. */
  readonly n: number;
}

/** Mean of a reference area and its share of the reclaimed land it stands for. */
export interface Reference {
  readonly weight: number;
  readonly mean: number;
}

/** Q = 0.90·Σ wₖ·meanₖ. @throws {RangeError} unless the weights are positive and sum to 1 within 0.001 */
export function coverStandard(references: readonly Reference[]): number {
  const sum = references.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= 1e-3) || references.some(({ weight }) => !(weight > 0))) {
    throw new RangeError(`Expected positive weights that sum to 1, got ${references.map((r) => r.weight).join(' + ')}`);
  }
  return COVER_SHARE * references.reduce((total, { weight, mean }) => total + weight * mean, 0);
}

/**
 * Samples needed to know the mean within a tenth of it with 90 % confidence: t²s²/(0.1·x̄)², t one-tailed with n − 1 degrees
 * of freedom. NaN with fewer than 2 samples or a mean of 0.
 */
export function samplesNeeded({ mean, sd, n }: Sample): number {
  if (!(n > 1) || !(mean > 0)) return NaN;
  return (tQuantile(1 - STANDARD_ALPHA, n - 1) * sd) ** 2 / (PRECISION * mean) ** 2;
}

/** What the tests let one say. */
export type Evidence = 'supports release' | 'does not support release' | 'sample too small';

export interface BondRelease {
  /** Q. */
  readonly standard: number;
  readonly samplesNeeded: number;
  readonly adequate: boolean;
  /** Whether the mean is at least Q. */
  readonly meanReaches: boolean;
  /** H₀: the cover is at least Q. t = (Q − x̄)/(s/√n) up to t(0.10, n − 1) does not reject it. */
  readonly standardT: number;
  readonly standardCritical: number;
  readonly standardPasses: boolean;
  /** H₀: the cover is at most Q. t = (x̄ − Q)/(s/√n) above t(0.20, n − 1) rejects it. */
  readonly reverseT: number;
  readonly reverseCritical: number;
  /** null with fewer than 30 samples: the test is not open then. */
  readonly reversePasses: boolean | null;
  readonly evidence: Evidence;
}

/**
 * All three comparisons of reclaimed land with the standard. The mean and the standard test speak where the sample is
 * adequate; where it is not, the reverse null test does, from 30 samples on.
 *
 * @param standard Q, from {@link coverStandard}; taken as known.
 * @throws {RangeError} if the sample has fewer than 2 values.
 */
export function bondRelease(reclaimed: Sample, standard: number): BondRelease {
  const { mean, sd, n } = reclaimed;
  if (!(n > 1)) throw new RangeError(`Expected at least 2 samples, got ${n}`);
  const needed = samplesNeeded(reclaimed);
  const adequate = needed <= n;
  const meanReaches = mean >= standard;
  // Without spread the mean is known: t is endless, or 0 where it is the standard itself.
  const reverseT = mean === standard ? 0 : (mean - standard) / (sd / Math.sqrt(n));
  const standardT = 0 - reverseT;
  const standardCritical = tQuantile(1 - STANDARD_ALPHA, n - 1);
  const reverseCritical = tQuantile(1 - REVERSE_ALPHA, n - 1);
  const standardPasses = meanReaches || standardT <= standardCritical;
  const reversePasses = n >= REVERSE_LEAST ? reverseT > reverseCritical : null;
  return {
    standard,
    samplesNeeded: needed,
    adequate,
    meanReaches,
    standardT,
    standardCritical,
    standardPasses,
    reverseT,
    reverseCritical,
    reversePasses,
    evidence: evidenceOf(adequate, standardPasses, reversePasses),
  };
}

function evidenceOf(adequate: boolean, standard: boolean, reverse: boolean | null): Evidence {
  const passes = adequate ? standard : reverse;
  if (passes === null) return 'sample too small';
  return passes ? 'supports release' : 'does not support release';
}
