/**
 * A stream that is inflated: its bits, its bounds, and the tables of its block's codes. The loops over a block's symbols
 * hold bits and places in variables.
 * @module
 */

/** What became of a stream, or of a block: there is more of it, it has ended, or zlib has to look at it. */
export const GOES_ON: i32 = 0;
export const ENDED: i32 = 1;
export const REFUSED: i32 = -1;

@unmanaged
export class Stream {
  /** The bits that come next, from the lowest; above the `held` ones may stand some that are read again. */
  bits: u64;
  held: u64;
  /** Where the next byte is read, and where the input ends. */
  from: usize;
  inEnd: usize;
  /** Where the next byte is written, and where the output begins and ends. */
  to: usize;
  start: usize;
  outEnd: usize;
  /** Whether this block is the last one. */
  isLast: bool;
  /** What stops the loop of ./fused-loop.ts next has to lie behind this place, or the loop is given up. */
  patience: usize;
  /** Tables of ./huffman.ts. */
  literals: usize;
  distances: usize;
  /** Tables of ./fused.ts. */
  steps: usize;
  nears: usize;

  /** Goes on from here: from bits that are at hand, and the bytes behind them. */
  goOn(at: usize, atHand: u64, count: u64): void {
    this.from = at;
    this.bits = atHand;
    this.held = count;
  }

  /** Goes on some bits before a place that is given like that of {@link goOn}. */
  goBack(at: usize, count: u64, back: u64): void {
    const place = ((<u64>at) << 3) - count - back;
    const byte = <usize>(place >> 3);
    this.goOn(byte + 1, <u64>load<u8>(byte) >> (place & 7), 8 - (place & 7));
  }

  /** Bytes that are at hand in whole are read again. */
  giveBack(): void {
    this.from -= <usize>(this.held >> 3);
    this.held &= 7;
    this.bits &= ((<u64>1) << this.held) - 1;
  }

  /** At least 56 bits are at hand then. */
  refill(): void {
    this.bits |= load<u64>(this.from) << this.held;
    this.from += <usize>((63 - this.held) >> 3);
    this.held |= 56;
  }

  take(n: u64): u32 {
    const value = <u32>(this.bits & (((<u64>1) << n) - 1));
    this.bits >>= n;
    this.held -= n;
    return value;
  }
}
