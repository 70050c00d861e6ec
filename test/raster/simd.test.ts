/**
 * The two twins of the raster's loops give the same bits, whatever the pixels are.
 */
import { describe, expect, it } from 'vitest';
import { decodeLzw, decodeLzwPlain, LZW_ROOM } from '../../src/raster/lzw.ts';
import { reduceByTwo, reduceByTwoPlain, type OverviewMethod } from '../../src/raster/overview.ts';
import { createPixels, type PixelArray } from '../../src/raster/pixel-type.ts';
import {
  applyDifference,
  applyDifferencePlain,
  applyFloatDifference,
  applyFloatDifferencePlain,
  undoDifference,
  undoDifferencePlain,
  undoFloatDifference,
  undoFloatDifferencePlain,
} from '../../src/raster/predictor.ts';
import { simdModule } from '../../src/raster/simd/instance.ts';
import { decodeLzwSimd } from '../../src/raster/simd/lzw.ts';
import { reduceByMeanSimd, reduceByModeSimd } from '../../src/raster/simd/overview.ts';
import { undoDifferenceSimd } from '../../src/raster/simd/predictor.ts';
import { bitsOf, uniform } from '../helpers/twins.ts';

/** Rows of odd lengths, of one number, and more of them than are taken at a time. */
const SHAPES = [
  [1, 300],
  [2, 200],
  [7, 65],
  [15, 33],
  [16, 40],
  [17, 41],
  [31, 17],
  [512, 3],
  [513, 300],
  [100_001, 2],
] as const;

const bytes = (length: number, random: () => number): Uint8Array => Uint8Array.from({ length }, () => 256 * random());

describe('the twins of the predictors', () => {
  it('have a module to run on this engine', () => {
    expect(simdModule()).not.toBeNull();
    expect(undoDifferenceSimd(new Uint16Array(1024), 32)).toBe(true);
  });

  it.each([Uint8Array, Uint16Array, Uint32Array])('agree on predictor 2, both ways: %o', (Type) => {
    const random = uniform(Type.BYTES_PER_ELEMENT);
    for (const [rowLength, rows] of SHAPES) {
      // An unfinished row at the end stays as it is.
      const source = bytes((rowLength * rows + (rowLength > 3 ? 3 : 0)) * Type.BYTES_PER_ELEMENT, random);
      const numbers = () => new Type(source.slice().buffer);
      const [plain, simd] = [numbers(), numbers()];
      undoDifferencePlain(plain, rowLength, 1);
      undoDifference(simd, rowLength, 1);
      expect([rowLength, bitsOf(simd)]).toEqual([rowLength, bitsOf(plain)]);
      const [plainOut, simdOut] = [numbers(), numbers()];
      applyDifferencePlain(plain, plainOut, rowLength, 1);
      applyDifference(plain, simdOut, rowLength, 1);
      expect([rowLength, bitsOf(simdOut)]).toEqual([rowLength, bitsOf(plainOut)]);
      expect(bitsOf(simdOut)).toBe(bitsOf(numbers()));
    }
  });

  it('agree on predictor 3, both ways', () => {
    const random = uniform(3);
    for (const [rowLength, rows] of SHAPES) {
      const source = bytes(rowLength * rows * 4, random);
      const [plain, simd] = [source.slice(), source.slice()];
      undoFloatDifferencePlain(plain, rowLength, 1, 4);
      undoFloatDifference(simd, rowLength, 1, 4);
      expect([rowLength, bitsOf(simd)]).toEqual([rowLength, bitsOf(plain)]);
      const words = new Uint32Array(plain.buffer);
      const [plainOut, simdOut] = [new Uint8Array(plain.length), new Uint8Array(plain.length)];
      applyFloatDifferencePlain(words, plainOut, rowLength, 1);
      applyFloatDifference(words, simdOut, rowLength, 1);
      expect([rowLength, bitsOf(simdOut)]).toEqual([rowLength, bitsOf(plainOut)]);
      expect(bitsOf(simdOut)).toBe(bitsOf(source));
    }
  });
});

