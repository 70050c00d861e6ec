/**
 * The SIMD twins of the overview reductions, for images of even width and height. Each says whether it could; see
 * ./predictor.ts.
 * @module
 */
import type { PixelArray } from '../pixel-type.ts';
import { room, simdModule, type SimdModule } from './instance.ts';

/** Bytes of the rows that are taken at a time: they fit the second-level cache. */
const CHUNK_BYTES = 131_072;

/** Wider images are left to the other twin, to bound the memory. */
const LONGEST_ROW = 4 * CHUNK_BYTES;

interface Sizes {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
}

/** Reduces a pair of rows, of `count` pixels after it. */
type Step = (module: SimdModule, rowsAt: number, count: number, outAt: number) => void;

/** The value to leave out and the one where nothing is left; null where the other twin is needed. */
function codes(nodata: number | null, largest: number): { missing: number; empty: number } | null {
  if (nodata === null || Number.isNaN(nodata)) return { missing: -1, empty: 0 };
  if (!Number.isInteger(nodata) || nodata < 0 || nodata > largest) return null;
  return { missing: nodata, empty: nodata };
}

/** Means of 2 × 2 pixels. */
export function reduceByMeanSimd(pixels: PixelArray, out: PixelArray, sizes: Sizes, nodata: number | null): boolean {
  if (sizes.samples !== 1) return false;
  if (pixels instanceof Float32Array && (nodata === null || Number.isNaN(nodata))) {
    return byRowPairs(pixels, out, sizes, (module, rowsAt, count, outAt) => module.meanFloat(rowsAt, count, outAt));
  }
  const code = pixels instanceof Uint16Array ? codes(nodata, 65_535) : null;
  if (code === null) return false;
  return byRowPairs(pixels, out, sizes, (module, rowsAt, count, outAt) =>
    module.meanWord(rowsAt, count, outAt, code.missing, code.empty),
  );
}

/** The commonest of 2 × 2 pixels. */
export function reduceByModeSimd(pixels: PixelArray, out: PixelArray, sizes: Sizes, nodata: number | null): boolean {
  const code = pixels instanceof Uint8Array ? codes(nodata, 255) : null;
  if (code === null) return false;
  return byRowPairs(pixels, out, sizes, (module, rowsAt, count, outAt) =>
    module.modeByte(rowsAt, count, sizes.samples, outAt, code.missing, code.empty),
  );
}

function byRowPairs(pixels: PixelArray, out: PixelArray, { width, height, samples }: Sizes, step: Step): boolean {
  const pairBytes = 2 * width * samples * pixels.BYTES_PER_ELEMENT;
  if (width % 2 !== 0 || height % 2 !== 0 || pixels.length === 0 || pairBytes > LONGEST_ROW) return false;
  const module = simdModule();
  if (module === null) return false;
  const pairs = Math.max(1, Math.min(Math.floor(CHUNK_BYTES / pairBytes), height / 2));
  const { buffer, at } = room(module, pairs * pairBytes, (pairs * pairBytes) / 4);
  const [inAt, outAt] = at as [number, number];
  const input = new Uint8Array(buffer, inAt, pairs * pairBytes);
  const output = new Uint8Array(buffer, outAt, (pairs * pairBytes) / 4);
  const from = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const to = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  for (let start = 0; start < from.length; start += input.length) {
    const part = from.subarray(start, Math.min(start + input.length, from.length));
    input.set(part);
    for (let row = 0; row < part.length; row += pairBytes) step(module, inAt + row, width / 2, outAt + row / 4);
    to.set(output.subarray(0, part.length / 4), start / 4);
  }
  return true;
}
