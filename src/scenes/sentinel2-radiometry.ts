/**
 * Scale and offset of Sentinel-2 Level-2A pixels, from what the STAC item says, never from the sensing date.
 * @module
 */
import { textProperty, toldRadiometry, type StacAsset, type StacItem } from './stac-item.ts';

/** 1 / QUANTIFICATION_VALUE. */
const SCALE = 1e-4;
/** BOA_ADD_OFFSET / QUANTIFICATION_VALUE, of processing baseline 04.00 and later. */
const OFFSET = -0.1;

export interface Radiometry {
  scale: number;
  offset: number;
  nodata: number;
  radiometry: string;
}

/**
 * The radiometry of an asset (undefined: the item does not list the file), or the reason why it is not known. `label`
 * names the item's file.
 */
export function sentinel2Radiometry(
  item: StacItem,
  asset: StacAsset | undefined,
  label: string,
): Radiometry | { reason: string } {
  const told = asset === undefined ? { field: '' } : toldRadiometry(asset);
  const scale = told.scale ?? SCALE;
  const scaleText = told.scale === undefined ? `scale ${SCALE} by product definition` : `${told.field} of ${label}`;
  const nodata = told.nodata ?? 0;
  const applied = offsetApplied(item);
  const baseline = processingBaseline(item);

  if (applied?.value === true) {
    const radiometry = `${scaleText}; offset 0: ${applied.key} of ${label} says that it is already in the pixels`;
    return { scale, offset: 0, nodata, radiometry };
  }
  if (told.offset !== undefined) {
    if (told.offset === 0 && applied?.value === false && baseline !== null && baseline.value >= 4) {
      return {
        reason:
          `${label} contradicts itself: offset 0, yet processing baseline ${baseline.text} and ${applied.key} false; ` +
          `give scale and offset in a scenes.yaml`,
      };
    }
    const radiometry =
      told.scale === undefined ? `${scaleText}; offset from ${told.field} of ${label}` : `${told.field} of ${label}`;
    return { scale, offset: told.offset, nodata, radiometry };
  }
  if (baseline !== null) {
    const offset = baseline.value >= 4 ? OFFSET : 0;
    const radiometry = `${scaleText}; offset ${offset} by processing baseline ${baseline.text} of ${label}`;
    return { scale, offset, nodata, radiometry };
  }
  return {
    reason:
      `radiometry unknown: ${label} gives neither an offset (raster:bands) nor a processing baseline; ` +
      `give scale and offset in a scenes.yaml`,
  };
}

function offsetApplied(item: StacItem): { key: string; value: boolean } | null {
  for (const key of ['earthsearch:boa_offset_applied', 'sentinel:boa_offset_applied']) {
    const value = item.properties[key];
    if (typeof value === 'boolean') return { key, value };
  }
  return null;
}

/** From the item's property, or the Nxxyy of the product's name. */
export function processingBaseline(item: StacItem): { value: number; text: string } | null {
  for (const key of ['s2:processing_baseline', 'sentinel:processing_baseline', 'processing:version']) {
    const value = item.properties[key];
    const text = typeof value === 'number' ? value.toFixed(2) : typeof value === 'string' ? value : '';
    if (/^\d{1,2}\.\d{1,2}$/.test(text)) return { value: Number(text), text };
  }
  const match = /_N(\d\d)(\d\d)_/.exec(productName(item));
  return match === null ? null : { value: Number(`${match[1]}.${match[2]}`), text: `${match[1]}.${match[2]}` };
}

/** The name that ESA gave the product, `S2A_MSIL2A_…_N0212_…`, or the item's id when it does not tell. */
export function productName(item: StacItem): string {
  return textProperty(item, 's2:product_uri') ?? textProperty(item, 'sentinel:product_id') ?? item.id;
}
