/**
 * Harmonized Landsat Sentinel-2 (HLS) version 2: L30 and S30 by their file names and by STAC items.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDateOfYearDay } from './dates.ts';
import { isTiffName, withoutQuery, type ListedFile } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import { claimedByItem, locateAsset, nameOfHref, type LocatedItem } from './stac-asset.ts';
import { bandNames, placeOfItem, toldRadiometry, type StacAsset, type StacItem } from './stac-item.ts';

/** Surface reflectance of HLS version 2: 1e-4 · DN, DN −9999 is no data (HLS user guide 2.0). */
const SCALE = 1e-4;
const NODATA = -9999;

/** Near infrared is the narrow band of both sensors. */
const BANDS: Record<'L30' | 'S30', Record<BandRole, string>> = {
  L30: { blue: 'B02', green: 'B03', red: 'B04', nir: 'B05', swir1: 'B06', swir2: 'B07' },
  S30: { blue: 'B02', green: 'B03', red: 'B04', nir: 'B8A', swir1: 'B11', swir2: 'B12' },
};
const FMASK = 'Fmask';

// product id: sensor, tile, year and day, time, version; then the band
const NAME = /^(HLS\.([LS]30)\.T\d\d[A-Z]{3}\.(\d{4})(\d{3})T\d{6}\.v(\d+)\.\d+)(?:\.(.+))?$/i;

interface Product {
  id: string;
  kind: 'L30' | 'S30';
  date: string | null;
  version: number;
}

/** A granule's band files, wherever they were found. */
interface Granule {
  product: Product;
  /** Folder or item that it was found as. */
  place: string;
  /** The file of a band, or the reason why there is none. */
  locate(band: string): Promise<{ path: string } | { reason: string }>;
  /** Why the item's radiometry cannot be that of the product. */
  contradiction(band: string): string | null;
  radiometry: string;
  told: Pick<Scene, 'bbox' | 'epsg'>;
}

function parseName(name: string): { product: Product; band: string } | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, id = '', kind = '', year, day, version, band = ''] = match;
  const date = isoDateOfYearDay(Number(year), Number(day));
  return { product: { id, kind: kind.toUpperCase() as 'L30' | 'S30', date, version: Number(version) }, band };
}

/** Whether an item is of HLS. */
export function isHls(item: StacItem): boolean {
  return NAME.test(item.id) || /^hls/i.test(item.collection ?? '');
}

/** Finds the HLS granules: the files of one product id in one folder, and the items whose files are elsewhere. */
export async function findHls(
  files: readonly ListedFile[],
  items: readonly LocatedItem[],
  needed: readonly BandRole[],
): Promise<Recognised> {
  const named = files
    .filter((file) => isTiffName(file.path))
    .map((file) => ({ path: file.path, parsed: parseName(basename(file.path)) }))
    .filter((file): file is { path: string; parsed: { product: Product; band: string } } => file.parsed !== null);
  const groups = groupBy(named, ({ path, parsed }) => `${parsed.product.id}\n${dirname(path)}`);
  const here = new Set(named.map(({ parsed }) => parsed.product.id));
  const listed = new Set(files.map(({ path }) => path));

  const granules = groups.map(([, group]) => granuleOfFiles(group));
  const unusable: UnusableScene[] = [];
  for (const located of items) {
    const parsed = parseName(located.item.id);
    if (parsed === null) {
      const { path } = located.file;
      const reason = 'is an HLS item, but its id is not that of a version 2 granule (HLS.L30.T…, HLS.S30.T…)';
      unusable.push({ id: located.item.id, date: null, sensor: 'HLS', path, reason });
      // The item of files that were found already says nothing new.
    } else if (!here.has(parsed.product.id)) granules.push(granuleOfItem(located, parsed.product));
  }
  const built = await mapLimited(granules, 16, (granule) => buildScene(granule, needed));
  const scenes: Scene[] = [];
  const used = new Map<string, string>();
  for (const [k, result] of built.entries()) {
    const { place } = granules[k]!;
    const first = 'reason' in result ? undefined : used.get(result.id);
    if ('reason' in result) unusable.push(result);
    else if (first === undefined) {
      used.set(result.id, place);
      scenes.push(result);
    } else {
      const { id, date, sensor } = result;
      unusable.push({
        id,
        date,
        sensor,
        path: place,
        reason: `the same granule is used from ${first}`,
        harmless: true,
      });
    }
  }
  const claimed = [...named.map(({ path }) => path), ...items.flatMap((located) => claimedByItem(located, listed))];
  return { scenes, unusable, claimed };
}

