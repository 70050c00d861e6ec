/**
 * Comparisons of groups by hand and at their edges; test/ecology/plots-oracle.test.ts holds them against R.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupMean, oneWayAnova, pairsOf, tTest, tukeyHsd, type Group } from '../../src/ecology/group-tests.ts';

const group = (name: string, ...values: number[]): Group => ({ name, values });
const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 8 });

describe('the mean of a group', () => {
  it('of 2, 4 and 9, by hand', () => {
    const found = groupMean([2, 4, 9]);
    expect([found.n, found.mean]).toEqual([3, 5]);
    expect(found.sd).toBeCloseTo(Math.sqrt((9 + 1 + 16) / 2), 12);
    expect(found.se).toBeCloseTo(Math.sqrt(13 / 3), 12);
  });

  it('has no spread with one value, and is none without any', () => {
    expect(groupMean([3])).toMatchObject({ n: 1, mean: 3, sd: NaN, se: NaN });
    expect(groupMean([])).toMatchObject({ n: 0, mean: NaN });
  });
});

describe('the analysis of variance', () => {
  it('of three groups, by hand', () => {
    const found = oneWayAnova([group('a', 1, 2, 3), group('b', 2, 3, 4), group('c', 6, 7, 8)])!;
    // Means 2, 3 and 7 about 4: 3·(4 + 1 + 9); each group has 2 within.
    expect(found).toMatchObject({ dfBetween: 2, dfWithin: 6, ssBetween: 42, ssWithin: 6, f: 21 });
    // With 2 and 6 degrees of freedom p = (1 + 2F/6)^−3.
    expect(found.p).toBeCloseTo(8 ** -3, 9);
  });

  it('leaves empty groups out, and needs two groups and a spare value', () => {
    expect(oneWayAnova([group('a', 1, 2), group('b'), group('c', 3, 4)])).toMatchObject({ groups: 2, n: 4 });
    expect(oneWayAnova([group('a', 1, 2, 3)])).toBeUndefined();
    expect(oneWayAnova([group('a', 1), group('b', 2)])).toBeUndefined();
  });

  it('without spread within the groups is endless, without any at all nothing', () => {
    expect(oneWayAnova([group('a', 1, 1), group('b', 2, 2)])).toMatchObject({ f: Infinity, p: 0 });
    expect(oneWayAnova([group('a', 1, 1), group('b', 1, 1)])).toMatchObject({ f: NaN, p: NaN });
  });

  it('of two groups is the square of the pooled t, with the same p as t and Tukey', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const groups = [group('x', ...x), group('y', ...y)];
        const f = oneWayAnova(groups)!;
        // With fewer degrees of freedom the studentized range is off in its far tail, in R too.
        fc.pre(f.ssWithin > 0 && f.dfWithin >= 6);
        const t = tTest(groups[0]!, groups[1]!, true, 0.95)!;
        expect(Math.abs(t.t ** 2 - f.f)).toBeLessThanOrEqual(1e-9 * Math.max(1, f.f));
        expect(t.p).toBeCloseTo(f.p, 6);
        expect(tukeyHsd(groups, 0.95)[0]!.p).toBeCloseTo(f.p, 6);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});

describe('differences', () => {
  it('are the second group minus the first, for all pairs', () => {
    const found = tukeyHsd([group('a', 1, 2, 3), group('b', 2, 3, 4), group('c', 6, 7, 8)], 0.95);
    expect(found.map(({ first, second, difference }) => [first, second, difference])).toEqual([
      ['a', 'b', 1],
      ['a', 'c', 5],
      ['b', 'c', 4],
    ]);
    for (const { low, high, difference } of found) expect((low + high) / 2).toBeCloseTo(difference, 12);
  });

  it('turn their sign when the groups change places, and keep p', () => {
    const [a, b] = [group('a', 1, 5, 2), group('b', 4, 9, 7, 8)];
    const there = tTest(a, b, false, 0.95)!;
    const back = tTest(b, a, false, 0.95)!;
    expect([there.difference, there.t, there.low]).toEqual([-back.difference, -back.t, -back.high]);
    expect(there.p).toBe(back.p);
  });

  it('need two values in each group', () => {
    expect(tTest(group('a', 1), group('b', 2, 3), false, 0.95)).toBeUndefined();
    expect(pairsOf([1, 2, 3])).toEqual([[1, 2], [1, 3], [2, 3]]); // prettier-ignore
  });
});
