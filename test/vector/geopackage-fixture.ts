/**
 * Small GeoPackages for the tests, written with sql.js after the OGC standard 12-128r17.
 * @module
 */
import initSqlJs from 'sql.js';

/** One layer: its rows are [id, name, role, geometry blob]. */
export interface FixtureLayer {
  table: string;
  type: string;
  srsId: number;
  rows: [id: string | null, name: string | null, role: string | null, blob: Uint8Array | null][];
}

/** The bytes of a GeoPackage with these layers. */
export async function geoPackage(layers: FixtureLayer[]): Promise<Uint8Array> {
  const sqlite = await initSqlJs();
  const db = new sqlite.Database();
  db.run(`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT, description TEXT)`);
  const systems: [string, number, string, number][] = [
    ['Undefined cartesian', -1, 'NONE', -1],
    ['Undefined geographic', 0, 'NONE', 0],
    ['WGS 84', 4326, 'EPSG', 4326],
    ['WGS 84 / UTM zone 47N', 32647, 'epsg', 32647],
    ['Pulkovo 1942', 4284, 'EPSG', 4284],
  ];
  for (const [name, id, organization, code] of systems) {
    db.run('INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)', [
      name,
      id,
      organization,
      code,
      'undefined',
    ]);
  }
  db.run(`CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
    z TINYINT, m TINYINT)`);
  for (const { table, type, srsId, rows } of layers) {
    db.run('INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 2, 2)', [table, 'geom', type, srsId]);
    db.run(
      `CREATE TABLE "${table.replaceAll('"', '""')}" (fid INTEGER PRIMARY KEY, geom BLOB, id TEXT, name TEXT, role TEXT)`,
    );
    for (const [id, name, role, blob] of rows) {
      db.run(`INSERT INTO "${table.replaceAll('"', '""')}" (geom, id, name, role) VALUES (?, ?, ?, ?)`, [
        blob,
        id,
        name,
        role,
      ]);
    }
  }
  const bytes = db.export();
  db.close();
  return bytes;
}

/** How a blob is written. */
export interface BlobOptions {
  big?: boolean;
  /** Added to the type code: 1000 Z, 2000 M, 3000 ZM (ISO), or the top bits of PostGIS's form. */
  dimensions?: number;
  /** Extra numbers of each point. */
  extra?: number[];
  envelope?: boolean;
}

/** A MultiPolygon, or a Polygon where there is one, as GeoPackage binary. */
export function polygonBlob(polygons: number[][][][], options: BlobOptions = {}): Uint8Array {
  const { big = false, dimensions = 0, extra = [], envelope = false } = options;
  const bytes: number[] = [0x47, 0x50, 0, envelope ? 2 : 0, 0, 0, 0, 0];
  if (envelope) bytes.push(...Array.from<number>({ length: 32 }).fill(0));
  const number = (size: 4 | 8, value: number) => {
    const view = new DataView(new ArrayBuffer(size));
    if (size === 4) view.setUint32(0, value, !big);
    else view.setFloat64(0, value, !big);
    bytes.push(...new Uint8Array(view.buffer));
  };
  const header = (type: number) => {
    bytes.push(big ? 0 : 1);
    number(4, type + dimensions);
  };
  if (polygons.length !== 1) {
    header(6);
    number(4, polygons.length);
  }
  for (const rings of polygons) {
    header(3);
    number(4, rings.length);
    for (const ring of rings) {
      number(4, ring.length);
      for (const point of ring) for (const value of [...point, ...extra]) number(8, value);
    }
  }
  return Uint8Array.from(bytes);
}
