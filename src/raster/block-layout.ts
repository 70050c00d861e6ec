/**
 * How a TIFF's pixels are cut into tiles or strips, and where each of them lies.
 * @module
 */
import type { Tags } from './tags.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** The blocks (tiles or strips) of an image. */
export interface BlockLayout {
  readonly tiled: boolean;
  /** Pixels; tiles keep this size at the image's edge, strips are cut short. */
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  /** Bands side by side in a block; 1 where each band has its own blocks. */
  readonly samples: number;
  /** Bytes of a decoded row of a block. */
  readonly rowBytes: number;
  /** Position and stored length of each block, row-major, band after band; length 0 is a block without data. */
  readonly offsets: Float64Array;
  readonly byteCounts: Float64Array;
}

/** What the layout is computed from. */
export interface ImageShape {
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  /** Bits of a stored sample. */
  readonly bits: number;
  readonly planar: boolean;
  readonly compression: number;
  readonly predictor: number;
}

const MAX_BLOCK_BYTES = 2 ** 30;
/** Uncompressed strips above this are read in parts: a whole image in one strip is common. */
const SPLIT_BYTES = 256 * 1024;

const ROWS_PER_STRIP = 278;
const STRIP_OFFSETS = 273;
const STRIP_COUNTS = 279;
const TILE_WIDTH = 322;
const TILE_LENGTH = 323;
const TILE_OFFSETS = 324;
const TILE_COUNTS = 325;

/**
 * Reads and checks the layout of a directory.
 * @throws {MineRsError} BAD_INPUT if it is incomplete, absurdly large, or points past the file's end
 */
export function readBlockLayout(file: TiffBytes, tags: Tags, shape: ImageShape): BlockLayout {
  const tiled = tags.has(TILE_WIDTH);
  const width = tiled ? tags.whole(TILE_WIDTH, 0) : shape.width;
  const rows = tiled ? tags.whole(TILE_LENGTH, 0) : tags.whole(ROWS_PER_STRIP, shape.height);
  const height = tiled ? rows : Math.min(rows, shape.height);
  if (!(width > 0) || !(height > 0)) throw file.damaged('has blocks without a size');

  const samples = shape.planar ? 1 : shape.bandCount;
  const rowBytes = Math.ceil((width * samples * shape.bits) / 8);
  if (rowBytes * height > MAX_BLOCK_BYTES && !(shape.compression === 1 && !tiled)) {
    const size = (rowBytes * height) / 2 ** 30;
    throw file.damaged(
      `has blocks of ${size.toFixed(1)} GiB, the most that is read is 1 GiB; rewrite it in tiles, such as with gdal_translate -of COG`,
    );
  }
  const across = Math.ceil(shape.width / width);
  const down = Math.ceil(shape.height / height);
  const blocks = across * down * (shape.planar ? shape.bandCount : 1);
  const offsets = tags.integers(TILE_OFFSETS) ?? tags.integers(STRIP_OFFSETS);
  if (offsets === undefined || offsets.length < blocks) {
    throw file.damaged(`lists ${offsets?.length ?? 0} of its ${blocks} blocks; it is damaged`);
  }
  let byteCounts = tags.integers(TILE_COUNTS) ?? tags.integers(STRIP_COUNTS);
  if (byteCounts === undefined && shape.compression === 1) {
    byteCounts = new Float64Array(blocks).fill(rowBytes * height);
    if (!tiled) {
      for (let i = down - 1; i < blocks; i += down) byteCounts[i] = rowBytes * (shape.height - (down - 1) * height);
    }
  }
  if (byteCounts === undefined || byteCounts.length < blocks)
    throw file.damaged('does not say how long its blocks are');
  if (!allInside(offsets, byteCounts, blocks, file.size)) {
    throw file.damaged('ends before its data does; it may be truncated');
  }
  const layout = { tiled, width, height, across, down, samples, rowBytes, offsets, byteCounts };
  if (tiled || shape.compression !== 1 || rowBytes * height <= SPLIT_BYTES) return layout;
  return splitStrips(layout, shape);
}

/** Whether blocks end within the file, those that have data. */
function allInside(offsets: Float64Array, byteCounts: Float64Array, blocks: number, size: number): boolean {
  for (let i = 0; i < blocks; i++) {
    if (offsets[i]! + byteCounts[i]! > size && offsets[i]! > 0 && byteCounts[i]! > 0) return false;
  }
  return true;
}

/** The same image in shorter strips: rows of uncompressed strips can be found without reading the rows above. */
function splitStrips(layout: BlockLayout, shape: ImageShape): BlockLayout {
  const height = Math.max(1, Math.floor(SPLIT_BYTES / layout.rowBytes));
  const down = Math.ceil(shape.height / height);
  // Parts must not span two strips.
  if (layout.down > 1 && layout.height % height !== 0) return splitStripsInto(layout, shape, 1, shape.height);
  return splitStripsInto(layout, shape, height, down);
}

function splitStripsInto(layout: BlockLayout, shape: ImageShape, height: number, down: number): BlockLayout {
  const planes = shape.planar ? shape.bandCount : 1;
  const offsets = new Float64Array(planes * down);
  const byteCounts = new Float64Array(planes * down);
  for (let plane = 0; plane < planes; plane++) {
    for (let part = 0; part < down; part++) {
      const row = part * height;
      const strip = plane * layout.down + Math.floor(row / layout.height);
      const skip = (row % layout.height) * layout.rowBytes;
      const wanted = Math.min(height, shape.height - row) * layout.rowBytes;
      const stored = layout.byteCounts[strip]!;
      const start = layout.offsets[strip]!;
      offsets[plane * down + part] = start > 0 ? start + skip : 0;
      // A strip that is too short leaves its last parts short, which is found when they are read.
      byteCounts[plane * down + part] = stored === 0 ? 0 : Math.max(1, Math.min(wanted, stored - skip));
    }
  }
  return { ...layout, height, down, offsets, byteCounts };
}
