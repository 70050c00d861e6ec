/**
 * Values at positions between pixels: nearest, bilinear and cubic, one row of the target at a time.
 *
 * All of them take the source as pixels of a window, row-major, and positions in pixels of the whole source, so that
 * the window's place changes no bit. The window must reach as far beyond the positions as the source does and the
 * method looks: 1 pixel for nearest and bilinear, 2 for cubic, more for {@link widenedRow}.
 * @module
 */
import type { Window } from '../../geo/window.ts';
import type { PixelArray } from '../pixel-type.ts';

/** A place this close below a pixel's edge, in pixels, counts as on it, so that rounding does not move whole rows. */
export const EDGE = 1e-6;
/** The sum of weights below which a value would be made of hardly anything; GDAL's. */
const LEAST_WEIGHT = 1e-5;

/** The value of the source pixel that holds each position; `fill` where there is none. */
export function nearestRow(
  src: PixelArray,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  count: number,
  out: PixelArray,
  at: number,
  fill: number,
): void {
  const { col: left, row: top, width, height } = from;
  for (let k = 0; k < count; k++) {
    // Taking off a whole number is exact here: positions in a window are not smaller than its place.
    const x = xs[k]! + EDGE - left;
    const y = ys[k]! + EDGE - top;
    // False for NaN as well. What is not negative is rounded down by cutting off.
    out[at + k] = x >= 0 && y >= 0 && x < width && y < height ? src[Math.imul(y | 0, width) + (x | 0)]! : fill;
  }
}

/**
 * Bilinear interpolation between the four pixel centres around each position. Neighbours that are NaN or outside of
 * the source lose their weight to the others; NaN where the pixel that holds the position is NaN or outside.
 */
export function bilinearRow(
  src: Float32Array,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  count: number,
  out: Float32Array,
  at: number,
): void {
  const { col: left, row: top, width } = from;
  const right = left + width - 1;
  const bottom = top + from.height - 1;
  for (let k = 0; k < count; k++) {
    const x = xs[k]! - 0.5;
    const y = ys[k]! - 0.5;
    if (x >= left && y >= top && x < right && y < bottom) {
      const col = x | 0;
      const row = y | 0;
      const u = x - col;
      const v = y - row;
      const i = (row - top) * width + col - left;
      const upper = src[i]! * (1 - u) + src[i + 1]! * u;
      const lower = src[i + width]! * (1 - u) + src[i + width + 1]! * u;
      const value = upper * (1 - v) + lower * v;
      if (value === value) {
        out[at + k] = value;
        continue;
      }
    }
    out[at + k] = bilinearOfValid(src, from, x, y);
  }
}

/** Bilinear interpolation at one place where neighbours may be missing. Takes the position less half a pixel. */
function bilinearOfValid(src: Float32Array, from: Window, x: number, y: number): number {
  const { width, height } = from;
  const nearCol = Math.floor(x + 0.5 + EDGE) - from.col;
  const nearRow = Math.floor(y + 0.5 + EDGE) - from.row;
  if (!(nearCol >= 0 && nearRow >= 0 && nearCol < width && nearRow < height)) return Number.NaN;
  const near = src[nearRow * width + nearCol]!;
  if (near !== near) return Number.NaN;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const u = x - left;
  const v = y - top;
  let sum = 0;
  let weights = 0;
  for (let k = 0; k < 4; k++) {
    const col = left - from.col + (k & 1);
    const row = top - from.row + (k >> 1);
    if (col < 0 || row < 0 || col >= width || row >= height) continue;
    const value = src[row * width + col]!;
    if (value !== value) continue;
    const weight = ((k & 1) === 1 ? u : 1 - u) * (k > 1 ? v : 1 - v);
    sum += weight * value;
    weights += weight;
  }
  return weights > 0 ? sum / weights : near;
}

/**
 * Cubic convolution over the sixteen pixel centres around each position, with a = −0.5 (Catmull–Rom; Keys 1981), as
 * GDAL has it. Where one of them is NaN or outside of the source: bilinear, and its rules. Values may go beyond those
 * of the source.
 */
export function cubicRow(
  src: Float32Array,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  count: number,
  out: Float32Array,
  at: number,
): void {
  const { col: left, row: top, width } = from;
  const right = left + width - 2;
  const bottom = top + from.height - 2;
  for (let k = 0; k < count; k++) {
    const x = xs[k]! - 0.5;
    const y = ys[k]! - 0.5;
    if (x >= left + 1 && y >= top + 1 && x < right && y < bottom) {
      const col = x | 0;
      const row = y | 0;
      const u = x - col;
      const v = y - row;
      const u0 = ((2 - u) * u - 1) * u * 0.5;
      const u1 = ((3 * u - 5) * u * u + 2) * 0.5;
      const u2 = ((4 - 3 * u) * u + 1) * u * 0.5;
      const u3 = (u - 1) * u * u * 0.5;
      const i = (row - top - 1) * width + col - left - 1;
      const i1 = i + width;
      const i2 = i1 + width;
      const i3 = i2 + width;
      const a = src[i]! * u0 + src[i + 1]! * u1 + src[i + 2]! * u2 + src[i + 3]! * u3;
      const b = src[i1]! * u0 + src[i1 + 1]! * u1 + src[i1 + 2]! * u2 + src[i1 + 3]! * u3;
      const c = src[i2]! * u0 + src[i2 + 1]! * u1 + src[i2 + 2]! * u2 + src[i2 + 3]! * u3;
      const d = src[i3]! * u0 + src[i3 + 1]! * u1 + src[i3 + 2]! * u2 + src[i3 + 3]! * u3;
      const value =
        a * (((2 - v) * v - 1) * v * 0.5) +
        b * (((3 * v - 5) * v * v + 2) * 0.5) +
        c * (((4 - 3 * v) * v + 1) * v * 0.5) +
        d * ((v - 1) * v * v * 0.5);
      if (value === value) {
        out[at + k] = value;
        continue;
      }
    }
    out[at + k] = bilinearOfValid(src, from, x, y);
  }
}

