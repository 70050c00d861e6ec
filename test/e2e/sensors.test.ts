/**
 * Stacks of other sensors, layouts and grids than one Landsat frame.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { Summary } from '../../src/report/model.ts';
import { paint, utmGrid, writeLandsat, writeRaster, writeSentinel2, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('sensors');
const YEARS = [2020, 2021, 2022, 2023];
/** FVC is NDVI then, wherever that is above 0. */
const FIXED = '0,1';

async function run(
  options: OptionsInput,
): Promise<{ summary: Summary; resampled: { path: string; method: string }[] }> {
  const out = join(newFolder(), 'out');
  const { summary } = await runTrend({ out, workers: 0, fvc: FIXED, ...options });
  const { resampled } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  return { summary: summary!, resampled };
}

const meansOf = (summary: Summary) => summary.zones[0]!.years.map(({ mean }) => mean!);

describe('Sentinel-2', () => {
  it('has one level of green before and after the offset of processing baseline 04.00', async () => {
    const folder = newFolder();
    const grid = utmGrid(30, 20, { pixel: 10 });
    const aoi = writeZones(join(folder, 'pits.geojson'), grid, [{ id: 'a', col: 4, row: 4, width: 20, height: 12 }]);
    for (const year of YEARS) {
      // In 2023 the left half of the zone is under cloud, by the 20 m classes.
      const cloud = (col: number) => year === 2023 && col < 14;
      const scene = { grid, date: `${year}0715`, ndvi: () => 0.6, cloud };
      await writeSentinel2(join(folder, 'scenes'), scene, year < 2022 ? 0 : 1000);
    }
    const { summary, resampled } = await run({ aoi });
    // Digital numbers are rounded to 1e-4: 2.5e-4 of NDVI.
    for (const mean of meansOf(summary)) expect(Math.abs(mean - 0.6)).toBeLessThan(3e-4);
    expect(summary.zones[0]!.years.map(({ validHa }) => Math.round(validHa * 100))).toEqual([240, 240, 240, 120]);
    expect(summary.scenes.map(({ sensor, product }) => [sensor, product])[0]).toEqual(['S2B', 'sentinel-2-l2a']);
    expect(summary.grid.transform[0]).toBe(10);
    expect(resampled).toHaveLength(4);
    expect(resampled.every(({ path, method }) => path.endsWith('SCL.tif') && method === 'nearest')).toBe(true);
    // Equal years are no trend, and no test: with four ties every order is alike.
    expect(summary.zones[0]!.states[0]!.undisturbedHa).toBeGreaterThan(2.3);
  });
});

describe('scenes.yaml', () => {
  const grid = utmGrid(16, 12);
  const zone = { id: 'a', col: 2, row: 2, width: 10, height: 8 };
  const place = () => {
    const folder = newFolder();
    return { folder, scenes: join(folder, 'scenes'), aoi: writeZones(join(folder, 'pits.geojson'), grid, [zone]) };
  };
  const constant = (value: number) => new Uint16Array(16 * 12).fill(value);

  it('describes a finished index, one file a year', async () => {
    const { scenes, aoi } = place();
    for (const [k, year] of YEARS.entries()) {
      const pixels = constant(2000 + 1000 * k);
      pixels[2 * 16 + 2] = 0;
      await writeRaster(join(scenes, `ndvi_${year}.tif`), grid, pixels);
    }
    const text =
      "- name: ndvi\n  files: 'ndvi_*.tif'\n  date: '(\\d{4})'\n  bands: { ndvi: 1 }\n  scale: 0.0001\n  nodata: 0\n";
    writeFileSync(join(scenes, 'scenes.yaml'), text);
    const { summary } = await run({ aoi });
    for (const [k, mean] of meansOf(summary).entries()) expect(mean).toBeCloseTo(0.2 + 0.1 * k, 6);
    // One of 80 pixels has no data.
    expect(summary.zones[0]!.years[0]!.nodataHa / summary.zones[0]!.areaHa).toBeCloseTo(1 / 80, 5);
    expect(summary.scenes[0]).toMatchObject({ sensor: 'ndvi', product: 'yaml', used: true });
  });

  it('describes bands in files of their own, with a mask of bits', async () => {
    const { scenes, aoi } = place();
    for (const year of YEARS) {
      const at = (name: string) => join(scenes, String(year), `${year}-07-01_${name}.tif`);
      await writeRaster(at('B04'), grid, constant(1000));
      await writeRaster(at('B08'), grid, constant(3000));
      await writeRaster(
        at('QA'),
        grid,
        paint(new Uint16Array(16 * 12), 16, (col) => (col < 7 ? 0b1000 : 0b10000)),
      );
    }
    writeFileSync(
      join(scenes, 'scenes.yaml'),
      `- name: split
  files: '*/*_B04.tif'
  date: '(\\d{4})-(\\d{2})-(\\d{2})'
  bands: { red: 1, nir: { replace: [B04, B08] }, mask: { replace: [B04, QA] } }
  scale: 0.0001
  mask: { bits: [3] }
`,
    );
    const { summary } = await run({ aoi });
    for (const mean of meansOf(summary)) expect(mean).toBeCloseTo(0.5, 6);
    expect(summary.zones[0]!.years[0]!.validHa / summary.zones[0]!.areaHa).toBeCloseTo(0.5, 5);
  });

  it('describes a stack whose bands are years', async () => {
    const { folder, scenes, aoi } = place();
    const pixels = paint(new Uint16Array(16 * 12 * 4), 4, (band) => 300 + 100 * band);
    await writeRaster(join(scenes, 'stack.tif'), grid, pixels, { samples: 4, descriptions: YEARS.map(String) });
    const yaml = join(scenes, 'scenes.yaml');
    writeFileSync(yaml, '- name: stack\n  files: stack.tif\n  date: band\n  bands: { ndvi: all }\n  scale: 0.001\n');
    const { summary } = await run({ aoi, scenes: [yaml] });
    for (const [k, mean] of meansOf(summary).entries()) expect(mean).toBeCloseTo(0.3 + 0.1 * k, 6);
    expect(summary.years).toEqual(YEARS);
    expect(folder).toBeTruthy();
  });
});

