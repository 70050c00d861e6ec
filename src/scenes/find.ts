/**
 * Finds the scenes in folders and files.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { adjustScene, needsNarrowNir, type Adjustment } from './adjust.ts';
import { findCopernicusBrowser } from './copernicus-browser.ts';
import { findHls, isHls } from './hls.ts';
import { isLandsat } from './landsat-item.ts';
import { findLandsat } from './landsat.ts';
import { compareText, isTiffName, listSources, type Listing } from './listing.ts';
import type { Recognised } from './recognised.ts';
import type { BandRole, RasterProbe, Scene, UnusableScene } from './scene.ts';
import { findSentinel2, isSentinel2 } from './sentinel2.ts';
import type { LocatedItem } from './stac-asset.ts';
import { findStacItems, type FetchText } from './stac-documents.ts';
import { dateOfItem, textProperty } from './stac-item.ts';
import { findUnread } from './unread.ts';

export interface FindOptions {
  /** The bands that the index is computed from. */
  needed: readonly BandRole[];
  /** The index, such as `ndvi`: a ready-made index of this name is used as it is. */
  index: string;
  /** Reads what is known of a raster without its pixels. */
  probe: (path: string) => Promise<RasterProbe>;
  /** Reads STAC documents behind URLs; without it, such sources are refused. */
  fetchText?: FetchText | undefined;
  /** Brings the reflectances of one sensor to those of another. */
  adjust?: Adjustment | 'none' | undefined;
}

export interface FoundScenes {
  /** Sorted by date, then id; ids are unique. */
  scenes: Scene[];
  /** Sorted by date, then id and path. */
  unusable: UnusableScene[];
  /** Number of TIFF files that belong to no known layout. */
  ignored: number;
}

/**
 * Finds the scenes below the sources: folders (at any depth), files, glob patterns, and STAC items, item collections and
 * catalogs as files or URLs. A folder with a scenes.yaml has the scenes that it describes and no others. The result does not depend on the order of sources or files.
 *
 * Throws `BAD_INPUT` when a source does not exist, a scenes.yaml is wrong, or nothing looks like a scene. A scene that
 * is there but cannot be used is no error: it is in `unusable` with the reason, even if it is the only one.
 */
export async function findScenes(sources: readonly string[], options: FindOptions): Promise<FoundScenes> {
  const adjust = options.adjust === 'none' ? undefined : options.adjust;
  const listing = await listSources(sources);
  const stac = await findStacItems(listing, options.fetchText);
  const items = sortItems(stac.items);
  const byName = [
    await findLandsat(listing.files, items.landsat, options.needed),
    await findSentinel2(listing, items.sentinel2, options.needed, needsNarrowNir(adjust)),
    await findHls(listing.files, items.hls, options.needed),
    await findCopernicusBrowser(listing.files, options.needed, options.probe),
  ];
  const unread = findUnread(listing.files, byName.flatMap(accountedFor));
  const described = [];
  for (const path of listing.descriptions) {
    // Loaded when it is needed: most folders have the names of their products.
    const { findYamlScenes } = await import('./yaml-scenes.ts');
    described.push(await findYamlScenes(path, options));
  }

  const sorted = withUniqueIds([...byName, ...described].flatMap((found) => found.scenes));
  const adjusted = sorted.map((scene) => (adjust === undefined ? scene : adjustScene(scene, adjust)));
  const scenes = adjusted.filter((scene): scene is Scene => !('reason' in scene));
  const unusable = [...byName, ...described].flatMap((found) => found.unusable);
  unusable.push(...adjusted.filter((scene) => 'reason' in scene));
  unusable.push(...unread, ...listing.refused, ...stac.unusable, ...sortItems(stac.named).other.map(otherProduct));
  const claimed = new Set(byName.flatMap((found) => found.claimed));
  const ignored = listing.files.filter(({ path }) => isTiffName(path) && !claimed.has(path)).length;
  if (scenes.length === 0 && unusable.length === 0) throw noScenes(sources, listing);
  return { scenes: scenes.toSorted(byDate), unusable: unusable.toSorted(byDate), ignored };
}

interface SortedItems {
  landsat: LocatedItem[];
  sentinel2: LocatedItem[];
  hls: LocatedItem[];
  other: LocatedItem[];
}

function sortItems(items: readonly LocatedItem[]): SortedItems {
  const sorted: SortedItems = { landsat: [], sentinel2: [], hls: [], other: [] };
  for (const located of items) {
    const { item } = located;
    if (isHls(item)) sorted.hls.push(located);
    else if (isSentinel2(item)) sorted.sentinel2.push(located);
    else if (isLandsat(item)) sorted.landsat.push(located);
    else sorted.other.push(located);
  }
  return sorted;
}

function otherProduct({ item, file }: LocatedItem): UnusableScene {
  const what =
    item.collection ?? textProperty(item, 'odc:product') ?? textProperty(item, 'platform') ?? 'no collection';
  const reason =
    `is an item of a product that is not known (${what}); known are Landsat Collection 2 Level-2, Sentinel-2 L2A and ` +
    `HLS version 2; describe other files in a scenes.yaml`;
  return { id: item.id, date: dateOfItem(item), sensor: textProperty(item, 'platform'), path: file.path, reason };
}

function accountedFor(found: Recognised): string[] {
  return [...found.scenes.flatMap((scene) => scene.files), ...found.claimed, ...found.unusable.map(({ path }) => path)];
}

function byDate(a: Scene | UnusableScene, b: Scene | UnusableScene): number {
  return compareText(a.date ?? '', b.date ?? '') || compareText(a.id, b.id) || compareText(placeOf(a), placeOf(b));
}

function placeOf(scene: Scene | UnusableScene): string {
  return 'path' in scene ? scene.path : scene.files.join('\n');
}

/** Scenes of one id, such as exports of several places on one day, are numbered in the order of their files. */
function withUniqueIds(scenes: readonly Scene[]): Scene[] {
  const seen = new Map<string, number>();
  const sorted = scenes.toSorted(byDate);
  for (const scene of sorted) {
    const count = (seen.get(scene.id) ?? 0) + 1;
    seen.set(scene.id, count);
    if (count > 1) scene.id = `${scene.id} (${count})`;
  }
  return sorted;
}

function noScenes(sources: readonly string[], listing: Listing): MineRsError {
  const tiffs = listing.files.filter(({ path }) => isTiffName(path)).length;
  const seen = tiffs === 0 ? 'no TIFF file' : `${tiffs} TIFF file${tiffs > 1 ? 's' : ''}, none of a known layout`;
  return new MineRsError(
    'BAD_INPUT',
    `No scenes in ${sources.join(', ')}: ${seen}. Known by themselves are Landsat Collection 2 Level-2 and HLS version 2 ` +
      `(the names of the download), Sentinel-2 L2A SAFE folders, folders of GeoTIFFs with their STAC item, STAC items, item ` +
      `collections and catalogs of these, and raw exports of the Copernicus Browser. A scenes.yaml in the folder ` +
      `describes any other layout.`,
    { sources: [...sources], tiffs },
  );
}
