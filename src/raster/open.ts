/**
 * Opens a raster by what it contains: GeoTIFF or JPEG 2000.
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { isUrl } from '../url.ts';
import { openGeoTiff, type GeoTiffFile } from './geotiff-file.ts';
import type { RemoteOptions } from './source/remote.ts';

/** The first bytes of every JP2 file (ISO/IEC 15444-1, I.5.1). */
const JP2_SIGNATURE = '0000000c6a5020200d0a870a';

/**
 * Opens a raster on disk or behind a URL.
 *
 * @param options How a remote file is read.
 * @throws {MineRsError} BAD_INPUT naming the file if it is missing, damaged, or of an unsupported kind
 */
export async function openRaster(pathOrUrl: string, options: RemoteOptions = {}): Promise<GeoTiffFile> {
  if (await isJp2(pathOrUrl)) {
    // Loaded when it is needed: few runs read JPEG 2000.
    const { openJp2 } = await import('./jp2.ts');
    return openJp2(pathOrUrl);
  }
  return openGeoTiff(pathOrUrl, options);
}

/** By the content of a file, and by the name of a URL: what is behind it is only asked for once. */
async function isJp2(pathOrUrl: string): Promise<boolean> {
  if (isUrl(pathOrUrl)) return /\.jp2$/i.test(pathOrUrl.replace(/[?#].*$/, ''));
  try {
    // At once, as all reading of local files: the detour by the thread pool takes longer.
    const descriptor = openSync(pathOrUrl, 'r');
    try {
      const head = Buffer.alloc(JP2_SIGNATURE.length / 2);
      return readSync(descriptor, head, 0, head.length, 0) === head.length && head.toString('hex') === JP2_SIGNATURE;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The opener of GeoTIFFs says what is wrong with a file that cannot be read.
    return false;
  }
}
