/**
 * Field significance by permutation: the years of the whole stack are shuffled, so that what pixels of a year share stays
 * together.
 *
 * Where Benjamini–Hochberg bounds the share of false finds among many p-values, this asks what the most extreme pixel, and
 * the largest patch, would be if the order of the years meant nothing.
 * @module
 */
import { exactP, EXACT_LIMIT, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import { checkLength } from './pixel-array.ts';
import { shuffle, uniformRandom } from './random.ts';
import { tiePattern } from './trend-test.ts';

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

/** What does not change when years are shuffled: how many there are, and which are equal. */
interface PixelNull {
  /** √Var(S); 0 where the pixel is left out. */
  deviation: Float64Array;
  /** Smallest |S| with p below the limit; Infinity where none has. */
  leastS: Float64Array;
}

/**
 * Max-statistic and cluster-size test. Each shuffle puts the years in a new order, the same for all pixels, missing values
 * moving with their year; p counts the data as one of the shuffles (Phipson & Smyth 2010), so it is never 0.
 *
 * The whole stack is held in memory, and each shuffle takes as long as the trend of the stack: meant for a mine, not for a
 * province.
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
  const pixelNull = pixelNulls(stack, nTimes, nPixels, Math.max(2, minYears), clusterP);
  const order = Int32Array.from({ length: nTimes }, (_, t) => t);
  const s = new Int32Array(nPixels);
  const largestZ = new Float64Array(permutations + 1);
  const largestCluster = new Int32Array(permutations + 1);
  const uniform = uniformRandom(seed);
  const work = clusterWork(nPixels);
  let zOfData = new Float64Array(0);
  let found: Patch[] = [];
  for (let k = 0; k <= permutations; k++) {
    if (k > 0) shuffle(order, uniform);
    kendallOf(stack, nTimes, nPixels, order, s);
    const patches = patchesOf(s, pixelNull.leastS, width, height, work);
    largestCluster[k] = patches.reduce((most, patch) => Math.max(most, patch.pixels), 0);
    largestZ[k] = largest(s, pixelNull.deviation);
    if (k > 0) continue;
    found = patches;
    zOfData = Float64Array.from(s, (value, i) => absoluteZ(value, pixelNull.deviation[i]!));
  }
  const atLeast = tailShare(largestZ);
  const atLeastSize = tailShare(Float64Array.from(largestCluster));
  return {
    p: zOfData.map((z, i) => (pixelNull.deviation[i]! > 0 ? atLeast(z) : NaN)),
    clusters: found
      .map((patch) => ({ ...patch, p: atLeastSize(patch.pixels) }))
      .sort((a, b) => b.pixels - a.pixels || a.first - b.first),
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

function absoluteZ(s: number, deviation: number): number {
  return s === 0 || deviation === 0 ? 0 : (Math.abs(s) - 1) / deviation;
}

function largest(s: Int32Array, deviation: Float64Array): number {
  let most = 0;
  for (let i = 0; i < s.length; i++) most = Math.max(most, absoluteZ(s[i]!, deviation[i]!));
  return most;
}

function pixelNulls(stack: Float32Array, nTimes: number, nPixels: number, minYears: number, limit: number): PixelNull {
  const deviation = new Float64Array(nPixels);
  const leastS = new Float64Array(nPixels).fill(Infinity);
  const known = new Map<string, { deviation: number; leastS: number }>();
  const x = new Float64Array(nTimes);
  for (let i = 0; i < nPixels; i++) {
    let n = 0;
    for (let t = 0; t < nTimes; t++) {
      const value = stack[t * nPixels + i]!;
      if (value === value) x[n++] = value + 0;
    }
    if (n < minYears) continue;
    const ties = tiePattern(x.subarray(0, n).sort());
    const key = `${n}:${ties.join()}`;
    let entry = known.get(key);
    if (entry === undefined) {
      entry = { deviation: Math.sqrt(varianceS(n, ties)), leastS: leastSignificant(n, ties, limit) };
      known.set(key, entry);
    }
    deviation[i] = entry.deviation;
    leastS[i] = entry.leastS;
  }
  return { deviation, leastS };
}

function leastSignificant(n: number, ties: readonly number[], limit: number): number {
  const most = (n * (n - 1) - ties.reduce((sum, t) => sum + t * (t - 1), 0)) / 2;
  const variance = varianceS(n, ties);
  let least = Infinity;
  // S has the parity of the largest S.
  for (let s = most; s > 0; s -= 2) {
    const p = n <= EXACT_LIMIT ? exactP(s, ties, n) : normalP(zScore(s, variance));
    if (!(p < limit)) break;
    least = s;
  }
  return least;
}

/** S of every pixel with the years in this order. */
function kendallOf(stack: Float32Array, nTimes: number, nPixels: number, order: Int32Array, s: Int32Array): void {
  s.fill(0);
  for (let a = 0; a < nTimes; a++) {
    const early = order[a]! * nPixels;
    for (let b = a + 1; b < nTimes; b++) {
      const late = order[b]! * nPixels;
      for (let i = 0; i < nPixels; i++) {
        const x = stack[early + i]!;
        const y = stack[late + i]!;
        // Both are false where a value is missing.
        s[i]! += +(y > x) - +(y < x);
      }
    }
  }
}

interface Patch {
  sign: 1 | -1;
  pixels: number;
  first: number;
}

function clusterWork(nPixels: number): { mark: Int8Array; stack: Int32Array } {
  return { mark: new Int8Array(nPixels), stack: new Int32Array(nPixels) };
}

/** Patches of significant pixels of one sign, touching at sides or corners, by flood fill. */
function patchesOf(
  s: Int32Array,
  leastS: Float64Array,
  width: number,
  height: number,
  { mark, stack }: ReturnType<typeof clusterWork>,
): Patch[] {
  for (let i = 0; i < s.length; i++) mark[i] = Math.abs(s[i]!) >= leastS[i]! ? Math.sign(s[i]!) : 0;
  const patches: Patch[] = [];
  for (let first = 0; first < mark.length; first++) {
    const sign = mark[first]!;
    if (sign === 0) continue;
    let pixels = 0;
    let open = 0;
    stack[open++] = first;
    mark[first] = 0;
    while (open > 0) {
      const i = stack[--open]!;
      pixels++;
      const col = i % width;
      const row = (i - col) / width;
      for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
        for (let c = Math.max(0, col - 1); c <= Math.min(width - 1, col + 1); c++) {
          const next = r * width + c;
          if (mark[next] !== sign) continue;
          mark[next] = 0;
          stack[open++] = next;
        }
      }
    }
    patches.push({ sign: sign as 1 | -1, pixels, first });
  }
  return patches;
}
