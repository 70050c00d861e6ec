/**
 * Huffman codes for writing: how long each symbol's code is, and its bits (RFC 1951, 3.2.2).
 * @module
 */

/** Symbols that occur, the rarest first; of two that are as frequent, the lower first: frequency << 9 | symbol. */
const leaves = memory.data((288 + 2) * 4, 16);
const unsorted = memory.data(288 * 4, 16);
const places = memory.data(257 * 4, 16);
/** Inner nodes in the order of their making, which is that of their weights. */
const weights = memory.data(288 * 4, 16);
/** An inner node's parent; once that has a depth, its own. */
const depths = memory.data(288 * 4, 16);
/** Codes of each length. */
const counts = memory.data(16 * 4, 16);
const firstCodes = memory.data(16 * 4, 16);

export function wordAt(table: usize, index: usize): u32 {
  return load<u32>(table + (index << 2));
}

export function setWord(table: usize, index: usize, value: u32): void {
  store<u32>(table + (index << 2), value);
}

/** Lists the symbols that occur, sorted. Returns how many there are. */
function sortLeaves(frequencies: usize, symbols: usize): usize {
  let n: usize = 0;
  for (let symbol: usize = 0; symbol < symbols; symbol++) {
    const frequency = wordAt(frequencies, symbol);
    setWord(leaves, n, (frequency << 9) | <u32>symbol);
    n += frequency != 0 ? 1 : 0;
  }
  sortByDigit(9, n, leaves, unsorted);
  sortByDigit(17, n, unsorted, leaves);
  return n;
}

/** Sorts by 8 bits; equal ones keep their order. */
function sortByDigit(shift: u32, n: usize, from: usize, sorted: usize): void {
  memory.fill(places, 0, 257 << 2);
  for (let i: usize = 0; i < n; i++) {
    const digit = (wordAt(from, i) >> shift) & 255;
    setWord(places, digit + 1, wordAt(places, digit + 1) + 1);
  }
  for (let digit: usize = 1; digit < 256; digit++)
    setWord(places, digit, wordAt(places, digit) + wordAt(places, digit - 1));
  for (let i: usize = 0; i < n; i++) {
    const leaf = wordAt(from, i);
    const digit = (leaf >> shift) & 255;
    const place = wordAt(places, digit);
    setWord(places, digit, place + 1);
    setWord(sorted, place, leaf);
  }
}

/** Joins the two lightest nodes until one is left: leaves and inner nodes wait in two queues that are sorted anyway. */
function joinNodes(n: usize): void {
  let leaf: usize = 0;
  let inner: usize = 0;
  // Behind the last leaf there is none.
  setWord(leaves, n, u32.MAX_VALUE);
  setWord(leaves, n + 1, u32.MAX_VALUE);
  for (let node: usize = 0; node + 1 < n; node++) {
    // Not made yet: not to be taken.
    setWord(weights, node, u32.MAX_VALUE);
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      const frequency = wordAt(leaves, leaf) >> 9;
      const other = wordAt(weights, inner);
      // No branch, as nobody could guess it; of a node that is not taken the parent is written again later.
      const isInner: usize = other < frequency ? 1 : 0;
      weight += select(other, frequency, isInner != 0);
      setWord(depths, inner, <u32>node);
      inner += isInner;
      leaf += 1 - isInner;
    }
    setWord(weights, node, weight);
  }
}

/**
 * Chooses the code lengths of symbols by their frequencies (below 2^16), none above `longest`.
 *
 * From the root down, an inner node makes one code two that are a bit longer. Below the limit, another code is lengthened
 * instead: the longest that can be, which costs least. The code stays complete.
 *
 * @param frequencies A word a symbol; at least two are not 0.
 * @param lengths A byte a symbol, to be written; 0 where it does not occur.
 */
export function chooseLengths(frequencies: usize, symbols: usize, longest: u32, lengths: usize): void {
  const n = sortLeaves(frequencies, symbols);
  joinNodes(n);
  memory.fill(counts, 0, 64);
  setWord(counts, 0, 1);
  for (let left = n - 1; left > 0; left--) {
    const node = left - 1;
    let depth: u32 = left == n - 1 ? 0 : wordAt(depths, wordAt(depths, node)) + 1;
    setWord(depths, node, depth);
    if (depth >= longest) {
      depth = longest - 1;
      while (wordAt(counts, depth) == 0) depth--;
    }
    setWord(counts, depth, wordAt(counts, depth) - 1);
    setWord(counts, depth + 1, wordAt(counts, depth + 1) + 2);
  }
  memory.fill(lengths, 0, symbols);
  let leaf: usize = 0;
  for (let length = longest; length > 0; length--) {
    for (let k = wordAt(counts, length); k > 0; k--) {
      store<u8>(lengths + (wordAt(leaves, leaf++) & 511), <u8>length);
    }
  }
}

/** Gives the codes of the lengths chosen last, each with its bits in the order of the stream. */
export function assignCodes(lengths: usize, symbols: usize, codes: usize): void {
  let next: u32 = 0;
  for (let length: usize = 1; length < 16; length++) {
    setWord(firstCodes, length, next);
    next = (next + wordAt(counts, length)) << 1;
  }
  for (let symbol: usize = 0; symbol < symbols; symbol++) {
    const length = <usize>load<u8>(lengths + symbol);
    const code = wordAt(firstCodes, length);
    setWord(firstCodes, length, code + 1);
    setWord(codes, symbol, reversed(code) >> (16 - <u32>length));
  }
}

/** 16 bits, the last first. */
function reversed(x: u32): u32 {
  x = ((x & 0x5555) << 1) | ((x >> 1) & 0x5555);
  x = ((x & 0x3333) << 2) | ((x >> 2) & 0x3333);
  x = ((x & 0x0f0f) << 4) | ((x >> 4) & 0x0f0f);
  return ((x & 0xff) << 8) | (x >> 8);
}
