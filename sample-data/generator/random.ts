/**
 * Seeded randomness for the synthetic mine: a stream of numbers, and smooth noise over the plane.
 *
 * Only exact integer and IEEE arithmetic, so that every machine draws the same numbers.
 * @module
 */

/** A stream of uniform numbers in [0, 1). mulberry32, Tommy Ettinger, public domain. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Almost normal, mean 0 and standard deviation 1: the sum of four uniform numbers, never beyond ±3.5. */
export function nearlyNormal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * 1.7320508075688772;
}

/** A uniform number in [0, 1) for a lattice point, without a table. */
function latticeValue(seed: number, i: number, j: number): number {
  let h = (seed ^ Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Variance of one layer of value noise, averaged over the plane: 1/12 per lattice value, weighted by the quintic. */
const VALUE_NOISE_VARIANCE = (181 / 231) ** 2 / 12;

function valueNoise(seed: number, x: number, y: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const u = smooth(x - i);
  const v = smooth(y - j);
  const top = latticeValue(seed, i, j) * (1 - u) + latticeValue(seed, i + 1, j) * u;
  const bottom = latticeValue(seed, i, j + 1) * (1 - u) + latticeValue(seed, i + 1, j + 1) * u;
  return top * (1 - v) + bottom * v;
}

/** Rises from 0 to 1 over [0, 1], flat at both ends. */
function smooth(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  return smooth(Math.min(1, Math.max(0, (value - from) / (to - from))));
}

/**
 * Fractal value noise, about mean 0 and standard deviation 1.
 * @param scale Size of the largest patches, in the unit of x and y
 * @param octaves Number of layers; each has half the patch size and half the weight of the one before
 */
export function fractalNoise(seed: number, x: number, y: number, scale: number, octaves: number): number {
  let sum = 0;
  let variance = 0;
  let u = x / scale;
  let v = y / scale;
  for (let k = 0; k < octaves; k++) {
    const weight = 0.5 ** k;
    // Each layer is turned (by the angle of the 3-4-5 triangle) and shifted, so that no lattice direction shows.
    [u, v] = [(k === 0 ? 1 : 2) * (0.8 * u - 0.6 * v) + 17.37, (k === 0 ? 1 : 2) * (0.6 * u + 0.8 * v) + 5.11];
    const value = valueNoise(seed + k * 7919, u, v);
    sum += weight * (value - 0.5);
    variance += weight * weight * VALUE_NOISE_VARIANCE;
  }
  return sum / Math.sqrt(variance);
}
