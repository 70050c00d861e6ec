import { describe, expect, it } from 'vitest';
import { normalRandom, shuffle, uniformRandom } from '../../src/kernels/random.ts';

describe('random numbers', () => {
  it('are the same for the same seed, uniform and normal', () => {
    const a = uniformRandom(7);
    const b = uniformRandom(7);
    const numbers = Array.from({ length: 20_000 }, a);
    expect(numbers.slice(0, 50)).toEqual(Array.from({ length: 50 }, b));
    expect(numbers.slice(0, 5)).not.toEqual(Array.from({ length: 5 }, uniformRandom(8)));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = (x: number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
    // Four standard errors.
    expect(Math.abs(mean(numbers) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 20_000));
    const normal = Array.from({ length: 20_000 }, normalRandom(uniformRandom(9)));
    expect(Math.abs(mean(normal))).toBeLessThan(4 / Math.sqrt(20_000));
    expect(Math.abs(mean(normal.map((v) => v * v)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
    expect(Math.abs(mean(normal.map((v, i) => v * (normal[i + 1] ?? 0))))).toBeLessThan(4 / Math.sqrt(20_000));
  });

  it('shuffle to every order alike', () => {
    const uniform = uniformRandom(11);
    const seen = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const order = Int32Array.of(0, 1, 2);
      shuffle(order, uniform);
      seen.set(order.join(), (seen.get(order.join()) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    // 1000 each, standard deviation 29.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
