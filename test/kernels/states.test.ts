import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { landStates, medianReference, type StateOptions } from '../../src/kernels/states.ts';

const defaults: StateOptions = {
  disturbedBelow: 0.5,
  recoveredAbove: 0.8,
  disturbedYears: 1,
  recoveredYears: 2,
  assessableFrom: 0.1,
};

/** One pixel from 2001 on. */
function states(
  fvc: number[],
  options: Partial<StateOptions> = {},
  reference: number[] = [1],
  per: 'pixel' | 'year' = 'pixel',
): { state: number[]; disturbed: number; recovered: number } {
  const n = fvc.length;
  const out = { state: new Uint8Array(n), disturbedYear: new Uint16Array(1), recoveredYear: new Uint16Array(1) };
  const years = Int32Array.from(fvc, (_, i) => 2001 + i);
  landStates(Float32Array.from(fvc), n, 1, Float64Array.from(reference), per, years, { ...defaults, ...options }, out);
  return { state: [...out.state], disturbed: out.disturbedYear[0]!, recovered: out.recoveredYear[0]! };
}

describe('landStates', () => {
  it('follows a pit from clearing to recovery, and disturbance again', () => {
    expect(states([1, 0.9, 0.25, 0.5, 0.625, 0.9, 0.7, 0.9, 0.875, 0.6, 0.1])).toEqual({
      state: [1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 2],
      disturbed: 2003,
      recovered: 2009,
    });
  });

  it('counts the first good year after the pit towards recovery', () => {
    expect(states([1, 0.25, 0.9, 0.9]).state).toEqual([1, 2, 3, 4]);
    expect(states([1, 0.25, 0.9], { recoveredYears: 1 })).toEqual({
      state: [1, 2, 4],
      disturbed: 2002,
      recovered: 2003,
    });
  });

  it('waits for k low years before land is disturbed, also again', () => {
    expect(states([1, 0.25, 1, 0.25, 0.25, 0.6, 0.25, 0.6], { disturbedYears: 2 })).toEqual({
      state: [1, 1, 1, 1, 2, 3, 3, 3],
      disturbed: 2005,
      recovered: 0,
    });
  });

  it('skips years without data: they neither break nor count', () => {
    expect(states([1, 0.25, 0.9, NaN, 0.9, NaN]).state).toEqual([1, 2, 3, 255, 4, 255]);
    expect(states([0.25, NaN, 0.25], { disturbedYears: 2 }).state).toEqual([1, 255, 2]);
  });

  it('has nothing to assess below the least reference', () => {
    expect(states([0, NaN, 1], {}, [0.09])).toEqual({ state: [0, 255, 0], disturbed: 0, recovered: 0 });
    expect(states([0, NaN], {}, [NaN]).state).toEqual([0, 255]);
    expect(states([0.04, 0.06], {}, [0.1]).state).toEqual([2, 3]);
  });

  it('compares each year with the reference of that year', () => {
    expect(states([0.5, 0.5, 0.5, 0.5], {}, [0.5, 1, 0.05, 0.6], 'year').state).toEqual([1, 2, 0, 3]);
  });

  it('keeps pixels apart in [t][pixel] order', () => {
    const out = { state: new Uint8Array(4), disturbedYear: new Uint16Array(2), recoveredYear: new Uint16Array(2) };
    const fvc = Float32Array.of(1, 0.25, 0.25, 0.25);
    landStates(fvc, 2, 2, Float64Array.of(1, 0.25), 'pixel', Int32Array.of(2020, 2022), defaults, out);
    expect([...out.state]).toEqual([1, 1, 2, 1]);
    expect([...out.disturbedYear]).toEqual([2022, 0]);
  });

  it('refuses thresholds out of order and references of another length', () => {
    expect(() => states([1], { disturbedBelow: 0.9 })).toThrow(/disturbedBelow under recoveredAbove, got 0.9 and 0.8/);
    expect(() => states([1], { recoveredYears: 0 })).toThrow(RangeError);
    expect(() => states([1, 1], {}, [1], 'year')).toThrow(/Expected 2 elements of reference, got 1/);
  });

  const series = fc.array(fc.constantFrom(NaN, 0, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1), { minLength: 1, maxLength: 15 });

  it('is disturbed exactly where cover is at or below the threshold, with k = 1', () => {
    fc.assert(
      fc.property(series, fc.double({ min: 0.1, max: 1, noNaN: true }), (fvc, reference) => {
        states(fvc, {}, [reference]).state.forEach((code, i) => {
          const value = Math.fround(fvc[i]!);
          expect(code === 2).toBe(value <= 0.5 * reference);
          expect(code === 255).toBe(Number.isNaN(value));
        });
      }),
      { seed: 15 },
    );
  });

  it('looks at the past only', () => {
    fc.assert(
      fc.property(series, fc.nat(14), fc.integer({ min: 1, max: 3 }), (fvc, cut, disturbedYears) => {
        const early = fvc.slice(0, cut + 1);
        expect(states(early, { disturbedYears }).state).toEqual(
          states(fvc, { disturbedYears }).state.slice(0, cut + 1),
        );
      }),
      { seed: 16 },
    );
  });
});

describe('medianReference', () => {
  it('is the median of the valid baseline years in float64', () => {
    const fvc = Float32Array.of(0.1, NaN, 1, 0.2, NaN, 0.5, 0.9, NaN, NaN, 0, 0.5, 0);
    const out = new Float64Array(3);
    medianReference(fvc, 4, 3, 0, 3, out);
    expect([...out]).toEqual([Math.fround(0.2), NaN, 0.75]);
    medianReference(fvc, 4, 3, 0, 2, out);
    expect(out[0]).toBe((Math.fround(0.1) + Math.fround(0.2)) / 2);
    expect(() => medianReference(fvc, 4, 3, 2, 5, out)).toThrow(/baseline within 0–4, got 2–5/);
  });
});
