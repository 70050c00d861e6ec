/**
 * Steps between sensors, from the years in which they saw the same land.
 * @module
 */
import { trendTest } from '../kernels/trend-test.ts';
import type { SensorOverlap, SensorStep } from '../report/audit-model.ts';

/** Mean step of each pair over its years, in the order of the sensors. */
export function sensorSteps(overlaps: readonly SensorOverlap[]): SensorStep[] {
  const pairs = new Map<string, SensorOverlap[]>();
  for (const overlap of overlaps) {
    const key = `${overlap.sensorA}\n${overlap.sensorB}`;
    pairs.set(key, [...(pairs.get(key) ?? []), overlap]);
  }
  return [...pairs.values()].map((list) => {
    const n = list.length;
    const step = list.reduce((sum, o) => sum + o.step, 0) / n;
    const square = list.reduce((sum, o) => sum + (o.step - step) ** 2, 0);
    const { sensorA, sensorB } = list[0]!;
    return { sensorA, sensorB, years: n, step, standardError: n < 2 ? null : Math.sqrt(square / (n - 1) / n) };
  });
}

/**
 * What each sensor reads above the first one, by the chains of steps with the most years of overlap (a spanning tree from
 * the first sensor on).
 *
 * @param sensors By name; the first is the one that the others are held against.
 * @returns One a sensor; NaN where no chain leads to it.
 */
export function sensorOffsets(sensors: readonly string[], steps: readonly SensorStep[]): Float64Array {
  const offsets = new Float64Array(sensors.length).fill(NaN);
  if (sensors.length > 0) offsets[0] = 0;
  const byYears = steps.toSorted((a, b) => b.years - a.years);
  for (let added = true; added;) {
    added = false;
    for (const { sensorA, sensorB, step } of byYears) {
      const [a, b] = [sensors.indexOf(sensorA), sensors.indexOf(sensorB)];
      if (a < 0 || b < 0 || Number.isNaN(offsets[a]) === Number.isNaN(offsets[b])) continue;
      if (Number.isNaN(offsets[b])) offsets[b] = offsets[a]! + step;
      else offsets[a] = offsets[b]! - step;
      added = true;
      break;
    }
  }
  return offsets;
}

/**
 * Sen slope per year of what the sensors' offsets add to a yearly mean.
 *
 * @param shares By year: share of the land whose value comes from each sensor; null for a year without data.
 * @returns Null where a sensor without offset has land, or fewer than two years have data.
 */
export function sensorSlope(
  years: readonly number[],
  shares: readonly (readonly number[] | null)[],
  offsets: Float64Array,
): number | null {
  let known = true;
  const added = shares.map((byWho) => {
    if (byWho === null) return NaN;
    let sum = 0;
    for (const [s, share] of byWho.entries()) {
      if (share === 0) continue;
      if (Number.isNaN(offsets[s])) known = false;
      sum += share * offsets[s]!;
    }
    return sum;
  });
  if (!known || added.filter((value) => !Number.isNaN(value)).length < 2) return null;
  return trendTest(added, { times: years }).slope;
}
