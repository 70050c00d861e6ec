/**
 * All that the annual values of one year depend on, as one digest.
 * @module
 */
import { resolve } from 'node:path';
import type { BandRead, MaskRead, SceneRead } from '../tasks/contract.ts';
import { isUrl, redactUrl } from '../url.ts';
import { engineVersion } from './engine.ts';
import type { Preparation } from './prepare.ts';
import { histogramStep } from './radiometry.ts';
import { digestOf, inputStamp } from './stamp.ts';

/** What a year is known by. */
export interface AnnualKey {
  /** Digest of all the rest. */
  key: string;
  year: number;
  engine: string;
  /** Digest of the run's grid and of what is counted on it. */
  grid: string;
  index: string;
  composite: string;
  /** By scene, in the run's order: its id, and the digest of its files, bands, radiometry and mask rules. */
  scenes: (readonly [id: string, digest: string])[];
}

/** The keys of a run's years. Blocks, workers and zones are not in them, for they change no annual value. */
export function annualKeys(run: Preparation): AnnualKey[] {
  const { grid } = run.gridPlan;
  const { index, composite } = run.options;
  const stamps = new Map<string, string>();
  const stamp = (path: string): string => {
    let found = stamps.get(path);
    if (found === undefined) stamps.set(path, (found = inputStamp(path, run.remote.known)));
    return found;
  };
  const shared = {
    engine: engineVersion(),
    grid: digestOf({ ...grid, crs: grid.crs.definition, histogramStep: histogramStep(grid.width, grid.height) }),
    index,
    composite,
  };
  return run.years.map((year) => {
    const reads = run.reads.filter((_, k) => run.scenes[k]!.scene.year === year);
    const scenes = reads.map((read) => [read.id, digestOf(withStamps(read, stamp))] as const);
    return { key: digestOf({ ...shared, scenes }).slice(0, 32), year, ...shared, scenes };
  });
}

function withStamps({ bands, index, masks, ...rest }: SceneRead, stamp: (path: string) => string) {
  const source = <T extends BandRead | MaskRead>({ placement, ...read }: T) => ({
    ...read,
    path: isUrl(read.path) ? redactUrl(read.path) : resolve(read.path),
    placement:
      placement.kind === 'aligned'
        ? placement
        : { ...placement, grid: { ...placement.grid, crs: placement.grid.crs.definition } },
    stamp: stamp(read.path),
  });
  return {
    ...rest,
    bands: Object.fromEntries(Object.entries(bands).map(([role, read]) => [role, source(read)])),
    index: index && source(index),
    masks: masks.map(source),
  };
}

/** Why a year that was there before is not the one that is wanted, in words. */
export function whatChanged(had: AnnualKey, wanted: AnnualKey): string {
  if (had.engine !== wanted.engine) return 'this is another version of mine-rs';
  if (had.grid !== wanted.grid) return 'the grid is another one';
  if (had.index !== wanted.index) return `the index was ${had.index}, now ${wanted.index}`;
  if (had.composite !== wanted.composite) return `the composite was ${had.composite}, now ${wanted.composite}`;
  const before = new Map(had.scenes);
  for (const [id, digest] of wanted.scenes) {
    if (!before.has(id)) return `scene ${id} is new`;
    if (before.get(id) !== digest) return `scene ${id} has changed`;
    before.delete(id);
  }
  const [gone] = before.keys();
  return gone === undefined ? 'the order of its scenes is another one' : `scene ${gone} is no longer used`;
}
