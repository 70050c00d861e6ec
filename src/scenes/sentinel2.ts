/**
 * Sentinel-2 Level-2A: SAFE folders, and folders of bands with a STAC item, the way COG archives keep it.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDate } from './dates.ts';
import { isTiffName, withoutQuery, type ListedFile, type Listing } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import { safeScenes } from './safe.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import {
  BANDS,
  keepNewestBaseline,
  NARROW_NIR,
  SCL,
  sclMask,
  type Sentinel2Band,
  type Sentinel2Candidate,
} from './sentinel2-product.ts';
import { processingBaseline, productName, sentinel2Radiometry } from './sentinel2-radiometry.ts';
import { besideItem, claimedByItem, locateAsset, nameOfHref, type LocatedItem } from './stac-asset.ts';
import { placeOfItem, commonNames, dateOfItem, textProperty, type StacAsset, type StacItem } from './stac-item.ts';

const BAND_FILE = /^(?:(?:L2A_)?T\d\d[A-Z]{3}_\d{8}T\d{6}_)?(B(?:0[1-9]|1[0-2]|8A)|SCL)(?:_\d\dm)?\.tiff?$/i;

interface Candidate extends Sentinel2Candidate {
  claimed: string[];
}

interface Rejected {
  unusable: UnusableScene;
  claimed: string[];
}

/**
 * Finds the Sentinel-2 Level-2A scenes: SAFE folders, those of STAC items, and the band folders that lack an item. With
 * `narrowNir` the near infrared is B8A and nothing else.
 */
export async function findSentinel2(
  { files, safeFolders }: Pick<Listing, 'files' | 'safeFolders'>,
  items: readonly LocatedItem[],
  needed: readonly BandRole[],
  narrowNir: boolean,
): Promise<Recognised> {
  const paths = new Set(files.map((file) => file.path));
  const products = new Set(safeFolders.map((folder) => basename(folder).replace(/\.SAFE$/i, '')));
  // The item of a SAFE folder that is there itself says nothing new.
  const elsewhere = items.filter(({ item }) => !products.has(productName(item).replace(/\.SAFE$/i, '')));
  const built = await mapLimited(elsewhere, 16, (entry) => buildScene(entry, paths, needed, narrowNir));
  const inFolder = new Map(safeFolders.map((folder): [string, string[]] => [folder, []]));
  for (const path of paths) inFolder.get(safeFolderOf(path) ?? '')?.push(path);
  const safe = (
    await mapLimited([...inFolder], 8, ([folder, inside]) => safeScenes(folder, inside, needed, narrowNir))
  ).flat();
  const candidates = [...safe, ...built].filter((entry): entry is Sentinel2Candidate => 'scene' in entry);
  const { kept, dropped } = keepNewestBaseline(candidates);
  const claimed = new Set(built.flatMap((entry) => entry.claimed));
  for (const inside of inFolder.values()) for (const path of inside) claimed.add(path);
  const bare = foldersWithoutItem(files, claimed);
  return {
    scenes: kept,
    unusable: [
      ...safe.filter((entry): entry is UnusableScene => 'reason' in entry),
      ...built.flatMap((entry) => ('unusable' in entry ? [entry.unusable] : [])),
      ...dropped,
      ...bare.unusable,
    ],
    claimed: [...claimed, ...bare.claimed],
  };
}

/** The innermost folder of a path that is named *.SAFE. */
function safeFolderOf(path: string): string | null {
  return /^(.*\.SAFE)[\\/]/i.exec(path)?.[1] ?? null;
}

/** Whether an item is of Sentinel-2, of whatever level. */
export function isSentinel2(item: StacItem): boolean {
  if (/^HLS/i.test(item.id) || /^HLS/i.test(item.collection ?? '')) return false;
  const names = [textProperty(item, 'platform'), textProperty(item, 'constellation'), item.collection];
  return names.some((name) => /^sentinel[- ]?(s?2)/i.test(name ?? '')) || /^S2[A-D]_/.test(item.id);
}

/** Level as the item tells it by its product type, product name, collection or id. */
function levelOf(item: StacItem): 'L1C' | 'L2A' | null {
  const text = [textProperty(item, 's2:product_type'), productName(item), item.collection, item.id].join(' ');
  if (/S2MSI2A|MSIL2A|[-_]L2A|L2A_/i.test(text)) return 'L2A';
  return /S2MSI1C|MSIL1C|[-_]L1C/i.test(text) ? 'L1C' : null;
}

