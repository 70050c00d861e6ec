/**
 * The hectares of a whole run against areas from elsewhere, on grids of every kind.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../src/geo/affine.ts';
import { crsFromEpsg, crsFromProj } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { paint, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('budget');
const oracle = JSON.parse(readFileSync(new URL('../oracle/zonal.json', import.meta.url), 'utf8')) as {
  width: number;
  height: number;
  cases: {
    name: string;
    crs: string;
    transform: Affine;
    zones: { id: string; polygons: [number, number][][][]; areaM2: number }[];
  }[];
};

/** What every zone's hectares must keep; areas by pyproj's Geod on densified edges. */
const BUDGET_TOLERANCE = 1e-6;
const YEARS = [2019, 2020, 2021, 2022, 2023];
const SCENES = `- name: stack
  files: scenes/*.tif
  date: '(\\d{4})'
  bands: { ndvi: 1 }
`;

describe('a run', () => {
  it.each(oracle.cases)('has classes, states and data that sum to geodesic areas, in $name', async (place) => {
    const folder = newFolder();
    const { width, height } = oracle;
    const epsg = /^EPSG:(\d+)$/.exec(place.crs)?.[1];
    const crs = epsg === undefined ? crsFromProj(place.crs) : crsFromEpsg(Number(epsg))!;
    const grid: Grid = { width, height, transform: place.transform, crs };
    mkdirSync(join(folder, 'scenes'));
    for (const year of YEARS) {
      const ndvi = (col: number, row: number) =>
        (col * 5 + row * 3 + year) % 17 === 0 ? Number.NaN : 0.5 + 0.4 * Math.sin(col + row * (year - 2018));
      const pixels = paint(new Float32Array(width * height), width, ndvi);
      await writeRaster(join(folder, 'scenes', `${year}.tif`), grid, pixels, { nodata: Number.NaN });
    }
    writeFileSync(join(folder, 'scenes.yaml'), SCENES);
    const aoi = join(folder, 'zones.geojson');
    const features = place.zones.map(({ id, polygons }) => ({
      type: 'Feature',
      properties: { id },
      geometry: { type: 'MultiPolygon', coordinates: polygons },
    }));
    writeFileSync(aoi, JSON.stringify({ type: 'FeatureCollection', features }));
    const { summary } = await runTrend({
      aoi,
      scenes: [join(folder, 'scenes.yaml')],
      out: join(folder, 'out'),
      workers: 0,
      maps: 'none',
      report: false,
      extent: 'scene',
    });
    for (const [k, zone] of summary!.zones.entries()) {
      const areaHa = place.zones[k]!.areaM2 / 1e4;
      const sums = [
        zone.trend.reduce((sum, { hectares }) => sum + hectares, 0),
        ...zone.years.map((year) => year.validHa + year.nodataHa),
        ...zone.states.map((s) => {
          const disturbed = s.disturbedHa + s.recoveringHa + s.recoveredHa;
          return s.undisturbedHa + disturbed + s.notAssessableHa + s.nodataHa;
        }),
      ];
      expect(sums).toHaveLength(1 + 2 * YEARS.length);
      for (const sum of sums) expect(Math.abs(sum / areaHa - 1)).toBeLessThan(BUDGET_TOLERANCE);
    }
    const counted = summary!.zones.map((zone) => zone.trend.find(({ code }) => code === 255)!.hectares / zone.areaHa);
    expect(counted[0]).toBeLessThan(0.5);
    expect(counted[2]).toBeGreaterThan(0.25);
  });
});
