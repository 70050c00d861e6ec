/**
 * Stages of a mine's life.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifeCycle, STAGES } from '../../src/ecology/lifecycle.ts';

describe('lifeCycle', () => {
  it('parts a curve that rises, stays and falls', () => {
    // The largest mean of three years is 100; 5 and 80 are its shares.
    const found = lifeCycle([0, 4, 5, 30, 79, 80, 90, 100, 110, 90, 79, 85, 70, 10])!;
    expect(found.full).toBe(100);
    const count = (stage: string) => found.stages.filter((one) => one === stage).length;
    expect(STAGES.map(count)).toEqual([2, 3, 7, 2]);
    expect(found.stages[2]).toBe('accelerated');
    expect(found.stages[11]).toBe('stable');
  });

  it('does not take one exceptional year for the full level', () => {
    expect(lifeCycle([10, 10, 300, 10, 10])!.full).toBeCloseTo(320 / 3, 12);
  });

  it('passes over years without a value', () => {
    expect(lifeCycle([NaN, 0, NaN, 50, 100, 100, NaN, 20])!.stages).toEqual([
      null,
      'initial',
      null,
      'accelerated',
      'stable',
      'stable',
      null,
      'declining',
    ]);
  });

  it('has no stages where nothing ever is', () => {
    expect(lifeCycle([0, 0, NaN])).toBeNull();
    expect(lifeCycle([])).toBeNull();
  });

  it('takes other shares, and refuses those that do not part', () => {
    expect(lifeCycle([50, 95, 100, 100, 100], { opened: 0.4, reached: 0.97 })!.stages[1]).toBe('accelerated');
    expect(() => lifeCycle([1], { opened: 0.8, reached: 0.5 })).toThrow(/opened < reached/);
    expect(() => lifeCycle([1, -1])).toThrow(/got -1/);
  });

  it('has each stage once and in order, whatever the curve and its unit', () => {
    const curve = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(curve, (values) => {
        fc.pre(values.some((value) => value > 0));
        const { stages } = lifeCycle(values)!;
        const places = stages.map((stage) => STAGES.indexOf(stage!));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(stages).toContain('stable');
        expect(lifeCycle(values.map((value) => value * 4096))!.stages).toEqual(stages);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
