/**
 * Sentinel-2 Level-2A as folders of GeoTIFFs with a STAC item, the way COG archives keep it.
 * @module
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isoDate } from './dates.ts';
import { isInside, isTiffName, type ListedFile } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import { SCL_DROPPED } from './scl-picture.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import { processingBaseline, productName, sentinel2Radiometry } from './sentinel2-radiometry.ts';
import { commonNames, readStacItem, textProperty, type StacAsset, type StacItem } from './stac-item.ts';

interface Band {
  /** ESA's name, also the file name in COG archives. */
  name: string;
  /** Asset key in the newer archives, and common name of the band. */
  key: string;
}

const BANDS: Record<BandRole, Band> = {
  blue: { name: 'B02', key: 'blue' },
  green: { name: 'B03', key: 'green' },
  red: { name: 'B04', key: 'red' },
  nir: { name: 'B08', key: 'nir' },
  swir1: { name: 'B11', key: 'swir16' },
  swir2: { name: 'B12', key: 'swir22' },
};
/** The 20 m near infrared, used only where a scene has no B08. */
const NARROW_NIR: Band = { name: 'B8A', key: 'nir08' };
const SCL: Band = { name: 'SCL', key: 'scl' };

const BAND_FILE = /^(?:(?:L2A_)?T\d\d[A-Z]{3}_\d{8}T\d{6}_)?(B(?:0[1-9]|1[0-2]|8A)|SCL)(?:_\d\dm)?\.tiff?$/i;

interface Candidate {
  scene: Scene;
  item: StacItem;
  itemPath: string;
  claimed: string[];
}

interface Rejected {
  unusable: UnusableScene;
  claimed: string[];
}

interface LocatedItem {
  item: StacItem;
  file: ListedFile;
}

/** Finds the Sentinel-2 Level-2A scenes that have a STAC item, and the band folders that lack one. */
export async function findSentinel2(files: readonly ListedFile[], needed: readonly BandRole[]): Promise<Recognised> {
  const paths = new Set(files.map((file) => file.path));
  const json = files.filter((file) => /\.json$/i.test(file.path) && !/_(MTL|ANG)\.json$/i.test(file.path));
  const read = await mapLimited(json, 16, async (file) => ({ item: await readStacItem(file.path), file }));
  const items = read.filter((entry): entry is LocatedItem => entry.item !== null && isSentinel2(entry.item));
  const built = await mapLimited(items, 16, (entry) => buildScene(entry, paths, needed));
  const candidates = built.filter((entry): entry is Candidate => 'scene' in entry);
  const { kept, dropped } = keepNewestBaseline(candidates);
  const claimed = new Set(built.flatMap((entry) => entry.claimed));
  const bare = foldersWithoutItem(files, claimed);
  return {
    scenes: kept,
    unusable: [
      ...built.flatMap((entry) => ('unusable' in entry ? [entry.unusable] : [])),
      ...dropped,
      ...bare.unusable,
    ],
    claimed: [...claimed, ...bare.claimed],
  };
}

function isSentinel2(item: StacItem): boolean {
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
  { item, file }: LocatedItem,
  paths: ReadonlySet<string>,
  needed: readonly BandRole[],
): Promise<Candidate | Rejected> {
  const label = basename(file.path);
  const date = dateOf(item);
  const sensor = sensorOf(item);
  const claimed = claimedBy(item, file, paths);
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
    const band = BANDS[role];
    let found = await locate(item, band, file, paths);
    if (role === 'nir' && 'reason' in found) {
      const narrow = await locate(item, NARROW_NIR, file, paths);
      if (!('reason' in narrow)) {
        found = narrow;
        adjustments.push('NIR is B8A (20 m), there is no B08');
      }
    }
    const radiometry = 'reason' in found ? found : sentinel2Radiometry(item, found.asset, label);
    if ('path' in found && 'scale' in radiometry) bands[role] = { path: found.path, band: 1, ...radiometry };
    else if ('reason' in radiometry) problems.push({ name: band.name, ...radiometry });
  }
  const scl = await locate(item, SCL, file, paths);
  if ('reason' in scl) problems.push({ name: SCL.name, reason: scl.reason });
  if ('reason' in scl || problems.length > 0) {
    const byReason = groupBy(problems, ({ reason }) => reason);
    return reject(
      byReason.map(([reason, group]) => `${listText(group.map(({ name }) => name))}: ${reason}`).join('; '),
    );
  }

  const masks: Scene['masks'] = [
    {
      path: scl.path,
      band: 1,
      rule: { kind: 'drop', values: [...SCL_DROPPED] },
      description: `SCL drops ${SCL_DROPPED.join(', ')}: no data, defective, cloud shadow, cloud, cirrus, snow`,
    },
  ];
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
  };
  return { scene, item, itemPath: file.path, claimed };
}

function dateOf(item: StacItem): string | null {
  const text = textProperty(item, 'datetime') ?? textProperty(item, 'start_datetime') ?? '';
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  return match === null ? null : isoDate(Number(match[1]), Number(match[2]), Number(match[3]));
}

function sensorOf(item: StacItem): string | null {
  const match =
    /^sentinel[- ]?2([a-d])$/i.exec(textProperty(item, 'platform') ?? '') ?? /^S2([A-D])_/.exec(productName(item));
  return match === null ? 'S2' : `S2${match[1]!.toUpperCase()}`;
}

