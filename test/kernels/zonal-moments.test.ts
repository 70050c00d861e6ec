import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToPiece, emptyMoments, emptyPiece, mergePiece } from '../../src/kernels/zonal-moments.ts';

const { NaN: none } = Number;

/** Moments of cells cut into pieces at the given places. */
function momentsOf(
  values: readonly number[],
  areas: readonly number[],
  shares: readonly number[],
  cuts: readonly number[],
) {
  const moments = emptyMoments();
  const ends = [...cuts.filter((cut) => cut > 0 && cut < values.length), values.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    const piece = emptyPiece();
    for (let k = from; k < to; k++) {
      addToPiece(piece, Float64Array.from(values), Float64Array.from(areas), k, k + 1, shares[k]!, shares[k]!);
    }
    mergePiece(moments, piece);
    from = to;
  }
  return moments;
}

describe('zonal moments', () => {
  it('by hand', () => {
    const piece = emptyPiece();
    const values = Float64Array.of(none, 2, 4, none, 9);
    const areas = Float64Array.of(10, 10, 20, 10, 10);
    // Two whole cells after a gap, then half of a gap, then half of the last cell.
    addToPiece(piece, values, areas, 0, 3, 1, 1);
    addToPiece(piece, values, areas, 3, 4, 0.5, 0.5);
    addToPiece(piece, values, areas, 4, 5, 0.5, 0.5);
    const moments = emptyMoments();
    mergePiece(moments, piece);
    // Weights 10, 20 and 5: mean (20 + 80 + 45) / 35.
    expect(moments).toMatchObject({ cells: 3, count: 2.5, weight: 35, nodata: 15, min: 2, max: 9, sum: 10.5 });
    const mean = 145 / 35;
    expect(moments.mean).toBeCloseTo(mean, 12);
    expect(moments.deviation).toBeCloseTo(10 * (2 - mean) ** 2 + 20 * (4 - mean) ** 2 + 5 * (9 - mean) ** 2, 10);
  });

  it('weighs the area and counts the plane by shares of their own', () => {
    const piece = emptyPiece();
    addToPiece(piece, Float64Array.of(3), Float64Array.of(100), 0, 1, 0.5, 0.25);
    const moments = emptyMoments();
    mergePiece(moments, piece);
    expect(moments).toMatchObject({ count: 0.5, weight: 25, sum: 1.5, mean: 3, deviation: 0 });
  });

  it('has nothing of a piece without data', () => {
    const piece = emptyPiece();
    addToPiece(piece, Float64Array.of(none, none), Float64Array.of(4, 5), 0, 2, 1, 1);
    const moments = emptyMoments();
    mergePiece(moments, piece);
    expect(moments).toEqual({ ...emptyMoments(), nodata: 9 });
  });

  it('keeps the deviation of values far from zero', () => {
    const offset = 1e9;
    const values = [1, 2, 3, 4].map((value) => offset + value);
    const moments = momentsOf(values, [1, 1, 1, 1], [1, 1, 1, 1], [2]);
    expect(moments.deviation).toBe(5);
  });

  it('is that of two loops, however the cells are cut into pieces', () => {
    const value = fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
      fc.constant(none),
    );
    const cell = fc.tuple(
      value,
      fc.double({ min: 0.1, max: 900, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 6 }),
        (cells, cuts) => {
          const [values, areas, shares] = [cells.map((c) => c[0]), cells.map((c) => c[1]), cells.map((c) => c[2])];
          const moments = momentsOf(values, areas, shares, cuts);
          const valid = cells.filter(([v]) => !Number.isNaN(v));
          const weight = valid.reduce((sum, [, a, s]) => sum + a * s, 0);
          const mean = valid.reduce((sum, [v, a, s]) => sum + v * a * s, 0) / (weight || 1);
          const deviation = valid.reduce((sum, [v, a, s]) => sum + a * s * (v - mean) ** 2, 0);
          expect(moments.cells).toBe(valid.length);
          expect(moments.weight).toBeCloseTo(weight, 8);
          expect(moments.mean).toBeCloseTo(mean, 9);
          // Sums of up to 40 products of 1e9 carry rounding of about 1e-5.
          expect(Math.abs(moments.deviation - deviation)).toBeLessThan(1e-4);
        },
      ),
      { seed: 8, numRuns: 200 },
    );
  });
});
