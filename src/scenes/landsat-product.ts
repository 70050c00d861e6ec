/**
 * What Landsat Collection 2 Level 2 products are: names, sensors, bands, radiometry.
 * @module
 */
import type { BandRole, MaskSource, Scene } from './scene.ts';

/** Surface reflectance of Collection 2 Level 2: 2.75e-5 · DN − 0.2, DN 0 is no data (USGS product guide). */
export const SCALE = 2.75e-5;
export const OFFSET = -0.2;

/** Band number of each role: TM and ETM+, OLI. */
const TM_BANDS: Record<BandRole, number> = { blue: 1, green: 2, red: 3, nir: 4, swir1: 5, swir2: 7 };
const OLI_BANDS: Record<BandRole, number> = { blue: 2, green: 3, red: 4, nir: 5, swir1: 6, swir2: 7 };

export const SENSORS: Record<string, Record<BandRole, number>> = {
  LT04: TM_BANDS,
  LT05: TM_BANDS,
  LE07: TM_BANDS,
  LC08: OLI_BANDS,
  LC09: OLI_BANDS,
};

export const TIERS = ['RT', 'T2', 'T1'];

// sensor, level, path and row, acquired, processed, collection, tier, the rest; cut-down names lack the middle parts
const NAME = /^(L[A-Z]\d\d)_(L[12][A-Z]{2})_(\d{6})_(\d{8})(?:_(\d{8}))?(?:_(\d\d))?(?:_(T1|T2|RT))?_(.+)\.tiff?$/i;

/** A product as its name tells it; all in capitals. */
export interface LandsatProduct {
  productId: string;
  sensor: string;
  level: string;
  pathRow: string;
  acquired: string;
  processed: string;
  collection: string;
  tier: string;
}

/** A scene, and what decides between several of one acquisition. */
export interface LandsatCandidate {
  scene: Scene;
  product: LandsatProduct;
  /** Folder or document that it was found in. */
  place: string;
}

/** Reads a product's file name: the product, and which part of it the file is (SR_B4, QA_PIXEL …); null for others. */
export function parseLandsatName(name: string): (LandsatProduct & { part: string }) | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, sensor, level, pathRow, acquired, processed = '', collection = '', tier = '', part] = match.map((group) =>
    group?.toUpperCase(),
  ) as [string, string, string, string, string, string | undefined, string | undefined, string | undefined, string];
  const productId = [sensor, level, pathRow, acquired, processed, collection, tier].filter((s) => s !== '').join('_');
  return { productId, sensor, level, pathRow, acquired, processed, collection, tier, part };
}

/** Why a product is not surface reflectance of Collection 2; null where it is. */
export function productProblem(product: LandsatProduct): string | null {
  if (product.collection === '01') return 'is Collection 1; download Collection 2 Level-2';
  if (product.level.startsWith('L1')) return 'is Level-1 (top of atmosphere); download Level-2';
  if (SENSORS[product.sensor] === undefined) {
    return `the sensor ${product.sensor} has no surface reflectance product`;
  }
  if (product.collection !== '02' || product.tier === '' || !/^L2S[PR]$/.test(product.level)) {
    return 'the file name is not that of a Collection 2 Level-2 product; keep the names of the download';
  }
  return null;
}

/** Whether scale and offset are those of the product, to the digits that metadata have. */
export function isProductRadiometry(scale: number, offset: number): boolean {
  return isClose(scale, SCALE) && isClose(offset, OFFSET);
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

/** What QA_PIXEL drops. */
export function qaPixelMask(path: string): MaskSource {
  return {
    path,
    band: 1,
    rule: { kind: 'bits', bits: [0, 1, 2, 3, 4, 5] },
    description: 'QA_PIXEL bits 0-5: fill, dilated cloud, cirrus, cloud, cloud shadow, snow',
  };
}
