/**
 * The annual maximum of a normalized difference of uint16 bands, the common case of pass 1: files are decoded straight
 * into the arrays that the kernel works in, scene after scene, block after block.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { AnnualMaximum } from '../kernels/annual-maximum.ts';
import { SPECTRAL_INDICES, type BandRole, type IndexName } from '../kernels/spectral-index.ts';
import { isUrl } from '../url.ts';
import type { AnnualResult, AnnualTask, BandRead, MaskRead, ReflectanceHistograms, SceneRead } from './contract.ts';
import { applyMask } from './read-scene.ts';
import { openRaster } from './resources.ts';

/** Indices that are (a − b)/(a + b) of two bands. */
const DIFFERENCES: ReadonlySet<IndexName> = new Set(['ndvi', 'nbr', 'ndmi', 'ndwi']);

/** Larger blocks go the general way: the arrays here are never given back. */
const MOST_PIXELS = 1024 * 1024;

/** What is found, the arrays included: they are the kernel's, and good until {@link giveBack}. */
export interface MaximumOfYear extends Pick<
  AnnualResult,
  'clearCells' | 'histograms' | 'failures' | 'keys' | 'counts'
> {
  readonly values: Float32Array;
  readonly seen: Uint16Array;
  readonly space: AnnualMaximum;
}

interface DigitalBand {
  readonly source: BandRead;
  readonly window: Window;
  /** The run's grid, in pixels of the file. */
  readonly wanted: Window;
}

interface DigitalMask {
  readonly mask: MaskRead;
  /** Null where it is read the general way. */
  digital: DigitalBand | null;
}

interface DigitalScene {
  readonly first: DigitalBand;
  readonly second: DigitalBand;
  readonly masks: readonly DigitalMask[];
}

/** The thread's arrays, unless a task has them. */
let idle: AnnualMaximum | undefined;

/** Returns the arrays for the next block. */
export function giveBack({ space }: MaximumOfYear): void {
  idle = space;
}

/** The maximum of one year in one block, or null where the scenes are not of the common kind. */
export async function annualMaximum(task: AnnualTask): Promise<MaximumOfYear | null> {
  const scenes = await digitalScenes(task);
  if (scenes === null) return null;
  const space = idle ?? new AnnualMaximum();
  idle = undefined;
  const { block } = task;
  space.begin(block.width * block.height);
  const clearCells: number[] = [];
  const histograms: AnnualResult['histograms'] = [];
  const failures: AnnualResult['failures'] = [];
  for (const [k, scene] of scenes.entries()) {
    let clear = 0;
    let histogram: ReflectanceHistograms | null = null;
    try {
      [clear, histogram] = await takeScene(space, scene, task);
    } catch (error) {
      if (error instanceof MineRsError && error.code === 'INTERRUPTED') throw error;
      failures.push({ scene: task.scenes[k]!.id, message: messageOf(error) });
    }
    clearCells.push(clear);
    histograms.push(histogram);
  }
  const { values, seen } = space;
  return { space, values, seen, clearCells, histograms, failures, ...space.highKeys() };
}

/** The scenes with their files opened, or null if any of them is not of the common kind. */
async function digitalScenes({ scenes, index, composite, block, grid }: AnnualTask): Promise<DigitalScene[] | null> {
  if (composite.kind !== 'max' || !DIFFERENCES.has(index) || block.width * block.height > MOST_PIXELS) return null;
  const found: DigitalScene[] = [];
  for (const scene of scenes) {
    const digital = digitalScene(scene, index, block, grid);
    if (digital === null || !(await isOfUint16(digital))) return null;
    found.push(digital);
  }
  return found;
}

/** A scene as far as its plan tells; null where its bands are not of the common kind. */
function digitalScene(
  { index: ready, bands, masks }: SceneRead,
  index: IndexName,
  block: Window,
  grid: Grid,
): DigitalScene | null {
  // Other bands would have to have data, too.
  if (ready !== null || Object.keys(bands).length !== 2) return null;
  const [first, second] = SPECTRAL_INDICES[index].bands.map((role) => digitalBand(bands[role], block, grid));
  if (!first || !second) return null;
  if (masks.some(({ placement }) => placement.kind === 'aligned' && !covers(placement, block))) return null;
  return { first, second, masks: masks.map((mask) => ({ mask, digital: digitalMask(mask, block, grid) })) };
}

