/**
 * One scene at one pixel of the run's grid, step by step.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { IndexName } from '../kernels/spectral-index.ts';
import type { BandRead, MaskRead, SceneRead } from './contract.ts';
import { applyMask, coveredPart, readBand, readCategories, readScene } from './read-scene.ts';

/** A band at the pixel; NaN for no data. */
export interface BandValue {
  role: string;
  source: BandRead;
  /** As the file stores it; null where the file is resampled. */
  dn: number | null;
  value: number;
}

/** A mask at the pixel. */
export interface MaskValue {
  source: MaskRead;
  values: number[];
  drops: boolean;
}

export interface PixelObservation {
  /** Whether all files of the scene reach the pixel. */
  covers: boolean;
  bands: BandValue[];
  masks: MaskValue[];
  /** The index as a run computes it; NaN where the scene is not clear here. */
  index: number;
}

/** Looks at one pixel of a scene. The index comes from the very code that a run uses. */
export async function observePixel(
  scene: SceneRead,
  index: IndexName,
  grid: Grid,
  col: number,
  row: number,
): Promise<PixelObservation> {
  const window: Window = { col, row, width: 1, height: 1 };
  const named = scene.index === null ? Object.entries(scene.bands) : [[index, scene.index] as const];
  const all = [...named.map(([, source]) => source), ...scene.masks];
  if (all.some((source) => coveredPart(source.placement, window) === undefined)) {
    return { covers: false, bands: [], masks: [], index: NaN };
  }
  const bands: BandValue[] = [];
  for (const [role, source] of named) {
    const present = Uint8Array.of(1);
    const { data, scale, offset } = await readBand(source, grid, window, present);
    const raw = data[0]!;
    const dn = source.placement.kind === 'aligned' ? raw : null;
    bands.push({ role, source, dn, value: present[0] === 1 ? raw * scale + offset : NaN });
  }
  const masks: MaskValue[] = [];
  for (const source of scene.masks) {
    const count = source.rule.kind === 'scl-picture' ? 3 : 1;
    const values: number[] = [];
    for (let k = 0; k < count; k++) values.push((await readCategories(source, source.band + k, grid, window))[0]!);
    const clear = Uint8Array.of(1);
    await applyMask(source, grid, window, clear);
    masks.push({ source, values, drops: clear[0] === 0 });
  }
  const read = await readScene(scene, index, grid, window);
  return { covers: true, bands, masks, index: read === undefined ? NaN : read.values[0]! };
}
