/**
 * Landsat-shaped scenes of the synthetic landscape: surface reflectance and QA_PIXEL as Collection 2 Level 2 stores them.
 * @module
 */
import type { Grid } from '../../src/geo/grid.ts';
import { translateAffine } from '../../src/geo/affine.ts';
import { createRandom, fractalNoise, nearlyNormal, smoothStep } from './random.ts';
import { SEED, type Frame, type Site } from './site.ts';
import { NDVI_SOIL, NDVI_VEGETATION } from './story.ts';
import { GRID } from './zones.ts';

type Platform = 'LE07' | 'LC08' | 'LC09';

/** How one scene is made. */
export interface ScenePlan {
  /** Acquisition day, yyyymmdd, in step with the 16-day cycle: Landsat 8 saw path 133 on 2017-07-16. */
  readonly date: string;
  readonly platform: Platform;
  /** Processing day in the name; Collection 2 was processed from August 2020 on. */
  readonly processed: string;
  /** Wanted share of cloud, 0–1. */
  readonly cloud: number;
  /** The side that the clouds lie towards, east and south positive. */
  readonly cloudSide: readonly [east: number, south: number];
  /** Share of the season's height that the green has reached, 0–1. */
  readonly season: number;
  /** Pixels of fill at the western edge of the uppermost row. */
  readonly fill: number;
  /** Frame of a scene with another extent, in pixels of the base grid. */
  readonly frame?: Frame;
  /** Shift of the gaps that ETM+ leaves without its scan line corrector, in rows. */
  readonly gaps?: number;
}

const FULL_FRAME: Frame = { width: GRID.width, height: GRID.height, x: 0, y: 0 };

function plan(
  platform: Platform,
  date: string,
  processed: string,
  season: number,
  cloud: number,
  cloudSide: readonly [number, number],
  fill: number,
  extra: Pick<ScenePlan, 'frame' | 'gaps'> = {},
): ScenePlan {
  return { platform, date, processed, season, cloud, cloudSide, fill, ...extra };
}

/** Two scenes a year; the greener one need not be the earlier or the clearer. */
export const SCENES: readonly ScenePlan[] = [
  plan('LE07', '20120726', '20200908', 1, 0.06, [-1, 2], 0, { gaps: 0 }),
  plan('LE07', '20120811', '20200908', 0.985, 0.12, [2, -1], 0, { gaps: 16 }),
  plan('LC08', '20130721', '20200912', 1, 0.14, [1, 1], 5),
  plan('LE07', '20130814', '20200907', 0.98, 0.05, [-1, -1], 0, { gaps: 7 }),
  plan('LC08', '20140724', '20200911', 0.985, 0.33, [-1, 0], 3),
  plan('LC08', '20140825', '20200911', 1, 0.1, [1, 0], 6),
  plan('LC08', '20150711', '20200908', 0.97, 0.04, [0, 1], 4),
  plan('LC08', '20150812', '20200908', 1, 0.16, [1, -1], 7),
  plan('LC08', '20170716', '20200903', 1, 0.09, [-1, -1], 2),
  plan('LC08', '20170817', '20200903', 0.985, 0.03, [1, 1], 5),
  plan('LC08', '20180719', '20200831', 1, 0.08, [1, 1], 4),
  plan('LC08', '20180820', '20200831', 0.985, 0.08, [-1, 1], 0, {
    frame: { width: 191, height: 163, x: 37.4, y: 21.7 },
  }),
  plan('LC08', '20190722', '20200827', 1, 0.05, [0, 4], 3),
  plan('LC08', '20190823', '20200826', 0.96, 0.2, [1, -4], 6),
  plan('LC08', '20200708', '20200913', 0.97, 0.11, [1, 1], 5),
  plan('LC08', '20200809', '20200916', 1, 0.04, [1, -1], 2),
  plan('LC08', '20210727', '20210804', 1, 0.05, [1, -1], 6),
  plan('LC08', '20210828', '20210901', 0.97, 0.02, [0, 1], 3),
  plan('LC09', '20220722', '20230407', 1, 0.05, [1, 1], 4),
  plan('LC08', '20220815', '20220824', 0.98, 0.27, [-1, 1], 7),
  plan('LC08', '20230717', '20230724', 0.965, 0.18, [0, -1], 2),
  plan('LC09', '20230810', '20230811', 1, 0.06, [1, 0], 5),
  plan('LC08', '20240719', '20240723', 1, 0.07, [1, -1], 4),
  plan('LC09', '20240812', '20240813', 0.98, 0.03, [-1, -1], 6),
];

/** A scene's pixels: digital numbers and QA_PIXEL, row-major on its grid. */
export interface SceneImage {
  readonly id: string;
  readonly grid: Grid;
  readonly red: Uint16Array;
  readonly nir: Uint16Array;
  readonly qa: Uint16Array;
  /** Band part of the file names of red and NIR. */
  readonly bands: readonly [red: string, nir: string];
}

/** QA_PIXEL values as the USGS writes them; OLI has cirrus bits that ETM+ has not. */
const QA_CODES = {
  oli: { fill: 1, clear: 21824, water: 21952, dilated: 22018, cloud: 22280, shadow: 23888 },
  etm: { fill: 1, clear: 5440, water: 5504, dilated: 5442, cloud: 5896, shadow: 7440 },
} as const;

