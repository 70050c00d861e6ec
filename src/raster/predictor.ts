/**
 * TIFF's predictors: 2 is the difference to the pixel on the left, 3 the same on the bytes of floating point numbers
 * (TIFF Technical Note 3).
 * @module
 */
import {
  applyDifferenceSimd,
  applyFloatDifferenceSimd,
  undoDifferenceSimd,
  undoFloatDifferenceSimd,
} from './simd/predictor.ts';

let scratch = new Uint8Array(0);

function scratchOf(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch;
}

/** Turns big-endian samples into little-endian ones, or back, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const end = bytes.length - (bytes.length % size);
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  if (size === 2) whole.swap16();
  else if (size === 4) whole.swap32();
  else if (size === 8) whole.swap64();
  if (size !== 3) return;
  for (let start = 0; start < end; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/**
 * Undoes predictor 2 in place: each sample becomes the sum of the differences up to it, modulo its range.
 *
 * @param samples Rows of `rowLength` samples, `stride` of them a pixel; floating point samples as integers of their size.
 */
export function undoDifference(
  samples: Uint8Array | Uint16Array | Uint32Array,
  rowLength: number,
  stride: number,
): void {
  if (stride === 1 && undoDifferenceSimd(samples, rowLength)) return;
  undoDifferencePlain(samples, rowLength, stride);
}

/** {@link undoDifference} by typed arrays alone: the same bits. */
export function undoDifferencePlain(
  samples: Uint8Array | Uint16Array | Uint32Array,
  rowLength: number,
  stride: number,
): void {
  const rows = Math.floor(samples.length / rowLength);
  if (samples instanceof Uint16Array && stride === 1 && rowLength % 2 === 0 && samples.byteOffset % 4 === 0) {
    undoDifferenceInPairs(new Uint32Array(samples.buffer, samples.byteOffset, (rows * rowLength) / 2), rowLength / 2);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    const end = start + rowLength;
    if (stride === 1) {
      let sum = samples[start]!;
      for (let i = start + 1; i < end; i++) {
        sum = (sum + samples[i]!) | 0;
        samples[i] = sum;
      }
    } else {
      for (let i = start + stride; i < end; i++) samples[i] = samples[i]! + samples[i - stride]!;
    }
  }
}

/** {@link undoDifference} for single samples of 16 bits, two of them a number: half as many reads and writes. */
function undoDifferenceInPairs(pairs: Uint32Array, rowLength: number): void {
  for (let start = 0; start < pairs.length; start += rowLength) {
    let sum = 0;
    for (let i = start; i < start + rowLength; i++) {
      const pair = pairs[i]!;
      const first = (sum + pair) & 0xffff;
      sum = first + (pair >>> 16);
      pairs[i] = first | (sum << 16);
    }
  }
}

/** {@link undoDifference} for samples of 64 bits, each given as two little-endian words. */
export function undoDifference64(words: Uint32Array, rowLength: number, stride: number): void {
  const rows = Math.floor(words.length / (2 * rowLength));
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start + stride; i < start + rowLength; i++) {
      const low = words[2 * i]! + words[2 * (i - stride)]!;
      words[2 * i] = low;
      words[2 * i + 1] = words[2 * i + 1]! + words[2 * (i - stride) + 1]! + (low > 0xffffffff ? 1 : 0);
    }
  }
}

/**
 * Undoes predictor 3 in place, leaving little-endian floating point numbers whatever the file's byte order is.
 *
 * @param bytes Rows of `rowLength` samples of `size` bytes, `stride` samples a pixel. A row holds the most significant
 *   bytes of all its samples first, then the next ones, and so on, each byte as the difference to the one a pixel before.
 */
export function undoFloatDifference(bytes: Uint8Array, rowLength: number, stride: number, size: number): void {
  if (stride === 1 && size === 4 && undoFloatDifferenceSimd(bytes, rowLength)) return;
  undoFloatDifferencePlain(bytes, rowLength, stride, size);
}

/** {@link undoFloatDifference} by typed arrays alone: the same bits. */
export function undoFloatDifferencePlain(bytes: Uint8Array, rowLength: number, stride: number, size: number): void {
  const rowBytes = rowLength * size;
  const rows = Math.floor(bytes.length / rowBytes);
  if (stride === 1 && size === 4 && rowLength % 4 === 0 && bytes.byteOffset % 4 === 0) {
    undoSingleFloats(bytes, rowLength, rows);
    return;
  }
  const sums = scratchOf(rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    if (stride === 1) {
      let sum = 0;
      for (let i = 0; i < rowBytes; i++) {
        sum = (sum + bytes[start + i]!) & 255;
        sums[i] = sum;
      }
    } else {
      for (let i = 0; i < stride; i++) sums[i] = bytes[start + i]!;
      for (let i = stride; i < rowBytes; i++) sums[i] = bytes[start + i]! + sums[i - stride]!;
    }
    if (size === 4) {
      for (let i = 0, at = start; i < rowLength; i++, at += 4) {
        bytes[at] = sums[3 * rowLength + i]!;
        bytes[at + 1] = sums[2 * rowLength + i]!;
        bytes[at + 2] = sums[rowLength + i]!;
        bytes[at + 3] = sums[i]!;
      }
    } else {
      for (let k = 0; k < size; k++) {
        const plane = (size - 1 - k) * rowLength;
        for (let i = 0, at = start + k; i < rowLength; i++, at += size) bytes[at] = sums[plane + i]!;
      }
    }
  }
}

