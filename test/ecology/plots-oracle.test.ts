/**
 * Field-plot statistics held against R: test/oracle/plots.R.
 */
import { describe, expect, it } from 'vitest';
import { adjustedP, correlationPairs, pearson, spearman } from '../../src/ecology/correlation.ts';
import { coverAgreement } from '../../src/ecology/cover-regression.ts';
import { fUpper, rangeQuantile, rangeUpper, tQuantile, tTwoSided } from '../../src/ecology/distributions.ts';
import { groupMean, oneWayAnova, tTest, tukeyHsd, type Group } from '../../src/ecology/group-tests.ts';
import oracle from '../oracle/plots.json' with { type: 'json' };

type Name = 'cover' | 'som' | 'tn' | 'bd' | 'fvc' | 'short_x' | 'short_y';

const GROUPS = ['slope', 'platform', 'background'];

const TOLERANCE = oracle.tolerance;

/** How far a value is off, as a part of it, or of 1 where it is smaller: what the project asks for. */
function misfit(value: number, expected: number): number {
  return Math.abs(value - expected) / Math.max(1, Math.abs(expected));
}

/** How far a value is off as a part of it, however small: tails must keep their digits. */
function relativeMisfit(value: number, expected: number): number {
  return Math.abs(value / expected - 1);
}

function values(name: string): number[] {
  return oracle[name as Name].map((value) => value ?? NaN);
}

function groups(name: string): Group[] {
  const found = values(name);
  return GROUPS.map((group) => ({
    name: group,
    values: found.filter((value, i) => oracle.group[i] === group && !Number.isNaN(value)),
  }));
}

const group = (variable: string, name: string): Group => groups(variable).find((g) => g.name === name)!;

describe('R agrees on', () => {
  it.each(oracle.means)('the mean of $group', ({ group: name, n, mean, sd, se }) => {
    const found = groupMean(group('cover', name).values);
    expect(found.n).toBe(n);
    expect(misfit(found.mean, mean)).toBeLessThanOrEqual(TOLERANCE);
    expect(misfit(found.sd, sd)).toBeLessThanOrEqual(TOLERANCE);
    expect(misfit(found.se, se)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(oracle.anova)('the analysis of variance of $variable', (expected) => {
    const found = oneWayAnova(groups(expected.variable))!;
    expect([found.dfBetween, found.dfWithin]).toEqual([expected.dfBetween, expected.dfWithin]);
    for (const key of ['ssBetween', 'ssWithin', 'f'] as const)
      expect(misfit(found[key], expected[key])).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeMisfit(found.p, expected.p)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(oracle.tukey)("Tukey's difference of $first and $second in $variable", (expected) => {
    const all = tukeyHsd(groups(expected.variable), 0.95);
    const found = all.find(({ first, second }) => first === expected.first && second === expected.second)!;
    for (const key of ['difference', 'low', 'high', 'p'] as const)
      expect(misfit(found[key], expected[key])).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(oracle.t)('the t test of $first and $second in $variable, pooled: $pooled', (expected) => {
    const { variable, first, second, pooled } = expected;
    const found = tTest(group(variable, first), group(variable, second), pooled, 0.95)!;
    for (const key of ['t', 'df', 'low', 'high'] as const)
      expect(misfit(found[key], expected[key])).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeMisfit(found.p, expected.p)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(oracle.correlations)('the $method correlation of $first and $second', (expected) => {
    const test = expected.method === 'pearson' ? pearson : spearman;
    const found = test(values(expected.first), values(expected.second));
    expect(found.n).toBe(expected.n);
    expect(misfit(found.r, expected.r)).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeMisfit(found.p, expected.p)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('p adjusted for the false discovery rate', () => {
    const variables = ['cover', 'som', 'tn', 'bd', 'fvc'].map((name) => ({ name, values: values(name) }));
    const pairs = correlationPairs(variables);
    expect(pairs).toHaveLength(oracle.pearsonFdr.length);
    for (const [i, pair] of pairs.entries())
      expect(relativeMisfit(pair.pearsonFdr, oracle.pearsonFdr[i]!)).toBeLessThanOrEqual(TOLERANCE);
    expect(adjustedP([0.01, NaN, 0.04])).toEqual([0.02, NaN, 0.04]);
  });

  it('the regression of cover on FVC', () => {
    const cover = values('cover').map((value) => value / 100);
    const found = coverAgreement(values('fvc'), cover, 0.95)!;
    const { p, ...expected } = oracle.regression;
    for (const [key, value] of Object.entries(expected))
      expect(misfit(found[key as 'slope'], value)).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeMisfit(found.p, p)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(oracle.t_tail)("the tail of Student's t at $t with $df", ({ t, df, p }) =>
    expect(relativeMisfit(tTwoSided(t, df), p)).toBeLessThanOrEqual(TOLERANCE),
  );
  it.each(oracle.t_quantile)('the quantile $p of t with $df', ({ p, df, t }) =>
    expect(relativeMisfit(tQuantile(p, df), t)).toBeLessThanOrEqual(TOLERANCE),
  );
  it.each(oracle.f_tail)('the tail of F at $f with $df1 and $df2', ({ f, df1, df2, p }) =>
    expect(relativeMisfit(fUpper(f, df1, df2), p)).toBeLessThanOrEqual(TOLERANCE),
  );
  it.each(oracle.range)('the studentized range of $groups groups with $df', ({ q, groups: k, df, p, q95 }) => {
    expect(misfit(rangeUpper(q, k, df), p)).toBeLessThanOrEqual(TOLERANCE);
    expect(misfit(rangeQuantile(0.95, k, df), q95)).toBeLessThanOrEqual(TOLERANCE);
  });
});
