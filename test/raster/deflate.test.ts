/**
 * What is deflated in WebAssembly is inflated by zlib and here to the same bytes, whatever they are, and is no larger than
 * what zlib makes of it when it looks for runs only.
 */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDifference, applyFloatDifference } from '../../src/raster/predictor.ts';
import { deflateSimd } from '../../src/raster/simd/deflate.ts';
import { inflateSimd } from '../../src/raster/simd/inflate.ts';
import { uniform } from '../helpers/twins.ts';

/** Bytes that are deflated at a time, and tokens of a block: where things could go wrong. */
const PIECE = 131_072;
const BLOCK = 32_768;

const random = uniform(5);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => 256 * random());

/** Which readers do not give back bytes that were deflated. */
function faults(bytes: Uint8Array): string[] {
  const deflated = deflateSimd(bytes)!;
  const found: string[] = [];
  if (Buffer.compare(inflateSync(deflated), bytes) !== 0) found.push(`zlib, ${bytes.length} bytes`);
  // Shorter blocks are left to zlib anyway.
  if (bytes.length < 256) return found;
  const here = inflateSimd(deflated, bytes.length);
  if (!here || Buffer.compare(here, bytes) !== 0) found.push(`here, ${bytes.length} bytes`);
  return found;
}

/** The length of bytes that are deflated and come back. */
function deflatedLength(bytes: Uint8Array): number {
  expect(faults(bytes)).toEqual([]);
  return deflateSimd(bytes)!.length;
}

/** zlib's way of looking for runs only. */
const byZlib = (bytes: Uint8Array) => deflateSync(bytes, { level: 6, strategy: constants.Z_RLE, memLevel: 9 });

/** Bytes of which each occurs as often as told, in an order by chance. */
function shuffled(frequencies: number[]): Uint8Array {
  const bytes = Uint8Array.from(frequencies.flatMap((count, byte) => Array.from({ length: count }, () => byte)));
  for (let i = bytes.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * random());
    [bytes[i], bytes[j]] = [bytes[j]!, bytes[i]!];
  }
  return bytes;
}

/** 1, 1, 2, 3, 5, ...: of n symbols that are as frequent, the rarest would have a code of n - 1 bits. */
function fibonacci(n: number): number[] {
  const numbers = [1, 1];
  while (numbers.length < n) numbers.push(numbers.at(-1)! + numbers.at(-2)!);
  return numbers;
}

describe('deflateSimd', () => {
  it('leaves nothing to zlib but nothing', () => {
    expect(deflateSimd(new Uint8Array(0))).toBeUndefined();
    for (let length = 1; length <= 70; length++) {
      expect(faults(noise(length))).toEqual([]);
      expect(faults(new Uint8Array(length))).toEqual([]);
      expect(faults(Uint8Array.from({ length }, (_, i) => i & 1))).toEqual([]);
    }
  });

  it('writes runs of every length, wherever they begin', () => {
    for (let length = 1; length <= 600; length++) {
      for (const before of [0, 1, length % 37, 31]) {
        expect(
          faults(Uint8Array.from([...noise(before), ...new Uint8Array(length).fill(7), ...noise(length % 5)])),
        ).toEqual([]);
      }
    }
    // All in one block, each of another byte than the one before.
    expect(
      faults(
        Uint8Array.from(Array.from({ length: 600 }, (_, k) => Array.from({ length: k + 1 }, () => k & 255)).flat()),
      ),
    ).toEqual([]);
  });

  it('gives any bytes back', () => {
    const run = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 700 }))
      .map(([byte, length]) => Array.from({ length }, () => byte));
    const literals = fc.uint8Array({ maxLength: 300 }).map((bytes) => [...bytes]);
    const few = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 300 });
    const parts = fc.array(fc.oneof(run, literals, few), { minLength: 1, maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(parts, (chosen) => {
        const bytes = Uint8Array.from(chosen.flat());
        expect(bytes.length > 0 ? faults(bytes) : []).toEqual([]);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it.each([BLOCK, PIECE, PIECE + BLOCK, 2 * PIECE])('goes on over the ends of blocks and pieces: %i', (border) => {
    const loud = noise(border + 400);
    const calm = Uint8Array.from({ length: border + 400 }, (_, i) => Math.max(0, (i % 5) - 3));
    for (let length = border - 33; length <= border + 33; length++) {
      expect(faults(loud.subarray(0, length))).toEqual([]);
      expect(faults(calm.subarray(0, length))).toEqual([]);
      expect(faults(new Uint8Array(length))).toEqual([]);
      // A run over the border.
      expect(faults(loud.slice(0, border + 350).fill(9, length - 20, border + 300))).toEqual([]);
    }
  });

  it('keeps codes short where frequencies would make them longer than any may be', () => {
    const all = fibonacci(21);
    for (const frequencies of [all, [...all, ...Array.from({ length: 235 }, () => 1)], all.toReversed()]) {
      const bytes = shuffled(frequencies);
      expect(bytes.length).toBeLessThan(BLOCK);
      // With Huffman's own lengths, up to 20 bits, it would be 2.6 bits a byte.
      expect(deflatedLength(bytes) / bytes.length).toBeLessThan(0.4);
    }
  });

  it('writes one and two symbols, and all of them', () => {
    for (const symbols of [1, 2, 3, 256]) {
      const bytes = Uint8Array.from({ length: 100_000 }, () => symbols * random());
      expect(deflatedLength(bytes)).toBeLessThan(1.01 * byZlib(bytes).length + 50);
    }
  });

  it('stores what does not get smaller, so that the result is hardly longer', () => {
    for (const length of [1, 100, BLOCK, PIECE, 3 * PIECE + 5]) {
      expect(deflatedLength(noise(length))).toBeLessThanOrEqual(length + 6 + 7 * Math.ceil(length / BLOCK + 1));
    }
  });

  it('gives the same bytes again, whatever came between', () => {
    const bytes = Uint8Array.from({ length: PIECE + 77 }, () => 9 * random() * random());
    const first = deflateSimd(bytes)!.slice();
    for (const other of [noise(5), new Uint8Array(3 * PIECE), noise(BLOCK + 1)]) {
      expect(faults(other)).toEqual([]);
      expect(Buffer.compare(deflateSimd(bytes)!, first)).toBe(0);
    }
    expect(first.buffer.byteLength).toBe(first.length);
  });

  it('is no larger than zlib makes it of runs only, by more than a hundredth', () => {
    const side = 512;
    const land = Float32Array.from({ length: side * side }, (_, i) => {
      const [row, col] = [Math.floor(i / side), i % side];
      return col < 40 ? NaN : Math.sin(row / 90) * Math.cos(col / 70) + 0.05 * (random() + random() - 1);
    });
    const floats = new Uint8Array(land.byteLength);
    applyFloatDifference(new Uint32Array(land.buffer), floats, side, 1);
    const words = new Uint16Array(land.length);
    applyDifference(
      Uint16Array.from(land, (value) => 2000 * (value + 2)),
      words,
      side,
      1,
    );
    const classes = Uint8Array.from(land, (value) => (Number.isNaN(value) ? 255 : Math.floor(2 * value + 3)));
    for (const bytes of [floats, new Uint8Array(words.buffer), classes, new Uint8Array(side * side).fill(3)]) {
      const most = byZlib(bytes).length;
      expect(deflatedLength(bytes)).toBeLessThan(1.01 * most + 50);
    }
  });
});