function assetOf(item: StacItem, band: Band): StacAsset | undefined {
  const keys = [band.key, band.name, `${band.name}_10m`, `${band.name}_20m`, band.name.toLowerCase()];
  for (const key of keys) if (Object.hasOwn(item.assets, key)) return item.assets[key];
  return Object.values(item.assets).find((asset) => {
    const names = commonNames(asset);
    return names.length === 1 && names[0] === band.key && isTiffName(nameInUrl(asset.href));
  });
}

/** The file of a band: where the item says, or, when that is elsewhere, the file of the same name beside the item. */
async function locate(
  item: StacItem,
  band: Band,
  file: ListedFile,
  paths: ReadonlySet<string>,
): Promise<{ path: string; asset: StacAsset | undefined } | { reason: string }> {
  const folder = dirname(file.path);
  const asset = assetOf(item, band);
  if (asset === undefined) {
    const beside = ['tif', 'tiff', 'TIF'].map((ending) => join(folder, `${band.name}.${ending}`));
    const path = beside.find((name) => paths.has(name));
    return path === undefined ? { reason: 'neither in the item nor beside it' } : { path, asset };
  }
  const href = asset.href;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(href) && !/^file:/i.test(href)) {
    const beside = tiffOf(join(folder, nameInUrl(href)), paths);
    return beside === null
      ? { reason: 'behind a URL, which is not read; download the GeoTIFFs to the folder of the item' }
      : { path: beside, asset };
  }
  const path = localPath(href, folder);
  if (path === null || !isInside(path, file.root)) {
    return { reason: 'outside the named folder; name a folder that holds item and bands' };
  }
  if (/\.jp2$/i.test(path)) {
    const converted = tiffOf(path, paths);
    return converted === null
      ? { reason: 'JPEG 2000 is not read; convert it to a GeoTIFF of the same name beside it' }
      : { path: converted, asset };
  }
  const target = await realpath(path).catch(() => null);
  if (target === null) return { reason: 'no file where the item says' };
  if (!isInside(target, await realpath(file.root))) return { reason: 'a link to a place outside the named folder' };
  return { path, asset };
}

/** The listed file itself, or the GeoTIFF that a .jp2 was converted to. */
function tiffOf(path: string, paths: ReadonlySet<string>): string | null {
  const stem = path.replace(/\.jp2$/i, '');
  const names = stem === path ? [path] : [`${stem}.tif`, `${stem}.tiff`, `${stem}.TIF`];
  return names.find((name) => isTiffName(name) && paths.has(name)) ?? null;
}

function localPath(href: string, folder: string): string | null {
  if (!/^file:/i.test(href)) return resolve(folder, href);
  try {
    return fileURLToPath(href);
  } catch {
    return null;
  }
}

function nameInUrl(href: string): string {
  return basename(href.replace(/[?#].*$/, ''));
}

/** The listed TIFFs that the item names, and the band files in its folder. */
function claimedBy(item: StacItem, file: ListedFile, paths: ReadonlySet<string>): string[] {
  const folder = dirname(file.path);
  const claimed: string[] = [];
  for (const asset of Object.values(item.assets)) {
    const path = localPath(asset.href, folder);
    const beside = join(folder, nameInUrl(asset.href));
    if (path !== null && paths.has(path)) claimed.push(path);
    else if (paths.has(beside)) claimed.push(beside);
  }
  return claimed;
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

/**
 * Of the same acquisition (sensing time, orbit, tile) in several processing baselines the newest is used; of the same
 * item in several folders the first. Products that differ in neither are parts of one acquisition and are all used.
 */
function keepNewestBaseline(candidates: readonly Candidate[]): { kept: Scene[]; dropped: UnusableScene[] } {
  const kept: Scene[] = [];
  const dropped: UnusableScene[] = [];
  const drop = ({ scene, itemPath }: Candidate, reason: string): void => {
    dropped.push({ id: scene.id, date: scene.date, sensor: scene.sensor, path: itemPath, reason, harmless: true });
  };
  const firsts: Candidate[] = [];
  for (const [, group] of groupBy(candidates, ({ scene }) => scene.id)) {
    const [first, ...others] = group as [Candidate, ...Candidate[]];
    firsts.push(first);
    for (const other of others) drop(other, `the same product is used from ${dirname(first.itemPath)}`);
  }
  for (const [, group] of groupBy(firsts, ({ item }) => acquisitionOf(item))) {
    const baselineOf = ({ item }: Candidate): number => processingBaseline(item)?.value ?? 0;
    const newest = group.reduce((a, b) => (baselineOf(b) > baselineOf(a) ? b : a));
    for (const candidate of group) {
      if (baselineOf(candidate) === baselineOf(newest)) kept.push(candidate.scene);
      else drop(candidate, `the same acquisition is used in a newer processing as ${newest.scene.id}`);
    }
  }
  return { kept, dropped };
}

function acquisitionOf(item: StacItem): string {
  const match = /^(S2[A-D])_MSIL2A_(\d{8}T\d{6})_(?:N\d{4}_)?(R\d{3})_(T\w{5})/.exec(productName(item));
  return match === null ? item.id : match.slice(1).join('_');
}
