/**
 * What the rest of the program knows of a scene: which file and band holds which role, and how its numbers become
 * reflectance.
 * @module
 */

export const BAND_ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'] as const;

export type BandRole = (typeof BAND_ROLES)[number];

/** One band of one file; reflectance (or index) = DN × scale + offset. */
export interface BandSource {
  /** A file, or a URL. */
  path: string;
  /** Band number, from 1. */
  band: number;
  scale: number;
  offset: number;
  /** DN that is no data; null: only the file's own nodata tag counts. */
  nodata: number | null;
  /** Where scale and offset came from, in words for the record. */
  radiometry: string;
}

export type MaskRule =
  /** Drop where any of these bits is set. */
  | { kind: 'bits'; bits: number[] }
  /** Drop these values. */
  | { kind: 'drop'; values: number[] }
  /** Drop all but these values. */
  | { kind: 'keep'; values: number[] }
  /** Bands `band` to `band + 2` are red, green and blue of the scene classification palette, see {@link decodeSclPicture}. */
  | { kind: 'scl-picture' };

export interface MaskSource {
  path: string;
  /** Band number, from 1. */
  band: number;
  rule: MaskRule;
  description: string;
}

export type Product = 'landsat-c2l2' | 'sentinel-2-l2a' | 'hls-v2' | 'copernicus-browser' | 'yaml';

export interface Scene {
  id: string;
  /** YYYY-MM-DD */
  date: string;
  year: number;
  /** LT04, LT05, LE07, LC08, LC09, S2A, S2B, S2C, S2 (unit not told), HLS L30, HLS S30 or the name in scenes.yaml. */
  sensor: string;
  product: Product;
  /** The bands that the wanted index needs, and no others. */
  bands: Partial<Record<BandRole, BandSource>>;
  /** A ready-made index in place of reflectances. */
  index?: { name: string; source: BandSource };
  /** A pixel is clear when every mask keeps it. */
  masks: MaskSource[];
  /** All files that the scene reads, sorted. */
  files: string[];
  adjustments: string[];
  /** Longitude and latitude of its west, south, east and north edge, as a STAC item tells them. */
  bbox?: readonly [west: number, south: number, east: number, north: number];
  /** The CRS that a STAC item tells; the files decide. */
  epsg?: number;
}

/** Something that is a scene to a reader of the folder, but cannot be used, and why. */
export interface UnusableScene {
  id: string;
  date: string | null;
  sensor: string | null;
  path: string;
  reason: string;
  /** Nothing is lost by leaving it out: another copy or processing of the same acquisition is used. */
  harmless?: true;
}

/** What finding scenes needs to know of a raster. */
export interface RasterProbe {
  width: number;
  height: number;
  bandCount: number;
  /** uint8, int16, float32 … */
  pixelType: string;
  /** The description of each band, or null. */
  descriptions: (string | null)[];
  nodata: number | null;
}
