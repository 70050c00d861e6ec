/**
 * Diversity by hand, by rule, and against the published table of Jiangcang's pit 5 (Feng et al. 2025).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brayCurtis,
  diversity,
  meanCommunity,
  sharedSpecies,
  sorensen,
  type Community,
} from '../../src/ecology/diversity.ts';

const community = (...amounts: number[]): Community => new Map(amounts.map((amount, k) => [`species ${k}`, amount]));
const species = (...names: string[]): Community => new Map(names.map((name) => [name, 1]));

const communities = fc
  .array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 12 })
  .filter((amounts) => amounts.some((amount) => amount > 0))
  .map((amounts) => community(...amounts));
const runs = { seed: 20200715, numRuns: 200 };
/** Rounding of a dozen terms. */
const EXACT = 12;

describe('diversity', () => {
  it('of 6, 3 and 1 individuals, by hand', () => {
    const found = diversity(community(6, 3, 0, 1));
    expect([found.richness, found.total]).toEqual([3, 10]);
    expect(found.simpson).toBeCloseTo(1 - 0.36 - 0.09 - 0.01, EXACT);
    const shannon = -(0.6 * Math.log(0.6) + 0.3 * Math.log(0.3) + 0.1 * Math.log(0.1));
    expect(found.shannon).toBeCloseTo(shannon, EXACT);
    expect(found.pielou).toBeCloseTo(shannon / Math.log(3), EXACT);
    expect(found.margalef).toBeCloseTo(2 / Math.log(10), EXACT);
  });

  it('of one species has no evenness, of none has no index', () => {
    expect(diversity(community(7))).toMatchObject({ richness: 1, simpson: 0, shannon: 0, pielou: NaN, margalef: 0 });
    expect(diversity(community(1)).margalef).toBeNaN();
    expect(diversity(community(0))).toMatchObject({ richness: 0, total: 0, simpson: NaN, shannon: NaN, pielou: NaN });
  });

  it('is largest where all species are as many, and Pielou is positive and at most 1', () => {
    fc.assert(
      fc.property(communities, (found) => {
        const { richness: s, simpson, shannon, pielou } = diversity(found);
        expect(simpson).toBeLessThanOrEqual(1 - 1 / s + 1e-12);
        expect(shannon).toBeLessThanOrEqual(Math.log(s) + 1e-12);
        expect(s === 1 || (pielou > 0 && pielou <= 1 + 1e-12)).toBe(true);
      }),
      runs,
    );
  });

  it('does not depend on the unit of the amounts, but for Margalef', () => {
    fc.assert(
      fc.property(communities, (found) => {
        const twice = diversity(new Map([...found].map(([name, amount]) => [name, 2 * amount])));
        const once = diversity(found);
        expect(twice.shannon).toBeCloseTo(once.shannon, EXACT);
        expect(twice.simpson).toBeCloseTo(once.simpson, EXACT);
      }),
      runs,
    );
  });
});

describe('likeness', () => {
  it('of two communities, by hand', () => {
    const [a, b] = [new Map([['x', 6], ['y', 4], ['gone', 0]]), new Map([['y', 8], ['z', 2], ['gone', 3]])]; // prettier-ignore
    expect(sharedSpecies(a, b)).toBe(1);
    expect(sorensen(a, b)).toBeCloseTo(2 / 5, EXACT);
    expect(brayCurtis(a, b)).toBeCloseTo((6 + 4 + 2 + 3) / 23, EXACT);
    expect([sorensen(community(), community()), brayCurtis(community(), community())]).toEqual([NaN, NaN]);
  });

  it('is the same both ways, and Bray–Curtis of presences is 1 − Sørensen', () => {
    fc.assert(
      fc.property(communities, communities, (a, b) => {
        expect(brayCurtis(a, b)).toBe(brayCurtis(b, a));
        expect(sorensen(a, b)).toBe(sorensen(b, a));
        const present = (c: Community) => new Map([...c].map(([name, amount]) => [name, amount > 0 ? 1 : 0]));
        expect(brayCurtis(present(a), present(b))).toBeCloseTo(1 - sorensen(a, b), EXACT);
      }),
      runs,
    );
  });

  it('of groups is that of mean amounts', () => {
    expect(meanCommunity([new Map([['x', 4]]), new Map([['x', 2], ['y', 6]])])).toEqual(new Map([['x', 3], ['y', 3]])); // prettier-ignore
  });
});

describe('the published table of pit 5: sunny slope, platform, background', () => {
  const published = [
    { site: 'slope', d: 0.46, j: 0.5, ma: 0.712, abundance: 2060 },
    { site: 'platform', d: 0.32, j: 0.37, ma: 0.4339, abundance: 2430 },
    { site: 'background', d: 0.56, j: 0.53, ma: 1.4604, abundance: 2506.5 },
  ];

  it.each([
    ['slope', 0.46, 0.5, [1441, 456, 41, 41, 41, 40]],
    ['platform', 0.32, 0.37, [1961, 406, 21, 21, 21]],
    ['background', 0.56, 0.53, [1596, 436, 44, 43, 43, 43, 43, 43, 43, 43, 43, 43, 43]],
  ] as const)('%s: a community of its size has its D as Simpson and its J', (_, d, j, amounts) => {
    const found = diversity(community(...amounts));
    expect(found.simpson.toFixed(2)).toBe(d.toFixed(2));
    expect(found.pielou.toFixed(2)).toBe(j.toFixed(2));
  });

  it.each(published)(
    '$site: the printed "Shannon" index is none, as J = H\'/ln S would not hold',
    ({ d, j, ma, abundance }) => {
      // Margalef gives the number of species back.
      const richness = 1 + ma * Math.log(abundance);
      expect(richness).toBeGreaterThan(4);
      // What H' must be for the printed J; D is less than two thirds of it, and 1 − ΣP² cannot exceed 1 − 1/S.
      expect(d).toBeLessThan((2 / 3) * j * Math.log(richness));
      expect(d).toBeLessThan(1 - 1 / richness);
    },
  );

  it("Sørensen's coefficients: slope–platform 0.73, slope–background 0.48, platform–background 0.37", () => {
    // The smallest numbers of species that give all three: 10, 12 and 15, with 8, 6 and 5 shared.
    const all = ['a', 'b', 'c', 'd'];
    const slopePlatform = ['e', 'f', 'g', 'h'];
    const slope = species(...all, ...slopePlatform, 'i', 'j');
    const platform = species(...all, ...slopePlatform, 'k', 'l', 'm', 'n');
    const background = species(...all, 'i', 'j', 'k', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v');
    expect([slope.size, platform.size, background.size]).toEqual([10, 12, 15]);
    expect(sorensen(slope, platform).toFixed(2)).toBe('0.73');
    expect(sorensen(slope, background).toFixed(2)).toBe('0.48');
    expect(sorensen(platform, background).toFixed(2)).toBe('0.37');
  });
});
