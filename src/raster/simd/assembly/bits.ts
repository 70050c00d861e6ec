/**
 * The stream of bits, between blocks and in their heads; the loops over a block's symbols hold it in variables.
 * @module
 */

/** The bits that come next, from the lowest; above the `held` ones may stand some that are read again. */
export let bits: u64 = 0;
export let held: u64 = 0;
/** Where the next byte is read. */
export let from: usize = 0;

/** Goes on from here: from bits that are at hand, and the bytes behind them. */
export function goOn(at: usize, atHand: u64, count: u64): void {
  from = at;
  bits = atHand;
  held = count;
}

/** Goes on some bits before a place that is given like that of {@link goOn}. */
export function goBack(at: usize, count: u64, back: u64): void {
  const place = ((<u64>at) << 3) - count - back;
  const byte = <usize>(place >> 3);
  goOn(byte + 1, <u64>load<u8>(byte) >> (place & 7), 8 - (place & 7));
}

/** Bytes that are at hand in whole are read again. */
export function giveBack(): void {
  from -= <usize>(held >> 3);
  held &= 7;
  bits &= ((<u64>1) << held) - 1;
}

/** At least 56 bits are at hand then. */
export function refill(): void {
  bits |= load<u64>(from) << held;
  from += <usize>((63 - held) >> 3);
  held |= 56;
}

export function take(n: u64): u32 {
  const value = <u32>(bits & (((<u64>1) << n) - 1));
  bits >>= n;
  held -= n;
  return value;
}
