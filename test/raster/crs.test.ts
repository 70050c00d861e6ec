/**
 * The CRS of GeoTIFFs that GDAL wrote: where PROJ puts a point, or refused.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createTransformer, crsFromProj, WGS84 } from '../../src/geo/crs.ts';
import { crsFromGeoKeys, geoKeysFromCrs } from '../../src/geo/geokeys.ts';
import { openGeoTiff, type RasterInfo } from '../../src/raster/geotiff-file.ts';

interface Case {
  crs: string;
  options: string[];
  epsg: number | null;
  point: [number, number] | null;
  xy: [number, number] | null;
  file: string;
}

const { files } = JSON.parse(readFileSync(new URL('../oracle/geokeys.json', import.meta.url), 'utf8')) as {
  files: Case[];
};
/** Metres: both sum the same series. */
const TOLERANCE = 1e-5;

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-crs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function infoOf({ file }: Case): Promise<RasterInfo> {
  const path = join(folder, 'crs.tif');
  writeFileSync(path, inflateSync(Buffer.from(file, 'base64')));
  const raster = await openGeoTiff(path);
  await raster.close();
  return raster.info;
}

describe('CRS that GDAL writes', () => {
  const name = (made: Case) => ({ ...made, name: [made.crs, ...made.options].join(' ') });

  it.each(files.filter(({ xy }) => xy !== null).map(name))('$name is where PROJ puts it', async (made) => {
    const { crs, crsProblem, crsCode } = await infoOf(made);
    expect([crsProblem, crsCode]).toEqual([null, made.epsg]);
    const [x, y] = createTransformer(WGS84, crs!)(...made.point!);
    expect(Math.hypot(x - made.xy![0], y - made.xy![1])).toBeLessThan(TOLERANCE);
  });

  it.each(files.filter(({ xy }) => xy === null).map(name))('$name is refused', async (made) => {
    const { crs, crsProblem, crsCode } = await infoOf(made);
    expect(crs).toBeNull();
    expect(crsProblem).toMatch(/^has (a|the) CRS .*(know|unit|neither)/);
    // The code that the file states is told all the same.
    expect(crsCode).toBe(made.crs.startsWith('EPSG:') ? made.epsg : null);
  });
});

describe('codes beside other keys', () => {
  it('are refused in another unit than their own', () => {
    const keys = { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32_647, ProjLinearUnitsGeoKey: 9003 };
    expect(crsFromGeoKeys(keys)).toEqual({
      crs: null,
      problem: 'has the CRS EPSG:32647 in another unit than its own, which is not supported',
    });
    expect(crsFromGeoKeys({ ...keys, ProjLinearUnitsGeoKey: 9001 }).crs?.epsg).toBe(32_647);
  });
});

describe('a sphere', () => {
  it('is written as it was read', () => {
    const crs = crsFromProj('+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs', 'MODIS');
    const keys = new Map(geoKeysFromCrs(crs).map(({ id, value }) => [id, value]));
    expect([keys.get(2056), keys.get(2057), keys.get(2058)]).toEqual([32_767, 6_371_007.181, 6_371_007.181]);
  });
});

describe('ESRI texts', () => {
  const keys = (wkt: string) => ({ GTModelTypeGeoKey: 32_767, PCSCitationGeoKey: `ESRI PE String = ${wkt}` });
  const zone = (meridian: number, rest = '') =>
    `PROJCS["WGS_1984_UTM_Zone_47N",GEOGCS["x"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],` +
    `PARAMETER["Central_Meridian",${meridian}.0],PARAMETER["Scale_Factor",0.9996],UNIT["Meter",1.0]]${rest}`;

  it('are known by the names of UTM zones, where the parameters are those of the zone', () => {
    expect(crsFromGeoKeys(keys(zone(99))).crs?.epsg).toBe(32_647);
    expect(crsFromGeoKeys(keys(zone(102))).crs).toBeNull();
    expect(crsFromGeoKeys(keys(zone(99).replace('"Meter",1.0', '"Foot_US",0.3048006'))).crs).toBeNull();
    expect(crsFromGeoKeys(keys(zone(99).replace('Zone_47N', 'Zone_61N'))).crs).toBeNull();
  });
});
