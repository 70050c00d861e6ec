/**
 * Inflating in WebAssembly gives the bytes of zlib, whatever wrote the data, and leaves what is damaged to zlib.
 */
import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { undoDifference, undoDifferencePlain } from '../../src/raster/predictor.ts';
import { inflatedIn, inflateSimd } from '../../src/raster/simd/inflate.ts';
import { uniform } from '../helpers/twins.ts';

const random = uniform(11);

/** Contents of every kind of block: literals, strings near and far, runs, codes of all lengths. */
const CONTENTS: Record<string, Uint8Array> = {
  noise: Uint8Array.from({ length: 70_000 }, () => 256 * random()),
  'noise in the low bytes': Uint8Array.from({ length: 131_072 }, (_, i) =>
    i % 2 === 0 ? 256 * random() : 3 * random(),
  ),
  zeros: new Uint8Array(131_072),
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
    for (const other of [gzip, dictionary, wrongSum]) expect(inflateSimd(other, most)).toBeUndefined();
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
