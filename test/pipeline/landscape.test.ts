import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { landscapeMetrics } from '../../src/ecology/landscape.ts';
import { runLandcover, runLandscape } from '../../src/pipeline/class-run.ts';
import { yearInName } from '../../src/pipeline/class-sources.ts';
import { landcoverPage } from '../../src/pipeline/landcover.ts';
import { landscapePage } from '../../src/pipeline/landscape.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { landcoverAddition, landcoverText } from '../../src/report/landcover-tables.ts';
import { landscapeTable, landscapeText } from '../../src/report/landscape-tables.ts';
import { joinedPatches } from '../../src/kernels/landscape-connect.ts';
import { callMain } from '../helpers/cli.ts';
import { drawn, scanOf } from '../helpers/landscape.ts';
import { paint, utmGrid, writeNoisyStack, writeRaster, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const tempFolder = tempFolders('landscape');

/** Codes of the digits of a drawing, so that numbers and codes differ. */
const CODES = [0, 40, 10, 7, 20];
const NO_DATA = 255;

const YEARS: Record<number, string[]> = {
  2000: ['11122222', '11122222', '11133322', '22233322', '222333.1', '222222.1'],
  2010: ['11122222', '11122222', '11444422', '22444422', '2224441.', '2222221.'],
};

const grid = utmGrid(8, 6);

async function writeMaps(folder: string, on: Grid = grid): Promise<string> {
  for (const [year, rows] of Object.entries(YEARS)) {
    const { classes } = drawn(...rows);
    const codes = paint(new Uint8Array(classes.length), 8, (col, row) => {
      const digit = classes[row * 8 + col]!;
      return digit === 0 ? NO_DATA : CODES[digit]!;
    });
    await writeRaster(join(folder, `lc_${year}.tif`), on, codes, { nodata: NO_DATA, overview: 'mode' });
  }
  return join(folder, 'lc_*.tif');
}

const ZONES = [
  { id: 'all', name: 'All', role: 'mine', col: 0, row: 0, width: 8, height: 6 },
  // Of columns 2 and 6, by less and by more than half.
  { id: 'part', role: 'impact', col: 2.6, row: 1, width: 4, height: 4 },
];

describe('classes of rasters', () => {
  const folder = tempFolder();
  let input: { classes: string[]; aoi: string };
  beforeAll(async () => {
    input = { classes: [await writeMaps(folder)], aoi: writeZones(join(folder, 'zones.geojson'), grid, ZONES) };
  });

  it('give hectares by class, which with no data sum to the zone', async () => {
    const page = await landcoverPage(input);
    expect(page).toMatchObject({ run: null, what: 'classes', classes: [7, 10, 20, 40].map((code) => ({ code })) });
    const [all, part] = page.zones;
    const cell = all!.areaHa / 48;
    // Cells of 900 m² in UTM are a little smaller on the ground.
    expect(cell).toBeCloseTo(0.09, 3);
    const [before, after] = all!.years;
    const cells = (year: typeof before) =>
      year!.classes.map(({ code, hectares }) => [code, Math.round(hectares / cell)]);
    expect(cells(before)).toEqual([
      [7, 9],
      [10, 26],
      [40, 11],
    ]);
    expect(cells(after)).toEqual([
      [10, 25],
      [20, 11],
      [40, 10],
    ]);
    for (const zone of page.zones) {
      for (const { classes, nodataHa } of zone.years) {
        const sum = classes.reduce((total, c) => total + c.hectares, nodataHa);
        expect(Math.abs(sum - zone.areaHa)).toBeLessThan(1e-6 * zone.areaHa);
      }
    }
    // Column 2 counts by 0.4, columns 3 to 5 whole, column 6 by 0.6.
    const share = part!.years[0]!.classes.find(({ code }) => code === 40)!.hectares / (part!.areaHa / 16);
    expect(share).toBeCloseTo(0.8, 4);
  });

  it('are followed from year to year, in a matrix that sums to the zone', async () => {
    const { zones } = await landcoverPage(input);
    const [all] = zones;
    const cell = all!.areaHa / 48;
    const found = all!.transitions.map(({ from, to, hectares }) => [from, to, Math.round(hectares / cell)]);
    expect(found).toEqual([
      [7, 20, 9],
      [10, 10, 25],
      [10, 20, 1],
      [40, 20, 1],
      [40, 40, 8],
      [40, null, 2],
      [null, 40, 2],
    ]);
    const from10 = all!.transitions.filter((t) => t.from === 10).reduce((sum, t) => sum + t.hectares, 0);
    expect(from10).toBeCloseTo(all!.years[0]!.classes.find(({ code }) => code === 10)!.hectares, 9);
  });

  it('take the wanted pairs of years, and refuse others', async () => {
    const one = await landcoverPage({ ...input, classes: [join(folder, 'lc_2000.tif')] });
    expect(one.zones[0]!.transitions).toEqual([]);
    expect(landcoverAddition(one).tables.map(({ name }) => name)).toEqual(['landcover_by_year']);
    await expect(landcoverPage({ ...input, transitions: '2000:2005' })).rejects.toThrow(
      /--transitions 2000:2005: there is no map of 2005; there are 2000, 2010/,
    );
    await expect(landcoverPage({ ...input, transitions: '2010:2000' })).rejects.toThrow(/first year must be before/);
  });

  it('have metrics that are those of the drawing', async () => {
    const page = await landscapePage({ ...input, connectDistance: '70m' });
    expect(page).toMatchObject({ neighbours: 8, connectDistanceM: 70 });
    const map = drawn(...YEARS[2000]!);
    const joins = joinedPatches(map.classes, 8, 6, 8, { distance: 70, cellWidth: 30, cellHeight: 30 });
    const { byClass, ...wanted } = landscapeMetrics(scanOf(map, 8, 30), joins);
    const { metrics, nodataCells, cellSize, cellWidthM } = page.zones[0]!.years[0]!;
    expect([nodataCells, cellSize, cellWidthM]).toEqual([2, 'plane', 30]);
    for (const [name, value] of Object.entries(wanted)) {
      expect(metrics[name as 'shdi']).toBeCloseTo(value!, 10);
    }
    expect(metrics.byClass.map((c) => [c.class, c.cells, c.patches])).toEqual(
      byClass.map((c) => [CODES[c.class]!, c.cells, c.patches]).toSorted((a, b) => a[0]! - b[0]!),
    );
  });

  it('have metrics of the cells that a zone covers by half at least', async () => {
    const { zones } = await landscapePage(input);
    const { metrics, nodataCells } = zones[1]!.years[0]!;
    // Columns 3 to 6 of rows 1 to 4.
    const map = drawn('2222', '3332', '3332', '333.');
    const wanted = landscapeMetrics(scanOf(map, 8, 30), null);
    expect([metrics.cells, nodataCells]).toEqual([15, 1]);
    expect(metrics.contagion).toBeCloseTo(wanted.contagion!, 10);
    expect([metrics.edgeM, metrics.boundaryM]).toEqual([wanted.edgeM, wanted.boundaryM]);
  });

  it('may touch by sides only', async () => {
    const chess = join(folder, 'chess_2000.tif');
    await writeRaster(
      chess,
      grid,
      paint(new Uint8Array(48), 8, (col, row) => 1 + ((col + row) % 2)),
    );
    const of = async (neighbours: string) =>
      (await landscapePage({ ...input, classes: [chess], neighbours })).zones[0]!.years[0]!.metrics.patches;
    expect([await of('8'), await of('4')]).toEqual([2, 48]);
  });

  it('get names, colours and scores from mine-rs.yaml, and codes that stand for no data', async () => {
    const config = join(folder, 'other.yaml');
    writeFileSync(
      config,
      "classes: { 7: pit, 10: { name: grass, colour: '#11aa22', score: 0.6 } }\nlandscape: { no-data: [20], neighbours: 4, connect-distance: 1km }\n",
    );
    const page = await landcoverPage({ ...input, config });
    expect(page.classes).toMatchObject([
      { code: 7, name: 'pit', score: null },
      { code: 10, name: 'grass', colour: '#11aa22', score: 0.6 },
      { code: 40, name: 'class 40' },
    ]);
    expect(page.warnings).toContain('Codes without an entry under classes in mine-rs.yaml: 40');
    expect(page.zones[0]!.years[1]!.nodataHa).toBeCloseTo((page.zones[0]!.areaHa * 13) / 48, 4);
    expect(await landscapePage({ ...input, config })).toMatchObject({ neighbours: 4, connectDistanceM: 1000 });
    const wrong = async (text: string, message: RegExp) => {
      writeFileSync(config, text);
      await expect(landcoverPage({ ...input, config })).rejects.toThrow(message);
    };
    await wrong('classes: { grass: 1 }', /other\.yaml: classes\.grass/);
    await wrong('classes: { 7: { name: pit, color: red } }', /other\.yaml: classes\.7/);
    await wrong('classes: { 70000: pit }', /codes go to 65535/);
    await wrong('landscape: { grade: [0.5] }', /landscape: unknown key 'grade'/);
    await wrong('landscape: { no-data: [-1] }', /landscape\.no-data\.0: must be at least 0/);
  });

  it('are measured on the ground where the plane of the raster is far from it', async () => {
    const degrees: Grid = { width: 8, height: 6, transform: [3e-4, 0, 99, 0, -3e-4, 38], crs: crsFromEpsg(4326)! };
    const place = tempFolder();
    const classes = [await writeMaps(place, degrees)];
    const aoi = writeZones(join(place, 'zones.geojson'), degrees, [ZONES[0]!]);
    const page = await landscapePage({ classes, aoi });
    const { cellSize, cellWidthM, cellHeightM, metrics } = page.zones[0]!.years[0]!;
    expect(cellSize).toBe('ellipsoid');
    // A degree of latitude 38 is 110,999 m long; one of longitude 87,835 m (WGS 84).
    expect(cellHeightM).toBeCloseTo(33.3, 2);
    expect(cellWidthM).toBeCloseTo(26.35, 2);
    const { zones } = await landcoverPage({ classes, aoi });
    expect(metrics.areaHa).toBeCloseTo((zones[0]!.areaHa * 46) / 48, 4);
    expect(landscapeText(page)).toContain('measured on the ellipsoid');
  });

  it('are written to a folder of their own', async () => {
    const out = join(tempFolder(), 'out');
    await runLandcover({ ...input, out });
    await runLandscape({ ...input, out });
    const head = (name: string) => readFileSync(join(out, name), 'utf8').split('\n', 1)[0];
    expect(head('landcover_transitions.csv')).toBe(
      'zone_id,zone_name,role,from_year,to_year,from_code,from_class,to_code,to_class,hectares',
    );
    expect(head('landscape_metrics.csv')).toContain('shdi,shdi_base2,shei,frac_mn,contag,contag_of_all,connect');
    expect(existsSync(join(out, 'landscape.xlsx'))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'landcover.json'), 'utf8'))).toMatchObject({ what: 'classes' });
  });

  it('are refused with the file and what to do', async () => {
    const wrong = async (more: object, message: RegExp, page = landscapePage) => {
      await expect(page({ ...input, ...more })).rejects.toThrow(message);
    };
    const other = tempFolder();
    const raster = (name: string, pixels: Uint8Array | Float32Array, on = grid) =>
      writeRaster(join(other, name), on, pixels);
    await raster('fraction_2000.tif', new Float32Array(48).fill(1.5));
    await raster('noyear.tif', new Uint8Array(48).fill(1));
    await raster('a_1999_2000.tif', new Uint8Array(48).fill(1));
    await raster('far_2000.tif', new Uint8Array(48).fill(1), utmGrid(8, 6, { x: 700_000 }));
    await raster('coarse_2020.tif', new Uint8Array(48).fill(1), utmGrid(8, 6, { pixel: 60 }));
    const many = utmGrid(8, 64);
    await writeRaster(
      join(other, 'many_2000.tif'),
      many,
      paint(new Uint16Array(512), 8, (c, r) => 8 * r + c),
    );
    const file = (name: string) => ({ classes: [join(other, name)] });
    await wrong(
      file('fraction_2000.tif'),
      /fraction_2000\.tif has the value 1\.5 at column 0, row 0; classes are whole/,
    );
    await wrong(
      { ...file('many_2000.tif'), aoi: writeZones(join(other, 'm.geojson'), many, [{ ...ZONES[0]!, height: 64 }]) },
      /more than 255/,
    );
    await wrong(file('noyear.tif'), /no year in its name: write YEAR=/);
    await wrong(file('a_1999_2000.tif'), /several years in its name \(1999, 2000\)/);
    await wrong(file('missing_2000.tif'), /there is no file/);
    await wrong({ classes: [join(folder, 'lc_2000.tif'), `2000=${join(folder, 'lc_2010.tif')}`] }, /are both of 2000/);
    await wrong(file('far_2000.tif'), /No zone of .* has a cell on/);
    await wrong(file('far_2000.tif'), /No zone of .* overlaps/, landcoverPage as never);
    const grids = { classes: [join(folder, 'lc_2000.tif'), join(other, 'coarse_2020.tif')] };
    await wrong(grids, /lie on different grids.*gdalwarp -r near/, landcoverPage as never);
    await wrong({ connectDistance: '50km' }, /more than 1000 cells of 30\.0 m/);
    await wrong({ connectDistance: 'near' }, /--connect-distance: 'near' is no distance/);
    await wrong({ neighbours: '6' }, /Option 'neighbours': expected one of 4, 8/);
    await wrong({ grades: '0.5' }, /--grades belongs to the FVC of a run/);
    await expect(landscapePage({ aoi: input.aoi })).rejects.toThrow(/Name the folder of a finished run/);
    await expect(landscapePage({ classes: input.classes })).rejects.toThrow(/No AOI/);
  });

  it('may be of any years in their names, or given', async () => {
    expect(['lc_2000.tif', 'CLCD_v01_19850701_x.tif', '2021/esa-2020-v100.tif'].map(yearInName)).toEqual([
      2000, 1985, 2020,
    ]);
    const page = await landscapePage({ ...input, classes: [`1990=${join(folder, 'lc_2000.tif')}`] });
    expect(page.rasters).toMatchObject([{ year: 1990 }]);
    const near = await landscapePage({ ...input, connectDistance: '40m' });
    expect(near.warnings).toHaveLength(1);
    expect(near.warnings[0]).toContain('less than two cells');
  });
});

