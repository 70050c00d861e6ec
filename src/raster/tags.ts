/**
 * The values of a directory's fields.
 * @module
 */
import { toNumber, TYPE_BYTES, type TiffDirectory, type TiffStructure } from './ifd.ts';
import { swapBytes } from './predictor.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** Bytes of a field at the most: a million of 16-bit numbers are more than any has but those below. */
const MOST_NUMBERS = 2 * 1024 * 1024;
const MOST_TEXT = 32 * 1024 * 1024;
/** Where the blocks are, and how long, is as long as the image has blocks; tables and texts are as long as they are. */
const MOST_BYTES: ReadonlyMap<number, number> = new Map([
  ...[273, 279, 324, 325].map((tag) => [tag, Infinity] as const),
  ...[347, 34_737, 42_112].map((tag) => [tag, MOST_TEXT] as const),
]);

/** Reads fields of a directory, those that it has: then nothing of them has to be waited for. */
export async function readTags(
  file: TiffBytes,
  { littleEndian }: TiffStructure,
  directory: TiffDirectory,
  tags: Iterable<number> = directory.keys(),
): Promise<Tags> {
  const values = new Map<number, Uint8Array>();
  for (const tag of tags) {
    const field = directory.get(tag);
    if (field === undefined) continue;
    const bytes = field.count * TYPE_BYTES[field.type]!;
    if (bytes > (MOST_BYTES.get(tag) ?? MOST_NUMBERS)) {
      throw file.damaged(`has the field ${tag} of ${bytes} bytes; it is damaged`);
    }
    const reading = field.inline ?? file.read(field.offset, bytes);
    values.set(tag, reading instanceof Promise ? await reading : reading);
  }
  return new Tags(file, littleEndian, directory, values);
}

/** The values of fields by tag; undefined for a field that the directory lacks. */
export class Tags {
  private readonly file: TiffBytes;
  readonly littleEndian: boolean;
  private readonly directory: TiffDirectory;
  private readonly values: ReadonlyMap<number, Uint8Array>;

  constructor(
    file: TiffBytes,
    littleEndian: boolean,
    directory: TiffDirectory,
    values: ReadonlyMap<number, Uint8Array>,
  ) {
    this.file = file;
    this.littleEndian = littleEndian;
    this.directory = directory;
    this.values = values;
  }

  has(tag: number): boolean {
    return this.values.has(tag);
  }

  /** Bytes or text, as they are. */
  bytes(tag: number): Uint8Array | undefined {
    return this.values.get(tag);
  }

  /**
   * The first of unsigned integers, or `fallback` where there is none.
   * @throws {MineRsError} BAD_INPUT if the field is not of an unsigned integer type
   */
  whole(tag: number, fallback: number): number {
    const bytes = this.values.get(tag);
    if (bytes === undefined || bytes.length === 0) return fallback;
    const { type, count } = this.directory.get(tag)!;
    // Most fields are of this kind.
    if (type === 3 && count === 1) return this.littleEndian ? bytes[0]! + 256 * bytes[1]! : 256 * bytes[0]! + bytes[1]!;
    return this.integers(tag)![0]!;
  }

  /**
   * Unsigned integers, such as the offsets of all tiles.
   * @throws {MineRsError} BAD_INPUT if the field is not of an unsigned integer type
   */
  integers(tag: number): Float64Array | undefined {
    const words = this.words(tag);
    if (words === undefined) return undefined;
    switch (this.directory.get(tag)!.type) {
      case 1:
        return new Float64Array(words);
      case 3:
        return new Float64Array(new Uint16Array(words.buffer));
      case 4:
      case 13:
        return new Float64Array(new Uint32Array(words.buffer));
      case 16:
      case 18:
        return Float64Array.from(Array.from(new BigUint64Array(words.buffer), toNumber));
      default: {
        if (words.length === 0) return new Float64Array(0);
        const { type } = this.directory.get(tag)!;
        throw this.file.damaged(`has a field of type ${type} where a whole number is due`);
      }
    }
  }

  /**
   * Unsigned integers or floating point numbers.
   * @throws {MineRsError} BAD_INPUT if the field is of another type
   */
  numbers(tag: number): Float64Array | undefined {
    const type = this.directory.get(tag)?.type;
    if (type !== 11 && type !== 12) return this.integers(tag);
    const words = this.words(tag);
    if (words === undefined) return undefined;
    return new Float64Array(type === 11 ? new Float32Array(words.buffer) : words.buffer);
  }

  /** A copy of a field's values, in this machine's order of bytes. */
  private words(tag: number): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.values.get(tag);
    if (bytes === undefined) return undefined;
    const words = new Uint8Array(bytes);
    if (!this.littleEndian) swapBytes(words, TYPE_BYTES[this.directory.get(tag)!.type]!);
    return words;
  }
}
