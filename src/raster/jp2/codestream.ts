/**
 * The JPEG 2000 codestream (ISO/IEC 15444-1 annex A): its tiles, and each tile as a codestream of its own.
 *
 * A tile is decoded alone, so that a window costs the tiles that it touches. The stream of one tile keeps the tile's
 * place in the image, which wavelets and code-blocks are anchored to: the pixels are those of decoding the whole.
 * @module
 */
import type { TiffBytes } from '../tiff-bytes.ts';

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;
/** Packet headers in the main header: they cannot be told apart by tile without decoding. */
const PPM = 0xff60;
/** Lengths of tiles and packets, and comments: not needed for decoding, and wrong for a part of the tiles. */
const LEFT_OUT = new Set([0xff55, 0xff57, 0xff63, 0xff64]);

const MAX_HEADER_BYTES = 1024 * 1024;

interface Part {
  offset: number;
  length: number;
}

export interface Codestream {
  width: number;
  height: number;
  /** Nominal size of a tile; those at the right and lower edge are smaller. */
  tileWidth: number;
  tileHeight: number;
  tilesAcross: number;
  tilesDown: number;
  components: number;
  bits: number;
  signed: boolean;
  /** Why the pixels cannot be read; null where they can. */
  problem: string | null;
  /** Segments of the main header, SIZ first, without those that only a whole stream needs. */
  segments: Uint8Array[];
  /** By tile: where its parts lie in the file. */
  parts: Part[][];
}

/** Position of one tile in the image. */
export interface TilePlace {
  col: number;
  row: number;
  width: number;
  height: number;
}

/** Reads the header and finds the tiles. @throws {MineRsError} BAD_INPUT if the codestream is damaged */
export async function readCodestream(file: TiffBytes, { offset, length }: Part): Promise<Codestream> {
  const end = offset + length;
  const u16 = async (at: number): Promise<number> => {
    if (at + 2 > end) throw file.damaged('has a JPEG 2000 codestream that is cut short');
    return new DataView((await file.read(at, 2)).buffer).getUint16(0);
  };
  if ((await u16(offset)) !== SOC) throw file.damaged('has no JPEG 2000 codestream where it should be');
  const segments: Uint8Array[] = [];
  let problem: string | null = null;
  let position = offset + 2;
  for (let marker = await u16(position); marker !== SOT; marker = await u16(position)) {
    const size = await u16(position + 2);
    const isFirst = segments.length === 0;
    if (marker < 0xff00 || size < 2 || position + 2 + size > end || position - offset > MAX_HEADER_BYTES) {
      throw file.damaged('has a damaged JPEG 2000 header');
    }
    if (isFirst !== (marker === SIZ)) throw file.damaged('has a damaged JPEG 2000 header');
    if (marker === PPM) problem = 'JPEG 2000 with packed packet headers is not supported';
    if (!LEFT_OUT.has(marker)) segments.push(await file.read(position, 2 + size));
    position += 2 + size;
  }
  if (segments.length === 0) throw file.damaged('has a damaged JPEG 2000 header');
  const image = readSize(file, segments[0]!);
  const parts = await readParts(file, position, end, image.tilesAcross * image.tilesDown);
  return { ...image, problem: problem ?? image.problem, segments, parts };
}

type Size = Omit<Codestream, 'segments' | 'parts'>;

