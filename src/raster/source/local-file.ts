/**
 * A TIFF on disk.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MineRsError, messageOf, tooManyFiles } from '../../errors.ts';
import type { ReadingHabits, TiffBytes } from '../tiff-bytes.ts';

/** Bytes read when a file is opened: they hold the whole header of most files, so that opening is one read. */
const HEADER_BYTES = 16 * 1024;

/** Blocks are joined up to 1 MiB: what was read is then still in the processor's cache when it is decoded or copied. */
const HABITS: ReadingHabits = { gapBytes: 16 * 1024, readBytes: 1024 * 1024, parallel: 1 };

/** An open file. Reads are synchronous: they are done inside a worker and mostly come from the page cache. */
export class LocalFile implements TiffBytes {
  readonly path: string;
  readonly size: number;
  readonly habits = HABITS;
  private descriptor: number;
  private readonly header: Uint8Array;

  /** @throws {MineRsError} BAD_INPUT if the file cannot be opened */
  constructor(path: string) {
    this.path = path;
    try {
      this.descriptor = openSync(path, 'r');
    } catch (error) {
      throw (
        tooManyFiles(error) ?? new MineRsError('BAD_INPUT', `${path}: cannot be opened (${messageOf(error)})`, { path })
      );
    }
    try {
      const stat = fstatSync(this.descriptor);
      if (!stat.isFile()) throw new MineRsError('BAD_INPUT', `${path}: is not a file`, { path });
      this.size = stat.size;
      this.header = new Uint8Array(Math.min(HEADER_BYTES, this.size));
      this.readAt(0, this.header);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  holds(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.size;
  }

  readInto(offset: number, out: Uint8Array): void {
    if (!this.holds(offset, out.length)) throw this.damaged('ends before its data does; it may be truncated');
    if (offset + out.length <= this.header.length) out.set(this.header.subarray(offset, offset + out.length));
    else this.readAt(offset, out);
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (!this.holds(offset, length)) throw this.damaged('ends before its data does; it may be truncated');
    const out = new Uint8Array(length);
    this.readInto(offset, out);
    return out;
  }

  damaged(what: string): MineRsError {
    return new MineRsError('BAD_INPUT', `${this.path}: ${what}`, { path: this.path });
  }

  close(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private readAt(offset: number, out: Uint8Array): void {
    if (this.descriptor < 0) throw new RangeError(`${this.path} has been closed`);
    let done = 0;
    while (done < out.length) {
      let count: number;
      try {
        count = readSync(this.descriptor, out, done, out.length - done, offset + done);
      } catch (error) {
        throw this.damaged(`cannot be read (${messageOf(error)})`);
      }
      if (count === 0) throw this.damaged('ends before its data does; it may be truncated');
      done += count;
    }
  }
}
