/**
 * A GeoTIFF at a coarser level: its overviews, and beyond them halved again.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { BlockReader } from './block-reader.ts';
import { isHalved } from './companions.ts';
import { readStructure, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { openImageBlocks } from './image-blocks.ts';
import { readImageTags, type Nodata } from './image-tags.ts';
import { reduceByTwo, type Image, type OverviewMethod } from './overview.ts';
import { createPixels } from './pixel-type.ts';
import { openBytes } from './source/open-bytes.ts';
import { readTags } from './tags.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** Pixels that are read at once. */
const MOST_PIXELS = 2 ** 26;

/**
 * Reads a window of a file on disk, halved a number of times. Overviews inside the file are used as far as there are any
 * that halve exactly; what is left is halved here.
 *
 * @param window In pixels of the full image; its corner must be a multiple of 2^halvings.
 * @param bands Counted from 1.
 * @returns An image for each band; its size is that of the window divided by 2^halvings, rounded up.
 * @throws {MineRsError} BAD_INPUT if the file is missing or damaged, lacks a band, or is smaller than the window
 */
export async function readHalved(
  path: string,
  window: Window,
  halvings: number,
  bands: readonly number[],
  method: OverviewMethod,
): Promise<Image[]> {
  const file = await openBytes(path);
  try {
    const structure = await readStructure(file);
    const [main, ...others] = structure.directories;
    const { shape, nodata, pixelProblem } = readImageTags(file, await readTags(file, structure, main!));
    const outside = window.col + window.width > shape.width || window.row + window.height > shape.height;
    if (pixelProblem !== null || outside || bands.some((band) => band > shape.bandCount)) {
      throw file.damaged(pixelProblem ?? 'is not the map of this run: its size is another');
    }
    let level = 0;
    for (const directory of others.slice(0, halvings)) {
      if (!(await isHalved(file, structure, directory, shape, level + 1))) break;
      level += 1;
    }
    const at = scaled(window, level);
    if (at.width * at.height > MOST_PIXELS) throw file.damaged('has no overviews; write it again as a COG');
    const reader = await openReader(file, structure, level === 0 ? main! : others[level - 1]!, nodata);
    const images: Image[] = [];
    for (const band of bands) {
      const pixels = createPixels(reader.pixelType, at.width * at.height);
      await reader.blocks.read(at, band - 1, pixels);
      let image: Image = { pixels, width: at.width, height: at.height };
      for (let k = level; k < halvings; k++) {
        image = reduceByTwo(image.pixels, image.width, image.height, 1, method, nodata.value);
      }
      images.push(image);
    }
    reader.blocks.close();
    return images;
  } finally {
    file.close();
  }
}

function scaled({ col, row, width, height }: Window, level: number): Window {
  const by = 2 ** level;
  return { col: col / by, row: row / by, width: Math.ceil(width / by), height: Math.ceil(height / by) };
}

async function openReader(file: TiffBytes, structure: TiffStructure, directory: TiffDirectory, nodata: Nodata) {
  const tags = await readTags(file, structure, directory);
  const image = readImageTags(file, tags);
  const blocks = await openImageBlocks(file, tags, image);
  if (blocks.pixelProblem !== null) throw file.damaged(`pixels cannot be read: ${blocks.pixelProblem}`);
  const size = {
    width: image.shape.width,
    height: image.shape.height,
    numberType: image.sampleType.numberType,
    nodata: nodata.value,
    nodataText: nodata.text,
  };
  return { pixelType: image.sampleType.pixelType, blocks: new BlockReader(file, size, blocks) };
}
