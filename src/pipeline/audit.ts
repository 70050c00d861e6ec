/**
 * `--audit`: what masks take out of mines, what changes of sensor add to trends, and how the hectares move with the numbers
 * that were chosen.
 * @module
 */
import { addExact, exactSums, exactValue } from '../kernels/exact-sum.ts';
import { trendTest } from '../kernels/trend-test.ts';
import type { AuditFigures, MaskBias, MaskRow, SensorEffect, SensorOverlap } from '../report/audit-model.ts';
import type { Window } from '../geo/window.ts';
import type { Cover } from '../tasks/contract.ts';
import { yearSlot } from '../tasks/zone-sums.ts';
import { parseComposite } from './options.ts';
import type { TaskRunner } from './pool.ts';
import type { Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';
import { sensitivity, type Variations } from './sensitivity.ts';
import { sensorOffsets, sensorSlope, sensorSteps } from './sensor-steps.ts';
import type { PreparedZone } from './zones.ts';

const M2_PER_HA = 1e4;

/** What the audit needs of the passes. */
export interface AuditInput extends Variations {
  runner: TaskRunner;
  progress: Progress;
  tiles: readonly Window[];
  cover: Cover;
  /** Exact sums of the run itself, by zone number. */
  sums: readonly Float64Array[];
}

/** Exact sums by zone number, year index and sensor number, as plain numbers of units. */
interface Sums {
  /** [zone, year, sensor] → seen, masked. */
  masks: Map<string, Float64Array>;
  /** [zone, year, a, b] → weight, a, b. */
  differences: Map<string, Float64Array>;
  /** [zone, year, sensor] → units. */
  shares: Map<string, Float64Array>;
}

/** Audits a run. It reads its scenes once more, and goes through its series some ten times. */
export async function auditRun(run: Preparation, input: AuditInput): Promise<AuditFigures> {
  const sensors = sensorsOf(run);
  const { progress } = input;
  const sums = await scenePass(run, input, sensors);
  const { over, numbers } = comparedLand(run);
  const overlaps = overlapsOf(run, sums, sensors, numbers);
  const steps = sensorSteps(overlaps);
  const offsets = sensorOffsets(sensors, steps);
  const maskRows = maskRowsOf(run, sums, sensors);
  const found = {
    maskRows,
    maskBias: maskBiasOf(run, maskRows),
    over,
    sensors,
    overlaps,
    steps,
    unlinked: sensors.filter((_, s) => Number.isNaN(offsets[s])),
    effects: effectsOf(run, input.sums, sums, sensors, offsets),
  };
  return { ...found, sensitivity: await sensitivity(run, input, input.sums, progress) };
}

/** Sensors by their number of scenes, most first: the others are held against the first. */
function sensorsOf({ scenes }: Preparation): string[] {
  const counts = new Map<string, number>();
  for (const { scene } of scenes) counts.set(scene.sensor, (counts.get(scene.sensor) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([sensor]) => sensor);
}

async function scenePass(
  run: Preparation,
  { runner, progress, tiles, cover }: AuditInput,
  sensors: string[],
): Promise<Sums> {
  const { grid } = run.gridPlan;
  const { index } = run.options;
  const composite = parseComposite(run.options.composite);
  const scenesOf = run.years.map((year) =>
    run.scenes.flatMap(({ scene }, k) =>
      scene.year === year ? [{ read: run.reads[k]!, sensor: sensors.indexOf(scene.sensor) }] : [],
    ),
  );
  const sums: Sums = { masks: new Map(), differences: new Map(), shares: new Map() };
  const add = (map: Map<string, Float64Array>, key: readonly number[], values: readonly number[]): void => {
    const name = key.join();
    let found = map.get(name);
    if (found === undefined) map.set(name, (found = exactSums(values.length)));
    for (const [k, value] of values.entries()) addExact(found, k, value);
  };
  const rings = new Set(run.zones.rings.map(({ number }) => number));
  const zonesOf = (tile: Window) => run.zones.slices(tile).filter(({ zone }) => !rings.has(zone));
  const withZones = tiles.filter((tile) => zonesOf(tile).length > 0);
  const items = withZones.flatMap((tile) => run.years.map((_, time) => ({ tile, time })));
  progress.begin('audit', items.length);
  await runAll(runner.concurrency, items, async ({ tile, time }) => {
    const zones = zonesOf(tile);
    const scenes = scenesOf[time]!;
    const result = await runner.run('audit', { grid, tile, index, composite, cover, scenes, zones });
    for (const { scene, zone, seen, masked } of result.masks) {
      add(sums.masks, [zone, time, scenes[scene]!.sensor], [seen, masked]);
    }
    for (const { zone, a, b, weight, sumA, sumB } of result.differences) {
      add(sums.differences, [zone, time, a, b], [weight, sumA, sumB]);
    }
    for (const { zone, sensor, units } of result.shares) add(sums.shares, [zone, time, sensor], [units]);
    progress.step();
  });
  progress.end();
  return sums;
}

/** A sum over some zones; zeros where there is none. */
function valuesOf(
  map: ReadonlyMap<string, Float64Array>,
  zones: readonly number[],
  key: readonly number[],
  count: number,
) {
  const out = Array.from({ length: count }, () => 0);
  for (const zone of zones) {
    const found = map.get([zone, ...key].join());
    if (found !== undefined) for (let k = 0; k < count; k++) out[k]! += exactValue(found, k);
  }
  return out;
}

/** Where sensors are compared: land that does not change itself, if there is some. */
function comparedLand({ zones }: Preparation): { over: string; numbers: number[] } {
  const role = ['reference', 'impact'].find((name) => zones.zones.some(({ zone }) => zone.role === name));
  if (role !== undefined) return { over: `the ${role} zones`, numbers: zones.withoutOverlap(role) };
  return { over: 'all zones, as there is no reference', numbers: zones.zones.map(({ number }) => number) };
}

function overlapsOf(
  run: Preparation,
  sums: Sums,
  sensors: readonly string[],
  numbers: readonly number[],
): SensorOverlap[] {
  const found: SensorOverlap[] = [];
  for (const [a, sensorA] of sensors.entries()) {
    for (let b = a + 1; b < sensors.length; b++) {
      for (const [time, year] of run.years.entries()) {
        const [weight, sumA, sumB] = valuesOf(sums.differences, numbers, [time, a, b], 3) as [number, number, number];
        if (weight === 0) continue;
        const [meanA, meanB] = [sumA / weight, sumB / weight];
        const hectares = (weight * run.zones.unitM2) / M2_PER_HA;
        found.push({ sensorA, sensorB: sensors[b]!, year, hectares, meanA, meanB, step: meanB - meanA });
      }
    }
  }
  return found;
}

function maskRowsOf(run: Preparation, sums: Sums, sensors: readonly string[]): MaskRow[] {
  const { zones } = run;
  const share = (numbers: readonly number[], time: number, sensor: number): number | null => {
    const [seen, masked] = valuesOf(sums.masks, numbers, [time, sensor], 2) as [number, number];
    return seen === 0 ? null : masked / seen;
  };
  const around = (role: string) =>
    zones.zones.some(({ zone }) => zone.role === role) ? zones.withoutOverlap(role) : [];
  const [impact, reference] = [around('impact'), around('reference')];
  return zones.zones.flatMap(({ number, zone }) =>
    run.years.flatMap((year, time) =>
      sensors.flatMap((sensor, s): MaskRow[] => {
        const [seen, masked] = valuesOf(sums.masks, [number], [time, s], 2) as [number, number];
        if (seen === 0) return [];
        const maskedShare = masked / seen;
        const impactShare = zone.role === 'impact' ? null : share(impact, time, s);
        const referenceShare = zone.role === 'reference' ? null : share(reference, time, s);
        const other = referenceShare ?? impactShare;
        const scenes = run.scenes.filter(({ scene }) => scene.year === year && scene.sensor === sensor).length;
        const seenHa = (seen * zones.unitM2) / M2_PER_HA;
        const excess = other === null ? null : maskedShare - other;
        const { id, name, role } = zone;
        return [
          { zone: id, name, role, year, sensor, scenes, seenHa, maskedShare, impactShare, referenceShare, excess },
        ];
      }),
    ),
  );
}

function maskBiasOf({ zones }: Preparation, rows: readonly MaskRow[]): MaskBias[] {
  return zones.zones.flatMap(({ zone: { id, name, role } }) => {
    const own = rows.filter((row) => row.zone === id);
    const seen = own.reduce((sum, row) => sum + row.seenHa, 0);
    if (seen === 0) return [];
    const compared = own.filter((row) => row.excess !== null);
    const comparedHa = compared.reduce((sum, row) => sum + row.seenHa, 0);
    return [
      {
        zone: id,
        name,
        role,
        maskedShare: own.reduce((sum, row) => sum + row.maskedShare * row.seenHa, 0) / seen,
        excess: comparedHa === 0 ? null : compared.reduce((sum, row) => sum + row.excess! * row.seenHa, 0) / comparedHa,
      },
    ];
  });
}

function effectsOf(
  run: Preparation,
  runSums: readonly Float64Array[],
  sums: Sums,
  sensors: readonly string[],
  offsets: Float64Array,
): SensorEffect[] {
  const effectOf = ({ number, zone }: PreparedZone): SensorEffect => {
    const own = runSums[number]!;
    const means = run.years.map((_, t) => {
      const valid = exactValue(own, yearSlot(t, 'valid'));
      return valid === 0 ? NaN : exactValue(own, yearSlot(t, 'value')) / valid;
    });
    const enough = means.filter((mean) => !Number.isNaN(mean)).length >= 2;
    const slope = enough ? trendTest(means, { times: run.years }).slope : null;
    const shares = run.years.map((_, time) => {
      const units = sensors.map((_s, s) => valuesOf(sums.shares, [number], [time, s], 1)[0]!);
      const whole = units.reduce((a, b) => a + b, 0);
      return whole === 0 ? null : units.map((unit) => unit / whole);
    });
    const ofSensors = sensorSlope(run.years, shares, offsets);
    const share = slope === null || slope === 0 || ofSensors === null ? null : ofSensors / slope;
    const { id, name, role } = zone;
    return { zone: id, name, role, slope, sensorSlope: ofSensors, share };
  };
  return run.zones.zones.map(effectOf);
}
