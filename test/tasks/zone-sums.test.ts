import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLASS_SLOTS,
  classSlot,
  CLEAR_SPLIT,
  sumZone,
  YEAR_SLOTS,
  yearSlot,
  zoneSumsLength,
  type TileValues,
  type YearSlot,
} from '../../src/tasks/zone-sums.ts';

/**
 * Two by two pixels and three years. The zone covers pixel 0 wholly (8 units), pixel 1 by half (4), pixel 2 by a quarter
 * (2) and pixel 3 not at all.
 */
const zone = { zone: 5, index: Uint32Array.of(0, 1, 2), weight: Float64Array.of(8, 4, 2) };
const tile: TileValues = {
  nTimes: 3,
  nPixels: 4,
  trendClass: Uint8Array.of(7, 4, 255, 1),
  values: Float32Array.of(0.5, 0.25, NaN, 1, /**/ 0.25, 1, 0.5, 1, /**/ NaN, NaN, NaN, 1),
  counts: Uint16Array.of(1, 2, 0, 9, /**/ 3, 1, 1, 9, /**/ 0, 0, 0, 9),
  states: Uint8Array.of(1, 2, 255, 1, /**/ 2, 4, 0, 1, /**/ 255, 4, 3, 1),
};

describe('sumZone', () => {
  const sums = sumZone(zone, tile);
  const read = (time: number) => Object.fromEntries(YEAR_SLOTS.map((slot) => [slot, sums[yearSlot(time, slot)]]));

  it('has a place for every class and every sum of every year', () => {
    expect(sums).toHaveLength(CLASS_SLOTS + 3 * YEAR_SLOTS.length);
    expect(zoneSumsLength(3)).toBe(sums.length);
    const places = [...Array.from({ length: 10 }, (_, code) => classSlot(code)), classSlot(255)];
    for (let t = 0; t < 3; t++) places.push(...YEAR_SLOTS.map((slot) => yearSlot(t, slot)));
    expect(places).toEqual(Array.from({ length: sums.length }, (_, k) => k));
  });

  it('adds the classes', () => {
    const classes = Array.from(sums.subarray(0, CLASS_SLOTS));
    //                        0  1  2  3  4  5  6  7  8  9  no data
    expect(classes).toEqual([0, 0, 0, 0, 4, 0, 0, 8, 0, 0, 2]);
  });

  it('adds years with data, states and changes', () => {
    const nothing = Object.fromEntries(YEAR_SLOTS.map((slot) => [slot, 0]));
    expect(read(0)).toEqual({
      ...nothing,
      valid: 12,
      value: 5, // 8 × 0.5 + 4 × 0.25
      valueSquared: 2, // 8 × 0.25 + round(4 × 0.0625 = 0.25)
      clearLow: 16,
      undisturbed: 8,
      disturbed: 4,
      nodata: 2,
    });
    expect(read(1)).toEqual({
      ...nothing,
      valid: 14,
      value: 7, // 2 + 4 + 1
      valueSquared: 6, // round(0.5) + 4 + round(0.5): halves go up
      clearLow: 30,
      disturbed: 8,
      newlyDisturbed: 8,
      recovered: 4,
      newlyRecovered: 4,
      notAssessable: 2,
    });
    expect(read(2)).toEqual({ ...nothing, nodata: 8, recovered: 4, recovering: 2 });
  });

  it('leaves the states alone where the run makes none', () => {
    const without = sumZone(zone, { ...tile, states: null });
    for (const slot of ['undisturbed', 'disturbed', 'nodata'] satisfies YearSlot[]) {
      expect(without[yearSlot(0, slot)]).toBe(0);
    }
    expect(without[yearSlot(0, 'value')]).toBe(5);
  });

  it('splits the weight so that clear observations of the largest cells stay exact', () => {
    const heavy = { zone: 0, index: Uint32Array.of(0), weight: Float64Array.of(2 ** 32 - 1) };
    const found = sumZone(heavy, { ...tile, counts: tile.counts.map(() => 65535) });
    const high = BigInt(found[yearSlot(0, 'clearHigh')]!);
    const low = BigInt(found[yearSlot(0, 'clearLow')]!);
    expect(high * BigInt(CLEAR_SPLIT) + low).toBe((2n ** 32n - 1n) * 65535n);
  });

  it('sees a disturbance after a year without data, and none in the first year with data', () => {
    const series = (...states: number[]): TileValues => ({
      nTimes: states.length,
      nPixels: 1,
      trendClass: Uint8Array.of(4),
      values: new Float32Array(states.length).fill(0.5),
      counts: new Uint16Array(states.length),
      states: Uint8Array.from(states),
    });
    const one = { zone: 0, index: Uint32Array.of(0), weight: Float64Array.of(1) };
    const newly = (slot: YearSlot, ...states: number[]) => {
      const found = sumZone(one, series(...states));
      return states.map((_, t) => found[yearSlot(t, slot)]);
    };
    expect(newly('newlyDisturbed', 1, 255, 2, 2)).toEqual([0, 0, 1, 0]);
    expect(newly('newlyDisturbed', 255, 2, 2)).toEqual([0, 0, 0]);
    expect(newly('newlyDisturbed', 2, 3, 2)).toEqual([0, 0, 0]);
    expect(newly('newlyDisturbed', 1, 2, 3, 4, 2)).toEqual([0, 1, 0, 0, 1]);
    expect(newly('newlyRecovered', 1, 2, 3, 255, 4, 4)).toEqual([0, 0, 0, 0, 1, 0]);
  });

  it('adds up to the zone in every year, and in any order of the cells', () => {
    const cells = 6;
    const nTimes = 3;
    const state = fc.constantFrom(0, 1, 2, 3, 4, 255);
    const made = fc.record({
      weight: fc.array(fc.integer({ min: 1, max: 2 ** 32 }), { minLength: cells, maxLength: cells }),
      trendClass: fc.array(fc.constantFrom(0, 1, 4, 7, 255), { minLength: cells, maxLength: cells }),
      states: fc.array(state, { minLength: cells * nTimes, maxLength: cells * nTimes }),
      values: fc.array(fc.float({ min: 0, max: 1, noNaN: false }), {
        minLength: cells * nTimes,
        maxLength: cells * nTimes,
      }),
      order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: cells, maxLength: cells }),
    });
    fc.assert(
      fc.property(made, (m) => {
        const values: TileValues = {
          nTimes,
          nPixels: cells,
          trendClass: Uint8Array.from(m.trendClass),
          values: Float32Array.from(m.values),
          counts: Uint16Array.from(m.states),
          states: Uint8Array.from(m.states),
        };
        const slice = (order: number[]) => ({
          zone: 0,
          index: Uint32Array.from(order),
          weight: Float64Array.from(order, (k) => m.weight[k]!),
        });
        const sum = sumZone(slice([0, 1, 2, 3, 4, 5]), values);
        expect(sumZone(slice(m.order), values)).toEqual(sum);
        const whole = m.weight.reduce((a, b) => a + b, 0);
        expect(sum.subarray(0, CLASS_SLOTS).reduce((a, b) => a + b, 0)).toBe(whole);
        for (let t = 0; t < nTimes; t++) {
          const parts = ['notAssessable', 'undisturbed', 'disturbed', 'recovering', 'recovered', 'nodata'] as const;
          expect(parts.reduce((total, slot) => total + sum[yearSlot(t, slot)]!, 0)).toBe(whole);
        }
      }),
      { seed: 20, numRuns: 100 },
    );
  });
});
