/**
 * Adler-32, the checksum of a zlib wrapper (RFC 1950, 8.2).
 * @module
 */

/** Vectors whose bytes, summed up by their places, fit into signed words: 128 times 255. */
const MOST_VECTORS: u32 = 128;

/** The checksum of bytes that follow those of which the checksum is `sum`; of none it is 1. */
export function adler32(at: usize, length: usize, sum: u32): u32 {
  const one = i16x8.splat(1);
  let a: u32 = sum & 0xffff;
  let b: u32 = sum >> 16;
  const end = at + length;
  while (at + 16 <= end) {
    const vectors = min<u32>(<u32>(end - at) >> 4, MOST_VECTORS);
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    // A byte counts as often as there are bytes from it to the end: 16 for each vector that follows,
    let behind = i16x8.splat(<i16>vectors);
    let weighted = i32x4.splat(0);
    for (const stop = at + ((<usize>vectors) << 4); at < stop; at += 16) {
      const bytes = v128.load(at);
      const first = i16x8.extend_low_i8x16_u(bytes);
      const second = i16x8.extend_high_i8x16_u(bytes);
      low = i16x8.add(low, first);
      high = i16x8.add(high, second);
      behind = i16x8.sub(behind, one);
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.add(first, second), behind));
    }
    // and 16 to 1 by its place.
    const places = i32x4.add(
      i32x4.dot_i16x8_s(low, i16x8(16, 15, 14, 13, 12, 11, 10, 9)),
      i32x4.dot_i16x8_s(high, i16x8(8, 7, 6, 5, 4, 3, 2, 1)),
    );
    b += a * (vectors << 4) + (lanes(weighted) << 4) + lanes(places);
    a += lanes(i32x4.add(i32x4.dot_i16x8_s(low, one), i32x4.dot_i16x8_s(high, one)));
    a %= 65521;
    b %= 65521;
  }
  for (; at < end; at++) {
    a += load<u8>(at);
    b += a;
  }
  return ((b % 65521) << 16) | (a % 65521);
}

function lanes(x: v128): u32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}
