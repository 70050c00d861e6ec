import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTransformer, crsFromEpsg, crsFromProj, WGS84 } from '../../src/geo/crs.ts';
import { crsFromGeoKeys, geoKeysFromCrs } from '../../src/geo/geokeys.ts';

const unnamedWgs84 = {
  GTModelTypeGeoKey: 1,
  GeographicTypeGeoKey: 32_767,
  GeogGeodeticDatumGeoKey: 32_767,
  GeogAngularUnitsGeoKey: 9102,
  GeogEllipsoidGeoKey: 7030,
  GeogSemiMajorAxisGeoKey: 6_378_137,
  GeogInvFlatteningGeoKey: 298.257223563,
  GeogPrimeMeridianLongGeoKey: 0,
  ProjectedCSTypeGeoKey: 32_767,
  ProjLinearUnitsGeoKey: 9001,
};

describe('crsFromGeoKeys', () => {
  it('reads codes', () => {
    expect(crsFromGeoKeys({ GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32_647 }).crs?.epsg).toBe(32_647);
    expect(crsFromGeoKeys({ GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 4326 }).crs).toEqual(WGS84);
    expect(crsFromGeoKeys({ ProjectedCSTypeGeoKey: 3857, GeographicTypeGeoKey: 4326 }).crs?.epsg).toBe(3857);
  });

  it('refuses by name what it does not know', () => {
    const problem = (keys: Record<string, unknown>) => {
      const { crs, problem: text } = crsFromGeoKeys(keys);
      expect(crs).toBeNull();
      return text;
    };
    expect(problem({})).toBe('has no CRS');
    expect(problem({ GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 27_700 })).toMatch(
      /EPSG:27700, which mine-rs does not know/,
    );
    expect(problem({ GTModelTypeGeoKey: 3 })).toMatch(/neither projected nor/);
    expect(problem({ GTModelTypeGeoKey: 32_767, PCSCitationGeoKey: 'ESRI PE String = …' })).toMatch(/way of ESRI/);
    expect(problem({ ...unnamedWgs84, ProjCoordTransGeoKey: 22 })).toMatch(/projection that mine-rs does not know/);
    expect(problem({ ...unnamedWgs84, ProjCoordTransGeoKey: 11, ProjLinearUnitsGeoKey: 9003 })).toMatch(/projection/);
    expect(problem({ ...unnamedWgs84, GeogGeodeticDatumGeoKey: 6267 })).toMatch(/datum/);
    expect(problem({ ...unnamedWgs84, GeogPrimeMeridianLongGeoKey: 2.3372 })).toMatch(/datum/);
    expect(
      problem({
        ...unnamedWgs84,
        ProjCoordTransGeoKey: 15,
        ProjNatOriginLatGeoKey: 90,
        ProjScaleAtNatOriginGeoKey: 0.994,
      }),
    ).toMatch(/projection/);
  });

  it('takes UTM on an unnamed WGS 84 datum, as in HLS scenes, as its code', () => {
    expect(crsFromGeoKeys({ ...unnamedWgs84, ProjectionGeoKey: 16_052 }).crs?.epsg).toBe(32_652);
    expect(crsFromGeoKeys({ ...unnamedWgs84, ProjectionGeoKey: 16_119 }).crs?.epsg).toBe(32_719);
    expect(crsFromGeoKeys({ ...unnamedWgs84, ProjectionGeoKey: 16_061 }).crs).toBeNull();
  });
});

describe('geoKeysFromCrs', () => {
  const names: Record<number, string> = {
    1024: 'GTModelTypeGeoKey',
    1026: 'GTCitationGeoKey',
    2048: 'GeographicTypeGeoKey',
    2050: 'GeogGeodeticDatumGeoKey',
    2054: 'GeogAngularUnitsGeoKey',
    2056: 'GeogEllipsoidGeoKey',
    3072: 'ProjectedCSTypeGeoKey',
    3074: 'ProjectionGeoKey',
    3075: 'ProjCoordTransGeoKey',
    3076: 'ProjLinearUnitsGeoKey',
    3078: 'ProjStdParallel1GeoKey',
    3079: 'ProjStdParallel2GeoKey',
    3080: 'ProjNatOriginLongGeoKey',
    3081: 'ProjNatOriginLatGeoKey',
    3082: 'ProjFalseEastingGeoKey',
    3083: 'ProjFalseNorthingGeoKey',
    3084: 'ProjFalseOriginLongGeoKey',
    3085: 'ProjFalseOriginLatGeoKey',
    3086: 'ProjFalseOriginEastingGeoKey',
    3087: 'ProjFalseOriginNorthingGeoKey',
    3088: 'ProjCenterLongGeoKey',
    3089: 'ProjCenterLatGeoKey',
    3092: 'ProjScaleAtNatOriginGeoKey',
    3095: 'ProjStraightVertPoleLongGeoKey',
  };

  it.each([
    '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=10 +y_0=20 +datum=WGS84 +units=m +no_defs',
    '+proj=laea +lat_0=45 +lon_0=-100 +x_0=1000 +y_0=0 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs',
    '+proj=lcc +lat_0=49 +lon_0=-95 +lat_1=49 +lat_2=77 +x_0=5 +y_0=6 +datum=WGS84 +units=m +no_defs',
    '+proj=tmerc +lat_0=0 +lon_0=100.5 +k=0.9996 +x_0=500000 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=10 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=sinu +lon_0=25 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
  ])('%s comes back', (definition) => {
    const crs = crsFromProj(definition, 'My projection');
    const keys = geoKeysFromCrs(crs);
    expect(keys.map(({ id }) => id)).toEqual(keys.map(({ id }) => id).toSorted((a, b) => a - b));
    const read = crsFromGeoKeys(Object.fromEntries(keys.map(({ id, value }) => [names[id] ?? String(id), value])));
    expect(read).toEqual({ crs, problem: null });
  });

  it('refuses what keys cannot say here', () => {
    const write = (definition: string) => () => geoKeysFromCrs(crsFromProj(definition));
    expect(write('+proj=robin +lon_0=0 +datum=WGS84')).toThrow(RangeError);
    expect(write('+proj=aea +lat_1=20 +lat_2=40 +ellps=clrk66')).toThrow(/cannot be written/);
    expect(write('+proj=aea +lat_1=20 +lat_2=40 +datum=WGS84 +units=us-ft')).toThrow(/cannot be written/);
    expect(write('+proj=stere +lat_0=90 +k=0.994 +datum=WGS84')).toThrow(/cannot be written/);
  });
});

describe('EPSG definitions', () => {
  const oracle = JSON.parse(readFileSync(new URL('../oracle/crs-points.json', import.meta.url), 'utf8')) as {
    points: [epsg: number, lon: number, lat: number, x: number, y: number][];
  };
  // Metres; degrees agree to the last digits. proj4 and PROJ sum the same series.
  const TOLERANCE = 1e-5;

  it.each(oracle.points)('EPSG:%i at %d, %d is where PROJ puts it', (epsg, lon, lat, x, y) => {
    const crs = crsFromEpsg(epsg)!;
    const [east, north] = createTransformer(WGS84, crs)(lon, lat);
    expect(Math.hypot(east - x, north - y)).toBeLessThan(crs.geographic ? 1e-9 : TOLERANCE);
  });
});
