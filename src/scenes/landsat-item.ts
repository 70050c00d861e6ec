/**
 * One Landsat Collection 2 Level 2 scene from its STAC item.
 * @module
 */
import { basename } from 'node:path';
import { isoDateOfDigits } from './dates.ts';
import {
  isProductRadiometry,
  OFFSET,
  parseLandsatName,
  productProblem,
  qaPixelMask,
  SCALE,
  SENSORS,
  type LandsatCandidate,
  type LandsatProduct,
} from './landsat-product.ts';
import { withoutQuery } from './listing.ts';
import { filesOf, groupBy, listText } from './recognised.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import { locateAsset, nameOfHref, type LocatedItem } from './stac-asset.ts';
import {
  placeOfItem,
  commonNames,
  dateOfItem,
  textProperty,
  toldRadiometry,
  type StacAsset,
  type StacItem,
} from './stac-item.ts';

/** Asset keys of the newer archives; the older ones use the part of the file name, with or without its ending. */
const KEYS: Record<BandRole, string> = {
  blue: 'blue',
  green: 'green',
  red: 'red',
  nir: 'nir08',
  swir1: 'swir16',
  swir2: 'swir22',
};

/** Whether an item is of Landsat Collection 2 (or 1), of whatever level. */
export function isLandsat(item: StacItem): boolean {
  return (
    /^landsat[-_]c[12]/i.test(item.collection ?? '') ||
    /^L[A-Z]\d\d_L[12][A-Z]{2}_/i.test(item.id) ||
    textProperty(item, 'landsat:correction') !== null
  );
}

/** Whether an item lists the surface temperature of a product, which has an item of its own in some archives. */
export function isTemperature(item: StacItem): boolean {
  return /-st$/i.test(item.collection ?? '') || item.id.endsWith('_ST');
}

/** The product that an item is of, by the names of its files, else by its id; null when they do not tell. */
export function productOfItem(item: StacItem): LandsatProduct | null {
  for (const asset of Object.values(item.assets)) {
    const named = parseLandsatName(nameOfHref(asset.href));
    if (named !== null && /^(SR_B|QA_PIXEL)/.test(named.part)) return named;
  }
  return parseLandsatName(`${item.id.replace(/_(SR|ST)$/i, '')}_X.tif`);
}

/** Builds the scene of an item, or says why it cannot be used. */
export async function landsatItemScene(
  { item, file }: LocatedItem,
  needed: readonly BandRole[],
): Promise<LandsatCandidate | UnusableScene> {
  const label = basename(withoutQuery(file.path));
  const product = productOfItem(item);
  const date = product === null ? dateOfItem(item) : isoDateOfDigits(product.acquired);
  const id = product?.productId ?? item.id;
  const unusable = (reason: string): UnusableScene => {
    return { id, date, sensor: product?.sensor ?? null, path: file.path, reason };
  };
  if (product === null) return unusable(`${label} does not name the product: neither its id nor its files do`);
  if (date === null) return unusable(`the product name has no such date: ${product.acquired}`);
  const wrong = isTemperature(item)
    ? 'is an item of surface temperature; reflectance is needed'
    : productProblem(product);
  if (wrong !== null) return unusable(wrong);

  const bands: Partial<Record<BandRole, BandSource>> = {};
  const problems: { name: string; reason: string }[] = [];
  for (const role of needed) {
    const part = `SR_B${SENSORS[product.sensor]![role]}`;
    const asset = assetOf(item, part, KEYS[role]);
    const found = asset === undefined ? absent(label) : await locateAsset(asset.href, file);
    const radiometry = asset === undefined ? '' : radiometryOf(asset, label);
    if ('reason' in found) problems.push({ name: part, reason: found.reason });
    else if (typeof radiometry !== 'string') problems.push({ name: part, reason: radiometry.reason });
    else bands[role] = { ...found, band: 1, scale: SCALE, offset: OFFSET, nodata: 0, radiometry };
  }
  const qaAsset = assetOf(item, 'QA_PIXEL', 'qa_pixel');
  const qa = qaAsset === undefined ? absent(label) : await locateAsset(qaAsset.href, file);
  if ('reason' in qa) problems.push({ name: 'QA_PIXEL', reason: qa.reason });
  if ('reason' in qa || problems.length > 0) {
    const byReason = groupBy(problems, ({ reason }) => reason);
    return unusable(
      byReason.map(([reason, group]) => `${listText(group.map(({ name }) => name))}: ${reason}`).join('; '),
    );
  }
  const masks = [qaPixelMask(qa.path)];
  const scene: Scene = {
    id,
    date,
    year: Number(date.slice(0, 4)),
    sensor: product.sensor,
    product: 'landsat-c2l2',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments: [],
    ...placeOfItem(item),
  };
  return { scene, product, place: file.path };
}

function absent(label: string): { reason: string } {
  return { reason: `not among the assets of ${label}` };
}

/** By the part in the file's name; the key or common name only where the file has another name altogether. */
function assetOf(item: StacItem, part: string, key: string): StacAsset | undefined {
  const assets = Object.entries(item.assets);
  const byName = assets.find(([, asset]) => parseLandsatName(nameOfHref(asset.href))?.part === part);
  if (byName !== undefined) return byName[1];
  const unnamed = assets.filter(([, asset]) => parseLandsatName(nameOfHref(asset.href)) === null);
  const byKey = unnamed.find(([name]) => [part, `${part}.TIF`, key].includes(name));
  return (byKey ?? unnamed.find(([, asset]) => commonNames(asset).join() === key))?.[1];
}

/** Words for the record, or what the item says against the product definition. */
function radiometryOf(asset: StacAsset, label: string): string | { reason: string } {
  const { field, scale, offset } = toldRadiometry(asset);
  if (scale === undefined && offset === undefined) return 'Landsat Collection 2 Level 2 product definition';
  if (isProductRadiometry(scale ?? 1, offset ?? 0)) return `${field} of ${label}`;
  const advice = 'describe the files in a scenes.yaml if they really differ';
  return {
    reason: `${label} gives scale ${scale ?? 1} and offset ${offset ?? 0}, Collection 2 Level-2 has ${SCALE} and ${OFFSET}; ${advice}`,
  };
}
