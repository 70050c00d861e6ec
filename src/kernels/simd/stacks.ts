/**
 * The SIMD twins of the kernels that go through a stack in [t][pixel] order; see ./pixels.ts for what they return.
 * @module
 */
import { aligned, firstFree, reserve, simdModule } from './instance.ts';

/** Values of a chunk of a stack: they fit the second-level cache. */
const CHUNK_VALUES = 32_768;

/** Most scenes, or years, of a stack. */
const MOST = 256;

/** Pixels of a chunk, whole vectors. */
function chunkOf(nTimes: number, nPixels: number): number {
  return 16 * Math.ceil(Math.min(CHUNK_VALUES / nTimes, nPixels) / 16);
}

/** Copies `count` pixels from `start` on of all times. */
function copyIn(
  stack: Float32Array,
  nTimes: number,
  nPixels: number,
  start: number,
  count: number,
  to: Float32Array,
  chunk: number,
): void {
  for (let t = 0, from = start; t < nTimes; t++, from += nPixels) to.set(stack.subarray(from, from + count), t * chunk);
}

/** Mean, or a percentile as a share of 1, of the clear observations of each pixel. */
export function compositeSimd(
  stack: Float32Array,
  nScenes: number,
  nPixels: number,
  share: number,
  mean: boolean,
  out: Float32Array,
  count: Uint16Array,
): boolean {
  const module = simdModule();
  if (module === null || nScenes < 1 || nScenes > MOST) return false;
  const chunk = chunkOf(nScenes, nPixels);
  const stackAt = firstFree(module);
  const outAt = stackAt + 4 * chunk * nScenes;
  const countAt = outAt + 4 * chunk;
  const ranksAt = aligned(countAt + 2 * chunk);
  const base = ranksAt + 16 * (nScenes + 1);
  // A row and fewer than log₂²(n)/2 comparators for each scene.
  const buffer = reserve(module, base + nScenes * (16 + 4 * 64));
  module.compositeSetup(base, nScenes);
  const fractions = new Float64Array(buffer, ranksAt, 2 * (nScenes + 1));
  const rows = new Int32Array(buffer, ranksAt, 4 * (nScenes + 1));
  rows.fill(0);
  for (let n = 1; n <= nScenes; n++) {
    const rank = share * (n - 1);
    const below = Math.floor(rank);
    fractions[2 * n] = rank - below;
    rows[4 * n + 2] = 16 * below;
    rows[4 * n + 3] = 16 * (below + 1 < n ? below + 1 : below);
  }
  const input = new Float32Array(buffer, stackAt, chunk * nScenes);
  const values = new Float32Array(buffer, outAt, chunk);
  const seen = new Uint16Array(buffer, countAt, chunk);
  for (let start = 0; start < nPixels; start += chunk) {
    const n = Math.min(chunk, nPixels - start);
    copyIn(stack, nScenes, nPixels, start, n, input, chunk);
    module.composite(stackAt, 4 * chunk, nScenes, n, mean, ranksAt, outAt, countAt);
    out.set(values.subarray(0, n), start);
    count.set(seen.subarray(0, n), start);
  }
  return true;
}

/** Thresholds of the states; see `landStates`. */
interface Thresholds {
  readonly disturbedBelow: number;
  readonly recoveredAbove: number;
  readonly disturbedYears: number;
  readonly recoveredYears: number;
  readonly assessableFrom: number;
}

interface StateArrays {
  readonly state: Uint8Array;
  readonly disturbedYear: Uint16Array;
  readonly recoveredYear: Uint16Array;
}

const isYear = (year: number): boolean => Number.isInteger(year) && year > 0 && year < 65_536;

/** The state of each pixel in each year. */
export function statesSimd(
  fvc: Float32Array,
  nTimes: number,
  nPixels: number,
  reference: Float64Array,
  perPixel: boolean,
  years: Int32Array | Float64Array,
  options: Thresholds,
  out: StateArrays,
): boolean {
  const module = simdModule();
  const { disturbedYears, recoveredYears } = options;
  // Counted in whole years: other numbers are for the other twin.
  if (module === null || nTimes < 1 || nTimes > MOST || !isYear(disturbedYears) || !isYear(recoveredYears))
    return false;
  for (let t = 0; t < nTimes; t++) if (!isYear(years[t]!)) return false;
  const chunk = chunkOf(nTimes, nPixels);
  const stride = 4 * chunk;
  const fvcAt = firstFree(module);
  const stateAt = fvcAt + stride * nTimes;
  const firstAt = stateAt + chunk * nTimes;
  const referenceAt = firstAt + 2 * stride;
  const yearsAt = aligned(referenceAt + 8 * Math.max(chunk, nTimes));
  const buffer = reserve(module, yearsAt + 4 * nTimes);
  new Int32Array(buffer, yearsAt, nTimes).set(years);
  const level = new Float64Array(buffer, referenceAt, Math.max(chunk, nTimes));
  if (!perPixel) level.set(reference);
  const input = new Float32Array(buffer, fvcAt, chunk * nTimes);
  const state = new Uint8Array(buffer, stateAt, chunk * nTimes);
  const first = new Int32Array(buffer, firstAt, 2 * chunk);
  for (let start = 0; start < nPixels; start += chunk) {
    const n = Math.min(chunk, nPixels - start);
    copyIn(fvc, nTimes, nPixels, start, n, input, chunk);
    if (perPixel) level.set(reference.subarray(start, start + n));
    module.states(
      fvcAt,
      stride,
      nTimes,
      n,
      referenceAt,
      perPixel,
      yearsAt,
      options.disturbedBelow,
      options.recoveredAbove,
      disturbedYears,
      recoveredYears,
      options.assessableFrom,
      stateAt,
      firstAt,
    );
    for (let t = 0; t < nTimes; t++) out.state.set(state.subarray(t * chunk, t * chunk + n), t * nPixels + start);
    out.disturbedYear.set(first.subarray(0, n), start);
    out.recoveredYear.set(first.subarray(chunk, chunk + n), start);
  }
  return true;
}
