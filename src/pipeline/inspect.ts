/**
 * Headers of the files of a run, each opened once.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import type { RasterInfo } from '../raster/geotiff-file.ts';
import { openRaster } from '../raster/open.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import type { Scene } from '../scenes/scene.ts';
import { runAll } from './run-all.ts';

/** Scenes whose files are opened at the same time: remote ones take a while to answer. */
const SCENES_AT_ONCE = 8;

/** A file's header, and its grid where it has a place on Earth. */
export interface Header {
  info: RasterInfo;
  grid: Grid;
}

/** Reads headers and remembers them. */
export class Headers {
  readonly #read = new Map<string, Promise<RasterInfo>>();
  /** How remote files are read. */
  readonly remote: RemoteOptions;

  constructor(remote: RemoteOptions = {}) {
    this.remote = remote;
  }

  /** A raster's header. @throws {MineRsError} BAD_INPUT if it cannot be read */
  info(path: string): Promise<RasterInfo> {
    let header = this.#read.get(path);
    if (header === undefined) {
      header = readInfo(path, this.remote);
      this.#read.set(path, header);
    }
    return header;
  }

  /** A raster's header and grid. @throws {MineRsError} BAD_INPUT if it has no transform or no known CRS */
  async header(path: string): Promise<Header> {
    const info = await this.info(path);
    if (info.transform === null) {
      throw new MineRsError('BAD_INPUT', `${path} has no geotransform: it says nowhere where its pixels lie`, { path });
    }
    if (info.crs === null) {
      const reason = info.crsProblem ?? 'it names no coordinate reference system';
      throw new MineRsError('BAD_INPUT', `${path} cannot be placed: ${reason}`, { path });
    }
    return { info, grid: { width: info.width, height: info.height, transform: info.transform, crs: info.crs } };
  }
}

async function readInfo(path: string, remote: RemoteOptions): Promise<RasterInfo> {
  const file = await openRaster(path, remote);
  try {
    return file.info;
  } finally {
    await file.close();
  }
}

/** A scene whose files were all opened. */
export interface InspectedScene {
  scene: Scene;
  headers: ReadonlyMap<string, Header>;
  /** The header that decides about the scene's grid: its finest band, the first of equals. */
  main: Header;
}

/** The bands a scene brings to the index: reflectances, or the finished index. */
export function valueSources(scene: Scene) {
  return scene.index === undefined ? Object.values(scene.bands) : [scene.index.source];
}

/**
 * Opens the files of scenes.
 *
 * @returns The scenes that can be read, in the order given, and the others with the reason.
 */
export async function inspectScenes(
  scenes: readonly Scene[],
  headers: Headers,
): Promise<{ inspected: InspectedScene[]; failed: { scene: Scene; reason: string }[] }> {
  const results: (InspectedScene | { scene: Scene; reason: string })[] = [];
  await runAll(SCENES_AT_ONCE, scenes.entries(), async ([k, scene]) => {
    try {
      results[k] = await inspectScene(scene, headers);
    } catch (error) {
      if (error instanceof MineRsError && error.code !== 'BAD_INPUT') throw error;
      results[k] = { scene, reason: messageOf(error) };
    }
  });
  const failed = results.filter((result) => 'reason' in result);
  return { inspected: results.filter((result) => 'main' in result), failed };
}

async function inspectScene(scene: Scene, headers: Headers): Promise<InspectedScene> {
  const found = new Map<string, Header>();
  const open = async (path: string, band: number): Promise<Header> => {
    const header = await headers.header(path);
    if (band > header.info.bandCount) {
      const has = header.info.bandCount === 1 ? '1 band' : `${header.info.bandCount} bands`;
      throw new MineRsError('BAD_INPUT', `${path} has ${has}, but band ${band} is wanted`, { path });
    }
    if (header.info.pixelProblem !== null) {
      throw new MineRsError('BAD_INPUT', `${path} cannot be read: ${header.info.pixelProblem}`, { path });
    }
    found.set(path, header);
    return header;
  };
  let main: Header | undefined;
  for (const source of valueSources(scene)) {
    const header = await open(source.path, source.band);
    if (main === undefined || pixelSize(header) < pixelSize(main) * 0.999) main = header;
  }
  for (const mask of scene.masks) await open(mask.path, mask.band + (mask.rule.kind === 'scl-picture' ? 2 : 0));
  return { scene, headers: found, main: main! };
}

function pixelSize(header: Header): number {
  return Math.hypot(header.grid.transform[0], header.grid.transform[3]);
}
