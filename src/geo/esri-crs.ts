/**
 * CRS that ESRI programs spell out as text in a GeoTIFF, by the names that they always have.
 * @module
 */
import { crsFromEpsg, type Crs } from './crs.ts';

/** ESRI's names of projected CRS, and the first EPSG code of each family of zones. */
const ESRI_UTM = [
  { name: /^WGS_1984_UTM_Zone_(\d+)N$/, first: 32_600, north: true },
  { name: /^WGS_1984_UTM_Zone_(\d+)S$/, first: 32_700, north: false },
  { name: /^NAD_1983_UTM_Zone_(\d+)N$/, first: 26_900, north: true },
  { name: /^ETRS_1989_UTM_Zone_(\d+)N$/, first: 25_800, north: true },
] as const;

/** UTM zones and web Mercator by their names, where the parameters behind a name are those that belong to it. */
export function crsFromEsri(text: string): Crs | undefined {
  const name = /=\s*PROJCS\["([^"]+)"/.exec(text)?.[1] ?? '';
  const parameter = (what: string) => Number(new RegExp(`"${what}",(-?[\\d.]+)`, 'i').exec(text)?.[1] ?? Number.NaN);
  const inMetres = /UNIT\["Meter",1(\.0*)?\]\]/.test(text);
  const all = (values: Record<string, number>) =>
    inMetres && Object.entries(values).every(([what, value]) => parameter(what) === value);
  const offsets = { Central_Meridian: 0, Standard_Parallel_1: 0, False_Easting: 0, False_Northing: 0 };
  if (name === 'WGS_1984_Web_Mercator_Auxiliary_Sphere' && all({ ...offsets, Auxiliary_Sphere_Type: 0 })) {
    return crsFromEpsg(3857);
  }
  for (const family of ESRI_UTM) {
    const zone = Number(family.name.exec(name)?.[1] ?? Number.NaN);
    const right = all({
      Central_Meridian: zone * 6 - 183,
      Scale_Factor: 0.9996,
      False_Easting: 500_000,
      False_Northing: family.north ? 0 : 10_000_000,
    });
    if (right) return crsFromEpsg(family.first + zone);
  }
  return undefined;
}
