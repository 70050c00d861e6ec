/**
 * Overviews: images of half the size.
 * @module
 */
import { createPixels, pixelTypeOf, type PixelArray } from './pixel-type.ts';
import type { PixelRoom } from './reusable.ts';
import { reduceByMeanSimd, reduceByModeSimd } from './simd/overview.ts';

/** How four pixels become one: their mean, or the commonest of them. */
export type OverviewMethod = 'average' | 'mode';

/** An image in memory: row-major, the samples of a pixel side by side. */
export interface Image {
  readonly pixels: PixelArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Halves an image: each pixel is made of the 2 × 2 pixels (fewer at an odd edge) under it that are not nodata.
 *
 * `average` takes the mean in double precision, rounded half up for whole numbers; `mode` the commonest value, the
 * smallest of equally common ones. Without any valid pixel the result is nodata. NaN is never valid.
 *
 * @param pixels Row-major, `samples` numbers a pixel, length width × height × samples.
 * @param nodata The value to pass over, besides NaN; null for none.
 * @param room Where the result lies; in an array of its own, unless told.
 * @returns An image of ceil(width / 2) × ceil(height / 2) pixels.
 * @throws {RangeError} if the array's length is not the image's
 */
export function reduceByTwo(
  pixels: PixelArray,
  width: number,
  height: number,
  samples: number,
  method: OverviewMethod,
  nodata: number | null,
  room: PixelRoom = createPixels,
): Image {
  if (pixels.length !== width * height * samples) {
    throw new RangeError(`Expected ${width * height * samples} numbers, got ${pixels.length}`);
  }
  const type = pixelTypeOf(pixels);
  const outWidth = Math.ceil(width / 2);
  const outHeight = Math.ceil(height / 2);
  const out = room(type, outWidth * outHeight * samples);
  const reduce = method === 'mode' ? reduceByModeSimd : reduceByMeanSimd;
  if (!reduce(pixels, out, { width, height, samples }, nodata)) {
    reduceByTwoPlain(pixels, out, width, height, samples, method, nodata);
  }
  return { pixels: out, width: outWidth, height: outHeight };
}

/** {@link reduceByTwo} by typed arrays alone, into `out`: the same bits. */
export function reduceByTwoPlain(
  pixels: PixelArray,
  out: PixelArray,
  width: number,
  height: number,
  samples: number,
  method: OverviewMethod,
  nodata: number | null,
): void {
  const sizes = { width, height, samples, outWidth: Math.ceil(width / 2), outHeight: Math.ceil(height / 2) };
  const reduce = method === 'mode' ? reduceByMode : reduceByMean;
  reduce(pixels, out, sizes, nodata, !pixelTypeOf(pixels).startsWith('float'));
}

interface Sizes {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly outWidth: number;
  readonly outHeight: number;
}

function reduceByMean(pixels: PixelArray, out: PixelArray, sizes: Sizes, nodata: number | null, whole: boolean): void {
  const { width, height, samples, outWidth, outHeight } = sizes;
  // NaN equals nothing, so without a nodata value no comparison holds.
  const missing = nodata ?? Number.NaN;
  const empty = nodata ?? (whole ? 0 : Number.NaN);
  const fast = missing !== missing;
  for (let row = 0; row < outHeight; row++) {
    const below = 2 * row + 1 < height ? width * samples : 0;
    for (let col = 0; col < outWidth; col++) {
      const right = 2 * col + 1 < width ? samples : 0;
      const from = (2 * row * width + 2 * col) * samples;
      const to = (row * outWidth + col) * samples;
      for (let s = 0; s < samples; s++) {
        const at = from + s;
        if (fast && right > 0 && below > 0) {
          // Four valid pixels, by far the commonest case: their sum is a number only if all of them are.
          const sum = pixels[at]! + pixels[at + right]! + pixels[at + below]! + pixels[at + below + right]!;
          if (sum === sum) {
            out[to + s] = whole ? Math.floor(sum / 4 + 0.5) : sum / 4;
            continue;
          }
        }
        let sum = 0;
        let count = 0;
        const a = pixels[at]!;
        if (a === a && a !== missing) {
          sum += a;
          count++;
        }
        if (right > 0) {
          const b = pixels[at + right]!;
          if (b === b && b !== missing) {
            sum += b;
            count++;
          }
        }
        if (below > 0) {
          const c = pixels[at + below]!;
          if (c === c && c !== missing) {
            sum += c;
            count++;
          }
          if (right > 0) {
            const d = pixels[at + below + right]!;
            if (d === d && d !== missing) {
              sum += d;
              count++;
            }
          }
        }
        out[to + s] = count === 0 ? empty : whole ? Math.floor(sum / count + 0.5) : sum / count;
      }
    }
  }
}

function reduceByMode(pixels: PixelArray, out: PixelArray, sizes: Sizes, nodata: number | null, whole: boolean): void {
  const { width, height, samples, outWidth, outHeight } = sizes;
  const missing = nodata ?? Number.NaN;
  const empty = nodata ?? (whole ? 0 : Number.NaN);
  for (let row = 0; row < outHeight; row++) {
    const below = 2 * row + 1 < height ? width * samples : 0;
    for (let col = 0; col < outWidth; col++) {
      const right = 2 * col + 1 < width ? samples : 0;
      const from = (2 * row * width + 2 * col) * samples;
      const to = (row * outWidth + col) * samples;
      for (let s = 0; s < samples; s++) {
        const at = from + s;
        const first = pixels[at]!;
        if (right > 0 && below > 0 && first === pixels[at + right] && first === pixels[at + below]) {
          // Three alike are the commonest whatever the fourth is, unless they are no data.
          if (first !== missing) {
            out[to + s] = first;
            continue;
          }
        }
        let best = empty;
        let most = 0;
        for (let k = 0; k < 4; k++) {
          if (((k & 1) === 1 && right === 0) || (k > 1 && below === 0)) continue;
          const value = pixels[at + ((k & 1) === 1 ? right : 0) + (k > 1 ? below : 0)]!;
          if (value !== value || value === missing) continue;
          let count = 0;
          for (let j = 0; j < 4; j++) {
            if (((j & 1) === 1 && right === 0) || (j > 1 && below === 0)) continue;
            const other = pixels[at + ((j & 1) === 1 ? right : 0) + (j > 1 ? below : 0)];
            if (other === value) count++;
          }
          if (count > most || (count === most && value < best)) {
            most = count;
            best = value;
          }
        }
        out[to + s] = best;
      }
    }
  }
}
