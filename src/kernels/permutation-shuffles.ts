/**
 * Shuffles of the years of a field: the largest |Z| and the largest patch of each.
 *
 * Each shuffle is known by its number and the seed, so that they can be done in any order and by anyone.
 * @module
 */
import { pairWords, type PermutationField } from './permutation-field.ts';
import { shuffle, uniformRandom } from './random.ts';

/** Of each shuffle. */
export interface ShuffleExtremes {
  readonly largestZ: Float64Array;
  /** Cells of the largest patch. */
  readonly largestPatch: Int32Array;
}

/** Where each year comes in a shuffle; 0 is the data itself. */
export function shuffledPlaces(nTimes: number, seed: number, number: number): Int32Array {
  const order = Int32Array.from({ length: nTimes }, (_, t) => t);
  if (number > 0) shuffle(order, uniformRandom(seed, (number - 1) * (nTimes - 1)));
  const places = new Int32Array(nTimes);
  for (const [place, year] of order.entries()) places[year] = place;
  return places;
}

/** Does the shuffles from ≤ number < to. */
export function shuffleExtremes(field: PermutationField, seed: number, from: number, to: number): ShuffleExtremes {
  const s = new Int32Array(field.deviation.length);
  const work = patchWork(s.length);
  const largestZ = new Float64Array(to - from);
  const largestPatch = new Int32Array(to - from);
  for (let number = from; number < to; number++) {
    kendallOf(field, shuffledPlaces(field.nTimes, seed, number), s);
    largestZ[number - from] = largest(s, field.deviation);
    largestPatch[number - from] = findPatches(field, s, work);
  }
  return { largestZ, largestPatch };
}

/** |Z| with continuity correction; 0 for a cell that is left out. */
export function absoluteZ(s: number, deviation: number): number {
  return s === 0 || deviation === 0 ? 0 : (Math.abs(s) - 1) / deviation;
}

function largest(s: Int32Array, deviation: Float64Array): number {
  let most = 0;
  for (let k = 0; k < s.length; k++) {
    const z = absoluteZ(s[k]!, deviation[k]!);
    if (z > most) most = z;
  }
  return most;
}

/** S of every cell with the years at these places. */
export function kendallOf(field: PermutationField, places: Int32Array, s: Int32Array): void {
  const { nTimes, rising, falling } = field;
  const nWords = pairWords(nTimes);
  // Pairs that keep their order; the others change the sign.
  const kept = new Uint32Array(nWords);
  for (let i = 0, pair = 0; i < nTimes; i++) {
    for (let j = i + 1; j < nTimes; j++, pair++) {
      if (places[i]! < places[j]!) kept[pair >>> 5]! |= 1 << (pair & 31);
    }
  }
  for (let k = 0, at = 0; k < s.length; k++) {
    let up = 0;
    let down = 0;
    for (let w = 0; w < nWords; w++, at++) {
      const same = kept[w]!;
      const rise = rising[at]!;
      const fall = falling[at]!;
      up += ones((rise & same) | (fall & ~same));
      down += ones((fall & same) | (rise & ~same));
    }
    s[k] = up - down;
  }
}

/** Bits that are set. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Room for {@link findPatches}. */
export interface PatchWork {
  /** By cell: 1 rising, −1 falling, 0 in no patch. */
  readonly sign: Int8Array;
  /** By cell of a patch: a cell before it in the same patch, or itself where it is the first. */
  readonly roots: Int32Array;
  /** By first cell: cells of the patch. */
  readonly cells: Int32Array;
}

/** Makes room for a field of so many cells. */
export function patchWork(nCells: number): PatchWork {
  return { sign: new Int8Array(nCells), roots: new Int32Array(nCells), cells: new Int32Array(nCells) };
}

/** Finds the patches of cells of one sign that touch at sides or corners. @returns Cells of the largest. */
export function findPatches({ leastS, links, above }: PermutationField, s: Int32Array, work: PatchWork): number {
  const { sign, roots, cells } = work;
  let most = 0;
  for (let k = 0; k < s.length; k++) {
    const least = leastS[k]!;
    const own = +(s[k]! >= least) - +(s[k]! <= -least);
    sign[k] = own;
    if (own === 0) continue;
    roots[k] = k;
    cells[k] = 1;
    const near = links[k]!;
    if ((near & 1) !== 0 && sign[k - 1] === own) join(work, k - 1, k);
    for (let bit = 2, other = above[k]!; bit <= 8; bit <<= 1) {
      if ((near & bit) === 0) continue;
      if (sign[other] === own) join(work, other, k);
      other++;
    }
    const size = cells[patchOf(work, k)]!;
    if (size > most) most = size;
  }
  return most;
}

/** The first cell of the patch that a cell belongs to. */
export function patchOf({ roots }: PatchWork, cell: number): number {
  let at = cell;
  while (roots[at] !== at) {
    roots[at] = roots[roots[at]!]!;
    at = roots[at]!;
  }
  return at;
}

function join(work: PatchWork, a: number, b: number): void {
  const [one, other] = [patchOf(work, a), patchOf(work, b)];
  if (one === other) return;
  const [first, second] = [Math.min(one, other), Math.max(one, other)];
  work.roots[second] = first;
  work.cells[first]! += work.cells[second]!;
}
