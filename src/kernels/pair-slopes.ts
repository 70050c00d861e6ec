/**
 * The slopes of all pairs of one series, and their median.
 * @module
 */
import { selectRank } from './select-rank.ts';

/**
 * The slopes (x_j − x_i)/(t_j − t_i) of all i < j with different times, ascending.
 *
 * @param x Values without NaN.
 * @param t Their times, ascending; equal times make no pair.
 */
export function pairSlopes(x: ArrayLike<number>, t: ArrayLike<number>): Float64Array {
  return collect(x, t).sort();
}

/** The median of the slopes of all pairs (Sen 1968), the mean of the two middle ones for an even count; NaN for none. */
export function senSlope(x: ArrayLike<number>, t: ArrayLike<number>): number {
  return medianOf(collect(x, t));
}

function collect(x: ArrayLike<number>, t: ArrayLike<number>): Float64Array {
  const n = x.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let k = 0;
  for (let i = 0; i < n - 1; i++) {
    const xi = x[i]!;
    const ti = t[i]!;
    for (let j = i + 1; j < n; j++) {
      const gap = t[j]! - ti;
      if (gap > 0) slopes[k++] = (x[j]! - xi) / gap;
    }
  }
  return slopes.subarray(0, k);
}

/** The median of values without NaN, which are reordered; the mean of the two middle ones for an even count. */
export function medianOf(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return NaN;
  const half = n >> 1;
  selectRank(values, n, half);
  const upper = values[half]!;
  if (n % 2 === 1) return upper;
  let lower = values[0]!;
  for (let i = 1; i < half; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}
