/**
 * Statistics of zones over one window of any raster.
 * @module
 */
import { addToPiece, emptyPiece } from '../kernels/zonal-moments.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { GeoTiffFile, PixelArray } from '../raster/geotiff-file.ts';
import { cellAreaM2, planarCellArea, type CellArea } from '../vector/cell-area.ts';
import type { SpanSlice } from '../vector/spans.ts';
import { openRaster } from './resources.ts';

/** What cells weigh: their area on the ellipsoid, or in the plane of the raster's CRS. */
export type AreaKind = 'ellipsoidal' | 'planar';

/** Values of a zone and band that are wanted one by one, or counted in bins. Both within low … high. */
export interface ValueTarget {
  zone: number;
  /** 1-based. */
  band: number;
  low: number;
  high: number;
  /** Number of bins of equal width between low and high; 0: the values themselves. */
  bins: number;
}

export interface ZonalTask {
  path: string;
  grid: Grid;
  window: Window;
  area: AreaKind;
  /** 1-based; empty where only targets are wanted. */
  bands: number[];
  zones: SpanSlice[];
  /** Whether the weight of each value is summed, as of classes. */
  tally: boolean;
  /** Of the zones of this task. */
  targets: ValueTarget[];
}

/** Values and the covered area of each, by ascending value; null where they are too many to be classes. */
export type Tally = { values: Float64Array; weights: Float64Array } | null;

export interface ZonalResult {
  /** By zone of the task, then band. */
  pieces: { zone: number; band: number; piece: Float64Array; tally: Tally }[];
  /** By target. */
  found: Found[];
}

/** The values of a target and the covered area of each; or what lies in each of its bins. */
export type Found =
  | { values: Float64Array; weights: Float64Array }
  | { cells: Float64Array; weights: Float64Array; min: Float64Array; max: Float64Array };

/** More values than this are no classes. */
export const MOST_CLASSES = 65_536;

/** Statistics of one window. Pixels are read once a band. @throws {MineRsError} BAD_INPUT for damaged pixels */
export async function zonalTask(task: ZonalTask): Promise<ZonalResult> {
  const { window, zones, targets } = task;
  const file = await openRaster(task.path);
  const areas = areasOf(task);
  const result: ZonalResult = { pieces: [], found: [] };
  const byNumber = new Map(zones.map((zone) => [zone.zone, zone]));
  const bands = [...new Set([...task.bands, ...targets.map((target) => target.band)])];
  for (const band of bands) {
    const values = await readValues(file, window, band);
    if (task.bands.includes(band)) {
      for (const zone of zones) {
        const piece = emptyPiece();
        const { start, length, share, areaShare } = zone;
        for (let k = 0; k < start.length; k++) {
          addToPiece(piece, values, areas, start[k]!, start[k]! + length[k]!, share[k]!, areaShare[k]!);
        }
        const tally = task.tally ? tallyOf(zone, values, areas) : null;
        result.pieces.push({ zone: zone.zone, band, piece, tally });
      }
    }
    for (const [k, target] of targets.entries()) {
      if (target.band !== band) continue;
      result.found[k] = findValues(target, byNumber.get(target.zone)!, values, areas);
    }
  }
  return result;
}

/** That of the last task: the next one is most often of the same raster. */
let known: { key: string; area: CellArea } | undefined;

/** Area of each cell of the window. */
function areasOf({ grid, area, window }: ZonalTask): Float64Array {
  const key = area + JSON.stringify(grid);
  if (known?.key !== key) known = { key, area: area === 'planar' ? planarCellArea(grid) : cellAreaM2(grid) };
  const out = new Float64Array(window.width * window.height);
  for (let row = 0; row < window.height; row++) {
    known.area.fillRow(window.row + row, window.col, out.subarray(row * window.width, (row + 1) * window.width));
  }
  return out;
}

/** Value = stored number × scale + offset; NaN where there are no data, or no finite number. */
async function readValues(file: GeoTiffFile, window: Window, band: number): Promise<Float64Array> {
  const { nodata, scales, offsets } = file.info;
  const pixels = await file.readWindow(window, { band });
  return physicalValues(pixels, nodata, scales[band - 1] ?? 1, offsets[band - 1] ?? 0);
}

