/**
 * The head of a COG: GDAL's ghost area and the directories of all levels, before any pixel.
 * @module
 */
import { geoKeysFromCrs } from '../geo/geokeys.ts';
import type { CogSpec } from './cog-spec.ts';
import { formatGdalMetadata } from './gdal-metadata.ts';
import { tagsFromTransform } from './geo-tags.ts';
import { bytesPerSample } from './pixel-type.ts';
import { predictorOf } from './tile-codec.ts';

/** One level of the pyramid; its tiles row-major. */
export interface CogLevel {
  readonly width: number;
  readonly height: number;
  /** Position and length of each tile in the file. */
  readonly offsets: Float64Array;
  readonly byteCounts: Float64Array;
}

const SHORT = 3;
const LONG = 4;
const ASCII = 2;
const DOUBLE = 12;
const LONG8 = 16;
const TYPE_BYTES: Record<number, number> = { [SHORT]: 2, [LONG]: 4, [ASCII]: 1, [DOUBLE]: 8, [LONG8]: 8 };

/** What readers may rely on: see "Header ghost area" in the documentation of GDAL's COG driver. */
const GHOST_TEXT = `LAYOUT=IFDS_BEFORE_DATA
BLOCK_ORDER=ROW_MAJOR
BLOCK_LEADER=SIZE_AS_UINT4
BLOCK_TRAILER=LAST_4_BYTES_REPEATED
KNOWN_INCOMPATIBLE_EDITION=NO
 `;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly values: ArrayLike<number>;
}

/** The sizes of all levels: the image, then halves until both sides are at most `largest`. */
export function levelSizes(width: number, height: number, largest: number): { width: number; height: number }[] {
  const sizes = [{ width, height }];
  while (width > largest || height > largest) {
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
    sizes.push({ width, height });
  }
  return sizes;
}

/**
 * Encodes the head. Its length does not depend on the offsets and byte counts, so it can be measured before these are
 * known and written when they are.
 *
 * @param levels Full resolution first.
 */
export function encodeHeader(
  spec: CogSpec,
  levels: readonly CogLevel[],
  tileSize: number,
  bigTiff: boolean,
): Uint8Array {
  const ghostHead = `GDAL_STRUCTURAL_METADATA_SIZE=${String(GHOST_TEXT.length).padStart(6, '0')} bytes\n`;
  const ghost = new TextEncoder().encode(ghostHead + GHOST_TEXT);
  const start = bigTiff ? 16 : 8;
  let at = even(start + ghost.length);
  const first = at;
  const directories = levels.map((level, i) => {
    const fields = fieldsOf(spec, level, i, tileSize, bigTiff);
    const position = at;
    at += directoryBytes(fields, bigTiff);
    return { fields, position };
  });
  const out = new Uint8Array(at);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, bigTiff ? 43 : 42, true);
  if (bigTiff) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(first), true);
  } else {
    view.setUint32(4, first, true);
  }
  out.set(ghost, start);
  for (const [i, { fields, position }] of directories.entries()) {
    writeDirectory(view, fields, position, directories[i + 1]?.position ?? 0, bigTiff);
  }
  return out;
}

function even(position: number): number {
  return position + (position % 2);
}

function fieldsOf(spec: CogSpec, level: CogLevel, index: number, tileSize: number, bigTiff: boolean): Field[] {
  const { samples, pixelType } = spec;
  const repeated = (value: number) => Array.from({ length: samples }, () => value);
  const fields: Field[] = [
    { tag: 256, type: LONG, values: [level.width] },
    { tag: 257, type: LONG, values: [level.height] },
    { tag: 258, type: SHORT, values: repeated(bytesPerSample(pixelType) * 8) },
    { tag: 259, type: SHORT, values: [8] },
    { tag: 262, type: SHORT, values: [spec.colorTable === undefined ? 1 : 3] },
    { tag: 277, type: SHORT, values: [samples] },
    { tag: 284, type: SHORT, values: [1] },
    { tag: 317, type: SHORT, values: [predictorOf(pixelType)] },
    { tag: 322, type: SHORT, values: [tileSize] },
    { tag: 323, type: SHORT, values: [tileSize] },
    { tag: 324, type: bigTiff ? LONG8 : LONG, values: level.offsets },
    { tag: 325, type: LONG, values: level.byteCounts },
    { tag: 339, type: SHORT, values: repeated(pixelType === 'float32' ? 3 : 1) },
  ];
  if (index > 0) fields.push({ tag: 254, type: LONG, values: [1] });
  if (spec.colorTable !== undefined) fields.push({ tag: 320, type: SHORT, values: colorMap(spec.colorTable) });
  if (samples > 1) fields.push({ tag: 338, type: SHORT, values: repeated(0).slice(1) });
  if (index === 0) {
    fields.push(...placeFields(spec));
    const xml = formatGdalMetadata(spec);
    if (xml !== undefined) fields.push(asciiField(42112, xml));
  }
  if (spec.nodata !== null) {
    fields.push(asciiField(42113, Number.isNaN(spec.nodata) ? 'nan' : String(spec.nodata)));
  }
  return fields.sort((a, b) => a.tag - b.tag);
}