function digitalMask(mask: MaskRead, block: Window, grid: Grid): DigitalBand | null {
  return mask.rule.kind === 'bits' ? digitalBand({ ...mask, scale: 1, offset: 0, nodata: null }, block, grid) : null;
}

/** A band on the run's lattice that covers the block, on this machine; null for another one. */
function digitalBand(source: BandRead | undefined, block: Window, { width, height }: Grid): DigitalBand | null {
  if (source === undefined || isUrl(source.path)) return null;
  const { placement } = source;
  if (placement.kind !== 'aligned' || !covers(placement, block)) return null;
  const { col, row } = placement;
  const window = { ...block, col: block.col + col, row: block.row + row };
  return { source, window, wanted: { col, row, width, height } };
}

/** Opens the scene's files. Masks of another type than uint16 are left to the general way. */
async function isOfUint16({ first, second, masks }: DigitalScene): Promise<boolean> {
  try {
    for (const { source } of [first, second]) {
      if ((await openRaster(source.path)).info.pixelType !== 'uint16') return false;
    }
    for (const mask of masks) {
      const path = mask.digital?.source.path;
      if (path !== undefined && (await openRaster(path)).info.pixelType !== 'uint16') mask.digital = null;
    }
    return true;
  } catch {
    // The general way says what is wrong with the file.
    return false;
  }
}

function covers(placement: Window, block: Window): boolean {
  const { width, height } = placement;
  const part = intersectWindows(block, { col: -placement.col, row: -placement.row, width, height });
  return part !== undefined && part.width === block.width && part.height === block.height;
}

/** Takes one scene into the maximum; its pixels with a value, and its reflectances. */
async function takeScene(
  space: AnnualMaximum,
  scene: DigitalScene,
  task: AnnualTask,
): Promise<[number, ReflectanceHistograms | null]> {
  space.beginScene();
  for (const mask of scene.masks) {
    await takeMask(space, mask, task);
    if (!space.clear.includes(1)) return [0, null];
  }
  for (const which of ['first', 'second'] as const) {
    space.dropMissing(which, await readInto(scene[which], space[which]));
  }
  const clear = space.takeScene(scene.first.source, scene.second.source);
  return [clear, histogramsOf(space, scene, task.block, task.index, task.histogramStep)];
}

async function takeMask(space: AnnualMaximum, { mask, digital }: DigitalMask, task: AnnualTask): Promise<void> {
  if (digital === null || mask.rule.kind !== 'bits') return applyMask(mask, task.grid, task.block, space.clear);
  await readInto(digital, space.mask);
  space.dropBits(mask.rule.bits.reduce((bits, bit) => bits | (1 << bit), 0));
}

/** Reads the band; what is no data in it. */
async function readInto({ source, window, wanted }: DigitalBand, out: Uint16Array): Promise<number | null> {
  // Opened anew, as many scenes may have closed it in the meantime; mostly it still is open.
  const file = await openRaster(source.path);
  await file.readWindowInto(window, source.band, out, wanted);
  return source.nodata ?? file.info.nodata;
}

/** The histograms of the pixels whose column and row in the run's grid are multiples of the step. */
function histogramsOf(
  space: AnnualMaximum,
  { first, second }: DigitalScene,
  block: Window,
  index: IndexName,
  step: number,
): ReflectanceHistograms {
  const lattice = { width: block.width, col: block.col, row: block.row, step };
  const found = space.reflectances(lattice, first.source, second.source);
  const [firstRole] = SPECTRAL_INDICES[index].bands;
  const of = (role: BandRole) => (role === firstRole ? found.first : found.second);
  const has = (role: BandRole) => SPECTRAL_INDICES[index].bands.includes(role);
  return {
    red: has('red') ? of('red') : null,
    nir: has('nir') ? of('nir') : null,
    ndvi: index === 'ndvi' ? found.difference : null,
  };
}
