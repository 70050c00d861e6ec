/**
 * ECI, its weights, and what it owes to them.
 */
import { describe, expect, it } from 'vitest';
import { foundLimits, integrity, INTEGRITY_WEIGHTS, normalised } from '../../src/ecology/integrity.ts';
import {
  corridorAdaptability,
  ecosystemResistance,
  resilienceScore,
  sourceResilience,
} from '../../src/ecology/resilience-score.ts';
import { weightedMean, weightEffects } from '../../src/ecology/weights.ts';

const VALUES = { shei: 0.8, mpfd: 0.1, contag: 0.5, connect: 0.2, npp: 0.6, water: 0.4, e: 0.3 };

describe('integrity', () => {
  it('is ECI = w_sc·SC + w_fc·FC + w_e·E, worked out by hand', () => {
    const { sc, fc, e, eci } = integrity(VALUES);
    expect(sc).toBeCloseTo(0.4, 15);
    expect(fc).toBeCloseTo(0.5, 15);
    expect(e).toBe(0.3);
    expect(eci).toBeCloseTo(0.4, 15);
    const weights = { ...INTEGRITY_WEIGHTS, sc: 0.5, fc: 0.3, e: 0.2, shei: 0.7, mpfd: 0.1, contag: 0.1, connect: 0.1 };
    // SC = 0.56 + 0.01 + 0.05 + 0.02 = 0.64; ECI = 0.32 + 0.15 + 0.06.
    expect(integrity(VALUES, weights).eci).toBeCloseTo(0.53, 15);
  });

  it('gives the weight of what is missing to the rest of its group, and of a whole group to the others', () => {
    expect(integrity({ ...VALUES, npp: NaN }).fc).toBe(0.4);
    const without = integrity({ ...VALUES, npp: NaN, water: NaN });
    expect(without.fc).toBeNaN();
    expect(without.eci).toBeCloseTo(0.35, 15);
    const nothing = { shei: NaN, mpfd: NaN, contag: NaN, connect: NaN, npp: NaN, water: NaN, e: NaN };
    expect(integrity(nothing).eci).toBeNaN();
  });
});

describe('normalised', () => {
  it('puts figures between their limits, and none beyond', () => {
    expect([1, 1.25, 2, 3, -1].map((value) => normalised(value, [1, 2]))).toEqual([0, 0.25, 1, 1, 0]);
    expect(normalised(NaN, [1, 2])).toBeNaN();
    expect(() => normalised(1, [2, 2])).toThrow(/ascend/);
  });

  it('finds limits where figures differ, and none where they are alike or missing', () => {
    expect(foundLimits([3, NaN, 1, 2])).toEqual([1, 3]);
    expect(foundLimits([3, 3])).toBeUndefined();
    expect(foundLimits([NaN])).toBeUndefined();
  });
});

describe('weights', () => {
  it('refuse to be negative', () => {
    expect(() => weightedMean([{ name: 'sc', weight: -1, value: 1 }])).toThrow(/for sc, got -1/);
  });

  it('are changed one at a time by 20 %, the others giving way', () => {
    const weights = { a: 0.5, b: 0.5 };
    const effects = weightEffects(weights, ({ a, b }) => {
      return weightedMean([
        { name: 'a', weight: a!, value: 1 },
        { name: 'b', weight: b!, value: 0 },
      ]);
    });
    // 0.4/0.9 and 0.6/1.1, and the other way round.
    expect(effects.map(({ weight }) => weight)).toEqual(['a', 'b']);
    expect(effects[0]!.less).toBeCloseTo(4 / 9, 15);
    expect(effects[0]!.more).toBeCloseTo(6 / 11, 15);
    expect(effects[1]!.less).toBeCloseTo(5 / 9, 15);
    expect(effects[1]!.more).toBeCloseTo(5 / 11, 15);
  });
});

describe('resilienceScore', () => {
  it('is 0.4·R1 + 0.3·R2 + 0.3·R3 (Tang 2025)', () => {
    expect(resilienceScore({ r1: 0.5, r2: 0.6, r3: 0.8 })).toBeCloseTo(0.62, 15);
    expect(resilienceScore({ r1: 1, r2: 1, r3: 1 })).toBeCloseTo(1, 15);
  });

  it('gives the weight of R3 to the others where there is one source only', () => {
    expect(corridorAdaptability(1, NaN, NaN, NaN)).toBeNaN();
    expect(resilienceScore({ r1: 0.5, r2: 0.6, r3: NaN })).toBeCloseTo((0.4 * 0.5 + 0.3 * 0.6) / 0.7, 15);
  });

  it('has R1 from the stability of cover and the scores of classes', () => {
    // Mean 0.5, s = 0.1: stability 0.8.
    const { stability, r1 } = ecosystemResistance([0.4, 0.5, NaN, 0.6], 0.4);
    expect(stability).toBeCloseTo(0.8, 12);
    expect(r1).toBeCloseTo(0.6, 12);
    expect(ecosystemResistance([0.5], 0.4)).toMatchObject({ stability: NaN, r1: 0.4 });
    expect(ecosystemResistance([0, 0], 0.4).stability).toBe(0);
    expect(ecosystemResistance([0, 0, 0.9], 0.4).stability).toBe(0);
  });

  it('has R2 and R3 of 0 without sources, and R3 of 0 where they are not connected', () => {
    expect(sourceResilience(0, NaN, NaN)).toBe(0);
    expect(sourceResilience(0.3, 0.9, 0.6)).toBeCloseTo(0.6, 15);
    expect(corridorAdaptability(0, NaN, NaN, NaN)).toBe(0);
    expect(corridorAdaptability(2, NaN, 0, NaN)).toBe(0);
    expect(corridorAdaptability(4, 0, 0.5, 0.7)).toBeCloseTo(0.4, 15);
  });
});
