/**
 * States, cleaning, metrics and patches against slow programs of another language; the recipe is test/oracle/recovery.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labelPatches } from '../../src/kernels/patches.ts';
import { recoveryMetrics, recoveryOut, type RecoveryOut } from '../../src/kernels/recovery-metrics.ts';
import { landStates, type StateOptions } from '../../src/kernels/states.ts';
import { float32, relativeError } from './oracle.ts';

interface Recovery {
  series: {
    years: number[];
    cover: (number | null)[];
    per: 'pixel' | 'year';
    reference: (number | null)[];
    options: Omit<StateOptions, 'assessableFrom'>;
    states: number[];
    metrics: Record<keyof RecoveryOut | 'disturbedYear' | 'recoveredYear', number | null>;
  }[];
  patches: { width: number; height: number; mask: string; sizes: Record<'4' | '8', number[]> }[];
}

const oracle = JSON.parse(readFileSync(new URL('../oracle/recovery.json', import.meta.url), 'utf8')) as Recovery;

/** The metrics are stored as float32. */
const FLOAT32 = 1e-6;

describe('against numpy and scipy', () => {
  it('states and recovery metrics are the same', () => {
    const seen = { cleaned: 0, recovered: 0, rri: 0, again: 0 };
    for (const [k, { years, cover, per, reference, options, states, metrics }] of oracle.series.entries()) {
      const n = years.length;
      const fvc = float32(cover);
      const level = Float64Array.from(reference, (value) => value ?? NaN);
      const out = { state: new Uint8Array(n), disturbedYear: new Uint16Array(1), recoveredYear: new Uint16Array(1) };
      const all = { ...options, assessableFrom: 0.1 };
      landStates(fvc, n, 1, level, per, Int32Array.from(years), all, out);
      expect([k, ...out.state]).toEqual([k, ...states]);
      const found = recoveryOut(1);
      const { state, disturbedYear, recoveredYear } = out;
      recoveryMetrics(fvc, state, n, 1, level, per, years, disturbedYear, recoveredYear, null, all, found);
      for (const [name, expected] of Object.entries(metrics)) {
        const value = { ...found, disturbedYear, recoveredYear }[name as keyof typeof metrics][0]!;
        expect(relativeError(value, expected ?? NaN), `${name} of series ${k}: ${value}, not ${expected}`).toBeLessThan(
          FLOAT32,
        );
      }
      seen.cleaned += +(options.fillGaps! || options.filterFlips!);
      seen.recovered += +(metrics.recoveredYear !== 0);
      seen.rri += +(metrics.rri !== null);
      seen.again += +(metrics.disturbedLastYear !== metrics.disturbedYear);
    }
    // The series are of all kinds.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  });

  it.each([4, 8] as const)('patches of %i neighbours have the same cells', (neighbours) => {
    for (const { width, height, mask, sizes } of oracle.patches) {
      const labels = new Int32Array(width * height);
      const cells = labelPatches(
        Uint8Array.from(mask, (c) => (c === '#' ? 1 : 0)),
        width,
        height,
        neighbours,
        labels,
      );
      expect(Array.from(labels, (label) => cells[label]!)).toEqual(sizes[neighbours]);
    }
  });
});
