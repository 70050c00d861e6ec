/**
 * What each layout's finder gives back, and what they share.
 * @module
 */
import { compareText } from './listing.ts';
import type { Scene, UnusableScene } from './scene.ts';

export interface Recognised {
  scenes: Scene[];
  unusable: UnusableScene[];
  /** Paths that belong to the layout, also those that no scene reads. */
  claimed: string[];
}

/** The files that a scene reads, bands or ready-made index and masks: each once, sorted. */
export function filesOf({ bands, index, masks }: Pick<Scene, 'bands' | 'index' | 'masks'>): string[] {
  const sources = [...Object.values(bands), ...(index === undefined ? [] : [index.source]), ...masks];
  return [...new Set(sources.map(({ path }) => path))].toSorted();
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/**
 * Runs an async function over the items, at most `limit` at a time; results in the order of the items. The first error stops
 * the handing out, and is thrown when those under way are done.
 */
export async function mapLimited<T, R>(items: readonly T[], limit: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results = Array.from<R>({ length: items.length });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      try {
        results[i] = await run(items[i]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  return results;
}

/** Groups in the order of their keys. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].toSorted(([a], [b]) => compareText(a, b));
}
