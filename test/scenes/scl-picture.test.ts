import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSclPicture } from '../../src/scenes/scl-picture.ts';

// the colours of the Copernicus Browser, class by class
const COLOURS = [
  '000000',
  'ff0000',
  '2f2f2f',
  '643200',
  '00a000',
  'ffe65a',
  '0000ff',
  '808080',
  'c0c0c0',
  'ffffff',
  '64c8ff',
  'ff96ff',
].map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number]);

const channel = (i: 0 | 1 | 2): number[] => COLOURS.map((colour) => colour[i]);
const ALL_CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

describe('decodeSclPicture', () => {
  it('decodes every class of an 8-bit picture', () => {
    const out = new Uint8Array(12).fill(99);
    decodeSclPicture(Uint8Array.from(channel(0)), Uint8Array.from(channel(1)), Uint8Array.from(channel(2)), out);
    expect([...out]).toEqual(ALL_CLASSES);
  });

  it('decodes every class of a 16-bit picture, x / 65535 × 255', () => {
    const wide = (i: 0 | 1 | 2): Uint16Array => Uint16Array.from(channel(i), (v) => Math.round((v / 255) * 65535));
    const out = new Uint8Array(12).fill(99);
    decodeSclPicture(wide(0), wide(1), wide(2), out);
    expect([...out]).toEqual(ALL_CLASSES);
  });

  it('takes colours of no class as no data', () => {
    // RGB of a true-colour picture, and the mean of vegetation and bare soil, as resampling would make it
    const out = new Uint8Array(2).fill(99);
    decodeSclPicture(Uint8Array.of(90, 128), Uint8Array.of(80, 195), Uint8Array.of(70, 45), out);
    expect([...out]).toEqual([0, 0]);
  });

  it('bears the rounding of each channel', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -3, max: 3 }))), (code, shift) => {
        const rgb = COLOURS[code]!.map((v, i) => Math.min(255, Math.max(0, v + shift[i]!)));
        const out = new Uint8Array(1).fill(99);
        decodeSclPicture(Uint8Array.of(rgb[0]!), Uint8Array.of(rgb[1]!), Uint8Array.of(rgb[2]!), out);
        expect(out[0]).toBe(code);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('refuses unequal lengths, and takes none', () => {
    expect(() => decodeSclPicture(new Uint8Array(2), new Uint8Array(2), new Uint8Array(3), new Uint8Array(2))).toThrow(
      RangeError,
    );
    decodeSclPicture(new Uint8Array(0), new Uint8Array(0), new Uint8Array(0), new Uint8Array(0));
  });
});
