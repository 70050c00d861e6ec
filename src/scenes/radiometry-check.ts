/**
 * Whether the reflectances of a scene can be right: a missing or doubled offset shows in their distribution.
 *
 * Two looks. Alone: vegetation is dark in red, and hardly anything is negative. Against the other scenes of the stack:
 * an offset moves red and near infrared by the same amount, which no change of the land does. A finding is a warning
 * with its figures, not a verdict: a stack of bright ground without vegetation gives no firm floor to hold it against.
 * @module
 */
import type { Product } from './scene.ts';

/** Percentiles of a scene's clear pixels. */
export interface ReflectanceFigures {
  /** Clear pixels that were looked at. */
  pixels: number;
  /** Reflectance at percentiles 1, 5, 25, 50 and 75; null where the scene has no such band. */
  red: BandFigures | null;
  nir: BandFigures | null;
  /** NDVI at the 95th percentile; null where it was not looked at. */
  ndviP95: number | null;
}

export interface BandFigures {
  p1: number;
  p5: number;
  p25: number;
  p50: number;
  p75: number;
}

export interface CheckedScene {
  id: string;
  date: string;
  product: Product;
  figures: ReflectanceFigures;
}

export interface RadiometryWarning {
  scene: string;
  message: string;
}

/** Fewer clear pixels tell too little about a distribution's ends. */
const MIN_PIXELS = 200;
/** Scenes that a scene is held against. */
const MIN_OTHERS = 3;
/** Half the days of a season: scenes further apart in the year show other land. */
const SEASON_DAYS = 60;

/** The offsets that products have; which one a scene of a scenes.yaml has is not known. */
const OFFSETS: Record<Product, readonly number[]> = {
  'sentinel-2-l2a': [0.1],
  'copernicus-browser': [0.1],
  'landsat-c2l2': [0.2],
  'hls-v2': [],
  yaml: [0.1, 0.2],
};

/** Share of an offset by which a shift may miss it. */
const SHIFT_TOLERANCE = 0.3;

/** Checks the scenes of one stack. In the order given, at most one warning a scene. */
export function checkRadiometry(scenes: readonly CheckedScene[]): RadiometryWarning[] {
  const enough = scenes.filter(({ figures }) => figures.pixels >= MIN_PIXELS);
  const messages = new Map(enough.map((scene) => [scene, alone(scene.figures)]));
  // What is wrong by itself is no measure for the others.
  const sound = enough.filter((scene) => messages.get(scene) === null);
  for (const scene of sound) messages.set(scene, amongOthers(scene, sound));
  return enough.flatMap((scene) => {
    const message = messages.get(scene) ?? null;
    return message === null ? [] : [{ scene: scene.id, message }];
  });
}

/** What is wrong with a distribution by itself. */
function alone({ red, nir, ndviP95 }: ReflectanceFigures): string | null {
  const bands = [red, nir].filter((band) => band !== null);
  if (bands.length === 0) return null;
  if (bands.some((band) => band.p50 > 1.2)) {
    return `half of the clear pixels reflect more than ${figure(Math.max(...bands.map((b) => b.p50)))}: is the scale right?`;
  }
  if (bands.every((band) => Math.abs(band.p75) < 0.004 && Math.abs(band.p25) < 0.004)) {
    return 'nearly all clear pixels reflect nothing: is the scale right?';
  }
  const low = bands.find((band) => band.p5 < -0.03);
  if (low !== undefined) {
    const name = low === red ? 'red' : 'near infrared';
    return `5 % of the clear pixels have a ${name} reflectance below ${figure(low.p5)}: is the offset taken off twice?`;
  }
  if (red !== null && red.p5 < -0.01 && ndviP95 !== null && ndviP95 > 0.97) {
    return `5 % of the clear pixels have an NDVI of 1, the red reflectance being negative: is the offset taken off twice?`;
  }
  if (red !== null && ndviP95 !== null) {
    // Green vegetation is dark in red: 0.02 to 0.08, and so are shadow and water. Where there is some vegetation and no
    // pixel is that dark, red is too high. Real dry mines come to 0.09.
    const floorTooHigh = (red.p1 > 0.11 && ndviP95 >= 0.4) || (red.p1 > 0.19 && ndviP95 >= 0.3);
    if (floorTooHigh) {
      return `there is vegetation (NDVI up to ${figure(ndviP95)}), yet 99 % of the red reflectances are above ${figure(red.p1)}: is the offset missing?`;
    }
  }
  return null;
}

/** Whether a scene is moved by an offset against the others of its season. */
function amongOthers(scene: CheckedScene, all: readonly CheckedScene[]): string | null {
  const { red, nir } = scene.figures;
  if (red === null || nir === null) return null;
  const others = all.filter(
    (other) =>
      other !== scene &&
      other.product === scene.product &&
      other.figures.red !== null &&
      other.figures.nir !== null &&
      daysApart(scene.date, other.date) <= SEASON_DAYS,
  );
  if (others.length < MIN_OTHERS) return null;
  const redShifts = shifts(
    red,
    others.map(({ figures }) => figures.red!),
  );
  const nirShifts = shifts(
    nir,
    others.map(({ figures }) => figures.nir!),
  );
  for (const offset of OFFSETS[scene.product]) {
    for (const sign of [1, -1]) {
      const fits = (shift: number): boolean => Math.abs(shift - sign * offset) <= SHIFT_TOLERANCE * offset;
      // The whole distribution moves, dark end and middle alike: haze lifts the dark end most, snow the bright one.
      if (!redShifts.every(fits) || !nirShifts.every(fits)) continue;
      const amount = figure(Math.abs(median(redShifts) + median(nirShifts)) / 2);
      const question = sign > 0 ? 'is the offset missing?' : 'is the offset taken off twice?';
      return `red and near infrared lie by ${amount} ${sign > 0 ? 'above' : 'below'} the other scenes of the season: ${question}`;
    }
  }
  return null;
}

const COMPARED = ['p5', 'p25', 'p50'] as const;

/** By how much each percentile lies above the median of the others. */
function shifts(band: BandFigures, others: readonly BandFigures[]): number[] {
  return COMPARED.map((key) => band[key] - median(others.map((other) => other[key])));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Days between two dates within the year, whatever their years. */
function daysApart(a: string, b: string): number {
  const dayOf = (date: string): number => Date.parse(`2000-${date.slice(5)}T00:00:00Z`) / 86_400_000;
  const days = Math.abs(dayOf(a) - dayOf(b));
  return Math.min(days, 366 - days);
}

function figure(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
