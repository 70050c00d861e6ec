/**
 * The smallest patch of disturbed land that counts: patches across tiles are joined, and their size decides.
 *
 * Nothing but the patches that touch the edges of tiles is held here, so memory goes with the edges, not with the area.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { joinRoots, rootOf, type Neighbours } from '../kernels/patches.ts';
import type { PatchTask, TilePatches } from '../tasks/contract.ts';
import { tilesAcross } from '../tasks/scratch.ts';
import { cellAreaM2 } from '../vector/cell-area.ts';
import { parseMinPatch, type TrendOptions } from './options.ts';
import type { TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';

/** Patches of fewer cells do not count. */
export interface Sieve {
  cells: number;
  neighbours: Neighbours;
}

/** What `--min-patch` means on a grid; null where every cell counts. */
export function planSieve(options: TrendOptions, grid: Grid): Sieve | null {
  const least = parseMinPatch(options.minPatch);
  if (least === null) return null;
  const { neighbours } = options;
  if (least.unit === 'cells') return { cells: least.size, neighbours };
  const middle = cellAreaM2(grid).at(Math.floor(grid.width / 2), Math.floor(grid.height / 2));
  // A patch that misses the size by rounding alone has it.
  return { cells: Math.ceil((least.size * 1e4) / middle - 1e-6), neighbours };
}

/**
 * Which patches on the edges of tiles are large enough.
 *
 * @param tiles By row-major number of the tile; null where no patch touches its edges.
 * @param across Tiles in a row.
 * @param sieve Size and neighbours of a patch.
 * @returns By tile, by number of the patch: 1 where it is kept; element 0 is 0.
 */
export function keptPatches(
  tiles: readonly (TilePatches | null)[],
  across: number,
  { cells: least, neighbours }: Sieve,
): Uint8Array[] {
  const offsets: number[] = [];
  let count = 0;
  for (const tile of tiles) {
    // Number n of this tile is label offset + n; 0 is nothing.
    offsets.push(count);
    count += tile === null ? 0 : tile.cells.length - 1;
  }
  const roots = Array.from({ length: count + 1 }, (_, label) => label);
  const join = (a: number, b: number, numberA: number, numberB: number): void => {
    if (numberA !== 0 && numberB !== 0) joinRoots(roots, offsets[a]! + numberA, offsets[b]! + numberB);
  };
  const joinEdges = (a: number, b: number, edgeA: Uint16Array, edgeB: Uint16Array): void => {
    for (let k = 0; k < edgeA.length; k++) {
      join(a, b, edgeA[k]!, edgeB[k]!);
      if (neighbours === 4) continue;
      if (k > 0) join(a, b, edgeA[k]!, edgeB[k - 1]!);
      if (k + 1 < edgeB.length) join(a, b, edgeA[k]!, edgeB[k + 1]!);
    }
  };
  for (const [k, tile] of tiles.entries()) {
    if (tile === null) continue;
    const tx = k % across;
    const below = tiles[k + across] ?? null;
    const right = tx + 1 < across ? (tiles[k + 1] ?? null) : null;
    if (right !== null) joinEdges(k, k + 1, tile.right, right.left);
    if (below !== null) joinEdges(k, k + across, tile.bottom, below.top);
    if (neighbours === 4) continue;
    const belowRight = tx + 1 < across ? (tiles[k + across + 1] ?? null) : null;
    const belowLeft = tx > 0 ? (tiles[k + across - 1] ?? null) : null;
    if (belowRight !== null) join(k, k + across + 1, tile.bottom.at(-1)!, belowRight.top[0]!);
    if (belowLeft !== null) join(k, k + across - 1, tile.bottom[0]!, belowLeft.top.at(-1)!);
  }
  const sizes = new Float64Array(count + 1);
  for (const [k, tile] of tiles.entries()) {
    for (let n = 1; n < (tile?.cells.length ?? 0); n++) sizes[rootOf(roots, offsets[k]! + n)]! += tile!.cells[n]!;
  }
  return tiles.map((tile, k) =>
    Uint8Array.from({ length: tile?.cells.length ?? 1 }, (_, n) =>
      n > 0 && sizes[rootOf(roots, offsets[k]! + n)]! >= least ? 1 : 0,
    ),
  );
}

/**
 * Looks through all tiles for patches, and decides on those that touch the tiles' edges.
 *
 * @param shared The task of a tile but for its window.
 * @returns As {@link keptPatches}.
 */
export async function findPatches(
  runner: TaskRunner,
  progress: Progress,
  tiles: readonly Window[],
  shared: Omit<PatchTask, 'tile' | 'neighbours'>,
  sieve: Sieve,
): Promise<Uint8Array[]> {
  const found: (TilePatches | null)[] = Array.from({ length: tiles.length }, () => null);
  progress.begin('patches', tiles.length);
  await runAll(runner.concurrency, tiles.entries(), async ([k, tile]) => {
    const result = await runner.run('patches', { ...shared, tile, neighbours: sieve.neighbours });
    found[k] = result.patches;
    progress.step();
  });
  progress.end();
  return keptPatches(found, tilesAcross(shared.scratch.width), sieve);
}
