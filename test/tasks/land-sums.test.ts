import { describe, expect, it } from 'vitest';
import { recoveryOut } from '../../src/kernels/recovery-metrics.ts';
import { HIGH_PART, landLayout, METRICS, sumLand, type LandTile } from '../../src/tasks/land-sums.ts';

/** Two zones over four pixels and three years: disturbed in 2021 and recovered in 2024, disturbed in 2024, cloudy, green. */
const zones = [
  { zone: 4, index: Uint32Array.of(0, 1, 2, 3), weight: Float64Array.of(8, 4, 2, 1) },
  { zone: 7, index: Uint32Array.of(3), weight: Float64Array.of(16) },
];

/** Of the first two pixels; no others were disturbed. */
function metricsOf(pixels: Uint32Array) {
  const metrics = recoveryOut(pixels.length);
  for (const [k, pixel] of pixels.entries()) {
    metrics.magnitude[k] = [0.5, 0.25][pixel]!;
    metrics.yearsToRecovery[k] = [3, 0][pixel]!;
    metrics.rri[k] = [-1.5, NaN][pixel]!;
  }
  return metrics;
}

const tile: LandTile = {
  nTimes: 3,
  nPixels: 4,
  years: [2020, 2021, 2024],
  states: Uint8Array.of(1, 1, 255, 1, /**/ 2, 1, 0, 1, /**/ 4, 2, 255, 1),
  disturbedYear: Uint16Array.of(2021, 2024, 0, 0),
  recoveredYear: Uint16Array.of(2024, 0, 0, 0),
  metricsOf,
  pairs: [
    [0, 2],
    [1, 2],
  ],
  cohorts: true,
};

const found = (change: Partial<LandTile> = {}) =>
  sumLand(zones, { ...tile, ...change }).map(
    ({ keys, values }) => new Map(Array.from(keys, (key, k) => [key, values[k]!])),
  );

describe('sumLand', () => {
  const layout = landLayout(3, 2);
  const none = 5;

  it('follows the land between years, no data as the last state', () => {
    const [sums, other] = found();
    expect(sums!.get(layout.transition(0, 1, 4))).toBe(8);
    expect(sums!.get(layout.transition(0, 1, 2))).toBe(4);
    expect(sums!.get(layout.transition(0, none, none))).toBe(2);
    expect(sums!.get(layout.transition(1, 0, none))).toBe(2);
    expect(sums!.get(layout.transition(1, 2, 4))).toBe(8);
    // Only what is not nothing is passed on.
    expect([...other!]).toEqual([
      [layout.transition(0, 1, 1), 16],
      [layout.transition(1, 1, 1), 16],
    ]);
  });

  it('gathers cohorts and metrics', () => {
    const [sums] = found();
    expect(sums!.get(layout.disturbed)).toBe(12);
    expect(sums!.get(layout.cohort(1, 1, 2))).toBe(8);
    expect(sums!.get(layout.cohort(1, 2, 4))).toBe(8);
    expect(sums!.get(layout.cohort(2, 2, 2))).toBe(4);
    expect(sums!.get(layout.recovery(1, 2))).toBe(8);
    const metric = (name: (typeof METRICS)[number]) => {
      const k = METRICS.indexOf(name);
      const [units, high, low] = ([0, 1, 2] as const).map((part) => sums!.get(layout.metric(k, part)) ?? 0);
      return [units, high! * HIGH_PART + low!];
    };
    expect(metric('magnitude')).toEqual([12, 8 * 0.5 + 4 * 0.25]);
    expect(metric('yearsToRecovery')).toEqual([8, 24]);
    expect(metric('rri')).toEqual([8, -12]);
    expect(metric('y2r')).toEqual([0, 0]);
  });

  it('has a key of its own for each sum', () => {
    const keys: number[] = [];
    for (const pair of [0, 1])
      for (let from = 0; from < 6; from++) for (let to = 0; to < 6; to++) keys.push(layout.transition(pair, from, to));
    for (let began = 0; began < 3; began++)
      for (let time = 0; time < 3; time++)
        for (let state = 0; state < 6; state++) keys.push(layout.cohort(began, time, state));
    for (let began = 0; began < 3; began++)
      for (let time = 0; time < 3; time++) keys.push(layout.recovery(began, time));
    for (let k = 0; k < METRICS.length; k++) keys.push(...([0, 1, 2] as const).map((part) => layout.metric(k, part)));
    keys.push(layout.disturbed);
    expect(keys).toEqual(Array.from({ length: layout.length }, (_, key) => key));
  });

  it('leaves cohorts out where they are not wanted', () => {
    const [sums] = found({ cohorts: false });
    const small = landLayout(0, 2);
    expect(sums!.get(small.disturbed)).toBe(12);
    expect(sums!.get(small.metric(0, 0))).toBe(12);
    expect(Math.max(...sums!.keys())).toBeLessThan(small.length);
  });
});
