/**
 * Makes small folders of scenes for tests: the files are empty unless told otherwise, a made-up probe stands for them.
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findScenes, type FindOptions, type FoundScenes } from '../../src/scenes/find.ts';
import type { RasterProbe } from '../../src/scenes/scene.ts';

/** Writes files (path → content) into a new folder that is removed when the test is over. */
export async function makeFolder(files: Record<string, string> | readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mine-rs-scenes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entries = Array.isArray(files) ? files.map((name: string) => [name, ''] as const) : Object.entries(files);
  for (const [name, content] of entries) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export function probeOf(values: Partial<RasterProbe> = {}): (path: string) => Promise<RasterProbe> {
  return async () => ({
    width: 4,
    height: 3,
    bandCount: 1,
    pixelType: 'uint16',
    descriptions: [null],
    nodata: null,
    ...values,
  });
}

export function find(sources: string | readonly string[], options: Partial<FindOptions> = {}): Promise<FoundScenes> {
  return findScenes([sources].flat(), { needed: ['red', 'nir'], index: 'ndvi', probe: probeOf(), ...options });
}
