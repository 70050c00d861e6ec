/**
 * What STAC items tell of the place of scenes: which remote ones are worth opening, and where item and file disagree.
 * @module
 */
import { bboxesOverlap, type Bbox } from '../geo/bbox.ts';
import { WGS84 } from '../geo/crs.ts';
import type { Scene } from '../scenes/scene.ts';
import { isUrl } from '../url.ts';
import type { Zone } from '../vector/zone.ts';
import { zonesBbox } from './grid-plan.ts';
import type { InspectedScene } from './inspect.ts';

/** Degrees that an outline may be off: edges of a tile are curved in longitude and latitude, and figures are rounded. */
const MARGIN = 0.05;

/**
 * Splits scenes into those that may touch the zones and those that certainly do not. Only scenes of which all files are
 * remote are judged by what their item tells; local ones are opened, which costs nothing and is certain.
 */
export function nearScenes(scenes: readonly Scene[], zones: readonly Zone[]): { near: Scene[]; far: Scene[] } {
  const [west, south, east, north] = zonesBbox(zones, WGS84);
  const around: Bbox = [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
  const isFar = ({ bbox, files }: Scene): boolean =>
    bbox !== undefined && files.every(isUrl) && !bboxesOverlap(bbox, around);
  return { near: scenes.filter((scene) => !isFar(scene)), far: scenes.filter(isFar) };
}

/** Scenes whose item and files name different reference systems: one of the two is of another scene. */
export function placeWarnings(scenes: readonly InspectedScene[]): { scene: string; message: string }[] {
  return scenes.flatMap(({ scene, main }) => {
    const { epsg } = main.grid.crs;
    if (scene.epsg === undefined || epsg === null || scene.epsg === epsg) return [];
    const message = `its item says EPSG:${scene.epsg}, its file lies in EPSG:${epsg}: is it the file of this item?`;
    return [{ scene: scene.id, message }];
  });
}