function readSize(file: TiffBytes, segment: Uint8Array): Size {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (view.byteLength < 43) throw file.damaged('has a damaged JPEG 2000 header');
  const field = (k: number): number => view.getUint32(6 + 4 * k);
  const [x1, y1, x0, y0, tileWidth, tileHeight] = [0, 1, 2, 3, 4, 5].map(field) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [tileX0, tileY0] = [field(6), field(7)];
  const components = view.getUint16(38);
  const depth = view.getUint8(40);
  if (!(x1 > x0 && y1 > y0 && tileWidth > 0 && tileHeight > 0) || components === 0) {
    throw file.damaged('has a damaged JPEG 2000 header');
  }
  const bits = (depth & 0x7f) + 1;
  const signed = depth >= 0x80;
  let problem: string | null = null;
  if (components !== 1) problem = `JPEG 2000 with ${components} components is not read, only single bands`;
  else if (x0 !== 0 || y0 !== 0 || tileX0 !== 0 || tileY0 !== 0)
    problem = 'JPEG 2000 with an image offset is not supported';
  else if (view.getUint8(41) !== 1 || view.getUint8(42) !== 1) problem = 'JPEG 2000 with subsampling is not supported';
  else if (bits > 16 || signed) problem = `JPEG 2000 of ${bits} bits${signed ? ' with a sign' : ''} is not supported`;
  return {
    width: x1 - x0,
    height: y1 - y0,
    tileWidth: Math.min(tileWidth, x1),
    tileHeight: Math.min(tileHeight, y1),
    tilesAcross: Math.ceil(x1 / tileWidth),
    tilesDown: Math.ceil(y1 / tileHeight),
    components,
    bits,
    signed,
    problem,
  };
}

/** Follows the chain of tile-parts. */
async function readParts(file: TiffBytes, start: number, end: number, tiles: number): Promise<Part[][]> {
  if (tiles > 65_535) throw file.damaged('has a damaged JPEG 2000 header');
  const parts = Array.from({ length: tiles }, (): Part[] => []);
  let position = start;
  while (position + 12 <= end) {
    const head = new DataView((await file.read(position, 12)).buffer);
    if (head.getUint16(0) !== SOT) break;
    const tile = head.getUint16(4);
    // 0: the last part, up to the end-of-codestream marker.
    const length = head.getUint32(6) || end - position - 2;
    if (length < 14 || position + length > end || tile >= tiles)
      throw file.damaged('has a JPEG 2000 tile that is cut short');
    parts[tile]!.push({ offset: position, length });
    position += length;
  }
  return parts;
}

/** Where a tile lies, numbered row by row. */
export function placeOfTile(
  { width, height, tileWidth, tileHeight, tilesAcross }: Codestream,
  tile: number,
): TilePlace {
  const col = (tile % tilesAcross) * tileWidth;
  const row = Math.floor(tile / tilesAcross) * tileHeight;
  return { col, row, width: Math.min(tileWidth, width - col), height: Math.min(tileHeight, height - row) };
}

/** A codestream of one tile alone. @throws {MineRsError} BAD_INPUT if the tile is not in the file */
export async function streamOfTile(file: TiffBytes, image: Codestream, tile: number): Promise<Uint8Array> {
  const place = placeOfTile(image, tile);
  const parts = image.parts[tile]!;
  if (parts.length === 0) throw file.damaged(`has no JPEG 2000 tile ${tile}`);
  const [size, ...others] = image.segments as [Uint8Array, ...Uint8Array[]];
  const header = size.slice();
  const view = new DataView(header.buffer);
  // Image and tile grid begin at this tile, at the place that it has in the whole.
  const fields = [
    place.col + place.width,
    place.row + place.height,
    place.col,
    place.row,
    image.tileWidth,
    image.tileHeight,
    place.col,
    place.row,
  ];
  for (const [k, value] of fields.entries()) view.setUint32(6 + 4 * k, value);
  const bodies: Uint8Array[] = [];
  for (const { offset, length } of parts) {
    const bytes = new Uint8Array(length);
    await file.readInto(offset, bytes);
    new DataView(bytes.buffer).setUint16(4, 0);
    bodies.push(bytes);
  }
  return concatenate([marker(SOC), header, ...others, ...bodies, marker(EOC)]);
}

function marker(code: number): Uint8Array {
  return Uint8Array.of(code >> 8, code & 0xff);
}

function concatenate(arrays: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(arrays.reduce((total, array) => total + array.length, 0));
  let position = 0;
  for (const array of arrays) {
    out.set(array, position);
    position += array.length;
  }
  return out;
}
