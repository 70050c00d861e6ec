import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { influenceRadius, type RingSeries } from '../../src/pipeline/influence-radius.ts';

const TOLERANCE = 0.05;
const YEARS = 8;
/** Small yearly differences, none of them equal. */
const WOBBLE = [0.001, -0.002, 0.003, -0.004, 0.005, -0.006, 0.007, -0.008];

/** Rings of 250 m with these shortfalls in every year, but for the wobble. */
function ringsOf(shortfalls: readonly (number | null)[], years = YEARS): RingSeries[] {
  return shortfalls.map((shortfall, k) => {
    const values = shortfall === null ? null : WOBBLE.slice(0, years).map((w) => shortfall + w);
    return { fromM: 250 * k, toM: 250 * (k + 1), shortfalls: values };
  });
}

describe('the radius of influence', () => {
  it('is the outer distance of the last ring below the reference', () => {
    const found = influenceRadius(ringsOf([0.3, 0.2, 0.1, 0.02, 0]), TOLERANCE);
    expect(found).toMatchObject({ result: 'fades', radiusM: 750, testedToM: 1250, falling: true, beyond: [] });
    expect(found.rings.map((ring) => ring.influenced)).toEqual([true, true, true, false, false]);
    // All eight differences are above the tolerance: one way of 256.
    expect(found.rings[0]!.p).toBe(1 / 256);
    expect(found.rings[3]!.p).toBe(1);
    expect(found.rings[0]!.shortfall).toBeCloseTo(0.2995, 9);
  });

  it('is 0 where the innermost ring is like the reference', () => {
    expect(influenceRadius(ringsOf([0.01, 0, 0]), TOLERANCE)).toMatchObject({ result: 'none', radiusM: 0 });
  });

  it('is not reached where all rings are below', () => {
    const found = influenceRadius(ringsOf([0.3, 0.2, 0.1]), TOLERANCE);
    expect(found).toMatchObject({ result: 'not reached', radiusM: null, testedToM: 750 });
  });

  it('is not reached where all but the outermost are below, and that is the reference', () => {
    const found = influenceRadius(ringsOf([0.3, 0.2, null]), TOLERANCE);
    expect(found).toMatchObject({ result: 'not reached', radiusM: null, testedToM: 500 });
    expect(influenceRadius(ringsOf([0.3, 0.01, null]), TOLERANCE)).toMatchObject({ result: 'fades', radiusM: 250 });
    expect(influenceRadius(ringsOf([null]), TOLERANCE)).toMatchObject({ result: 'not testable', radiusM: null });
  });

  it('stops at the first ring that is not below; what is below beyond it has another cause', () => {
    const found = influenceRadius(ringsOf([0.3, 0.01, 0.2, 0.01]), TOLERANCE);
    expect(found).toMatchObject({ result: 'fades', radiusM: 250, falling: false, beyond: ['500–750'] });
    expect(found.rings.map((ring) => ring.influenced)).toEqual([true, false, false, false]);
  });

  it('cannot be tested with four years, can with five', () => {
    expect(influenceRadius(ringsOf([0.3, 0], 4), TOLERANCE)).toMatchObject({ result: 'not testable', testedToM: 0 });
    expect(influenceRadius(ringsOf([0.3, 0], 5), TOLERANCE)).toMatchObject({ result: 'fades', radiusM: 250 });
  });

  it('leaves out years without data; a ring without any cannot be tested', () => {
    const rings = ringsOf([0.3, 0.3, 0.3]);
    const gappy = { ...rings[1]!, shortfalls: rings[1]!.shortfalls!.map((v, t) => (t < 2 ? NaN : v)) };
    const empty = { ...rings[2]!, shortfalls: rings[2]!.shortfalls!.map(() => NaN) };
    const found = influenceRadius([rings[0]!, gappy, empty], TOLERANCE);
    expect(found.rings.map((ring) => ring.n)).toEqual([8, 6, 0]);
    expect(found).toMatchObject({ result: 'not testable', radiusM: null, testedToM: 500 });
  });

  it('does not grow with the tolerance', () => {
    const shortfall = fc.double({ min: -0.2, max: 0.6, noNaN: true });
    const tolerances = fc.tuple(
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(shortfall, { minLength: 1, maxLength: 6 }), tolerances, (shortfalls, [a, b]) => {
        const reach = (t: number) => influenceRadius(ringsOf(shortfalls), t).rings.filter((r) => r.influenced).length;
        expect(reach(Math.max(a, b))).toBeLessThanOrEqual(reach(Math.min(a, b)));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
