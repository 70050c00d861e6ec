/**
 * The grid of a JP2 file, from its GMLJP2 box.
 * @module
 */
import type { Affine } from '../../geo/affine.ts';
import { crsFromEpsg, type Crs } from '../../geo/crs.ts';

export interface Jp2Place {
  /** Pixel corners to CRS; null where the file does not tell. */
  transform: Affine | null;
  crs: Crs | null;
  crsCode: number | null;
  /** Why `crs` is null. */
  crsProblem: string | null;
}

/** Where the image lies. GML gives the centre of the first pixel. */
export function placeFromGml(gml: string | null): Jp2Place {
  if (gml === null)
    return { transform: null, crs: null, crsCode: null, crsProblem: 'has no GMLJP2 box that tells its place' };
  const grid = /<(?:\w+:)?RectifiedGrid\b[\s\S]*?<\/(?:\w+:)?RectifiedGrid>/.exec(gml)?.[0] ?? '';
  const origin = numbersIn(/<(?:\w+:)?pos\b[^>]*>([^<]*)</.exec(grid)?.[1]);
  const vectors = [...grid.matchAll(/<(?:\w+:)?offsetVector\b[^>]*>([^<]*)</g)].map((match) => numbersIn(match[1]));
  const code = epsgOf(grid);
  const [perCol, perRow] = vectors;
  const complete = origin.length === 2 && perCol?.length === 2 && perRow?.length === 2;
  const transform = complete ? transformOf(origin, perCol, perRow) : null;
  // Only of UTM is the order of axes in GML known to be that of the raster: easting, northing.
  const isUtm = code !== null && ((code > 32600 && code <= 32660) || (code > 32700 && code <= 32760));
  const crs = isUtm ? (crsFromEpsg(code) ?? null) : null;
  const crsProblem =
    crs !== null
      ? null
      : code === null
        ? 'has no EPSG code in its GML'
        : `is in EPSG:${code}; JPEG 2000 is read in UTM only`;
  return { transform, crs, crsCode: code, crsProblem };
}

function transformOf(origin: number[], perCol: number[], perRow: number[]): Affine {
  const [a, d] = perCol as [number, number];
  const [b, e] = perRow as [number, number];
  return [a, b, origin[0]! - (a + b) / 2, d, e, origin[1]! - (d + e) / 2];
}

function numbersIn(text: string | undefined): number[] {
  const numbers = (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return numbers.every(Number.isFinite) && text !== undefined ? numbers : [];
}

function epsgOf(grid: string): number | null {
  const match = /srsName="[^"]*(?:EPSG:[\d.]*:|epsg\.xml#|EPSG\/0\/|EPSG:)(\d{4,6})"/i.exec(grid);
  return match === null ? null : Number(match[1]);
}
