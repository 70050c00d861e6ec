/**
 * The files below the folders that the user named, in an order that the file system has no say in.
 * @module
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { UnusableScene } from './scene.ts';

/** A file, and the folder that the user named: nothing outside this folder is read on the file's behalf. */
export interface ListedFile {
  path: string;
  root: string;
}

export interface Listing {
  /** Sorted by path; files below a folder with a scenes.yaml are not among them. */
  files: ListedFile[];
  /** The scenes.yaml files, sorted by path. */
  descriptions: string[];
  /** Folders named *.SAFE, sorted by path. */
  safeFolders: string[];
  /** Links that lead out of the named folder. */
  refused: UnusableScene[];
  /** JSON files that the user named themselves. */
  namedJson: string[];
  /** Sources behind a URL, each once, in the order given. */
  urls: string[];
}

const MAX_FILES = 200_000;
const MAX_DEPTH = 24;
const DESCRIPTION_NAMES = new Set(['scenes.yaml', 'scenes.yml']);

/** Whether a file name has an ending of a TIFF. */
export function isTiffName(name: string): boolean {
  return /\.g?tiff?$/i.test(name);
}

/** Whether a place is a URL, other than that of a file. */
export function isRemote(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(place) && !/^file:/i.test(place);
}

/** A URL without query and fragment, which may hold a token. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '');
}

/** Lists folders, files and glob patterns. Throws `BAD_INPUT` for a source that does not exist or matches nothing. */
export async function listSources(sources: readonly string[]): Promise<Listing> {
  const listing: Listing = {
    files: [],
    descriptions: [],
    safeFolders: [],
    refused: [],
    namedJson: [],
    urls: [],
  };
  for (const source of sources) {
    if (isRemote(source)) {
      if (!listing.urls.includes(source)) listing.urls.push(source);
      continue;
    }
    for (const path of await pathsOf(source)) await listPath(path, listing);
  }
  listing.descriptions = [...new Set(listing.descriptions)].toSorted();
  const described = listing.descriptions.map((path) => dirname(path));
  listing.files = uniqueByPath(listing.files).filter(({ path }) => !described.some((folder) => isInside(path, folder)));
  listing.safeFolders = [...new Set(listing.safeFolders)].toSorted();
  listing.refused = uniqueByPath(listing.refused);
  return listing;
}

async function pathsOf(source: string): Promise<string[]> {
  const path = resolve(source);
  if ((await stat(path).catch(() => null)) !== null) return [path];
  // Loaded when it is needed: most sources are folders.
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(source)) {
    throw new MineRsError('BAD_INPUT', `${source}: no such file or folder; --scenes takes a folder, a file or a glob`, {
      source,
    });
  }
  const matches = await glob(source.replaceAll('\\', '/'), {
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  if (matches.length === 0) throw new MineRsError('BAD_INPUT', `${source}: the pattern matches nothing`, { source });
  return matches.map((match) => resolve(match)).toSorted();
}

async function listPath(path: string, listing: Listing): Promise<void> {
  const info = await stat(path);
  if (info.isDirectory()) {
    await walk(path, path, await realpath(path), 0, listing);
    return;
  }
  if (/\.ya?ml$/i.test(path)) {
    listing.descriptions.push(path);
    return;
  }
  const root = dirname(path);
  addFile({ path, root }, listing);
  if (/\.(geo)?json$/i.test(path)) listing.namedJson.push(path);
  if (!isTiffName(path)) return;
  // The metadata beside a named file tells its radiometry.
  for (const name of (await readdir(root)).toSorted()) {
    if (/\.json$|_MTL\.txt$/i.test(name)) addFile({ path: join(root, name), root }, listing);
  }
}

async function walk(folder: string, root: string, realRoot: string, depth: number, listing: Listing): Promise<void> {
  if (depth > MAX_DEPTH) {
    throw new MineRsError('BAD_INPUT', `${folder}: more than ${MAX_DEPTH} folders deep; name the scenes' own folder`);
  }
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => compareText(a.name, b.name));
  const description = entries.find((entry) => DESCRIPTION_NAMES.has(entry.name));
  if (description !== undefined) {
    listing.descriptions.push(join(folder, description.name));
    return;
  }
  if (/\.SAFE$/i.test(folder)) listing.safeFolders.push(folder);
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, root, realRoot, depth + 1, listing);
    else if (entry.isFile()) addFile({ path, root }, listing);
    else if (entry.isSymbolicLink()) await addLink(path, root, realRoot, listing);
  }
}

/** A link to a folder inside the root is not followed: the folder itself is walked. */
async function addLink(path: string, root: string, realRoot: string, listing: Listing): Promise<void> {
  const target = await realpath(path).catch(() => null);
  const info = target === null ? null : await stat(target);
  const isFile = info?.isFile() === true;
  if (isFile && !isTiffName(path) && !/\.(json|jp2)$|_MTL\.txt$|MTD_MSIL2A\.xml$/i.test(path)) return;
  if (target === null || !isInside(target, realRoot)) {
    const reason =
      target === null
        ? 'is a link that leads nowhere'
        : 'is a link to a place outside the named folder; name that place with --scenes instead';
    listing.refused.push({ id: basename(path), date: null, sensor: null, path, reason });
  } else if (isFile) {
    addFile({ path, root }, listing);
  }
}

function addFile(file: ListedFile, listing: Listing): void {
  listing.files.push(file);
  if (listing.files.length > MAX_FILES) {
    throw new MineRsError(
      'BAD_INPUT',
      `${file.root}: more than ${MAX_FILES.toLocaleString('en')} files; name the scenes' own folder`,
    );
  }
}

/** Whether a path lies in a folder; both are absolute. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Order by code units: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function uniqueByPath<T extends { path: string }>(items: readonly T[]): T[] {
  const byPath = new Map<string, T>();
  for (const item of items) if (!byPath.has(item.path)) byPath.set(item.path, item);
  return [...byPath.values()].toSorted((a, b) => compareText(a.path, b.path));
}
