/**
 * Ties of values that are known to a resolution only.
 * @module
 */

/**
 * How many values fall into each bin of width `resolution` from the smallest value on; the last bin holds its upper edge
 * as well. For `varianceS`, where equal to the last bit is too strict a tie (Collaud Coen et al. 2020).
 *
 * @param values Any length; NaN is left out.
 * @returns One count a bin; one bin where all values are equal, none for no value.
 * @throws {RangeError} unless the resolution is positive and makes at most 2^24 bins.
 */
export function tieCounts(values: ArrayLike<number>, resolution: number): Float64Array {
  if (!(resolution > 0)) throw new RangeError(`Expected a positive resolution, got ${resolution}`);
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < least) least = values[i]!;
    if (values[i]! > most) most = values[i]!;
  }
  if (least > most) return new Float64Array(0);
  const nBins = Math.floor((most - least) / resolution) + 1;
  if (!(nBins <= 2 ** 24)) throw new RangeError(`Expected a coarser resolution: ${resolution} makes ${nBins} bins`);
  const counts = new Float64Array(nBins);
  const edge = (k: number): number => least + k * ((least + nBins * resolution - least) / nBins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    let bin = Math.min(nBins - 1, Math.floor((value - least) / resolution));
    // The edges decide, not the division, so that a value on an edge is in the bin above it.
    while (bin > 0 && value < edge(bin)) bin--;
    while (bin < nBins - 1 && value >= edge(bin + 1)) bin++;
    counts[bin]!++;
  }
  return counts;
}
