/**
 * Which pixels of a scene are usable: each function takes bad pixels out of one `clear` mask.
 *
 * `clear` is a Uint8Array, 1 = clear, 0 = not. A function only ever turns 1 into 0, so the order of calls is free.
 * @module
 */
import { CHUNK, checkLength, type PixelArray } from './pixel-array.ts';
import { dropBitsSimd, dropValueSimd } from './simd/pixels.ts';

/**
 * Drops pixels that have any of `bits` set: Landsat QA_PIXEL (bits 0–5) and HLS Fmask (bits 1–4) are read so.
 *
 * @param qa Quality band, length n.
 * @param bits The bits as a number: bit k is 2^k.
 * @param clear Length n, changed in place.
 * @throws {RangeError} if lengths differ.
 */
export function clearWhereBitsUnset(qa: Uint8Array | Uint16Array, bits: number, clear: Uint8Array): void {
  checkLength('clear', clear.length, qa.length);
  if (qa instanceof Uint16Array && dropBitsSimd(qa, bits, clear)) return;
  clearWhereBitsUnsetPlain(qa, bits, clear);
}

/** {@link clearWhereBitsUnset} by typed arrays alone: the same bits. */
export function clearWhereBitsUnsetPlain(qa: Uint8Array | Uint16Array, bits: number, clear: Uint8Array): void {
  for (let i = 0; i < qa.length; i++) {
    if ((qa[i]! & bits) !== 0) clear[i] = 0;
  }
}

/**
 * Keeps listed values only: the scene classification (SCL) of Sentinel-2 is read so.
 *
 * @param values Classes, length n.
 * @param keep Lookup by value, 1 = keep. A value beyond its length is dropped.
 * @param clear Length n, changed in place.
 * @throws {RangeError} if lengths differ.
 */
export function clearWhereListed(values: Uint8Array | Uint16Array, keep: Uint8Array, clear: Uint8Array): void {
  checkLength('clear', clear.length, values.length);
  const known = keep.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= known || keep[value] === 0) clear[i] = 0;
  }
}

/**
 * Drops pixels that carry no data in a band. NaN is no data in every float band, whatever `nodata` says.
 *
 * @param band Length n.
 * @param nodata The band's no-data value, or null. For float32 bands it is rounded to float32 before it is compared,
 *   because files hold it as decimal text.
 * @param clear Length n, changed in place.
 * @throws {RangeError} if lengths differ.
 */
export function clearWherePresent(band: PixelArray, nodata: number | null, clear: Uint8Array): void {
  checkLength('clear', clear.length, band.length);
  const isFloat = band instanceof Float32Array || band instanceof Float64Array;
  if (!isFloat && (nodata === null || Number.isNaN(nodata))) return;
  if (band instanceof Uint16Array) {
    // Another number than a pixel can have is in none.
    if (nodata !== (nodata! & 0xffff)) return;
    if (!dropValueSimd(band, nodata, clear)) clearWhereOtherPlain(band, nodata, clear);
    return;
  }
  // The other types go through one float64 scratch: a single element type keeps the loop fast.
  const missing = nodata === null ? NaN : band instanceof Float32Array ? Math.fround(nodata) : nodata;
  const scratch = new Float64Array(Math.min(CHUNK, band.length));
  for (let start = 0; start < band.length; start += CHUNK) {
    const part = band.subarray(start, start + CHUNK);
    scratch.set(part);
    for (let i = 0; i < part.length; i++) {
      const value = scratch[i]!;
      if (value === missing || value !== value) clear[start + i] = 0;
    }
  }
}

/** The part of {@link clearWherePresent} for uint16, by typed arrays alone: the same bits. */
export function clearWhereOtherPlain(band: Uint16Array, nodata: number, clear: Uint8Array): void {
  for (let i = 0; i < band.length; i++) {
    if (band[i] === nodata) clear[i] = 0;
  }
}
