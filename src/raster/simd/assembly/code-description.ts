/**
 * How a block describes its Huffman codes: the code lengths, with their repetitions, in a code of their own (RFC 1951,
 * 3.2.7).
 * @module
 */
import { put } from './bit-writer';
import { assignCodes, chooseLengths, setWord, wordAt } from './code-lengths';

/** Symbols of literals and lengths. */
export const LITERALS: usize = 286;
const SYMBOLS: usize = 19;
const LONGEST: u32 = 7;
/** Symbols beside the code lengths themselves: the last one 3 to 6 times more, 3 to 10 zeros, 11 to 138 zeros. */
const AGAIN: u8 = 16;
const ZEROS: u8 = 17;
const MANY_ZEROS: u8 = 18;

/** Code lengths, a byte each: of the literals and lengths, with room for the two of the distances. */
export const lengths = memory.data(288 + 2, 16);

/** What is written: symbols, and the bits behind each. */
const symbols = memory.data(288 + 2, 16);
const extras = memory.data(288 + 2, 16);
let count: usize = 0;
let literalsGiven: usize = 0;
let lengthsGiven: usize = 0;

const frequencies = memory.data(19 * 4, 16);
const codeLengths = memory.data(19, 16);
const codes = memory.data(19 * 4, 16);
/** The order in which the lengths of these codes are stored. */
const order = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Prepares the description of {@link lengths}, and returns the bits that it takes. */
export function describeCode(): u32 {
  literalsGiven = LITERALS;
  while (load<u8>(lengths + literalsGiven - 1) == 0) literalsGiven--;
  // Two codes of distances, as zlib writes them too: not every reader knows a code of one symbol.
  store<u16>(lengths + literalsGiven, 0x0101);
  const end = literalsGiven + 2;
  memory.fill(frequencies, 0, SYMBOLS << 2);
  count = 0;
  for (let i: usize = 0; i < end;) {
    const length = load<u8>(lengths + i);
    let run: usize = 1;
    while (i + run < end && load<u8>(lengths + i + run) == length) run++;
    i += run;
    addRun(length, run);
  }
  // Zeros and ones occur, or all literals and the ones of the distances: two symbols at least.
  chooseLengths(frequencies, SYMBOLS, LONGEST, codeLengths);
  assignCodes(codeLengths, SYMBOLS, codes);
  lengthsGiven = SYMBOLS;
  while (load<u8>(codeLengths + load<u8>(order + lengthsGiven - 1)) == 0) lengthsGiven--;
  let total: u32 = 3 + 5 + 5 + 4 + <u32>lengthsGiven * 3;
  for (let symbol: usize = 0; symbol < SYMBOLS; symbol++) {
    total += wordAt(frequencies, symbol) * (<u32>load<u8>(codeLengths + symbol) + extraBits(<u8>symbol));
  }
  return total;
}

/** Adds a code length that so many symbols have, one after the other. */
function addRun(length: u8, run: usize): void {
  if (length != 0) {
    add(length, 0);
    run--;
  }
  while (run >= 3) {
    const part = min<usize>(run, length == 0 ? 138 : 6);
    const symbol = length != 0 ? AGAIN : part < 11 ? ZEROS : MANY_ZEROS;
    add(symbol, <u8>(part - (symbol == MANY_ZEROS ? 11 : 3)));
    run -= part;
  }
  for (; run > 0; run--) add(length, 0);
}

function add(symbol: u8, extra: u8): void {
  store<u8>(symbols + count, symbol);
  store<u8>(extras + count, extra);
  count++;
  setWord(frequencies, symbol, wordAt(frequencies, symbol) + 1);
}

function extraBits(symbol: u8): u32 {
  return symbol < AGAIN ? 0 : symbol == AGAIN ? 2 : symbol == ZEROS ? 3 : 7;
}

/** Writes the head of a block whose codes were described last. */
export function writeDescription(isLast: u32): void {
  put(isLast | (2 << 1), 3);
  put(<u32>(literalsGiven - 257), 5);
  put(1, 5);
  put(<u32>(lengthsGiven - 4), 4);
  for (let k: usize = 0; k < lengthsGiven; k++) put(load<u8>(codeLengths + load<u8>(order + k)), 3);
  for (let k: usize = 0; k < count; k++) {
    const symbol = load<u8>(symbols + k);
    put(wordAt(codes, symbol), load<u8>(codeLengths + symbol));
    put(load<u8>(extras + k), extraBits(symbol));
  }
}
