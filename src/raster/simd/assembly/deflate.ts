/**
 * Deflate for rasters, in a zlib wrapper (RFC 1950, RFC 1951): runs of one byte, and Huffman codes of its own for each
 * block.
 *
 * After a predictor little else repeats. Of each 32 bytes it is known at once which equal the one before; what is a run
 * and what is not becomes tokens, and tokens become bits three at a time, without branches that nobody could guess.
 * @module
 */
import { adler32 } from './adler32';
import { padToByte, put, putBytes, putTokens, writeAt, written } from './bit-writer';
import { describeCode, lengths, LITERALS, writeDescription } from './code-description';
import { assignCodes, chooseLengths, setWord, wordAt } from './code-lengths';

/** zlib's two bytes: a window of 32 kB, the usual level. */
const HEAD: u32 = 0x9c78;

/** A block ends with this many tokens or a few more, as zlib's do: with half as many floats are 0.1 % larger and slower. */
const BLOCK_TOKENS: usize = 1 << 15;

/** The longest code: with 5 more bits of a run and 1 of its distance, three fit 64 bits. 15 would save 0.01 %. */
const LONGEST: u32 = 12;

/** Symbols that end a block, and that stand for the longest run. */
const END: usize = 256;
const LONGEST_RUN: usize = 285;

/** A token: a literal's byte, or this and the length of a run, up to 258. */
const RUN: u32 = 253;
const TOKENS: usize = 512;

const tokens = memory.data((32768 + 64) * 2, 16);
/** Counts of tokens, four times: one that comes again soon does not wait for its count. */
const counts = memory.data(4 * 512 * 4, 16);
const QUARTER: usize = 512 * 4;
const frequencies = memory.data(288 * 4, 16);
const codes = memory.data(288 * 4, 16);
/** What tokens write, for {@link putTokens}. */
const entries = memory.data(512 * 4, 16);

let nextByte: usize = 0;
let sum: u32 = 1;

/** A bit for each of 32 bytes that equals the one before. */
function repeats(at: usize): u32 {
  return <u32>i8x16.bitmask(sameAsBefore(at)) | ((<u32>i8x16.bitmask(sameAsBefore(at + 16))) << 16);
}

function sameAsBefore(at: usize): v128 {
  return i8x16.eq(v128.load(at), v128.load(at - 1));
}

/** Makes the tokens of a block, from {@link nextByte} on. Returns where they end. */
function findTokens(end: usize): usize {
  const full = tokens + (BLOCK_TOKENS << 1);
  let at = nextByte;
  let token = tokens;
  while (token < full && at < end) {
    // All 32 as literals; what they are not is written over.
    for (let k: usize = 0; k < 32; k += 16) {
      const bytes = v128.load(at + k);
      v128.store(token + (k << 1), i16x8.extend_low_i8x16_u(bytes));
      v128.store(token + (k << 1), i16x8.extend_high_i8x16_u(bytes), 16);
    }
    const same = repeats(at);
    // Runs of 4 and more, as three literals are shorter than a run as often as not. Of the last three bytes it is not
    // known yet whether they begin one.
    const starts = same & (same >> 1) & (same >> 2) & (same >> 3);
    const most = <u32>min<usize>(29, end - at);
    const literals = ctz<u32>(starts | (1 << most));
    const isRun: u32 = literals < most ? 1 : 0;
    let run = ctz<u32>(~(same >> literals)) * isRun;
    if (literals + run == 32) run = runLength(at + literals, run);
    token += (<usize>literals) << 1;
    store<u16>(token, <u16>(RUN + run));
    token += (<usize>isRun) << 1;
    at += literals + run;
  }
  nextByte = at;
  return token;
}

/** How long a run is of which `length` bytes are known. */
function runLength(at: usize, length: usize): u32 {
  while (length < 258) {
    const next = at + length;
    const left = v128.and(sameAsBefore(next), sameAsBefore(next + 16));
    const right = v128.and(sameAsBefore(next + 32), sameAsBefore(next + 48));
    if (!i8x16.all_true(v128.and(left, right))) break;
    length += 64;
  }
  while (length < 258) {
    const same = repeats(at + length);
    length += ctz<u32>(~same);
    if (same != u32.MAX_VALUE) break;
  }
  return <u32>min<usize>(length, 258);
}

