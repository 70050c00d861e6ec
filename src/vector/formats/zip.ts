/**
 * Entries of zip archives, within bounds.
 * @module
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { messageOf } from '../../errors.ts';
import { fileError } from '../features.ts';

/** Archives with more entries are no vector file. */
const MAX_ENTRIES = 4096;

/** An entry of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Reads it. @throws {MineRsError} BAD_INPUT if it is damaged, encrypted, compressed otherwise or too large */
  readonly read: () => Uint8Array;
}

const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/**
 * The files in an archive, without folders and what macOS adds.
 *
 * @param maxBytes No more than this is unpacked in all.
 * @throws {MineRsError} BAD_INPUT for bytes that are no complete zip archive
 */
export function readZip(path: string, bytes: Uint8Array, maxBytes: number): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) throw fileError(path, 'not readable as a zip archive: its end is missing. Is it complete?');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw fileError(path, 'is a zip64 archive, which is not read. Unpack it');
  if (count > MAX_ENTRIES)
    throw fileError(path, `has ${count} files; an archive of more than ${MAX_ENTRIES} is not read`);
  const budget = { left: maxBytes };
  const entries: ZipEntry[] = [];
  for (let k = 0; k < count; k++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== 0x02014b50) {
      throw fileError(path, 'not readable as a zip archive: its list of files is damaged');
    }
    const nameLength = view.getUint16(at + 28, true);
    const next = at + ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw fileError(path, 'not readable as a zip archive: its list of files is damaged');
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength));
    const header = at;
    if (!name.endsWith('/') && !/(^|\/)(__MACOSX\/|\._)/.test(name)) {
      entries.push({ name, read: () => unpack(path, bytes, view, header, name, budget) });
    }
    at = next;
  }
  return entries;
}

/** Where the end record starts: it is followed by a comment of up to 65,535 bytes. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return undefined;
}

function unpack(
  path: string,
  bytes: Uint8Array,
  view: DataView,
  header: number,
  name: string,
  budget: { left: number },
): Uint8Array {
  const bad = (what: string) => fileError(path, `${name} in it ${what}`, { entry: name });
  const flags = view.getUint16(header + 8, true);
  const method = view.getUint16(header + 10, true);
  const checksum = view.getUint32(header + 16, true);
  const packed = view.getUint32(header + 20, true);
  const size = view.getUint32(header + 24, true);
  const local = view.getUint32(header + 42, true);
  if ((flags & 1) !== 0) throw bad('is encrypted. Unpack it');
  if (method !== 0 && method !== 8) throw bad(`is compressed by method ${method}, which is not read. Unpack it`);
  if (size > budget.left) throw bad('is too large: an archive like this is not unpacked');
  if (local + LOCAL_BYTES > bytes.length || view.getUint32(local, true) !== 0x04034b50) throw bad('is damaged');
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) throw bad('is cut off');
  budget.left -= size;
  const body = bytes.subarray(start, start + packed);
  let out: Uint8Array;
  try {
    // The size in the list is a claim: no more than it is ever unpacked.
    out = method === 0 ? body : inflateRawSync(body, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw bad(`is damaged (${messageOf(error)})`);
  }
  if (out.length !== size || crc32(out) !== checksum) throw bad('is damaged: its checksum does not fit');
  return out;
}
