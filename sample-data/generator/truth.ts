/**
 * What is known about the synthetic mine, from the noise-free cover that the scenes are painted from.
 * @module
 */
import { buildSite, NEVER, SEED, type Site } from './site.ts';
import { fvcOfYear, levelsOfYear, zoneMean, type Levels } from './fvc.ts';
import { SCENES, sceneFrame, sceneId } from './scenes.ts';
import { NDVI_SOIL, NDVI_VEGETATION, YEARS } from './story.ts';
import { GRID, ZONES, type ZoneInfo } from './zones.ts';

/** Ellipsoidal area of a cell in the middle of the grid, hectares: planar area over the squared scale factor of UTM. */
const CELL_HA = 0.09 / (0.9996 * (1 + (542985 - 500000) ** 2 / (2 * 6378137 ** 2))) ** 2;

/** The landscape of all years on the base grid. */
export interface World {
  readonly site: Site;
  readonly levels: ReadonlyMap<number, Levels>;
  /** True FVC per year, row-major, may leave [0, 1]. */
  readonly fvc: ReadonlyMap<number, Float64Array>;
}

export function buildWorld(): World {
  const site = buildSite({ width: GRID.width, height: GRID.height, x: 0, y: 0 });
  const levels = new Map(YEARS.map((year) => [year, levelsOfYear(site, year)]));
  const fvc = new Map(YEARS.map((year) => [year, fvcOfYear(site, year, levels.get(year)!)]));
  return { site, levels, fvc };
}

/** The record that becomes `truth.json`. */
export function truthOf(world: World): object {
  return {
    synthetic: true,
    about:
      'Made-up scenes of a made-up mine. The published figures below are what its story follows, not what it proves.',
    licence: 'CC0-1.0',
    seed: SEED,
    command: 'npm run sample-data',
    crs: GRID.crs.name,
    grid: { width: GRID.width, height: GRID.height, transform: GRID.transform },
    years: YEARS,
    missingYears: [2016],
    method: {
      fvcMean: 'mean over pixel centres of the noise-free FVC at the height of the season, clipped to 0-1',
      minedHa: 'opened by this year and not yet seeded',
      disturbedHa: "FVC of the year at most half of the background zone's mean of the same year",
      hectares: 'pixel centres times the ellipsoidal cell area; a run weighs edge pixels by their exact share',
      tolerance:
        'A run measures fvcMean within 0.01 in 2020-2024 for the zones of role mine and reference. In earlier years ' +
        'clouds and the gaps of LE07 hide up to a third of a zone.',
    },
    ndviEndpoints: { soil: NDVI_SOIL, vegetation: NDVI_VEGETATION, tolerance: 0.006 },
    published: {
      source: 'Feng et al. 2025, Jiangcang coal mine',
      fvcMean: {
        'pit-4': { '2020': 0.5321, '2021': 0.7745 },
        'pit-5': { '2020': 0.5437, '2021': 0.7275 },
        'dump-2': 'about 0.50 throughout',
        background: '0.77-0.84',
      },
      'pit-4 trend 2021-2024, percent': {
        'significant + slightly significant increase': 13.92,
        'no significant increase': 70.8,
        'no change': 4.48,
        'no significant decrease': 10.67,
        'significant + slightly significant decrease': 0.14,
      },
      'pit-4 area, ha': 250,
      'mining land': 'largest in 2019; restoration works from 2020',
    },
    zones: ZONES.map((zone, k) => zoneTruth(world, zone, k)),
    scenes: SCENES.map(sceneId),
    sceneOfAnotherExtent: otherExtents(),
  };
}

function zoneTruth({ site, fvc }: World, { id, name, role }: ZoneInfo, k: number): object {
  const byYear = YEARS.map((year) => {
    const cover = fvc.get(year)!;
    const half = 0.5 * zoneMean(site, cover, ZONES.length - 1).mean;
    return {
      year,
      fvcMean: round(zoneMean(site, cover, k).mean, 4),
      minedHa: hectares(site, k, (i) => site.opened[i]! <= year && year < site.seeded[i]!),
      disturbedHa: hectares(site, k, (i) => cover[i]! <= half),
    };
  });
  if (role !== 'mine') return { id, name, role, byYear };
  return {
    id,
    name,
    role,
    openedHaByYear: shares(site, k, 'opened'),
    seededHaByYear: shares(site, k, 'seeded'),
    byYear,
  };
}

function otherExtents(): object[] {
  return SCENES.filter((scene) => scene.frame !== undefined).map((scene) => {
    const { width, height, x, y } = sceneFrame(scene);
    return { id: sceneId(scene), width, height, colOffset: x, rowOffset: y, unit: 'pixels of the common grid' };
  });
}

/** Newly opened or seeded hectares of a mine zone by the year that first shows them. */
function shares(site: Site, zone: number, what: 'opened' | 'seeded'): Record<string, number> {
  const years = YEARS.filter((year) => site[what].some((value, i) => value === year && site.zone[i] === zone));
  const never = hectares(site, zone, (i) => site[what][i] === NEVER);
  return {
    ...Object.fromEntries(years.map((year) => [String(year), hectares(site, zone, (i) => site[what][i] === year)])),
    never,
  };
}

function hectares(site: Site, zone: number, holds: (i: number) => boolean): number {
  let n = 0;
  for (let i = 0; i < site.zone.length; i++) if (site.zone[i] === zone && holds(i)) n++;
  return round(n * CELL_HA, 2);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
