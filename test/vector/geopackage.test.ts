import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { cellAreaM2 } from '../../src/vector/cell-area.ts';
import { coverage } from '../../src/vector/coverage.ts';
import { zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import { polygonsBbox } from '../../src/vector/project.ts';
import { zoneWeights } from '../../src/vector/weights.ts';
import { readGeoPackageBlob } from '../../src/vector/formats/wkb.ts';
import { geoPackage, polygonBlob, type FixtureLayer } from './geopackage-fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mine-rs-gpkg-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const OUTER = [
  [540_000, 4_210_000],
  [541_000, 4_210_000],
  [541_000, 4_211_000],
  [540_000, 4_211_000],
  [540_000, 4_210_000],
];
const HOLE = OUTER.map(([x, y]) => [x! / 2 + 270_250, y! / 2 + 2_105_250]);

async function file(layers: FixtureLayer[], change?: (bytes: Uint8Array) => Uint8Array): Promise<string> {
  const path = join(folder, 'zones.gpkg');
  const bytes = await geoPackage(layers);
  await writeFile(path, change === undefined ? bytes : change(bytes));
  return path;
}

const layer = (table: string, srsId = 32647, type = 'MULTIPOLYGON'): FixtureLayer => ({
  table,
  type,
  srsId,
  rows: [
    ['pit-4', 'Pit 4', 'mine', polygonBlob([[OUTER, HOLE]], { envelope: true })],
    [
      null,
      null,
      null,
      polygonBlob([[OUTER.map(([x, y]) => [x! + 2000, y!])], [OUTER.map(([x, y]) => [x! + 4000, y!])]]),
    ],
    ['none', 'no geometry', 'mine', null],
  ],
});

describe('readAoi, GeoPackage', () => {
  it('reads polygons, attributes and CRS', async () => {
    const { zones, warnings } = await readAoi(await file([layer('the "pits"')]));
    expect(zones.map(({ id, name, role }) => [id, name, role])).toEqual([
      ['pit-4', 'Pit 4', 'mine'],
      ['2', '2', 'mine'],
    ]);
    expect(zones[0]!.crs.epsg).toBe(32647);
    expect(zones[0]!.polygons).toEqual([[OUTER, HOLE]]);
    expect(zones[1]!.polygons.length).toBe(2);
    expect(zones[0]!.properties).toEqual({ id: 'pit-4', name: 'Pit 4', role: 'mine' });
    expect(warnings).toEqual(['feature 3 left out, as without polygons (no geometry)']);
  });

  it('reads a file in write-ahead mode, and warns of changes that are not in it yet', async () => {
    const path = await file([layer('pits')], (bytes) => {
      bytes[18] = 2;
      bytes[19] = 2;
      return bytes;
    });
    expect((await readAoi(path)).zones.length).toBe(2);
    await writeFile(`${path}-wal`, 'pages');
    expect((await readAoi(path)).warnings[0]).toMatch(/-wal holds changes that are not in the file yet/);
    await rm(`${path}-wal`);
  });

  it('asks which of several polygon layers is meant', async () => {
    const path = await file([layer('pits'), layer('dumps'), { ...layer('roads', 32647, 'LINESTRING'), rows: [] }]);
    await expect(readAoi(path)).rejects.toThrow(/several layers hold polygons: dumps, pits/);
    expect((await readAoi(path, { layer: 'pits' })).zones.length).toBe(2);
    await expect(readAoi(path, { layer: 'tracks' })).rejects.toThrow(
      /has no layer 'tracks'. Its layers: dumps \(MULTIPOLYGON\), pits \(MULTIPOLYGON\), roads \(LINESTRING\)/,
    );
  });

  it('takes a layer of any geometry where none is of polygons', async () => {
    expect((await readAoi(await file([layer('all', 32647, 'GEOMETRY')]))).zones.length).toBe(2);
  });

  it.each([
    ['an undefined CRS', [layer('pits', -1)], /layer 'pits' lacks a CRS/],
    ['an undefined geographic CRS', [layer('pits', 0)], /layer 'pits' lacks a CRS/],
    ['an unknown CRS', [layer('pits', 4284)], /has the CRS EPSG:4284 \(Pulkovo 1942\), which is not known here/],
    ['a CRS that is not in the file', [layer('pits', 999)], /names the CRS 999, which the file does not define/],
    [
      'lines only',
      [{ ...layer('roads', 32647, 'LINESTRING'), rows: [] }],
      /has no polygon features. Its layers: roads/,
    ],
    ['no rows', [{ ...layer('pits'), rows: [] }], /has no polygon features/],
    [
      'a cut-off geometry',
      [{ ...layer('pits'), rows: [['a', 'a', 'mine', polygonBlob([[OUTER]]).slice(0, 60)]] }],
      /feature 1 has a geometry that is cut off/,
    ],
  ] as [string, FixtureLayer[], RegExp][])('refuses %s', async (_name, layers, message) => {
    await expect(readAoi(await file(layers))).rejects.toThrow(message);
  });

  it('refuses a cut-off file and one that is no SQLite file', async () => {
    await expect(readAoi(await file([layer('pits')], (bytes) => bytes.slice(0, 5000)))).rejects.toThrow(
      /zones.gpkg: not readable as a GeoPackage/,
    );
    await expect(readAoi(await file([], () => new Uint8Array(0)))).rejects.toThrow(/it is no SQLite file/);
  });
});

