/**
 * The directories (IFDs) of a TIFF, walked with every size checked against the file before anything is allocated.
 * @module
 */
import type { TiffBytes } from './tiff-bytes.ts';

/** One field of a directory. */
export interface TiffField {
  readonly type: number;
  readonly count: number;
  /** Where the values are: in the field itself or elsewhere in the file. */
  readonly offset: number;
}

/** The fields of one directory, by tag. */
export type TiffDirectory = ReadonlyMap<number, TiffField>;

/** The structure of a TIFF file. */
export interface TiffStructure {
  readonly littleEndian: boolean;
  readonly bigTiff: boolean;
  readonly directories: readonly TiffDirectory[];
}

/** Bytes of a value, by field type; 0 for types that TIFF does not have. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** The fields that are read. Others, of whatever type and wherever they point, are no reason to refuse a file. */
const READ_TAGS = new Set([
  254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339, 347, 33_550, 33_922,
  34_264, 34_735, 34_736, 34_737, 42_112, 42_113, 50_674,
]);
/** A file with more directories than this is damaged, or not for us. */
const MAX_DIRECTORIES = 4096;

function toNumber(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
}

/**
 * Walks all directories.
 * @throws {MineRsError} BAD_INPUT if the file is no TIFF, or if anything points past its end
 */
export async function readStructure(file: TiffBytes): Promise<TiffStructure> {
  if (file.size < 8) throw file.damaged('is not a TIFF file (it has fewer than 8 bytes)');
  const head = new DataView((await file.read(0, Math.min(16, file.size))).buffer);
  const mark = head.getUint16(0);
  const littleEndian = mark === 0x4949;
  const magic = head.getUint16(2, littleEndian);
  if ((mark !== 0x4949 && mark !== 0x4d4d) || (magic !== 42 && magic !== 43)) {
    throw file.damaged('is not a TIFF file');
  }
  const bigTiff = magic === 43;
  if (bigTiff && (file.size < 16 || head.getUint16(4, littleEndian) !== 8)) throw file.damaged('is a damaged BigTIFF');

  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let next = bigTiff ? toNumber(head.getBigUint64(8, littleEndian)) : head.getUint32(4, littleEndian);
  while (next !== 0) {
    if (seen.has(next) || directories.length >= MAX_DIRECTORIES) throw file.damaged('has a damaged chain of images');
    seen.add(next);
    const directory = new Map<number, TiffField>();
    next = await readDirectory(file, next, littleEndian, bigTiff, directory);
    directories.push(directory);
  }
  if (directories.length === 0) throw file.damaged('holds no image');
  return { littleEndian, bigTiff, directories };
}

async function readDirectory(
  file: TiffBytes,
  start: number,
  littleEndian: boolean,
  bigTiff: boolean,
  fields: Map<number, TiffField>,
): Promise<number> {
  const truncated = () => file.damaged('points past its end; it is truncated or damaged');
  const countBytes = bigTiff ? 8 : 2;
  const pointerBytes = bigTiff ? 8 : 4;
  const entryBytes = bigTiff ? 20 : 12;
  if (!file.holds(start, countBytes)) throw truncated();
  const first = new DataView((await file.read(start, countBytes)).buffer);
  const entries = bigTiff ? toNumber(first.getBigUint64(0, littleEndian)) : first.getUint16(0, littleEndian);
  if (entries === 0 || entries > 0xffff) throw file.damaged('has a damaged image directory');
  const bytes = entries * entryBytes + pointerBytes;
  if (!file.holds(start + countBytes, bytes)) throw truncated();
  const view = new DataView((await file.read(start + countBytes, bytes)).buffer);
  const pointer = (at: number) =>
    bigTiff ? toNumber(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
  for (let i = 0; i < entries; i++) {
    const at = i * entryBytes;
    const tag = view.getUint16(at, littleEndian);
    if (!READ_TAGS.has(tag)) continue;
    const type = view.getUint16(at + 2, littleEndian);
    const size = TYPE_BYTES[type] ?? 0;
    if (size === 0) throw file.damaged(`has the field ${tag} of the unknown type ${type}`);
    const count = pointer(at + 4);
    const inline = count * size <= pointerBytes;
    const offset = inline ? start + countBytes + at + 4 + pointerBytes : pointer(at + 4 + pointerBytes);
    if (!file.holds(offset, count * size)) throw truncated();
    fields.set(tag, { type, count, offset });
  }
  return pointer(entries * entryBytes);
}

/** Reads the fields of a directory by tag; undefined for a field that it lacks. */
export interface TagReader {
  /** As {@link readIntegers}. */
  readonly integers: (tag: number) => Promise<Float64Array | undefined>;
  /**
   * Unsigned integers or floating point numbers.
   * @throws {MineRsError} BAD_INPUT if the field is of another type
   */
  readonly numbers: (tag: number) => Promise<Float64Array | undefined>;
  /** Bytes or text, as they are. */
  readonly bytes: (tag: number) => Promise<Uint8Array | undefined>;
}

/** What reads the fields of a directory of `file`. */
export function tagReader(file: TiffBytes, { littleEndian }: TiffStructure, directory: TiffDirectory): TagReader {
  const read = async <T>(tag: number, values: (field: TiffField) => Promise<T>): Promise<T | undefined> => {
    const field = directory.get(tag);
    return field === undefined ? undefined : values(field);
  };
  return {
    integers: (tag) => read(tag, (field) => readIntegers(file, field, littleEndian)),
    numbers: (tag) => read(tag, (field) => readNumbers(file, field, littleEndian)),
    bytes: (tag) => read(tag, (field) => file.read(field.offset, field.count * TYPE_BYTES[field.type]!)),
  };
}

/**
 * The values of an unsigned integer field, such as the offsets of all tiles.
 * @throws {MineRsError} BAD_INPUT if the field is not of an unsigned integer type
 */
export async function readIntegers(file: TiffBytes, field: TiffField, littleEndian: boolean): Promise<Float64Array> {
  const size = TYPE_BYTES[field.type]!;
  const bytes = await file.read(field.offset, field.count * size);
  const view = new DataView(bytes.buffer);
  const out = new Float64Array(field.count);
  for (let i = 0; i < field.count; i++) {
    if (field.type === 1) out[i] = bytes[i]!;
    else if (field.type === 3) out[i] = view.getUint16(i * 2, littleEndian);
    else if (field.type === 4 || field.type === 13) out[i] = view.getUint32(i * 4, littleEndian);
    else if (field.type === 16 || field.type === 18) out[i] = toNumber(view.getBigUint64(i * 8, littleEndian));
    else throw file.damaged(`has a field of type ${field.type} where a whole number is due`);
  }
  return out;
}

async function readNumbers(file: TiffBytes, field: TiffField, littleEndian: boolean): Promise<Float64Array> {
  if (field.type !== 11 && field.type !== 12) return readIntegers(file, field, littleEndian);
  const size = TYPE_BYTES[field.type]!;
  const view = new DataView((await file.read(field.offset, field.count * size)).buffer);
  const out = new Float64Array(field.count);
  for (let i = 0; i < field.count; i++) {
    out[i] = size === 4 ? view.getFloat32(i * 4, littleEndian) : view.getFloat64(i * 8, littleEndian);
  }
  return out;
}
