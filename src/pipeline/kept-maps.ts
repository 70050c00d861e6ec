/**
 * Maps that an earlier run has left and this one would write again, byte by byte the same.
 * @module
 */
import { copyFileSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import type { Cover } from '../tasks/contract.ts';
import type { MapSpec } from '../tasks/maps.ts';
import type { AnnualKey } from './annual-key.ts';
import { engineVersion } from './engine.ts';
import { isIntact, type KeptMap, type RunCache } from './run-cache.ts';
import { digestOf } from './stamp.ts';

/** What is known of one map before it is written. */
export interface PlannedMap {
  /** Digest of all that the map depends on. */
  depends: string;
  /** The map that is there already. */
  kept: KeptMap | undefined;
}

/**
 * Looks which maps are there already, by map key.
 *
 * @param folder The output folder.
 * @param earlier What the earlier run left.
 * @param keys The run's years.
 * @param series All that the maps of trend and states depend on beside the annual values. Zones do not belong to it.
 */
export function planMaps(
  folder: string,
  earlier: RunCache | undefined,
  specs: readonly MapSpec[],
  keys: readonly AnnualKey[],
  cover: Cover,
  series: unknown,
): Map<string, PlannedMap> {
  const engine = engineVersion();
  const whole = digestOf([engine, keys.map(({ key }) => key), cover, series]);
  const planned = specs.map(({ key, spec, annual }): [string, PlannedMap] => {
    const depends =
      annual === undefined
        ? digestOf([whole, key, spec])
        : digestOf([engine, keys[annual.time]!.key, annual.what, annual.what === 'fvc' ? cover : null, spec]);
    const found = earlier?.maps[depends];
    const kept = found !== undefined && isIntact(folder, earlier!, [found.file]) ? found : undefined;
    return [key, { depends, kept }];
  });
  return new Map(planned);
}

/** Gives a kept map a name in the work folder. */
export function carryOver(folder: string, kept: KeptMap, path: string): void {
  const from = join(folder, kept.file);
  try {
    linkSync(from, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    // A disk without hard links.
    copyFileSync(from, path);
  }
}