describe('the FVC of a run', () => {
  const folder = tempFolder();
  const out = join(folder, 'out');
  const runGrid = utmGrid(40, 40);
  beforeAll(async () => {
    await writeNoisyStack(join(folder, 'scenes'), runGrid, [2018, 2019, 2020, 2021, 2022]);
    const aoi = writeZones(join(folder, 'zones.geojson'), runGrid, [
      { id: 'm', name: 'Pit', role: 'mine', col: 5, row: 5, width: 30, height: 30 },
    ]);
    await runTrend({ aoi, out, scenes: [join(folder, 'scenes')], workers: 0 });
  });

  it('is graded, and the tables go into the run', async () => {
    const report = () => readFileSync(join(out, 'report.html'), 'utf8');
    expect(report()).not.toContain('landcover_by_year');
    const page = await runLandcover({ run: out });
    expect(page).toMatchObject({ what: 'FVC grades', run: out });
    expect(page.rasters.map(({ year }) => year)).toEqual([2018, 2019, 2020, 2021, 2022]);
    const pairs = new Set(page.zones[0]!.transitions.map((t) => `${t.fromYear}:${t.toYear}`));
    expect([...pairs]).toEqual(['2018:2019', '2019:2020', '2020:2021', '2021:2022', '2018:2022']);
    expect(readFileSync(join(out, 'tables', 'landcover_by_year.csv'), 'utf8')).toContain('m,Pit,mine,2018,');
    expect(report()).toContain('where the land of each class went');
    expect(report()).not.toContain('landscape_metrics');
    const { zones } = await runLandscape({ run: out, grades: '0.3,0.6' });
    expect(zones[0]!.years.every(({ metrics }) => metrics.classes <= 3)).toBe(true);
    expect(report()).toContain('landscape_metrics');
    expect(landcoverText(page)).toContain('from 2018 (lines) to 2022 (columns), ha');
  });

  it('is graded at the limits as they are said: from a limit on a cell is in the next grade', async () => {
    const { classes, zones } = await landcoverPage({ run: out });
    const all = zones[0]!.years[0]!;
    expect(classes.map(({ code }) => code).every((code) => code >= 1 && code <= 5)).toBe(true);
    const low = await landcoverPage({ run: out, grades: '0.2,0.4' });
    const high = low.zones[0]!.years[0]!.classes.find(({ code }) => code === 3)?.hectares ?? 0;
    const upper = all.classes.filter(({ code }) => code >= 3).reduce((sum, c) => sum + c.hectares, 0);
    expect(high).toBeCloseTo(upper, 9);
  });

  it('is the same for any strip and by the command', async () => {
    const page = await landscapePage({ run: out });
    const told = await callMain(['landscape', out, '--json']);
    expect(told.code).toBe(0);
    expect(JSON.parse(told.stdout)).toEqual(JSON.parse(JSON.stringify(page)));
    expect(landscapeTable(page).rows).toHaveLength(5);
    const text = await callMain(['landcover', out, '--quiet']);
    expect(text).toMatchObject({ code: 0, stdout: '' });
    expect(await callMain(['landcover', join(folder, 'nothing')])).toMatchObject({ code: 3, stdout: '' });
    expect(await callMain(['landscape'])).toMatchObject({ code: 2, stdout: '' });
    const into = await callMain(['landscape', out, '--out', out]);
    expect(into.stderr).toContain('holds a run');
  });
});
