import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standsAbove } from '../../src/kernels/permutation.ts';
import {
  fieldBytes,
  fillCells,
  linkCells,
  NEVER,
  pairWords,
  permutationField,
} from '../../src/kernels/permutation-field.ts';
import {
  absoluteZ,
  findPatches,
  kendallOf,
  patchOf,
  patchWork,
  shuffledPlaces,
  shuffleExtremes,
} from '../../src/kernels/permutation-shuffles.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import { floodFill } from '../helpers/flood-fill.ts';
import { float32, FLOAT64, relativeError } from './oracle.ts';

/** Made by numpy and scipy; the recipe is test/oracle/permutation.py. */
interface PermutationOracle {
  nTimes: number;
  width: number;
  limit: number;
  minYears: number;
  /** [t][pixel]; null stands for NaN. */
  values: (number | null)[];
  /** The years in the order of each shuffle. */
  orders: number[][];
  largestZ: number[];
  largestPatch: number[];
}
const path = new URL('../oracle/permutation.json', import.meta.url);
const oracle = JSON.parse(readFileSync(path, 'utf8')) as PermutationOracle;

const RULE = { minYears: 2, limit: 0.1, method: 'exact' } as const;

/** The field of a whole stack. */
function fieldOf(stack: Float32Array, nTimes: number, width: number, rule: Parameters<typeof fillCells>[4] = RULE) {
  const nPixels = stack.length / nTimes;
  const all = Uint32Array.from({ length: nPixels }, (_, i) => i);
  const field = permutationField(nPixels, nTimes);
  linkCells(all, width, field);
  fillCells(stack, nPixels, all, all, rule, field);
  return field;
}

