/**
 * The reclaimed-cover test: its published example, and each of its ways by hand. Critical values are R's qt().
 */
import { describe, expect, it } from 'vitest';
import { bondRelease, coverStandard, samplesNeeded } from '../../src/ecology/bond-release.ts';
import oracle from '../oracle/plots.json' with { type: 'json' };

const quantile = (p: number, df: number): number => oracle.t_quantile.find((q) => q.p === p && q.df === df)!.t;

describe('the standard', () => {
  it('of the published example is 17.9 %', () => {
    const references = [
      { weight: 0.798, mean: 19.1 },
      { weight: 0.202, mean: 23.07 },
    ];
    expect(coverStandard(references)).toBeCloseTo(0.9 * (0.798 * 19.1 + 0.202 * 23.07), 12);
    expect(coverStandard(references).toFixed(1)).toBe('17.9');
  });

  it('of the published background of Jiangcang is missed by its slope and its platform', () => {
    const standard = coverStandard([{ weight: 1, mean: 86 }]);
    expect(standard).toBeCloseTo(77.4, 12);
    for (const mean of [67, 74]) expect(bondRelease({ mean, sd: 5, n: 15 }, standard).meanReaches).toBe(false);
  });

  it('refuses weights that do not sum to 1', () => {
    expect(() => coverStandard([{ weight: 0.8, mean: 20 }])).toThrow('sum to 1, got 0.8');
    expect(() => coverStandard([{ weight: 1.2, mean: 20 }, { weight: -0.2, mean: 20 }])).toThrow(RangeError); // prettier-ignore
  });
});

describe('the tests', () => {
  it('15 plots with 17 ± 2 % are enough and reach 17.9 % within their error', () => {
    const found = bondRelease({ mean: 17, sd: 2, n: 15 }, 17.9);
    const t = quantile(0.9, 14);
    expect(found.standardCritical).toBeCloseTo(t, 6);
    expect(found.samplesNeeded).toBeCloseTo((t * t * 4) / 1.7 ** 2, 5);
    expect(found.standardT).toBeCloseTo((0.9 * Math.sqrt(15)) / 2, 12);
    expect(found).toMatchObject({ adequate: true, meanReaches: false, standardPasses: false, reversePasses: null });
    expect(found.evidence).toBe('does not support release');
    const nearer = bondRelease({ mean: 17.4, sd: 2, n: 15 }, 17.9);
    expect(nearer).toMatchObject({ meanReaches: false, standardPasses: true, evidence: 'supports release' });
  });

  it('a mean above the standard is no evidence where the sample is not adequate', () => {
    const found = bondRelease({ mean: 20, sd: 12, n: 15 }, 17.9);
    expect(found.samplesNeeded).toBeGreaterThan(15);
    expect(found).toMatchObject({
      meanReaches: true,
      adequate: false,
      reversePasses: null,
      evidence: 'sample too small',
    });
  });

  it('30 plots that are not adequate are held to the reverse null test', () => {
    const [sd, n] = [16, 30];
    const critical = quantile(0.8, 29);
    const least = 17.9 + (critical * sd) / Math.sqrt(n);
    const above = bondRelease({ mean: least + 0.01, sd, n }, 17.9);
    expect(above).toMatchObject({ adequate: false, reversePasses: true, evidence: 'supports release' });
    const below = bondRelease({ mean: least - 0.01, sd, n }, 17.9);
    expect(below).toMatchObject({ adequate: false, reversePasses: false, evidence: 'does not support release' });
    expect(below.standardPasses).toBe(true);
  });

  it('without spread compare the means themselves', () => {
    expect(bondRelease({ mean: 20, sd: 0, n: 5 }, 20)).toMatchObject({ reverseT: 0, standardPasses: true });
    expect(bondRelease({ mean: 19, sd: 0, n: 5 }, 20)).toMatchObject({ standardT: Infinity, standardPasses: false });
  });

  it('take an effective number that is not whole', () => {
    const found = bondRelease({ mean: 17, sd: 2, n: 12.5 }, 17.9);
    expect(found.standardT).toBeCloseTo((0.9 * Math.sqrt(12.5)) / 2, 12);
    expect(() => bondRelease({ mean: 17, sd: 2, n: 1 }, 17.9)).toThrow('at least 2 samples');
    expect(samplesNeeded({ mean: 0, sd: 1, n: 9 })).toBeNaN();
  });
});
