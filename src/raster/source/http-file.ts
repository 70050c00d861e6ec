/**
 * A TIFF behind http://, https:// or s3://.
 * @module
 */
import { MineRsError } from '../../errors.ts';
import type { ReadingHabits, TiffBytes } from '../tiff-bytes.ts';
import { fetchHead, fetchRange, sharedBytes } from './http-range.ts';
import { RemoteAddress } from './remote-address.ts';
import type { RemoteFile, RemoteOptions } from './remote.ts';

/**
 * The first request, and the least that a later one for the header asks. It holds the header of a COG of 10,000² pixels
 * in tiles of 512; twice as much would be a fifth of what a small AOI needs of a file.
 */
const HEADER_BYTES = 8 * 1024;
/** A header longer than this is a damaged one. */
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

const HABITS: ReadingHabits = { gapBytes: 16 * 1024, readBytes: 8 * 1024 * 1024, parallel: 6 };

/** An open remote file. Its header is fetched once and kept, its blocks are fetched as they are asked for. */
export class HttpFile implements TiffBytes {
  readonly path: string;
  readonly size: number;
  readonly habits = HABITS;
  private readonly address: RemoteAddress;
  private readonly file: RemoteFile;
  private readonly options: RemoteOptions;
  /** Header reads follow each other: the next may lie in what the last one fetched. */
  private lastRead: Promise<unknown> = Promise.resolve();

  private constructor(address: RemoteAddress, file: RemoteFile, options: RemoteOptions) {
    this.path = address.name;
    this.size = file.size;
    this.address = address;
    this.file = file;
    this.options = options;
  }

  /** @throws {MineRsError} BAD_INPUT naming the file, without secrets, if it cannot be read */
  static async open(url: string, options: RemoteOptions): Promise<HttpFile> {
    const address = new RemoteAddress(url, options.endpoint);
    let file = options.known?.get(url);
    if (file === undefined) {
      file = await fetchHead(address, HEADER_BYTES, options);
      options.known?.set(url, file);
    }
    return new HttpFile(address, file, options);
  }

  holds(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    this.checkInside(offset, length);
    const out = new Uint8Array(length);
    if (this.copyKept(offset, out) === length) return out;
    const reading = this.lastRead.then(() => this.readHeader(offset, out));
    this.lastRead = reading.catch(() => undefined);
    await reading;
    return out;
  }

  readInto(offset: number, out: Uint8Array): void | Promise<void> {
    this.checkInside(offset, out.length);
    const done = this.copyKept(offset, out);
    if (done === out.length) return undefined;
    return fetchRange(this.address, offset + done, out.subarray(done), this.file, this.options);
  }

  damaged(what: string): MineRsError {
    return this.address.refused(what);
  }

  close(): void {}

  private checkInside(offset: number, length: number): void {
    if (!this.holds(offset, length)) throw this.damaged('ends before its data does; it may be truncated');
  }

  private async readHeader(offset: number, out: Uint8Array): Promise<void> {
    const done = this.copyKept(offset, out);
    if (done === out.length) return;
    const start = offset + done;
    const length = Math.min(Math.max(out.length - done, HEADER_BYTES), this.size - start);
    const kept = this.file.kept.reduce((sum, { bytes }) => sum + bytes.length, length);
    if (kept > MAX_HEADER_BYTES) throw this.damaged('has a header of more than 64 MiB; it is damaged');
    const bytes = sharedBytes(length);
    await fetchRange(this.address, start, bytes, this.file, this.options);
    this.file.kept.push({ offset: start, bytes });
    out.set(bytes.subarray(0, out.length - done), done);
  }

  /** Copies what is kept from a position on, up to the first gap. @returns How many bytes of `out` that filled */
  private copyKept(offset: number, out: Uint8Array): number {
    let done = 0;
    for (let found = true; found && done < out.length;) {
      found = false;
      for (const { offset: start, bytes } of this.file.kept) {
        const skip = offset + done - start;
        if (skip < 0 || skip >= bytes.length) continue;
        const part = bytes.subarray(skip, skip + out.length - done);
        out.set(part, done);
        done += part.length;
        found = true;
        break;
      }
    }
    return done;
  }
}
