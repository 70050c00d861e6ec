/**
 * Where an image lies: from its tags and keys, or from the files beside it that GDAL would use.
 * @module
 */
import { translateAffine, type Affine } from '../geo/affine.ts';
import { crsFromEpsg, type Crs } from '../geo/crs.ts';
import { crsFromGeoKeys, epsgFromGeoKeys } from '../geo/geokeys.ts';
import { isUrl } from '../url.ts';
import type { AuxFile } from './aux-xml.ts';
import type { GeoDirectory } from './geo-directory.ts';
import { transformFromTags } from './geo-tags.ts';
import { readSideFile } from './side-file.ts';

/** The place of an image. */
export interface Place {
  /** Pixel corners to CRS, PixelIsPoint already taken off; null where the file has none. */
  readonly transform: Affine | null;
  readonly crs: Crs | null;
  /** Why `crs` is null. */
  readonly crsProblem: string | null;
  /** The EPSG code that the file states; null where it spells its CRS out, or has none. */
  readonly crsCode: number | null;
  readonly pixelIsPoint: boolean;
}

/** GDAL's order: the `.aux.xml` file, the file itself, a world file. */
export function readPlace(path: string, aux: AuxFile, directory: GeoDirectory): Place {
  const inside = placeFromTags(directory);
  const transform = aux.transform ?? inside.transform ?? (isUrl(path) ? null : transformFromWorldFile(path));
  return { ...inside, ...(aux.wkt === null ? {} : crsFromWkt(aux.wkt)), transform };
}

function placeFromTags({ keys, pixelScale, tiepoints, transformation }: GeoDirectory): Place {
  let crs: Crs | null = null;
  let crsProblem: string | null;
  if (keys === undefined) crsProblem = 'has a damaged CRS (its GeoKeys cannot be read)';
  else if (keys === null) crsProblem = 'has no CRS';
  else ({ crs, problem: crsProblem } = crsFromGeoKeys(keys));
  const crsCode = keys ? epsgFromGeoKeys(keys, crs) : null;
  const pixelIsPoint = keys?.['GTRasterTypeGeoKey'] === 2;
  const transform = transformFromTags({ pixelScale, tiepoints, transformation, pixelIsPoint });
  if (transform === null && tiepoints !== undefined && tiepoints.length > 6) {
    // The CRS is that of the points; the pixels have none until the image is warped.
    crsProblem = 'is placed by ground control points only; warp it first, such as with gdalwarp';
    return { transform, crs: null, crsProblem, crsCode: null, pixelIsPoint };
  }
  return { transform, crs, crsProblem, crsCode, pixelIsPoint };
}

type PlaceCrs = Pick<Place, 'crs' | 'crsProblem' | 'crsCode'>;

function crsFromWkt(wkt: string): PlaceCrs {
  // The code of the whole is the last one, behind those of its parts.
  const code = Number(/(?:AUTHORITY\["EPSG","?|ID\["EPSG",)(\d+)"?\]\]\s*$/.exec(wkt)?.[1] ?? Number.NaN);
  const crsCode = Number.isInteger(code) ? code : null;
  const crs = crsCode === null ? undefined : crsFromEpsg(crsCode);
  const what = crsCode === null ? 'without an EPSG code' : `EPSG:${crsCode}, which mine-rs does not know`;
  const crsProblem = crs === undefined ? `has a CRS ${what} (in its .aux.xml file)` : null;
  return { crs: crs ?? null, crsProblem, crsCode };
}

/** World files: `.tfw` for `.tif`, the extension with a `w`, or `.wld`; they give the centre of the first pixel. */
function transformFromWorldFile(path: string): Affine | null {
  const dot = path.lastIndexOf('.');
  if (dot <= path.lastIndexOf('/')) return null;
  const stem = path.slice(0, dot + 1);
  const extension = path.slice(dot + 1);
  const short = extension.length > 1 ? `${extension[0]}${extension.at(-1)}w` : `${extension}w`;
  for (const name of [short, short.toUpperCase(), `${extension}w`, `${extension}W`, 'wld', 'WLD']) {
    const lines = readSideFile(stem + name)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    const [a, d, b, e, c, f] = lines.slice(0, 6).map((line) => Number.parseFloat(line.replace(',', '.')));
    if (f === undefined || ![a, b, c, d, e, f].every((value) => Number.isFinite(value))) continue;
    if (a! * e! - b! * d! !== 0) return translateAffine([a!, b!, c!, d!, e!, f], -0.5, -0.5);
  }
  return null;
}
