/**
 * NDVI and FVC of a finished run, as its maps hold them.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { sameCrs } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { openRaster } from '../raster/open.ts';
import type { Summary } from '../report/model.ts';
import { coverage } from '../vector/coverage.ts';
import { projectZone } from '../vector/project.ts';
import type { Zone } from '../vector/zone.ts';
import { insideSelection } from './zones.ts';

/** Cells of a window: arrays of some 40 bytes a cell are laid over it. */
export const MOST_CELLS = 4096 * 4096;

/** A zone's cells on a grid: those at least half inside it. */
export interface ZoneCells {
  readonly window: Window;
  /** Row-major, 1 inside. */
  readonly inside: Uint8Array;
}

/** @throws {MineRsError} BAD_INPUT if the zone's window is too large */
export function zoneCells(zone: Zone, grid: Grid): ZoneCells {
  const covered = coverage(projectZone(zone, grid.crs), grid);
  const window = covered.bounds;
  if (window.width * window.height > MOST_CELLS) {
    const size = `${window.width} × ${window.height} cells`;
    throw new MineRsError('BAD_INPUT', `Zone ${zone.id} spans ${size}; at most ${MOST_CELLS} are looked at together`);
  }
  return { window, inside: insideSelection({ coverage: covered }, window) };
}

/** Checks that a run has what resilience is made from. @throws {MineRsError} BAD_INPUT saying what is missing */
export function requireCoverMaps(folder: string, summary: Summary): void {
  if (summary.fvc === null || summary.index !== 'ndvi') {
    const made = summary.fvc === null ? 'has no FVC' : `is of ${summary.index.toUpperCase()}`;
    throw new MineRsError('BAD_INPUT', `The run in ${folder} ${made}: resilience needs NDVI and FVC (--index ndvi)`);
  }
  const paths = summary.years.flatMap((year) => (['ndvi', 'fvc'] as const).map((what) => mapPath(folder, what, year)));
  const missing = paths.find((path) => !existsSync(path));
  if (missing === undefined) return;
  throw new MineRsError('BAD_INPUT', `The run in ${folder} kept no map ${missing}: run it again with --maps all`);
}

/** The mean NDVI of a zone's cells in each year of the run; NaN where none has data. */
export async function ndviByYear(folder: string, summary: Summary, zone: Zone): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const year of summary.years) {
    const file = await openRaster(mapPath(folder, 'ndvi', year));
    try {
      const { window, inside } = zoneCells(zone, file.grid);
      const values = inside.length === 0 ? [] : await file.readWindow(window);
      let [sum, n] = [0, 0];
      for (let i = 0; i < inside.length; i++) {
        const value = values[i]!;
        if (inside[i] === 0 || value !== value) continue;
        sum += value;
        n++;
      }
      found.set(year, n === 0 ? NaN : sum / n);
    } finally {
      await file.close();
    }
  }
  return found;
}

/** FVC of a year at the middles of the cells of a window of any grid; NaN without data, and all of it in another CRS. */
export async function fvcAt(folder: string, year: number, grid: Grid, window: Window): Promise<Float32Array> {
  const out = new Float32Array(window.width * window.height).fill(NaN);
  const path = mapPath(folder, 'fvc', year);
  if (!existsSync(path)) return out;
  const file = await openRaster(path);
  try {
    const { width, height, transform, crs } = file.grid;
    if (!sameCrs(crs, grid.crs)) return out;
    const toPixel = invertAffine(transform);
    const pixelOf = (col: number, row: number) => applyAffine(toPixel, ...applyAffine(grid.transform, col, row));
    const [right, bottom] = [window.col + window.width, window.row + window.height];
    const corners = [pixelOf(window.col, window.row), pixelOf(right, bottom)];
    corners.push(pixelOf(right, window.row), pixelOf(window.col, bottom));
    const [cols, rows] = [corners.map(([c]) => c), corners.map(([, r]) => r)];
    const [west, north] = [Math.floor(Math.min(...cols)), Math.floor(Math.min(...rows))];
    const around = { col: west, row: north, width: Math.ceil(Math.max(...cols)) - west, height: 0 };
    around.height = Math.ceil(Math.max(...rows)) - north;
    const part = intersectWindows(around, { col: 0, row: 0, width, height });
    if (part === undefined || part.width * part.height > MOST_CELLS) return out;
    const values = await file.readWindow(part);
    for (let row = 0, i = 0; row < window.height; row++) {
      for (let col = 0; col < window.width; col++, i++) {
        const [x, y] = pixelOf(window.col + col + 0.5, window.row + row + 0.5);
        const [c, r] = [Math.floor(x) - part.col, Math.floor(y) - part.row];
        if (c >= 0 && r >= 0 && c < part.width && r < part.height) out[i] = values[r * part.width + c]!;
      }
    }
    return out;
  } finally {
    await file.close();
  }
}

function mapPath(folder: string, what: string, year: number): string {
  return join(folder, 'maps', `${what}_${year}.tif`);
}
