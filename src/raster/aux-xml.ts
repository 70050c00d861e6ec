/**
 * GDAL's auxiliary file beside a raster, `NAME.aux.xml`: what was set on a file that could not be written, or without
 * writing it.
 * @module
 */
import type { Affine } from '../geo/affine.ts';
import { isUrl } from '../url.ts';
import { unescapeXml } from './gdal-metadata.ts';
import { readSideFile } from './side-file.ts';

/** What an auxiliary file says; null for each part that it leaves out. */
export interface AuxFile {
  /** Overrides the file's own. */
  readonly transform: Affine | null;
  /** The CRS as WKT. Overrides the file's own. */
  readonly wkt: string | null;
  /** By band, from 0. Each holds where the file itself says nothing. */
  readonly bands: readonly AuxBand[];
}

/** What is said of a band. */
export interface AuxBand {
  readonly nodata: string | null;
  readonly scale: number | null;
  readonly offset: number | null;
  readonly description: string | null;
}

const NO_FILE: AuxFile = { transform: null, wkt: null, bands: [] };
const NOTHING: AuxBand = { nodata: null, scale: null, offset: null, description: null };

/** Reads the auxiliary file of a raster; of a remote one there is none. */
export function readAuxFile(path: string): AuxFile {
  const xml = isUrl(path) ? '' : readSideFile(`${path}.aux.xml`);
  if (xml === '') return NO_FILE;
  const numbers = textOf(xml, 'GeoTransform')?.split(',').map(Number);
  const given = numbers?.length === 6 && numbers.every((value) => Number.isFinite(value));
  const bands: AuxBand[] = [];
  for (const [, number, body] of xml.matchAll(/<PAMRasterBand\b[^>]*\bband="(\d+)"[^>]*>(.*?)<\/PAMRasterBand>/gs)) {
    const band = Number(number);
    if (band < 1 || band > 65_535) continue;
    while (bands.length < band) bands.push(NOTHING);
    bands[band - 1] = {
      nodata: textOf(body!, 'NoDataValue'),
      scale: numberOf(body!, 'Scale'),
      offset: numberOf(body!, 'Offset'),
      description: textOf(body!, 'Description'),
    };
  }
  return {
    transform: given ? [numbers[1]!, numbers[2]!, numbers[0]!, numbers[4]!, numbers[5]!, numbers[3]!] : null,
    wkt: textOf(xml, 'SRS'),
    bands,
  };
}

/** The text of the first element of a name; null where there is none, or nothing in it. */
function textOf(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}\\b[^>]*>([^<]*)</${name}>`).exec(xml)?.[1]?.trim() ?? '';
  return text === '' ? null : unescapeXml(text);
}

function numberOf(xml: string, name: string): number | null {
  const text = textOf(xml, name);
  return text === null || !Number.isFinite(Number(text)) ? null : Number(text);
}
