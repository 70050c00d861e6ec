import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { crsFromWkt } from '../../src/geo/wkt-crs.ts';

interface Case {
  code: number;
  flavour: string;
  lonLat: [number, number];
  point: [number, number];
  wkt: string;
}
const oracle = JSON.parse(readFileSync(new URL('../oracle/wkt-crs.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  refused: { code: number; wkt: string }[];
};

describe('crsFromWkt', () => {
  it.each(oracle.cases.map((c): [number, string, Case] => [c.code, c.flavour, c]))(
    'knows EPSG:%i as %s',
    (code, flavour, { wkt, lonLat, point }) => {
      const { crs, problem } = crsFromWkt(wkt);
      expect(problem).toBeNull();
      // ESRI texts state no code; what is on the WGS 84 datum, or has a name that says it, is known all the same.
      expect(flavour === 'WKT1_ESRI' ? [code, null, crs!.epsg] : [code, null]).toContain(crs!.epsg);
      const [x, y] = createTransformer(WGS84, crs!)(...lonLat);
      // Texts keep some twelve digits of an angle, and of a length.
      const tolerance = crs!.geographic ? 1e-9 : 1e-3;
      expect(Math.abs(x - point[0])).toBeLessThan(tolerance);
      expect(Math.abs(y - point[1])).toBeLessThan(tolerance);
    },
  );

  it('finds the code of UTM on WGS 84 without its being stated', () => {
    for (const code of [32647, 32719, 6933, 3413, 3031, 3395, 3857, 4326]) {
      const esri = oracle.cases.find((c) => c.code === code && c.flavour === 'WKT1_ESRI')!;
      expect(crsFromWkt(esri.wkt).crs!.epsg).toBe(code);
    }
  });

  it.each(oracle.refused)('refuses EPSG:$code by name', ({ wkt }) => {
    const { crs, problem, name: found } = crsFromWkt(wkt);
    expect(crs).toBeNull();
    expect(problem).toMatch(/datum|is in|not known/);
    expect(wkt).toContain(`"${found}"`);
  });

  it('refuses a code that its parameters are not those of', () => {
    const utm = oracle.cases.find((c) => c.code === 32647 && c.flavour === 'WKT1_GDAL')!.wkt;
    expect(crsFromWkt(utm.replace('"central_meridian",99', '"central_meridian",93')).problem).toBe(
      'says EPSG:32647, but its parameters are others',
    );
  });

  it.each([
    ['', 'nothing'],
    ['hello', 'a word'],
    ['PROJCS["x"', 'a text that is cut off'],
    ['A['.repeat(100), 'depth'],
    [`LOCAL_CS["plan",UNIT["metre",1]]`, 'a plan'],
    [
      `GEOGCS["Paris",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Paris",2.33722917],UNIT["degree",0.0174532925199433]]`,
      'another meridian',
    ],
    [
      `PROJCS["f",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",99],UNIT["Foot_US",0.3048006096012192]]`,
      'feet',
    ],
    [
      `PROJCS["f",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Albers"],PARAMETER["central_meridian",99],UNIT["Meter",1]]`,
      'missing parameters',
    ],
  ])('refuses %s (%s)', (text) => {
    const { crs, problem } = crsFromWkt(text);
    expect(crs).toBeNull();
    expect(problem).toBeTruthy();
  });
});
