/**
 * What goes with an image: its overviews and its mask, inside the file or in files beside it.
 * @module
 */
import { existsSync } from 'node:fs';
import { isUrl } from '../url.ts';
import { readStructure, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { openBytes } from './source/open-bytes.ts';
import { readTags } from './tags.ts';
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

const SUBFILE_TYPE = 254;
const WIDTH = 256;
const HEIGHT = 257;

/** Subfile type: bit 0 a smaller version of another image, bit 2 a mask. */
const SMALLER = 1;
const MASK = 4;

/** One of a file's images. */
export interface SubImage extends Overview {
  /** Subfile type. */
  readonly kind: number;
}

/**
 * The overviews of a file, from the largest; those in a `.ovr` file beside it where the file itself has none.
 *
 * @param others The images behind its first one.
 */
export async function readOverviews(
  file: TiffBytes,
  others: readonly SubImage[],
  size: Overview,
): Promise<readonly Overview[]> {
  const inside = others.filter(
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
    return (await readSubImages(file, structure, structure.directories)).filter(({ kind }) => (kind & MASK) === 0);
  } finally {
    file.close();
  }
}

/** What images some directories are. */
export async function readSubImages(
  file: TiffBytes,
  structure: TiffStructure,
  directories: readonly TiffDirectory[],
): Promise<SubImage[]> {
  const found: SubImage[] = [];
  for (const directory of directories) found.push(await subImage(file, structure, directory));
  return found;
}

async function subImage(file: TiffBytes, structure: TiffStructure, directory: TiffDirectory): Promise<SubImage> {
  const tags = await readTags(file, structure, directory, [SUBFILE_TYPE, WIDTH, HEIGHT]);
  return { kind: tags.whole(SUBFILE_TYPE, 0), width: tags.whole(WIDTH, 0), height: tags.whole(HEIGHT, 0) };
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
export function maskKind(path: string, others: readonly SubImage[], tags: MaskTags): MaskKind {
  const fits = ({ kind, width, height }: SubImage) =>
    (kind & MASK) !== 0 && (kind & SMALLER) === 0 && width === tags.width && height === tags.height;
  if (others.some(fits)) return 'internal';
  if (!isUrl(path) && existsSync(`${path}.msk`)) return 'sidecar';
  if (tags.nodata !== null) return 'nodata';
  const last = tags.extraSamples[tags.extraSamples.length - 1];
  const alpha = (tags.bandCount === 2 || tags.bandCount === 4) && (last === 1 || last === 2);
  return alpha ? 'alpha' : 'none';
}
