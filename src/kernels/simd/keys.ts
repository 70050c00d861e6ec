/**
 * The SIMD twin of the count of low keys; see ./pixels.ts for what it returns.
 * @module
 */
import { firstFree, reserve, simdModule } from './instance.ts';

/** Values of a chunk: they stay in the second-level cache while each key goes through them. */
const CHUNK = 16_384;

const KEY_COUNT = 65_536;

/** Adds to rows of 65536 counts, one a high key. */
export function countLowKeysSimd(values: Float32Array, highs: readonly number[], counts: Float64Array): boolean {
  const module = simdModule();
  if (module === null) return false;
  const valuesAt = firstFree(module);
  const countsAt = valuesAt + 4 * CHUNK;
  const buffer = reserve(module, countsAt + 4 * KEY_COUNT * highs.length);
  const chunk = new Float32Array(buffer, valuesAt, CHUNK);
  const table = new Uint32Array(buffer, countsAt, KEY_COUNT * highs.length);
  table.fill(0);
  for (let start = 0; start < values.length; start += CHUNK) {
    const part = values.subarray(start, start + CHUNK);
    chunk.set(part);
    for (let k = 0; k < highs.length; k++) {
      module.countLowKeys(valuesAt, part.length, highs[k]!, countsAt + 4 * KEY_COUNT * k);
    }
  }
  for (let from = 0; from < table.length; from += ADDED) addCounts(table, from, from + ADDED, counts);
  return true;
}

/** Counts that are added at a time: a loop over all of them is compiled while it runs, and again after. */
const ADDED = 2048;

function addCounts(table: Uint32Array, from: number, to: number, counts: Float64Array): void {
  for (let k = from; k < to; k++) counts[k]! += table[k]!;
}
