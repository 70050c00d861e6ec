/**
 * The two twins of the kernels over pixels give the same bits, whatever the values are.
 */
import { describe, expect, it } from 'vitest';
import {
  maxComposite,
  maxCompositePlain,
  reduceComposite,
  reduceCompositePlain,
  type ReduceMethod,
} from '../../src/kernels/composite.ts';
import { fractionalCover, fractionalCoverPlain } from '../../src/kernels/fvc.ts';
import {
  clearWhereBitsUnset,
  clearWhereBitsUnsetPlain,
  clearWhereOtherPlain,
  clearWherePresent,
} from '../../src/kernels/mask.ts';
import { compositeSimd, statesSimd } from '../../src/kernels/simd/stacks.ts';
import { digitalDifferencePlain, spectralIndex } from '../../src/kernels/spectral-index.ts';
import { landStates, landStatesPlain, type StateOptions, type StateOut } from '../../src/kernels/states.ts';
import { bitsOf, uniform } from '../helpers/twins.ts';

/** No pixel, odd lengths, and more than a chunk. */
const LENGTHS = [0, 1, 3, 7, 8, 15, 17, 100, 8191, 8192, 8193, 20_001];

/** What a float32 pixel can be. */
const ODD = [NaN, Infinity, -Infinity, 0, -0, 1.4e-45, -1.4e-45, 3.4e38, -3.4e38, 1, 0.5, -1e-20];

function floats(length: number, random: () => number, levels = 1e9): Float32Array {
  return Float32Array.from({ length }, () => {
    const kind = random();
    if (kind < 0.1) return ODD[Math.floor(random() * ODD.length)]!;
    return kind < 0.25 ? NaN : Math.floor(random() * levels) / levels - 0.1;
  });
}

const words = (length: number, random: () => number, most: number): Uint16Array =>
  Uint16Array.from({ length }, () => (random() < 0.1 ? [0, 65_535, 7273][Math.floor(3 * random())]! : random() * most));

const flags = (length: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Number(random() < 0.8));

