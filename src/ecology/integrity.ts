/**
 * The index of ecological integrity: ECI = w_sc·SC + w_fc·FC + w_e·E, and ThV = ECI / ECI before mining
 * (Dong et al. 2025, eq. 7 and 8).
 * @module
 */
import { weightedMean, type Part } from './weights.ts';

/** The three parts by their symbols, with what they are made of. */
export const INTEGRITY_PARTS = {
  sc: ['shei', 'mpfd', 'contag', 'connect'],
  fc: ['npp', 'water'],
} as const;

/** Weights by name: sc, fc, e, and of each part of SC and FC. */
export type IntegrityWeights = Readonly<
  Record<'sc' | 'fc' | 'e' | 'shei' | 'mpfd' | 'contag' | 'connect' | 'npp' | 'water', number>
>;

/** All parts alike. */
export const INTEGRITY_WEIGHTS: IntegrityWeights = {
  sc: 1 / 3,
  fc: 1 / 3,
  e: 1 / 3,
  shei: 1 / 4,
  mpfd: 1 / 4,
  contag: 1 / 4,
  connect: 1 / 4,
  npp: 1 / 2,
  water: 1 / 2,
};

/** Every part 0–1; NaN where it is missing. */
export type IntegrityValues = Readonly<Record<'shei' | 'mpfd' | 'contag' | 'connect' | 'npp' | 'water' | 'e', number>>;

export interface Integrity {
  /** Structural integrity. */
  readonly sc: number;
  /** Functional integrity. */
  readonly fc: number;
  readonly e: number;
  readonly eci: number;
}

/** The index and its parts, 0–1. What is missing gives its weight to the rest of its group; NaN where all is missing. */
export function integrity(values: IntegrityValues, weights: IntegrityWeights = INTEGRITY_WEIGHTS): Integrity {
  const parts = (names: readonly (keyof IntegrityValues)[]): Part[] =>
    names.map((name) => ({ name, weight: weights[name], value: values[name] }));
  const sc = weightedMean(parts(INTEGRITY_PARTS.sc));
  const fc = weightedMean(parts(INTEGRITY_PARTS.fc));
  const { e } = values;
  const groups = { sc, fc, e };
  const eci = weightedMean(
    (['sc', 'fc', 'e'] as const).map((name) => ({ name, weight: weights[name], value: groups[name] })),
  );
  return { ...groups, eci };
}

/**
 * A figure on the scale 0–1 between two limits; beyond them it is 0 or 1. NaN for NaN.
 *
 * @throws {RangeError} unless low < high
 */
export function normalised(value: number, [low, high]: readonly [number, number]): number {
  if (!(low < high)) throw new RangeError(`Expected limits that ascend, got ${low} and ${high}`);
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** Limits by definition. MPFD is a fractal dimension; CONTAG and CONNECT are percentages. */
export const FIXED_LIMITS = {
  shei: [0, 1],
  mpfd: [1, 2],
  contag: [0, 100],
  connect: [0, 100],
} as const;

/**
 * The least and the largest of some figures, as limits of those that have none by definition. Undefined where they are
 * all alike: such figures tell no year or place from another.
 */
export function foundLimits(values: readonly number[]): [number, number] | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  return low < high ? [low, high] : undefined;
}
