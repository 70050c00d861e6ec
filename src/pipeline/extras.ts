/**
 * What a run leaves for other programs: workbook, QGIS styles and project, quick-look pictures, JSON Schema and STAC Item.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { applyAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import { gridBbox, subgrid, type Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { CogSpec } from '../raster/cog-spec.ts';
import type { Summary } from '../report/model.ts';
import type { LonLatBox, StacFile, StacInput } from '../report/stac.ts';
import { mapStyle } from '../report/styles/map-style.ts';
import type { Table } from '../report/table.ts';
import { valueName } from '../report/tables.ts';
import { normaliseLongitudes } from '../vector/antimeridian.ts';
import type { Polygons } from '../vector/polygons.ts';
import { productFiles, RUN_FILE, WORKBOOK_FILE } from './output.ts';
import type { Preparation } from './prepare.ts';
import { parametersOf } from './provenance.ts';
import { drawQuicklooks } from './quicklook.ts';
import { digestOf } from './stamp.ts';

/** The published schema of summary.json; the compiler writes it anew, with other spaces. */
const SCHEMA_FILE = 'summary.schema.json';
const SCHEMA = new URL(`../../docs/${SCHEMA_FILE}`, import.meta.url);

/** A map that a run has written. */
export interface WrittenMapFile {
  readonly key: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly spec: CogSpec;
}

/**
 * Writes them, but for the workbook, into the folder that holds the other products. The same run gives the same bytes.
 *
 * @param work The folder, with maps, tables, workbook and zones.
 * @param others Settles when the products lie there that are still being made.
 */
export async function writeExtras(
  run: Preparation,
  maps: readonly WrittenMapFile[],
  summary: Summary,
  tables: readonly Table[],
  work: string,
  others: Promise<unknown>,
): Promise<void> {
  const write = (name: string, data: string | Uint8Array) => writeFileSync(join(work, name), data);
  const { grid } = run.gridPlan;
  const window = zoneWindow(run);
  const title = titleOf(summary);

  const { rasterStyleFile } = await import('../report/styles/raster-style.ts');
  const styled = maps.flatMap(({ key, file }) => {
    const style = mapStyle(key, summary);
    return style === undefined ? [] : [{ key, file, style }];
  });
  for (const { key, style } of styled) write(join('maps', `${key}.qml`), rasterStyleFile(style));

  const { qgisProject } = await import('../report/styles/project.ts');
  const extent = gridBbox(subgrid(grid, window));
  write('project.qgs', qgisProject({ title, crs: grid.crs, extent, maps: styled, tables }));

  write(SCHEMA_FILE, `${JSON.stringify(JSON.parse(readFileSync(SCHEMA, 'utf8')), null, 2)}\n`);

  const pictures = await drawQuicklooks(run, maps, summary, work, window);
  if (pictures.length > 0) mkdirSync(join(work, 'quicklook'));
  for (const { name, png } of pictures) write(join('quicklook', name), png);

  // The Item lists all files.
  await others;
  const { stacItem } = await import('../report/stac.ts');
  const item = stacItem(stacInput(run, maps, summary, title, work));
  mkdirSync(join(work, 'stac'));
  write(join('stac', 'item.json'), `${JSON.stringify(item, null, 2)}\n`);
}

/** The workbook of a run's tables, those of later commands among them. */
export async function workbookOf(summary: Summary, tables: readonly Table[]): Promise<Uint8Array> {
  const { tablesWorkbook } = await import('../report/workbook.ts');
  return tablesWorkbook({ title: titleOf(summary), notes: notesOf(summary), tables });
}

function titleOf({ aoi, years }: Summary): string {
  return `${basename(aoi)}: disturbed and recovered land, ${years[0]!} to ${years.at(-1)!}`;
}

/** What a reader of the workbook must know. */
function notesOf(summary: Summary): string[] {
  const { tool, scenes, trend, fvc, baseline } = summary;
  const notes = [
    `Made by ${tool.name} ${tool.version} from ${scenes.filter(({ used }) => used).length} scenes. The same figures as in the CSV files, whose columns docs/outputs.md describes.`,
    `Trend of ${trend.on.toUpperCase()}; yearly means of ${valueName(summary).toUpperCase()}. Hectares are ellipsoidal; an empty cell is "none".`,
  ];
  if (fvc !== null && baseline !== null) notes.push(`Land states against the ${baseline.text}.`);
  return [...notes, 'A spectral change is evidence, not a compliance finding.'];
}

/** Land around the zones that is shown, as a share of their extent. */
const MARGIN = 0.15;
/** Windows begin on such a multiple of pixels, so that overviews fit them. */
const ALIGNMENT = 64;

