/**
 * The tables of Deflate's Huffman codes (RFC 1951, 3.2): one gives each code of up to 11 bits in one look-up, and a second
 * one the longer codes.
 * @module
 */
import { Stream } from './stream';

/** Bits of a look-up; longer codes go on in a second table. */
export const LITERAL_BITS: u32 = 11;
export const DISTANCE_BITS: u32 = 9;
const LONGEST: u32 = 15;

/**
 * An entry: bits 0–7 what it takes from the stream, bits 8–11 the length of the code alone, bits 16–31 its value.
 */
export const LITERAL: u32 = 1 << 15;
/** A second table: bits 8–11 its bits, bits 16–31 where it begins. */
export const DEEPER: u32 = 1 << 14;
export const END: u32 = 1 << 13;
export const INVALID: u32 = 1 << 12;

/** Bytes of first and second tables: the largest that a complete code of 15 bits can need (zlib's ENOUGH, rounded up). */
export const LITERALS: i32 = (4096 + 4096) * 4;
export const DISTANCES: i32 = (512 + 1024) * 4;
/** Of the code of the code lengths: a symbol's entry is its number. */
const lengthEntries = memory.data(19 * 4, 16);
/** Of codes, a byte a symbol: the literals' first, then the distances'. */
export const lengths = memory.data(320 + 32, 16);
const sorted = memory.data(320 * 2, 16);
const codeCounts = memory.data(16 * 4, 16);
const codeStarts = memory.data(16 * 4, 16);
/** What a symbol's entry is before its code is known. */
const literalEntries = memory.data(288 * 4, 16);
const distanceEntries = memory.data(32 * 4, 16);

/** How many of {@link lengths} are the literals'. */
export let literalCount: u32 = 0;

let isReady = false;

/** Fills in the entries of all symbols, once. */
export function prepareEntries(): void {
  if (isReady) return;
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
  for (let symbol: u32 = 0; symbol < 19; symbol++) setEntry(lengthEntries, symbol, LITERAL | (symbol << 16));
  isReady = true;
}

export function setEntry(table: usize, index: u32, entry: u32): void {
  store<u32>(table + ((<usize>index) << 2), entry);
}

export function entryOf(table: usize, index: u32): u32 {
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

/** Makes the table of the code of the code lengths: 19 symbols of up to 7 bits, in place of the distances'. */
export function buildLengths(s: Stream): bool {
  return build(lengths, 19, lengthEntries, s.distances, 7, 128);
}

/** Makes both tables of a block from {@link lengths}. */
export function buildCodes(s: Stream, literals: u32, distances: u32): bool {
  literalCount = literals;
  return (
    buildDistances(lengths + literals, distances, s.distances) &&
    build(lengths, literals, literalEntries, s.literals, LITERAL_BITS, 8192)
  );
}

/** The distances: one alone may leave a bit without meaning, and there may be none. */
function buildDistances(codeLengths: usize, count: u32, table: usize): bool {
  let used: u32 = 0;
  let only: u32 = 0;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    if (load<u8>(codeLengths + symbol) == 0) continue;
    used++;
    only = symbol;
  }
  if (used > 1) return build(codeLengths, count, distanceEntries, table, DISTANCE_BITS, 1536);
  for (let at: u32 = 0; at < 1 << DISTANCE_BITS; at++) {
    const isOnly = used == 1 && (at & 1) == 0;
    setEntry(table, at, isOnly ? withLength(entryOf(distanceEntries, only), 1) : INVALID);
  }
  return used == 0 || load<u8>(codeLengths + only) == 1;
}

/** Makes the tables of the code that needs no description. */
export function fixedCodes(s: Stream): bool {
  literalCount = 288;
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return (
    build(lengths, 288, literalEntries, s.literals, LITERAL_BITS, 8192) &&
    build(lengths + 288, 32, distanceEntries, s.distances, DISTANCE_BITS, 1536)
  );
}
