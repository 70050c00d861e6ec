import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../src/geo/affine.ts';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { coverage, type Coverage } from '../../src/vector/coverage.ts';
import type { Polygons, Position, Ring } from '../../src/vector/polygons.ts';

const UTM = crsFromEpsg(32647)!;
const PIXELS: Affine = [1, 0, 0, 0, 1, 0];

function gridOf(width: number, height: number, transform: Affine = PIXELS): Grid {
  return { width, height, transform, crs: UTM };
}

/** All shares, row-major; fails where the sparse lists break their own rules. */
function dense(c: Coverage): number[] {
  const out = Array.from<number>({ length: c.width * c.height }).fill(0);
  for (let row = c.bounds.row; row < c.bounds.row + c.bounds.height; row++) {
    const r = row - c.bounds.row;
    for (let k = c.rowStart[r]!; k < c.rowStart[r + 1]!; k++) {
      const at = row * c.width + c.cellCol[k]!;
      if (out[at] !== 0 || !(c.cellFraction[k]! > 0) || !(c.cellFraction[k]! < 1))
        throw new Error(`cell ${at} is listed wrongly`);
      if (k > c.rowStart[r]! && c.cellCol[k]! <= c.cellCol[k - 1]!) throw new Error(`row ${row} does not ascend`);
      out[at] = c.cellFraction[k]!;
    }
    for (let k = c.runStart[r]!; k < c.runStart[r + 1]!; k++) {
      if (k > c.runStart[r]! && c.runFrom[k]! <= c.runTo[k - 1]!) throw new Error(`runs of row ${row} touch`);
      for (let col = c.runFrom[k]!; col < c.runTo[k]!; col++) {
        if (out[row * c.width + col] !== 0) throw new Error(`cell ${col}, ${row} is listed twice`);
        out[row * c.width + col] = 1;
      }
    }
  }
  return out;
}

const box = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];