describe('the twins of the pixel kernels', () => {
  it.each([
    [2.75e-5, -0.2, 65_536],
    [1e-4, 0, 10_000],
    [1e-4, -0.1, 4],
    [1e300, 0, 65_536],
    [Infinity, 0, 3],
    [NaN, 0, 3],
    [1e-310, 0, 65_536],
  ])('agree on the normalized difference of digital numbers, scale %f, offset %f', (scale, offset, most) => {
    const random = uniform(most);
    for (const n of LENGTHS) {
      const nir = { data: words(n, random, most), scale, offset };
      const red = { data: words(n, random, most), scale: scale * 1.5, offset: offset / 2 };
      const clear = flags(n, random);
      const [plain, simd] = [new Float32Array(n), new Float32Array(n)];
      digitalDifferencePlain(nir, red, clear, plain);
      spectralIndex('ndvi', { nir, red }, clear, simd);
      expect([n, bitsOf(simd)]).toEqual([n, bitsOf(plain)]);
    }
  });

  it('agree on masks', () => {
    const random = uniform(2);
    for (const n of LENGTHS) {
      const qa = words(n, random, 64);
      for (const bits of [0, 1, 0b111111, 0x8000, 0xffff]) {
        const [plain, simd] = [flags(n, random), new Uint8Array(n)];
        simd.set(plain);
        clearWhereBitsUnsetPlain(qa, bits, plain);
        clearWhereBitsUnset(qa, bits, simd);
        expect([n, bits, bitsOf(simd)]).toEqual([n, bits, bitsOf(plain)]);
      }
      for (const nodata of [0, 1, 65_535, -1, 65_536, 0.5, Infinity]) {
        const [plain, simd] = [flags(n, random), new Uint8Array(n)];
        simd.set(plain);
        clearWhereOtherPlain(qa, nodata, plain);
        clearWherePresent(qa, nodata, simd);
        expect([n, nodata, bitsOf(simd)]).toEqual([n, nodata, bitsOf(plain)]);
      }
    }
  });

  it('agree on the running maximum', () => {
    const random = uniform(3);
    for (const n of LENGTHS) {
      const [plain, simd] = [new Float32Array(n).fill(NaN), new Float32Array(n).fill(NaN)];
      const [plainCount, simdCount] = [new Uint16Array(n).fill(65_533), new Uint16Array(n).fill(65_533)];
      for (let scene = 0; scene < 5; scene++) {
        const values = floats(n, random, 4);
        maxCompositePlain(values, plain, plainCount);
        maxComposite(values, simd, simdCount);
      }
      expect([n, bitsOf(simd), bitsOf(simdCount)]).toEqual([n, bitsOf(plain), bitsOf(plainCount)]);
    }
  });

  it('agree on medians, means and percentiles of any number of scenes', () => {
    const random = uniform(4);
    const methods: [ReduceMethod, number][] = [
      ['median', 0.5],
      ['mean', 0.5],
      [{ percentile: 0 }, 0],
      [{ percentile: 37 }, 37 / 100],
      [{ percentile: 90 }, 0.9],
      [{ percentile: 100 }, 1],
    ];
    for (const nScenes of [1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 31, 33, 64, 100, 256, 257]) {
      const n = [1, 5, 203, 1031][nScenes % 4]!;
      for (const levels of [1e9, 3]) {
        const stack = floats(n * nScenes, random, levels);
        for (const [method, share] of methods) {
          const [plain, simd] = [new Float32Array(n), new Float32Array(n)];
          const [plainCount, simdCount] = [new Uint16Array(n), new Uint16Array(n)];
          reduceCompositePlain(stack, nScenes, n, share, method === 'mean', plain, plainCount);
          reduceComposite(stack, nScenes, n, method, simd, simdCount);
          expect([nScenes, method, bitsOf(simd)]).toEqual([nScenes, method, bitsOf(plain)]);
          expect(bitsOf(simdCount)).toBe(bitsOf(plainCount));
        }
      }
    }
    expect(compositeSimd(new Float32Array(4), 2, 2, 0.5, false, new Float32Array(2), new Uint16Array(2))).toBe(true);
  });

  it('agree on cover, in place too', () => {
    const random = uniform(5);
    for (const n of LENGTHS) {
      for (const [soil, vegetation] of [
        [0.05, 0.86],
        [0, 1],
        [-1e300, 1e300],
        [0, 1e-310],
      ] as const) {
        for (const model of ['linear', 'squared'] as const) {
          const index = floats(n, random);
          const plain = new Float32Array(n);
          fractionalCoverPlain(index, soil, vegetation - soil, model === 'squared', plain);
          fractionalCover(index, soil, vegetation, model, index);
          expect([n, soil, model, bitsOf(index)]).toEqual([n, soil, model, bitsOf(plain)]);
        }
      }
    }
  });

  it('agree on states, by a reference per pixel and per year', () => {
    const random = uniform(6);
    const stateOut = (nTimes: number, n: number): StateOut => ({
      state: new Uint8Array(nTimes * n),
      disturbedYear: new Uint16Array(n),
      recoveredYear: new Uint16Array(n),
    });
    for (let nTimes = 1; nTimes <= 40; nTimes++) {
      const n = [1, 2, 5, 64, 1203][nTimes % 5]!;
      const options: StateOptions = {
        disturbedBelow: 0.5,
        recoveredAbove: 0.8,
        disturbedYears: 1 + (nTimes % 3),
        recoveredYears: 1 + (nTimes % 2),
        assessableFrom: 0.1,
      };
      const years = Int32Array.from({ length: nTimes }, (_, t) => 1984 + t);
      const fvc = floats(nTimes * n, random, 10);
      for (const per of ['pixel', 'year'] as const) {
        const reference = Float64Array.from({ length: per === 'pixel' ? n : nTimes }, () =>
          random() < 0.1 ? NaN : random(),
        );
        const [plain, simd] = [stateOut(nTimes, n), stateOut(nTimes, n)];
        landStatesPlain(fvc, nTimes, n, reference, per === 'pixel', years, options, plain);
        landStates(fvc, nTimes, n, reference, per, years, options, simd);
        for (const key of ['state', 'disturbedYear', 'recoveredYear'] as const) {
          expect([nTimes, per, key, bitsOf(simd[key])]).toEqual([nTimes, per, key, bitsOf(plain[key])]);
        }
      }
    }
    const options = {
      disturbedBelow: 0.5,
      recoveredAbove: 0.8,
      disturbedYears: 1,
      recoveredYears: 2,
      assessableFrom: 0.1,
    };
    const one = [new Float32Array(2), 2, 1, new Float64Array(2)] as const;
    const run = (years: number[]) => statesSimd(...one, false, Float64Array.from(years), options, stateOut(2, 1));
    expect([run([2000, 2001]), run([2000, 2000.5]), run([0, 1])]).toEqual([true, false, false]);
  });
});