/** The part of the grid with the zones and some land around; all of it where no zone touches it. */
function zoneWindow({ zones, gridPlan: { grid } }: Preparation): Window {
  const bounds = zones.zones.map(({ coverage }) => coverage.bounds).filter(({ width }) => width > 0);
  const along = (from: (w: Window) => number, size: (w: Window) => number, most: number): [number, number] => {
    const low = bounds.reduce((least, w) => Math.min(least, from(w)), Infinity);
    const high = bounds.reduce((greatest, w) => Math.max(greatest, from(w) + size(w)), -Infinity);
    if (low > high) return [0, most];
    const margin = MARGIN * (high - low);
    const start = Math.max(0, Math.floor((low - margin) / ALIGNMENT) * ALIGNMENT);
    return [start, Math.min(most, Math.ceil(high + margin)) - start];
  };
  const [col, width] = along(
    (w) => w.col,
    (w) => w.width,
    grid.width,
  );
  const [row, height] = along(
    (w) => w.row,
    (w) => w.height,
    grid.height,
  );
  return { col, row, width, height };
}

/** Products that the Item does not list by themselves: maps are listed with their bands, styles lie beside them. */
const UNLISTED = /^(stac|maps)\//;

/** Files that hold times, or that `mine-rs report` and other commands write anew: their digest would not last. */
const NOT_LASTING: readonly string[] = [RUN_FILE, 'report.html', 'zones.gpkg', WORKBOOK_FILE];

function stacInput(
  run: Preparation,
  maps: readonly WrittenMapFile[],
  summary: Summary,
  title: string,
  work: string,
): StacInput {
  const { grid } = run.gridPlan;
  const files = productFiles(work).filter((path) => !UNLISTED.test(path));
  const [a, , , d] = grid.transform;
  return {
    summary,
    id: itemId(run, summary),
    title,
    footprint: footprintOf(grid),
    epsg: grid.crs.epsg,
    extent: gridBbox(grid),
    pixelSize: grid.crs.geographic ? null : Math.hypot(a, d),
    maps: maps.map(({ key, file, bytes, sha256, spec }) => ({
      path: file,
      content: { bytes, sha256 },
      pixelType: spec.pixelType,
      nodata: spec.nodata,
      bands: spec.descriptions ?? [],
      style: mapStyle(key, summary),
    })),
    files: files.toSorted().map((path) => fileOf(work, path)),
  };
}

function fileOf(work: string, path: string): StacFile {
  if (NOT_LASTING.includes(path)) return { path, content: null };
  const file = join(work, path);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { path, content: { bytes: statSync(file).size, sha256 } };
}

/** The same for the same zones, scenes and parameters, wherever they lie. */
function itemId(run: Preparation, summary: Summary): string {
  const stem = basename(summary.aoi, extname(summary.aoi)).replaceAll(/[^A-Za-z0-9_-]+/g, '-');
  const scenes = summary.scenes.filter(({ used }) => used).map(({ id }) => id);
  const digest = digestOf([run.aoi.sha256, scenes.toSorted(), Object.entries(parametersOf(run))]).slice(0, 8);
  return `${stem === '' ? 'run' : stem}-${summary.years[0]!}-${summary.years.at(-1)!}-${digest}`;
}

/** Points along a side of the grid's outline: it bends in longitude and latitude. */
const SIDE_POINTS = 8;
/** Digits of longitude and latitude: a centimetre. */
const DEGREE_DIGITS = 7;

/** The outline of the grid in longitude and latitude, cut at the antimeridian; null where it has none. */
function footprintOf(grid: Grid): StacInput['footprint'] {
  const { width, height, transform } = grid;
  const corners = [
    [0, height],
    [width, height],
    [width, 0],
    [0, 0],
  ] as const;
  const toDegrees = createTransformer(grid.crs, WGS84);
  const ring = corners.flatMap(([col, row], k) => {
    const [nextCol, nextRow] = corners[(k + 1) % corners.length]!;
    return Array.from({ length: SIDE_POINTS }, (_, i) => {
      const share = i / SIDE_POINTS;
      const place = applyAffine(transform, col + (nextCol - col) * share, row + (nextRow - row) * share);
      return toDegrees(...place).map((degrees) => Number(degrees.toFixed(DEGREE_DIGITS))) as [number, number];
    });
  });
  if (!ring.flat().every(Number.isFinite)) return null;
  let polygons: Polygons;
  try {
    ({ polygons } = normaliseLongitudes([[[...ring, ring[0]!]]]));
  } catch {
    return null;
  }
  const geometry =
    polygons.length === 1
      ? { type: 'Polygon', coordinates: polygons[0]! }
      : { type: 'MultiPolygon', coordinates: polygons };
  return { geometry, bbox: boxOf(polygons) };
}

function boxOf(polygons: Polygons): LonLatBox {
  const points = polygons.flat(2);
  const lats = points.map(([, lat]) => lat);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const lons = points.map(([lon]) => lon);
  const [least, most] = [Math.min(...lons), Math.max(...lons)];
  // Cut in two at the antimeridian: from the eastern part's west end on to the western part's east end.
  if (polygons.length > 1 && least === -180 && most === 180) {
    return [Math.min(...lons.filter((lon) => lon > 0)), south, Math.max(...lons.filter((lon) => lon < 0)), north];
  }
  return [least, south, most, north];
}

/** Path of the Item of a finished run; undefined where there is none. */
export function itemFile(folder: string): string | undefined {
  const path = join(folder, 'stac', 'item.json');
  return existsSync(path) ? path : undefined;
}
