/**
 * Inflating in WebAssembly gives the bytes of zlib, whatever wrote the data, and leaves what is damaged to zlib.
 */
import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { undoDifference, undoDifferencePlain } from '../../src/raster/predictor.ts';
import { inflatedIn, inflateSimd } from '../../src/raster/simd/inflate.ts';
import { deflateTokens, expand, shortMatchTokens, type Token } from '../helpers/deflate.ts';
import { uniform } from '../helpers/twins.ts';

const random = uniform(11);

/** Contents of every kind of block: literals, strings near and far, runs, codes of all lengths. */
const CONTENTS: Record<string, Uint8Array> = {
  noise: Uint8Array.from({ length: 70_000 }, () => 256 * random()),
  'noise in the low bytes': Uint8Array.from({ length: 131_072 }, (_, i) =>
    i % 2 === 0 ? 256 * random() : 3 * random(),
  ),
  zeros: new Uint8Array(131_072),
  'the largest sums': new Uint8Array(131_072).fill(255),
  'runs of 1 to 9 bytes': Uint8Array.from({ length: 50_000 }, (_, i) => Math.floor(i / 1000) + (i % (1 + (i >> 13)))),
  text: Uint8Array.from({ length: 60_000 }, (_, i) => 97 + ((i * i) % 23) * (i % 7 === 0 ? 1 : 0)),
  // Byte k occurs 2^k times: codes up to the longest.
  'skewed frequencies': Uint8Array.from({ length: 1 << 17 }, () => Math.min(40, Math.floor(-Math.log2(random())))),
  'strings from afar': (() => {
    const part = Uint8Array.from({ length: 30_000 }, () => 256 * random());
    return Uint8Array.from([...part, ...part, ...part]);
  })(),
  'one byte': Uint8Array.of(7),
  nothing: new Uint8Array(0),
};

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY } = constants;
const WRITERS: ZlibOptions[] = [
  ...[0, 1, 4, 6, 9].map((level) => ({ level })),
  ...[Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY].map((strategy) => ({ strategy, memLevel: 1 })),
  { windowBits: 9 },
];

const shortMatches = (bytes: number) => shortMatchTokens(bytes, random);

