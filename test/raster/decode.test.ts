import * as fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { blockDecoderOf, samplesFromBytes } from '../../src/raster/decode.ts';
import { decodeLzw, LZW_ROOM } from '../../src/raster/lzw.ts';
import { decodePackBits } from '../../src/raster/packbits.ts';
import { applyDifference, applyFloatDifference, swapBytes } from '../../src/raster/predictor.ts';

/** Packs codes of given widths, most significant bit first. */
function packCodes(codes: readonly [code: number, width: number][]): Uint8Array {
  const bits = codes.map(([code, width]) => code.toString(2).padStart(width, '0')).join('');
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

describe('decodeLzw', () => {
  const nine = (...codes: number[]) => packCodes(codes.map((code) => [code, 9]));
  const out = new Uint8Array(9 + LZW_ROOM);

  it('decodes the example of the TIFF 6.0 specification', () => {
    expect(decodeLzw(nine(256, 7, 258, 8, 8, 258, 6, 6, 257), out, 9)).toBe(9);
    expect([...out.subarray(0, 9)]).toEqual([7, 7, 7, 8, 8, 7, 7, 6, 6]);
  });

  it('stops at the end of input, of output, and at a code before its definition', () => {
    expect(decodeLzw(new Uint8Array(0), out, 9)).toBe(0);
    expect(decodeLzw(nine(7), out, 9)).toBe(1);
    expect(decodeLzw(nine(256, 7, 258, 259, 257), out, 4)).toBe(4);
    expect([...out.subarray(0, 4)]).toEqual([7, 7, 7, 7]);
    expect(() => decodeLzw(nine(256, 7, 300), out, 9)).toThrow(/LZW code 300/);
    expect(() => decodeLzw(nine(256, 258), out, 9)).toThrow(/LZW code 258/);
    expect(() => decodeLzw(nine(256, 7), out.subarray(0, 9), 9)).toThrow(RangeError);
  });

  it('copies strings longer than it reads at once, into themselves too', () => {
    // 7, 77, 777, …: each code is being defined while it is read.
    const codes = [256, 7, ...Array.from({ length: 60 }, (_, i) => 258 + i), 257];
    const long = new Uint8Array(1891 + LZW_ROOM);
    expect(decodeLzw(nine(...codes), long, 1891)).toBe(1891);
    expect(long.subarray(0, 1891).every((byte) => byte === 7)).toBe(true);
  });
});

describe('decodePackBits', () => {
  it('decodes the example of the TIFF 6.0 specification', () => {
    const input = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
    const expected = 'aa aa aa 80 00 2a aa aa aa aa 80 00 2a 22 aa aa aa aa aa aa aa aa aa aa'
      .split(' ')
      .map((hex) => Number.parseInt(hex, 16));
    const out = new Uint8Array(24);
    expect(decodePackBits(Uint8Array.from(input), out)).toBe(24);
    expect([...out]).toEqual(expected);
  });

  it('passes over 128, and writes no byte past the output', () => {
    const out = new Uint8Array(3);
    expect(decodePackBits(Uint8Array.of(128, 0, 5, 0x81, 9), out)).toBe(3);
    expect([...out]).toEqual([5, 9, 9]);
    expect(decodePackBits(Uint8Array.of(5, 1, 2, 3, 4, 5, 6), out)).toBe(3);
    expect([...out]).toEqual([1, 2, 3]);
  });
});

describe('samplesFromBytes', () => {
  const bytesOf = (array: Uint16Array | Uint32Array | Float32Array) => new Uint8Array(array.buffer.slice(0));

  it('adds differences along a row, modulo the range, band by band', () => {
    const rows = Uint16Array.of(100, 10, 5, 65_530, 7, 1, 65_535, 3);
    const layout = { pixelType: 'uint16', bits: 16, littleEndian: true, predictor: 2 } as const;
    expect([...samplesFromBytes(bytesOf(rows), 4, { ...layout, samples: 1 })]).toEqual([
      100, 110, 115, 109, 7, 8, 7, 10,
    ]);
    expect([...samplesFromBytes(bytesOf(rows), 2, { ...layout, samples: 2 })]).toEqual([100, 10, 105, 4, 7, 1, 6, 4]);
  });

  it('is the inverse of the predictors, in both byte orders', () => {
    const shape = fc.record({
      row: fc.integer({ min: 1, max: 9 }),
      rows: fc.integer({ min: 1, max: 4 }),
      samples: fc.integer({ min: 1, max: 3 }),
    });
    const values = fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(shape, values, fc.boolean(), ({ row, rows, samples }, stream, littleEndian) => {
        const words = Uint32Array.from({ length: row * rows * samples }, () => stream.next().value);
        const coded = new Uint32Array(words.length);
        applyDifference(words, coded, row * samples, samples);
        const bytes = bytesOf(coded);
        if (!littleEndian) swapBytes(bytes, 4);
        const back = samplesFromBytes(bytes, row, {
          pixelType: 'uint32',
          bits: 32,
          littleEndian,
          predictor: 2,
          samples,
        });
        expect(back).toEqual(words);

        const planes = new Uint8Array(words.length * 4);
        applyFloatDifference(words, planes, row * samples, samples);
        const floats = samplesFromBytes(planes, row, {
          pixelType: 'float32',
          bits: 32,
          littleEndian,
          predictor: 3,
          samples,
        });
        expect(new Uint32Array(floats.buffer, floats.byteOffset, floats.length)).toEqual(words);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('blockDecoderOf', () => {
  it('refuses deflate data that grow beyond the block', () => {
    const bomb = deflateSync(new Uint8Array(1 << 20));
    expect(() => blockDecoderOf(8)!(bomb, 1000)).toThrow(/larger than 2024/);
    expect(blockDecoderOf(8)!(bomb, 1 << 20)).toHaveLength(1 << 20);
  });

  it('knows no lossy codec', () => {
    expect([6, 7, 34_712, 34_887, 50_001].map(blockDecoderOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
