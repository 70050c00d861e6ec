import { describe, expect, it } from 'vitest';
import { codeNumbers, gradesOf, MOST_CLASS_NUMBERS, numberCodes } from '../../src/kernels/class-codes.ts';

describe('grades', () => {
  it('begin at their limits, and leave no data out', () => {
    const out = new Uint8Array(9);
    gradesOf(
      Float64Array.of(-0.1, 0, 0.1999, 0.2, 0.4, 0.8, 1, 2, Number.NaN),
      Float64Array.of(0.2, 0.4, 0.6, 0.8),
      out,
    );
    expect([...out]).toEqual([1, 1, 1, 2, 3, 5, 5, 5, 0]);
  });
});

describe('numbers of codes', () => {
  it('are given in the order in which codes are met, and kept', () => {
    const numbers = codeNumbers([0, 9]);
    const out = new Uint8Array(4);
    expect(numberCodes(Uint16Array.of(300, 9, 7, 300), null, numbers, out)).toBe(-1);
    expect([...out]).toEqual([1, 0, 2, 1]);
    expect(numberCodes(Float32Array.of(7, Number.NaN, -9999, 0), -9999, numbers, out)).toBe(-1);
    expect([...out]).toEqual([2, 0, 0, 0]);
    expect(numbers.codes).toEqual([300, 7]);
  });

  it('are none for what is no code: the place of the first is told', () => {
    for (const value of [-1, 1.5, 65_536, Infinity]) {
      expect(numberCodes(Float64Array.of(1, value), null, codeNumbers([]), new Uint8Array(2))).toBe(1);
    }
    const many = Uint16Array.from({ length: MOST_CLASS_NUMBERS + 1 }, (_, k) => k);
    const numbers = codeNumbers([]);
    expect(numberCodes(many.subarray(0, -1), null, numbers, new Uint8Array(MOST_CLASS_NUMBERS))).toBe(-1);
    expect(numberCodes(many, null, numbers, new Uint8Array(many.length))).toBe(MOST_CLASS_NUMBERS);
  });
});