/** Counts the tokens of a block, and by them the symbols. */
function countSymbols(end: usize): void {
  memory.fill(counts, 0, 4 * QUARTER);
  let at = tokens;
  for (; at + 8 <= end; at += 8) {
    const four = load<u64>(at);
    increment(counts, <usize>(four & 511));
    increment(counts + QUARTER, <usize>((four >> 16) & 511));
    increment(counts + 2 * QUARTER, <usize>((four >> 32) & 511));
    increment(counts + 3 * QUARTER, <usize>(four >> 48));
  }
  for (; at < end; at += 2) increment(counts, load<u16>(at));
  for (let to = counts; to < counts + QUARTER; to += 16) {
    const left = i32x4.add(v128.load(to), v128.load(to + QUARTER));
    v128.store(to, i32x4.add(left, i32x4.add(v128.load(to + 2 * QUARTER), v128.load(to + 3 * QUARTER))));
  }
  memory.copy(frequencies, counts, END << 2);
  memory.fill(frequencies + (END << 2), 0, (LITERALS - END) << 2);
  setWord(frequencies, END, 1);
  for (let token = END; token < TOKENS; token++) {
    const symbol = symbolOf(token);
    setWord(frequencies, symbol, wordAt(frequencies, symbol) + wordAt(counts, token));
  }
}

function increment(table: usize, index: usize): void {
  setWord(table, index, wordAt(table, index) + 1);
}

/** Bits that follow a token's symbol to give the length of its run (RFC 1951, 3.2.5). */
function extraBits(token: usize): u32 {
  return token < END + 8 || token == TOKENS - 1 ? 0 : 29 - clz<u32>(<u32>(token - END));
}

function symbolOf(token: usize): usize {
  if (token < END) return token;
  const extra = extraBits(token);
  return token == TOKENS - 1 ? LONGEST_RUN : 257 + (extra << 2) + ((token - END) >> extra);
}

/** Makes the entries of all tokens that occur, and returns the bits that the block takes with these codes. */
function makeEntries(): u32 {
  let total: u32 = load<u8>(lengths + END);
  for (let token: usize = 0; token < TOKENS; token++) {
    const count = wordAt(counts, token);
    if (count == 0) continue;
    const symbol = symbolOf(token);
    const extra = extraBits(token);
    const length: u32 = load<u8>(lengths + symbol);
    const code = wordAt(codes, symbol) | ((<u32>(token - END) & ((1 << extra) - 1)) << length);
    // All distances are 1, whose code is the bit 0.
    const n: u32 = length + extra + (token < END ? 0 : 1);
    setWord(entries, token, (code << 6) | n);
    total += count * n;
  }
  return total;
}

/** Writes bytes as they are. */
function writeStored(from: usize, end: usize, isLast: u32): void {
  do {
    const length = <u32>min<usize>(end - from, 65535);
    put(from + length == end ? isLast : 0, 3);
    padToByte();
    put(length | (~length << 16), 32);
    putBytes(from, length);
    from += length;
  } while (from < end);
}

/** Writes the next block of the bytes before `end`, the cheaper way. */
function writeBlock(end: usize, isEnd: u32): void {
  const start = nextByte;
  const tokensEnd = findTokens(end);
  countSymbols(tokensEnd);
  // The end of the block is one of at least two symbols.
  chooseLengths(frequencies, LITERALS, LONGEST, lengths);
  assignCodes(lengths, LITERALS, codes);
  const total = makeEntries() + describeCode();
  const isLast: u32 = nextByte == end ? isEnd : 0;
  const size = <u32>(nextByte - start);
  // Stored, each 65535 bytes have 3 bits before them, up to 7 to a whole byte, and 32 of their length.
  if (total >= (size << 3) + 42 * ((size + 65534) / 65535)) {
    writeStored(start, nextByte, isLast);
    return;
  }
  writeDescription(isLast);
  putTokens(tokens, tokensEnd, entries);
  put(wordAt(codes, END), load<u8>(lengths + END));
}

/**
 * Deflates a piece of the data; its last bits that are no whole byte wait for the next piece.
 *
 * @param input The piece, of at least one byte. The bytes before and behind it are written over, 64 behind it read.
 * @param out Room for the piece, a byte more for each 1024, and 64.
 * @returns Bytes that were written.
 */
export function deflate(input: usize, length: usize, out: usize, isFirst: u32, isLast: u32): usize {
  const end = input + length;
  // No run begins before the piece, or goes on behind it.
  store<u8>(input - 1, ~load<u8>(input));
  store<u8>(end, ~load<u8>(end - 1));
  writeAt(out);
  if (isFirst != 0) {
    put(HEAD, 16);
    sum = 1;
  }
  sum = adler32(input, length, sum);
  nextByte = input;
  while (nextByte < end) writeBlock(end, isLast);
  if (isLast != 0) {
    padToByte();
    put(bswap<u32>(sum), 32);
  }
  return written() - out;
}
