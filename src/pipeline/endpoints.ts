/**
 * The endpoints of FVC: bare soil and full vegetation, fixed over the whole stack.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Window } from '../geo/window.ts';
import { countedValues, findRank, interpolate, keyToFloat, percentileRanks } from '../kernels/order-statistics.ts';
import type { Scratch } from '../tasks/contract.ts';
import type { TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';

/** Index values of bare soil and of full vegetation, and where they came from. */
export interface Endpoints {
  soil: number;
  vegetation: number;
  source: string;
}

const KEYS = 65536;

/** Counts by high key, as pass 1 makes them of all cells, of selected cells. */
export async function selectedHighCounts(
  runner: TaskRunner,
  progress: Progress,
  scratch: Scratch,
  tiles: readonly Window[],
  selectionOf: (tile: Window) => Uint8Array | null,
): Promise<Float64Array> {
  const total = new Float64Array(KEYS);
  progress.begin('endpoints', tiles.length);
  await runAll(runner.concurrency, tiles, async (tile) => {
    const selection = selectionOf(tile);
    if (selection?.includes(1)) {
      const { counts } = await runner.run('count', { tile, scratch, selection });
      addCounts(total, counts);
    }
    progress.step();
  });
  progress.end();
  return total;
}

function addCounts(total: Float64Array, counts: Float64Array): void {
  for (let k = 0; k < counts.length; k++) total[k]! += counts[k]!;
}

/** Most tiles of a group: their selections are held together. */
const GROUP_TILES = 16;

/** Tiles in groups, at least two for each task under way, so that no worker waits long for the last one. */
function groupsOf(tiles: readonly Window[], concurrency: number): Window[][] {
  const size = Math.min(GROUP_TILES, Math.max(1, Math.floor(tiles.length / (2 * concurrency))));
  return Array.from({ length: Math.ceil(tiles.length / size) }, (_, k) => tiles.slice(k * size, (k + 1) * size));
}

/**
 * Two exact percentiles of the annual values, whatever their number: pass 1 counted the high half of each value's bits;
 * here the few bins that hold the wanted ranks are counted by the low half.
 *
 * @param highCounts Counts of pass 1 by high key, length 65536.
 * @param selectionOf The cells of a tile that count, or null for all.
 * @throws {MineRsError} BAD_INPUT if there is no value at all, or all are equal
 */
export async function percentileEndpoints(
  runner: TaskRunner,
  progress: Progress,
  scratch: Scratch,
  tiles: readonly Window[],
  highCounts: Float64Array,
  percentile: number,
  selectionOf: (tile: Window) => Uint8Array | null,
): Promise<Endpoints> {
  const n = countedValues(highCounts);
  if (n === 0) {
    throw new MineRsError(
      'BAD_INPUT',
      'No clear observation in the whole extent: nothing to take the FVC endpoints from',
    );
  }
  const wanted = [percentile, 100 - percentile].map((p) => percentileRanks(n, p));
  const ranks = wanted.flatMap(({ lower, upper }) => [lower, upper]);
  const places = ranks.map((rank) => findRank(highCounts, rank));
  const highKeys = [...new Set(places.map((place) => place.key))];
  const lowCounts = new Float64Array(KEYS * highKeys.length);
  progress.begin('endpoints', tiles.length);
  await runAll(runner.concurrency, groupsOf(tiles, runner.concurrency), async (group) => {
    const withCells = group.map((tile) => ({ tile, selection: selectionOf(tile) }));
    const { counts } = await runner.run('refine', { tiles: withCells, scratch, highKeys });
    addCounts(lowCounts, counts);
    for (let k = 0; k < group.length; k++) progress.step();
  });
  progress.end();
  const values = places.map(({ key, rank }) => {
    const bin = highKeys.indexOf(key);
    return keyToFloat(key, findRank(lowCounts.subarray(bin * KEYS, (bin + 1) * KEYS), rank).key);
  });
  const soil = interpolate(values[0]!, values[1]!, wanted[0]!.fraction);
  const vegetation = interpolate(values[2]!, values[3]!, wanted[1]!.fraction);
  if (!(vegetation > soil)) {
    const advice = 'give fixed endpoints, such as --fvc 0.05,0.86';
    throw new MineRsError('BAD_INPUT', `The FVC endpoints coincide at ${soil}: the land has no contrast; ${advice}`);
  }
  return { soil, vegetation, source: '' };
}
