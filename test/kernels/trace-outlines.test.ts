/**
 * Outlines of labelled cells.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceOutlines } from '../../src/kernels/trace-outlines.ts';

const labelsOf = (rows: string[]): Int32Array => Int32Array.from(rows.join(''), (c) => (c === '.' ? 0 : Number(c)));

/** Twice the signed area, rows running down: outlines are positive. */
function doubleArea(ring: Int32Array): number {
  let sum = 0;
  for (let k = 0; k + 3 < ring.length; k += 2) sum += ring[k]! * ring[k + 3]! - ring[k + 2]! * ring[k + 1]!;
  return sum;
}

describe('traceOutlines', () => {
  it('goes around a square with as few points as there are corners', () => {
    const rings = traceOutlines(labelsOf(['....', '.11.', '.11.']), 4, 3);
    expect([...rings.get(1)![0]!]).toEqual([3, 1, 3, 3, 1, 3, 1, 1, 3, 1]);
  });

  it('gives a hole the other way round', () => {
    const rings = traceOutlines(labelsOf(['111', '1.1', '111']), 3, 3).get(1)!;
    expect(rings.map(doubleArea)).toEqual([18, -2]);
  });

  it('parts cells that touch at a corner only', () => {
    const rings = traceOutlines(labelsOf(['2.', '.2']), 2, 2).get(2)!;
    expect(rings.map(doubleArea)).toEqual([2, 2]);
  });

  it('cuts a ring that would touch itself, so that what it encloses becomes a hole', () => {
    const rings = traceOutlines(labelsOf(['.111', '1.11', '111.', '1111']), 4, 4).get(1)!;
    const areas = rings.map(doubleArea).toSorted((a, b) => a - b);
    // 13 cells: the outline without its upper left corner and the gap on the right, and a hole of one cell.
    expect(areas).toEqual([-2, 28]);
  });

  it('keeps labels apart, and their areas', () => {
    const cells = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(cells, (values) => {
        const rings = traceOutlines(Int32Array.from(values), 8, 6);
        for (const label of [1, 2]) {
          const area = (rings.get(label) ?? []).reduce((sum, ring) => sum + doubleArea(ring) / 2, 0);
          expect(area).toBe(values.filter((value) => value === label).length);
          for (const ring of rings.get(label) ?? []) {
            const corners = Array.from(
              { length: ring.length / 2 - 1 },
              (_, k) => `${ring[2 * k]!} ${ring[2 * k + 1]!}`,
            );
            expect(new Set(corners).size).toBe(corners.length);
          }
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
