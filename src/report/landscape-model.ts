/**
 * What `mine-rs landcover` and `mine-rs landscape` found.
 * @module
 */

/** A class of a map. */
export interface LandClass {
  readonly code: number;
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
  /** What the resilience model gives it, 0–1; null where the lookup gives none. */
  readonly score: number | null;
}

/** What both commands say of their input. */
interface ClassPage {
  readonly schemaVersion: string;
  /** The run's folder; null where the rasters were named. */
  readonly run: string | null;
  readonly aoi: string;
  /** `FVC grades`, or `classes`. */
  readonly what: string;
  /** By year. */
  readonly rasters: readonly { readonly year: number; readonly path: string }[];
  /** Those on the maps, by code. */
  readonly classes: readonly LandClass[];
  readonly warnings: readonly string[];
}

export interface LandcoverPage extends ClassPage {
  readonly zones: readonly LandcoverZone[];
}

export interface LandcoverZone {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly areaHa: number;
  /** By year. */
  readonly years: readonly LandcoverYear[];
  /** By pair of years; those of one pair sum to the zone. */
  readonly transitions: readonly LandcoverTransition[];
}

/** Classes and no data sum to the zone's area. */
export interface LandcoverYear {
  readonly year: number;
  readonly nodataHa: number;
  /** By code; percent of the zone's area. */
  readonly classes: readonly { readonly code: number; readonly hectares: number; readonly percent: number }[];
}

/** Null is no data. */
export interface LandcoverTransition {
  readonly fromYear: number;
  readonly toYear: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly hectares: number;
}

export interface LandscapePage extends ClassPage {
  readonly neighbours: 4 | 8;
  /** Patches within it are joined, from cell centre to cell centre. */
  readonly connectDistanceM: number;
  readonly zones: readonly LandscapeZone[];
}

export interface LandscapeZone {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly years: readonly LandscapeYear[];
}

/** Metrics of a zone in a year; null where one is not defined. */
export interface LandscapeYear {
  readonly year: number;
  /** Size of a cell in metres, and whether it is that of the raster's plane or was measured on the ellipsoid. */
  readonly cellWidthM: number;
  readonly cellHeightM: number;
  readonly cellSize: 'plane' | 'ellipsoid';
  /** Cells of the zone without a class: no part of the landscape. */
  readonly nodataCells: number;
  readonly metrics: LandscapeFigures;
}

/** As ecology/landscape.ts defines them. */
export interface LandscapeFigures {
  readonly cells: number;
  readonly areaHa: number;
  readonly classes: number;
  readonly patches: number;
  readonly patchDensity: number | null;
  readonly meanPatchHa: number | null;
  readonly largestPatchHa: number | null;
  readonly largestPatchIndex: number | null;
  readonly edgeM: number;
  readonly boundaryM: number;
  readonly edgeDensity: number | null;
  readonly shdi: number | null;
  readonly shdiBase2: number | null;
  readonly shei: number | null;
  readonly fractal: number | null;
  readonly contagion: number | null;
  readonly contagionOfAll: number | null;
  readonly cohesion: number | null;
  readonly aggregation: number | null;
  readonly connectance: number | null;
  readonly byClass: readonly ClassFigures[];
}

/** Of one class; `class` is its code. */
export interface ClassFigures {
  readonly class: number;
  readonly cells: number;
  readonly areaHa: number;
  readonly percent: number;
  readonly patches: number;
  readonly patchDensity: number;
  readonly meanPatchHa: number;
  readonly largestPatchHa: number;
  readonly largestPatchIndex: number;
  readonly edgeM: number;
  readonly boundaryM: number;
  readonly edgeDensity: number;
  readonly fractal: number;
  readonly cohesion: number | null;
  readonly aggregation: number | null;
  readonly connectance: number | null;
}

/** Version of the JSON's shape: the first number changes when a field is taken away or changes its meaning. */
export const CLASS_PAGE_VERSION = '1.0';