function asciiField(tag: number, text: string): Field {
  return { tag, type: ASCII, values: new TextEncoder().encode(`${text}\0`) };
}

/** TIFF's colour map: all reds, then greens, then blues, 16 bits each. It has no room for alpha. */
function colorMap(table: NonNullable<CogSpec['colorTable']>): Uint16Array {
  const map = new Uint16Array(3 * 256);
  for (const [value, color] of table.entries()) {
    for (let channel = 0; channel < 3; channel++) map[channel * 256 + value] = color[channel]! * 257;
  }
  return map;
}

function placeFields(spec: CogSpec): Field[] {
  const fields: Field[] = [];
  const place = tagsFromTransform(spec.grid.transform);
  if ('transformation' in place) {
    fields.push({ tag: 34264, type: DOUBLE, values: place.transformation });
  } else {
    fields.push({ tag: 33550, type: DOUBLE, values: place.pixelScale });
    fields.push({ tag: 33922, type: DOUBLE, values: place.tiepoints });
  }
  const keys = geoKeysFromCrs(spec.grid.crs);
  const directory = [1, 1, 0, keys.length];
  const doubles: number[] = [];
  let text = '';
  for (const { id, value } of keys) {
    if (typeof value === 'string') {
      directory.push(id, 34737, value.length + 1, text.length);
      text += `${value}|`;
    } else if (id >= 3078 || (id >= 2057 && id <= 2059)) {
      directory.push(id, 34736, 1, doubles.length);
      doubles.push(value);
    } else {
      directory.push(id, 0, 1, value);
    }
  }
  fields.push({ tag: 34735, type: SHORT, values: directory });
  if (doubles.length > 0) fields.push({ tag: 34736, type: DOUBLE, values: doubles });
  if (text !== '') fields.push(asciiField(34737, text));
  return fields;
}

function directoryBytes(fields: readonly Field[], bigTiff: boolean): number {
  const inline = bigTiff ? 8 : 4;
  let bytes = (bigTiff ? 8 : 2) + fields.length * (bigTiff ? 20 : 12) + inline;
  for (const { type, values } of fields) {
    const size = values.length * TYPE_BYTES[type]!;
    if (size > inline) bytes += even(size);
  }
  return even(bytes);
}

function writeDirectory(
  view: DataView,
  fields: readonly Field[],
  position: number,
  next: number,
  bigTiff: boolean,
): void {
  const inline = bigTiff ? 8 : 4;
  const writePointer = (at: number, value: number) => {
    if (bigTiff) view.setBigUint64(at, BigInt(value), true);
    else view.setUint32(at, value, true);
  };
  let at = position + (bigTiff ? 8 : 2);
  if (bigTiff) view.setBigUint64(position, BigInt(fields.length), true);
  else view.setUint16(position, fields.length, true);
  let room = at + fields.length * (bigTiff ? 20 : 12) + inline;
  for (const { tag, type, values } of fields) {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    writePointer(at + 4, values.length);
    const size = values.length * TYPE_BYTES[type]!;
    const valueAt = at + 4 + inline;
    if (size > inline) {
      writePointer(valueAt, room);
      writeValues(view, room, type, values);
      room += even(size);
    } else {
      writeValues(view, valueAt, type, values);
    }
    at = valueAt + inline;
  }
  writePointer(at, next);
}

function writeValues(view: DataView, at: number, type: number, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (type === ASCII) view.setUint8(at + i, value);
    else if (type === SHORT) view.setUint16(at + 2 * i, value, true);
    else if (type === LONG) view.setUint32(at + 4 * i, value, true);
    else if (type === DOUBLE) view.setFloat64(at + 8 * i, value, true);
    else view.setBigUint64(at + 8 * i, BigInt(value), true);
  }
}
