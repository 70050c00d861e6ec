/**
 * Which tile or path and row a scene is of, as far as its id tells.
 * @module
 */
import type { Scene, UnusableScene } from './scene.ts';

/** `133034` (WRS path and row), `47SNB` (MGRS tile), or null. */
export function placeOfId(id: string): string | null {
  return (
    /^L[A-Z]\d\d_[A-Z0-9]{4}_(\d{6})_/.exec(id)?.[1] ??
    /^HLS\.[LS]30\.T(\w{5})\./.exec(id)?.[1] ??
    /^S2[A-D]?(?:_.*)?_T?(\d\d[A-Z]{3})(?:_|$)/.exec(id)?.[1] ??
    null
  );
}

/** Usable scenes of one sensor, place and day, such as the parts of one acquisition: more than one of each. */
export function sameDayScenes(
  scenes: readonly (Scene | UnusableScene)[],
): { date: string; place: string; ids: string[] }[] {
  const groups = new Map<string, { date: string; place: string; ids: string[] }>();
  for (const { id, date, sensor } of scenes) {
    const place = placeOfId(id);
    if (place === null || date === null) continue;
    const key = [sensor, place, date].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { date, place, ids: [id] });
    else group.ids.push(id);
  }
  return [...groups.values()].filter(({ ids }) => ids.length > 1);
}
