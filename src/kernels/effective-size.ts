/**
 * How many independent values the pixels of a region are worth.
 *
 * The variance of the mean of n correlated values is σ²/n_eff with n_eff = n²/ΣΣρᵢⱼ (Bayley & Hammersley 1946; for maps
 * Dutilleul 1993). The correlation ρ is taken from the region itself, by distance, up to the first distance at which it is
 * no longer positive: beyond it, estimates are noise.
 * @module
 */

export interface EffectiveSize {
  /** Pixels with a value. */
  readonly n: number;
  readonly mean: number;
  /** Divisor n − 1; NaN with one pixel. */
  readonly sd: number;
  /** Between 1 and n. NaN where there is no pixel, n where there is no spread. */
  readonly effective: number;
  /** Mean correlation with the eight pixels around. NaN where there are none. */
  readonly neighbour: number;
  /** Distance in cells up to which pixels are correlated. */
  readonly reach: number;
  /** Whether pixels were still correlated at the largest distance that was looked at: then they are worth even less. */
  readonly open: boolean;
}

/** Pairs that are looked at; about a second. */
const MOST_PAIRS = 4e8;

/**
 * @param values Row-major, NaN outside the region and without data. Float64 sums; the order of pixels is fixed.
 * @throws {RangeError} if the sizes do not fit
 */
export function effectiveSize(values: Float32Array, width: number, mostPairs = MOST_PAIRS): EffectiveSize {
  const height = values.length / width;
  if (!Number.isInteger(height)) throw new RangeError(`Expected rows of ${width}, got ${values.length} values`);
  let n = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    n++;
    sum += value;
  }
  const mean = sum / n;
  const centred = Float64Array.from(values, (value) => value - mean);
  let square = 0;
  for (let i = 0; i < centred.length; i++) {
    const value = centred[i]!;
    if (value === value) square += value * value;
  }
  const sd = n > 1 ? Math.sqrt(square / (n - 1)) : NaN;
  const variance = square / n;
  const own = { n, mean, sd };
  if (n === 0) return { ...own, effective: NaN, neighbour: NaN, reach: 0, open: false };
  if (!(variance > 0)) return { ...own, effective: n, neighbour: NaN, reach: 0, open: false };
  // ΣΣρᵢⱼ: each pixel with itself, then the pairs by distance.
  let correlated = n;
  let neighbour = NaN;
  let looked = 0;
  let reach = 0;
  for (let distance = 1; distance < Math.hypot(width, height); distance++) {
    const offsets = offsetsAt(distance);
    looked += offsets.length * values.length;
    if (looked > mostPairs) return { ...own, effective: atLeastOne(n, correlated), neighbour, reach, open: true };
    let pairs = 0;
    let product = 0;
    for (const [dx, dy] of offsets) {
      const fromCol = Math.max(0, -dx);
      const toCol = Math.min(width, width - dx);
      for (let row = 0; row < height - dy; row++) {
        const start = row * width;
        const shift = dy * width + dx;
        for (let i = start + fromCol; i < start + toCol; i++) {
          const both = centred[i]! * centred[i + shift]!;
          if (both !== both) continue;
          pairs++;
          product += both;
        }
      }
    }
    if (pairs === 0) break;
    const rho = product / pairs / variance;
    if (distance === 1) neighbour = rho;
    if (!(rho > 0)) break;
    correlated += 2 * pairs * rho;
    reach = distance;
  }
  return { ...own, effective: atLeastOne(n, correlated), neighbour, reach, open: false };
}

function atLeastOne(n: number, correlated: number): number {
  return Math.max(1, (n * n) / correlated);
}

/** Offsets of a rounded length, of each pair of opposite ones only one. */
function offsetsAt(distance: number): [dx: number, dy: number][] {
  const found: [number, number][] = [];
  for (let dy = 0; dy <= distance; dy++) {
    for (let dx = dy === 0 ? 1 : -distance; dx <= distance; dx++) {
      if (Math.round(Math.hypot(dx, dy)) === distance) found.push([dx, dy]);
    }
  }
  return found;
}