/** The commonest case, in one pass over the four planes: each goes on from the sum of the one before. */
function undoSingleFloats(bytes: Uint8Array, rowLength: number, rows: number): void {
  const planes = scratchOf(rowLength * 4);
  const quads = new Uint32Array(planes.buffer, 0, rowLength);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, rows * rowLength);
  for (let row = 0; row < rows; row++) {
    const at = row * rowLength;
    planes.set(bytes.subarray(at * 4, (at + rowLength) * 4));
    let a = 0;
    let b = sumOfBytes(quads, 0, rowLength / 4);
    let c = b + sumOfBytes(quads, rowLength / 4, rowLength / 2);
    let d = c + sumOfBytes(quads, rowLength / 2, (rowLength / 4) * 3);
    for (let i = 0; i < rowLength; i++) {
      a += planes[i]!;
      b += planes[rowLength + i]!;
      c += planes[2 * rowLength + i]!;
      d += planes[3 * rowLength + i]!;
      words[at + i] = (a << 24) | ((b & 255) << 16) | ((c & 255) << 8) | (d & 255);
    }
  }
}

/** The sum, modulo 256, of bytes that are given four to a number. */
function sumOfBytes(quads: Uint32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end;) {
    let pairs = 0;
    // Each half of the number has room for the sums of 128 quads.
    for (const stop = Math.min(i + 128, end); i < stop; i++) {
      const quad = quads[i]!;
      pairs += (quad & 0x00ff00ff) + ((quad >>> 8) & 0x00ff00ff);
    }
    sum += (pairs & 0xffff) + (pairs >>> 16);
  }
  return sum & 255;
}

/** Applies predictor 2 (the inverse of {@link undoDifference}), from `samples` to `out` of the same length. */
export function applyDifference<T extends Uint8Array | Uint16Array | Uint32Array>(
  samples: T,
  out: T,
  rowLength: number,
  stride: number,
): void {
  if (stride === 1 && applyDifferenceSimd(samples, out, rowLength)) return;
  applyDifferencePlain(samples, out, rowLength, stride);
}

/** {@link applyDifference} by typed arrays alone: the same bits. */
export function applyDifferencePlain<T extends Uint8Array | Uint16Array | Uint32Array>(
  samples: T,
  out: T,
  rowLength: number,
  stride: number,
): void {
  const rows = Math.floor(samples.length / rowLength);
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start; i < start + stride; i++) out[i] = samples[i]!;
    for (let i = start + stride; i < start + rowLength; i++) out[i] = samples[i]! - samples[i - stride]!;
  }
}

/**
 * Applies predictor 3 to float32 numbers (the inverse of {@link undoFloatDifference}).
 *
 * @param words The numbers' bits, rows of `rowLength` samples, `stride` of them a pixel.
 * @param out 4 bytes a sample.
 */
export function applyFloatDifference(words: Uint32Array, out: Uint8Array, rowLength: number, stride: number): void {
  if (stride === 1 && applyFloatDifferenceSimd(words, out, rowLength)) return;
  applyFloatDifferencePlain(words, out, rowLength, stride);
}

/** {@link applyFloatDifference} by typed arrays alone: the same bits. */
export function applyFloatDifferencePlain(
  words: Uint32Array,
  out: Uint8Array,
  rowLength: number,
  stride: number,
): void {
  const rowBytes = rowLength * 4;
  const rows = Math.floor(words.length / rowLength);
  if (stride === 1) {
    for (let row = 0; row < rows; row++) splitRow(words, row * rowLength, rowLength, out, row * rowBytes);
    return;
  }
  const planes = scratchOf(rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = 0; i < rowLength; i++) {
      const word = words[start + i]!;
      planes[i] = word >>> 24;
      planes[rowLength + i] = word >>> 16;
      planes[2 * rowLength + i] = word >>> 8;
      planes[3 * rowLength + i] = word;
    }
    const to = row * rowBytes;
    for (let i = 0; i < stride; i++) out[to + i] = planes[i]!;
    for (let i = stride; i < rowBytes; i++) out[to + i] = planes[i]! - planes[i - stride]!;
  }
}

/** One row of single samples in one pass: each of the four planes is differenced as it is written. */
function splitRow(words: Uint32Array, start: number, rowLength: number, out: Uint8Array, to: number): void {
  const second = to + rowLength;
  const third = second + rowLength;
  const fourth = third + rowLength;
  // Each plane goes on from the last byte of the one before it.
  const last = words[start + rowLength - 1]!;
  let [a, b, c, d] = [0, last >>> 24, last >>> 16, last >>> 8];
  for (let i = 0; i < rowLength; i++) {
    const word = words[start + i]!;
    out[to + i] = (word >>> 24) - a;
    out[second + i] = (word >>> 16) - b;
    out[third + i] = (word >>> 8) - c;
    out[fourth + i] = word - d;
    a = word >>> 24;
    b = word >>> 16;
    c = word >>> 8;
    d = word;
  }
}
