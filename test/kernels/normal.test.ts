import { describe, expect, it } from 'vitest';
import { normalP, normalQuantile } from '../../src/kernels/normal.ts';
import { FLOAT64, oracle, relativeError } from './oracle.ts';

describe('normalP', () => {
  it('agrees with scipy over all its ranges, on both sides', () => {
    oracle.normal.z.forEach((z, i) => {
      expect(relativeError(normalP(z), oracle.normal.p[i]!), `z ${z}`).toBeLessThan(FLOAT64);
      expect(normalP(-z)).toBe(normalP(z));
    });
    expect(normalP(40)).toBeLessThan(1e-300);
  });
});

describe('normalQuantile', () => {
  it('agrees with scipy and refuses the lower half', () => {
    oracle.normal.probability.forEach((probability, i) => {
      // 1 − probability has lost up to 7 digits near 1, on both sides alike.
      expect(Math.abs(normalQuantile(probability) - oracle.normal.quantile[i]!)).toBeLessThan(1e-10);
    });
    expect(() => normalQuantile(0.2)).toThrow(RangeError);
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });
});
