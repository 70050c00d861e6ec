/**
 * Deflate in a zlib wrapper (RFC 1950, RFC 1951). Bits are taken 56 at a time, and codes looked up in tables
 * (./huffman.ts).
 *
 * What is damaged, and what only odd writers write (a code that is not complete), is refused: zlib then has the word.
 * @module
 */
import { adler32 } from './adler32';
import { beginBlock, passOdd } from './block';
import { FIRST, giveTables, inflateOne, inflateTwo, moveTables, SECOND } from './fused-loop';
import { buildCodes, buildLengths, DISTANCES, entryOf, fixedCodes, lengths, LITERALS, prepareEntries } from './huffman';
import { ENDED, GOES_ON, REFUSED, Stream } from './stream';

const first = changetype<Stream>(memory.data(offsetof<Stream>(), 16));
const second = changetype<Stream>(memory.data(offsetof<Stream>(), 16));
const firstLiterals = memory.data(LITERALS, 16);
const firstDistances = memory.data(DISTANCES, 16);
const secondLiterals = memory.data(LITERALS, 16);
const secondDistances = memory.data(DISTANCES, 16);

/** The order in which the lengths of the code of the code lengths are stored. */
const orderOfLengths = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Reads the codes of a dynamic block and makes their tables. */
function readCodes(s: Stream): bool {
  s.refill();
  const literals: u32 = 257 + s.take(5);
  const distances: u32 = 1 + s.take(5);
  const given: u32 = 4 + s.take(4);
  if (literals > 286 || distances > 30) return false;
  memory.fill(lengths, 0, 320 + 32);
  for (let k: u32 = 0; k < given; k++) {
    if (s.held < 3) s.refill();
    store<u8>(lengths + load<u8>(orderOfLengths + k), <u8>s.take(3));
  }
  if (!buildLengths(s)) return false;
  memory.fill(lengths, 0, 32);
  const total: u32 = literals + distances;
  let n: u32 = 0;
  let last: u8 = 0;
  while (n < total) {
    if (s.from > s.inEnd + 16) return false;
    s.refill();
    const entry = entryOf(s.distances, <u32>(s.bits & 127));
    s.take(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      last = <u8>symbol;
      store<u8>(lengths + n++, last);
      continue;
    }
    if (symbol == 16 && n == 0) return false;
    if (symbol > 16) last = 0;
    const repeat: u32 = symbol == 16 ? 3 + s.take(2) : symbol == 17 ? 3 + s.take(3) : 11 + s.take(7);
    if (n + repeat > total) return false;
    memory.fill(lengths + n, last, repeat);
    n += repeat;
  }
  return load<u8>(lengths + 256) != 0 && buildCodes(s, literals, distances);
}

/** Where the tables are, and what is in those that do not depend on the data. */
function prepare(): void {
  prepareEntries();
  first.literals = firstLiterals;
  first.distances = firstDistances;
  second.literals = secondLiterals;
  second.distances = secondDistances;
  giveTables(first, second);
}

/** Begins with zlib data: inflates up to where the loop of short matches goes on, or to the end. */
function begin(s: Stream, input: usize, length: usize, out: usize, size: usize): i32 {
  if (length < 8) return REFUSED;
  const head = ((<u32>load<u8>(input)) << 8) | load<u8>(input, 1);
  if ((head & 0x8f20) != 0x0800 || head % 31 != 0) return REFUSED;
  s.goOn(input + 2, 0, 0);
  s.inEnd = input + length;
  s.start = out;
  s.to = out;
  s.outEnd = out + size;
  s.isLast = false;
  return nextBlocks(s);
}

/** Inflates block by block, up to one that goes on in the loop of short matches. */
function nextBlocks(s: Stream): i32 {
  let found = ENDED;
  while (found == ENDED && !s.isLast) {
    if (s.from > s.inEnd + 16) return REFUSED;
    s.refill();
    s.isLast = s.take(1) != 0;
    const kind = s.take(2);
    if (kind == 0) found = copyStored(s);
    else if (kind == 1 ? fixedCodes(s) : kind == 2 && readCodes(s)) found = beginBlock(s);
    else return REFUSED;
  }
  return found;
}

function copyStored(s: Stream): i32 {
  // Back to the next whole byte.
  s.giveBack();
  if (s.from + 4 > s.inEnd) return REFUSED;
  const length = <u32>load<u16>(s.from);
  if (length != (~(<u32>load<u16>(s.from, 2)) & 0xffff)) return REFUSED;
  const stored = s.from + 4;
  if (stored + length > s.inEnd || s.to + length > s.outEnd) return REFUSED;
  memory.copy(s.to, stored, length);
  s.goOn(stored + length, 0, 0);
  s.to += length;
  return ENDED;
}

/** Inflates what stopped the loop of short matches. */
function goOn(s: Stream): i32 {
  const found = passOdd(s);
  return found == ENDED ? nextBlocks(s) : found;
}

/** Inflates the rest of a stream by itself. Returns the bytes of all of it. */
function finish(s: Stream, before: i32): i32 {
  let found = before;
  if (found == GOES_ON) moveTables(s);
  while (found == GOES_ON) {
    inflateOne(s);
    found = goOn(s);
  }
  if (found == REFUSED) return REFUSED;
  s.giveBack();
  if (s.from + 4 > s.inEnd) return REFUSED;
  const sum = bswap<u32>(load<u32>(s.from));
  return sum == adler32(s.start, s.to - s.start, 1) ? <i32>(s.to - s.start) : REFUSED;
}

/**
 * Inflates zlib data.
 *
 * @param input Compressed bytes, with 320 more that may be read.
 * @param out Room for `size` bytes and 320 more that may be written.
 * @returns Bytes that were written; negative where zlib has to look at the data.
 */
export function inflate(input: usize, length: usize, out: usize, size: usize): i32 {
  prepare();
  return finish(first, begin(first, input, length, out, size));
}

let otherLength: i32 = REFUSED;

/** Inflates two at once, to rooms of the same size. Returns the bytes of one; {@link other} tells those of the other. */
export function inflateBoth(
  input: usize,
  length: usize,
  out: usize,
  input2: usize,
  length2: usize,
  out2: usize,
  size: usize,
): i32 {
  prepare();
  let found = begin(first, input, length, out, size);
  let found2 = begin(second, input2, length2, out2, size);
  while (found == GOES_ON && found2 == GOES_ON) {
    const stopped = inflateTwo(first, second);
    if ((stopped & FIRST) != 0) found = goOn(first);
    if ((stopped & SECOND) != 0) found2 = goOn(second);
  }
  // The first one before the second, which takes over its tables.
  const bytes = finish(first, found);
  otherLength = finish(second, found2);
  return bytes;
}

/** What {@link inflateBoth} would return of the second one. */
export function other(): i32 {
  return otherLength;
}