describe('the field of a permutation test', () => {
  it('takes S and its deviation from which value of a pair is larger, in any order of the years', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(NaN), fc.constant(-0));
    const series = fc.integer({ min: 2, max: 13 }).chain((n) => fc.array(value, { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(series, fc.nat(), fc.nat({ max: 50 }), (x, seed, number) => {
        const n = x.length;
        const field = fieldOf(Float32Array.from(x), n, 1);
        const places = shuffledPlaces(n, seed, number);
        const shuffled = Array.from({ length: n }, () => NaN);
        for (const [year, place] of places.entries()) shuffled[place] = x[year]!;
        const s = new Int32Array(1);
        kendallOf(field, places, s);
        const test = trendTest(shuffled);
        // Fewer than two values are left out.
        expect(s[0]).toBe(test.n < 2 ? 0 : test.s);
        expect(field.deviation[0]).toBeCloseTo(test.n < 2 ? 0 : Math.sqrt(test.varS), 12);
      }),
      { seed: 51, numRuns: 300 },
    );
  });

  it('knows the smallest S that counts, by either kind of p', () => {
    const five = Float32Array.of(1, 2, 3, 4, 5);
    // Five values: p of |S| = 10 is 2/120, of 8 10/120, of 6 28/120; Z of 8 is 7/√(50/3), p 0.086.
    expect(fieldOf(five, 5, 1).leastS[0]).toBe(8);
    expect(fieldOf(five, 5, 1, { ...RULE, limit: 0.05 }).leastS[0]).toBe(10);
    expect(fieldOf(five, 5, 1, { ...RULE, limit: 0.01 }).leastS[0]).toBe(NEVER);
    expect(fieldOf(five, 5, 1, { ...RULE, limit: 0.087, method: 'normal' }).leastS[0]).toBe(8);
    expect(fieldOf(five, 5, 1, { ...RULE, limit: 0.086, method: 'normal' }).leastS[0]).toBe(10);
  });

  it('joins the patches of one sign by sides and corners, as a flood fill does, wherever cells are missing', () => {
    const cells = fc.array(fc.constantFrom(0, 1, -1, 2), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 9 }), (kinds, width) => {
        const height = Math.ceil(kinds.length / width);
        // 2: no zone has the cell, so that the field does not know it.
        const places = [...kinds.keys()].filter((i) => kinds[i] !== 2);
        const field = permutationField(places.length, 5);
        linkCells(places, width, field);
        field.leastS.fill(1);
        const s = Int32Array.from(places, (place) => kinds[place]!);
        const work = patchWork(places.length);
        const most = findPatches(field, s, work);
        let wantMost = 0;
        for (const sign of [1, -1]) {
          const mask = Uint8Array.from({ length: width * height }, (_, i) => +(kinds[i] === sign));
          const labels = floodFill(mask, width, height, 8);
          for (const [k, place] of places.entries()) {
            if (kinds[place] !== sign) continue;
            const label = labels[place]!;
            const size = labels.filter((other) => other === label).length;
            wantMost = Math.max(wantMost, size);
            expect(places[patchOf(work, k)]).toBe(labels.indexOf(label));
            expect(work.cells[patchOf(work, k)]).toBe(size);
          }
        }
        expect(most).toBe(wantMost);
      }),
      { seed: 52, numRuns: 300 },
    );
  });

  it('gives each shuffle by its number: parts make up the whole', () => {
    const stack = Float32Array.from({ length: 7 * 30 }, (_, i) => Math.sin(i * i));
    const field = fieldOf(stack, 7, 6);
    const whole = shuffleExtremes(field, 9, 0, 40);
    const parts = [
      shuffleExtremes(field, 9, 0, 7),
      shuffleExtremes(field, 9, 7, 23),
      shuffleExtremes(field, 9, 23, 40),
    ];
    expect(parts.flatMap((part) => [...part.largestZ])).toEqual([...whole.largestZ]);
    expect(parts.flatMap((part) => [...part.largestPatch])).toEqual([...whole.largestPatch]);
    expect(new Set(whole.largestZ).size).toBeGreaterThan(5);
    expect(shuffledPlaces(7, 9, 0)).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5, 6));
  });

  it('agrees with numpy and scipy, with gaps, ties, a constant and too few years', () => {
    const { nTimes, width, limit, minYears, values, orders } = oracle;
    const field = fieldOf(float32(values), nTimes, width, { minYears, limit, method: 'exact' });
    const s = new Int32Array(field.deviation.length);
    const work = patchWork(s.length);
    for (const [k, order] of orders.entries()) {
      const places = Int32Array.from(order.keys(), (year) => order.indexOf(year));
      kendallOf(field, places, s);
      const largest = Math.max(...Array.from(s, (value, i) => absoluteZ(value, field.deviation[i]!)));
      expect(relativeError(largest, oracle.largestZ[k]!), `order ${k}`).toBeLessThan(FLOAT64);
      expect(findPatches(field, s, work), `order ${k}`).toBe(oracle.largestPatch[k]);
    }
  });

  it('is as large as it says, and can be shared', () => {
    const field = permutationField(11, 12, true);
    const arrays = Object.values(field).filter((value) => ArrayBuffer.isView(value));
    expect(arrays.reduce((sum, array) => sum + array.byteLength, 0)).toBe(fieldBytes(11, 12));
    expect(arrays.every((array) => array.buffer instanceof SharedArrayBuffer)).toBe(true);
    expect([2, 9, 20].map(pairWords)).toEqual([1, 2, 6]);
  });
});

describe('standsAbove', () => {
  it('leaves at most the share of the level above it', () => {
    const values = Array.from({ length: 100 }, (_, k) => k);
    // 95 … 99 are five of a hundred.
    expect(standsAbove(values, 0.05)).toBe(94);
    expect(standsAbove(values, 0.059)).toBe(94);
    // Six equal ones are more than five of a hundred: only what is larger than they stands.
    expect(
      standsAbove(
        values.map((value) => Math.min(value, 94)),
        0.05,
      ),
    ).toBe(94);
    expect(standsAbove([3, 1, 2], 0.05)).toBe(3);
  });
});
