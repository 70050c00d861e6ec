import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedSelect } from '../../src/kernels/weighted-select.ts';
import { QuantileSearch } from '../../src/pipeline/zonal-quantiles.ts';
import type { Found, ValueTarget } from '../../src/tasks/zonal.ts';
import { findValues } from '../../src/tasks/zonal.ts';

/** By sorting: the first value at which the weights reach the share of their total. */
function sorted(values: readonly number[], weights: readonly number[], share: number): number {
  const order = values.map((_, k) => k).sort((a, b) => values[a]! - values[b]!);
  const goal = share * weights.reduce((a, b) => a + b, 0) * (1 - 1e-12);
  let sum = 0;
  for (const k of order) {
    sum += weights[k]!;
    if (sum >= goal) return values[k]!;
  }
  return values[order.at(-1)!]!;
}

const SHARES = new Map([
  ['p0', 0],
  ['p10', 0.1],
  ['p50', 0.5],
  ['p99', 0.99],
  ['p100', 1],
]);
// Whole weights: their sums are exact in any order.
const cells = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.integer({ min: 1, max: 9 }),
  ),
  { minLength: 1, maxLength: 300 },
);

describe('weighted selection', () => {
  it('by hand', () => {
    const select = (goal: number) => weightedSelect(Float64Array.of(30, 10, 20), Float64Array.of(1, 1, 2), goal);
    expect([0, 0.5, 1, 1.5, 3, 3.5, 9].map(select)).toEqual([10, 10, 10, 20, 20, 30, 30]);
  });

  it('agrees with sorting', () => {
    fc.assert(
      fc.property(cells, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, share) => {
        const [values, weights] = [pairs.map(([v]) => v), pairs.map(([, w]) => w)];
        const goal = share * weights.reduce((a, b) => a + b, 0) * (1 - 1e-12);
        const got = weightedSelect(Float64Array.from(values), Float64Array.from(weights), goal);
        expect(got === sorted(values, weights, share)).toBe(true);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('search in passes', () => {
  const search = (pairs: readonly (readonly [number, number])[], most: { inAll: number; ofOne: number }) => {
    const values = Float64Array.from(pairs, ([v]) => v);
    const areas = Float64Array.from(pairs, ([, w]) => w);
    const half = pairs.length >> 1;
    const parts = [
      { from: 0, to: half },
      { from: half, to: pairs.length },
    ].filter(({ from, to }) => from < to);
    const found = new QuantileSearch(most);
    found.add(0, 1, pairs.length, SHARES);
    const weight = areas.reduce((a, b) => a + b, 0);
    const limits = () => ({ weight, min: Math.min(...values), max: Math.max(...values) });
    let passes = 0;
    while (!found.done && passes < 40) {
      passes++;
      const targets: ValueTarget[] = found.targets();
      for (const { from, to } of parts) {
        const spans = {
          zone: 0,
          start: Uint32Array.of(from),
          length: Uint32Array.of(to - from),
          share: Float64Array.of(1),
          areaShare: Float64Array.of(1),
        };
        found.take(new Map(targets.map((target, k): [number, Found] => [k, findValues(target, spans, values, areas)])));
      }
      found.endPass(limits);
    }
    return { passes, done: found.done, quantiles: [...SHARES.keys()].map((name) => found.result(0, 1, name)) };
  };

  it('finds by bins what it finds by holding all values', () => {
    fc.assert(
      fc.property(cells, (pairs) => {
        const wanted = [...SHARES.values()].map((share) =>
          sorted(
            pairs.map(([v]) => v),
            pairs.map(([, w]) => w),
            share,
          ),
        );
        const held = search(pairs, { inAll: 1000, ofOne: 1000 });
        const narrowed = search(pairs, { inAll: 4, ofOne: 2 });
        expect([held.passes, held.done, narrowed.done]).toEqual([1, true, true]);
        for (const [k, value] of wanted.entries()) {
          expect(held.quantiles[k] === value).toBe(true);
          expect(narrowed.quantiles[k] === value).toBe(true);
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('has nothing where there are no data', () => {
    const found = new QuantileSearch();
    found.add(0, 1, 5, SHARES);
    found.targets();
    found.endPass(() => ({ weight: 0, min: Infinity, max: -Infinity }));
    expect([found.done, found.result(0, 1, 'p50')]).toEqual([true, null]);
  });
});
