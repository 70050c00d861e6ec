/**
 * Finds the STAC items behind the sources: files in folders, item collections, catalogs and URLs.
 * @module
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import { redactUrl } from '../url.ts';
import { compareText, isInside, isRemote, withoutQuery, type ListedFile, type Listing } from './listing.ts';
import { mapLimited } from './recognised.ts';
import type { UnusableScene } from './scene.ts';
import type { LocatedItem } from './stac-asset.ts';
import { parseStac, type StacDocument } from './stac-item.ts';

export interface FoundItems {
  items: LocatedItem[];
  /** Items that the user named, or reached by a catalog that the user named: none of them goes unmentioned. */
  named: LocatedItem[];
  /** Links that lead out of the named folder, or to nothing. */
  unusable: UnusableScene[];
}

/** Reads the text behind a URL. */
export type FetchText = (url: string) => Promise<string>;

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 16;
/** Of items as of documents: far more than a run can read, far less than an archive holds. */
const MAX_COUNT = 20_000;
const AT_ONCE = 16;

/** Reads every STAC document of a listing, follows catalogs that the user named and pages of item collections. */
export async function findStacItems(listing: Listing, fetchText: FetchText | undefined): Promise<FoundItems> {
  const found: FoundItems = { items: [], named: [], unusable: [] };
  const json = listing.files.filter(({ path }) => /\.(geo)?json$/i.test(path) && !/_(MTL|ANG)\.json$/i.test(path));
  const documents = await mapLimited(json, AT_ONCE, async (file) => ({ file, document: await readLocal(file.path) }));
  const crawl: Crawl = { found, fetchText, seen: new Set(json.map(({ path }) => path)) };
  const named = new Set(listing.namedJson);
  for (const { file, document } of documents) {
    if (document === null) continue;
    if (document.kind === 'items') addItems(crawl, document, file, named.has(file.path));
    // Below a folder that the user named, the walk finds what a catalog links to.
    else if (named.has(file.path)) await followLinks(crawl, document, file, 0);
  }
  for (const url of listing.urls) await readUrl(crawl, url, 0, true);
  // Answers come in any order; which of two copies is used must not depend on it.
  for (const items of [found.items, found.named]) items.sort((a, b) => compareText(a.file.path, b.file.path));
  return found;
}

interface Crawl {
  found: FoundItems;
  fetchText: FetchText | undefined;
  seen: Set<string>;
}

type Items = Extract<StacDocument, { kind: 'items' }>;
type Catalog = Extract<StacDocument, { kind: 'catalog' }>;

function addItems(crawl: Crawl, document: Items, file: ListedFile, named: boolean): void {
  for (const item of document.items) {
    crawl.found.items.push({ item, file });
    if (named) crawl.found.named.push({ item, file });
  }
  if (crawl.found.items.length > MAX_COUNT) throw tooMany(file.path);
}

async function readLocal(path: string): Promise<StacDocument | null> {
  if ((await stat(path)).size > MAX_BYTES) return null;
  return parseStac(await readFile(path, 'utf8'));
}

