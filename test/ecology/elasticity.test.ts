/**
 * E = σ·μ·ECO_res and the water of Dong et al. 2025.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverScore, classResistance, gradeScores } from '../../src/ecology/class-scores.ts';
import {
  ACCEPTABLE_LOAD,
  climateChange,
  ecosystemResilience,
  elasticModulus,
  meanScore,
  mostElastic,
  shannonBits,
  strengthCoefficient,
  waterConservation,
} from '../../src/ecology/elasticity.ts';

describe('shannonBits', () => {
  it('is 2 bits of four alike classes, 0 of one, and takes shares or hectares', () => {
    expect(shannonBits([0.25, 0.25, 0.25, 0.25])).toBe(2);
    expect(shannonBits([1, 0, 0])).toBe(0);
    expect(shannonBits([30, 10])).toBeCloseTo(shannonBits([0.75, 0.25]), 15);
    expect(shannonBits([0, 0])).toBeNaN();
    expect(() => shannonBits([0.5, -0.5])).toThrow(/0 or more, got -0.5/);
  });
});

describe('elasticModulus', () => {
  it('is the product worked out by hand', () => {
    // Shares ½, ¼, ¼: H = 0.5 + 0.5 + 0.5 = 1.5 bits. Σ P·S = 0.5·0.9 + 0.25·0.5 + 0.25·0.1 = 0.6.
    const shares = [0.5, 0.25, 0.25];
    const scores = [0.9, 0.5, 0.1];
    expect(shannonBits(shares)).toBe(1.5);
    expect(meanScore(shares, scores)).toBeCloseTo(0.6, 15);
    expect(ecosystemResilience(shares, scores)).toBeCloseTo(0.9, 15);
    // μ = 1.5·0.4/(1.25·1.2) = 0.4; E = 0.08·0.4·0.9 = 0.0288.
    const strength = strengthCoefficient(1.5, 0.4, 1.25, 1.2);
    expect(strength).toBeCloseTo(0.4, 15);
    expect(elasticModulus(strength, 0.9)).toBeCloseTo(0.0288, 15);
  });

  it('has σ as the load of 0.08 and eq. 4 as μ: the paper prints σ on its left side, which would leave μ without a formula', () => {
    expect(ACCEPTABLE_LOAD).toBe(0.08);
    expect(elasticModulus(0.4, 0.9, 0.16)).toBeCloseTo(2 * elasticModulus(0.4, 0.9), 15);
    // With eq. 4 taken as printed σ would be 0.4 here, not 0.08.
    expect(strengthCoefficient(1.5, 0.4, 1.25, 1.2)).not.toBeCloseTo(ACCEPTABLE_LOAD, 2);
  });

  it('takes an NDVI below 0 for no vegetation', () => {
    expect(strengthCoefficient(1.5, -0.2)).toBe(0);
    expect(elasticModulus(strengthCoefficient(1.5, -0.2), 0.9)).toBe(0);
  });

  it('refuses rates of change of 0, with which it has no limit', () => {
    expect(() => strengthCoefficient(1, 0.5, 0, 1)).toThrow(/above 0, got 0 and 1/);
    expect(() => strengthCoefficient(1, 0.5, 1, Infinity)).toThrow(RangeError);
  });

  it('lies between 0 and the most that its classes can have', () => {
    const land = fc.record({
      shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 8 }),
      scores: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      ndvi: fc.double({ min: -1, max: 1, noNaN: true }),
      change: fc.double({ min: 1, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(land, ({ shares, scores, ndvi, change }) => {
        fc.pre(shares.some((share) => share > 0));
        const strength = strengthCoefficient(shannonBits(shares), ndvi, change, 1);
        const e = elasticModulus(strength, ecosystemResilience(shares, scores.slice(0, shares.length)));
        expect(e).toBeGreaterThanOrEqual(0);
        expect(e).toBeLessThanOrEqual(mostElastic(shares.length) * (1 + 1e-12));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('needs a score for each class', () => {
    expect(() => ecosystemResilience([1, 0], [0.5])).toThrow(/got 2 and 1/);
  });
});

describe('climate and water', () => {
  it('is 1 in an average year and more in any other', () => {
    expect(climateChange(500, 500)).toBe(1);
    expect(climateChange(400, 500)).toBeCloseTo(1.2, 15);
    expect(climateChange(600, 500)).toBeCloseTo(1.2, 15);
    expect(() => climateChange(1, -2)).toThrow(/above 0, got -2/);
  });

  it('keeps Q = P − ET − R', () => {
    expect(waterConservation(480, 300, 60)).toBe(120);
    expect(waterConservation(480, 500, 60)).toBe(-80);
    expect(waterConservation(480, NaN, 60)).toBeNaN();
  });
});

describe('scores of classes', () => {
  it('are the middles of grades, and known names', () => {
    expect(gradeScores([0.2, 0.4, 0.6, 0.8]).map((score) => Number(score.toFixed(12)))).toEqual([
      0.1, 0.3, 0.5, 0.7, 0.9,
    ]);
    expect(coverScore(' Forest')).toBe(0.9);
    expect(coverScore('toString')).toBeUndefined();
  });

  it('make a resistance from 1 to 100', () => {
    expect([1, 0.5, 0].map(classResistance)).toEqual([1, 10, 100]);
  });
});
