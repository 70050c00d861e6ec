/**
 * What is read of a STAC item: id, date, platform, and the radiometry of its assets.
 * @module
 */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

const MAX_BYTES = 8 * 1024 * 1024;

// Extensions in other shapes than the wanted one, as old items have them, count as absent.
const bandSchema = z.looseObject({
  name: z.string().optional(),
  common_name: z.string().optional(),
  'eo:common_name': z.string().optional(),
  'raster:scale': z.number().optional(),
  'raster:offset': z.number().optional(),
});
const rasterBandSchema = z.looseObject({
  nodata: z.number().optional().catch(undefined),
  scale: z.number().optional(),
  offset: z.number().optional(),
});
const assetSchema = z.looseObject({
  href: z.string(),
  bands: z.array(bandSchema).optional().catch(undefined),
  'eo:bands': z.array(bandSchema).optional().catch(undefined),
  'raster:bands': z.array(rasterBandSchema).optional().catch(undefined),
  'raster:scale': z.number().optional().catch(undefined),
  'raster:offset': z.number().optional().catch(undefined),
});
const itemSchema = z.looseObject({
  type: z.literal('Feature'),
  stac_version: z.string(),
  id: z.string(),
  collection: z.string().nullish().catch(undefined),
  properties: z.record(z.string(), z.unknown()),
  assets: z.record(z.string(), assetSchema),
});

export type StacItem = z.infer<typeof itemSchema>;
export type StacAsset = z.infer<typeof assetSchema>;

/** Reads a JSON file; null when it is not a STAC item. */
export async function readStacItem(path: string): Promise<StacItem | null> {
  if ((await stat(path)).size > MAX_BYTES) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
  const result = itemSchema.safeParse(parsed);
  return result.success ? result.data : null;
}

/** A text property, or null. */
export function textProperty(item: StacItem, key: string): string | null {
  const value = item.properties[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The common names of an asset's bands: `red`, `nir` … */
export function commonNames(asset: StacAsset): string[] {
  const bands = asset['eo:bands'] ?? asset.bands ?? [];
  return bands.map((band) => band.common_name ?? band['eo:common_name'] ?? '');
}

/** Scale, offset and no-data value that the item gives for an asset, each absent when it does not. */
export function toldRadiometry(asset: StacAsset): {
  field: string;
  scale?: number | undefined;
  offset?: number | undefined;
  nodata?: number | undefined;
} {
  const raster = asset['raster:bands']?.[0];
  if (raster?.scale !== undefined || raster?.offset !== undefined) {
    return { field: 'raster:bands', scale: raster.scale, offset: raster.offset, nodata: raster.nodata };
  }
  const band = asset.bands?.[0];
  return {
    field: 'raster:scale and raster:offset',
    scale: band?.['raster:scale'] ?? asset['raster:scale'],
    offset: band?.['raster:offset'] ?? asset['raster:offset'],
    nodata: raster?.nodata,
  };
}
