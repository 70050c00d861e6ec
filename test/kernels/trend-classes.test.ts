import { describe, expect, it } from 'vitest';
import { attainableClasses, classifyTrend, legendClasses, type Legend } from '../../src/kernels/trend.ts';

const classOf = (legend: Legend, slope: number, p: number, s = Math.sign(slope) * 5, smallest = 0.001): number =>
  classifyTrend(slope, s, p, smallest, legend, 0.0005);

describe('classifyTrend', () => {
  it.each([
    ['seven', [0.001, 0.049, 0.05, 0.099, 0.1, 0.5], [7, 7, 6, 6, 5, 5], 8],
    ['nine', [0.009, 0.01, 0.05, 0.099, 0.1, 0.5], [9, 8, 7, 7, 6, 6], 10],
    ['five', [0.001, 0.049, 0.05, 0.099, 0.1, 0.5], [5, 5, 4, 4, 4, 4], 6],
  ] as const)('has strict upper limits and a mirror image in %s', (legend, ps, increase, mirror) => {
    expect(ps.map((p) => classOf(legend, 0.01, p))).toEqual(increase);
    expect(ps.map((p) => classOf(legend, -0.01, p))).toEqual(increase.map((code) => mirror - code));
    expect(classOf(legend, 0.0005, 0.001)).toBe(mirror / 2);
    expect(classOf(legend, 0.01, 1, 0)).toBe(mirror / 2);
  });

  it('is not testable above the weakest alpha, before anything else, and no data without a slope', () => {
    expect(classOf('seven', 0.01, 0.5, 3, 0.11)).toBe(0);
    expect(classOf('seven', 0, 1, 0, 1)).toBe(0);
    expect(classOf('five', 0.01, 0.0833, 6, 0.0833)).toBe(0);
    expect(classOf('seven', 0.01, 0.0833, 6, 0.0833)).toBe(6);
    expect(classOf('seven', NaN, NaN)).toBe(255);
  });
});

describe('legendClasses', () => {
  it('names every code once', () => {
    expect(legendClasses('seven').map(({ code, name }) => `${code} ${name}`)).toEqual([
      '0 not testable',
      '1 significant decrease',
      '2 slightly significant decrease',
      '3 no significant decrease',
      '4 no change',
      '5 no significant increase',
      '6 slightly significant increase',
      '7 significant increase',
      '255 no data',
    ]);
    expect(legendClasses('nine')[1]).toEqual({
      code: 1,
      name: 'extremely significant decrease',
      slug: 'extremely-significant-decrease',
    });
    expect(legendClasses('five').map(({ slug }) => slug)).toContain('no-significant-increase');
    expect((['seven', 'nine', 'five'] as const).map((legend) => legendClasses(legend).length)).toEqual([9, 11, 7]);
  });
});

describe('attainableClasses', () => {
  it('is what n years can show', () => {
    expect(attainableClasses(3, 'seven')).toEqual([0]);
    expect(attainableClasses(4, 'seven')).toEqual([2, 3, 4, 5, 6]);
    expect(attainableClasses(4, 'five')).toEqual([0]);
    expect(attainableClasses(5, 'seven')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(attainableClasses(5, 'nine')).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(attainableClasses(6, 'nine')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(attainableClasses(40, 'five')).toEqual([1, 2, 3, 4, 5]);
    expect(attainableClasses(1, 'five')).toEqual([]);
  });
});