async function buildScene(
  located: LocatedItem,
  paths: ReadonlySet<string>,
  needed: readonly BandRole[],
  narrowNir: boolean,
): Promise<Candidate | Rejected> {
  const { item, file } = located;
  const label = basename(withoutQuery(file.path));
  const date = dateOfItem(item);
  const sensor = sensorOf(item);
  const claimed = claimedByItem(located, paths);
  const reject = (reason: string): Rejected => ({
    unusable: { id: item.id, date, sensor, path: file.path, reason },
    claimed,
  });

  const level = levelOf(item);
  if (level === 'L1C') return reject('is Level-1C (top of atmosphere); download Level-2A');
  if (level === null) return reject(`${label} does not say that the scene is Level-2A`);
  if (date === null) return reject(`${label} has no datetime`);

  const bands: Partial<Record<BandRole, BandSource>> = {};
  const adjustments: string[] = [];
  const problems: { name: string; reason: string }[] = [];
  for (const role of needed) {
    const band = role === 'nir' && narrowNir ? NARROW_NIR : BANDS[role];
    let found = await locate(item, band, file);
    if (role === 'nir' && !narrowNir && 'reason' in found) {
      const narrow = await locate(item, NARROW_NIR, file);
      if (!('reason' in narrow)) {
        found = narrow;
        adjustments.push('NIR is B8A (20 m), there is no B08');
      }
    }
    const radiometry = 'reason' in found ? found : sentinel2Radiometry(item, found.asset, label);
    if ('path' in found && 'scale' in radiometry) bands[role] = { path: found.path, band: 1, ...radiometry };
    else if ('reason' in radiometry) {
      const whatFor = band === NARROW_NIR ? ', which --adjust hls-bandpass needs' : '';
      problems.push({ name: band.name, reason: radiometry.reason + whatFor });
    }
  }
  const scl = await locate(item, SCL, file);
  if ('reason' in scl) problems.push({ name: SCL.name, reason: scl.reason });
  if ('reason' in scl || problems.length > 0) {
    const byReason = groupBy(problems, ({ reason }) => reason);
    return reject(
      byReason.map(([reason, group]) => `${listText(group.map(({ name }) => name))}: ${reason}`).join('; '),
    );
  }

  const masks = [sclMask(scl.path)];
  const scene: Scene = {
    id: item.id,
    date,
    year: Number(date.slice(0, 4)),
    sensor: sensor ?? 'S2',
    product: 'sentinel-2-l2a',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments,
    ...placeOfItem(item),
  };
  const baseline = processingBaseline(item)?.value ?? 0;
  return { scene, productName: productName(item), baseline, place: file.path, claimed };
}

function sensorOf(item: StacItem): string | null {
  const match =
    /^sentinel[- ]?2([a-d])$/i.exec(textProperty(item, 'platform') ?? '') ?? /^S2([A-D])_/.exec(productName(item));
  return match === null ? 'S2' : `S2${match[1]!.toUpperCase()}`;
}

function assetOf(item: StacItem, band: Sentinel2Band): StacAsset | undefined {
  const keys = [band.key, band.name, `${band.name}_10m`, `${band.name}_20m`, band.name.toLowerCase()];
  for (const key of keys) if (Object.hasOwn(item.assets, key)) return item.assets[key];
  return Object.values(item.assets).find((asset) => {
    const names = commonNames(asset);
    return names.length === 1 && names[0] === band.key && isTiffName(nameOfHref(asset.href));
  });
}

/** The file of a band: where the item says, or, where it lists none, the file of the band's name beside the item. */
async function locate(
  item: StacItem,
  band: Sentinel2Band,
  file: ListedFile,
): Promise<{ path: string; asset: StacAsset | undefined } | { reason: string }> {
  const asset = assetOf(item, band);
  if (asset !== undefined) {
    const found = await locateAsset(asset.href, file);
    return 'reason' in found ? found : { ...found, asset };
  }
  for (const ending of ['tif', 'tiff', 'TIF']) {
    const path = await besideItem(`${band.name}.${ending}`, file);
    if (path !== null) return { path, asset };
  }
  return { reason: 'neither in the item nor beside it' };
}

/** Band files in a folder that no item describes. */
function foldersWithoutItem(
  files: readonly ListedFile[],
  described: ReadonlySet<string>,
): Pick<Recognised, 'unusable' | 'claimed'> {
  const describedFolders = new Set([...described].map((path) => dirname(path)));
  const bandFiles = files.filter((file) => !described.has(file.path) && BAND_FILE.test(basename(file.path)));
  const unusable: UnusableScene[] = [];
  for (const [folder, group] of groupBy(bandFiles, (file) => dirname(file.path))) {
    if (describedFolders.has(folder)) continue;
    if (!group.some((file) => /B0[2348]|B8A/i.test(basename(file.path)))) continue;
    const id = basename(folder);
    const day = /(?<!\d)(\d{4})(\d\d)(\d\d)(?:T\d{6})?(?!\d)/.exec(id);
    const reason =
      'radiometry unknown: there is no STAC item beside the bands that tells scale and offset; ' +
      'put the item of the archive into the folder, or describe the files in a scenes.yaml';
    unusable.push({
      id,
      date: day === null ? null : isoDate(Number(day[1]), Number(day[2]), Number(day[3])),
      sensor: /(?:^|_)(S2[A-D])_/.exec(id)?.[1] ?? null,
      path: folder,
      reason,
    });
  }
  return { unusable, claimed: bandFiles.map((file) => file.path) };
}