function physicalValues(pixels: PixelArray, nodata: number | null, scale: number, offset: number): Float64Array {
  const values = Float64Array.from(pixels as Float64Array);
  // A float32 file writes its no-data value with more digits than it stores.
  const missing = nodata === null ? Number.NaN : pixels instanceof Float32Array ? Math.fround(nodata) : nodata;
  const plain = scale === 1 && offset === 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === missing || value - value !== 0) values[i] = Number.NaN;
    else if (!plain) values[i] = value * scale + offset;
  }
  return values;
}

/** Whole numbers in this range are tallied in a table, the rest in a map. */
const TABLE_SIZE = MOST_CLASSES;
const table = new Float64Array(TABLE_SIZE);

function tallyOf({ start, length, areaShare }: SpanSlice, values: Float64Array, areas: Float64Array): Tally {
  const others = new Map<number, number>();
  const touched: number[] = [];
  for (let k = 0; k < start.length; k++) {
    const end = start[k]! + length[k]!;
    for (let i = start[k]!; i < end; i++) {
      const value = values[i]!;
      if (value !== value) continue;
      const weight = areaShare[k]! * areas[i]!;
      // Cells beyond a pole have no area.
      if (!(weight > 0)) continue;
      if (value >= 0 && value < TABLE_SIZE && Math.floor(value) === value) {
        if (table[value] === 0) touched.push(value);
        table[value]! += weight;
      } else {
        others.set(value, (others.get(value) ?? 0) + weight);
      }
    }
  }
  const sums = [...touched.map((value): [number, number] => [value, table[value]!]), ...others];
  for (const value of touched) table[value] = 0;
  if (sums.length > MOST_CLASSES) return null;
  sums.sort((a, b) => a[0] - b[0]);
  return { values: Float64Array.from(sums, ([value]) => value), weights: Float64Array.from(sums, ([, w]) => w) };
}

/** What a target wants of a zone in one window. */
export function findValues(target: ValueTarget, zone: SpanSlice, values: Float64Array, areas: Float64Array): Found {
  return target.bins > 0 ? binned(target, zone, values, areas) : gathered(target, zone, values, areas);
}

function gathered({ low, high }: ValueTarget, zone: SpanSlice, values: Float64Array, areas: Float64Array) {
  const { start, length, areaShare } = zone;
  let cells = 0;
  for (let k = 0; k < length.length; k++) cells += length[k]!;
  const found = new Float64Array(cells);
  const weights = new Float64Array(cells);
  let n = 0;
  for (let k = 0; k < start.length; k++) {
    const end = start[k]! + length[k]!;
    for (let i = start[k]!; i < end; i++) {
      const value = values[i]!;
      if (!(value >= low && value <= high)) continue;
      found[n] = value;
      weights[n++] = areaShare[k]! * areas[i]!;
    }
  }
  return { values: found.slice(0, n), weights: weights.slice(0, n) };
}

/** What lies in bins of equal width. Their least and greatest values, and not their edges, say where one ends. */
function binned({ low, high, bins }: ValueTarget, zone: SpanSlice, values: Float64Array, areas: Float64Array): Found {
  const { start, length, areaShare } = zone;
  const cells = new Float64Array(bins);
  const weights = new Float64Array(bins);
  const min = new Float64Array(bins).fill(Infinity);
  const max = new Float64Array(bins).fill(-Infinity);
  // Halves, so that no width is beyond the largest number.
  const width = high / 2 - low / 2;
  for (let k = 0; k < start.length; k++) {
    const end = start[k]! + length[k]!;
    for (let i = start[k]!; i < end; i++) {
      const value = values[i]!;
      if (!(value >= low && value <= high)) continue;
      const bin = Math.min(bins - 1, Math.floor(((value / 2 - low / 2) / width) * bins));
      cells[bin]!++;
      weights[bin]! += areaShare[k]! * areas[i]!;
      if (value < min[bin]!) min[bin] = value;
      if (value > max[bin]!) max[bin] = value;
    }
  }
  return { cells, weights, min, max };
}
