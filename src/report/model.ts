/**
 * The figures of a run, as summary.json holds them; tables and screens show parts of it.
 * @module
 */

import type { AuditFigures } from './audit-model.ts';
import type { InfluenceFigures } from './influence-model.ts';
import type { LandFigures } from './land-model.ts';
import type { PermutationFigures } from './permutation-model.ts';
import type { SeasonalFigures } from './seasonal-model.ts';
import type { SegmentationFigures } from './segmentation-model.ts';

/** Version of summary.json's shape: the first number changes when a field is taken away or changes its meaning. */
export const SUMMARY_VERSION = '1.1';

/** Hectares of one trend class in a zone. */
export interface ClassFigures {
  code: number;
  name: string;
  hectares: number;
  /** Of the zone's area. */
  percent: number;
  /** Hectares after the correction for testing many pixels; null where it is off. */
  fdrHectares: number | null;
}

/** The trend of a zone's yearly means. Null where a figure does not exist, such as a limit that few years cannot give. */
export interface MeanTrend {
  n: number;
  s: number;
  varS: number;
  z: number | null;
  p: number | null;
  tau: number | null;
  /** Per year. */
  slope: number;
  /** 95 % limits. */
  slopeLow: number | null;
  slopeHigh: number | null;
  intercept: number;
  lag1: number | null;
  smallestP: number;
  classCode: number;
  className: string;
  /** Pettitt's change point: the last year before it, K and p. */
  changeAfter: number | null;
  changeK: number;
  changeP: number | null;
}

/** Field significance (Benjamini–Hochberg) of the pixels' trends. */
export interface FieldFigures {
  /** False discovery rate. */
  rate: number;
  /** What the tests are counted over, in words and in cells. */
  domain: string;
  cells: number;
  /** Largest p that stands; null where none does. */
  threshold: number | null;
  /** Cells whose p stands. */
  rejected: number;
  /** The smallest p that the run's years can reach; 0 where it is as small as one likes. */
  smallestP: number;
  /** Share of the cells that must reach it before any p stands; above 1 none can. */
  leastShare: number;
}

/** One year of a zone. Means are weighted by covered area; null where the zone has no data that year. */
export interface YearFigures {
  year: number;
  mean: number | null;
  sd: number | null;
  validHa: number;
  nodataHa: number;
  clearObsMean: number | null;
}

/** One year of a zone by land state; the first six sum to the zone. */
export interface StateFigures {
  year: number;
  undisturbedHa: number;
  disturbedHa: number;
  recoveringHa: number;
  recoveredHa: number;
  notAssessableHa: number;
  nodataHa: number;
  newlyDisturbedHa: number;
  newlyRecoveredHa: number;
  /** Recovered land per land that was disturbed at any time up to this year; null where none was. */
  recoveredToDisturbed: number | null;
}

export interface ZoneFigures {
  id: string;
  name: string;
  role: string;
  areaHa: number;
  /** Part of the area that no scene shows. */
  outsideHa: number;
  trend: ClassFigures[];
  /** Annual mean of FVC, or of the index where the run makes no FVC. */
  years: YearFigures[];
  /** Trend of these means, or of their difference to the reference zones; null with too few years. */
  meanTrend: MeanTrend | null;
  /** Empty where the run makes no FVC. */
  states: StateFigures[];
  /** Null where the run makes no FVC. */
  land: LandFigures | null;
}

/** Land of one role, overlaps counted once. */
export interface RoleFigures {
  role: string;
  zones: string[];
  areaHa: number;
  trend: ClassFigures[];
  years: YearFigures[];
  meanTrend: MeanTrend | null;
  states: StateFigures[];
  land: LandFigures | null;
}

export interface SceneFigures {
  id: string;
  date: string | null;
  year: number | null;
  sensor: string | null;
  product: string | null;
  used: boolean;
  reason: string;
  /** Share of the extent's cells that are clear in this scene; null for unused scenes. */
  clearShare: number | null;
  path: string;
}

export interface Summary {
  schemaVersion: string;
  tool: { name: 'mine-rs'; version: string };
  aoi: string;
  years: number[];
  /** Years between the first and the last without a scene. */
  missingYears: number[];
  grid: { width: number; height: number; crs: string; transform: readonly number[]; chosen: string };
  index: string;
  composite: string;
  /** Null where the run makes no FVC. */
  fvc: { model: string; endpoints: { soil: number; vegetation: number; source: string } } | null;
  trend: {
    /** `fvc`, `fvc-reference` (FVC less the mean of the reference zones in the same year) or the index. */
    on: string;
    legend: string;
    pMethod: string;
    epsilon: number;
    minYears: number;
    /** The smallest p that the run's years can reach without ties; 0 where it is as small as one likes. */
    smallestP: number;
    /** For serial correlation, in the trends of zone means. */
    correction: string;
    /** What was taken off each year; null unless `on` is `fvc-reference`. */
    reference: { text: string; levels: { year: number; fvc: number | null }[] } | null;
  };
  /** Null where it is off. */
  field: FieldFigures | null;
  /** Trends over seasons; null without seasons. */
  seasonal: SeasonalFigures | null;
  /** What stands when whole years are shuffled; null where they are not. */
  permutation: PermutationFigures | null;
  baseline: { text: string; levels: { year: number; fvc: number | null }[] | null } | null;
  thresholds: {
    disturbedBelow: number;
    recoveredAbove: number;
    disturbedYears: number;
    recoveredYears: number;
    fillGaps: boolean;
    filterFlips: boolean;
    /** Patches of fewer cells do not count; null where all do. */
    minPatch: { cells: number; neighbours: number } | null;
  } | null;
  zones: ZoneFigures[];
  totals: RoleFigures[];
  /** Hectares are null where they could not be worked out. */
  overlaps: { a: string; b: string; hectares: number | null }[];
  /** Where land states and segmentation agree; null where the run segments nothing. */
  segmentation: SegmentationFigures | null;
  /** The land around mines by distance; null without rings. */
  influence: InfluenceFigures | null;
  /** What masks, sensors and chosen numbers do to the figures; null or absent where the run was not audited. */
  audit?: AuditFigures | null;
  scenes: SceneFigures[];
  warnings: string[];
}

/** What a dry run says. */
export interface Plan {
  aoi: string;
  zones: { id: string; name: string; role: string; areaHa: number }[];
  years: number[];
  missingYears: number[];
  grid: Summary['grid'];
  baseline: string;
  scenes: { id: string; date: string | null; used: boolean; reason: string; path: string }[];
  resampled: { scene: string; path: string; method: string; from: string }[];
  /** How the run is carried out, and the most memory that it is expected to hold. */
  resources: { workers: number; blockWidth: number; blockHeight: number; memoryMb: number };
  warnings: string[];
}
