/**
 * The bytes of a TIFF, wherever they lie: read by position and never past the file's end.
 * @module
 */
import type { MineRsError } from '../errors.ts';

/** How blocks are best fetched from a place: what one read costs there against what a byte costs. */
export interface ReadingHabits {
  /** Neighbouring blocks are read in one go over gaps up to this. */
  readonly gapBytes: number;
  /** The most that blocks are joined to; a single larger block is still read at once. */
  readonly readBytes: number;
  /** Reads under way at once. */
  readonly parallel: number;
}

/** An open file, local or remote. */
export interface TiffBytes {
  /** What to call it in messages: a path, or a URL without its secrets. */
  readonly path: string;
  readonly size: number;
  readonly habits: ReadingHabits;
  /** Whether `length` bytes from `offset` lie inside the file. */
  holds(offset: number, length: number): boolean;
  /**
   * A copy of bytes of the header; what follows them may be fetched along. At hand where no promise is returned.
   * @throws {MineRsError} BAD_INPUT if the file ends before
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Fills `out` from a position in the file, and reads nothing else. Done on return where no promise is returned.
   * @throws {MineRsError} BAD_INPUT if the file ends before
   */
  readInto(offset: number, out: Uint8Array): void | Promise<void>;
  /** The error for a file whose content is wrong. */
  damaged(what: string): MineRsError;
  close(): void;
}
