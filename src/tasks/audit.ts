/**
 * The audit of one year in one tile: what masks take out of each zone, and how the sensors of the year differ over the same
 * land. It reads the scenes once more.
 * @module
 */
import { clearWherePresent } from '../kernels/mask.ts';
import { maxComposite, reduceComposite } from '../kernels/composite.ts';
import { spectralIndex, type BandRole, type BandValues } from '../kernels/spectral-index.ts';
import type { Window } from '../geo/window.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { AuditResult, AuditTask, SceneRead } from './contract.ts';
import { applyMask, coveredPart, readBand } from './read-scene.ts';
import { applyCover } from './refine.ts';

/** What the land of a tile holds in one scene; row-major over the tile. */
interface SceneOverTile {
  /** 1 where the scene has data, whatever the mask says. */
  present: Uint8Array;
  /** Index; NaN where it is not clear. */
  values: Float32Array;
}

/** Sums masks and sensor differences over the zones of a tile. Units of area: whole numbers, so every sum is exact. */
export async function auditTask(task: AuditTask): Promise<AuditResult> {
  const { tile, zones, scenes } = task;
  const nPixels = tile.width * tile.height;
  const masks: AuditResult['masks'] = [];
  const bySensor = new Map<number, Float32Array[]>();
  for (const [k, { read, sensor }] of scenes.entries()) {
    const scene = await sceneOverTile(read, task);
    if (scene === undefined) continue;
    for (const zone of zones) masks.push({ scene: k, zone: zone.zone, ...maskSums(zone, scene) });
    const list = bySensor.get(sensor);
    if (list === undefined) bySensor.set(sensor, [scene.values]);
    else list.push(scene.values);
  }
  const composites = [...bySensor]
    .toSorted(([a], [b]) => a - b)
    .map(([sensor, list]) => ({ sensor, ...compositeOf(list, nPixels, task) }));
  const differences: AuditResult['differences'] = [];
  for (const [i, a] of composites.entries()) {
    for (const b of composites.slice(i + 1)) {
      for (const zone of zones) {
        const sums = differenceSums(zone, a.values, b.values);
        if (sums.weight > 0) differences.push({ zone: zone.zone, a: a.sensor, b: b.sensor, ...sums });
      }
    }
  }
  return { masks, differences, shares: sourceShares(zones, composites, task.composite.kind === 'max') };
}

async function sceneOverTile(scene: SceneRead, task: AuditTask): Promise<SceneOverTile | undefined> {
  const { tile, grid, index } = task;
  const sources = scene.index === null ? Object.values(scene.bands) : [scene.index];
  let part: Window | undefined = tile;
  for (const source of [...sources, ...scene.masks]) part = part && coveredPart(source.placement, part);
  if (part === undefined) return undefined;
  const present = new Uint8Array(part.width * part.height).fill(1);
  const values = new Float32Array(present.length);
  const roles: Partial<Record<BandRole, BandValues>> = {};
  if (scene.index === null) {
    for (const [role, source] of Object.entries(scene.bands)) {
      roles[role as BandRole] = await readBand(source, grid, part, present);
    }
  } else {
    const { data, scale, offset } = await readBand(scene.index, grid, part, present);
    for (let i = 0; i < values.length; i++) values[i] = data[i]! * scale + offset;
  }
  const clear = present.slice();
  for (const mask of scene.masks) await applyMask(mask, grid, part, clear);
  if (scene.index === null) spectralIndex(index, roles, clear, values);
  else for (let i = 0; i < values.length; i++) if (clear[i] === 0) values[i] = NaN;
  // A value that has no index, such as one of a sum that is not positive, is no matter of the mask.
  return onTile({ present, values }, clear, part, tile);
}

/** Lays a part over the whole tile. The mask's verdict goes into the values: NaN where it is not clear. */
function onTile({ present, values }: SceneOverTile, clear: Uint8Array, part: Window, tile: Window): SceneOverTile {
  clearWherePresent(values, null, clear);
  if (part.width === tile.width && part.height === tile.height) return { present, values };
  const out = {
    present: new Uint8Array(tile.width * tile.height),
    values: new Float32Array(tile.width * tile.height).fill(NaN),
  };
  for (let row = 0; row < part.height; row++) {
    const from = row * part.width;
    const to = (part.row - tile.row + row) * tile.width + (part.col - tile.col);
    out.present.set(present.subarray(from, from + part.width), to);
    out.values.set(values.subarray(from, from + part.width), to);
  }
  return out;
}

function maskSums({ index, weight }: ZoneSlice, { present, values }: SceneOverTile): { seen: number; masked: number } {
  let seen = 0;
  let masked = 0;
  for (let k = 0; k < index.length; k++) {
    const i = index[k]!;
    if (present[i] === 0) continue;
    seen += weight[k]!;
    if (values[i] !== values[i]) masked += weight[k]!;
  }
  return { seen, masked };
}

interface Composite {
  /** What the run makes of the scenes of one sensor: index, before it becomes cover. */
  index: Float32Array;
  /** Cover, or the index where the run makes none. */
  values: Float32Array;
  clear: Uint16Array;
}

function compositeOf(scenes: readonly Float32Array[], nPixels: number, { composite, cover }: AuditTask): Composite {
  const index = new Float32Array(nPixels).fill(NaN);
  const clear = new Uint16Array(nPixels);
  if (composite.kind === 'max') {
    for (const scene of scenes) maxComposite(scene, index, clear);
  } else {
    const stack = new Float32Array(scenes.length * nPixels);
    for (const [k, scene] of scenes.entries()) stack.set(scene, k * nPixels);
    const method = composite.kind === 'percentile' ? { percentile: composite.percentile } : composite.kind;
    reduceComposite(stack, scenes.length, nPixels, method, index, clear);
  }
  const values = index.slice();
  applyCover(values, cover);
  return { index, values, clear };
}

/** Land that both sensors saw, and what each saw there. */
function differenceSums({ index, weight }: ZoneSlice, a: Float32Array, b: Float32Array) {
  const sums = { weight: 0, sumA: 0, sumB: 0 };
  for (let k = 0; k < index.length; k++) {
    const i = index[k]!;
    const [x, y] = [a[i]!, b[i]!];
    if (x !== x || y !== y) continue;
    sums.weight += weight[k]!;
    sums.sumA += Math.round(weight[k]! * x);
    sums.sumB += Math.round(weight[k]! * y);
  }
  return sums;
}

/**
 * Land whose value comes from each sensor: with the maximum, from the one that has it (of equal ones the first); otherwise
 * shared out by clear observations.
 */
function sourceShares(
  zones: readonly ZoneSlice[],
  composites: readonly (Composite & { sensor: number })[],
  isMaximum: boolean,
): AuditResult['shares'] {
  return zones.flatMap(({ zone, index, weight }) => {
    const units = composites.map(() => 0);
    for (let k = 0; k < index.length; k++) {
      const i = index[k]!;
      let best = -1;
      let clear = 0;
      for (const [c, one] of composites.entries()) {
        clear += one.clear[i]!;
        const value = one.index[i]!;
        if (value === value && (best < 0 || value > composites[best]!.index[i]!)) best = c;
      }
      if (best < 0) continue;
      if (isMaximum) units[best]! += weight[k]!;
      else for (const [c, one] of composites.entries()) units[c]! += Math.round((weight[k]! * one.clear[i]!) / clear);
    }
    return composites.flatMap(({ sensor }, c) => (units[c] === 0 ? [] : [{ zone, sensor, units: units[c]! }]));
  });
}
