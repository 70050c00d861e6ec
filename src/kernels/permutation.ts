/**
 * Field significance by permutation: the years of the whole stack are shuffled, so that what pixels of a year share stays
 * together.
 *
 * Where Benjamini–Hochberg bounds the share of false finds among many p-values, this asks what the most extreme pixel, and
 * the largest patch, would be if the order of the years meant nothing.
 * @module
 */
import { fillCells, linkCells, permutationField } from './permutation-field.ts';
import {
  absoluteZ,
  findPatches,
  kendallOf,
  patchWork,
  shuffledPlaces,
  shuffleExtremes,
} from './permutation-shuffles.ts';
import { checkLength } from './pixel-array.ts';

export interface PermutationOptions {
  /** Shuffles; the smallest p there can be is 1/(permutations + 1). */
  readonly permutations: number;
  readonly seed: number;
  /** A pixel belongs to a patch where its own p is below this; default 0.05. */
  readonly clusterP?: number;
  /** Pixels with fewer valid years are left out; default 4. */
  readonly minYears?: number;
}

/** A patch of pixels that touch at a side or a corner, all rising or all falling, each with p below the limit. */
export interface TrendCluster {
  readonly sign: 1 | -1;
  readonly pixels: number;
  /** The first pixel of the patch, row-major. */
  readonly first: number;
  /** Share of shuffles, the data among them, whose largest patch is at least as large. */
  readonly p: number;
}

export interface PermutationTest {
  /** Per pixel: share of shuffles, the data among them, in which some pixel reaches its |Z|. NaN where left out. */
  readonly p: Float64Array;
  /** Patches of the data, largest first. */
  readonly clusters: readonly TrendCluster[];
  /** Largest |Z| and largest patch of each shuffle, the data first. */
  readonly largestZ: Float64Array;
  readonly largestCluster: Int32Array;
}

/**
 * Max-statistic and cluster-size test. Each shuffle puts the years in a new order, the same for all pixels, missing values
 * moving with their year; p counts the data as one of the shuffles (Phipson & Smyth 2010), so it is never 0.
 *
 * A pixel takes 8 bytes for each 32 pairs of years, and each shuffle goes through all of them.
 *
 * @param stack [t][pixel], row-major over width × height, NaN = no data. Times may be any: only their order counts.
 * @throws {RangeError} if the length is wrong, or permutations or the limit are out of range.
 */
export function permutationTest(
  stack: Float32Array,
  nTimes: number,
  width: number,
  height: number,
  options: PermutationOptions,
): PermutationTest {
  const { permutations, seed, clusterP = 0.05, minYears = 4 } = options;
  const nPixels = width * height;
  checkLength('stack', stack.length, nTimes * nPixels);
  if (!(Number.isInteger(permutations) && permutations >= 1 && permutations <= 1e6)) {
    throw new RangeError(`Expected 1 to 1,000,000 permutations, got ${permutations}`);
  }
  if (!(clusterP > 0 && clusterP < 1)) throw new RangeError(`Expected a limit in (0, 1), got ${clusterP}`);
  const field = permutationField(nPixels, nTimes);
  const all = Uint32Array.from({ length: nPixels }, (_, i) => i);
  linkCells(all, width, field);
  fillCells(stack, nPixels, all, all, { minYears, limit: clusterP, method: 'exact' }, field);
  const { largestZ, largestPatch: largestCluster } = shuffleExtremes(field, seed, 0, permutations + 1);
  const atLeast = tailShare(largestZ);
  const atLeastSize = tailShare(Float64Array.from(largestCluster));
  const s = new Int32Array(nPixels);
  kendallOf(field, shuffledPlaces(nTimes, seed, 0), s);
  const { deviation } = field;
  const work = patchWork(nPixels);
  findPatches(field, s, work);
  const clusters: TrendCluster[] = [];
  for (let first = 0; first < nPixels; first++) {
    if (work.sign[first] === 0 || work.roots[first] !== first) continue;
    const pixels = work.cells[first]!;
    clusters.push({ sign: work.sign[first] as 1 | -1, pixels, first, p: atLeastSize(pixels) });
  }
  return {
    p: Float64Array.from(s, (value, i) => (deviation[i]! > 0 ? atLeast(absoluteZ(value, deviation[i]!)) : NaN)),
    clusters: clusters.sort((a, b) => b.pixels - a.pixels || a.first - b.first),
    largestZ,
    largestCluster,
  };
}

/** The share of values that are at least as large. */
function tailShare(values: Float64Array): (value: number) => number {
  const sorted = values.slice().sort();
  return (value) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return (sorted.length - low) / sorted.length;
  };
}

/**
 * The value that must be passed to stand at a level: of the shuffles, the data among them, at most the share `level` is
 * larger than it.
 */
export function standsAbove(values: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(values).sort();
  // A product that misses a whole number by rounding alone is that number.
  const most = Math.floor(level * sorted.length + 1e-9);
  return sorted[sorted.length - 1 - most]!;
}
