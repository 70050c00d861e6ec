import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairScratch, theilSen } from '../../src/kernels/theil-sen.ts';

function run(times: readonly number[], values: readonly number[]): { slope: number; rising: number; falling: number } {
  const scratch = pairScratch(times.length);
  scratch.t.set(times);
  scratch.x.set(values);
  const slope = theilSen(scratch, times.length);
  return { slope, rising: scratch.counts[0]!, falling: scratch.counts[1]! };
}

/** The median by sorting all slopes. */
function sorted(times: readonly number[], values: readonly number[]): number {
  const slopes = Float64Array.from(
    values.flatMap((x, j) => values.slice(0, j).map((before, i) => (x - before) / (times[j]! - times[i]!))),
  ).sort();
  const half = slopes.length >> 1;
  return slopes.length % 2 === 1 ? slopes[half]! : (slopes[half - 1]! + slopes[half]!) / 2;
}

describe('theilSen', () => {
  it('takes the middle slope, or the mean of the two middle ones', () => {
    expect(run([0, 1, 3], [0, 2, 3])).toEqual({ slope: 1, rising: 3, falling: 0 });
    expect(run([0, 1, 2, 4], [1, 3, 2, 6])).toEqual({ slope: 1.125, rising: 5, falling: 1 });
    expect(run([0, 5], [1, 0])).toEqual({ slope: -0.2, rising: 0, falling: 1 });
  });

  it('is exact at any scale and offset, with irregular times and nearly straight lines', () => {
    const cases = fc.integer({ min: 7, max: 30 }).chain((n) =>
      fc.record({
        gaps: fc.array(fc.double({ min: 1e-3, max: 20, noNaN: true }), { minLength: n, maxLength: n }),
        noise: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
        size: fc.constantFrom(1, 1e-3, 1e-9, 1e-14, 0),
        offset: fc.constantFrom(0, 1, -1e6),
      }),
    );
    fc.assert(
      fc.property(cases, ({ gaps, noise, size, offset }) => {
        let time = 1990;
        const times = gaps.map((gap) => (time += gap));
        const values = times.map((t, i) => offset + 0.01 * (t - 1990) + size * noise[i]! ** 3 + 0);
        expect(run(times, values).slope).toBe(sorted(times, values));
      }),
      { seed: 17, numRuns: 1000 },
    );
  });
});
