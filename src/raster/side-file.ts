/**
 * Small text files that lie beside a raster.
 * @module
 */
import { existsSync, readFileSync, statSync } from 'node:fs';

/** Such a file is never as long; what is longer is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The text of a file, or nothing where there is no file of a fitting size. */
export function readSideFile(path: string): string {
  if (!existsSync(path)) return '';
  const stat = statSync(path);
  return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '';
}