describe('coverage by hand', () => {
  it('gives a square over 3 × 3 cells its halves and quarters', () => {
    const c = coverage([[box(0.5, 0.5, 2.5, 2.5)]], gridOf(3, 3));
    expect(dense(c)).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
    expect(c.outsideArea).toBe(0);
  });

  it('does not care which way a ring runs', () => {
    const ring = box(0.5, 0.5, 2.5, 2.5).toReversed();
    expect(dense(coverage([[ring]], gridOf(3, 3)))).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
  });

  it('keeps an edge along a grid line in the cells of its side', () => {
    expect(dense(coverage([[box(1, 1, 2, 2)]], gridOf(3, 3)))).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it('cuts a triangle on cell corners in half cells', () => {
    const ring: Ring = [
      [0, 0],
      [3, 3],
      [0, 3],
      [0, 0],
    ];
    expect(dense(coverage([[ring]], gridOf(3, 3)))).toEqual([0.5, 0, 0, 1, 0.5, 0, 1, 1, 0.5]);
  });

  it('takes a hole off, whichever way it runs', () => {
    for (const hole of [box(1, 1, 2, 1.5), box(1, 1, 2, 1.5).toReversed()]) {
      expect(dense(coverage([[box(0, 0, 3, 3), hole]], gridOf(3, 3)))).toEqual([1, 1, 1, 1, 0.5, 1, 1, 1, 1]);
    }
  });

  it('adds the parts of a multipolygon within a cell', () => {
    expect(dense(coverage([[box(0, 0, 0.25, 1)], [box(0.5, 0, 1, 0.5)]], gridOf(1, 1)))).toEqual([0.5]);
  });

  it('caps overlapping parts at the whole cell', () => {
    expect(dense(coverage([[box(0, 0, 2, 1)], [box(0, 0, 1, 1)]], gridOf(2, 1)))).toEqual([1, 1]);
  });

  it('knows what lies outside of the grid, on every side', () => {
    const grid = gridOf(2, 2, [10, 0, 100, 0, -10, 200]);
    const c = coverage([[box(90, 170, 140, 210)]], grid);
    expect(dense(c)).toEqual([1, 1, 1, 1]);
    expect(c.outsideArea).toBeCloseTo(50 * 40 - 400, 9);
    const beside = coverage([[box(125, 185, 128, 195)]], grid);
    expect(dense(beside)).toEqual([0, 0, 0, 0]);
    expect(beside.outsideArea).toBeCloseTo(30, 9);
  });

  it('carries a partly covered row on from an edge left of the grid', () => {
    expect(dense(coverage([[box(-5, 0.25, 9, 0.75)]], gridOf(3, 1)))).toEqual([0.5, 0.5, 0.5]);
  });

  it('covers nothing with a ring without area', () => {
    const spike: Ring = [
      [0.5, 0.5],
      [2.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(dense(coverage([[spike]], gridOf(3, 1)))).toEqual([0, 0, 0]);
  });

  it('refuses a point that is not finite', () => {
    expect(() => coverage([[[...box(0, 0, 1, 1).slice(0, 3), [Number.NaN, 0], [0, 0]]]], gridOf(3, 1))).toThrow(
      RangeError,
    );
  });

  it('finds its cells in a grid of 100,000 columns', () => {
    const c = coverage([[box(99_990.5, 0.5, 99_999.5, 1.5)]], gridOf(100_000, 2));
    expect(c.runFrom.length).toBe(0);
    expect(c.cellCol.slice(0, 3)).toEqual(Uint32Array.of(99_990, 99_991, 99_992));
    expect(c.cellFraction.slice(0, 2)).toEqual(Float64Array.of(0.25, 0.5));
  });
});

describe('coverage against shapely', () => {
  interface Case {
    transform: number;
    polygons: Polygons;
    shares: number[];
  }
  interface Oracle {
    width: number;
    height: number;
    transforms: Affine[];
    cases: Case[];
  }
  const read = (path: string | URL) => JSON.parse(readFileSync(path, 'utf8')) as Oracle;
  // Coordinates near 4e6 with pixels of 30 are known to 3e-11 of a pixel.
  const TOLERANCE = 1e-9;
  // Another file of cases, such as of thousands, can be given by hand: see oracle/coverage-cases.py.
  const given = process.env.MINE_RS_COVERAGE_CASES;

  it.each([
    ['of random shapes', new URL('../oracle/coverage.json', import.meta.url)],
    [
      'that are hard to cover, in cells of 1 cm to 1°',
      given ?? new URL('../oracle/coverage-cases.json', import.meta.url),
    ],
  ])('agrees on all polygons %s', (_name, path) => {
    const oracle = read(path);
    let worst = 0;
    for (const { transform, polygons, shares } of oracle.cases) {
      const got = dense(coverage(polygons, gridOf(oracle.width, oracle.height, oracle.transforms[transform])));
      for (const [k, share] of shares.entries()) worst = Math.max(worst, Math.abs(share - got[k]!));
    }
    if (given !== undefined) console.log(`${oracle.cases.length} polygons: largest difference ${worst}`);
    expect(oracle.cases.length).toBeGreaterThan(200);
    expect(worst).toBeLessThan(TOLERANCE);
  });
});

describe('coverage as a whole', () => {
  const RUNS = { seed: 7, numRuns: 200 };
  const point = fc.tuple(fc.double({ min: -2, max: 12, noNaN: true }), fc.double({ min: -2, max: 10, noNaN: true }));

  it('sums to 1 in every cell over a partition of the plane', () => {
    // Four triangles around a point, and the frame around them, share every edge.
    fc.assert(
      fc.property(point, fc.double({ min: -0.4, max: 0.4, noNaN: true }), (centre, turn) => {
        const middle: Position = [Math.min(11, Math.max(-1, centre[0])), Math.min(9, Math.max(-1, centre[1]))];
        const corners = (
          [
            [-2, -2],
            [12, -2],
            [12, 10],
            [-2, 10],
          ] as Position[]
        ).map(([x, y]): Position => [x, y]);
        const transform: Affine = [Math.cos(turn), -Math.sin(turn), 1.3, Math.sin(turn), Math.cos(turn), 0.7];
        const grid = gridOf(6, 5, transform);
        const sum = Array.from<number>({ length: 30 }).fill(0);
        for (let k = 0; k < 4; k++) {
          const [a, b] = [corners[k]!, corners[(k + 1) % 4]!];
          for (const [cell, share] of dense(coverage([[[a, b, middle, a]]], grid)).entries()) sum[cell]! += share;
        }
        const whole = dense(coverage([[[...corners, corners[0]!]]], grid));
        // Each share carries rounding of about 1e-15 for each of its edges, and points snap by 1e-9 of a pixel.
        for (const [cell, share] of sum.entries()) expect(Math.abs(share - whole[cell]!)).toBeLessThan(4e-9);
      }),
      RUNS,
    );
  });

  it('sums to the area of the polygon, inside and outside', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 3 }), (points) => {
        const ring = [...points, points[0]!] as Ring;
        const [p, q, r] = points as [Position, Position, Position];
        const area = Math.abs((q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])) / 2;
        const c = coverage([[ring]], gridOf(9, 7));
        const inside = dense(c).reduce((sum, share) => sum + share, 0);
        expect(Math.abs(inside + c.outsideArea - area)).toBeLessThan(1e-7);
      }),
      RUNS,
    );
  });
});
