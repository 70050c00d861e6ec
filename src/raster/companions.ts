/**
 * What goes with an image: its overviews and its mask, inside the file or in files beside it.
 * @module
 */
import { existsSync } from 'node:fs';
import { isUrl } from '../url.ts';
import { readStructure, tagReader, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { openBytes } from './source/open-bytes.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** A smaller version of the image. */
export interface Overview {
  readonly width: number;
  readonly height: number;
}

/**
 * What says which pixels are valid, by GDAL's order: a mask inside the file, a `.msk` file beside it, the nodata value,
 * an alpha band, or nothing.
 */
export type MaskKind = 'internal' | 'sidecar' | 'nodata' | 'alpha' | 'none';

/** What the kind of mask depends on, besides the directories. */
export interface MaskTags {
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  readonly nodata: number | null;
  readonly extraSamples: ArrayLike<number>;
}

/** Subfile type (tag 254): bit 0 a smaller version of another image, bit 2 a mask. */
const SMALLER = 1;
const MASK = 4;

/** One of a file's images. */
interface SubImage extends Overview {
  /** Subfile type. */
  readonly kind: number;
}

/** The overviews of a file, from the largest; those in a `.ovr` file beside it where the file itself has none. */
export async function readOverviews(
  file: TiffBytes,
  structure: TiffStructure,
  size: Overview,
): Promise<readonly Overview[]> {
  const inside = (await subImages(file, structure, structure.directories.slice(1))).filter(
    ({ kind, width, height }) => kind === SMALLER && width <= size.width && height <= size.height,
  );
  const found = inside.length > 0 || isUrl(file.path) ? inside : await beside(`${file.path}.ovr`);
  return found.map(({ width, height }) => ({ width, height }));
}

async function beside(path: string): Promise<SubImage[]> {
  if (!existsSync(path)) return [];
  const file = await openBytes(path);
  try {
    const structure = await readStructure(file);
    return (await subImages(file, structure, structure.directories)).filter(({ kind }) => (kind & MASK) === 0);
  } finally {
    file.close();
  }
}

async function subImages(
  file: TiffBytes,
  structure: TiffStructure,
  directories: readonly TiffDirectory[],
): Promise<SubImage[]> {
  const found: SubImage[] = [];
  for (const directory of directories) found.push(await subImage(file, structure, directory));
  return found;
}

async function subImage(file: TiffBytes, structure: TiffStructure, directory: TiffDirectory): Promise<SubImage> {
  const { integers } = tagReader(file, structure, directory);
  const first = async (tag: number) => (await integers(tag))?.[0] ?? 0;
  return { kind: await first(254), width: await first(256), height: await first(257) };
}

/** Whether a directory is the image of size `full` halved `times` times. */
export async function isHalved(
  file: TiffBytes,
  structure: TiffStructure,
  directory: TiffDirectory,
  full: Overview,
  times: number,
): Promise<boolean> {
  const { kind, width, height } = await subImage(file, structure, directory);
  const by = 2 ** times;
  return kind === SMALLER && width === Math.ceil(full.width / by) && height === Math.ceil(full.height / by);
}

/** What says which pixels are valid. */
export async function readMaskKind(file: TiffBytes, structure: TiffStructure, tags: MaskTags): Promise<MaskKind> {
  const images = await subImages(file, structure, structure.directories.slice(1));
  const fits = ({ kind, width, height }: SubImage) =>
    (kind & MASK) !== 0 && (kind & SMALLER) === 0 && width === tags.width && height === tags.height;
  if (images.some(fits)) return 'internal';
  if (!isUrl(file.path) && existsSync(`${file.path}.msk`)) return 'sidecar';
  if (tags.nodata !== null) return 'nodata';
  const last = tags.extraSamples[tags.extraSamples.length - 1];
  const alpha = (tags.bandCount === 2 || tags.bandCount === 4) && (last === 1 || last === 2);
  return alpha ? 'alpha' : 'none';
}
