/**
 * FVC of a finished run at points.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import { openGeoTiff, type GeoTiffFile } from '../raster/geotiff-file.ts';
import { readSummary } from './finished-run.ts';

export interface YearPoint {
  readonly lon: number;
  readonly lat: number;
  readonly year: number;
}

export interface PointValue {
  /** Cell of the run's grid; null where the point lies outside. */
  readonly cell: { readonly col: number; readonly row: number } | null;
  /** FVC of the cell, 0 to 1; null without data, outside the grid, and in years that the run does not have. */
  readonly fvc: number | null;
}

/**
 * The FVC map of a year.
 * @throws {MineRsError} BAD_INPUT if the run in the folder makes no FVC, has no such year, or kept no maps
 */
export async function openFvc(folder: string, year: number): Promise<GeoTiffFile> {
  const summary = readSummary(folder);
  if (summary.fvc === null) {
    throw new MineRsError('BAD_INPUT', `The run in ${folder} has no FVC: run again without --fvc none`);
  }
  if (!summary.years.includes(year)) {
    throw new MineRsError(
      'BAD_INPUT',
      `The run in ${folder} has no year ${year}; its years are ${summary.years.join(', ')}`,
    );
  }
  const path = join(folder, 'maps', `fvc_${year}.tif`);
  if (!existsSync(path)) {
    throw new MineRsError('BAD_INPUT', `The run in ${folder} kept no map fvc_${year}.tif: run again with --maps all`);
  }
  return openGeoTiff(path);
}

/**
 * The value of the cell in which each point lies: no value is mixed from several cells, so that it is the one the map shows.
 *
 * @throws {MineRsError} BAD_INPUT if the run has no FVC, none of the years, or kept no maps
 */
export async function fvcAtPoints(folder: string, points: readonly YearPoint[]): Promise<PointValue[]> {
  const { years } = readSummary(folder);
  const wanted = [...new Set(points.map(({ year }) => year))].toSorted((a, b) => a - b);
  const found: PointValue[] = points.map(() => ({ cell: null, fvc: null }));
  const known = wanted.filter((year) => years.includes(year));
  // The error of a year that is missing, if all are.
  for (const year of known.length > 0 ? known : wanted.slice(0, 1)) {
    const file = await openFvc(folder, year);
    try {
      const places = points.flatMap((point, k) => (point.year === year ? [{ ...point, k }] : []));
      await readCells(file, places, found);
    } finally {
      await file.close();
    }
  }
  return found;
}

async function readCells(
  file: GeoTiffFile,
  places: readonly (YearPoint & { readonly k: number })[],
  found: PointValue[],
): Promise<void> {
  const { grid, info } = file;
  const toGrid = createTransformer(WGS84, grid.crs);
  const inverse = invertAffine(grid.transform);
  const { blockWidth, blockHeight, nodata } = info;
  const blocks = new Map<string, { k: number; col: number; row: number }[]>();
  for (const { lon, lat, k } of places) {
    const [col, row] = applyAffine(inverse, ...toGrid(lon, lat)).map(Math.floor) as [number, number];
    if (!(col >= 0 && row >= 0 && col < grid.width && row < grid.height)) continue;
    const key = `${Math.floor(col / blockWidth)},${Math.floor(row / blockHeight)}`;
    blocks.set(key, [...(blocks.get(key) ?? []), { k, col, row }]);
  }
  // Each block is decoded once.
  for (const cells of blocks.values()) {
    const left = Math.min(...cells.map(({ col }) => col));
    const top = Math.min(...cells.map(({ row }) => row));
    const width = Math.max(...cells.map(({ col }) => col)) - left + 1;
    const height = Math.max(...cells.map(({ row }) => row)) - top + 1;
    const values = await file.readWindow({ col: left, row: top, width, height });
    for (const { k, col, row } of cells) {
      const value = Number(values[(row - top) * width + col - left]);
      const none = Number.isNaN(value) || value === nodata;
      found[k] = { cell: { col, row }, fvc: none ? null : value };
    }
  }
}
