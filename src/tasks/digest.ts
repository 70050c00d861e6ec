/**
 * Digests of the inputs, for the record.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { DigestResult, DigestTask } from './contract.ts';

/** Size and SHA-256 of a file. */
export function digestTask(task: DigestTask): DigestResult {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  const fd = openSync(task.path, 'r');
  let bytes = 0;
  try {
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, got));
      bytes += got;
    }
  } finally {
    closeSync(fd);
  }
  return { bytes, sha256: hash.digest('hex') };
}
