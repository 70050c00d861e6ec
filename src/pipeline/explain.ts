/**
 * `mine-rs explain`: one pixel of a finished run, from the numbers in the files to its class.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import { openRaster } from '../raster/open.ts';
import type { ExplainPage, MapAtPixel, ObservationAtPixel } from '../report/explain-model.ts';
import { observePixel, type PixelObservation } from '../tasks/observe-pixel.ts';
import { releaseResources, useRemote } from '../tasks/resources.ts';
import { cellAreaM2 } from '../vector/cell-area.ts';
import type { InspectedScene } from './inspect.ts';
import { maskMeaning } from './mask-meaning.ts';
import { DEFAULT_OUT, wrongValue } from './options.ts';
import { throwIfInterrupted } from './pool.ts';
import { explainSeries, type PixelSeries } from './pixel-series.ts';
import { createRemote } from './remote.ts';
import { endpointOf, planAgain, type Rerun } from './rerun.ts';
import { SILENT, type Progress } from './progress.ts';
import { writeFiles } from './write-files.ts';

const degrees = (most: number) => z.coerce.number({ error: 'expected degrees, such as 99.4787' }).min(-most).max(most);
const schema = z.strictObject({ lon: degrees(180), lat: degrees(90), out: z.string().min(1).default(DEFAULT_OUT) });

/** How it is carried out. */
export interface ExplainControl {
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Explains the pixel at a place.
 *
 * @param input `lon` and `lat` in degrees (WGS 84); `out` the folder of a finished run (default mine-rs-out).
 * @throws {MineRsError} USAGE for a place that is none, BAD_INPUT without a run, outside of its grid, or where its scenes
 *   are missing or have changed
 */
export async function explainPixel(
  input: Record<string, unknown>,
  { progress = SILENT, signal }: ExplainControl = {},
): Promise<ExplainPage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `'${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { lon, lat, out } = parsed.data;
  const remote = createRemote(endpointOf(out), signal);
  useRemote(remote);
  try {
    const rerun = await planAgain(out, remote);
    const place = placeOf(rerun, lon, lat);
    return await explainAt(rerun, place, { lon, lat }, progress, signal);
  } finally {
    await releaseResources();
  }
}

interface PixelPlace {
  col: number;
  row: number;
}

/** The pixel of a place. @throws {MineRsError} BAD_INPUT outside of the grid, with where the grid lies */
function placeOf({ folder, preparation }: Rerun, lon: number, lat: number): PixelPlace {
  const { grid } = preparation.gridPlan;
  const [x, y] = createTransformer(WGS84, grid.crs)(lon, lat);
  const [col, row] = applyAffine(invertAffine(grid.transform), x, y).map(Math.floor) as [number, number];
  if (col >= 0 && row >= 0 && col < grid.width && row < grid.height) return { col, row };
  const [west, south, east, north] = boundsOf(grid).map((value) => value.toFixed(5));
  const extent = `longitude ${west} to ${east}, latitude ${south} to ${north}`;
  throw new MineRsError('BAD_INPUT', `${lon} ${lat} lies outside of the run in ${folder}, which spans ${extent}`);
}

/** Longitudes and latitudes of the corners: enough for a message. */
function boundsOf({ width, height, transform, crs }: Grid): [number, number, number, number] {
  const toDegrees = createTransformer(crs, WGS84);
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([c, r]) => toDegrees(...applyAffine(transform, c!, r!)));
  const [lons, lats] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

async function explainAt(
  rerun: Rerun,
  { col, row }: PixelPlace,
  asked: { lon: number; lat: number },
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<ExplainPage> {
  const { folder, summary, preparation } = rerun;
  const { options, scenes, reads } = preparation;
  const { grid } = preparation.gridPlan;
  const observed: PixelObservation[] = [];
  progress.begin('look', scenes.length);
  for (const read of reads) {
    if (signal !== undefined) throwIfInterrupted(signal);
    observed.push(await observePixel(read, options.index, grid, col, row));
    progress.step();
  }
  progress.end();
  const series = explainSeries(
    rerun,
    scenes.map(({ scene }, k) => ({ id: scene.id, year: scene.year, index: observed[k]!.index })),
  );
  const won = new Set(series.years.flatMap((year) => year.won));
  const observations = scenes
    .map((scene, k) => observationOf(scene, observed[k]!, won))
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.scene < b.scene ? -1 : 1));
  const maps = await compareMaps(rerun, series, col, row);
  const [pixelLon, pixelLat] = createTransformer(grid.crs, WGS84)(...applyAffine(grid.transform, col + 0.5, row + 0.5));
  const cellM2 = cellAreaM2(grid).at(col, row);
  const slices = preparation.zones.slices({ col, row, width: 1, height: 1 });
  const zones = [...preparation.zones.zones, ...preparation.zones.rings].flatMap(({ number, zone, weights }) => {
    const slice = slices.find((s) => s.zone === number);
    if (slice === undefined) return [];
    const share = Math.min(1, (slice.weight[0]! * weights.unitM2) / cellM2);
    return [{ id: zone.id, name: zone.name, role: zone.role, share }];
  });
  return {
    run: folder,
    ...asked,
    col,
    row,
    pixelLon,
    pixelLat,
    areaHa: cellM2 / 1e4,
    crs: grid.crs.name,
    zones,
    index: options.index,
    composite: options.composite,
    observations,
    endpoints: summary.fvc && { ...summary.fvc.endpoints, model: summary.fvc.model },
    years: series.years,
    trend: series.trend,
    states: series.states,
    maps,
    agrees: maps.every(({ agrees }) => agrees),
    notes: [...series.notes, ...(maps.length === 0 ? ['The run kept no maps: there is nothing to compare with'] : [])],
  };
}

function observationOf(
  { scene }: InspectedScene,
  { covers, bands, masks, index }: PixelObservation,
  won: ReadonlySet<string>,
): ObservationAtPixel {
  const described = masks.map(({ source, values, drops }) => ({
    path: source.path,
    band: source.band,
    description: scene.masks.find(({ path, band }) => path === source.path && band === source.band)?.description ?? '',
    values: values.map((value) => (value >= 0 ? value : null)),
    drops,
    meaning: maskMeaning(scene.product, source.rule, values),
  }));
  const missing = bands.filter(({ value }) => Number.isNaN(value)).map(({ role }) => role);
  const dropped = described.filter(({ drops }) => drops);
  const clear = !Number.isNaN(index);
  const reason = clear
    ? ''
    : !covers
      ? 'the scene does not reach here'
      : dropped.length > 0
        ? dropped.map(({ meaning, values }) => `mask ${values.join(' ')}: ${meaning}`).join('; ')
        : missing.length > 0
          ? `no data in ${missing.join(', ')}`
          : 'the index has no value here (its denominator is not positive)';
  return {
    scene: scene.id,
    date: scene.date,
    year: scene.year,
    sensor: scene.sensor,
    bands: bands.map(({ role, source, dn, value }) => ({
      role,
      path: source.path,
      band: source.band,
      dn: dn === null || Number.isNaN(dn) ? null : dn,
      scale: source.scale,
      offset: source.offset,
      value: Number.isNaN(value) ? null : value,
      resampled: source.placement.kind === 'resample' ? source.placement.method : null,
    })),
    masks: described,
    clear,
    reason,
    index: clear ? index : null,
    won: clear && won.has(scene.id),
  };
}

/** Float32 and whole numbers, as the maps hold them: equal to the bit, or not. */
function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

async function compareMaps({ folder }: Rerun, series: PixelSeries, col: number, row: number): Promise<MapAtPixel[]> {
  const found: MapAtPixel[] = [];
  for (const { key, values, sieved } of series.maps) {
    const file = `maps/${key}.tif`;
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const raster = await openRaster(path);
    try {
      for (const [k, recomputed] of values.entries()) {
        const [inMap] = await raster.readWindow({ col, row, width: 1, height: 1 }, { band: k + 1 });
        const equal = same(inMap!, recomputed);
        // A patch is known by its neighbours: one pixel cannot tell.
        const taken = !equal && sieved !== undefined && same(inMap!, sieved[k]!);
        found.push({
          file,
          band: k + 1,
          inMap: Number.isNaN(inMap) ? null : inMap!,
          recomputed: Number.isNaN(recomputed) ? null : recomputed,
          agrees: equal || taken,
          note: taken ? 'its patch is smaller than --min-patch, so it counts as never disturbed' : '',
        });
      }
    } finally {
      await raster.close();
    }
  }
  return found;
}

/** Writes the page as HTML. @throws {MineRsError} OUTPUT if it cannot */
export async function writeExplainPage(path: string, page: ExplainPage): Promise<void> {
  const { explainHtml } = await import('../report/explain-html.ts');
  writeFiles(path, [[path, explainHtml(page)]]);
}