describe('scenes on other grids', () => {
  const grid = utmGrid(60, 50);
  const zone = { id: 'a', col: 20, row: 15, width: 20, height: 20 };
  const toLonLat = (from: Grid) => {
    const transform = createTransformer(from.crs, WGS84);
    return (col: number, row: number) => transform(...applyAffine(from.transform, col + 0.5, row + 0.5));
  };
  /** Green that rises evenly over the land, whatever the grid. */
  const greenOn = (from: Grid) => {
    const place = toLonLat(from);
    return (col: number, row: number) => {
      const [lon, lat] = place(col, row);
      return Math.min(0.9, Math.max(0.05, 0.45 + 24 * (lon - 99.466) + 20 * (lat - 38.086)));
    };
  };
  /** A grid in another zone that lies around the run's. */
  const around = (epsg: number, pixel: number, size: number): Grid => {
    const other = utmGrid(size, size, { pixel, epsg });
    const [x, y] = createTransformer(grid.crs, other.crs)(...applyAffine(grid.transform, 30, 25));
    return {
      ...other,
      transform: [pixel, 0, Math.round(x - (size * pixel) / 2) + 3, 0, -pixel, Math.round(y + (size * pixel) / 2) + 4],
    };
  };

  it.each([
    ['of a neighbouring UTM zone', () => around(32648, 30, 90), 'bilinear', 2e-4],
    ['shifted by part of a pixel', () => utmGrid(70, 60, { x: 540_000 - 137, y: 4_216_000 + 111 }), 'bilinear', 2e-4],
    // The means are of whole fine pixels, whose centres lie 3 m and 4 m off.
    ['of finer pixels', () => around(32647, 10, 240), 'average', 2e-3],
  ])('%s are laid onto the run by a recorded rule', async (_, make, method, tolerance) => {
    const folder = newFolder();
    const aoi = writeZones(join(folder, 'pits.geojson'), grid, [zone]);
    const other = make();
    for (const year of YEARS) {
      const on = year === 2022 ? other : grid;
      await writeLandsat(join(folder, 'scenes'), { grid: on, date: `${year}0715`, ndvi: greenOn(on) });
    }
    const { summary, resampled } = await run({ aoi });
    expect([summary.grid.width, summary.grid.height, summary.grid.crs]).toEqual([20, 20, 'EPSG:32647']);
    expect(summary.grid.chosen).toContain('3 of 4 scenes, 1 resampled');
    expect(resampled.map((r) => r.method).sort()).toEqual([method, method, 'nearest'].sort());
    const means = meansOf(summary);
    // Half a pixel off would show as 4e-3.
    expect(summary.zones[0]!.years[0]!.sd).toBeGreaterThan(0.02);
    expect(Math.abs(means[2]! - means[1]!)).toBeLessThan(tolerance);
    expect(summary.zones[0]!.years[2]!.nodataHa).toBeLessThan(1e-5);
    expect(Math.abs(means[3]! - means[1]!)).toBeLessThan(1e-12);
  });
});
