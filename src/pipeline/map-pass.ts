/**
 * The maps of a run, from the scratch files and the tiles of the series pass.
 * @module
 */
import { join } from 'node:path';
import type { Cover, WrittenMap } from '../tasks/contract.ts';
import type { WrittenMapFile } from './extras.ts';
import { carryOver } from './kept-maps.ts';
import { syncFile } from './output.ts';
import { runAll } from './run-all.ts';
import type { SeriesPass } from './series-pass.ts';
import type { TilePass } from './tile-pass.ts';

/** A map in the work folder; `depends` is the digest of all that it depends on. */
export type MapFile = WrittenMapFile & { depends: string };

/** Writes the maps, and carries over those that are there already. */
export async function mapPass(pass: TilePass, cover: Cover, series: SeriesPass): Promise<MapFile[]> {
  const { output, runner, progress, scratch } = pass;
  const maps: MapFile[] = [];
  const syncs: Promise<void>[] = [];
  progress.begin('maps', series.specs.length);
  await runAll(runner.concurrency, series.specs.entries(), async ([k, { key, spec, annual }]) => {
    const file = `maps/${key}.tif`;
    const path = join(output.work, file);
    const { depends, kept } = series.planned.get(key)!;
    const encoded = series.encoded.get(key);
    let written: WrittenMap;
    if (kept !== undefined && encoded === undefined) {
      carryOver(output.folder, kept, path);
      written = { bytes: kept.bytes, sha256: kept.sha256 };
    } else if (annual === undefined) {
      const tiles = encoded!.map((tile) => tile?.tile ?? null);
      const halves = encoded!.map((tile) => tile?.half ?? null);
      written = await runner.run('assemble', { path, spec, tiles, halves });
    } else {
      written = await runner.run('annualMap', { path, spec, scratch, cover, ...annual });
    }
    maps[k] = { key, file, ...written, spec, depends };
    // The disk works while the next map is made.
    const sync = syncFile(path);
    sync.catch(() => {});
    syncs.push(sync);
    progress.step();
  });
  await Promise.all(syncs);
  progress.end();
  return maps;
}
