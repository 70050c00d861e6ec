import { describe, expect, it } from 'vitest';
import { addField, closeField, emptyField, fieldShifts, smallestFieldP } from '../../src/pipeline/field.ts';
import { fieldSums } from '../../src/tasks/field-sums.ts';

/** A tile of ten cells that one zone covers: p rises by 0.006 from 0.001 on, all of them significant increases to 0.05. */
function tile(zone: number) {
  const p = Float32Array.from({ length: 10 }, (_, k) => 0.001 + 0.006 * k);
  const trendClass = Uint8Array.from(p, (value) => (value < 0.05 ? 7 : 6));
  const slice = { zone, index: Uint32Array.from(p.keys()), weight: new Float64Array(10).fill(2 ** 32) };
  return fieldSums([slice], trendClass, p, 'seven', 0.02);
}

describe('field significance of a run', () => {
  it('adds tiles in any order, and moves the land that does not stand to "no significant"', () => {
    const forward = emptyField();
    const backward = emptyField();
    for (const zone of [0, 1]) addField(forward, tile(zone));
    for (const zone of [1, 0]) addField(backward, tile(zone));
    const field = closeField(forward, 0.02, 20, 'exact');
    expect(closeField(backward, 0.02, 20, 'exact').figures).toEqual(field.figures);
    // Of 20 p-values, two of each: limits 0.002, 0.004 … 0.02: 0.001 stands, 0.007 would need rank 7.
    expect(field.figures).toMatchObject({ cells: 20, rejected: 2, rate: 0.02 });
    expect(field.figures.threshold).toBeCloseTo(0.001, 9);
    const shifts = fieldShifts(field, [0], 'seven');
    // Nine cells from 0.001 to 0.049 are class 7, the last is class 6.
    expect([...shifts].sort((a, b) => a[0] - b[0])).toEqual([
      [5, 9 * 2 ** 32],
      [6, -(2 ** 32)],
      [7, -8 * 2 ** 32],
    ]);
    expect(fieldShifts(field, [0, 1], 'seven').get(5)).toBe(18 * 2 ** 32);
    expect(fieldShifts(field, [7], 'seven').size).toBe(0);
  });

  it('lets nothing stand where nothing can', () => {
    const field = closeField(emptyField(), 0.05, 4, 'exact');
    expect(field.figures).toMatchObject({ cells: 0, threshold: null, rejected: 0 });
    expect(field.figures.leastShare).toBeCloseTo(2 / 24 / 0.05, 12);
    expect(smallestFieldP(31, 'normal')).toBe(0);
    expect(smallestFieldP(4, 'normal')).toBeCloseTo(0.0894, 3);
  });
});
