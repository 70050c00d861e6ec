/**
 * The symbols of a block of Deflate (RFC 1951, 3.2.3).
 *
 * Two loops: one takes symbol by symbol; the other, for blocks of many short matches between few literals, takes both
 * alike, as no processor can predict which comes next (differences of 16-bit reflectance: 1.4 to 1.6 times as fast).
 * @module
 */
import { bits, from, giveBack, goBack, goOn, held } from './bits';
import { ALONE, buildFused, fusedTable, FUSED_BITS, isMostlyShort, nearTable, ODD } from './fused';
import {
  DEEPER,
  DISTANCE_BITS,
  distanceTable,
  END,
  entryOf,
  INVALID,
  LITERAL,
  LITERAL_BITS,
  literalTable,
} from './huffman';

/** Bytes of a block before its second tables are made: short blocks are not worth them. At least {@link nearTable} wants. */
const TRIED: usize = 2048;

/** Stored bytes that have to be left then. */
const WORTH: usize = 2048;

/** Where two odd symbols have fewer bytes between them, the second loop does not pay; so many are let pass. */
const ODD_BYTES: usize = 64;
const ODD_PASSED: usize = 64;

/** Of a step, rounded up to powers of two: it puts out two literals and a match of 15 bytes, and takes 35 bits. */
const STEP_OUT: usize = 5;
const STEP_IN: usize = 3;

/** Of the data that is inflated: where its output begins and ends, and where its input ends. */
let start: usize = 0;
let outEnd: usize = 0;
let inEnd: usize = 0;
let hasEnded = false;

export function setBounds(outStart: usize, mostOut: usize, lastIn: usize): void {
  start = outStart;
  outEnd = mostOut;
  inEnd = lastIn;
}

/** The symbols of one block. Returns where the output ends, or 0 if it is refused. */
export function inflateBlock(to: usize): usize {
  hasEnded = false;
  const most = outEnd + 1;
  to = inflatePlain(to, isMostlyShort() ? min(to + TRIED, most) : most);
  if (to == 0 || hasEnded) return to;
  if (from + WORTH > inEnd) return inflatePlain(to, most);
  buildFused();
  const first = to - ODD_PASSED * ODD_BYTES;
  for (let odd: usize = 0; to != 0 && !hasEnded; odd++) {
    to = inflateFused(to);
    if (to != 0) to = inflatePlain(to, first + odd * ODD_BYTES > to ? most : to + 1);
  }
  return to;
}

/**
 * Literals and short matches up to an odd symbol, or near the end of the data. Returns 0 if the data is refused.
 *
 * What decides over the time is the way from one look-up to the next: shift, mask, load, twice a step. All else waits for
 * it. A vector is copied whether there is a match or not; addresses before the output, in a damaged stream, are those of
 * the tables.
 */
function inflateFused(to: usize): usize {
  giveBack();
  // Two bits to the left: the lowest bits are an entry's place in its table then, in bytes.
  let n = held + 2;
  let b = (bits << 2) | (load<u64>(from) << n);
  let at = from + (<usize>(n >> 3) ^ 7);
  n |= 56;
  let before: i32 = 0;
  let steps = min(<isize>(outEnd - to) >> STEP_OUT, <isize>(inEnd - at) >> STEP_IN);
  for (; steps > 0; steps--) {
    const step = load<u32>(<u32>b & (((1 << FUSED_BITS) - 1) << 2), fusedTable);
    b >>= step;
    n -= step;
    const near = load<u32>((<u32>b & (((1 << DISTANCE_BITS) - 1) << 2)) | (step & ALONE), nearTable);
    // Behind the look-up, which takes longer; the 32 bits that a step leaves are enough for the next two look-ups.
    b |= load<u64>(at) << n;
    at += <usize>((n >> 3) & 7) ^ 7;
    n |= 56;
    if (((step | near) & ODD) != 0) {
      goBack(at, (n & 63) - 2, step & 63);
      break;
    }
    store<u16>(to, <u16>(step >> 16));
    to += (step >> 6) & 3;
    const distance = (near >> 17) + <u32>(((b >> 2) << (0 - <u64>near)) >> (near >> 9));
    b >>= near;
    n -= near;
    const source = to - distance;
    before |= <i32>(source - start);
    v128.store(to, v128.load(source));
    to += (step >> 12) & 15;
  }
  if (steps <= 0) goBack(at, (n & 63) - 2, 0);
  return before < 0 ? 0 : to;
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
function inflatePlain(to: usize, until: usize): usize {
  const mask: u64 = (1 << LITERAL_BITS) - 1;
  let b = bits;
  let n = held;
  let at = from;
  while (true) {
    if (to >= until || at > inEnd + 16) {
      goOn(at, b, n);
      return to > outEnd || at > inEnd + 16 ? 0 : to;
    }
    b |= load<u64>(at) << n;
    at += 7 - <usize>((n >> 3) & 7);
    n |= 56;
    // At least 56 bits: four look-ups of 11 at the most.
    let entry = load<u32>(literalTable + ((<usize>(b & mask)) << 2));
    if ((entry & LITERAL) != 0) {
      store<u8>(to, <u8>(entry >> 16));
      to++;
      b >>= entry & 63;
      n -= entry & 63;
      entry = load<u32>(literalTable + ((<usize>(b & mask)) << 2));
      if ((entry & LITERAL) != 0) {
        store<u8>(to, <u8>(entry >> 16));
        to++;
        b >>= entry & 63;
        n -= entry & 63;
        entry = load<u32>(literalTable + ((<usize>(b & mask)) << 2));
        if ((entry & LITERAL) != 0) {
          store<u8>(to, <u8>(entry >> 16));
          to++;
          b >>= entry & 63;
          n -= entry & 63;
          entry = load<u32>(literalTable + ((<usize>(b & mask)) << 2));
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
      entry = entryOf(literalTable, (entry >> 16) + index);
      if ((entry & LITERAL) != 0) {
        store<u8>(to++, <u8>(entry >> 16));
        b >>= entry & 63;
        n -= entry & 63;
        continue;
      }
    }
    if ((entry & (END | INVALID)) != 0) {
      if ((entry & INVALID) != 0) return 0;
      goOn(at, b >> (entry & 63), n - (entry & 63));
      hasEnded = true;
      return to;
    }
    let taken: u32 = entry & 63;
    const length = (entry >> 16) + ((<u32>b & ((1 << taken) - 1)) >> ((entry >> 8) & 15));
    b >>= taken;
    n -= taken;
    entry = entryOf(distanceTable, <u32>b & ((1 << DISTANCE_BITS) - 1));
    if ((entry & DEEPER) != 0) {
      b >>= DISTANCE_BITS;
      n -= DISTANCE_BITS;
      const index = <u32>b & ((1 << ((entry >> 8) & 15)) - 1);
      entry = entryOf(distanceTable, (entry >> 16) + index);
    }
    if ((entry & INVALID) != 0) return 0;
    taken = entry & 63;
    const distance = <usize>((entry >> 16) + ((<u32>b & ((1 << taken) - 1)) >> ((entry >> 8) & 15)));
    b >>= taken;
    n -= taken;
    if (distance > to - start) return 0;
    copyMatch(to, distance, length);
    to += length;
  }
}
