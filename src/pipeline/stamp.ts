/**
 * What files are known by without being read, and digests of plain data.
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { RemoteFile } from '../raster/source/remote.ts';
import { isUrl } from '../url.ts';

/**
 * Size, times and number of a file, as text. It changes whenever the file does, save by somebody who takes pains to hide
 * it. The times are compared and never measured against a clock. A file that cannot be seen is like no other.
 */
export function stampOf(path: string): string {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch {
    return `lost ${randomUUID()}`;
  }
}

/** Size of the file in a {@link stampOf}; 0 of a file that could not be seen. */
export function stampedBytes(stamp: string): number {
  const size = Number(stamp.split(' ', 1)[0]);
  return Number.isSafeInteger(size) ? size : 0;
}

/** As {@link stampOf}, without the time at which the name or the number of links was changed. */
export function contentStampOf(path: string): string {
  try {
    const { size, mtimeNs, ino } = statSync(path, { bigint: true });
    return `${size} ${mtimeNs} ${ino}`;
  } catch {
    return `lost ${randomUUID()}`;
  }
}

/** The stamp of an input: of a remote file the tag or date by which its server tells versions apart. */
export function inputStamp(path: string, known: ReadonlyMap<string, RemoteFile> | undefined): string {
  if (!isUrl(path)) return stampOf(path);
  const file = known?.get(path);
  const version = file?.etag ?? file?.lastModified;
  return file === undefined || !version ? `unknown ${randomUUID()}` : `${file.size} ${version}`;
}

/** SHA-256 of plain data, as hexadecimal digits. Numbers are taken exactly, typed arrays by their bytes. */
export function digestOf(data: unknown): string {
  const hash = createHash('sha256');
  // A call for each word would take most of the time.
  let text = '';
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      hash.update(`${text}<${value.byteLength}>`);
      text = '';
      hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (Array.isArray(value)) {
      text += `[${value.length}`;
      for (const item of value) visit(item);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      text += `{${entries.length}`;
      for (const [key, item] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        text += JSON.stringify(key);
        visit(item);
      }
    } else {
      // JSON knows no NaN.
      text += typeof value === 'number' ? `n${value}` : `${JSON.stringify(value)};`;
    }
  };
  visit(data);
  return hash.update(text).digest('hex');
}
