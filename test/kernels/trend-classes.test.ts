import { describe, expect, it } from 'vitest';
import { attainableClasses, classifyTrend, legendClasses, trendStack, type Legend } from '../../src/kernels/trend.ts';

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
    // Largest Z of four years 1.698, p 0.0894; of five 2.205, p 0.0275; of six 2.630, p 0.0085.
    expect(attainableClasses(4, 'seven', 'normal')).toEqual([2, 3, 4, 5, 6]);
    expect(attainableClasses(5, 'nine', 'normal')).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(attainableClasses(6, 'nine', 'normal')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('pixels that say little', () => {
  it('are no data with three years or none, and not testable where all years are equal', () => {
    const years = Float64Array.of(2001, 2002, 2003, 2004, 2005);
    const pixels = [
      [NaN, NaN, NaN, NaN, NaN],
      [0.1, NaN, 0.2, NaN, 0.3],
      // Constant, and nothing says that its scale is cut off there: no change.
      [0.4, 0.4, 0.4, 0.4, 0.4],
      [0.1, 0.2, 0.3, 0.4, NaN],
      [0.1, 0.2, 0.3, 0.4, 0.5],
      [0.1, 0.2, 0.3, 0.4, 0.4],
    ];
    const stack = Float32Array.from({ length: 30 }, (_, k) => pixels[k % 6]![Math.floor(k / 6)]!);
    const out = {
      trendClass: new Uint8Array(6),
      slope: new Float32Array(6),
      p: new Float32Array(6),
      z: new Float32Array(6),
      n: new Uint16Array(6),
    };
    trendStack(stack, 5, 6, { years, minYears: 4, epsilon: 0.0005, legend: 'seven', pMethod: 'exact' }, out);
    // Four years reach 90 % only, five with a tie reach 95 %.
    expect([...out.trendClass]).toEqual([255, 255, 4, 6, 7, 7]);
    expect([...out.n]).toEqual([0, 3, 5, 4, 5, 5]);
    expect(out.slope.slice(0, 3)).toEqual(Float32Array.of(NaN, NaN, 0));
    expect(out.p.slice(0, 3)).toEqual(Float32Array.of(NaN, NaN, 1));
  });
});
