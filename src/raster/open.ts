/**
 * Opens a raster by what it contains: GeoTIFF or JPEG 2000.
 * @module
 */
import { isUrl } from '../url.ts';
import { openGeoTiff, readGeoTiff, type GeoTiffFile } from './geotiff-file.ts';
import { openBytes } from './source/open-bytes.ts';
import type { RemoteOptions } from './source/remote.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** The first bytes of every JP2 file (ISO/IEC 15444-1, I.5.1). */
const JP2_SIGNATURE = Buffer.from('0000000c6a5020200d0a870a', 'hex');

/**
 * Opens a raster on disk or behind a URL.
 *
 * @param options How a remote file is read.
 * @throws {MineRsError} BAD_INPUT naming the file if it is missing, damaged, or of an unsupported kind
 */
export async function openRaster(pathOrUrl: string, options: RemoteOptions = {}): Promise<GeoTiffFile> {
  if (isUrl(pathOrUrl)) {
    // By its name: what is behind a URL is only asked for once.
    const named = /\.jp2$/i.test(pathOrUrl.replace(/[?#].*$/, ''));
    return named ? openAsJp2(pathOrUrl) : openGeoTiff(pathOrUrl, options);
  }
  const file = await openBytes(pathOrUrl);
  if (!(await isJp2(file))) return readGeoTiff(file);
  file.close();
  return openAsJp2(pathOrUrl);
}

async function isJp2(file: TiffBytes): Promise<boolean> {
  const { length } = JP2_SIGNATURE;
  return file.holds(0, length) && JP2_SIGNATURE.equals(await file.read(0, length));
}

async function openAsJp2(pathOrUrl: string): Promise<GeoTiffFile> {
  // Loaded when it is needed: few runs read JPEG 2000.
  const { openJp2 } = await import('./jp2.ts');
  return openJp2(pathOrUrl);
}
