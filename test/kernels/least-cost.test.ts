/**
 * Least-cost distances and the ways between sources.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCostLinks, spreadCost } from '../../src/kernels/least-cost.ts';

const SIZE = { width: 10, height: 10 };
const DIAGONAL = 10 * Math.SQRT2;
/** Sums of some dozen float64 steps in another order. */
const SUM_TOLERANCE = 1e-9;

function spread(resistance: number[], sources: number[], width: number, limit = Infinity) {
  const [surface, labels] = [Float32Array.from(resistance), Int32Array.from(sources)];
  const height = resistance.length / width;
  const field = spreadCost(surface, labels, width, height, SIZE, limit);
  return { field, links: leastCostLinks(field, surface, width, height, SIZE, limit) };
}

describe('spreadCost', () => {
  it('pays the mean resistance of two cells times the length of the step', () => {
    const { field } = spread([1, 3, 3, 1, 1, 9], [1, 0, 0, 0, 0, 0], 3);
    // To the right (1+3)/2·10 = 20; down 10; aslant to the middle below 14.14; on to the right of the first row from there.
    expect(field.cost.slice(0, 2)).toEqual(Float64Array.of(0, 20));
    expect(field.cost[3]).toBe(10);
    expect(field.cost[4]).toBeCloseTo(DIAGONAL, 12);
    expect(field.cost[2]).toBeCloseTo(DIAGONAL + 2 * DIAGONAL, 12);
    expect([...field.source]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('goes around a barrier, not through it, and not beyond the limit', () => {
    const wall = NaN;
    const { field } = spread([1, wall, 1, 1, wall, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 0, 0, 0], 3, 45);
    expect(field.cost[1]).toBe(Infinity);
    expect(field.source[1]).toBe(0);
    // Down, aslant, aslant, then up would be 10 + 2·14.14 + 10 = 48.3.
    expect(field.cost[5]).toBeCloseTo(10 + 2 * DIAGONAL, 12);
    expect(field.cost[2]).toBe(Infinity);
  });

  it('agrees with Bellman and Ford on random surfaces', () => {
    const surface = fc.record({
      width: fc.integer({ min: 1, max: 7 }),
      height: fc.integer({ min: 1, max: 7 }),
      cells: fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(NaN)), { minLength: 49, maxLength: 49 }),
      first: fc.integer({ min: 0, max: 48 }),
      second: fc.integer({ min: 0, max: 48 }),
    });
    fc.assert(
      fc.property(surface, ({ width, height, cells, first, second }) => {
        const n = width * height;
        const sources = Array.from({ length: n }, (_, i) => (i === first % n ? 1 : i === second % n ? 2 : 0));
        const { field } = spread(cells.slice(0, n), sources, width);
        const slow = relaxed(cells.slice(0, n), sources, width);
        // Infinity less Infinity is NaN: cells that neither of them reaches are alike.
        const off = slow.map((cost, i) => (cost === field.cost[i] ? 0 : Math.abs(cost - field.cost[i]!)));
        expect(Math.max(...off)).toBeLessThan(SUM_TOLERANCE);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('refuses a resistance of 0', () => {
    expect(() => spread([1, 0], [1, 0], 2)).toThrow(/above 0, got 0 at 1/);
  });
});

/** Every step of every cell, until nothing becomes less. */
function relaxed(cells: number[], sources: number[], width: number): number[] {
  const height = cells.length / width;
  const cost = sources.map((source) => (source > 0 ? 0 : Infinity));
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < cells.length; i++) {
      for (let j = 0; j < cells.length; j++) {
        const [cols, rows] = [
          Math.abs((i % width) - (j % width)),
          Math.abs(Math.floor(i / width) - Math.floor(j / width)),
        ];
        if (i === j || cols > 1 || rows > 1 || Number.isNaN(cells[j]!) || height === 0) continue;
        const mean = Number.isNaN(cells[i]!) ? cells[j]! : (cells[i]! + cells[j]!) / 2;
        const total = cost[i]! + mean * 10 * Math.hypot(cols, rows);
        if (total < cost[j]! - SUM_TOLERANCE) {
          cost[j] = total;
          changed = true;
        }
      }
    }
  }
  return cost;
}

describe('leastCostLinks', () => {
  it('takes the cheap way between two sources, from edge to edge', () => {
    // The upper row is dear, the lower one cheap.
    const { links } = spread([1, 50, 50, 50, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 2, 0, 0, 0, 0, 0], 5);
    expect(links).toHaveLength(1);
    expect(links[0]).toMatchObject({ from: 1, to: 2 });
    expect([...links[0]!.cells]).toEqual([0, 6, 7, 8, 4]);
    expect(links[0]!.cost).toBeCloseTo(20 + 2 * DIAGONAL, 12);
    expect(links[0]!.length).toBeCloseTo(20 + 2 * DIAGONAL, 12);
  });

  it('links neighbours only: the middle one of three lies between the others', () => {
    const { links } = spread([1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 2, 0, 0, 3], 7);
    expect(links.map(({ from, to, cost }) => [from, to, cost])).toEqual([
      [1, 2, 30],
      [2, 3, 30],
    ]);
  });

  it('has no way beyond the limit, and none through a barrier', () => {
    expect(spread([1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 2], 7, 59).links).toEqual([]);
    expect(spread([1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 2], 7, 60).links).toHaveLength(1);
    expect(spread([1, NaN, 1], [1, 0, 2], 3).links).toEqual([]);
  });

  it('costs what the field says at both ends, whichever way the map is turned', () => {
    const cells = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 36, maxLength: 36 });
    fc.assert(
      fc.property(cells, (resistance) => {
        const sources = resistance.map((_, i) => (i === 0 ? 1 : i === 35 ? 2 : 0));
        const one = spread(resistance, sources, 6).links;
        const turned = spread(resistance.toReversed(), sources.map((s) => (s === 0 ? 0 : 3 - s)).toReversed(), 6).links;
        expect(one).toHaveLength(1);
        expect(Math.abs(one[0]!.cost - turned[0]!.cost)).toBeLessThan(SUM_TOLERANCE);
        // The way between two sources is as long as the field of one of them says at the other.
        const alone = spread(
          resistance,
          sources.map((s) => (s === 1 ? 1 : 0)),
          6,
        ).field.cost[35]!;
        expect(Math.abs(one[0]!.cost - alone)).toBeLessThan(SUM_TOLERANCE);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});
