/**
 * What the page's script is given: the figures behind the charts and the pixels behind the map.
 * @module
 */
import type { Figure } from '../addition.ts';
import type { Colour } from '../palette.ts';

/** The languages of the report. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Everything but the pixels, which lie in elements of their own. */
export interface Payload {
  /** Texts of the script by key. */
  text: Record<string, string>;
  /** Years with scenes, ascending. */
  years: number[];
  /** What the annual values are of; shown in percent where they are shares. */
  value: { name: string; percent: boolean };
  /** Whether the trends of the areas are of their means, and not of what these have beyond the reference. */
  trendOfMean: boolean;
  classes: Entry[];
  /** Land states by code. Empty where the run has none. */
  states: Entry[];
  areas: Area[];
  /** What charts show at first, and what they hold it against; positions in `areas`. */
  shown: number;
  reference: number | null;
  /** Level that states are held against, by year, and the two shares of it; null where it differs from pixel to pixel. */
  baseline: { levels: (number | null)[]; disturbedBelow: number; recoveredAbove: number } | null;
  /** Charts of what later commands have added. */
  figures: readonly Figure[];
  map: MapData | null;
}

/** A line of a legend. */
export interface Entry {
  code: number;
  label: string;
  colour: Colour;
}

/** The figures of a zone, or of all zones of a role. Lists by year are in the order of `years`. */
export interface Area {
  /** Null for all zones of a role. */
  id: string | null;
  label: string;
  role: string;
  roleLabel: string;
  areaHa: number;
  mean: (number | null)[];
  /** Standard deviation between the pixels. */
  sd: (number | null)[];
  clear: (number | null)[];
  /** Hectares by trend class, in the order of `classes`. */
  trend: number[];
  /** Sen's slope a year, with what belongs to it; null with too few years. */
  sen: { slope: number; low: number | null; high: number | null; intercept: number; p: number | null } | null;
  /** Hectares by state code and year, then of no data; empty where the run has none. */
  states: number[][];
  noDataHa: number[];
  newlyDisturbed: number[];
  newlyRecovered: number[];
  /** Land that was disturbed in any year; null where it is not known. */
  everDisturbed: number | null;
  /** Land by year of its first disturbance, and what it is in the last year; null where it is not known. */
  cohorts: Cohort[] | null;
}

/** Land that was disturbed for the first time in one year: hectares in the last year by state code, then of no data. */
export interface Cohort {
  year: number;
  last: number[];
  /** Years until half of it had recovered; null where less has. */
  median: number | null;
}

/** The map in metres east and south of its upper left corner. */
export interface MapData {
  widthM: number;
  heightM: number;
  /** Outlines: [ring][x, y, x, y, …]; `area` is a position in `areas`. */
  zones: { area: number; rings: number[][] }[];
  layers: LayerData[];
  /** Longitude and latitude at `nodes` × `nodes` points, row by row from the upper left corner. */
  places: { nodes: number; lon: number[]; lat: number[] };
}

export type LayerKind = 'class' | 'state' | 'disturbed' | 'recovered' | 'value';

/** Pixels of a layer: bytes, [time][row][column], packed with zlib, in the element `raster-<kind>`. */
export interface LayerData {
  kind: LayerKind;
  width: number;
  height: number;
  /** Positions in `years`; empty for a layer of the whole series. */
  times: number[];
  /** Pixels of the map that one pixel here stands for, along a side. */
  factor: number;
  /** For `value`: byte b is low + b × step. */
  low: number;
  step: number;
}

/** The byte of a pixel without data. Years are bytes too: 0 none, else one more than the position in `years`. */
export const NO_DATA = 255;
