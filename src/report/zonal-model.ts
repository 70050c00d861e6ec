/**
 * What `mine-rs zones` found, as its JSON holds it.
 * @module
 */

/** Version of the JSON's shape: the first number changes when a field is taken away or changes its meaning. */
export const ZONAL_VERSION = '1.0';

/** One zone and band. Figures are null where the zone has no data. */
export interface ZonalFigures {
  /** 1-based. */
  band: number;
  /** Cells with data that the zone covers at least in part. */
  cells: number;
  /** Covered shares of these cells, summed. */
  count: number;
  validHa: number;
  /** The rest of the zone, with its part beyond the raster. */
  nodataHa: number;
  /** Weighted by covered area, as `sd` and the quantiles are. */
  mean: number | null;
  sd: number | null;
  min: number | null;
  max: number | null;
  /** Of value × covered share. */
  sum: number | null;
  /** By name: `p10`, `p50` … */
  quantiles: Record<string, number | null>;
  /** The value with the largest and the smallest covered area, and the number of values; null unless asked for. */
  majority: number | null;
  minority: number | null;
  variety: number | null;
  /** By ascending value; null unless asked for. They sum to `validHa`. */
  classes: { value: number; hectares: number; percent: number }[] | null;
}

export interface ZonalZone {
  id: string;
  name: string;
  role: string;
  areaHa: number;
  /** Part of the area beyond the raster. */
  outsideHa: number;
  bands: ZonalFigures[];
}

/** All that one call found. */
export interface ZonalPage {
  schemaVersion: string;
  raster: string;
  aoi: string;
  /** What a cell weighs: its covered area on the ellipsoid, or in the plane of the raster's CRS. */
  area: 'ellipsoidal' | 'planar';
  bands: { band: number; description: string | null; scale: number; offset: number; nodata: number | null }[];
  /** Statistics by name, in the order of the table. */
  statistics: string[];
  zones: ZonalZone[];
  warnings: string[];
}
