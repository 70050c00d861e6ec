/**
 * What `mine-rs scenes` tells of a stack, as its JSON holds it.
 * @module
 */

/** Version of the JSON's shape: the first number changes when a field is taken away or changes its meaning. */
export const SCENES_VERSION = '1.0';

/** `ok`: used by a run. `check`: used, but its radiometry looks wrong. `copy`: another copy is used. `unusable`: not used. */
export type SceneState = 'ok' | 'check' | 'copy' | 'unusable' | 'outside';

/** Reflectance (or index) = DN × scale + offset. */
export interface LedgerBand {
  path: string;
  band: number;
  scale: number;
  offset: number;
  nodata: number | null;
  source: string;
}

export interface SceneFigures {
  id: string;
  /** YYYY-MM-DD */
  date: string | null;
  sensor: string | null;
  product: string | null;
  /** Path and row or tile; null where the id does not tell. */
  place: string | null;
  path: string;
  state: SceneState;
  /** What is wrong, or why it is not used; empty where nothing is. */
  problems: string[];
  /** Of the scene's finest band, `pixel` in units of the CRS; null where it was not opened. */
  grid: { crs: string; geographic: boolean; width: number; height: number; pixel: number } | null;
  /** By role, or by the name of a ready-made index. */
  bands: Record<string, LedgerBand>;
  masks: { path: string; band: number; description: string }[];
  adjustments: string[];
  /** Share of clear pixels, 0 to 1; null where no pixel was read. */
  clear: { share: number; of: 'aoi' | 'scene'; sampled: boolean } | null;
  /** Percentiles of the clear pixels' reflectance; null where no pixel was clear or the index is ready-made. */
  reflectance: {
    pixels: number;
    red: Percentiles | null;
    nir: Percentiles | null;
    ndviP95: number | null;
  } | null;
}

export interface Percentiles {
  p1: number;
  p5: number;
  p25: number;
  p50: number;
  p75: number;
}

export interface ScenesPage {
  version: string;
  sources: string[];
  aoi: string | null;
  /** By date and id, usable or not. */
  scenes: SceneFigures[];
  /** Years with usable scenes; `clear` is the mean of the scenes' shares. */
  years: { year: number; scenes: number; clear: number | null }[];
  /** Years between the first and the last without a usable scene. */
  missingYears: number[];
  /** Grids of the usable scenes, the commonest first. A run takes the first and resamples the others. */
  grids: { crs: string; pixel: number; scenes: number }[];
  /** Products of the usable scenes, the commonest first. A run takes one. */
  products: { product: string; scenes: number }[];
  /** Usable scenes of one sensor, place and day: parts of an acquisition, or the same twice. */
  sameDay: { date: string; place: string; ids: string[] }[];
  /** Files that look like rasters but belong to no known layout. */
  ignored: number;
}
