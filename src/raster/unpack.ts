/**
 * Samples of unusual sizes: 1 to 31 bits packed without gaps, and floating point numbers of 16 and 24 bits.
 * @module
 */

/**
 * Unpacks unsigned integers, most significant bit first; each row begins at a whole byte.
 *
 * @param bytes Rows of ⌈rowLength × bits / 8⌉ bytes.
 * @param bits Bits of a sample, 1 to 31.
 * @param out As long as there are samples.
 */
export function unpackBits(
  bytes: Uint8Array,
  rowLength: number,
  bits: number,
  out: Uint8Array | Uint16Array | Uint32Array,
): void {
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  const rows = Math.floor(out.length / rowLength);
  for (let row = 0, to = 0; row < rows; row++) {
    let from = row * rowBytes;
    let value = 0;
    let missing = bits;
    let byte = 0;
    let left = 0;
    for (let i = 0; i < rowLength;) {
      if (left === 0) {
        byte = bytes[from++]!;
        left = 8;
      }
      const taken = Math.min(left, missing);
      left -= taken;
      missing -= taken;
      value = (value << taken) | ((byte >> left) & ((1 << taken) - 1));
      if (missing === 0) {
        out[to++] = value;
        value = 0;
        missing = bits;
        i++;
      }
    }
  }
}

/** IEEE 754 numbers of 16 bits (5 of them the exponent), little-endian. */
export function widenHalfFloats(bytes: Uint8Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0, at = 0; i < words.length; i++, at += 2) {
    words[i] = widen(bytes[at]! | (bytes[at + 1]! << 8), 5, 10);
  }
}

/** Floating point numbers of 24 bits (7 of them the exponent), little-endian. */
export function widenTripleFloats(bytes: Uint8Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0, at = 0; i < words.length; i++, at += 3) {
    words[i] = widen(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16), 7, 16);
  }
}

/** The bits of the float32 with the value of a shorter float. */
function widen(short: number, exponentBits: number, mantissaBits: number): number {
  const largest = (1 << exponentBits) - 1;
  const sign = ((short >>> (exponentBits + mantissaBits)) & 1) << 31;
  let exponent = (short >>> mantissaBits) & largest;
  let mantissa = short & ((1 << mantissaBits) - 1);
  const shift = 23 - mantissaBits;
  if (exponent === largest) return sign | 0x7f800000 | (mantissa << shift);
  if (exponent === 0) {
    if (mantissa === 0) return sign;
    // Subnormal there, normal here.
    exponent = 1;
    while ((mantissa & (1 << mantissaBits)) === 0) {
      mantissa <<= 1;
      exponent--;
    }
    mantissa &= (1 << mantissaBits) - 1;
  }
  return sign | ((exponent + 127 - (largest >> 1)) << 23) | (mantissa << shift);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) out |= 0x80 >> bit;
  return out;
});

/** A copy with the bits of each byte in the opposite order (FillOrder 2). */
export function reverseBits(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < out.length; i++) out[i] = REVERSED[bytes[i]!]!;
  return out;
}
