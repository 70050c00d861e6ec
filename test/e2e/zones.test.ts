/**
 * `mine-rs zones` as it is built: its files, its workers, its refusals, and its agreement with a trend run.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestsOf, readTable, runCli } from '../helpers/cli.ts';
import { paint, utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('zones-e2e');
const SAMPLE = 'sample-data/pits.geojson';

describe('mine-rs zones', () => {
  const folder = newFolder();
  const raster = join(folder, 'classes.tif');
  const aoi = join(folder, 'pits.geojson');
  const args = ['zones', '--raster', raster, '--aoi', aoi];
  beforeAll(async () => {
    const grid = utmGrid(700, 600, { pixel: 10, x: 540_000, y: 4_216_000 });
    const pixels = paint(new Uint8Array(700 * 600), 700, (col, row) => (col * 7 + row * 3) % 11);
    await writeRaster(raster, grid, pixels, { nodata: 10 });
    const ring = [
      [540_003, 4_215_990],
      [546_900, 4_215_500],
      [545_000, 4_210_100],
      [540_500, 4_211_000],
      [540_003, 4_215_990],
    ];
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32647' } };
    const feature = { type: 'Feature', properties: { id: 'p' }, geometry: { type: 'Polygon', coordinates: [ring] } };
    writeFileSync(aoi, JSON.stringify({ type: 'FeatureCollection', crs, features: [feature] }));
  });

  it('writes every format, with the same figures', async () => {
    const said = await Promise.all(
      ['csv', 'json', 'gpkg', 'geojson', 'parquet'].map((ending) =>
        runCli([
          ...args,
          '--classes',
          '--stats',
          'mean,median',
          '--out',
          join(folder, 'out', `z.${ending}`),
          '--quiet',
        ]),
      ),
    );
    expect(said).toEqual(said.map(() => ({ code: 0, stdout: '', stderr: '' })));
    const place = join(folder, 'out');
    expect(readdirSync(place).sort()).toEqual(
      ['z.csv', 'z.geojson', 'z.gpkg', 'z.json', 'z.parquet', 'z_classes.csv', 'z_classes.parquet'].sort(),
    );
    const [row] = readTable(join(place, 'z.csv'));
    const mean = Number(row!['mean']);
    const validHa = Number(row!['valid_ha']);
    const geojson = JSON.parse(readFileSync(join(place, 'z.geojson'), 'utf8')) as {
      features: { properties: object }[];
    };
    expect(geojson.features[0]!.properties).toMatchObject({ id: 'p', mean, valid_ha: validHa });
    const page = JSON.parse(readFileSync(join(place, 'z.json'), 'utf8')) as {
      zones: { bands: { mean: number; classes: { hectares: number }[] }[] }[];
    };
    expect(page.zones[0]!.bands[0]!.mean).toBeCloseTo(mean, 8);
    const parquet = await parquetReadObjects({ file: Uint8Array.from(readFileSync(join(place, 'z.parquet'))).buffer });
    expect(parquet).toMatchObject([{ zone_id: 'p', band: 1n, mean, valid_ha: validHa }]);
    const sqlite = await initSqlJs();
    const database = new sqlite.Database(readFileSync(join(place, 'z.gpkg')));
    expect(database.exec('SELECT id, mean FROM zones')[0]!.values).toEqual([['p', mean]]);
    expect(database.exec('SELECT count(*), sum(hectares) FROM zone_classes')[0]!.values[0]![0]).toBe(10);
    database.close();
    const classes = readTable(join(place, 'z_classes.csv'));
    const sum = classes.reduce((total, { hectares }) => total + Number(hectares), 0);
    // Ten classes of six digits.
    expect(Math.abs(sum - validHa)).toBeLessThan(6e-6);
  });

  it('finds the same in workers as in-process', async () => {
    const outs = [0, 2].map((workers) => join(folder, `workers-${workers}`));
    for (const [k, workers] of ['0', '2'].entries()) {
      const out = join(outs[k]!, 'z.csv');
      const { code } = await runCli([
        ...args,
        '--stats',
        'mean,sd,sum,p10,p90,majority',
        '--workers',
        workers,
        '--out',
        out,
      ]);
      expect(code).toBe(0);
    }
    expect(digestsOf(outs[1]!)).toEqual(digestsOf(outs[0]!));
  });

  it.each([
    [['--out', 'z.shp'], 2, /ends in \.csv/],
    [['--band', '2'], 2, /has 1 band/],
    [['--stats', 'mode'], 2, /no statistic 'mode'/],
    [['--raster', 'none.tif'], 3, /none\.tif/],
  ])('refuses %j', async (more, code, words) => {
    const said = await runCli([...args, ...more]);
    expect(said.code).toBe(code);
    expect(said.stderr).toMatch(words);
    expect(said.stderr).not.toMatch(/\n\s+at /);
  });

  it('never writes over what it reads', async () => {
    const said = await runCli([...args, '--aoi', aoi, '--out', aoi]);
    expect([said.code, said.stderr]).toEqual([2, expect.stringMatching(/is a file that is read/)]);
  });
});

describe('the files of a trend run', () => {
  it('agree: zones of its class map, its tables as CSV, Parquet and GeoPackage', async () => {
    const out = join(newFolder(), 'run');
    const run = await runCli(['trend', '--aoi', SAMPLE, '--out', out, '--maps', 'trend', '--parquet', '--quiet']);
    expect(run.code).toBe(0);
    const csv = readTable(join(out, 'tables', 'trend_classes.csv'));
    const names = readdirSync(join(out, 'tables')).filter((name) => name.endsWith('.csv'));
    expect(readdirSync(join(out, 'tables')).sort()).toEqual(
      names.flatMap((name) => [name, name.replace('.csv', '.parquet')]).sort(),
    );
    const sqlite = await initSqlJs();
    const database = new sqlite.Database(readFileSync(join(out, 'zones.gpkg')));
    const listed = database.exec(
      "SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes' AND table_name <> 'layer_styles'",
    )[0]!.values;
    expect(listed.map(([name]) => `${String(name)}.csv`).sort()).toEqual(names.sort());
    const hectares = database.exec('SELECT hectares FROM trend_classes ORDER BY fid')[0]!.values;
    expect(hectares.map(([value]) => String(value))).toEqual(csv.map((row) => row['hectares']));
    database.close();

    const map = join(out, 'maps', 'trend_class.tif');
    const table = join(out, '..', 'classes.csv');
    expect(
      (await runCli(['zones', '--raster', map, '--aoi', SAMPLE, '--classes', '--quiet', '--out', table])).code,
    ).toBe(0);
    const found = readTable(join(out, '..', 'classes_classes.csv'));
    const wanted = csv.filter((row) => Number(row['hectares']) > 0 && row['class_code'] !== '255');
    expect(found.map((row) => [row['zone_id'], row['value']])).toEqual(
      wanted.map((row) => [row['zone_id'], row['class_code']]),
    );
    for (const [k, row] of found.entries()) {
      // A run's weights are whole units, 2^-32 of a cell each; six digits are written.
      expect(Math.abs(Number(row['hectares']) - Number(wanted[k]!['hectares']))).toBeLessThan(2e-6);
    }
  });
});
