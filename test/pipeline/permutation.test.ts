/**
 * What the permutation test of a run refuses, takes in memory, and adds up.
 */
import { describe, expect, it } from 'vitest';
import { fieldBytes } from '../../src/kernels/permutation-field.ts';
import { checkSize, permutationBytes } from '../../src/pipeline/permutation.ts';
import { STANDING_LENGTH, STANDS, standingSlot, sumStanding } from '../../src/tasks/permutation.ts';

const MB = 1024 * 1024;

/** What is said of so many cells; empty where nothing is. */
function refusal(permutations: number, cells: number, nYears: number): string {
  try {
    checkSize(permutations, cells, nYears);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the size of a permutation test', () => {
  it('is bounded in memory, with a figure and a way out', () => {
    const most = Math.floor((512 * MB) / fieldBytes(1, 20));
    expect(refusal(19, most, 20)).toBe('');
    const text = refusal(19, most + 1, 20);
    expect(text).toContain(`with 20 years at most ${most.toLocaleString('en-GB')} can be held (512 MB)`);
    expect(text).toContain('leave it to --fdr');
    // 7000 square kilometres at 30 m.
    expect(most * 900e-6).toBeGreaterThan(7000);
  });

  it('is bounded in time, and says how often so many cells can be shuffled', () => {
    const cells = 1_000_000;
    const [, most] = /at most ([\d,]+) times/.exec(refusal(100_000, cells, 20))!;
    const shuffles = Number(most!.replaceAll(',', ''));
    expect(shuffles).toBeGreaterThan(10_000);
    expect(refusal(shuffles, cells, 20)).toBe('');
    expect(refusal(shuffles + 1, cells, 20)).not.toBe('');
    expect(refusal(100_000, 10_000, 20)).toBe('');
  });

  it('is planned with: the field once, and what each worker needs of it', () => {
    const plan = { permutations: 999, seed: 1, cells: 1_000_000 };
    const [one, two] = [permutationBytes(plan, 20, 1), permutationBytes(plan, 20, 2)];
    expect(one).toBeGreaterThan(fieldBytes(plan.cells, 20));
    expect(one).toBeLessThan(100 * MB);
    expect(two - one).toBeLessThan(20 * MB);
    expect(permutationBytes(plan, 20, 0)).toBe(one);
  });
});

describe('the land that stands', () => {
  it('is that of significant classes, by what of them stands', () => {
    const zone = { zone: 3, index: Uint32Array.of(0, 1, 2, 4), weight: Float64Array.of(10, 20, 40, 80) };
    const { byMaximum, byPatch } = STANDS;
    // Significant decrease, slightly significant increase, no change, and one outside of the zone.
    const classes = Uint8Array.of(1, 6, 4, 7, 1);
    const verdicts = Uint8Array.of(byMaximum, byMaximum + byPatch, byPatch, byPatch, byPatch);
    const [sums] = sumStanding([zone], classes, 'seven', verdicts);
    const want = new Float64Array(STANDING_LENGTH);
    want[standingSlot(1, 'byMaximum')] = 10;
    want[standingSlot(1, 'byPatch')] = 80;
    want[standingSlot(6, 'byMaximum')] = 20;
    want[standingSlot(6, 'byPatch')] = 20;
    expect(sums).toEqual({ zone: 3, values: want });
  });
});
