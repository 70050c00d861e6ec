/**
 * What the tests of twins share: seeded numbers and bits.
 */

/** Mulberry32: uniform in [0, 1). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The bytes of an array, equal where every bit is; of the many NaNs, which are the engine's choice, one stands for all. */
export function bitsOf(
  array: Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array,
): string {
  if (array instanceof Float32Array) array = array.map((value) => (Number.isNaN(value) ? NaN : value));
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex');
}
