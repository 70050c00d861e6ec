/**
 * Least costs and cores as SciPy has them: test/oracle/least-cost.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coreCells } from '../../src/kernels/core-cells.ts';
import { leastCostLinks, spreadCost } from '../../src/kernels/least-cost.ts';

interface Oracle {
  width: number;
  height: number;
  cellWidth: number;
  cellHeight: number;
  resistance: (number | null)[];
  sources: number[];
  cost: (number | null)[];
  pairs: Record<string, number>;
  mask: string[];
  coresByRow: Record<string, number[]>;
}

const oracle = JSON.parse(readFileSync(new URL('../oracle/least-cost.json', import.meta.url), 'utf8')) as Oracle;
const { width, height } = oracle;
/** Sums of at most some dozen float64 steps in another order. */
const RELATIVE = 1e-9;

const surface = Float32Array.from(oracle.resistance, (value) => value ?? NaN);
const size = { width: oracle.cellWidth, height: oracle.cellHeight };
const field = spreadCost(surface, Int32Array.from(oracle.sources), width, height, size, Infinity);

describe('against SciPy', () => {
  it('costs the same at every cell', () => {
    expect([...field.cost].map((cost) => cost < Infinity)).toEqual(oracle.cost.map((cost) => cost !== null));
    const off = oracle.cost.map((cost, i) => (cost ? Math.abs(field.cost[i]! / cost - 1) : 0));
    expect(Math.max(...off)).toBeLessThan(RELATIVE);
  });

  it('links sources at the least cost through the areas of both', () => {
    const links = leastCostLinks(field, surface, width, height, size, Infinity);
    expect(links.map(({ from, to }) => `${from} ${to}`)).toEqual(Object.keys(oracle.pairs));
    for (const { from, to, cost } of links) {
      expect(Math.abs(cost / oracle.pairs[`${from} ${to}`]! - 1)).toBeLessThan(RELATIVE);
    }
  });

  it.each(Object.keys(oracle.coresByRow))('has the same cores with an edge of %s', (edge) => {
    const [w, h] = [oracle.mask[0]!.length, oracle.mask.length];
    const mask = Uint8Array.from(oracle.mask.join(''), (c) => (c === '#' ? 1 : 0));
    const core = coreCells(mask, w, h, Number(edge), new Uint8Array(mask.length));
    const byRow = oracle.mask.map((_, row) => core.subarray(row * w, (row + 1) * w).reduce((sum, v) => sum + v, 0));
    expect(byRow).toEqual(oracle.coresByRow[edge]);
  });
});
