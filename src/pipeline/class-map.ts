/**
 * A map of classes, cell by cell: of a finished run, or any raster of whole numbers.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import { applyAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import type { Window } from '../geo/window.ts';
import { legendClasses, type Legend } from '../kernels/trend.ts';
import type { GeoTiffFile } from '../raster/geotiff-file.ts';
import { openRaster } from '../raster/open.ts';
import { readAoi } from '../vector/aoi.ts';
import { cellAreaM2 } from '../vector/cell-area.ts';
import { readSummary } from './finished-run.ts';
import { insideSelection, prepareZones, type PreparedZone } from './zones.ts';

/** Where a cell lies: middle in degrees and in the map's CRS, and its outline in degrees. */
export interface CellPlace {
  readonly lon: number;
  readonly lat: number;
  readonly x: number;
  readonly y: number;
  readonly col: number;
  readonly row: number;
  /** Four corners, clockwise on the ground, [lon, lat]. */
  readonly outline: readonly (readonly [number, number])[];
}

export interface ClassMap {
  readonly path: string;
  /** What the map shows, in words. */
  readonly what: string;
  nameOf(code: number): string;
  /** Calls back for each cell with a class, row by row: its code, its number (row · width + col) and its ellipsoidal area. */
  eachCell(visit: (code: number, cell: number, areaM2: number) => void): Promise<void>;
  placeOf(cell: number): CellPlace;
  close(): Promise<void>;
}

export interface ClassMapOptions {
  /** Of a run's folder: the land states of this year in place of the trend classes. */
  readonly year?: number | undefined;
  /** Of a raster; from 1. */
  readonly band?: number | undefined;
  /** Zones within which cells count; the run's own where only `zone` is given. */
  readonly aoi?: string | undefined;
  /** Ids of the zones that count; all of the AOI without it. */
  readonly zone?: readonly string[] | undefined;
}

/** Names of the state codes. */
const STATE_NAMES = ['not assessable', 'undisturbed', 'disturbed', 'recovering', 'recovered'];

/** More values than this are no classes. */
const MOST_CLASSES = 1000;

/** Cells that are looked at together. */
const WINDOW_CELLS = 1024 * 1024;

