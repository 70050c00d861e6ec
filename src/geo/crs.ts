/**
 * Coordinate reference systems and the way between them. The only file that imports proj4.
 *
 * Only definitions that were held against PROJ are known by number; anything else is refused by name rather than guessed.
 * @module
 */
import { createRequire } from 'node:module';
import type Proj4 from 'proj4';

let library: typeof Proj4 | undefined;

/** The library, loaded when a CRS is first used; required, as an import looks for its exports first and takes five times as long. */
function proj4(): typeof Proj4 {
  library ??= createRequire(import.meta.url)('proj4') as typeof Proj4;
  return library;
}

/** A coordinate reference system. Axis order is always x (east, or longitude), then y. */
export interface Crs {
  /** EPSG code, or null where the definition has none. */
  readonly epsg: number | null;
  /** What people call it, such as `EPSG:32647`. */
  readonly name: string;
  /** Definition as a PROJ string. */
  readonly definition: string;
  /** True where coordinates are degrees of longitude and latitude. */
  readonly geographic: boolean;
}

/** Longitude and latitude on WGS 84, in degrees. */
export const WGS84: Crs = {
  epsg: 4326,
  name: 'EPSG:4326',
  definition: '+proj=longlat +datum=WGS84 +no_defs',
  geographic: true,
};

const GRS80 = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0';

/**
 * Definitions by EPSG code. x_0 and y_0 are always written out: proj4 returns NaN for Albers, LAEA, CEA and EQDC where
 * they are missing. NAD 83 and ETRS 89 are taken as equal to WGS 84 (within about 2 m in North America).
 */
const DEFINITIONS: Record<number, string> = {
  4326: WGS84.definition,
  4269: `+proj=longlat ${GRS80} +no_defs`,
  4258: `+proj=longlat ${GRS80} +no_defs`,
  4490: `+proj=longlat ${GRS80} +no_defs`,
  3857: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  3005: `+proj=aea +lat_0=45 +lon_0=-126 +lat_1=50 +lat_2=58.5 +x_0=1000000 +y_0=0 ${GRS80} +units=m +no_defs`,
  3035: `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 ${GRS80} +units=m +no_defs`,
  3577: `+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  3979: `+proj=lcc +lat_0=49 +lon_0=-95 +lat_1=49 +lat_2=77 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  5070: `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  3395: '+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  6933: '+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  2154: `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${GRS80} +units=m +no_defs`,
  2193: `+proj=tmerc +lat_0=0 +lon_0=173 +k=0.9996 +x_0=1600000 +y_0=10000000 ${GRS80} +units=m +no_defs`,
  3034: `+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 ${GRS80} +units=m +no_defs`,
  3310: `+proj=aea +lat_0=0 +lon_0=-120 +lat_1=34 +lat_2=40.5 +x_0=0 +y_0=-4000000 ${GRS80} +units=m +no_defs`,
  3338: `+proj=aea +lat_0=50 +lon_0=-154 +lat_1=55 +lat_2=65 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  3347: `+proj=lcc +lat_0=63.390675 +lon_0=-91.8666666666667 +lat_1=49 +lat_2=77 +x_0=6200000 +y_0=3000000 ${GRS80} +units=m +no_defs`,
  3978: `+proj=lcc +lat_0=49 +lon_0=-95 +lat_1=49 +lat_2=77 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  6350: `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  7755: '+proj=lcc +lat_0=24 +lon_0=80 +lat_1=12.472955 +lat_2=35.1728044444444 +x_0=4000000 +y_0=4000000 +datum=WGS84 +units=m +no_defs',
  9473: `+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 +x_0=0 +y_0=0 ${GRS80} +units=m +no_defs`,
  3976: '+proj=stere +lat_0=-90 +lat_ts=-70 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  3995: '+proj=stere +lat_0=90 +lat_ts=71 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  3413: '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  3031: '+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
};

/** Geographic CRS on GRS 80: NAD 83 (CSRS, 2011), SIRGAS 2000, GDA 94 and 2020, NZGD 2000, JGD 2000 and 2011, RGF 93. */
const GEOGRAPHIC_GRS80 = new Set([4617, 6318, 4674, 4283, 7844, 4167, 4612, 6668, 4171]);

