/**
 * Samples of class maps, from the draw to the estimate.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { invertAffine, applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { accuracyPage } from '../../src/pipeline/estimate.ts';
import { drawSample } from '../../src/pipeline/sample.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { callMain, filesBelow, readTable } from '../helpers/cli.ts';
import { paint, utmGrid, writeNoisyStack, writeRaster, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('sample');
const [WIDTH, HEIGHT] = [150, 130];
const GRID = utmGrid(WIDTH, HEIGHT);
/** Class 1 in the left tenth, 3 in the lower right, else 2; a column without data. */
const classAt = (col: number, row: number) => (col === 149 ? 255 : col < 15 ? 1 : row > 100 && col > 100 ? 3 : 2);
let map: string;

beforeAll(async () => {
  map = join(newFolder(), 'classes.tif');
  const pixels = paint(new Uint8Array(WIDTH * HEIGHT), WIDTH, classAt);
  await writeRaster(map, GRID, pixels, { nodata: 255, overview: 'mode' });
});

describe('drawSample', () => {
  it('draws cells of each class, and tells where they lie', async () => {
    const out = join(newFolder(), 'out');
    const page = await drawSample(map, { size: 300, out });
    expect(filesBelow(out)).toEqual(['cells.geojson', 'points.csv', 'sample.json', 'strata.csv']);
    const strata = readTable(join(out, 'strata.csv'));
    // 15 columns of 130; 29 rows of 48 columns without the last; the rest.
    expect(strata.map((s) => Number(s.cells))).toEqual([1950, 149 * 130 - 1950 - 29 * 48, 29 * 48]);
    // UTM near its central meridian: a cell of 900 m² is 900.7 m² here.
    for (const s of strata) expect(Number(s.area_ha) / Number(s.cells) / 0.09).toBeCloseTo(1, 2);
    expect(strata.map((s) => Number(s.units)).reduce((a, b) => a + b, 0)).toBe(300);
    const [toGrid, inverse] = [createTransformer(WGS84, GRID.crs), invertAffine(GRID.transform)];
    const rows = readTable(join(out, 'points.csv'));
    expect(rows).toHaveLength(300);
    expect(new Set(rows.map(({ lon, lat }) => `${lon} ${lat}`)).size).toBe(300);
    for (const { lon, lat, stratum, reference } of rows) {
      const [col, row] = applyAffine(inverse, ...toGrid(Number(lon), Number(lat)));
      expect(String(classAt(Math.floor(col), Math.floor(row)))).toBe(stratum);
      // The middle of the cell, to the seventh digit of a degree.
      expect(Math.abs((col % 1) - 0.5)).toBeLessThan(0.001);
      expect(reference).toBe('');
    }
    const cells = JSON.parse(readFileSync(join(out, 'cells.geojson'), 'utf8')) as { features: unknown[] };
    expect(cells.features).toHaveLength(300);
    expect(page.points.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    // In random order: strata do not follow one another.
    const changes = rows.filter(({ stratum }, k) => k > 0 && rows[k - 1]!.stratum !== stratum).length;
    expect(changes).toBeGreaterThan(50);
  });

  it('is the same for the same seed, and another one for another', async () => {
    const draw = async (seed: number) =>
      (await drawSample(map, { size: 150, seed, out: join(newFolder(), 'out') })).points;
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(5)).not.toEqual(await draw(6));
  });

  it('takes the size from the standard error that is wanted, and says which is to be had', async () => {
    const out = () => join(newFolder(), 'out');
    const page = await drawSample(map, {
      standardError: 0.02,
      expected: '1=0.7,2=0.95',
      least: 10,
      allocation: 'neyman',
      out: out(),
    });
    const whole = page.strata.reduce((sum, s) => sum + s.areaHa, 0);
    const deviations = [0.7, 0.95, 0.9].map((a) => Math.sqrt(a * (1 - a)));
    const wanted = page.strata.reduce((sum, s, k) => sum + (s.areaHa / whole) * deviations[k]!, 0);
    expect(page.strata.map((s) => s.expected)).toEqual([0.7, 0.95, 0.9]);
    expect(page.points).toHaveLength(Math.ceil((wanted / 0.02) ** 2));
    expect(page.standardError!).toBeGreaterThan(0.0195);
    expect(page.standardError!).toBeLessThan(0.021);
    const equal = await drawSample(map, { size: 90, least: 2, allocation: 'equal', out: out() });
    expect(equal.strata.map((s) => s.units)).toEqual([30, 30, 30]);
  });

  it('keeps the strata from the interpreters when asked, and estimate finds them again', async () => {
    const out = join(newFolder(), 'out');
    await drawSample(map, { size: 200, blind: true, out });
    const text = readFileSync(join(out, 'points.csv'), 'utf8');
    expect(text.split('\n')[0]).toBe('id,lon,lat,x,y,reference');
    expect(readFileSync(join(out, 'cells.geojson'), 'utf8')).not.toContain('stratum');
    expect(() => accuracyPage(join(out, 'points.csv'))).toThrow(/line 2: has no reference class/);
    // An interpreter who sees what the map says finds the map's areas.
    const key = new Map(readTable(join(out, 'key.csv')).map(({ id, stratum }) => [id, stratum]));
    const lines = text.trimEnd().split('\n');
    const seen = [lines[0], ...lines.slice(1).map((line) => `${line}${key.get(line.split(',')[0])}`)];
    writeFileSync(join(out, 'points.csv'), seen.join('\n'));
    const { classes, overall } = accuracyPage(join(out, 'points.csv'));
    expect(overall).toEqual({ value: 1, standardError: 0, plusMinus: 0 });
    for (const { area, mappedHa } of classes) expect(area.value).toBeCloseTo(mappedHa!, 9);
  });

  it('weighs cells by their area where they differ: degrees far north', async () => {
    const grid: Grid = { width: 200, height: 800, transform: [0.05, 0, 10, 0, -0.05, 89], crs: crsFromEpsg(4326)! };
    const path = join(newFolder(), 'degrees.tif');
    await writeRaster(path, grid, new Uint8Array(200 * 800).fill(1), { nodata: 255, overview: 'mode' });
    const { points, strata } = await drawSample(path, { size: 2000, out: join(newFolder(), 'out') });
    // A band of the sphere between two parallels has the area of its difference of sines; five standard errors.
    const share =
      (Math.sin((60 * Math.PI) / 180) - Math.sin((49 * Math.PI) / 180)) /
      (Math.sin((89 * Math.PI) / 180) - Math.sin((49 * Math.PI) / 180));
    const below = points.filter(({ lat }) => lat < 60).length / 2000;
    expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / 2000));
    expect(below - 220 / 800).toBeGreaterThan(0.1);
    // 10 degrees of the zone from 49 to 89 degrees north on the ellipsoid: 17.3 million km² · 10 / 360 …
    expect(strata[0]!.areaHa / 1e6).toBeGreaterThan(170);
  });

  it('looks at cells of the zones only, of a finished run as well', async () => {
    const folder = newFolder();
    const grid = utmGrid(60, 50);
    await writeNoisyStack(join(folder, 'scenes'), grid, [2015, 2016, 2017, 2018, 2019]);
    const aoi = writeZones(join(folder, 'pits.geojson'), grid, [
      { id: 'pit', role: 'mine', col: 10, row: 10, width: 30, height: 30 },
      { id: 'meadow', role: 'reference', col: 45, row: 10, width: 10, height: 30 },
    ]);
    const run = join(folder, 'run');
    const { summary } = await runTrend({ aoi, out: run, workers: 0, extent: 'scene', report: false, extras: false });
    const whole = await drawSample(run, { size: 60, least: 2, out: join(folder, 'whole') });
    expect(whole.strata.reduce((sum, s) => sum + s.cells, 0)).toBe(60 * 50);
    const pit = await drawSample(run, { size: 60, least: 2, zone: 'pit', year: 2019, out: join(folder, 'pit') });
    expect(pit.what).toBe('land states of 2019');
    const states = summary!.zones[0]!.states.at(-1)!;
    for (const { name, areaHa } of pit.strata) {
      const key = `${name.replace(/ (\w)/, (_, c: string) => c.toUpperCase())}Ha` as 'disturbedHa';
      // The zone is cut along whole cells, but for a millionth.
      expect(Math.abs(areaHa - states[key])).toBeLessThan(1e-3);
    }
    for (const { col, row } of pit.points) expect([col >= 10 && col < 40, row >= 10 && row < 40]).toEqual([true, true]);
    await expect(drawSample(run, { zone: 'pot', out: join(folder, 'x') })).rejects.toThrow(
      /no such zone .* its zones are pit, meadow/,
    );
    await expect(drawSample(run, { year: 1999, out: join(folder, 'x') })).rejects.toThrow(
      /the run has the years 2015, /,
    );
    await expect(drawSample(run, { band: 2, out: join(folder, 'x') })).rejects.toThrow(/--band belongs to a raster/);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('refuses maps without classes, wrong options, and folders that hold a sample', async () => {
    const folder = newFolder();
    const out = join(folder, 'out');
    const real = join(folder, 'real.tif');
    await writeRaster(
      real,
      GRID,
      paint(new Float32Array(WIDTH * HEIGHT), WIDTH, (col) => col / 7),
      { nodata: -1 },
    );
    await expect(drawSample(real, { out })).rejects.toThrow(
      /real\.tif holds 0\.14.*: a map of classes has whole numbers only/,
    );
    const empty = join(folder, 'empty.tif');
    await writeRaster(empty, GRID, new Uint8Array(WIDTH * HEIGHT), { nodata: 0, overview: 'mode' });
    await expect(drawSample(empty, { out })).rejects.toThrow(/has no class here/);
    await expect(drawSample(map, { out, band: 2 })).rejects.toThrow(/there is no band 2/);
    await expect(drawSample(map, { out, year: 2020 })).rejects.toThrow(
      /--year belongs to the folder of a finished run/,
    );
    await expect(drawSample(map, { out, zone: 'pit' })).rejects.toThrow(/--zone needs the file with the zones/);
    await expect(drawSample(map, { out, expected: '9=0.8' })).rejects.toThrow(
      /the map has no class '9'; its classes are 1, 2, 3/,
    );
    await expect(drawSample(map, { out, expected: 'much' })).rejects.toThrow(/expected an accuracy such as 0\.9/);
    expect(existsSync(out)).toBe(false);
    await drawSample(map, { out, size: 20, least: 2 });
    await expect(drawSample(map, { out })).rejects.toThrow(/points\.csv is there already: choose another folder/);
    await expect(drawSample(map, { out: map })).rejects.toThrow(/is a file: name a folder/);
    const said = await callMain(['sample', join(folder, 'none.tif'), '--out', join(folder, 'y')]);
    expect(said).toMatchObject({ code: 3, stdout: '' });
  });
});
