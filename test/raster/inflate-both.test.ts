/**
 * Two blocks inflated at once are the same as each by itself, whatever the other one is.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { undoDifference, undoDifferencePlain } from '../../src/raster/predictor.ts';
import { inflateSimd } from '../../src/raster/simd/inflate.ts';
import { deflateTokens, expand, shortMatchTokens, type Token } from '../helpers/deflate.ts';
import { uniform } from '../helpers/twins.ts';

const random = uniform(12);
const ROOM = 140_000;

const shortMatches = (bytes: number) => shortMatchTokens(bytes, random);

/** Both blocks, inflated at once; null where zlib has to run. */
function both(first: Uint8Array, second: Uint8Array, most = ROOM): (Uint8Array | null)[] {
  const one = inflateSimd(first, most, second)?.slice() ?? null;
  return [one, inflateSimd(second, most)?.slice() ?? null];
}

function alone(stored: Uint8Array, most = ROOM): Uint8Array | null {
  return inflateSimd(stored, most)?.slice() ?? null;
}

/** Long matches and near ones again and again, each of which leaves the loop of short matches. */
function oddMatches(bytes: number): Token[] {
  return Array.from({ length: bytes / 400 }, (_, k): Token[] => [
    ...shortMatches(350),
    k % 2 === 0 ? [16 + (k % 240), 300] : [5, 1 + (k % 16)],
  ]).flat();
}

const noise = Uint8Array.from({ length: 30_000 }, () => 256 * random());

/** Zlib data that goes through the loop of short matches, in part or as a whole, and such that does not. */
const STORED: Record<string, Uint8Array> = {
  'short matches': deflateTokens(shortMatches(60_000)),
  'more of them': deflateTokens(shortMatches(130_000)),
  'a few of them': deflateTokens(shortMatches(9000)),
  'three blocks of them': deflateTokens(shortMatches(20_000), shortMatches(30_000), shortMatches(10_000)),
  'amid odd ones': deflateTokens(oddMatches(70_000)),
  'then literals': deflateTokens(shortMatches(20_000), Array.from(noise), shortMatches(20_000)),
  noise: deflateSync(noise),
  'stored blocks': deflateSync(noise, { level: 0 }),
  zeros: deflateSync(new Uint8Array(131_072)),
  'one byte': deflateSync(Uint8Array.of(7)),
  nothing: deflateSync(new Uint8Array(0)),
};

