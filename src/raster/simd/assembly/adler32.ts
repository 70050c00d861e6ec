/**
 * Adler-32, the checksum of a zlib wrapper (RFC 1950).
 * @module
 */

/** The checksum of bytes that follow those of which the checksum is `sum`; of none it is 1. */
export function adler32(at: usize, length: usize, sum: u32): u32 {
  const weights = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  const one = i16x8.splat(1);
  let a: u32 = sum & 0xffff;
  let b: u32 = sum >> 16;
  const end = at + length;
  while (at + 16 <= end) {
    // Sums of 5552 bytes fit into 32 bits.
    const stop = min(end, at + 5552 - (5552 % 16));
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    const first = at;
    for (; at + 16 <= stop; at += 16) {
      const bytes = v128.load(at);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.add(i32x4.dot_i16x8_s(low, one), i32x4.dot_i16x8_s(high, one)));
      weighted = i32x4.add(weighted, i32x4.add(i32x4.dot_i16x8_s(low, weights), i32x4.dot_i16x8_s(high, weights)));
      // The low eight bytes stand eight places further from the end.
      weighted = i32x4.add(weighted, i32x4.shl(i32x4.dot_i16x8_s(low, one), 3));
    }
    b += a * <u32>(at - first) + (lanes(before) << 4) + lanes(weighted);
    a += lanes(sums);
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
