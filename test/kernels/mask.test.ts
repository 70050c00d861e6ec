import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearWhereBitsUnset, clearWhereListed, clearWherePresent } from '../../src/kernels/mask.ts';

const ones = (n: number): Uint8Array => new Uint8Array(n).fill(1);

describe('clearWhereBitsUnset', () => {
  it('drops QA_PIXEL fill, clouds and shadow, keeps clear land and water', () => {
    // 1 fill, 21824 clear, 21952 water, 22280 cloud, 23888 shadow: values of real Collection-2 scenes.
    const clear = ones(5);
    clearWhereBitsUnset(Uint16Array.of(1, 21824, 21952, 22280, 23888), 0b111111, clear);
    expect([...clear]).toEqual([0, 1, 1, 0, 0]);
  });

  it('never makes a pixel clear again, and refuses unequal lengths', () => {
    const clear = Uint8Array.of(0, 1);
    clearWhereBitsUnset(Uint8Array.of(0, 0), 0b11110, clear);
    expect([...clear]).toEqual([0, 1]);
    expect(() => clearWhereBitsUnset(Uint8Array.of(0), 1, clear)).toThrow(/Expected 1 elements of clear, got 2/);
  });
});

describe('clearWhereListed', () => {
  it('keeps listed classes and drops values beyond the lookup', () => {
    const keep = new Uint8Array(8);
    keep[4] = keep[5] = 1;
    const clear = ones(5);
    clearWhereListed(Uint8Array.of(3, 4, 5, 9, 255), keep, clear);
    expect([...clear]).toEqual([0, 1, 1, 0, 0]);
  });
});

describe('clearWherePresent', () => {
  it('drops the no-data value of integer bands', () => {
    for (const band of [Uint16Array.of(0, 7), Int16Array.of(0, 7), Uint8Array.of(0, 7)]) {
      const clear = ones(2);
      clearWherePresent(band, 0, clear);
      expect([...clear]).toEqual([0, 1]);
      clearWherePresent(band, null, clear);
      clearWherePresent(band, NaN, clear);
      expect([...clear]).toEqual([0, 1]);
    }
  });

  it('drops NaN of float bands always, and rounds the no-data value to float32', () => {
    const clear = ones(4);
    clearWherePresent(Float32Array.of(NaN, -3.4028235e38, 0.1, 0.2), -3.4028235e38, clear);
    expect([...clear]).toEqual([0, 0, 1, 1]);
    clearWherePresent(Float32Array.of(1, 1, 0.1, 0.2), 0.1, clear);
    expect([...clear]).toEqual([0, 0, 0, 1]);
    clearWherePresent(Float64Array.of(1, 1, 1, NaN), null, clear);
    expect([...clear]).toEqual([0, 0, 0, 0]);
  });

  it('is the same for every element type and any length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5000, size: 'max' }), (values) => {
        const direct = ones(values.length);
        const scratch = ones(values.length);
        clearWherePresent(Uint16Array.from(values), 2, direct);
        clearWherePresent(Float32Array.from(values), 2, scratch);
        expect(scratch).toEqual(direct);
        expect(direct.reduce((sum, v) => sum + v, 0)).toBe(values.filter((v) => v !== 2).length);
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});
