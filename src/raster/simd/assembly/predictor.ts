/**
 * TIFF's predictors 2 and 3 for single samples: running sums and differences along rows, 16 bytes at a time.
 * @module
 */

/** Running sums of 16 bytes. */
function sumsOfBytes(x: v128): v128 {
  const zero = i8x16.splat(0);
  x = i8x16.add(x, v128.shuffle<i8>(zero, x, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
  x = i8x16.add(x, v128.shuffle<i16>(zero, x, 0, 8, 9, 10, 11, 12, 13, 14));
  x = i8x16.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
  return i8x16.add(x, v128.shuffle<i64>(zero, x, 0, 2));
}

/** Running sums of a row of bytes in place. */
function sumRow8(at: usize, length: usize): void {
  let carry = i8x16.splat(0);
  const end = at + length;
  for (; at + 16 <= end; at += 16) {
    const sums = i8x16.add(sumsOfBytes(v128.load(at)), carry);
    v128.store(at, sums);
    carry = i8x16.swizzle(sums, i8x16.splat(15));
  }
  let sum = i8x16.extract_lane_u(carry, 0);
  for (; at < end; at++) {
    sum += load<u8>(at);
    store<u8>(at, sum);
  }
}

function sumRow16(at: usize, length: usize): void {
  const zero = i8x16.splat(0);
  let carry = zero;
  const end = at + (length << 1);
  for (; at + 16 <= end; at += 16) {
    let x = v128.load(at);
    x = i16x8.add(x, v128.shuffle<i16>(zero, x, 0, 8, 9, 10, 11, 12, 13, 14));
    x = i16x8.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
    x = i16x8.add(x, v128.shuffle<i64>(zero, x, 0, 2));
    x = i16x8.add(x, carry);
    v128.store(at, x);
    carry = v128.shuffle<i16>(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
  }
  let sum = i16x8.extract_lane_u(carry, 0);
  for (; at < end; at += 2) {
    sum += load<u16>(at);
    store<u16>(at, sum);
  }
}

function sumRow32(at: usize, length: usize): void {
  const zero = i8x16.splat(0);
  let carry = zero;
  const end = at + (length << 2);
  for (; at + 16 <= end; at += 16) {
    let x = v128.load(at);
    x = i32x4.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
    x = i32x4.add(x, v128.shuffle<i64>(zero, x, 0, 2));
    x = i32x4.add(x, carry);
    v128.store(at, x);
    carry = v128.shuffle<i32>(x, x, 3, 3, 3, 3);
  }
  let sum = i32x4.extract_lane(carry, 0);
  for (; at < end; at += 4) {
    sum += load<i32>(at);
    store<i32>(at, sum);
  }
}

/** Undoes predictor 2 in place. @param size Bytes of a sample: 1, 2 or 4. */
export function undoDifference(samples: usize, rowLength: usize, rows: i32, size: i32): void {
  const rowBytes = rowLength * <usize>size;
  for (let row = 0; row < rows; row++, samples += rowBytes) {
    if (size == 1) sumRow8(samples, rowLength);
    else if (size == 2) sumRow16(samples, rowLength);
    else sumRow32(samples, rowLength);
  }
}

/** Applies predictor 2, from `samples` to `out`. */
export function applyDifference(samples: usize, out: usize, rowLength: usize, rows: i32, size: usize): void {
  const rowBytes = rowLength * size;
  for (let row = 0; row < rows; row++, samples += rowBytes, out += rowBytes) {
    memory.copy(out, samples, size);
    let at = size;
    for (; at + 16 <= rowBytes; at += 16) {
      const x = v128.load(samples + at);
      const before = v128.load(samples + at - size);
      v128.store(out + at, size == 1 ? i8x16.sub(x, before) : size == 2 ? i16x8.sub(x, before) : i32x4.sub(x, before));
    }
    for (; at < rowBytes; at += size) {
      const from = samples + at;
      if (size == 1) store<u8>(out + at, load<u8>(from) - load<u8>(from - 1));
      else if (size == 2) store<u16>(out + at, load<u16>(from) - load<u16>(from - 2));
      else store<u32>(out + at, load<u32>(from) - load<u32>(from - 4));
    }
  }
}

/** Undoes predictor 3 of float32, from `bytes`, which are changed, to little-endian numbers in `out`. */
export function undoFloatDifference(bytes: usize, out: usize, rowLength: usize, rows: i32): void {
  for (let row = 0; row < rows; row++, bytes += rowLength << 2, out += rowLength << 2) {
    sumRow8(bytes, rowLength << 2);
    const b = bytes + rowLength;
    const c = b + rowLength;
    const d = c + rowLength;
    let i: usize = 0;
    for (; i + 16 <= rowLength; i += 16) {
      const one = v128.load(bytes + i);
      const two = v128.load(b + i);
      const three = v128.load(c + i);
      const four = v128.load(d + i);
      const to = out + (i << 2);
      const lowLeft = v128.shuffle<i8>(four, three, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const lowRight = v128.shuffle<i8>(four, three, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const highLeft = v128.shuffle<i8>(two, one, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const highRight = v128.shuffle<i8>(two, one, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      v128.store(to, v128.shuffle<i16>(lowLeft, highLeft, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, v128.shuffle<i16>(lowLeft, highLeft, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      v128.store(to, v128.shuffle<i16>(lowRight, highRight, 0, 8, 1, 9, 2, 10, 3, 11), 32);
      v128.store(to, v128.shuffle<i16>(lowRight, highRight, 4, 12, 5, 13, 6, 14, 7, 15), 48);
    }
    for (; i < rowLength; i++) {
      const to = out + (i << 2);
      store<u8>(to, load<u8>(d + i));
      store<u8>(to, load<u8>(c + i), 1);
      store<u8>(to, load<u8>(b + i), 2);
      store<u8>(to, load<u8>(bytes + i), 3);
    }
  }
}

/** Applies predictor 3 to float32 numbers. @param planes Scratch of a row. */
export function applyFloatDifference(words: usize, out: usize, rowLength: usize, rows: i32, planes: usize): void {
  const b = planes + rowLength;
  const c = b + rowLength;
  const d = c + rowLength;
  for (let row = 0; row < rows; row++, words += rowLength << 2, out += rowLength << 2) {
    let i: usize = 0;
    for (; i + 16 <= rowLength; i += 16) {
      const from = words + (i << 2);
      // Bytes of one significance of four words side by side, then those of four vectors.
      const w0 = quarters(v128.load(from));
      const w1 = quarters(v128.load(from, 16));
      const w2 = quarters(v128.load(from, 32));
      const w3 = quarters(v128.load(from, 48));
      const low01 = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5);
      const low23 = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
      const high01 = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7);
      const high23 = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
      v128.store(d + i, v128.shuffle<i64>(low01, low23, 0, 2));
      v128.store(c + i, v128.shuffle<i64>(low01, low23, 1, 3));
      v128.store(b + i, v128.shuffle<i64>(high01, high23, 0, 2));
      v128.store(planes + i, v128.shuffle<i64>(high01, high23, 1, 3));
    }
    for (; i < rowLength; i++) {
      const from = words + (i << 2);
      store<u8>(d + i, load<u8>(from));
      store<u8>(c + i, load<u8>(from, 1));
      store<u8>(b + i, load<u8>(from, 2));
      store<u8>(planes + i, load<u8>(from, 3));
    }
    applyDifference(planes, out, rowLength << 2, 1, 1);
  }
}

/** The bytes of four words, by significance. */
function quarters(words: v128): v128 {
  return v128.shuffle<i8>(words, words, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}
