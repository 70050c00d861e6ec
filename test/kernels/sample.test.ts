import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateUnits, stratumDeviation, unitsForStandardError } from '../../src/kernels/sample-size.ts';
import { uniformOfCell, WeightedSample } from '../../src/kernels/spatial-sample.ts';

const MANY = Float64Array.of(1e6, 1e6, 1e6, 1e6);
const WEIGHTS = Float64Array.of(0.02, 0.015, 0.32, 0.645);
const DEVIATIONS = Float64Array.of(0.7, 0.6, 0.9, 0.95).map(stratumDeviation);

describe('unitsForStandardError', () => {
  it('gives the 641 units of Olofsson et al. 2014, section 5.1.1', () => {
    expect(unitsForStandardError(WEIGHTS, DEVIATIONS, 0.01)).toBe(641);
  });
});

describe('allocateUnits', () => {
  const allocate = (total: number, rule: 'proportional' | 'equal' | 'neyman', least = 2, cells = MANY) => [
    ...allocateUnits(total, rule, WEIGHTS, DEVIATIONS, least, cells),
  ];

  it('shares the units of that example by area or equally', () => {
    expect(allocate(641, 'proportional')).toEqual([13, 10, 205, 413]);
    expect(allocate(640, 'equal')).toEqual([160, 160, 160, 160]);
  });

  it('gives rare classes the least, and the others what is left by area, as the sample of that paper does', () => {
    // Of 490 left, 0.32 / 0.965 and 0.645 / 0.965; the paper took 75, 75, 165 and 325.
    expect(allocate(640, 'proportional', 75)).toEqual([75, 75, 162, 328]);
  });

  it("is Neyman's: by area times deviation", () => {
    const wish = [...WEIGHTS].map((w, i) => w * DEVIATIONS[i]!);
    const sum = wish.reduce((a, b) => a + b, 0);
    const found = allocate(1000, 'neyman');
    found.forEach((n, i) => expect(Math.abs(n - (1000 * wish[i]!) / sum)).toBeLessThan(1));
  });

  it('never gives more than there are cells, and shares out all else', () => {
    const cells = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 4, maxLength: 4 });
    const rules = fc.constantFrom('proportional', 'equal', 'neyman');
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 900 }),
        rules,
        fc.integer({ min: 2, max: 60 }),
        cells,
        (total, rule, least, have) => {
          const found = allocate(total, rule, least, Float64Array.from(have));
          const floor = have.reduce((sum, n) => sum + Math.min(n, least), 0);
          const all = have.reduce((a, b) => a + b, 0);
          found.forEach((n, i) => {
            expect(n).toBeLessThanOrEqual(have[i]!);
            expect(n).toBeGreaterThanOrEqual(Math.min(least, have[i]!));
          });
          expect(found.reduce((a, b) => a + b, 0)).toBe(Math.min(all, Math.max(total, floor)));
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('WeightedSample', () => {
  const draw = (order: readonly number[], size: number, seed: number) => {
    const sample = new WeightedSample(size);
    for (const cell of order) sample.offer(cell, uniformOfCell(seed, cell), 1);
    return [...sample.sorted()];
  };

  it('is the same in any order, and the cells of the smallest keys', () => {
    const cells = Array.from({ length: 500 }, (_, k) => k * 7);
    const wanted = cells
      .toSorted((a, b) => uniformOfCell(5, b) - uniformOfCell(5, a))
      .slice(0, 20)
      .toSorted((a, b) => a - b);
    expect(draw(cells, 20, 5)).toEqual(wanted);
    expect(draw(cells.toReversed(), 20, 5)).toEqual(wanted);
    expect(draw(cells, 20, 6)).not.toEqual(wanted);
    expect(draw(cells.slice(0, 3), 20, 5)).toEqual([0, 7, 14]);
    expect(draw(cells, 0, 5)).toEqual([]);
  });

  it('draws each cell as often as its weight says', () => {
    // One of four cells of weights 1, 2, 3, 4, by 20,000 seeds: five standard errors are 0.018 at most.
    const drawn = [0, 0, 0, 0];
    for (let seed = 0; seed < 20_000; seed++) {
      const sample = new WeightedSample(1);
      for (let cell = 0; cell < 4; cell++) sample.offer(cell, uniformOfCell(seed, cell), cell + 1);
      drawn[sample.sorted()[0]!]!++;
    }
    drawn.forEach((n, k) => expect(Math.abs(n / 20_000 - (k + 1) / 10)).toBeLessThan(0.018));
  });

  it('has uniform numbers: mean, variance and neighbours', () => {
    const n = 50_000;
    const values = Array.from({ length: n }, (_, cell) => uniformOfCell(1, cell));
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    const neighbours = values.slice(1).reduce((a, b, k) => a + (b - mean) * (values[k]! - mean), 0) / n / variance;
    // Five standard errors each.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0065);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0017);
    expect(Math.abs(neighbours)).toBeLessThan(0.0224);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });
});
