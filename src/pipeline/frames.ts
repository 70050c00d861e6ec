/**
 * A journal: a file of records, each with its length and checksum, that is only appended to. Whatever happens to the
 * machine, what is read from it is the records up to the first that did not wholly reach the disk.
 * @module
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';

const HEAD_BYTES = 8;

/** Appends a record: plain data with typed arrays. */
export function appendRecord(path: string, record: unknown): void {
  const body = serialize(record);
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt32LE(crc32(body), 4);
  body.copy(frame, HEAD_BYTES);
  appendFileSync(path, frame);
}

/**
 * Reads the records that are whole. No file is no record.
 *
 * @param most Number of records after which to stop.
 */
export function readRecords(path: string, most = Infinity): unknown[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return [];
  }
  const records: unknown[] = [];
  let at = 0;
  while (records.length < most && at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const body = bytes.subarray(at + HEAD_BYTES, end);
    if (crc32(body) !== bytes.readUInt32LE(at + 4)) break;
    try {
      records.push(deserialize(body));
    } catch {
      // Written by a version of Node that this one cannot follow.
      break;
    }
    at = end;
  }
  return records;
}