describe('GeoPackage binary', () => {
  it.each([
    ['big-endian', { big: true }],
    ['with Z', { dimensions: 1000, extra: [3500] }],
    ['with M', { dimensions: 2000, extra: [7] }],
    ['with Z and M', { dimensions: 3000, extra: [3500, 7] }],
    ['with Z in PostGIS’s form', { dimensions: 0x80000000, extra: [3500] }],
    ['with an envelope', { envelope: true }],
  ])('is read %s', (_name, options) => {
    expect(readGeoPackageBlob(polygonBlob([[OUTER, HOLE]], options)).polygons).toEqual([[OUTER, HOLE]]);
    expect(readGeoPackageBlob(polygonBlob([[OUTER], [HOLE]], options)).polygons).toEqual([[OUTER], [HOLE]]);
  });

  it('is refused wherever it is cut off, and with counts that cannot be', () => {
    const blob = polygonBlob([[OUTER, HOLE]]);
    for (let length = 0; length < blob.length; length++) {
      expect(() => readGeoPackageBlob(blob.slice(0, length))).toThrow(RangeError);
    }
    const huge = blob.slice();
    huge.fill(0xff, 13, 17);
    expect(() => readGeoPackageBlob(huge)).toThrow(/cut off/);
  });
});

const data = `${process.env['MINE_RS_SHARED'] ?? '../shared'}/data/landsat-bap-2000-2023`;

describe('GeoPackages of QGIS and GDAL', () => {
  // Areas: pyproj 3.4.1 Geod on the outline densified to 5 m in its own CRS.
  it.skipIf(!existsSync(data)).each([
    ['wildfire_516.gpkg', 26910, 1, 553_732.4865454687],
    ['polygon_inbound_epsg3005.gpkg', 3005, 1, 572.7972255013883],
    ['polygon_multi_overlap_epsg3005.gpkg', 3005, 2, 463.7744541950524],
  ] as const)('reads %s (real data)', async (name, epsg, zoneCount, areaM2) => {
    const { zones, warnings } = await readAoi(`${data}/${name}`);
    expect(warnings).toEqual([]);
    expect(zones.length).toBe(zoneCount);
    expect(zones[0]!.crs.epsg).toBe(epsg);
    // Geodesic areas of a few hundred m² carry noise of 1e-5 m².
    expect(Math.abs(zoneAreaM2(zones[0]!) - areaM2)).toBeLessThan(1e-8 * areaM2 + 1e-4);
  });

  it.skipIf(!existsSync(data))('finds the wildfire where GDAL and shapely do (real data)', async () => {
    const { zones } = await readAoi(`${data}/wildfire_516.gpkg`);
    expect(polygonsBbox(zones[0]!.polygons)).toEqual([
      492243.50603782723, 5966916.591074612, 493422.28922849905, 5967881.5060175015,
    ]);
  });

  it.skipIf(!existsSync(data))('closes the wildfire’s budget on a grid of 30 m (real data)', async () => {
    const { zones } = await readAoi(`${data}/wildfire_516.gpkg`);
    const { crs, polygons } = zones[0]!;
    const grid: Grid = { width: 42, height: 34, transform: [30, 0, 492_210, 0, -30, 5_967_900], crs };
    const covered = coverage(polygons, grid);
    expect(covered.outsideArea).toBe(0);
    const { insideM2 } = zoneWeights(covered, cellAreaM2(grid), 0);
    expect(Math.abs(insideM2 / 553_732.4865454687 - 1)).toBeLessThan(1e-8);
  });
});

describe('damaged GeoPackages', () => {
  it('are read or refused in plain words', async () => {
    const good = await geoPackage([layer('pits')]);
    let state = 7;
    const next = (n: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const others: unknown[] = [];
    let refused = 0;
    const path = join(folder, 'damaged.gpkg');
    for (let k = 0; k < 250; k++) {
      const bytes = k % 5 === 0 ? good.slice(0, next(good.length)) : good.slice();
      for (let c = 0; c < 30; c++) bytes[100 + next(bytes.length - 100)] = [0, 0xff, next(256)][next(3)]!;
      await writeFile(path, bytes);
      try {
        await readAoi(path);
      } catch (error) {
        refused++;
        if (!(error instanceof MineRsError)) others.push(error);
      }
    }
    expect(others).toEqual([]);
    expect(refused).toBeGreaterThan(50);
  });

  it('with a query that never ends in place of a table are refused', async () => {
    const { default: initSqlJs } = await import('sql.js');
    const sqlite = await initSqlJs();
    const database = new sqlite.Database(await geoPackage([layer('pits')]));
    database.run(
      `DROP TABLE pits; CREATE VIEW pits AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)
       SELECT fid, NULL AS geom, 'a' AS id FROM n`,
    );
    const path = join(folder, 'endless.gpkg');
    await writeFile(path, database.export());
    database.close();
    await expect(readAoi(path)).rejects.toThrow(/layer 'pits' is no table, such as a view/);
  });
});
