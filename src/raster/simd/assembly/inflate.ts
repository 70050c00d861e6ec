/**
 * Deflate in a zlib wrapper (RFC 1950, RFC 1951). Bits are taken 56 at a time, and codes looked up in tables
 * (./huffman.ts).
 *
 * What is damaged, and what only odd writers write (a code that is not complete), is refused: zlib then has the word.
 * @module
 */
import { adler32 } from './adler32';
import {
  buildCodes,
  buildLengths,
  DEEPER,
  DISTANCE_BITS,
  distanceTable,
  END,
  entryOf,
  fixedCodes,
  INVALID,
  lengths,
  LITERAL,
  LITERAL_BITS,
  literalTable,
  prepareEntries,
} from './huffman';

/** The order in which the lengths of the code of the code lengths are stored. */
const orderOfLengths = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** A reason to leave the data to zlib. */
const REFUSED: i32 = -1;

let bits: u64 = 0;
let held: u64 = 0;
let from: usize = 0;

function refill(): void {
  bits |= load<u64>(from) << held;
  from += <usize>((63 - held) >> 3);
  held |= 56;
}

function take(n: u64): u32 {
  const value = <u32>(bits & (((<u64>1) << n) - 1));
  bits >>= n;
  held -= n;
  return value;
}

/** Reads the codes of a dynamic block and makes their tables. */
function readCodes(end: usize): bool {
  refill();
  const literals: u32 = 257 + take(5);
  const distances: u32 = 1 + take(5);
  const given: u32 = 4 + take(4);
  if (literals > 286 || distances > 30) return false;
  memory.fill(lengths, 0, 320 + 32);
  for (let k: u32 = 0; k < given; k++) {
    if (held < 3) refill();
    store<u8>(lengths + load<u8>(orderOfLengths + k), <u8>take(3));
  }
  if (!buildLengths()) return false;
  memory.fill(lengths, 0, 32);
  const total: u32 = literals + distances;
  let n: u32 = 0;
  let last: u8 = 0;
  while (n < total) {
    if (from > end + 16) return false;
    refill();
    const entry = entryOf(distanceTable, <u32>(bits & 127));
    take(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      last = <u8>symbol;
      store<u8>(lengths + n++, last);
      continue;
    }
    if (symbol == 16 && n == 0) return false;
    if (symbol > 16) last = 0;
    const repeat: u32 = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (n + repeat > total) return false;
    memory.fill(lengths + n, last, repeat);
    n += repeat;
  }
  return load<u8>(lengths + 256) != 0 && buildCodes(literals, distances);
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

/** The symbols of one block. Returns where the output ends, or 0 if it is refused. */
function inflateBlock(start: usize, to: usize, outEnd: usize, inEnd: usize): usize {
  const mask: u64 = (1 << LITERAL_BITS) - 1;
  let b = bits;
  let n = held;
  let at = from;
  while (true) {
    if (to > outEnd || at > inEnd + 16) return 0;
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
      bits = b >> (entry & 63);
      held = n - (entry & 63);
      from = at;
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

/**
 * Inflates zlib data.
 *
 * @param input Compressed bytes, with 320 more that may be read.
 * @param out Room for `size` bytes and 320 more that may be written.
 * @returns Bytes that were written; negative where zlib has to look at the data.
 */
export function inflate(input: usize, length: usize, out: usize, size: usize): i32 {
  prepareEntries();
  if (length < 8) return REFUSED;
  const head = ((<u32>load<u8>(input)) << 8) | load<u8>(input, 1);
  if ((head & 0x0f20) != 0x0800 || head % 31 != 0) return REFUSED;
  const inEnd = input + length;
  const outEnd = out + size;
  let to = out;
  from = input + 2;
  bits = 0;
  held = 0;
  let isLast: u32 = 0;
  while (isLast == 0) {
    if (from > inEnd + 16) return REFUSED;
    refill();
    isLast = take(1);
    const kind = take(2);
    if (kind == 0) {
      // Back to the next whole byte.
      from -= <usize>(held >> 3);
      bits = 0;
      held = 0;
      if (from + 4 > inEnd) return REFUSED;
      const stored = <u32>load<u16>(from);
      if (stored != (~(<u32>load<u16>(from, 2)) & 0xffff)) return REFUSED;
      from += 4;
      if (from + stored > inEnd || to + stored > outEnd) return REFUSED;
      memory.copy(to, from, stored);
      from += stored;
      to += stored;
      continue;
    }
    if (kind == 3) return REFUSED;
    if (!(kind == 1 ? fixedCodes() : readCodes(inEnd))) return REFUSED;
    to = inflateBlock(out, to, outEnd, inEnd);
    if (to == 0 || to > outEnd) return REFUSED;
  }
  from -= <usize>((held & 63) >> 3);
  if (from + 4 > inEnd) return REFUSED;
  const sum = bswap<u32>(load<u32>(from));
  return sum == adler32(out, to - out, 1) ? <i32>(to - out) : REFUSED;
}