/** Noise of one observation: of the NDVI, and of the brightness as a share. */
const NDVI_NOISE = 0.0035;
const BRIGHTNESS_NOISE = 0.014;

/** The file name stem of a scene, such as LC08_L2SP_133034_20200809_20200916_02_T1. */
export function sceneId({ platform, date, processed }: ScenePlan): string {
  return `${platform}_L2SP_133034_${date}_${processed}_02_T1`;
}

export function sceneYear({ date }: ScenePlan): number {
  return Number(date.slice(0, 4));
}

export function sceneFrame({ frame }: ScenePlan): Frame {
  return frame ?? FULL_FRAME;
}

/**
 * Paints a scene.
 * @param site Static layers on the scene's own frame
 * @param fvc True FVC of the scene's year on the same frame, row-major
 */
export function paintScene(scene: ScenePlan, site: Site, fvc: Float64Array): SceneImage {
  const frame = sceneFrame(scene);
  const random = createRandom(SEED + Number(scene.date));
  const year = sceneYear(scene);
  const n = frame.width * frame.height;
  const red = new Uint16Array(n);
  const nir = new Uint16Array(n);
  const qa = new Uint16Array(n);
  const code = scene.platform === 'LE07' ? QA_CODES.etm : QA_CODES.oli;
  const cloud = cloudField(scene, frame);
  for (let i = 0; i < n; i++) {
    const col = i % frame.width;
    const row = Math.floor(i / frame.width);
    const [ndviNoise, redNoise] = [nearlyNormal(random), nearlyNormal(random)];
    if (isFill(scene, frame, col, row)) {
      qa[i] = code.fill;
      continue;
    }
    const green = Math.min(1.15, fvc[i]!);
    const seasonal = green > 0 ? green * scene.season : green;
    const ndvi = NDVI_SOIL + (NDVI_VEGETATION - NDVI_SOIL) * seasonal + NDVI_NOISE * ndviNoise;
    let sum = (0.36 + 0.1 * Math.min(1, Math.max(0, green))) * site.relief[i]!;
    if (year >= site.opened[i]! && year < site.seeded[i]!) sum *= 1 - 0.55 * site.coal[i]!;
    sum = sum * (1 - site.water[i]!) + 0.13 * site.water[i]!;
    sum *= 1 + BRIGHTNESS_NOISE * redNoise;
    const { opacity, shadow } = cloud(col, row);
    const light = 1 - 0.5 * shadow;
    red[i] = toDn(((1 - ndvi) / 2) * sum * light * (1 - opacity) + 0.62 * opacity);
    nir[i] = toDn(((1 + ndvi) / 2) * sum * light * (1 - opacity) + 0.66 * opacity);
    if (opacity > 0.25) qa[i] = code.cloud;
    else if (opacity > 0) qa[i] = code.dilated;
    else if (shadow > 0) qa[i] = code.shadow;
    else qa[i] = site.water[i]! > 0.6 ? code.water : code.clear;
  }
  return {
    id: sceneId(scene),
    grid: {
      ...GRID,
      width: frame.width,
      height: frame.height,
      transform: translateAffine(GRID.transform, frame.x, frame.y),
    },
    red,
    nir,
    qa,
    bands: scene.platform === 'LE07' ? ['SR_B3', 'SR_B4'] : ['SR_B4', 'SR_B5'],
  };
}

/** Surface reflectance to the digital number of Collection 2 Level 2. */
function toDn(reflectance: number): number {
  return Math.min(65455, Math.max(1, Math.round((reflectance + 0.2) / 2.75e-5)));
}

/** The oblique edge of the path, and the wedges that a broken scan line corrector leaves out. */
function isFill(scene: ScenePlan, frame: Frame, col: number, row: number): boolean {
  const x = col + frame.x;
  const y = row + frame.y;
  if (scene.fill > 0 && x < scene.fill - 0.022 * y) return true;
  if (scene.gaps === undefined) return false;
  const along = y + 0.2 * x + scene.gaps;
  return along - 33 * Math.floor(along / 33) < 3.5 + 0.012 * (GRID.width - x);
}

/** Clouds, the thin rim that a mask dilates them by, and their shadows to the north-west of them. */
function cloudField(scene: ScenePlan, frame: Frame): (col: number, row: number) => { opacity: number; shadow: number } {
  // Any whole number that differs from scene to scene does.
  const seed = SEED + 7 * (Number(scene.date) - 1);
  const [east, south] = scene.cloudSide;
  const density = (x: number, y: number) =>
    fractalNoise(seed, x, y, 48, 4) + 1.1 * east * (x / GRID.width - 0.5) + 1.1 * south * (y / GRID.height - 0.5);
  const sample: number[] = [];
  for (let y = 0; y < GRID.height; y += 2) for (let x = 0; x < GRID.width; x += 2) sample.push(density(x, y));
  sample.sort((a, b) => a - b);
  const threshold = sample[Math.floor((1 - scene.cloud) * (sample.length - 1))]!;
  const opacityAt = (x: number, y: number) => 0.9 * smoothStep(-0.16, 0.5, density(x, y) - threshold);
  return (col, row) => {
    const x = col + frame.x;
    const y = row + frame.y;
    return { opacity: opacityAt(x, y), shadow: opacityAt(x + 10, y + 8) > 0.1 ? 1 : 0 };
  };
}
