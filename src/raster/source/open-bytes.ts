/**
 * A file's bytes, by path or URL.
 * @module
 */
import { isUrl } from '../../url.ts';
import type { TiffBytes } from '../tiff-bytes.ts';
import { LocalFile } from './local-file.ts';
import type { RemoteOptions } from './remote.ts';

/** Opens a file. @throws {MineRsError} BAD_INPUT if it cannot be opened */
export async function openBytes(place: string, options: RemoteOptions = {}): Promise<TiffBytes> {
  if (!isUrl(place)) return new LocalFile(place);
  // Loaded when it is needed: most runs read local files only.
  const { HttpFile } = await import('./http-file.ts');
  return HttpFile.open(place, options);
}
