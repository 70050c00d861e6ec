/**
 * Finds the scenes in folders and files.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { findCopernicusBrowser } from './copernicus-browser.ts';
import { findLandsat } from './landsat.ts';
import { compareText, isTiffName, listSources, type Listing } from './listing.ts';
import type { Recognised } from './recognised.ts';
import type { BandRole, RasterProbe, Scene, UnusableScene } from './scene.ts';
import { findSentinel2 } from './sentinel2.ts';
import { findUnread } from './unread.ts';
import { findYamlScenes } from './yaml-scenes.ts';

export interface FindOptions {
  /** The bands that the index is computed from. */
  needed: readonly BandRole[];
  /** The index, such as `ndvi`: a ready-made index of this name is used as it is. */
  index: string;
  /** Reads what is known of a raster without its pixels. */
  probe: (path: string) => Promise<RasterProbe>;
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
 * Finds the scenes below the sources: folders (at any depth), files and glob patterns. A folder with a scenes.yaml has
 * the scenes that it describes and no others. The result does not depend on the order of sources or files.
 *
 * Throws `BAD_INPUT` when a source does not exist, a scenes.yaml is wrong, or nothing looks like a scene. A scene that
 * is there but cannot be used is no error: it is in `unusable` with the reason, even if it is the only one.
 */
export async function findScenes(sources: readonly string[], options: FindOptions): Promise<FoundScenes> {
  const listing = await listSources(sources);
  const byName = [
    await findLandsat(listing.files, options.needed),
    await findSentinel2(listing.files, options.needed),
    await findCopernicusBrowser(listing.files, options.needed, options.probe),
  ];
  const unread = findUnread(listing.files, listing.safeFolders, byName.flatMap(accountedFor));
  const described = [];
  for (const path of listing.descriptions) described.push(await findYamlScenes(path, options));

  const scenes = withUniqueIds([...byName, ...described].flatMap((found) => found.scenes));
  const unusable = [...byName, unread, ...described].flatMap((found) => found.unusable);
  unusable.push(...listing.refused);
  const claimed = new Set([...byName, unread].flatMap((found) => found.claimed));
  const ignored = listing.files.filter(({ path }) => isTiffName(path) && !claimed.has(path)).length;
  if (scenes.length === 0 && unusable.length === 0) throw noScenes(sources, listing);
  return { scenes: scenes.toSorted(byDate), unusable: unusable.toSorted(byDate), ignored };
}

function accountedFor(found: Recognised): string[] {
  return [...found.scenes.flatMap((scene) => scene.files), ...found.unusable.map(({ path }) => path)];
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
    `No scenes in ${sources.join(', ')}: ${seen}. Known by themselves are Landsat Collection 2 Level-2 (the names of ` +
      `the download), Sentinel-2 L2A folders of GeoTIFFs with their STAC item, and raw exports of the Copernicus ` +
      `Browser. A scenes.yaml in the folder describes any other layout.`,
    { sources: [...sources], tiffs },
  );
}
