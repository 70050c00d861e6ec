/**
 * Where the file of a STAC asset lies: where the item says, or under the same name beside the item.
 * @module
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside, isRemote, isTiffName, type ListedFile } from './listing.ts';
import type { StacItem } from './stac-item.ts';

/** An item, and the file or the URL that it was read from. */
export interface LocatedItem {
  item: StacItem;
  /** For an item behind a URL, `path` is the URL and `root` is empty. */
  file: ListedFile;
}

/** Addresses that scenes are read from. */
const READ_SCHEMES = /^(https?|s3):\/\//i;

/**
 * The path or URL of an asset, or the reason why there is none. A local item never leads out of the folder that the
 * user named; where it points to a URL and the file lies beside it, the file is used.
 */
export async function locateAsset(href: string, file: ListedFile): Promise<{ path: string } | { reason: string }> {
  if (isRemote(file.path)) return remoteAsset(new URL(href, file.path).href);
  const folder = dirname(file.path);
  if (isRemote(href)) {
    const beside = await besideItem(nameOfHref(href), file);
    return beside === null ? remoteAsset(href) : { path: beside };
  }
  const path = localPath(href, folder);
  if (path === null || !isInside(path, file.root)) {
    return { reason: 'outside the named folder; name a folder that holds item and bands' };
  }
  if (isJpeg2000(path)) {
    const converted = await firstThere(convertedNames(path), file.root);
    if (converted !== null) return { path: converted };
  }
  const target = await realpath(path).catch(() => null);
  if (target === null) return { reason: 'no file where the item says' };
  if (!isInside(target, await realpath(file.root))) return { reason: 'a link to a place outside the named folder' };
  return { path };
}

function remoteAsset(url: string): { path: string } | { reason: string } {
  const scheme = /^[^:]+/.exec(url)![0];
  if (!READ_SCHEMES.test(url)) {
    return { reason: `behind ${scheme}://, which is not read; download the GeoTIFFs to the folder of the item` };
  }
  if (isJpeg2000(url))
    return { reason: 'JPEG 2000 behind a URL, which is not read; download it to the folder of the item' };
  return { path: url };
}

/** The file of a name beside an item, or the GeoTIFF that a .jp2 was converted to, which is faster; null if there is none. */
export async function besideItem(name: string, file: ListedFile): Promise<string | null> {
  if (isRemote(file.path)) return null;
  const path = join(dirname(file.path), name);
  if (isJpeg2000(path)) return firstThere([...convertedNames(path), path], file.root);
  return isTiffName(path) ? firstThere([path], file.root) : null;
}

function convertedNames(path: string): string[] {
  const stem = path.replace(/\.jp2$/i, '');
  return [`${stem}.tif`, `${stem}.tiff`, `${stem}.TIF`];
}

function isJpeg2000(href: string): boolean {
  return /\.jp2$/i.test(href.replace(/[?#].*$/, ''));
}

/** The first path that exists and does not lead out of the root. */
async function firstThere(paths: readonly string[], root: string): Promise<string | null> {
  for (const path of paths) {
    const target = await realpath(path).catch(() => null);
    if (target !== null && isInside(target, await realpath(root))) return path;
  }
  return null;
}

function localPath(href: string, folder: string): string | null {
  if (!/^file:/i.test(href)) return resolve(folder, href);
  try {
    return fileURLToPath(href);
  } catch {
    return null;
  }
}

/** The file name at the end of a path or URL. */
export function nameOfHref(href: string): string {
  return basename(href.replace(/[?#].*$/, ''));
}

/** The listed TIFFs that an item names, where it says or beside it. */
export function claimedByItem({ item, file }: LocatedItem, listed: ReadonlySet<string>): string[] {
  if (isRemote(file.path)) return [];
  const folder = dirname(file.path);
  const claimed: string[] = [];
  for (const asset of Object.values(item.assets)) {
    const path = localPath(asset.href, folder);
    const beside = join(folder, nameOfHref(asset.href));
    if (path !== null && listed.has(path)) claimed.push(path);
    else if (listed.has(beside)) claimed.push(beside);
  }
  return claimed;
}
