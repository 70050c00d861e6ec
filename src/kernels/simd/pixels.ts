/**
 * The SIMD twins of the kernels of one pass over pixels. Each takes checked arguments, does its work in chunks that fit
 * the cache, and says whether it could: where it could not, nothing is changed and the other twin has to run.
 * @module
 */
import { firstFree, reserve, simdModule } from './instance.ts';

/** Pixels of a chunk: whole vectors, and the arrays of any kernel fit the second-level cache. */
const CHUNK = 8192;

/** A band of digital numbers: reflectance = data × scale + offset. */
interface Band {
  readonly data: Uint16Array;
  readonly scale: number;
  readonly offset: number;
}

/** Normalized difference of two bands where `clear` is not 0. */
export function normalizedDifferenceSimd(a: Band, b: Band, clear: Uint8Array, out: Float32Array): boolean {
  const module = simdModule();
  if (module === null) return false;
  const aAt = firstFree(module);
  const bAt = aAt + 2 * CHUNK;
  const clearAt = bAt + 2 * CHUNK;
  const outAt = clearAt + CHUNK;
  const buffer = reserve(module, outAt + 4 * CHUNK);
  const left = new Uint16Array(buffer, aAt, CHUNK);
  const right = new Uint16Array(buffer, bAt, CHUNK);
  const mask = new Uint8Array(buffer, clearAt, CHUNK);
  const index = new Float32Array(buffer, outAt, CHUNK);
  for (let start = 0; start < out.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, out.length);
    left.set(a.data.subarray(start, end));
    right.set(b.data.subarray(start, end));
    mask.set(clear.subarray(start, end));
    module.normalizedDifference(aAt, a.scale, a.offset, bAt, b.scale, b.offset, clearAt, outAt, end - start);
    out.set(end - start === CHUNK ? index : index.subarray(0, end - start), start);
  }
  return true;
}

/** Takes a scene into a running maximum. */
export function maximumSimd(values: Float32Array, acc: Float32Array, count: Uint16Array): boolean {
  const module = simdModule();
  if (module === null) return false;
  const valuesAt = firstFree(module);
  const accAt = valuesAt + 4 * CHUNK;
  const countAt = accAt + 4 * CHUNK;
  const buffer = reserve(module, countAt + 2 * CHUNK);
  const scene = new Float32Array(buffer, valuesAt, CHUNK);
  const best = new Float32Array(buffer, accAt, CHUNK);
  const seen = new Uint16Array(buffer, countAt, CHUNK);
  for (let start = 0; start < values.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, values.length);
    scene.set(values.subarray(start, end));
    best.set(acc.subarray(start, end));
    seen.set(count.subarray(start, end));
    module.maximum(valuesAt, accAt, countAt, end - start);
    acc.set(end - start === CHUNK ? best : best.subarray(0, end - start), start);
    count.set(end - start === CHUNK ? seen : seen.subarray(0, end - start), start);
  }
  return true;
}

/** Unsets `clear` by a test of uint16. */
function drop(values: Uint16Array, clear: Uint8Array, kernel: 'dropBits' | 'dropValue', argument: number): boolean {
  const module = simdModule();
  if (module === null) return false;
  const valuesAt = firstFree(module);
  const clearAt = valuesAt + 2 * CHUNK;
  const buffer = reserve(module, clearAt + CHUNK);
  const band = new Uint16Array(buffer, valuesAt, CHUNK);
  const mask = new Uint8Array(buffer, clearAt, CHUNK);
  for (let start = 0; start < values.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, values.length);
    band.set(values.subarray(start, end));
    mask.set(clear.subarray(start, end));
    module[kernel](valuesAt, argument, clearAt, end - start);
    clear.set(end - start === CHUNK ? mask : mask.subarray(0, end - start), start);
  }
  return true;
}

/** Drops pixels that have any of `bits` set. */
export function dropBitsSimd(qa: Uint16Array, bits: number, clear: Uint8Array): boolean {
  return drop(qa, clear, 'dropBits', bits & 0xffff);
}

/** Drops pixels of one value, 0–65535. */
export function dropValueSimd(band: Uint16Array, value: number, clear: Uint8Array): boolean {
  return drop(band, clear, 'dropValue', value);
}

/** Dimidiate pixel model. */
export function coverSimd(
  index: Float32Array,
  soil: number,
  range: number,
  squared: boolean,
  out: Float32Array,
): boolean {
  const module = simdModule();
  if (module === null) return false;
  const at = firstFree(module);
  const values = new Float32Array(reserve(module, at + 4 * CHUNK), at, CHUNK);
  for (let start = 0; start < index.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, index.length);
    values.set(index.subarray(start, end));
    module.cover(at, soil, range, squared, end - start);
    out.set(end - start === CHUNK ? values : values.subarray(0, end - start), start);
  }
  return true;
}