/** Children and items of a catalog, in the order of its links. */
async function followLinks(crawl: Crawl, catalog: Catalog, file: ListedFile, depth: number): Promise<void> {
  if (depth >= MAX_DEPTH) {
    throw new MineRsError('BAD_INPUT', `${shown(file.path)}: the catalog is more than ${MAX_DEPTH} levels deep`);
  }
  const hrefs = catalog.links.filter(({ rel }) => rel === 'child' || rel === 'item').map(({ href }) => href);
  if (isRemote(file.path)) {
    const urls = hrefs.map((href) => new URL(href, file.path).href);
    await mapLimited(urls, AT_ONCE / 2, (url) => readUrl(crawl, url, depth + 1, false));
    return;
  }
  const realRoot = await realpath(file.root);
  for (const href of hrefs) {
    const path = resolve(dirname(file.path), href);
    const refuse = (reason: string): void => {
      crawl.found.unusable.push({ id: basename(href), date: null, sensor: null, path: file.path, reason });
    };
    if (isRemote(href)) {
      refuse(`links to ${shown(href)}; a local catalog does not lead to a URL: name the URL itself`);
      continue;
    }
    const target = await realpath(path).catch(() => null);
    if (target === null || !isInside(target, realRoot)) {
      refuse(
        `links to ${href}, which ${target === null ? 'does not exist' : 'lies outside the folder of the named file'}`,
      );
      continue;
    }
    if (!visit(crawl, path)) continue;
    const document = await readLocal(path);
    if (document === null) refuse(`links to ${href}, which is no STAC document`);
    else if (document.kind === 'items') addItems(crawl, document, { path, root: file.root }, true);
    else await followLinks(crawl, document, { path, root: file.root }, depth + 1);
  }
}

async function readUrl(crawl: Crawl, url: string, depth: number, isSource: boolean): Promise<void> {
  if (!visit(crawl, url)) return;
  if (crawl.fetchText === undefined) {
    throw new MineRsError(
      'BAD_INPUT',
      `${shown(url)}: scenes behind a URL are not read; download them and name the folder`,
    );
  }
  if (isSource && /\.(g?tiff?|jp2|zip|tar|gz|ya?ml)$/i.test(withoutQuery(url))) {
    throw new MineRsError(
      'BAD_INPUT',
      `${redactUrl(url)}: is not the address of a STAC item, item collection or catalog; a file alone does not tell its ` +
        `date and radiometry: name the STAC item that lists it`,
    );
  }
  let document: StacDocument | null;
  try {
    document = parseStac(await crawl.fetchText(url));
  } catch (error) {
    if (isSource) throw error;
    crawl.found.unusable.push({
      id: basename(withoutQuery(url)),
      date: null,
      sensor: null,
      path: url,
      reason: messageOf(error),
    });
    return;
  }
  const file = { path: url, root: '' };
  if (document === null) {
    const problem = 'is no STAC item, item collection or catalog';
    if (isSource)
      throw new MineRsError('BAD_INPUT', `${shown(url)}: ${problem}; --scenes takes the address of one of these`);
    crawl.found.unusable.push({
      id: basename(withoutQuery(url)),
      date: null,
      sensor: null,
      path: url,
      reason: problem,
    });
  } else if (document.kind === 'catalog') {
    if (isSource) mustBeStatic(document, url);
    await followLinks(crawl, document, file, depth);
  } else {
    addItems(crawl, document, file, true);
    if (document.next !== null) await readUrl(crawl, new URL(document.next, url).href, depth, true);
  }
}

/** An API lists its items by search only: all of them would be an archive. */
function mustBeStatic({ links }: Catalog, url: string): void {
  const has = (...rels: string[]): boolean => links.some(({ rel }) => rels.includes(rel));
  if (has('child', 'item') || !has('items', 'search', 'data')) return;
  throw new MineRsError(
    'BAD_INPUT',
    `${redactUrl(url)}: is a STAC API, which holds more than a run needs; name a search of it, such as ` +
      `…/search?collections=ID&bbox=W,S,E,N&datetime=FROM/TO`,
  );
}

/** Whether a document has not been read yet. */
function visit(crawl: Crawl, place: string): boolean {
  if (crawl.seen.has(place)) return false;
  crawl.seen.add(place);
  if (crawl.seen.size > MAX_COUNT) throw tooMany(place);
  return true;
}

function tooMany(place: string): MineRsError {
  return new MineRsError(
    'BAD_INPUT',
    `${shown(place)}: more than ${MAX_COUNT.toLocaleString('en')} items; name a part of the catalog or a narrower search`,
  );
}

/** A place as messages show it: query strings may hold tokens. */
function shown(place: string): string {
  return isRemote(place) ? withoutQuery(place) : place;
}