/** Gauss–Krüger on CGCS 2000: codes, first central meridian, degrees a zone, first zone's number. */
const GAUSS_KRUGER = [
  { first: 4491, last: 4501, meridian: 75, step: 6, zone: 13 },
  { first: 4502, last: 4512, meridian: 75, step: 6, zone: 0 },
  { first: 4513, last: 4533, meridian: 75, step: 3, zone: 25 },
  { first: 4534, last: 4554, meridian: 75, step: 3, zone: 0 },
] as const;

function gaussKruger(code: number): string | undefined {
  const family = GAUSS_KRUGER.find(({ first, last }) => code >= first && code <= last);
  if (family === undefined) return undefined;
  const index = code - family.first;
  // With a zone, its number stands before the easting.
  const easting = (family.zone > 0 ? (family.zone + index) * 1_000_000 : 0) + 500_000;
  const meridian = family.meridian + index * family.step;
  return `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${easting} +y_0=0 ${GRS80} +units=m +no_defs`;
}

function definitionOf(code: number): string | undefined {
  const utm = (zone: number, rest: string) => `+proj=utm +zone=${zone} ${rest} +units=m +no_defs`;
  if (code > 32600 && code <= 32660) return utm(code - 32600, '+datum=WGS84');
  if (code > 32700 && code <= 32760) return utm(code - 32700, '+south +datum=WGS84');
  if (code > 26900 && code <= 26923) return utm(code - 26900, GRS80);
  if (code >= 25828 && code <= 25838) return utm(code - 25800, GRS80);
  if (code >= 28346 && code <= 28359) return utm(code - 28300, `+south ${GRS80}`);
  if (code >= 7846 && code <= 7859) return utm(code - 7800, `+south ${GRS80}`);
  if (code >= 31965 && code <= 31976) return utm(code - 31954, GRS80);
  if (code >= 31977 && code <= 31985) return utm(code - 31960, `+south ${GRS80}`);
  if (code >= 6330 && code <= 6348) return utm(code - 6329, GRS80);
  if (code >= 3154 && code <= 3157) return utm(code - 3147, GRS80);
  if (code >= 3158 && code <= 3160) return utm(code - 3144, GRS80);
  if (code >= 2955 && code <= 2957) return utm(code - 2944, GRS80);
  if (code >= 2958 && code <= 2962) return utm(code - 2941, GRS80);
  if (GEOGRAPHIC_GRS80.has(code)) return `+proj=longlat ${GRS80} +no_defs`;
  return gaussKruger(code) ?? DEFINITIONS[code];
}

/** A CRS by its EPSG code, or undefined where mine-rs has no verified definition of it. */
export function crsFromEpsg(code: number): Crs | undefined {
  const definition = definitionOf(code);
  if (definition === undefined) return undefined;
  return { epsg: code, name: `EPSG:${code}`, definition, geographic: definition.startsWith('+proj=longlat') };
}

/**
 * A CRS from a PROJ string.
 * @throws {RangeError} if proj4 does not know the definition
 */
export function crsFromProj(definition: string, name = definition): Crs {
  let complete = definition.trim();
  for (const key of ['x_0', 'y_0']) if (!complete.includes(`+${key}=`)) complete += ` +${key}=0`;
  try {
    proj4()(complete);
  } catch {
    throw new RangeError(`Unknown CRS definition '${definition}'`);
  }
  return { epsg: null, name, definition: complete, geographic: /\+proj=(longlat|latlong)\b/.test(complete) };
}

/** Whether two CRS are the same, by code where both have one and by definition otherwise. */
export function sameCrs(a: Crs, b: Crs): boolean {
  if (a.epsg !== null && b.epsg !== null) return a.epsg === b.epsg;
  return a.definition === b.definition;
}

/** Maps a point of one CRS to another. Returns NaN, NaN where the point has no image. */
export type Transformer = (x: number, y: number) => [x: number, y: number];

const transformers = new Map<string, Transformer>();

/** The way from one CRS to another; the same function is handed out for the same pair. */
export function createTransformer(from: Crs, to: Crs): Transformer {
  if (sameCrs(from, to)) return (x, y) => [x, y];
  const key = `${from.definition}|${to.definition}`;
  let transformer = transformers.get(key);
  if (transformer === undefined) {
    const converter = proj4()(from.definition, to.definition);
    transformer = (x, y) => {
      const point = converter.forward([x, y]);
      return [point[0]!, point[1]!];
    };
    transformers.set(key, transformer);
  }
  return transformer;
}