function granuleOfFiles(group: readonly { path: string; parsed: { product: Product; band: string } }[]): Granule {
  const first = group[0]!;
  const pathOf = new Map(group.map(({ path, parsed }) => [parsed.band.replace(/\.g?tiff?$/i, '').toUpperCase(), path]));
  return {
    product: first.parsed.product,
    place: dirname(first.path),
    locate: async (band) => {
      const path = pathOf.get(band.toUpperCase());
      return path === undefined ? { reason: 'missing; download it too' } : { path };
    },
    contradiction: () => null,
    radiometry: 'HLS version 2 product definition',
    told: {},
  };
}

function granuleOfItem({ item, file }: LocatedItem, product: Product): Granule {
  const label = basename(withoutQuery(file.path));
  return {
    product,
    place: file.path,
    locate: async (band) => {
      const asset = assetOf(item, band);
      return asset === undefined ? { reason: `not among the assets of ${label}` } : locateAsset(asset.href, file);
    },
    contradiction: (band) => {
      const told = toldRadiometry(assetOf(item, band)!);
      const { scale = SCALE, offset = 0, nodata = NODATA } = told;
      if (Math.abs(scale - SCALE) <= 1e-9 * SCALE && offset === 0 && nodata === NODATA) return null;
      return `${label} gives scale ${scale}, offset ${offset} and no data ${nodata}, HLS version 2 has ${SCALE}, 0 and ${NODATA}`;
    },
    radiometry: `HLS version 2 product definition, in agreement with ${label}`,
    told: placeOfItem(item),
  };
}

/** By the band's name in the file's name, in the asset's key or in the item's list of bands. */
function assetOf(item: StacItem, band: string): StacAsset | undefined {
  const wanted = band.toUpperCase();
  const assets = Object.entries(item.assets);
  const found =
    assets.find(
      ([, asset]) =>
        parseName(nameOfHref(asset.href))
          ?.band.replace(/\.g?tiff?$/i, '')
          .toUpperCase() === wanted,
    ) ??
    assets.find(([key]) => key.toUpperCase() === wanted) ??
    assets.find(([, asset]) => bandNames(asset).join().toUpperCase() === wanted);
  return found?.[1];
}

async function buildScene(granule: Granule, needed: readonly BandRole[]): Promise<Scene | UnusableScene> {
  const { id, kind, date, version } = granule.product;
  const sensor = `HLS ${kind}`;
  const unusable = (reason: string): UnusableScene => ({ id, date, sensor, path: granule.place, reason });
  if (date === null) return unusable('the name has no such date');
  if (version !== 2) return unusable(`is HLS version ${version}; download version 2`);

  const bands: Partial<Record<BandRole, BandSource>> = {};
  const problems: { name: string; reason: string }[] = [];
  for (const role of needed) {
    const band = BANDS[kind][role];
    const found = await granule.locate(band);
    const contradiction = 'reason' in found ? null : granule.contradiction(band);
    if ('reason' in found) problems.push({ name: band, reason: found.reason });
    else if (contradiction !== null) problems.push({ name: band, reason: contradiction });
    else bands[role] = { ...found, band: 1, scale: SCALE, offset: 0, nodata: NODATA, radiometry: granule.radiometry };
  }
  const fmask = await granule.locate(FMASK);
  if ('reason' in fmask) problems.push({ name: FMASK, reason: fmask.reason });
  if ('reason' in fmask || problems.length > 0) {
    const byReason = groupBy(problems, ({ reason }) => reason);
    return unusable(
      byReason.map(([reason, group]) => `${listText(group.map(({ name }) => name))}: ${reason}`).join('; '),
    );
  }
  const masks: Scene['masks'] = [
    {
      ...fmask,
      band: 1,
      rule: { kind: 'bits', bits: [1, 2, 3, 4] },
      description: 'Fmask bits 1-4: cloud, next to cloud or shadow, cloud shadow, snow or ice; 255 is fill',
    },
  ];
  return {
    id,
    date,
    year: Number(date.slice(0, 4)),
    sensor,
    product: 'hls-v2',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments: [],
    ...granule.told,
  };
}
