import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Affine } from '../../src/geo/affine.ts';
import { crsFromEpsg, crsFromProj } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { zonalStatistics } from '../../src/pipeline/zonal.ts';
import type { ZonalFigures } from '../../src/report/zonal-model.ts';
import { zonalTables, zonalText } from '../../src/report/zonal-tables.ts';
import { paint, utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const tempFolder = tempFolders('zonal');

interface Expected {
  cells: number;
  count: number;
  validM2: number;
  mean: number;
  sd: number;
  min: number;
  max: number;
  sum: number;
  quantiles: number[];
  majority: number;
  variety: number;
  classes: [value: number, areaM2: number][] | null;
}
interface Case {
  name: string;
  crs: string;
  transform: Affine;
  zones: { id: string; polygons: [number, number][][][]; areaM2: number; values: Expected; classes: Expected }[];
}
const oracle = JSON.parse(readFileSync(new URL('../oracle/zonal.json', import.meta.url), 'utf8')) as {
  width: number;
  height: number;
  nodata: number;
  percents: number[];
  values: number[];
  classes: number[];
  cases: Case[];
};

/** Cells that an edge cuts are measured in parts, so that a zone is good to about 1e-7, and a part of it to a bit more. */
const TOLERANCE = 5e-7;
/** What every zone's hectares must keep. */
const BUDGET_TOLERANCE = 1e-6;

const near = (got: number | null, wanted: number, tolerance = TOLERANCE) => {
  expect(Math.abs(got! - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
};

function writeZones(path: string, zones: { id: string; polygons: number[][][][] }[], epsg?: number): void {
  const crs =
    epsg === undefined ? {} : { crs: { type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${epsg}` } } };
  const features = zones.map(({ id, polygons }) => ({
    type: 'Feature',
    properties: { id },
    geometry: { type: 'MultiPolygon', coordinates: polygons },
  }));
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', ...crs, features }));
}

const square = (x0: number, y0: number, x1: number, y1: number) => [
  [
    [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
      [x0, y0],
    ],
  ],
];

describe('zone statistics against plain loops over shapely and pyproj', () => {
  describe.each(oracle.cases)('on a grid in $name', ({ crs, transform, zones }) => {
    const folder = tempFolder();
    const aoi = join(folder, 'zones.geojson');
    const epsg = /^EPSG:(\d+)$/.exec(crs)?.[1];
    const grid: Grid = {
      width: oracle.width,
      height: oracle.height,
      transform,
      crs: epsg === undefined ? crsFromProj(crs) : crsFromEpsg(Number(epsg))!,
    };
    beforeAll(async () => {
      writeZones(aoi, zones);
      const { nodata } = oracle;
      await writeRaster(join(folder, 'values.tif'), grid, Float32Array.from(oracle.values), { nodata });
      await writeRaster(join(folder, 'classes.tif'), grid, Uint8Array.from(oracle.classes), { nodata: 0 });
    });

    it('agrees in every statistic of measured values', async () => {
      const stats = ['count,cells,mean,sd,min,max,sum,majority,variety', ...oracle.percents.map((p) => `p${p}`)].join();
      const { page } = await zonalStatistics({ raster: join(folder, 'values.tif'), aoi, stats });
      for (const [k, { values, areaM2 }] of zones.entries()) {
        const got = page.zones[k]!;
        const [figures] = got.bands as [ZonalFigures];
        near(got.areaHa * 1e4, areaM2);
        expect([figures.cells, figures.min, figures.max]).toEqual([values.cells, values.min, values.max]);
        near(figures.validHa * 1e4, values.validM2);
        expect(Math.abs(figures.nodataHa * 1e4 - (areaM2 - values.validM2))).toBeLessThan(TOLERANCE * areaM2);
        for (const name of ['count', 'mean', 'sd', 'sum'] as const) near(figures[name], values[name]);
        expect(Object.values(figures.quantiles)).toEqual(values.quantiles);
        expect([figures.majority, figures.variety]).toEqual([values.majority, values.variety]);
        expect(figures.classes).toBeNull();
      }
    });

    it('agrees in the hectares of each class, which sum to the geodesic area of the zone', async () => {
      const { page } = await zonalStatistics({
        raster: join(folder, 'classes.tif'),
        aoi,
        classes: true,
        stats: 'majority',
      });
      for (const [k, { classes, areaM2 }] of zones.entries()) {
        const [figures] = page.zones[k]!.bands as [ZonalFigures];
        expect(figures.classes!.map((c) => c.value)).toEqual(classes.classes!.map(([value]) => value));
        for (const [c, [, area]] of classes.classes!.entries()) {
          expect(Math.abs(figures.classes![c]!.hectares * 1e4 - area)).toBeLessThan(TOLERANCE * areaM2);
        }
        const sum = figures.classes!.reduce((total, c) => total + c.hectares, 0);
        near((sum + figures.nodataHa) * 1e4, areaM2, BUDGET_TOLERANCE);
        expect(Math.abs(sum / figures.validHa - 1)).toBeLessThan(1e-12);
        expect(figures.majority).toBe(classes.majority);
      }
    });
  });
});

describe('zone statistics by hand', () => {
  const folder = tempFolder();
  const raster = join(folder, 'r.tif');
  const aoi = join(folder, 'z.geojson');
  // 4 × 2 cells of 10 m: 1 2 3 4 / 5 6 – 8.
  const grid = utmGrid(4, 2, { pixel: 10, x: 500_000, y: 4_200_000 });
  beforeAll(async () => {
    await writeRaster(raster, grid, Float32Array.of(1, 2, 3, 4, 5, 6, -1, 8), { nodata: -1 });
    writeZones(
      aoi,
      [
        // The left half of cell 1, cells 2 and half of 3, in the first row; then the cell without data.
        { id: 'a', polygons: square(500_005, 4_199_990, 500_025, 4_200_000) },
        { id: 'gap', polygons: square(500_020, 4_199_980, 500_030, 4_199_990) },
      ],
      32647,
    );
  });

  it('weights by coverage, and by the planar area on request', async () => {
    const stats = 'count,cells,mean,sd,sum,median,minority';
    const { page } = await zonalStatistics({ raster, aoi, stats, area: 'planar' });
    const [a, gap] = page.zones.map((zone) => zone.bands[0]!);
    expect(page.zones[0]!.areaHa).toBeCloseTo(0.02, 12);
    expect([a!.count, a!.cells, a!.mean, a!.sum, a!.quantiles.p50]).toEqual([2, 3, 2, 4, 2]);
    expect(a!.sd).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(a!.minority).toBe(1);
    expect([gap!.count, gap!.validHa, gap!.mean, gap!.sum, gap!.quantiles.p50]).toEqual([0, 0, null, null, null]);
    expect(gap!.nodataHa).toBeCloseTo(0.01, 12);
  });

  it('shows figures and gaps in its tables and on the terminal', async () => {
    const { page } = await zonalStatistics({ raster, aoi, stats: 'mean,median', classes: true });
    const [first, classes] = zonalTables(page);
    expect(first!.columns.map((column) => column.name).join()).toBe(
      'zone_id,zone_name,role,band,area_ha,valid_ha,nodata_ha,mean,p50',
    );
    expect(classes!.rows.map((row) => [row[0], row[4]])).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ]);
    expect(zonalText(page)).toMatch(/gap +gap +1 +0\.01 +0\.00 +0\.01 +– +–/);
  });

  it('reads several bands, and applies scale and offset', async () => {
    const two = join(folder, 'two.tif');
    const pixels = Float32Array.from([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80]);
    await writeRaster(two, grid, pixels, { samples: 2 });
    const { page } = await zonalStatistics({ raster: two, aoi, band: 'all', stats: 'mean,max', area: 'planar' });
    expect(page.zones[0]!.bands.map(({ band, mean, max }) => [band, mean, max])).toEqual([
      [1, 2, 3],
      [2, 20, 30],
    ]);
    const bands = [1, 2].map(
      (band) => `<PAMRasterBand band="${band}"><Offset>${band}</Offset><Scale>-2</Scale></PAMRasterBand>`,
    );
    writeFileSync(`${two}.aux.xml`, `<PAMDataset>${bands.join('')}</PAMDataset>`);
    const scaled = await zonalStatistics({ raster: two, aoi, band: '2,1', stats: 'mean,max', area: 'planar' });
    expect(scaled.page.zones[0]!.bands.map(({ band, mean, max }) => [band, mean, max])).toEqual([
      [2, -38, -18],
      [1, -3, -1],
    ]);
    await expect(zonalStatistics({ raster: two, aoi, band: '3' })).rejects.toThrow(/--band 3: .* has 2 bands/);
  });
});

describe('options of zone statistics', () => {
  it.each([
    [{ aoi: 'z' }, /--raster is needed/],
    [{ raster: 'r', aoi: 'z', stats: 'mean,mode' }, /no statistic 'mode'/],
    [{ raster: 'r', aoi: 'z', stats: 'p101' }, /no statistic 'p101'/],
    [{ raster: 'r', aoi: 'z', band: 'x' }, /expected a band number/],
    [{ raster: 'r', aoi: 'z', area: 'flat' }, /expected one of ellipsoidal, planar/],
  ])('refuses %j', async (input, words) => {
    await expect(zonalStatistics(input)).rejects.toThrow(words);
  });

  it('refuses zones elsewhere, planar areas in degrees, and too many classes', async () => {
    const folder = tempFolder();
    const aoi = join(folder, 'z.geojson');
    const raster = join(folder, 'r.tif');
    writeZones(aoi, [{ id: 'a', polygons: square(20, 10, 21, 11) }]);
    const degrees: Grid = { width: 300, height: 300, transform: [0.01, 0, 20, 0, -0.01, 12], crs: crsFromEpsg(4326)! };
    await writeRaster(
      raster,
      degrees,
      paint(new Float32Array(90_000), 300, (col, row) => col + row * 300 + 0.5),
    );
    await expect(zonalStatistics({ raster, aoi, area: 'planar' })).rejects.toThrow(/is in degrees/);
    const far = join(folder, 'far.geojson');
    writeZones(far, [{ id: 'a', polygons: square(50, 10, 51, 11) }]);
    await expect(zonalStatistics({ raster, aoi: far })).rejects.toThrow(/No zone .* overlaps/);
    const all = join(folder, 'all.geojson');
    writeZones(all, [{ id: 'a', polygons: square(20, 9, 23, 12) }]);
    await expect(zonalStatistics({ raster, aoi: all, classes: true })).rejects.toThrow(/more than 65536 .* values/);
    const { page } = await zonalStatistics({ raster, aoi: all, stats: 'majority,mean' });
    expect(page.zones[0]!.bands[0]!.majority).toBeNull();
  });
});
