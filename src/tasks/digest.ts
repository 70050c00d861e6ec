/**
 * Digests of the inputs, for the record.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { isUrl } from '../url.ts';
import type { DigestResult, DigestsTask, DigestTask } from './contract.ts';
import { knownRemote, openRaster } from './resources.ts';

/** Size and SHA-256 of a file; size, tag and date of a remote one. */
export async function digestTask(task: DigestTask): Promise<DigestResult> {
  return isUrl(task.path) ? versionOf(task.path) : digestOf(task.path);
}

/** The same of several files of this machine. */
export function digestsTask({ paths }: DigestsTask): DigestResult[] {
  return paths.map(digestOf);
}

async function versionOf(url: string): Promise<DigestResult> {
  const { bytes } = (await openRaster(url)).info;
  const { etag = null, lastModified = null } = knownRemote(url) ?? {};
  return { bytes, sha256: null, etag, lastModified };
}

// Small enough for the second-level cache, as each byte is touched twice.
const buffer = new Uint8Array(256 * 1024);

function digestOf(path: string): DigestResult {
  const hash = createHash('sha256');
  const fd = openSync(path, 'r');
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
