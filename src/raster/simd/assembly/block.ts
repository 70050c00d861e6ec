/**
 * The symbols of a block of Deflate (RFC 1951, 3.2.3): one by one up to where the loop of ./fused-loop.ts goes on, and where
 * it cannot.
 * @module
 */
import { buildFused, isMostlyShort } from './fused';
import { DEEPER, DISTANCE_BITS, END, entryOf, INVALID, LITERAL, LITERAL_BITS } from './huffman';
import { ENDED, GOES_ON, REFUSED, Stream } from './stream';

/**
 * Bytes of a block before the tables of the second loop are made: short blocks are not worth them, and what its steps read
 * where there is no match has to be there.
 */
const TRIED: usize = 2048;

/** Stored bytes that have to be left then. */
const WORTH: usize = 2048;

/** Where two odd symbols have fewer bytes between them, the second loop does not pay; so many are let pass. */
const ODD_BYTES: usize = 64;
const ODD_PASSED: usize = 64;

/** So close to the end of its input the second loop cannot go on. */
const NEAR_END: usize = 16;

/**
 * Makes the tables of the second loop, if they are worth it, and inflates what comes before. A stream that goes on does so
 * in that loop.
 */
export function beginBlock(s: Stream): i32 {
  const found = inflatePlain(s, isMostlyShort() ? min(s.to + TRIED, s.outEnd + 1) : s.outEnd + 1);
  if (found != GOES_ON) return found;
  if (s.from + WORTH > s.inEnd) return inflatePlain(s, s.outEnd + 1);
  buildFused(s);
  s.patience = s.to - ODD_PASSED * ODD_BYTES;
  return GOES_ON;
}

/** Inflates what stopped the second loop: one symbol, or the rest of the block. */
export function passOdd(s: Stream): i32 {
  const isLoopOver = s.patience > s.to || s.from + NEAR_END > s.inEnd;
  s.patience += ODD_BYTES;
  return inflatePlain(s, isLoopOver ? s.outEnd + 1 : s.to + 1);
}

/** Copies a string from before; up to 31 bytes more may be written behind it. */
function copyMatch(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  let source = to - distance;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(source));
      to += 16;
      source += 16;
    } while (to < end);
  } else if (distance == 1) {
    const byte = i8x16.splat(load<i8>(source));
    do {
      v128.store(to, byte);
      to += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(source));
      to += 8;
      source += 8;
    } while (to < end);
  } else {
    do {
      store<u8>(to, load<u8>(source));
      to++;
      source++;
    } while (to < end);
  }
}

/** Symbols up to a place in the output or the end of the block. */
function inflatePlain(s: Stream, until: usize): i32 {
  const mask: u64 = (1 << LITERAL_BITS) - 1;
  const literals = s.literals;
  const start = s.start;
  const lastRead = s.inEnd + 16;
  let b = s.bits;
  let n = s.held;
  let at = s.from;
  let to = s.to;
  while (true) {
    if (to >= until || at > lastRead) {
      if (to > s.outEnd || at > lastRead) return REFUSED;
      s.goOn(at, b, n);
      s.to = to;
      return GOES_ON;
    }
    b |= load<u64>(at) << n;
    at += 7 - <usize>((n >> 3) & 7);
    n |= 56;
    // At least 56 bits: four look-ups of 11 at the most.
    let entry = load<u32>(literals + ((<usize>(b & mask)) << 2));
    if ((entry & LITERAL) != 0) {
      store<u8>(to, <u8>(entry >> 16));
      to++;
      b >>= entry & 63;
      n -= entry & 63;
      entry = load<u32>(literals + ((<usize>(b & mask)) << 2));
      if ((entry & LITERAL) != 0) {
        store<u8>(to, <u8>(entry >> 16));
        to++;
        b >>= entry & 63;
        n -= entry & 63;
        entry = load<u32>(literals + ((<usize>(b & mask)) << 2));
        if ((entry & LITERAL) != 0) {
          store<u8>(to, <u8>(entry >> 16));
          to++;
          b >>= entry & 63;
          n -= entry & 63;
          entry = load<u32>(literals + ((<usize>(b & mask)) << 2));
          if ((entry & LITERAL) != 0) {
            store<u8>(to, <u8>(entry >> 16));
            to++;
            b >>= entry & 63;
            n -= entry & 63;
            continue;
          }
        }
      }
      // A length and a distance may take 48 bits.
      b |= load<u64>(at) << n;
      at += 7 - <usize>((n >> 3) & 7);
      n |= 56;
    }
    if ((entry & DEEPER) != 0) {
      b >>= LITERAL_BITS;
      n -= LITERAL_BITS;
      const index = <u32>b & ((1 << ((entry >> 8) & 15)) - 1);
      entry = entryOf(literals, (entry >> 16) + index);
      if ((entry & LITERAL) != 0) {
        store<u8>(to++, <u8>(entry >> 16));
        b >>= entry & 63;
        n -= entry & 63;
        continue;
      }
    }
    if ((entry & (END | INVALID)) != 0) {
      if ((entry & INVALID) != 0 || to > s.outEnd) return REFUSED;
      s.goOn(at, b >> (entry & 63), n - (entry & 63));
      s.to = to;
      return ENDED;
    }
    let taken: u32 = entry & 63;
    const length = (entry >> 16) + ((<u32>b & ((1 << taken) - 1)) >> ((entry >> 8) & 15));
    b >>= taken;
    n -= taken;
    entry = entryOf(s.distances, <u32>b & ((1 << DISTANCE_BITS) - 1));
    if ((entry & DEEPER) != 0) {
      b >>= DISTANCE_BITS;
      n -= DISTANCE_BITS;
      const index = <u32>b & ((1 << ((entry >> 8) & 15)) - 1);
      entry = entryOf(s.distances, (entry >> 16) + index);
    }
    if ((entry & INVALID) != 0) return REFUSED;
    taken = entry & 63;
    const distance = <usize>((entry >> 16) + ((<u32>b & ((1 << taken) - 1)) >> ((entry >> 8) & 15)));
    b >>= taken;
    n -= taken;
    if (distance > to - start) return REFUSED;
    copyMatch(to, distance, length);
    to += length;
  }
}