describe('inflateSimd', () => {
  it.each(Object.entries(CONTENTS))('gives the bytes of zlib: %s', (_, content) => {
    for (const writer of WRITERS) {
      const found = inflateSimd(deflateSync(content, writer), content.length + 1024);
      expect(Buffer.compare(found!, content)).toBe(0);
      expect(inflatedIn(found!)).not.toBeNull();
    }
  });

  it('has room for exactly what it is told, and leaves longer data to zlib', () => {
    const content = CONTENTS['noise in the low bytes']!;
    const stored = deflateSync(content);
    expect(Buffer.compare(inflateSimd(stored, content.length)!, content)).toBe(0);
    expect(inflateSimd(stored, content.length - 1)).toBeUndefined();
    expect(inflateSimd(stored, 300)).toBeUndefined();
    expect(inflateSimd(stored, 16 * 1024 * 1024)).toBeUndefined();
  });

  it('leaves truncated data, other wrappers, window dictionaries and wrong sums to zlib', () => {
    const stored = deflateSync(CONTENTS.text!);
    const most = CONTENTS.text!.length + 1024;
    expect(inflateSimd(stored, most)).toBeDefined();
    for (const length of [0, 1, 7, 20, stored.length >> 1, stored.length - 5, stored.length - 1]) {
      expect(inflateSimd(stored.subarray(0, length), most), `${length} bytes`).toBeUndefined();
    }
    const gzip = Uint8Array.from([0x1f, 0x8b, ...stored.subarray(2)]);
    const dictionary = deflateSync(CONTENTS.text!, { dictionary: Buffer.from('abc') });
    const wrongSum = Uint8Array.from(stored).fill(stored.at(-1)! ^ 1, -1);
    const wideWindow = Uint8Array.from([0x88, 0x1c, ...stored.subarray(2)]);
    for (const other of [gzip, dictionary, wrongSum, wideWindow]) expect(inflateSimd(other, most)).toBeUndefined();
  });

  it('copies every short distance and length, every code of a distance, amid literals and short matches', () => {
    const tokens = shortMatches(33_000);
    for (let distance = 1; distance <= 40; distance++) {
      for (let length = 3; length <= 258; length += length < 20 ? 1 : 34) {
        tokens.push([length, distance], ...shortMatches(300 - length));
      }
    }
    for (let power = 2; power < 32_768; power *= 2) {
      for (const distance of [power, power + 1, 1.5 * power, 1.5 * power + 1, 2 * power]) {
        tokens.push([3, distance], 7, [10, distance], ...shortMatches(100));
      }
    }
    const content = expand(tokens);
    expect(Buffer.compare(inflateSync(deflateTokens(tokens)), content)).toBe(0);
    expect(Buffer.compare(inflateSimd(deflateTokens(tokens), content.length)!, content)).toBe(0);
    // Where odd distances are frequent.
    const odd = Array.from({ length: 3000 }, (_, k): Token[] => [
      k & 255,
      [3, 20],
      [3 + (k % 40), 1 + (k % 16)],
    ]).flat();
    const blocks = [shortMatches(9000), odd, shortMatches(9000)];
    const all = expand(blocks.flat());
    expect(Buffer.compare(inflateSimd(deflateTokens(...blocks), all.length)!, all)).toBe(0);
  });

  it('ends where the last literals and matches end, and refuses a room that is a byte too small', () => {
    const ends: Token[][] = [
      [1],
      [1, 2, 3],
      [[3, 20]],
      [9, [3, 20]],
      [[15, 16]],
      [[258, 1]],
      [[258, 300]],
      [4, [16, 17], 5],
    ];
    for (let filling = 9000; filling < 9020; filling++) {
      for (const end of ends) {
        const tokens = [...shortMatches(filling), ...end];
        const content = expand(tokens);
        const stored = deflateTokens(tokens);
        expect(Buffer.compare(inflateSimd(stored, content.length)!, content)).toBe(0);
        expect(inflateSimd(stored, content.length - 1)).toBeUndefined();
      }
    }
  });

  it('writes nothing behind its room, where the input lies', () => {
    const tokens = shortMatches(60_000);
    const stored = deflateTokens(tokens);
    const block = inflateSimd(stored, expand(tokens).length)!;
    const memory = new Uint8Array(block.buffer);
    for (const most of [3000, 20_000, 20_001, 20_031]) {
      expect(inflateSimd(stored, most)).toBeUndefined();
      const inputAt = block.byteOffset + Math.ceil((most + 320) / 16) * 16 + 16;
      expect(Buffer.compare(memory.subarray(inputAt, inputAt + stored.length), stored)).toBe(0);
    }
  });

  it('refuses distances that reach before the first byte', () => {
    const toFirst = shortMatches(5000);
    const reached = deflateTokens([...toFirst, [4, expand(toFirst).length], ...shortMatches(9000)]);
    expect(Buffer.compare(inflateSimd(reached, 20_000)!, inflateSync(reached))).toBe(0);
    for (const written of [0, 40, 5000, 6001]) {
      const before = shortMatches(written);
      const reach = expand(before).length;
      const after = shortMatches(9000);
      for (const distance of [reach + 1, reach + 2, reach + 700]) {
        expect(inflateSimd(deflateTokens([...before, [4, distance], ...after]), 20_000)).toBeUndefined();
      }
    }
  });

  it('never gives other bytes than zlib for damaged data', () => {
    let refused = 0;
    for (const content of [CONTENTS.text!, CONTENTS['skewed frequencies']!.subarray(0, 20_000)]) {
      for (const writer of [{ level: 6 }, { strategy: Z_FIXED }, { level: 9, memLevel: 1 }]) {
        const stored = deflateSync(content, writer);
        for (let trial = 0; trial < 150; trial++) {
          const damaged = Uint8Array.from(stored);
          for (let k = 0; k <= trial % 3; k++) {
            // The heads of the blocks are hit more often than by chance.
            const at = Math.floor((trial % 2 === 0 ? 120 : damaged.length) * random());
            damaged[at] = damaged[at]! ^ (1 << Math.floor(8 * random()));
          }
          const found = inflateSimd(damaged, content.length + 1024);
          if (found === undefined) {
            refused++;
            continue;
          }
          expect(Buffer.compare(found, inflateSync(damaged))).toBe(0);
        }
      }
    }
    expect(refused).toBeGreaterThan(800);
  });

  it('leaves its block where the predictor is undone in place', () => {
    const words = Uint16Array.from({ length: 256 * 64 }, () => 65_536 * random());
    const expected = words.slice();
    undoDifferencePlain(expected, 256, 1);
    const block = inflateSimd(deflateSync(words), words.byteLength)!;
    const samples = new Uint16Array(block.buffer as ArrayBuffer, block.byteOffset, words.length);
    undoDifference(samples, 256, 1);
    expect(samples).toEqual(expected);
  });
});
