/**
 * Sources, corridors and what connects them.
 */
import { describe, expect, it } from 'vitest';
import { ecologicalNetwork, networkIndices, type NetworkRule } from '../../src/ecology/corridors.ts';

const rule = (over: Partial<NetworkRule> = {}): NetworkRule => {
  const isSource = new Uint8Array(256);
  isSource[3] = 1;
  const resistance = new Float32Array(256).fill(NaN);
  resistance.set([1, 10, 1], 1);
  return { isSource, resistance, edge: 1, leastCells: 1, limit: 1000, ...over };
};
const SIZE = { width: 30, height: 30 };
const drawn = (rows: string[]): Uint8Array => Uint8Array.from(rows.join(''), (c) => (c === '.' ? 0 : Number(c)));

describe('ecologicalNetwork', () => {
  const land = drawn(['333111333', '333222333', '333222333', '333222333']);

  it('takes the cores as sources and the cheapest way as corridor', () => {
    const { sources, cells, corridors, indices, ease } = ecologicalNetwork(land, 9, 4, SIZE, rule());
    expect([...sources].flatMap((label, i) => (label > 0 ? [[label, i]] : []))).toEqual([
      [1, 10],
      [2, 16],
      [1, 19],
      [2, 25],
    ]);
    expect([...cells]).toEqual([0, 2, 2]);
    // Along the first row, whose classes 1 and 3 cost nothing more than their length: 4 steps of 30 m and 2 aslant.
    expect(corridors).toHaveLength(1);
    const way = [...corridors[0]!.cells];
    expect([way[0], way.length, way.at(-1)]).toEqual([10, 7, 16]);
    expect(way.map((cell) => land[cell])).not.toContain(2);
    const length = 120 + 60 * Math.SQRT2;
    expect(corridors[0]!.cost).toBeCloseTo(length, 9);
    expect(corridors[0]!.length).toBeCloseTo(length, 9);
    expect(indices).toMatchObject({ nodes: 2, links: 1, parts: 1, beta: 0.5, gamma: 1 });
    expect(ease).toBeCloseTo(1 - length / 1000, 9);
  });

  it('leaves out sources that are small, and corridors that are dear', () => {
    expect(ecologicalNetwork(land, 9, 4, SIZE, rule({ leastCells: 3 })).indices.nodes).toBe(0);
    const far = ecologicalNetwork(land, 9, 4, SIZE, rule({ limit: 200 }));
    expect(far.indices).toMatchObject({ nodes: 2, links: 0, parts: 2, gamma: 0 });
    expect(far.ease).toBeNaN();
  });

  it('does not cross land outside', () => {
    const parted = drawn(['333.333', '333.333', '333.333']);
    expect(ecologicalNetwork(parted, 7, 3, SIZE, rule()).corridors).toEqual([]);
  });
});

describe('networkIndices', () => {
  const links = (...pairs: [number, number][]) => pairs.map(([from, to]) => ({ from, to }));

  it('is 0, 3/4 and 1/2 of a line of four, and 1, 3/2 and 1 of the fullest network of four', () => {
    expect(networkIndices(4, links([1, 2], [2, 3], [3, 4]))).toEqual({
      nodes: 4,
      links: 3,
      parts: 1,
      alpha: 0,
      beta: 0.75,
      gamma: 0.5,
    });
    const all = links([1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]);
    expect(networkIndices(4, all)).toMatchObject({ alpha: 1, beta: 1.5, gamma: 1 });
  });

  it('counts the parts: circuits are links beyond those of a tree in each', () => {
    const two = networkIndices(6, links([1, 2], [2, 3], [1, 3], [4, 5], [5, 6]));
    expect(two.parts).toBe(2);
    expect(two.alpha).toBeCloseTo(1 / 7, 15);
  });

  it('leaves out what few nodes cannot have', () => {
    expect(networkIndices(0, [])).toMatchObject({ alpha: NaN, beta: NaN, gamma: NaN });
    expect(networkIndices(1, [])).toMatchObject({ alpha: NaN, beta: 0, gamma: NaN });
    expect(networkIndices(2, links([1, 2]))).toMatchObject({ alpha: NaN, beta: 0.5, gamma: 1 });
  });
});
