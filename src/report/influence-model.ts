/**
 * Figures on the land around mines, by distance: part of the run's summary.
 * @module
 */
import type { ClassFigures, MeanTrend } from './model.ts';

/** One year of a ring. FVC, or the index where the run makes no FVC; null without data. */
export interface RingYear {
  year: number;
  mean: number | null;
  validHa: number;
  nodataHa: number;
  reference: number | null;
  /** Reference less mean. */
  shortfall: number | null;
  /** Null where the run makes no FVC. */
  disturbedHa: number | null;
  recoveringHa: number | null;
  recoveredHa: number | null;
}

/** The land between two distances from a mine, without the land of any mine. */
export interface RingFigures {
  id: string;
  mine: string;
  fromM: number;
  toM: number;
  areaHa: number;
  /** Part of the area that no scene shows. */
  outsideHa: number;
  years: RingYear[];
  trend: ClassFigures[];
  meanTrend: MeanTrend | null;
  /** Land that was disturbed in any year; null where the run makes no FVC. */
  disturbedHa: number | null;
  /** Means over the years of the test; null without such years, or where the ring is the reference itself. */
  mean: number | null;
  reference: number | null;
  shortfall: number | null;
  /** Years that the test could use. */
  n: number;
  /** p of the test that the shortfall is above the tolerance; null where it was not tested. */
  p: number | null;
  /** Whether the mine's influence reaches into the ring: it and all rings within are below the reference; null as `p`. */
  influenced: boolean | null;
}

/** Whether a ring is influenced, as tables say it; null where that was not tested. */
export function influencedWord({ influenced }: RingFigures): 'yes' | 'no' | null {
  if (influenced === null) return null;
  return influenced ? 'yes' : 'no';
}

/**
 * `fades`: a ring was found in which the land is no longer below the reference. `none`: already the innermost. `not
 * reached`: no such ring. `not testable`: too few years.
 */
export type InfluenceResult = 'fades' | 'none' | 'not reached' | 'not testable';

export interface MineInfluence {
  id: string;
  name: string;
  result: InfluenceResult;
  /** Outer distance of the last influenced ring; null unless the influence fades, or there is none. */
  radiusM: number | null;
  /** Outer distance of the farthest ring that was tested; 0 where none was. */
  testedToM: number;
  /** Whether the shortfall gets less from ring to ring. */
  falling: boolean;
  /** Rings beyond the radius that are below the reference nevertheless, as from–to in metres. */
  beyond: string[];
  /** The mine's polygon. */
  polygonHa: number;
  /** Land of the polygon that was disturbed in any year; null where the run makes no FVC. */
  excavatedHa: number | null;
  /** Polygon and rings within the radius, less the excavated land. */
  influenceHa: number | null;
  /** Influence per excavated hectare. */
  ratio: number | null;
  /** Tonnes a year; null where none was given. */
  productionT: number | null;
}

/** All mines with an area of influence together; land that several influence counts once. */
export interface InfluenceTotal {
  mines: string[];
  excavatedHa: number;
  influenceHa: number;
  ratio: number | null;
  productionT: number | null;
}

/** A region's areas if its production had the same effect as that of the mines. */
export interface RegionFigures {
  productionT: number;
  excavatedHa: number;
  influenceHa: number;
}

export interface InfluenceFigures {
  /** What was held against what, in words. */
  method: string;
  tolerance: number;
  /** Level of the test. */
  alpha: number;
  /** Years of the test. */
  years: number[];
  reference: 'zones' | 'outermost ring';
  rings: RingFigures[];
  mines: MineInfluence[];
  /** Null where no mine has an area of influence. */
  total: InfluenceTotal | null;
  region: RegionFigures | null;
}
