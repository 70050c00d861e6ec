/**
 * One scene in one window of the run's grid: pixels in, index values out.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { clearWhereBitsUnset, clearWhereListed, clearWherePresent } from '../kernels/mask.ts';
import { spectralIndex, type BandRole, type BandValues, type IndexName } from '../kernels/spectral-index.ts';
import type { PixelArray } from '../raster/pixel-type.ts';
import { warpPixels, warpValues } from '../raster/warp/warp.ts';
import type { MaskRule } from '../scenes/scene.ts';
import { decodeSclPicture, SCL_DROPPED } from '../scenes/scl-picture.ts';
import type { BandRead, MaskRead, Placement, SceneRead } from './contract.ts';
import { openRaster } from './resources.ts';

/** A scene's index in the part of a window that it covers. */
export interface SceneValues {
  /** In pixels of the run's grid. */
  window: Window;
  /** Row-major over the window, NaN where the scene is not clear. */
  values: Float32Array;
  /** 1 where no mask drops the pixel and every band has data. */
  clear: Uint8Array;
  /** The bands that the index was computed from; none where nothing is clear or the scene brings a finished index. */
  bands: Partial<Record<BandRole, BandValues>>;
}

/** Reads a scene. Returns undefined where it has no pixel in the window. */
export async function readScene(
  scene: SceneRead,
  index: IndexName,
  grid: Grid,
  window: Window,
): Promise<SceneValues | undefined> {
  const bands = scene.index === null ? Object.values(scene.bands) : [scene.index];
  let part: Window | undefined = window;
  for (const source of [...bands, ...scene.masks]) part = part && coveredPart(source.placement, part);
  if (part === undefined) return undefined;

  const nPixels = part.width * part.height;
  const clear = new Uint8Array(nPixels).fill(1);
  for (const mask of scene.masks) {
    await applyMask(mask, grid, part, clear);
    if (!clear.includes(1)) {
      return { window: part, values: new Float32Array(nPixels).fill(NaN), clear, bands: {} };
    }
  }
  const values = new Float32Array(nPixels);
  if (scene.index !== null) {
    const band = await readBand(scene.index, grid, part, clear);
    for (let i = 0; i < nPixels; i++) values[i] = clear[i] === 1 ? band.data[i]! * band.scale + band.offset : NaN;
    return { window: part, values, clear, bands: {} };
  }
  const roles: Partial<Record<BandRole, BandValues>> = {};
  for (const [role, source] of Object.entries(scene.bands)) {
    roles[role as BandRole] = await readBand(source, grid, part, clear);
  }
  spectralIndex(index, roles, clear, values);
  return { window: part, values, clear, bands: roles };
}

/** The part of a window that lies on an aligned file; a resampled file says so itself, pixel by pixel. */
export function coveredPart(placement: Placement, window: Window): Window | undefined {
  if (placement.kind === 'resample') return window;
  return intersectWindows(window, {
    col: -placement.col,
    row: -placement.row,
    width: placement.width,
    height: placement.height,
  });
}

/** A band's pixels over a window; `clear` is unset where the band has no data. */
export async function readBand(source: BandRead, grid: Grid, window: Window, clear: Uint8Array): Promise<BandValues> {
  const file = await openRaster(source.path);
  const nodata = source.nodata ?? file.info.nodata;
  if (source.placement.kind === 'aligned') {
    const data = await file.readWindow(shift(window, source.placement), { band: source.band });
    clearWherePresent(data, nodata, clear);
    return { data, scale: source.scale, offset: source.offset };
  }
  const { method, grid: fileGrid } = source.placement;
  const nPixels = window.width * window.height;
  const physical = (raw: PixelArray) => toPhysical(raw, nodata, source.scale, source.offset);
  let data: Float32Array;
  if (method === 'nearest') {
    const raw = new Float64Array(nPixels);
    const read = (part: Window) => file.readWindow(part, { band: source.band });
    await warpPixels({ grid: fileGrid, read }, grid, window, method, raw, NaN);
    data = physical(raw);
  } else {
    data = new Float32Array(nPixels);
    const read = async (part: Window) => physical(await file.readWindow(part, { band: source.band }));
    await warpValues({ grid: fileGrid, read }, grid, window, method, data);
  }
  clearWherePresent(data, null, clear);
  return { data, scale: 1, offset: 0 };
}

function toPhysical(raw: PixelArray, nodata: number | null, scale: number, offset: number): Float32Array {
  const out = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw[i] === nodata ? NaN : raw[i]! * scale + offset;
  return out;
}

/** Masks are categories: always the nearest pixel. Outside the mask's file nothing is known to be clear. */
export async function applyMask(mask: MaskRead, grid: Grid, window: Window, clear: Uint8Array): Promise<void> {
  const nBands = mask.rule.kind === 'scl-picture' ? 3 : 1;
  const bands: PixelArray[] = [];
  for (let k = 0; k < nBands; k++) bands.push(await readCategories(mask, mask.band + k, grid, window));
  applyRule(mask.rule, bands, clear);
}

export async function readCategories(mask: MaskRead, band: number, grid: Grid, window: Window): Promise<PixelArray> {
  const file = await openRaster(mask.path);
  if (mask.placement.kind === 'aligned') return file.readWindow(shift(window, mask.placement), { band });
  // Below 0 is what no rule knows.
  const out = new Float64Array(window.width * window.height);
  const read = (part: Window) => file.readWindow(part, { band });
  await warpPixels({ grid: mask.placement.grid, read }, grid, window, 'nearest', out, -1);
  return out;
}

function applyRule(rule: MaskRule, bands: PixelArray[], clear: Uint8Array): void {
  const values = asCategories(bands[0]!, clear);
  switch (rule.kind) {
    case 'bits':
      clearWhereBitsUnset(
        values,
        rule.bits.reduce((bits, bit) => bits | (1 << bit), 0),
        clear,
      );
      break;
    case 'drop':
      clearWhereListed(values, lookup(rule.values, 0), clear);
      break;
    case 'keep':
      clearWhereListed(values, lookup(rule.values, 1), clear);
      break;
    case 'scl-picture': {
      const classes = new Uint8Array(clear.length);
      decodeSclPicture(values, asCategories(bands[1]!, clear), asCategories(bands[2]!, clear), classes);
      clearWhereListed(classes, lookup(SCL_DROPPED, 0), clear);
    }
  }
}

function lookup(values: readonly number[], listed: 0 | 1): Uint8Array {
  const table = new Uint8Array(65536).fill(1 - listed);
  for (const value of values) table[value] = listed;
  return table;
}

/** Mask bands as unsigned integers. What no rule can name (negative, fractional, above 65535) is not clear. */
function asCategories(values: PixelArray, clear: Uint8Array): Uint8Array | Uint16Array {
  if (values instanceof Uint8Array || values instanceof Uint16Array) return values;
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isInteger(value) && value >= 0 && value <= 65535) out[i] = value;
    else clear[i] = 0;
  }
  return out;
}

function shift(window: Window, by: { col: number; row: number }): Window {
  return { ...window, col: window.col + by.col, row: window.row + by.row };
}
