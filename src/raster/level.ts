/**
 * A GeoTIFF at a coarser level: its overviews, and beyond them halved again.
 * @module
 */
import type { Window } from '../geo/window.ts';
import { readBlockLayout } from './block-layout.ts';
import { BlockReader } from './block-reader.ts';
import { PREDICTS_ITSELF, openBlockDecoder } from './codecs/open-decoder.ts';
import { readIntegers, readStructure, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { readImageTags } from './image-tags.ts';
import { reduceByTwo, type Image, type OverviewMethod } from './overview.ts';
import { createPixels } from './pixel-type.ts';
import { openBytes } from './source/open-bytes.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** Subfile type (tag 254) of a smaller version of the image before it. */
const SMALLER = 1;

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
    const { shape, nodata, pixelProblem } = await readImageTags(file, structure, main!);
    const outside = window.col + window.width > shape.width || window.row + window.height > shape.height;
    if (pixelProblem !== null || outside || bands.some((band) => band > shape.bandCount)) {
      throw file.damaged(pixelProblem ?? 'is not the map of this run: its size is another');
    }
    let level = 0;
    while (level < halvings && (await isHalf(file, structure, others[level], shape, level + 1))) level += 1;
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

/** Whether a directory is the image halved `level` times. */
async function isHalf(
  file: TiffBytes,
  { littleEndian }: TiffStructure,
  directory: TiffDirectory | undefined,
  full: { readonly width: number; readonly height: number },
  level: number,
): Promise<boolean> {
  if (directory === undefined) return false;
  const number = async (tag: number) => {
    const field = directory.get(tag);
    return field === undefined ? 0 : (await readIntegers(file, field, littleEndian))[0];
  };
  const by = 2 ** level;
  return (
    (await number(254)) === SMALLER &&
    (await number(256)) === Math.ceil(full.width / by) &&
    (await number(257)) === Math.ceil(full.height / by)
  );
}

async function openReader(
  file: TiffBytes,
  structure: TiffStructure,
  directory: TiffDirectory,
  nodata: { readonly value: number | null; readonly text: string | null },
) {
  const tags = await readImageTags(file, structure, directory);
  const { shape, sampleType, extraSamples } = tags;
  const blocks = await readBlockLayout(file, structure, directory, shape);
  const { pixelType, numberType } = sampleType;
  const decode = await openBlockDecoder({
    compression: shape.compression,
    blockWidth: blocks.width,
    blockHeight: blocks.height,
    rowBytes: blocks.rowBytes,
    pixelType,
    bits: shape.bits,
    littleEndian: structure.littleEndian,
    samples: blocks.samples,
    ycc: tags.ycc,
    alpha: !shape.planar && extraSamples[extraSamples.length - 1] === 2,
    reversedBits: tags.reversedBits,
    jpegTables: tags.jpegTables,
    lercParameters: tags.lercParameters,
  });
  if (decode === undefined) throw file.damaged('has a compression that is not supported');
  const samples = {
    pixelType,
    bits: shape.bits,
    littleEndian: structure.littleEndian,
    predictor: PREDICTS_ITSELF.has(shape.compression) ? (1 as const) : shape.predictor,
    samples: blocks.samples,
  };
  const image = {
    width: shape.width,
    height: shape.height,
    numberType,
    nodata: nodata.value,
    nodataText: nodata.text,
  };
  return { pixelType, blocks: new BlockReader(file, image, blocks, samples, decode) };
}
