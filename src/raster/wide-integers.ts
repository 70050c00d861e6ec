/**
 * Whole numbers of 64 bits. Inside the reader their bits lie in float64 arrays; outside they are numbers.
 * @module
 */

/** Fills an array of bits with a number. */
export function fillWide(bits: Float64Array, value: bigint): void {
  new BigInt64Array(bits.buffer, bits.byteOffset, bits.length).fill(BigInt.asIntN(64, value));
}

/** A nodata value of 64 bits, from its digits. */
export function wideFromText(digits: string): bigint {
  return BigInt(digits.replace(/^\+/, ''));
}

/**
 * Turns bits into numbers, in place.
 *
 * @param nodata The one value that may be rounded: where it is beyond float64, so is every pixel that is compared with it.
 * @returns The first value that float64 cannot hold exactly, or undefined if all are exact.
 */
export function wideToNumbers(bits: Float64Array, signed: boolean, nodata: bigint | null): bigint | undefined {
  const wide = signed
    ? new BigInt64Array(bits.buffer, bits.byteOffset, bits.length)
    : new BigUint64Array(bits.buffer, bits.byteOffset, bits.length);
  let inexact: bigint | undefined;
  for (let i = 0; i < bits.length; i++) {
    const value = wide[i]!;
    const number = Number(value);
    if (!Number.isSafeInteger(number) && BigInt(number) !== value && value !== nodata) inexact ??= value;
    bits[i] = number;
  }
  return inexact;
}
