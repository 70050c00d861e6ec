/**
 * TIFF's predictors: 2 is the difference to the pixel on the left, 3 the same on the bytes of floating point numbers
 * (TIFF Technical Note 3).
 * @module
 */

let scratch = new Uint8Array(0);

function scratchOf(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch;
}

/** Turns big-endian samples into little-endian ones, or back, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const end = bytes.length - (bytes.length % size);
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
  const rows = Math.floor(samples.length / rowLength);
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
  const rowBytes = rowLength * size;
  const rows = Math.floor(bytes.length / rowBytes);
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

/** Applies predictor 2 (the inverse of {@link undoDifference}), from `samples` to `out` of the same length. */
export function applyDifference<T extends Uint8Array | Uint16Array | Uint32Array>(
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
