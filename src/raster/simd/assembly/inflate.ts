/**
 * Deflate in a zlib wrapper (RFC 1950, RFC 1951). Bits are taken 56 at a time, and codes looked up in tables
 * (./huffman.ts).
 *
 * What is damaged, and what only odd writers write (a code that is not complete), is refused: zlib then has the word.
 * @module
 */
import { adler32 } from './adler32';
import { bits, from, giveBack, goOn, held, refill, take } from './bits';
import { inflateBlock, setBounds } from './block';
import { buildCodes, buildLengths, distanceTable, entryOf, fixedCodes, lengths, prepareEntries } from './huffman';

/** The order in which the lengths of the code of the code lengths are stored. */
const orderOfLengths = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** A reason to leave the data to zlib. */
const REFUSED: i32 = -1;

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
  if ((head & 0x8f20) != 0x0800 || head % 31 != 0) return REFUSED;
  const inEnd = input + length;
  const outEnd = out + size;
  let to = out;
  goOn(input + 2, 0, 0);
  setBounds(out, outEnd, inEnd);
  let isLast: u32 = 0;
  while (isLast == 0) {
    if (from > inEnd + 16) return REFUSED;
    refill();
    isLast = take(1);
    const kind = take(2);
    if (kind == 0) {
      // Back to the next whole byte.
      giveBack();
      if (from + 4 > inEnd) return REFUSED;
      const stored = <u32>load<u16>(from);
      if (stored != (~(<u32>load<u16>(from, 2)) & 0xffff)) return REFUSED;
      const first = from + 4;
      if (first + stored > inEnd || to + stored > outEnd) return REFUSED;
      memory.copy(to, first, stored);
      goOn(first + stored, 0, 0);
      to += stored;
      continue;
    }
    if (kind == 3) return REFUSED;
    if (!(kind == 1 ? fixedCodes() : readCodes(inEnd))) return REFUSED;
    to = inflateBlock(to);
    if (to == 0 || to > outEnd) return REFUSED;
  }
  giveBack();
  if (from + 4 > inEnd) return REFUSED;
  const sum = bswap<u32>(load<u32>(from));
  return sum == adler32(out, to - out, 1) ? <i32>(to - out) : REFUSED;
}