describe('the twins of LZW', () => {
  /** Codes of the right width at each place, packed; `pick` is told which code is the next to be defined. */
  function stream(count: number, pick: (next: number) => number): Uint8Array {
    let bits = '';
    let next = 257;
    let width = 9;
    for (let i = 0; i < count; i++) {
      const code = pick(next);
      bits += (code % 2 ** width).toString(2).padStart(width, '0');
      if (code === 256) [next, width] = [257, 9];
      else if (next < 4096 && ++next === 2 ** width - 1 && width < 12) width++;
    }
    return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  }

  /** What a twin gives: the bytes, or its error. */
  function outcome(decode: typeof decodeLzw, input: Uint8Array, size: number): string {
    const out = new Uint8Array(size + LZW_ROOM);
    try {
      return bitsOf(out.subarray(0, decode(input, out, size)));
    } catch (error) {
      return String(error);
    }
  }

  function expectSame(input: Uint8Array, size: number): string {
    const simd = outcome(decodeLzw, input, size);
    expect(simd).toBe(outcome(decodeLzwPlain, input, size));
    return simd;
  }

  const SIZES = [256, 257, 1000, 40_000, 300_000];

  it('run by WebAssembly for all but the smallest and the largest blocks', () => {
    const out = new Uint8Array(300 + LZW_ROOM);
    const input = stream(301, () => 7);
    expect(decodeLzwSimd(input, out, 300)).toBe(300);
    expect(decodeLzwSimd(input, out, 255)).toBeUndefined();
    expect(decodeLzwSimd(input, out, 9_000_000)).toBeUndefined();
  });

  it('agree on strings of all lengths, on those that are being defined, and on cleared and full tables', () => {
    const random = uniform(5);
    const known = (next: number) => (next > 258 && random() < 0.7 ? 258 + Math.floor((next - 257) * random()) : 0);
    const picks = {
      bytes: () => Math.floor(256 * random()),
      mixed: (next: number) => known(Math.min(next, 4095)) || Math.floor(256 * random()),
      cleared: (next: number) => (random() < 0.002 ? 256 : known(Math.min(next, 4095)) || Math.floor(256 * random())),
      'longest strings': (next: number) => (next === 257 ? 7 : Math.min(next, 4095)),
      'newest strings': (next: number) =>
        next === 257 || random() < 0.05 ? Math.floor(256 * random()) : Math.min(next, 4095),
    };
    for (const [name, pick] of Object.entries(picks)) {
      for (const size of SIZES) {
        const input = stream(6000, pick);
        expect([name, expectSame(input, size).startsWith('RangeError')]).toEqual([name, false]);
      }
    }
  });

  it('agree on cut and damaged codes, errors too', () => {
    const random = uniform(6);
    let errors = 0;
    for (let k = 0; k < 300; k++) {
      const input = bytes(1 + Math.floor(3000 * random()), random);
      // A beginning that is right, so that some of it can be decoded.
      input.set(stream(Math.floor((input.length / 3) * random()), () => Math.floor(256 * random())));
      const size = SIZES[k % SIZES.length]!;
      if (expectSame(input, size).startsWith('RangeError: LZW code')) errors++;
      expectSame(input.subarray(0, Math.floor(input.length * random())), size);
    }
    expect(errors).toBeGreaterThan(50);
  });

  it('write no byte behind the block', () => {
    const out = new Uint8Array(1000 + LZW_ROOM).fill(99);
    expect(
      decodeLzwSimd(
        stream(2000, (next) => (next === 257 ? 7 : Math.min(next, 4095))),
        out,
        1000,
      ),
    ).toBe(1000);
    expect(out.subarray(0, 1000).every((byte) => byte === 7)).toBe(true);
    expect(out.subarray(1000).every((byte) => byte === 99)).toBe(true);
  });
});

describe('the twins of the overviews', () => {
  const values: Record<string, (random: () => number) => number> = {
    few: (random) => Math.floor(4 * random()),
    many: (random) => Math.floor(65_536 * random()),
    'with nodata': (random) => (random() < 0.5 ? 255 : Math.floor(3 * random())),
    'only nodata': () => 255,
    gappy: (random) => (random() < 0.4 ? NaN : random()),
    odd: (random) => [NaN, Infinity, -Infinity, -0, 0, 3.4e38, 1e-45, 0.1][Math.floor(8 * random())]!,
  };
  const cases: [PixelArray, OverviewMethod, (number | null)[]][] = [
    [new Uint8Array(), 'mode', [null, 255, 0, -1, 0.5]],
    [new Uint16Array(), 'average', [null, 255, 65_535, -1, 0.5]],
    [new Float32Array(), 'average', [null, NaN, 255]],
    [new Uint16Array(), 'mode', [null, 0]],
  ];

  it.each(cases)('agree: %o, %s', (array, method, nodatas) => {
    const random = uniform(method.length + array.BYTES_PER_ELEMENT);
    const type = array instanceof Uint8Array ? 'uint8' : array instanceof Uint16Array ? 'uint16' : 'float32';
    for (const make of Object.values(values)) {
      for (const [width, height, samples] of [
        [2, 2, 1],
        [34, 6, 1],
        [30, 4, 3],
        [6, 4, 17],
        [512, 512, 1],
        [70, 300, 20],
        [7, 5, 1],
      ] as const) {
        const pixels = createPixels(type, width * height * samples);
        for (let i = 0; i < pixels.length; i++) pixels[i] = make(random);
        for (const nodata of nodatas) {
          const { pixels: simd } = reduceByTwo(pixels, width, height, samples, method, nodata);
          const plain = createPixels(type, simd.length);
          reduceByTwoPlain(pixels, plain, width, height, samples, method, nodata);
          const bits = (result: PixelArray) => bitsOf(result as Uint8Array);
          expect([width, samples, nodata, bits(simd)]).toEqual([width, samples, nodata, bits(plain)]);
        }
      }
    }
  });

  it('run by SIMD for what maps are made of', () => {
    const sizes = { width: 4, height: 2, samples: 1 };
    expect(reduceByMeanSimd(new Float32Array(8), new Float32Array(2), sizes, NaN)).toBe(true);
    expect(reduceByMeanSimd(new Uint16Array(8), new Uint16Array(2), sizes, null)).toBe(true);
    expect(reduceByModeSimd(new Uint8Array(8), new Uint8Array(2), sizes, 255)).toBe(true);
    expect(reduceByModeSimd(new Uint8Array(160), new Uint8Array(40), { ...sizes, samples: 20 }, 255)).toBe(true);
  });
});
