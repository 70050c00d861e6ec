/**
 * What the passes over the tiles have in common.
 * @module
 */
import type { Window } from '../geo/window.ts';
import type { Scratch } from '../tasks/contract.ts';
import type { AnnualKey } from './annual-key.ts';
import type { OutputFolder } from './output.ts';
import type { TaskRunner } from './pool.ts';
import type { Preparation } from './prepare.ts';
import type { Progress } from './progress.ts';
import type { RunCache } from './run-cache.ts';

/** What all passes over the tiles need. */
export interface TilePass {
  run: Preparation;
  output: OutputFolder;
  keys: AnnualKey[];
  earlier: RunCache | undefined;
  runner: TaskRunner;
  progress: Progress;
  scratch: Scratch;
  tiles: readonly Window[];
}
