/**
 * Quick-look pictures of the maps that people ask for first.
 * @module
 */
import { join } from 'node:path';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import { readHalved } from '../raster/level.ts';
import type { Summary } from '../report/model.ts';
import { mapPicture, type PictureInput } from '../report/quicklook/picture.ts';
import { mapStyle } from '../report/styles/map-style.ts';
import { valueName } from '../report/tables.ts';
import { projectZone } from '../vector/project.ts';
import type { WrittenMapFile } from './extras.ts';
import type { Preparation } from './prepare.ts';
import { pixelSize } from './report-map.ts';

export interface Quicklook {
  /** File name. */
  readonly name: string;
  readonly png: Uint8Array;
}

/** Pixels along the longer side. Larger maps are halved until they fit. */
const MOST_PIXELS = 1000;
/** Points of all outlines together; with more the picture has none. */
const MOST_POINTS = 500_000;

/** Trend class, the last year's land state and the last year's FVC (or index): those that the run kept. */
export async function drawQuicklooks(
  run: Preparation,
  maps: readonly WrittenMapFile[],
  summary: Summary,
  work: string,
  window: Window,
): Promise<Quicklook[]> {
  const { grid } = run.gridPlan;
  const last = summary.years.at(-1)!;
  const wanted = [
    { key: 'trend_class', name: 'trend_class' },
    { key: 'state', name: `state_${last}` },
    { key: `${valueName(summary)}_${last}`, name: `${valueName(summary)}_${last}` },
  ];
  const halvings = halvingsFor(window);
  const factor = 2 ** halvings;
  const outlines = outlinesOf(run, window, factor);
  const pixelM = pixelSize(grid, window)[0] * factor;
  const pictures: Quicklook[] = [];
  for (const { key, name } of wanted) {
    const map = maps.find((found) => found.key === key);
    const style = mapStyle(key, summary);
    if (map === undefined || style === undefined) continue;
    const { band, title } = style.bands[0]!;
    const [image] = await readHalved(join(work, map.file), window, halvings, [band], map.spec.overview);
    const { pixels, width, height } = image!;
    const shared = { style, outlines, pixelM, nodata: map.spec.nodata, note: noteOf(summary) };
    const picture: PictureInput = {
      ...shared,
      title,
      subtitle: subtitleOf(summary, grid, window),
      width,
      height,
      pixels,
    };
    pictures.push({ name: `${name}.png`, png: mapPicture(picture) });
  }
  return pictures;
}

function halvingsFor({ width, height }: Window): number {
  let halvings = 0;
  // Windows begin on a multiple of 64 pixels.
  while (halvings < 6 && Math.max(width, height) / 2 ** halvings > MOST_PIXELS) halvings += 1;
  return halvings;
}

/** Outlines in pixels of the picture. */
function outlinesOf(run: Preparation, { col, row }: Window, factor: number): PictureInput['outlines'] {
  const { grid } = run.gridPlan;
  const inverse = invertAffine(grid.transform);
  const rings = run.aoi.zones.flatMap((zone) => {
    // Straight edges stay within a hair of their true curve at this scale.
    const polygons = projectZone(zone, grid.crs, 1e-4);
    return polygons.flat().map((ring) => ({ role: zone.role, ring }));
  });
  if (rings.reduce((sum, { ring }) => sum + ring.length, 0) > MOST_POINTS) return [];
  return rings.map(({ role, ring }) => ({
    role,
    ring: ring.flatMap(([x, y]) => {
      const [c, r] = applyAffine(inverse, x, y);
      return [(c - col) / factor, (r - row) / factor];
    }),
  }));
}

function subtitleOf({ years, scenes }: Summary, grid: Grid, { col, row, width, height }: Window): string {
  const middle = applyAffine(grid.transform, col + width / 2, row + height / 2);
  const [lon, lat] = createTransformer(grid.crs, WGS84)(...middle);
  const place = `${Math.abs(lat).toFixed(2)}° ${lat < 0 ? 'S' : 'N'}, ${Math.abs(lon).toFixed(2)}° ${lon < 0 ? 'W' : 'E'}`;
  const used = scenes.filter((scene) => scene.used).length;
  return `${place}; ${used} scenes, ${years[0]!} to ${years.at(-1)!}`;
}

function noteOf({ tool }: Summary): string {
  return `${tool.name} ${tool.version}. A spectral change is evidence, not a compliance finding.`;
}
