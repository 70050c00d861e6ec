/**
 * What goes with an image: its overviews and its mask, inside the file or in files beside it.
 * @module
 */
import { existsSync } from 'node:fs';
import { isUrl } from '../url.ts';
import { readIntegers, readStructure, type TiffDirectory, type TiffStructure } from './ifd.ts';
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

interface SubImage extends Overview {
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
  { littleEndian }: TiffStructure,
  directories: readonly TiffDirectory[],
): Promise<SubImage[]> {
  const found: SubImage[] = [];
  for (const directory of directories) {
    const number = async (tag: number) => {
      const field = directory.get(tag);
      return field === undefined ? 0 : ((await readIntegers(file, field, littleEndian))[0] ?? 0);
    };
    found.push({ kind: await number(254), width: await number(256), height: await number(257) });
  }
  return found;
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
