/**
 * Deflate in a zlib wrapper (RFC 1950, RFC 1951). Bits are taken 56 at a time; a table gives each code of up to 11 bits in
 * one look-up, and a second one the longer codes.
 *
 * What is damaged, and what only odd writers write (a code that is not complete), is refused: zlib then has the word.
 * @module
 */

/** Bits of a look-up; longer codes go on in a second table. */
const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 9;
const LONGEST: u32 = 15;

/**
 * An entry: bits 0–7 what it takes from the stream, bits 8–11 the length of the code alone, bits 16–31 its value.
 */
const LITERAL: u32 = 1 << 15;
/** A second table: bits 8–11 its bits, bits 16–31 where it begins. */
const DEEPER: u32 = 1 << 14;
const END: u32 = 1 << 13;
const INVALID: u32 = 1 << 12;

/** First tables, and second tables: the largest that a complete code of 15 bits can need (zlib's ENOUGH, rounded up). */
const literalTable = memory.data((4096 + 4096) * 4, 16);
/** Of the code of the code lengths: a symbol's entry is its number. */
const lengthEntries = memory.data(19 * 4, 16);
const distanceTable = memory.data((512 + 1024) * 4, 16);
const lengths = memory.data(320 + 32, 16);
const sorted = memory.data(320 * 2, 16);
const codeCounts = memory.data(16 * 4, 16);
const codeStarts = memory.data(16 * 4, 16);
/** What a symbol's entry is before its code is known. */
const literalEntries = memory.data(288 * 4, 16);
const distanceEntries = memory.data(32 * 4, 16);
const orderOfLengths = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** A reason to leave the data to zlib. */
const REFUSED: i32 = -1;

let isReady = false;

function prepare(): void {
  for (let symbol: u32 = 0; symbol < 256; symbol++) setEntry(literalEntries, symbol, LITERAL | (symbol << 16));
  setEntry(literalEntries, 256, END);
  let base: u32 = 3;
  for (let symbol: u32 = 257; symbol < 285; symbol++) {
    const extra: u32 = symbol < 265 ? 0 : (symbol - 261) >> 2;
    setEntry(literalEntries, symbol, extra | (base << 16));
    base += 1 << extra;
  }
  setEntry(literalEntries, 285, 258 << 16);
  setEntry(literalEntries, 286, INVALID);
  setEntry(literalEntries, 287, INVALID);
  base = 1;
  for (let symbol: u32 = 0; symbol < 30; symbol++) {
    const extra: u32 = symbol < 4 ? 0 : (symbol - 2) >> 1;
    setEntry(distanceEntries, symbol, extra | (base << 16));
    base += 1 << extra;
  }
  setEntry(distanceEntries, 30, INVALID);
  setEntry(distanceEntries, 31, INVALID);
  isReady = true;
}

function setEntry(table: usize, index: u32, entry: u32): void {
  store<u32>(table + ((<usize>index) << 2), entry);
}

function entryOf(table: usize, index: u32): u32 {
  return load<u32>(table + ((<usize>index) << 2));
}

/** A symbol's entry with the length of its code. */
function withLength(entry: u32, length: u32): u32 {
  return (entry & LITERAL) != 0 ? entry + length : entry + length + (length << 8);
}

/** The next code of this length, its bits in the order of the stream. */
function nextCode(code: u32, length: u32): u32 {
  const bit: u32 = (<u32>1) << (31 - clz<u32>(code ^ ((1 << length) - 1)));
  return (code & (bit - 1)) | bit;
}

/**
 * Makes the tables of a canonical code.
 *
 * @param codeLengths A byte a symbol; 0 where the symbol does not occur.
 * @returns False if the code is not complete: over-full, or with bits that mean nothing.
 */
