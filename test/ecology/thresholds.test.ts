/**
 * Elastic, yield and mutation points of ThV.
 */
import { describe, expect, it } from 'vitest';
import { findThresholds } from '../../src/ecology/thresholds.ts';

const from = (first: number, values: readonly number[]) => values.map((_, k) => first + k);
/** Four years at 1, a fall of two years to 0.7, five years there, a fall of two years to 0.4, and three years there. */
const SERIES = [1, 1, 1, 1, 0.85, 0.7, 0.7, 0.7, 0.7, 0.7, 0.55, 0.4, 0.4, 0.4];
const YEARS = from(2001, SERIES);

describe('findThresholds', () => {
  it('finds where the fall begins, where it comes to rest, and where it begins again', () => {
    const { points, stages, p } = findThresholds(SERIES, YEARS);
    expect(points.map(({ name, source }) => [name, source])).toEqual([
      ['elastic', 'found'],
      ['yield', 'found'],
      ['mutation', 'found'],
    ]);
    expect(points.map(({ crossed }) => crossed)).toEqual([2005, 2007, 2011]);
    expect(points.map(({ value }) => Number(value.toFixed(6)))).toEqual([1, 0.7, 0.7]);
    expect(points.every(({ regained }) => Number.isNaN(regained))).toBe(true);
    expect(stages.slice(3, 7)).toEqual(['encryption', 'resilience', 'resilience', 'yield']);
    expect(stages.slice(9, 11)).toEqual(['yield', 'mutation']);
    expect(p).toBeLessThan(0.05);
  });

  it('takes a fall that becomes twice as steep for the yield point', () => {
    const values = [1, 1, 1, 1, 1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.5, 0.3, 0.1];
    const { points } = findThresholds(values, from(2001, values));
    expect(points.map(({ crossed }) => crossed)).toEqual([2006, 2011, NaN]);
  });

  it('finds none in a series that rises or stays, and none in a short one', () => {
    const rising = SERIES.map((value) => 2 - value);
    for (const values of [rising, SERIES.map(() => 1), [1, 0.5, 0.2]]) {
      const { points, stages } = findThresholds(values, from(2001, values));
      expect(points.map(({ crossed }) => crossed)).toEqual([NaN, NaN, NaN]);
      expect(new Set(stages)).toEqual(new Set(['encryption']));
    }
  });

  it('says since when ThV is back at a point', () => {
    const values = [...SERIES.slice(0, 10), 0.8, 0.9, 1, 1, 1, 1];
    const { points } = findThresholds(values, from(2001, values), { elastic: 0.95, yield: 0.75, mutation: 0.3 });
    expect(points.map(({ crossed, regained }) => [crossed, regained])).toEqual([
      [2005, 2013],
      [2006, 2011],
      [NaN, NaN],
    ]);
  });

  it('takes constants, crossed in their order', () => {
    const { points, p } = findThresholds(SERIES, YEARS, { elastic: 0.9, yield: 0.72, mutation: 0.5 });
    expect(points.map(({ source, value, crossed }) => [source, value, crossed])).toEqual([
      ['given', 0.9, 2005],
      ['given', 0.72, 2006],
      ['given', 0.5, 2012],
    ]);
    expect(p).toBeNaN();
  });

  it('takes a constant beside found points', () => {
    const { points } = findThresholds(SERIES, YEARS, { mutation: 0.45 });
    expect(points.map(({ source, crossed }) => [source, crossed])).toEqual([
      ['found', 2005],
      ['found', 2007],
      ['given', 2012],
    ]);
  });

  it('passes over years without ThV', () => {
    const values = SERIES.map((value, k) => (k === 2 ? NaN : value));
    const { points, stages } = findThresholds(values, YEARS);
    expect(points.map(({ crossed }) => crossed)).toEqual([2005, 2007, 2011]);
    expect(stages[2]).toBeNull();
  });

  it('refuses constants that do not descend', () => {
    expect(() => findThresholds(SERIES, YEARS, { elastic: 0.5, yield: 0.7 })).toThrow(/descend from elastic/);
    expect(() => findThresholds(SERIES, [2001])).toThrow(/Expected 14 years, got 1/);
  });
});
