/**
 * What the shuffling of years needs of a field of cells: of each pair of years, which value is larger.
 *
 * Shuffled years change the order of a pair, never which of the two values is larger. So a pair is one bit, and the S of a
 * shuffle is counted 32 pairs at a time. The arrays may lie in shared memory: nothing here is written once it is filled.
 * @module
 */
import { EXACT_LIMIT, exactP, varianceS, zScore } from './mann-kendall.ts';
import { normalP } from './normal.ts';
import { checkLength } from './pixel-array.ts';
import { tiePattern } from './trend-test.ts';

/** Cells in the row-major order of their places, and who touches whom. */
export interface PermutationField {
  readonly nTimes: number;
  /** A bit for each pair of years i < j, ascending by i, then by j: the later value is larger. [cell][word]. */
  readonly rising: Uint32Array;
  /** The later value is smaller. Neither where the values are equal or one is missing. */
  readonly falling: Uint32Array;
  /** √Var(S); 0 where the cell is left out. */
  readonly deviation: Float64Array;
  /** Smallest |S| with a p below the limit; {@link NEVER} where none has. */
  readonly leastS: Int32Array;
  /** The cells that are there beside this one: 1 to the left, 2, 4, 8 in the row above, from left to right. */
  readonly links: Uint8Array;
  /** The first of those in the row above. */
  readonly above: Int32Array;
}

/** No |S| of a cell is as large. */
export const NEVER = 2 ** 31 - 1;

/** Which cells count, and which of them belong to a patch. */
export interface PermutationRule {
  /** Cells with fewer valid years are left out. */
  readonly minYears: number;
  /** A cell belongs to a patch where its own p is below this. */
  readonly limit: number;
  /** `exact` holds to 30 valid years. */
  readonly method: 'exact' | 'normal';
}

/** Words of 32 bits that the pairs of so many years take. */
export function pairWords(nTimes: number): number {
  return Math.ceil((nTimes * (nTimes - 1)) / 64);
}

/** Bytes of a field. */
export function fieldBytes(nCells: number, nTimes: number): number {
  return nCells * (8 * pairWords(nTimes) + 17);
}

/** An empty field. @param shared Whether workers are to see it. */
export function permutationField(nCells: number, nTimes: number, shared = false): PermutationField {
  const room = (bytes: number) => (shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  const words = nCells * pairWords(nTimes);
  return {
    nTimes,
    rising: new Uint32Array(room(4 * words)),
    falling: new Uint32Array(room(4 * words)),
    deviation: new Float64Array(room(8 * nCells)),
    leastS: new Int32Array(room(4 * nCells)).fill(NEVER),
    links: new Uint8Array(room(nCells)),
    above: new Int32Array(room(4 * nCells)),
  };
}

/**
 * Finds out which cells touch, by sides and corners.
 *
 * @param places Row · width + column of each cell, ascending.
 */
export function linkCells(places: ArrayLike<number>, width: number, { links, above }: PermutationField): void {
  checkLength('places', places.length, links.length);
  let j = 0;
  for (let k = 0; k < places.length; k++) {
    const place = places[k]!;
    const col = place % width;
    let bits = +(col > 0 && k > 0 && places[k - 1] === place - 1);
    const from = place - width - +(col > 0);
    while (places[j]! < from) j++;
    above[k] = j;
    const to = place - width + +(col + 1 < width);
    for (let next = j; next < k && places[next]! <= to; next++) bits |= 2 << (places[next]! - (place - width) + 1);
    links[k] = bits;
  }
}

/**
 * Fills some cells of a field.
 *
 * @param stack [t][pixel], NaN = no data.
 * @param pixels The pixels of the stack that are wanted.
 * @param slots Their numbers in the field.
 */
export function fillCells(
  stack: Float32Array,
  nPixels: number,
  pixels: Uint32Array,
  slots: Uint32Array,
  rule: PermutationRule,
  field: PermutationField,
): void {
  const { nTimes, rising, falling, deviation, leastS } = field;
  checkLength('stack', stack.length, nTimes * nPixels);
  checkLength('slots', slots.length, pixels.length);
  const nWords = pairWords(nTimes);
  const minYears = Math.max(2, rule.minYears);
  const known = new Map<string, CellNull>();
  const x = new Float64Array(nTimes);
  const valid = new Float64Array(nTimes);
  for (let k = 0; k < pixels.length; k++) {
    let n = 0;
    for (let t = 0; t < nTimes; t++) {
      const value = (x[t] = stack[t * nPixels + pixels[k]!]! + 0);
      if (value === value) valid[n++] = value;
    }
    if (n < minYears) continue;
    const slot = slots[k]!;
    let at = slot * nWords;
    let bit = 1;
    for (let i = 0; i < nTimes; i++) {
      for (let j = i + 1; j < nTimes; j++) {
        // Both are false where a value is missing.
        if (x[j]! > x[i]!) rising[at]! |= bit;
        else if (x[j]! < x[i]!) falling[at]! |= bit;
        bit <<= 1;
        if (bit !== 0) continue;
        bit = 1;
        at++;
      }
    }
    const ties = tiePattern(valid.subarray(0, n).sort());
    const key = `${n}:${ties.join()}`;
    let entry = known.get(key);
    if (entry === undefined) known.set(key, (entry = cellNull(n, ties, rule)));
    deviation[slot] = entry.deviation;
    leastS[slot] = entry.leastS;
  }
}

/** What no shuffle changes: how many values there are, and which are equal. */
interface CellNull {
  deviation: number;
  leastS: number;
}

function cellNull(n: number, ties: readonly number[], { limit, method }: PermutationRule): CellNull {
  const most = (n * (n - 1) - ties.reduce((sum, t) => sum + t * (t - 1), 0)) / 2;
  const variance = varianceS(n, ties);
  const exact = method === 'exact' && n <= EXACT_LIMIT;
  let leastS = NEVER;
  // S has the parity of the largest S.
  for (let s = most; s > 0; s -= 2) {
    const p = exact ? exactP(s, ties, n) : normalP(zScore(s, variance));
    if (!(p < limit)) break;
    leastS = s;
  }
  return { deviation: Math.sqrt(variance), leastS };
}
