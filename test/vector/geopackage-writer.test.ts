import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initSqlJs, { type Database } from 'sql.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { zoneFields, zonesGeoPackage, type AttributeTable } from '../../src/vector/geopackage-writer.ts';
import { zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons } from '../../src/vector/polygons.ts';
import type { Zone } from '../../src/vector/zone.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('gpkg');

const box = (x0: number, y0: number, x1: number, y1: number): Polygons[number][number] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];
const zoneOf = (id: string, polygons: Polygons, properties: Record<string, unknown>, crs = WGS84): Zone => ({
  id,
  name: `Pit "${id}"`,
  role: 'mine',
  properties,
  polygons,
  crs,
});

const ZONES = [
  zoneOf('a', [[box(99, 38, 99.1, 38.1), box(99.02, 38.02, 99.05, 38.05)], [box(99.2, 38, 99.3, 38.1)]], {
    Area_ha: 'from the file',
    since: 2009,
    open: true,
    tags: ['x', 1],
    depth: 3,
  }),
  zoneOf('b', [[box(99.4, 38.2, 99.5, 38.3)]], { since: 2010, open: null, depth: 2.5, SINCE: 1, fid: 7 }),
];
const FIELDS = zoneFields({
  a: { area_ha: 12, note: null, state_year: 2024 },
  b: { area_ha: 2.5, note: 'x', state_year: 2024 },
});
const TABLE: AttributeTable = {
  name: 'land "by" year',
  title: 'Land by year',
  columns: [
    { name: 'zone_id', type: 'text' },
    { name: 'year', type: 'integer' },
    { name: 'mean', type: 'real' },
  ],
  rows: [
    ['a', 2020, 0.25],
    ['b', 2020, null],
  ],
};
const write = () => zonesGeoPackage(ZONES, FIELDS, [TABLE]);

describe('a written GeoPackage', () => {
  let bytes: Uint8Array;
  let database: Database;
  beforeAll(async () => {
    bytes = await write();
    const sqlite = await initSqlJs();
    database = new sqlite.Database(bytes);
  });
  afterAll(() => database.close());
  const rows = (sql: string) =>
    database
      .exec(sql)
      .flatMap(({ columns, values }) => values.map((row) => Object.fromEntries(columns.map((c, k) => [c, row[k]]))));

  it('says that it is one, and is sound', () => {
    expect(Buffer.from(bytes.subarray(0, 15)).toString('latin1')).toBe('SQLite format 3');
    expect(Buffer.from(bytes.subarray(68, 72)).toString('latin1')).toBe('GPKG');
    expect(rows('PRAGMA user_version')[0]).toEqual({ user_version: 10300 });
    expect(rows('PRAGMA integrity_check')[0]).toEqual({ integrity_check: 'ok' });
    expect(rows('PRAGMA foreign_key_check')).toEqual([]);
  });

  it('registers the layer and the tables', () => {
    const contents = rows('SELECT table_name, data_type, min_x, max_y, srs_id FROM gpkg_contents ORDER BY rowid');
    expect(contents).toEqual([
      { table_name: 'zones', data_type: 'features', min_x: 99, max_y: 38.3, srs_id: 4326 },
      { table_name: 'land "by" year', data_type: 'attributes', min_x: null, max_y: null, srs_id: null },
    ]);
    expect(rows('SELECT * FROM gpkg_geometry_columns')).toEqual([
      { table_name: 'zones', column_name: 'geom', geometry_type_name: 'MULTIPOLYGON', srs_id: 4326, z: 0, m: 0 },
    ]);
    expect(rows('SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY srs_id').map((row) => row['srs_id'])).toEqual([
      -1, 0, 4326,
    ]);
    const [undefinedOnes] = rows("SELECT count(*) AS n FROM gpkg_contents WHERE last_change NOT LIKE '1970-01-01T%Z'");
    expect(undefinedOnes).toEqual({ n: 0 });
  });

  it('holds the figures, and of the file what they leave free', () => {
    const declared = rows('PRAGMA table_info(zones)').map((row) => [row['name'], row['type']].join(' '));
    expect(declared).toEqual([
      'fid INTEGER',
      'geom MULTIPOLYGON',
      'since INTEGER',
      'open INTEGER',
      'tags TEXT',
      'depth REAL',
      'id TEXT',
      'name TEXT',
      'role TEXT',
      'area_ha REAL',
      'note TEXT',
      'state_year INTEGER',
    ]);
    const [a, b] = rows('SELECT * FROM zones ORDER BY fid');
    expect(a).toMatchObject({
      since: 2009,
      open: 1,
      tags: '["x",1]',
      id: 'a',
      name: 'Pit "a"',
      area_ha: 12,
      note: null,
    });
    expect(b).toMatchObject({ since: 2010, open: null, depth: 2.5, area_ha: 2.5, note: 'x', state_year: 2024 });
    expect(rows('SELECT * FROM "land ""by"" year"')).toEqual([
      { fid: 1, zone_id: 'a', year: 2020, mean: 0.25 },
      { fid: 2, zone_id: 'b', year: 2020, mean: null },
    ]);
  });

  it('reads back as an AOI with the same zones', async () => {
    const path = join(newFolder(), 'zones.gpkg');
    writeFileSync(path, bytes);
    const { zones } = await readAoi(path);
    expect(zones.map(({ id, name, role }) => [id, name, role])).toEqual([
      ['a', 'Pit "a"', 'mine'],
      ['b', 'Pit "b"', 'mine'],
    ]);
    for (const [k, zone] of zones.entries()) {
      expect(zone.crs.epsg).toBe(4326);
      expect(zone.polygons.map((rings) => rings.length)).toEqual(ZONES[k]!.polygons.map((rings) => rings.length));
      expect(Math.abs(zoneAreaM2(zone) / zoneAreaM2(ZONES[k]!) - 1)).toBeLessThan(1e-12);
    }
  });

  it('has the same bytes every time', async () => {
    expect(Buffer.from(await write()).equals(Buffer.from(bytes))).toBe(true);
  });

  it('brings projected zones to longitude and latitude', async () => {
    const path = join(newFolder(), 'utm.gpkg');
    const utm = zoneOf('u', [[box(540_000, 4_210_000, 541_000, 4_211_000)]], {}, crsFromEpsg(32647));
    writeFileSync(path, await zonesGeoPackage([utm], zoneFields({}), []));
    const { zones } = await readAoi(path);
    // Nine decimals are 0.1 mm on the ground, and edges of 1 km may be 1 mm off their curve.
    expect(Math.abs(zoneAreaM2(zones[0]!) / zoneAreaM2(utm) - 1)).toBeLessThan(2e-6);
  });

  it('may be empty', async () => {
    const sqlite = await initSqlJs();
    const empty = new sqlite.Database(await zonesGeoPackage([], zoneFields({}), []));
    expect(empty.exec('SELECT count(*) FROM zones')[0]!.values).toEqual([[0]]);
    empty.close();
  });
});