/** A kernel that bilinear or cubic interpolation is the convolution with. */
export type Kernel = 'bilinear' | 'cubic';

/** How far a kernel reaches on each side, in pixels of the coarser of source and target. */
export const KERNEL_RADIUS: Readonly<Record<Kernel, number>> = { bilinear: 1, cubic: 2 };

/**
 * Bilinear or cubic for source pixels that are finer than the target's: the kernel is widened by the ratio, so that
 * every source pixel under it counts and fine patterns do not turn into coarse ones. As GDAL has it, but for the ratio,
 * which GDAL takes from a chunk's size and here comes with each pixel. NaN lose their weight to the others; NaN where
 * the pixel that holds the position is NaN or outside.
 *
 * @param spansX Source pixels in a target pixel, for each; likewise `spansY`. Less than 1 counts as 1.
 */
export function widenedRow(
  kernel: Kernel,
  src: Float32Array,
  from: Window,
  xs: Float64Array,
  ys: Float64Array,
  spansX: Float64Array,
  spansY: Float64Array,
  count: number,
  out: Float32Array,
  at: number,
): void {
  const { width, height } = from;
  const radius = KERNEL_RADIUS[kernel];
  for (let k = 0; k < count; k++) {
    out[at + k] = Number.NaN;
    const x = xs[k]! - 0.5;
    const y = ys[k]! - 0.5;
    const nearCol = Math.floor(x + 0.5 + EDGE) - from.col;
    const nearRow = Math.floor(y + 0.5 + EDGE) - from.row;
    if (!(nearCol >= 0 && nearRow >= 0 && nearCol < width && nearRow < height)) continue;
    const near = src[nearRow * width + nearCol]!;
    if (near !== near) continue;
    const scaleX = Math.max(1, spansX[k]!);
    const scaleY = Math.max(1, spansY[k]!);
    const left = Math.max(Math.ceil(x - radius * scaleX), from.col);
    const right = Math.min(Math.floor(x + radius * scaleX), from.col + width - 1);
    const top = Math.max(Math.ceil(y - radius * scaleY), from.row);
    const bottom = Math.min(Math.floor(y + radius * scaleY), from.row + height - 1);
    const across = right - left + 1;
    const down = bottom - top + 1;
    if (weightsX.length < across) weightsX = new Float64Array(2 * across);
    if (weightsY.length < down) weightsY = new Float64Array(2 * down);
    const sumX = fillWeights(kernel, weightsX, left - x, across, scaleX);
    const sumY = fillWeights(kernel, weightsY, top - y, down, scaleY);
    const first = (top - from.row) * width + left - from.col;
    let sum = 0;
    for (let j = 0, start = first; j < down; j++, start += width) {
      let rowSum = 0;
      for (let i = 0; i < across; i++) rowSum += src[start + i]! * weightsX[i]!;
      sum += rowSum * weightsY[j]!;
    }
    let weights = sumX * sumY;
    if (sum !== sum) {
      // Some are missing: once more, with the weights of the others.
      sum = 0;
      weights = 0;
      for (let j = 0, start = first; j < down; j++, start += width) {
        for (let i = 0; i < across; i++) {
          const value = src[start + i]!;
          if (value !== value) continue;
          const weight = weightsX[i]! * weightsY[j]!;
          sum += value * weight;
          weights += weight;
        }
      }
    }
    if (weights > LEAST_WEIGHT) out[at + k] = sum / weights;
  }
}

/** Room for the kernel's weights along both axes. */
let weightsX = new Float64Array(64);
let weightsY = new Float64Array(64);

/** The weights of `count` pixels, the first of which lies `first` from the kernel's middle. Returns their sum. */
function fillWeights(kernel: Kernel, weights: Float64Array, first: number, count: number, scale: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const weight = weightAt(kernel, Math.abs(first + i) / scale);
    weights[i] = weight;
    sum += weight;
  }
  return sum;
}

/** A kernel's value at a distance from its middle. */
function weightAt(kernel: Kernel, distance: number): number {
  if (kernel === 'bilinear') return distance < 1 ? 1 - distance : 0;
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  return distance < 2 ? ((2.5 - 0.5 * distance) * distance - 4) * distance + 2 : 0;
}
