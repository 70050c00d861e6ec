/**
 * What is read of STAC: the items with id, date, platform and the radiometry of their assets, and the links of catalogs.
 * @module
 */
import { z } from 'zod';
import { isoDate } from './dates.ts';
import type { Scene } from './scene.ts';

// Extensions in other shapes than the wanted one, as old items have them, count as absent.
const bandSchema = z.looseObject({
  name: z.string().optional(),
  common_name: z.string().optional(),
  'eo:common_name': z.string().optional(),
  'raster:scale': z.number().optional(),
  'raster:offset': z.number().optional(),
  nodata: z.number().optional().catch(undefined),
});
const rasterBandSchema = z.looseObject({
  nodata: z.number().optional().catch(undefined),
  scale: z.number().optional(),
  offset: z.number().optional(),
});
const assetSchema = z.looseObject({
  href: z.string(),
  nodata: z.number().optional().catch(undefined),
  bands: z.array(bandSchema).optional().catch(undefined),
  'eo:bands': z.array(bandSchema).optional().catch(undefined),
  'raster:bands': z.array(rasterBandSchema).optional().catch(undefined),
  'raster:scale': z.number().optional().catch(undefined),
  'raster:offset': z.number().optional().catch(undefined),
});
const itemSchema = z.looseObject({
  type: z.literal('Feature'),
  id: z.string(),
  collection: z.string().nullish().catch(undefined),
  bbox: z.array(z.number()).optional().catch(undefined),
  properties: z.record(z.string(), z.unknown()),
  assets: z.record(z.string(), assetSchema),
});

export type StacItem = z.infer<typeof itemSchema>;
export type StacAsset = z.infer<typeof assetSchema>;

/** A link of a catalog, as it is written. */
export interface StacLink {
  rel: string;
  href: string;
}

export type StacDocument =
  /** One item, or the items of an item collection; `next` is the address of its next page. */
  { kind: 'items'; items: StacItem[]; next: string | null } | { kind: 'catalog'; links: StacLink[] };

const linksSchema = z.array(z.looseObject({ rel: z.string(), href: z.string(), method: z.string().optional() }));

/** What a JSON text is in terms of STAC; null when it is nothing of it, such as other GeoJSON. */
export function parseStac(text: string): StacDocument | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const { type, stac_version: version, features, links: rawLinks } = (parsed ?? {}) as Record<string, unknown>;
  const links = linksSchema.safeParse(rawLinks).data ?? [];
  if (type === 'Feature' && typeof version === 'string') {
    const item = itemSchema.safeParse(parsed);
    return item.success ? { kind: 'items', items: [item.data], next: null } : null;
  }
  if (type === 'FeatureCollection' && Array.isArray(features)) {
    const items = features.map((feature) => itemSchema.safeParse(feature).data).filter((item) => item !== undefined);
    const next = links.find(({ rel, method }) => rel === 'next' && (method ?? 'GET').toUpperCase() === 'GET');
    return items.length === 0 ? null : { kind: 'items', items, next: next?.href ?? null };
  }
  // Catalogs before STAC 1.0 have no type.
  if (typeof version === 'string' && (type === 'Catalog' || type === 'Collection' || type === undefined)) {
    return { kind: 'catalog', links: links.map(({ rel, href }) => ({ rel, href })) };
  }
  return null;
}

/** The day of an item (YYYY-MM-DD), or null. */
export function dateOfItem(item: StacItem): string | null {
  const text = textProperty(item, 'datetime') ?? textProperty(item, 'start_datetime') ?? '';
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  return match === null ? null : isoDate(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** What an item tells of the place of its scene, to spread into it; no box across the antimeridian. */
export function placeOfItem(item: StacItem): Pick<Scene, 'bbox' | 'epsg'> {
  const { bbox = [] } = item;
  const [west, south, east, north] = bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  const place: Pick<Scene, 'bbox' | 'epsg'> = {};
  if (west !== undefined && south !== undefined && east !== undefined && north !== undefined) {
    if (west < east && south < north) place.bbox = [west, south, east, north];
  }
  const code = /^EPSG:(\d+)$/i.exec(textProperty(item, 'proj:code') ?? '')?.[1];
  const epsg = code === undefined ? item.properties['proj:epsg'] : Number(code);
  if (typeof epsg === 'number' && Number.isInteger(epsg) && epsg > 0) place.epsg = epsg;
  return place;
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
    nodata: raster?.nodata ?? band?.nodata ?? asset.nodata,
  };
}

/** The names that an asset's bands have in their product: `B04`, `SR_B4`, `ETM_B3` … */
export function bandNames(asset: StacAsset): string[] {
  return (asset['eo:bands'] ?? asset.bands ?? []).map((band) => band.name ?? '');
}