function build(codeLengths: usize, count: u32, entries: usize, table: usize, tableBits: u32, tableSize: u32): bool {
  memory.fill(codeCounts, 0, 64);
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const at = codeCounts + ((<usize>load<u8>(codeLengths + symbol)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let start: u32 = 0;
  let space: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    const n = entryOf(codeCounts, length);
    setEntry(codeStarts, length, start);
    start += n;
    space = (space << 1) + n;
  }
  if (space != 1 << LONGEST) return false;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length = <u32>load<u8>(codeLengths + symbol);
    if (length == 0) continue;
    const at = entryOf(codeStarts, length);
    store<u16>(sorted + ((<usize>at) << 1), <u16>symbol);
    setEntry(codeStarts, length, at + 1);
  }

  let length: u32 = 1;
  while (entryOf(codeCounts, length) == 0) length++;
  let left = entryOf(codeCounts, length);
  let next = sorted;
  let code: u32 = 0;
  let end: u32 = 1 << length;
  if (length <= tableBits) {
    // The table doubles with each bit, as the codes before are the same whatever bit follows.
    while (true) {
      setEntry(table, code, withLength(entryOf(entries, load<u16>(next)), length));
      next += 2;
      if (code == (1 << length) - 1) {
        for (; length < tableBits; length++, end <<= 1) double(table, end);
        return true;
      }
      code = nextCode(code, length);
      left--;
      while (left == 0) {
        length++;
        if (length <= tableBits) {
          double(table, end);
          end <<= 1;
        }
        left = entryOf(codeCounts, length);
      }
      if (length > tableBits) break;
    }
  }
  end = 1 << tableBits;
  const mask = end - 1;
  let prefix: u32 = 0xffffffff;
  let subStart: u32 = 0;
  while (true) {
    if ((code & mask) != prefix) {
      prefix = code & mask;
      subStart = end;
      let bits = length - tableBits;
      let used = left;
      while (used < (<u32>1) << bits) {
        bits++;
        used = (used << 1) + entryOf(codeCounts, tableBits + bits);
      }
      end = subStart + (1 << bits);
      if (end > tableSize) return false;
      setEntry(table, prefix, DEEPER | (subStart << 16) | (bits << 8) | tableBits);
    }
    const entry = withLength(entryOf(entries, load<u16>(next)), length - tableBits);
    next += 2;
    const stride: u32 = 1 << (length - tableBits);
    for (let at = subStart + (code >> tableBits); at < end; at += stride) setEntry(table, at, entry);
    if (code == (1 << length) - 1) return true;
    code = nextCode(code, length);
    left--;
    while (left == 0) {
      length++;
      left = entryOf(codeCounts, length);
    }
  }
}

function double(table: usize, end: u32): void {
  memory.copy(table + ((<usize>end) << 2), table, (<usize>end) << 2);
}

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
  // The code of the code lengths: 19 symbols of up to 7 bits; their entries are their numbers.
  for (let symbol: u32 = 0; symbol < 19; symbol++) setEntry(lengthEntries, symbol, LITERAL | (symbol << 16));
  if (!build(lengths, 19, lengthEntries, distanceTable, 7, 128)) return false;
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
  if (load<u8>(lengths + 256) == 0) return false;
  return (
    buildDistances(lengths + literals, distances) &&
    build(lengths, literals, literalEntries, literalTable, LITERAL_BITS, 8192)
  );
}

/** The distances: one alone may leave a bit without meaning, and there may be none. */
function buildDistances(codeLengths: usize, count: u32): bool {
  let used: u32 = 0;
  let only: u32 = 0;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    if (load<u8>(codeLengths + symbol) == 0) continue;
    used++;
    only = symbol;
  }
  if (used > 1) return build(codeLengths, count, distanceEntries, distanceTable, DISTANCE_BITS, 1536);
  for (let at: u32 = 0; at < 1 << DISTANCE_BITS; at++) {
    const isOnly = used == 1 && (at & 1) == 0;
    setEntry(distanceTable, at, isOnly ? withLength(entryOf(distanceEntries, only), 1) : INVALID);
  }
  return used == 0 || load<u8>(codeLengths + only) == 1;
}

function fixedCodes(): bool {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return (
    build(lengths, 288, literalEntries, literalTable, LITERAL_BITS, 8192) &&
    build(lengths + 288, 32, distanceEntries, distanceTable, DISTANCE_BITS, 1536)
  );
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

/** Adler-32 (RFC 1950). */
function adler32(at: usize, length: usize): u32 {
  const weights = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  const one = i16x8.splat(1);
  let a: u32 = 1;
  let b: u32 = 0;
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

/**
 * Inflates zlib data.
 *
 * @param input Compressed bytes, with 320 more that may be read.
 * @param out Room for `size` bytes and 320 more that may be written.
 * @returns Bytes that were written; negative where zlib has to look at the data.
 */
export function inflate(input: usize, length: usize, out: usize, size: usize): i32 {
  if (!isReady) prepare();
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
  return sum == adler32(out, to - out) ? <i32>(to - out) : REFUSED;
}
