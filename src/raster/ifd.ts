/**
 * The directories (IFDs) of a TIFF, walked with every size checked against the file before anything is allocated.
 * @module
 */
import type { MineRsError } from '../errors.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** One field of a directory. */
export interface TiffField {
  readonly type: number;
  readonly count: number;
  /** Where the values are: in the field itself or elsewhere in the file. */
  readonly offset: number;
  /** The values of a field that holds them itself. */
  readonly inline: Uint8Array | undefined;
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
export const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** The fields that are read. Others, of whatever type and wherever they point, are no reason to refuse a file. */
const READ_TAGS = new Set([
  254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339, 347, 33_550, 33_922,
  34_264, 34_735, 34_736, 34_737, 42_112, 42_113, 50_674,
]);
/** A file with more directories than this is damaged, or not for us. */
const MAX_DIRECTORIES = 4096;

type Form = Pick<TiffStructure, 'littleEndian' | 'bigTiff'>;

/** A number of 64 bits; infinity where a number does not hold it exactly. */
export function toNumber(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
}

/** An offset, or a number of entries or values. */
function pointerAt(view: DataView, at: number, { littleEndian, bigTiff }: Form): number {
  return bigTiff ? toNumber(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
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
    next = await readDirectory(file, next, { littleEndian, bigTiff }, directory);
    directories.push(directory);
  }
  if (directories.length === 0) throw file.damaged('holds no image');
  return { littleEndian, bigTiff, directories };
}

/** Reads the directory at `start` into `fields`; the position of the next one, or 0. */
async function readDirectory(
  file: TiffBytes,
  start: number,
  form: Form,
  fields: Map<number, TiffField>,
): Promise<number> {
  const { littleEndian, bigTiff } = form;
  const countBytes = bigTiff ? 8 : 2;
  const entryBytes = bigTiff ? 20 : 12;
  if (!file.holds(start, countBytes)) throw truncated(file);
  const first = new DataView((await file.read(start, countBytes)).buffer);
  const entries = bigTiff ? pointerAt(first, 0, form) : first.getUint16(0, littleEndian);
  if (entries === 0 || entries > 0xffff) throw file.damaged('has a damaged image directory');
  const bytes = entries * entryBytes + (bigTiff ? 8 : 4);
  if (!file.holds(start + countBytes, bytes)) throw truncated(file);
  const view = new DataView((await file.read(start + countBytes, bytes)).buffer);
  for (let i = 0; i < entries; i++) {
    const tag = view.getUint16(i * entryBytes, littleEndian);
    if (READ_TAGS.has(tag)) fields.set(tag, readField(file, start + countBytes, view, i * entryBytes, form));
  }
  return pointerAt(view, entries * entryBytes, form);
}

/** The field at `at` in a directory whose entries begin at `start` in the file. */
function readField(file: TiffBytes, start: number, view: DataView, at: number, form: Form): TiffField {
  const { littleEndian, bigTiff } = form;
  const type = view.getUint16(at + 2, littleEndian);
  const size = TYPE_BYTES[type] ?? 0;
  if (size === 0) {
    throw file.damaged(`has the field ${view.getUint16(at, littleEndian)} of the unknown type ${type}`);
  }
  const count = pointerAt(view, at + 4, form);
  const length = count * size;
  const valueAt = at + (bigTiff ? 12 : 8);
  if (length <= (bigTiff ? 8 : 4)) {
    return { type, count, offset: start + valueAt, inline: new Uint8Array(view.buffer, valueAt, length) };
  }
  const offset = pointerAt(view, valueAt, form);
  if (!file.holds(offset, length)) throw truncated(file);
  return { type, count, offset, inline: undefined };
}

function truncated(file: TiffBytes): MineRsError {
  return file.damaged('points past its end; it is truncated or damaged');
}