describe('inflateSimd, two blocks at once', () => {
  it.each(Object.entries(STORED))('gives the bytes of zlib for both: %s', (_, first) => {
    for (const second of Object.values(STORED)) {
      const [one, other] = both(first, second);
      expect(Buffer.compare(one!, inflateSync(first))).toBe(0);
      expect(Buffer.compare(other!, inflateSync(second))).toBe(0);
    }
  });

  it('leaves a damaged one to zlib, and gives the other one', () => {
    const good = STORED['short matches']!;
    const wrongSum = Uint8Array.from(good).fill(good.at(-1)! ^ 1, -1);
    const before: Token[] = [...shortMatches(5000), [4, 9000], ...shortMatches(40_000)];
    const bad = [wrongSum, deflateTokens(before), new Uint8Array(0), Uint8Array.of(1, 2, 3), noise];
    for (let part = 1; part < 20; part++) bad.push(good.subarray(0, (good.length * part) / 20));
    const content = inflateSync(good);
    for (const stored of bad) {
      for (const [found, refused] of [both(good, stored), both(stored, good).reverse()]) {
        expect(refused).toBeNull();
        expect(Buffer.compare(found!, content)).toBe(0);
      }
    }
  });

  it('gives of damaged data what each gives by itself', () => {
    const good = STORED['amid odd ones']!;
    const content = inflateSync(good);
    let refused = 0;
    for (let trial = 0; trial < 300; trial++) {
      const [one, two] = ['short matches', 'three blocks of them'].map((name) => {
        const damaged = Uint8Array.from(STORED[name]!);
        const at = Math.floor((trial % 3 === 0 ? 120 : damaged.length) * random());
        damaged[at] = damaged[at]! ^ (1 << Math.floor(8 * random()));
        return damaged;
      }) as [Uint8Array, Uint8Array];
      const expected = [alone(one), alone(two)];
      refused += expected.filter((block) => block === null).length;
      expect(both(one, two)).toEqual(expected);
      expect(Buffer.compare(both(one, good)[1]!, content)).toBe(0);
    }
    expect(refused).toBeGreaterThan(550);
  });

  it('refuses what lies before the first byte, even where the checksum is that of what lies there', () => {
    const good = STORED['short matches']!;
    const before = shortMatches(2100);
    const reach = expand(before).length;
    // Such distances have to be frequent, or their code is a long one; but none leads to those bytes again.
    const literals = Array.from(noise.subarray(0, 3200), (byte) => byte % 200);
    const far = Array.from({ length: 3000 }, (_, k): Token[] => [k % 200, [4, 2100 + Math.floor(900 * random())]]);
    const tokens: Token[] = [...before, [4, reach + 4], ...literals, ...far.flat()];
    const content = expand(tokens);
    const stored = deflateTokens(tokens);
    for (const blocks of [
      [stored, good],
      [good, stored],
    ] as const) {
      const [one, other] = [inflateSimd(good, ROOM, good)!, inflateSimd(good, ROOM)!];
      expect(both(...blocks).filter((block) => block === null)).toHaveLength(1);
      const { buffer, byteOffset } = blocks[0] === stored ? one : other;
      content.set(new Uint8Array(buffer, byteOffset - 4, 4), reach);
      stored.set(deflateSync(content).subarray(-4), stored.length - 4);
      expect(both(...blocks).filter((block) => block === null)).toHaveLength(1);
    }
  });

  it('refuses only the block that its room is too small for, and writes nothing behind either room', () => {
    const small = STORED['short matches']!;
    const large = STORED['more of them']!;
    const content = inflateSync(small);
    for (const most of [content.length, content.length + 1, content.length + 31]) {
      for (const [found, refused] of [both(small, large, most), both(large, small, most).reverse()]) {
        expect(Buffer.compare(found!, content)).toBe(0);
        expect(refused).toBeNull();
      }
      const found = inflateSimd(small, most, large)!;
      const memory = new Uint8Array(found.buffer);
      const room = Math.ceil((most + 320) / 16) * 16 + 16;
      const firstAt = found.byteOffset + room;
      const secondAt = firstAt + Math.ceil((small.length + 320) / 16) * 16 + 16 + room;
      expect(Buffer.compare(memory.subarray(firstAt, firstAt + small.length), small)).toBe(0);
      expect(Buffer.compare(memory.subarray(secondAt, secondAt + large.length), large)).toBe(0);
    }
  });

  it('inflates the same block twice', () => {
    const stored = STORED['short matches']!;
    const content = inflateSync(stored);
    for (const found of both(stored, stored)) expect(Buffer.compare(found!, content)).toBe(0);
  });

  it('gives the second block whatever is asked for before it, and whatever its size', () => {
    const [first, second, third] = ['short matches', 'a few of them', 'amid odd ones'].map((name) => STORED[name]!) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const content = inflateSync(second);
    inflateSimd(first, ROOM, second);
    expect(Buffer.compare(alone(third)!, inflateSync(third))).toBe(0);
    expect(Buffer.compare(alone(second)!, content)).toBe(0);
    for (const most of [content.length, content.length + 1, ROOM + 1, 2 * ROOM]) {
      inflateSimd(first, ROOM, second);
      expect(Buffer.compare(alone(second, most)!, content)).toBe(0);
    }
    inflateSimd(first, ROOM, second);
    expect(inflateSimd(second, content.length - 1)).toBeUndefined();
  });

  it('keeps the second block while the predictor of the first is undone', () => {
    const words = () => Uint16Array.from({ length: 256 * 64 }, () => 65_536 * random());
    const [first, second] = [words(), words()];
    const stored = deflateSync(second);
    const block = inflateSimd(deflateSync(first), first.byteLength, stored)!;
    const samples = new Uint16Array(block.buffer as ArrayBuffer, block.byteOffset, first.length);
    undoDifference(samples, 256, 1);
    undoDifferencePlain(first, 256, 1);
    expect(samples).toEqual(first);
    expect(Buffer.compare(inflateSimd(stored, second.byteLength)!, Buffer.from(second.buffer))).toBe(0);
  });
});
