/**
 * Encoded tiles that wait on disk until their map is assembled.
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Where a tile lies in its spool file. */
export interface TileRef {
  readonly offset: number;
  readonly length: number;
}

/** A file that is only appended to, by one writer, and read by position. The caller removes the file. */
export class TileSpool {
  readonly path: string;
  private descriptor: number;
  private size = 0;
  private room = new Uint8Array(0);

  /** Makes the file, or empties it. */
  constructor(path: string) {
    this.path = path;
    this.descriptor = openSync(path, 'w+');
  }

  /** Writes bytes at the end. */
  append(bytes: Uint8Array): TileRef {
    writeAll(this.descriptor, bytes, this.size);
    const ref = { offset: this.size, length: bytes.length };
    this.size += bytes.length;
    return ref;
  }

  /** What was appended, good until the next read. @throws {RangeError} if the file is shorter */
  read(ref: TileRef): Uint8Array {
    if (this.room.length < ref.length) this.room = new Uint8Array(ref.length);
    const bytes = this.room.subarray(0, ref.length);
    let done = 0;
    while (done < ref.length) {
      const count = readSync(this.descriptor, bytes, done, ref.length - done, ref.offset + done);
      if (count === 0) throw new RangeError(`${this.path} ends before byte ${ref.offset + ref.length}`);
      done += count;
    }
    return bytes;
  }

  close(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
  }
}

/** Writes all bytes at a position. */
export function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