/** Opens a map of classes. @throws {MineRsError} USAGE or BAD_INPUT saying what is missing */
export async function openClassMap(path: string, options: ClassMapOptions): Promise<ClassMap> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const source = isFolder ? sourceInRun(path, options) : sourceOfRaster(path, options);
  const file = await openRaster(source.path);
  try {
    const { band } = source;
    if (band > file.info.bandCount) {
      throw new MineRsError('USAGE', `${source.path} has ${file.info.bandCount} bands: there is no band ${band}`);
    }
    const aoi = options.aoi ?? (options.zone === undefined ? undefined : zonesOfRun(isFolder, path));
    const zones = aoi === undefined ? null : await zonesIn(aoi, options.zone, file);
    return classMapOf(file, source, zones);
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Source {
  path: string;
  band: number;
  what: string;
  nodata: number | null;
  nameOf: (code: number) => string;
}

function sourceInRun(folder: string, { year, band }: ClassMapOptions): Source {
  if (band !== undefined)
    throw new MineRsError('USAGE', '--band belongs to a raster; of a run, take --year for the states');
  const summary = readSummary(folder);
  const name = year === undefined ? 'trend_class' : 'state';
  const path = join(folder, 'maps', `${name}.tif`);
  if (!existsSync(path)) {
    const advice = year === undefined ? 'run again with --maps trend' : 'run again with --maps all and with FVC';
    throw new MineRsError('BAD_INPUT', `The run in ${folder} kept no map ${name}.tif: ${advice}`);
  }
  if (year === undefined) {
    const names = new Map(legendClasses(summary.trend.legend as Legend).map((c) => [c.code, c.name]));
    return { path, band: 1, what: 'trend classes', nodata: 255, nameOf: (code) => names.get(code) ?? String(code) };
  }
  const place = summary.years.indexOf(year);
  if (place < 0) {
    throw new MineRsError('USAGE', `--year ${year}: the run has the years ${summary.years.join(', ')}`);
  }
  const nameOf = (code: number) => STATE_NAMES[code] ?? String(code);
  return { path, band: place + 1, what: `land states of ${year}`, nodata: 255, nameOf };
}

function sourceOfRaster(path: string, { year, band = 1 }: ClassMapOptions): Source {
  if (year !== undefined) {
    throw new MineRsError('USAGE', `--year belongs to the folder of a finished run; ${path} is none`);
  }
  return { path, band, what: `classes of band ${band}`, nodata: null, nameOf: String };
}

function zonesOfRun(isFolder: boolean, folder: string): string {
  if (isFolder) return join(folder, 'zones.geojson');
  throw new MineRsError('USAGE', '--zone needs the file with the zones: name it with --aoi');
}

async function zonesIn(path: string, ids: readonly string[] | undefined, file: GeoTiffFile): Promise<PreparedZone[]> {
  const { zones } = await readAoi(path);
  const unknown = ids?.find((id) => !zones.some((zone) => zone.id === id));
  if (unknown !== undefined) {
    const known = zones.map((zone) => zone.id).slice(0, 20);
    throw new MineRsError(
      'USAGE',
      `--zone ${unknown}: there is no such zone in ${path}; its zones are ${known.join(', ')}`,
    );
  }
  const wanted = ids === undefined ? zones : zones.filter((zone) => ids.includes(zone.id));
  return (await prepareZones(path, wanted, file.grid, 'map')).zones;
}

function classMapOf(file: GeoTiffFile, source: Source, zones: readonly PreparedZone[] | null): ClassMap {
  const { grid, info } = file;
  const nodata = source.nodata ?? info.nodata;
  const area = cellAreaM2(grid);
  const toDegrees = createTransformer(grid.crs, WGS84);
  const degreesAt = (col: number, row: number) => toDegrees(...applyAffine(grid.transform, col, row));
  return {
    path: source.path,
    what: source.what,
    nameOf: source.nameOf,
    async eachCell(visit) {
      const codes = new Set<number>();
      const areas = new Float64Array(grid.width);
      for (const window of bandsOfRows(grid.width, grid.height, info.blockHeight)) {
        const inside = zones === null ? null : unionOf(zones, window);
        if (inside !== null && !inside.includes(1)) continue;
        const values = await file.readWindow(window, { band: source.band });
        for (let r = 0, i = 0; r < window.height; r++) {
          const row = window.row + r;
          area.fillRow(row, 0, areas);
          for (let col = 0; col < grid.width; col++, i++) {
            const code = values[i]!;
            if (code !== code || code === nodata || (inside !== null && inside[i] === 0)) continue;
            if (!codes.has(code)) addCode(codes, code, source.path);
            visit(code, row * grid.width + col, areas[col]!);
          }
        }
      }
    },
    placeOf(cell) {
      const [col, row] = [cell % grid.width, Math.floor(cell / grid.width)];
      const [x, y] = applyAffine(grid.transform, col + 0.5, row + 0.5);
      const [lon, lat] = toDegrees(x, y);
      const corners = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as const;
      return { lon, lat, x, y, col, row, outline: corners.map(([dc, dr]) => degreesAt(col + dc, row + dr)) };
    },
    close: () => file.close(),
  };
}

function addCode(codes: Set<number>, code: number, path: string): void {
  if (!Number.isInteger(code)) {
    throw new MineRsError('BAD_INPUT', `${path} holds ${code}: a map of classes has whole numbers only`);
  }
  codes.add(code);
  if (codes.size > MOST_CLASSES) {
    throw new MineRsError('BAD_INPUT', `${path} holds more than ${MOST_CLASSES} values: it is no map of classes`);
  }
}

/** Windows of whole rows, on the file's own blocks. */
function bandsOfRows(width: number, height: number, blockHeight: number): Window[] {
  const blocks = Math.max(1, Math.floor(WINDOW_CELLS / Math.max(1, width * blockHeight)));
  const step = Math.min(height, blocks * blockHeight);
  const count = Math.ceil(height / step);
  return Array.from({ length: count }, (_, k) => {
    return { col: 0, row: k * step, width, height: Math.min(step, height - k * step) };
  });
}

/** Cells of a window at least half inside one of the zones. */
function unionOf(zones: readonly PreparedZone[], window: Window): Uint8Array {
  const out = new Uint8Array(window.width * window.height);
  for (const zone of zones) {
    const inside = insideSelection(zone, window);
    for (let i = 0; i < out.length; i++) out[i]! |= inside[i]!;
  }
  return out;
}
