/**
 * Files that a worker keeps open from one task to the next.
 * @module
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { TileSpool } from '../raster/cog.ts';
import type { GeoTiffFile } from '../raster/geotiff-file.ts';
import { openRaster as openFile } from '../raster/open.ts';
import { releaseReusable } from '../raster/reusable.ts';
import type { RemoteFile, RemoteOptions } from '../raster/source/remote.ts';

/** Open rasters per worker. A Landsat scene has three files; a year of one place seldom has more than twenty scenes. */
const MAX_OPEN_RASTERS = 64;

/** Descriptors per worker: a year has two files, and a tile is read from all years, one after another. */
const MAX_SHARED = 96;

let remote: RemoteOptions = {};
const rasters = new Map<string, GeoTiffFile>();
const descriptors = new Map<string, number>();
const spools = new Map<string, TileSpool>();

/** Says how remote files are read; to be called before the first task. */
export function useRemote(options: RemoteOptions): void {
  remote = options;
}

/** What is known of a remote file that the run opened. */
export function knownRemote(url: string): RemoteFile | undefined {
  return remote.known?.get(url);
}

/** An open raster; the least recently used one is closed when there are too many. */
export async function openRaster(path: string): Promise<GeoTiffFile> {
  let file = rasters.get(path);
  if (file === undefined) file = await openFile(path, remote);
  else rasters.delete(path);
  rasters.set(path, file);
  if (rasters.size > MAX_OPEN_RASTERS) {
    const [oldest, oldestFile] = rasters.entries().next().value!;
    rasters.delete(oldest);
    await oldestFile.close();
  }
  return file;
}

/**
 * A descriptor of an existing file, open for reading and writing. It is good until as many others as {@link MAX_SHARED} were
 * asked for.
 */
export function openShared(path: string): number {
  let fd = descriptors.get(path);
  if (fd === undefined) fd = openSync(path, 'r+');
  else descriptors.delete(path);
  descriptors.set(path, fd);
  if (descriptors.size > MAX_SHARED) {
    const [oldest, oldestFd] = descriptors.entries().next().value!;
    descriptors.delete(oldest);
    closeSync(oldestFd);
  }
  return fd;
}

/** This worker's own spool file in a folder: one writer a file, so no worker waits for another. */
export function ownSpool(folder: string): TileSpool {
  const path = join(folder, `spool-${threadId}.bin`);
  let spool = spools.get(path);
  if (spool === undefined) {
    spool = new TileSpool(path);
    spools.set(path, spool);
  }
  return spool;
}

/** Closes everything. A worker's end does it too; an in-process run has to ask for it. */
export async function releaseResources(): Promise<void> {
  const open = [...rasters.values()];
  rasters.clear();
  remote = {};
  for (const fd of descriptors.values()) closeSync(fd);
  descriptors.clear();
  for (const spool of spools.values()) spool.close();
  spools.clear();
  releaseReusable();
  await Promise.all(open.map((file) => file.close()));
}
