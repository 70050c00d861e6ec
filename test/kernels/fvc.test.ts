import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionalCover, type CoverModel } from '../../src/kernels/fvc.ts';

function cover(index: number[], model: CoverModel = 'linear', soil = 0.1, vegetation = 0.9): number[] {
  const out = new Float32Array(index.length);
  fractionalCover(Float32Array.from(index), soil, vegetation, model, out);
  return [...out];
}

describe('fractionalCover', () => {
  it('is 0 at bare soil, 1 at full cover, and linear or squared between', () => {
    expect(cover([0, 0.25, 0.5, 0.75, 1], 'linear', 0.25, 0.75)).toEqual([0, 0, 0.5, 1, 1]);
    expect(cover([0, 0.5, 1], 'squared', 0.25, 0.75)).toEqual([0, 0.25, 1]);
  });

  it('does not use the misprinted denominator (index − vegetation), whose value at 0.7 would be −3', () => {
    expect(cover([0.7])[0]).toBeCloseTo(0.75, 6);
  });

  it('passes NaN and may work in place', () => {
    const index = Float32Array.of(NaN, 0.5);
    fractionalCover(index, 0, 1, 'linear', index);
    expect([...index]).toEqual([NaN, 0.5]);
  });

  it('refuses endpoints that are not finite or not in order', () => {
    expect(() => cover([0.5], 'linear', 0.9, 0.1)).toThrow(/soil 0.9, vegetation 0.1/);
    expect(() => cover([0.5], 'linear', 0.1, 0.1)).toThrow(RangeError);
    expect(() => cover([0.5], 'linear', NaN, 0.1)).toThrow(RangeError);
    expect(() => cover([0.5], 'linear', 0, Infinity)).toThrow(RangeError);
  });

  it('stays in [0, 1] and rises with the index', () => {
    const index = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(index, index, fc.constantFrom<CoverModel>('linear', 'squared'), (a, b, model) => {
        const [low, high] = cover([Math.min(a, b), Math.max(a, b)], model);
        expect(low! >= 0 && low! <= high! && high! <= 1).toBe(true);
      }),
      { seed: 7 },
    );
  });
});
