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
}

/** Pairs that are looked at for one distance; of regions with more of them an even part is taken. */
const MOST_PAIRS = 1e6;

/** Directions that are looked at for one distance where not all can be. */
const DIRECTIONS = 32;

/**
 * @param values Row-major, NaN outside the region and without data. Float64 sums; the order of pixels is fixed.
 * @param mostPairs For one distance; with as many as there are, the result is exact.
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
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const apart = values[i]! - mean;
    if (apart === apart) square += apart * apart;
  }
  const own = { n, mean, sd: n > 1 ? Math.sqrt(square / (n - 1)) : NaN };
  const variance = square / n;
  if (n === 0) return { ...own, effective: NaN, neighbour: NaN, reach: 0 };
  if (!(variance > 0)) return { ...own, effective: n, neighbour: NaN, reach: 0 };
  // ΣΣρᵢⱼ: each pixel with itself, then the pairs by distance.
  let correlated = n;
  let neighbour = NaN;
  let reach = 0;
  for (let distance = 1; distance < Math.hypot(width, height); distance++) {
    const all = offsetsAt(distance);
    const whole = all.length * values.length <= mostPairs;
    const offsets = whole ? all : evenPart(all, DIRECTIONS);
    const stride = whole ? 1 : Math.ceil(Math.sqrt((offsets.length * values.length) / mostPairs));
    let pairs = 0;
    let product = 0;
    for (const [dx, dy] of offsets) {
      const to = Math.min(width, width - dx);
      const shift = dy * width + dx;
      for (let row = 0; row < height - dy; row += stride) {
        for (let col = Math.max(0, -dx); col < to; col += stride) {
          const i = row * width + col;
          const both = (values[i]! - mean) * (values[i + shift]! - mean);
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
    correlated += 2 * pairs * stride * stride * (all.length / offsets.length) * rho;
    reach = distance;
  }
  return { ...own, effective: Math.max(1, (n * n) / correlated), neighbour, reach };
}

/** Offsets of a rounded length, in the order of their directions; of each pair of opposite ones only one. */
function offsetsAt(distance: number): [dx: number, dy: number][] {
  const found: [number, number][] = [];
  for (let dy = 0; dy <= distance; dy++) {
    // Columns in which the rounded length can be right.
    const from = Math.floor(Math.sqrt(Math.max(0, (distance - 0.5) ** 2 - dy * dy)));
    const to = Math.ceil(Math.sqrt(Math.max(0, (distance + 0.5) ** 2 - dy * dy)));
    for (let dx = from; dx <= to; dx++) {
      if (Math.round(Math.hypot(dx, dy)) !== distance) continue;
      found.push([dx, dy]);
      if (dx > 0 && dy > 0) found.push([-dx, dy]);
    }
  }
  return found.sort((a, b) => Math.atan2(a[1], a[0]) - Math.atan2(b[1], b[0]));
}

/** At most so many of a list, evenly spread. */
function evenPart<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, k) => items[Math.floor((k * items.length) / most)]!);
}
