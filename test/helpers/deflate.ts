/**
 * Zlib data with chosen symbols: literals and matches that no writer would choose.
 * @module
 */

/** A literal, or the length and the distance of a match. */
export type Token = number | readonly [length: number, distance: number];

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Of each symbol the least value and the count of extra bits (RFC 1951, 3.2.5). */
const LENGTHS: (readonly [least: number, extra: number])[] = [];
for (let k = 0, least = 3; k < 28; k++) {
  const extra = k < 8 ? 0 : (k - 4) >> 2;
  LENGTHS.push([least, extra]);
  least += 1 << extra;
}
LENGTHS.push([258, 0]);
const DISTANCES: (readonly [least: number, extra: number])[] = [];
for (let k = 0, least = 1; k < 30; k++) {
  const extra = k < 4 ? 0 : (k - 2) >> 1;
  DISTANCES.push([least, extra]);
  least += 1 << extra;
}

const symbolOf = (table: typeof LENGTHS, value: number) => table.findLastIndex(([least]) => least <= value);

/** Lengths of a complete code (Huffman 1952) that is no longer than `most`. */
function codeLengths(counts: readonly number[], most: number): number[] {
  const lengths = counts.map(() => 0);
  const groups = counts.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  while (groups.length > 1) {
    groups.sort((a, b) => b.count - a.count);
    const [a, b] = groups.splice(-2) as [(typeof groups)[0], (typeof groups)[0]];
    const symbols = [...a.symbols, ...b.symbols];
    for (const symbol of symbols) lengths[symbol]!++;
    groups.push({ count: a.count + b.count, symbols });
  }
  if (Math.max(...lengths) <= most) return lengths;
  const flatter = counts.map((count) => (count > 0 ? (count >> 1) + 1 : 0));
  return codeLengths(flatter, most);
}

/** The codes, their bits in the order of the stream. */
function codesOf(lengths: readonly number[]): number[] {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let length = 1; length <= 15; length++, code <<= 1) {
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      for (let bit = 0; bit < length; bit++) codes[symbol]! |= ((code >> bit) & 1) << (length - 1 - bit);
      code++;
    });
  }
  return codes;
}

/** The bytes that tokens stand for; a distance before the first byte gives zeros. */
export function expand(tokens: readonly Token[]): Uint8Array {
  const out: number[] = [];
  for (const token of tokens) {
    if (typeof token === 'number') out.push(token);
    else for (let k = 0; k < token[0]; k++) out.push(out[out.length - token[1]] ?? 0);
  }
  return Uint8Array.from(out);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

/** Zlib data with a dynamic block for each list of tokens. */
export function deflateTokens(...blocks: (readonly Token[])[]): Uint8Array {
  const bytes = [0x78, 0x9c];
  let bits = 0;
  let held = 0;
  const put = (value: number, count: number) => {
    for (let bit = 0; bit < count; bit++) {
      bits |= ((value >> bit) & 1) << held++;
      if (held === 8) {
        bytes.push(bits);
        bits = 0;
        held = 0;
      }
    }
  };
  blocks.forEach((tokens, index) => {
    const counts = Array.from({ length: 286 }, (_, symbol) => (symbol === 256 ? 1 : 0));
    const distanceCounts = Array.from({ length: 30 }, (_, symbol) => (symbol < 2 ? 1 : 0));
    const symbols = tokens.map((token) =>
      typeof token === 'number'
        ? ([token, 0] as const)
        : ([257 + symbolOf(LENGTHS, token[0]), symbolOf(DISTANCES, token[1])] as const),
    );
    for (const [symbol, distance] of symbols) {
      counts[symbol]!++;
      if (symbol > 256) distanceCounts[distance]!++;
    }
    // A literal besides, so that the code is complete.
    counts[0]!++;
    const lengths = codeLengths(counts, 15);
    const distanceLengths = codeLengths(distanceCounts, 15);
    const all = [...lengths, ...distanceLengths];
    const metaLengths = codeLengths(
      Array.from(
        { length: 19 },
        (_, symbol) => all.filter((length) => length === symbol).length + (symbol < 2 ? 1 : 0),
      ),
      7,
    );
    const metaCodes = codesOf(metaLengths);
    put(index === blocks.length - 1 ? 1 : 0, 1);
    put(2, 2);
    put(286 - 257, 5);
    put(30 - 1, 5);
    put(19 - 4, 4);
    for (const symbol of CODE_ORDER) put(metaLengths[symbol]!, 3);
    for (const length of all) put(metaCodes[length]!, metaLengths[length]!);
    const codes = codesOf(lengths);
    const distanceCodes = codesOf(distanceLengths);
    tokens.forEach((token, at) => {
      const [symbol, distance] = symbols[at]!;
      put(codes[symbol]!, lengths[symbol]!);
      if (typeof token === 'number') return;
      const [least, extra] = LENGTHS[symbol - 257]!;
      put(token[0] - least, extra);
      put(distanceCodes[distance]!, distanceLengths[distance]!);
      const [nearest, more] = DISTANCES[distance]!;
      put(token[1] - nearest, more);
    });
    put(codes[256]!, lengths[256]!);
  });
  put(0, (8 - held) % 8);
  const sum = adler32(expand(blocks.flat()));
  return Uint8Array.from([...bytes, sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255]);
}

/** About so many bytes of literals and of matches of 3 to 10 bytes, as many of each, in random order. */
export function shortMatchTokens(bytes: number, random: () => number): Token[] {
  const tokens: Token[] = [];
  for (let made = 0; made < bytes;) {
    const most = Math.min(made, 2000);
    const isMatch = made > 100 && random() < 0.4;
    tokens.push(
      isMatch
        ? [3 + Math.floor(8 * random() ** 4), 17 + Math.floor((most - 16) * random())]
        : Math.floor(200 * random()),
    );
    made += isMatch ? (tokens.at(-1) as [number, number])[0] : 1;
  }
  return tokens;
}
