/**
 * Writes a GeoPackage 1.3: one layer of zones and any number of attribute tables (OGC 12-128r17).
 *
 * The same content gives the same bytes: the one date that the format asks for is fixed.
 * @module
 */
import type { Database, SqlValue } from 'sql.js';
import type { Bbox } from '../geo/bbox.ts';
import { WGS84, type Crs } from '../geo/crs.ts';
import { lonLatPolygons } from './lon-lat.ts';
import { polygonsBbox } from './polygons.ts';
import { openDatabase } from './sqlite.ts';
import { geoPackageBlob } from './wkb-writer.ts';
import type { Zone } from './zone.ts';

/** A column of a layer or table. */
export interface FieldSpec {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'real';
}

/** A table without geometry. */
export interface AttributeTable {
  readonly name: string;
  /** What it holds, in words. */
  readonly title: string;
  readonly columns: readonly FieldSpec[];
  /** One cell a column. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The figures of zones as columns of their layer. */
export interface ZoneFields {
  readonly columns: readonly FieldSpec[];
  /** By zone id, then column. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, string | number | null>>>>;
}

/** Figures as columns, in the order in which they come up: text, years as whole numbers, and real numbers. */
export function zoneFields(figures: ZoneFields['figures']): ZoneFields {
  const found = typedFields(Object.values(figures), new Set());
  const columns = found.map(({ name, type }): FieldSpec => {
    // Hectares that are whole in one run are not so in the next.
    return { name, type: type === 'text' ? 'text' : name.endsWith('_year') ? 'integer' : 'real' };
  });
  return { columns, figures };
}

/** 'GPKG' and version 1.3.0. */
const APPLICATION_ID = 0x47504b47;
const USER_VERSION = 10_300;
const LAST_CHANGE = '1970-01-01T00:00:00.000Z';

const WGS84_ID = 4326;
const WGS84_WKT =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],' +
  'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,' +
  'AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]';

const SCHEMA = `
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
  CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT '${LAST_CHANGE}', min_x DOUBLE, min_y DOUBLE,
    max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
  CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));`;

const SQL_TYPES = { text: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const;

/**
 * A GeoPackage with the layer `zones` in longitude and latitude and a table for each of `tables`.
 *
 * The layer has the attributes of the AOI file, then id, name and role, then the figures; an attribute of the
 * file that is called like one of the later ones is left out.
 *
 * @param crs Another CRS with an EPSG code, in which all zones lie: their polygons are then written as they stand.
 * @param style How QGIS shows the layer (a .qml file's text): it takes it from a table of the file by itself.
 */
export async function zonesGeoPackage(
  zones: readonly Zone[],
  fields: ZoneFields,
  tables: readonly AttributeTable[],
  crs: Crs = WGS84,
  style: string | null = null,
): Promise<Uint8Array> {
  return geoPackage(crs, (database) => {
    writeZones(database, zones, fields, crs);
    for (const table of tables) insertTable(database, table);
    if (style !== null) writeStyle(database, style);
  });
}

/** The bytes of a GeoPackage. @param crs Of its layers. @param fill Puts them into it. */
export async function geoPackage(crs: Crs, fill: (database: Database) => void): Promise<Uint8Array> {
  const database = await openDatabase();
  try {
    database.run(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${USER_VERSION}; BEGIN; ${SCHEMA}`);
    const systems: SqlValue[][] = [
      ['Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', null],
      ['Undefined geographic SRS', 0, 'NONE', 0, 'undefined', null],
      ['WGS 84', WGS84_ID, 'EPSG', WGS84_ID, WGS84_WKT, 'longitude and latitude'],
    ];
    // GDAL and QGIS go by the code; the definition is for programs that do not know it.
    if (crs.epsg !== null && crs.epsg !== WGS84_ID) {
      systems.push([crs.name, crs.epsg, 'EPSG', crs.epsg, 'undefined', null]);
    }
    insertAll(database, 'gpkg_spatial_ref_sys', systems);
    fill(database);
    database.run('COMMIT');
    return database.export();
  } finally {
    database.close();
  }
}

/** A layer of features of one type. */
export interface Layer {
  readonly name: string;
  readonly title: string;
  readonly type: 'MULTIPOLYGON' | 'LINESTRING';
  readonly columns: readonly FieldSpec[];
  /** The geometry as GeoPackage holds it, and one cell a column. */
  readonly rows: readonly (readonly [blob: Uint8Array, ...cells: (string | number | null)[]])[];
  /** Around all features; null without any. */
  readonly bbox: Bbox | null;
}

/** Puts a layer into an open GeoPackage. */
export function insertLayer(database: Database, { name, title, type, columns, rows, bbox }: Layer, crs: Crs): void {
  const srsId = crs.epsg ?? WGS84_ID;
  const declared = ['fid INTEGER PRIMARY KEY NOT NULL', `geom ${type}`, ...columns.map(declaration)];
  database.run(`CREATE TABLE ${quoted(name)} (${declared.join(', ')})`);
  const [west, south, east, north] = bbox ?? [null, null, null, null];
  insertAll(database, 'gpkg_contents', [[name, 'features', name, title, LAST_CHANGE, west, south, east, north, srsId]]);
  insertAll(database, 'gpkg_geometry_columns', [[name, 'geom', type, srsId, 0, 0]]);
  insertAll(
    database,
    name,
    rows.map((row, k) => [k + 1, ...row]),
  );
}

function writeZones(database: Database, zones: readonly Zone[], { columns, figures }: ZoneFields, crs: Crs): void {
  const srsId = crs.epsg ?? WGS84_ID;
  const keys: FieldSpec[] = ['id', 'name', 'role'].map((name) => ({ name, type: 'text' }));
  const own = fileFields(zones, [...keys, ...columns]);
  const all = [...own, ...keys, ...columns];
  const declared = ['fid INTEGER PRIMARY KEY NOT NULL', 'geom MULTIPOLYGON', ...all.map(declaration)];
  database.run(`CREATE TABLE zones (${declared.join(', ')})`);
  const placed = zones.map((zone) => ({
    zone,
    polygons: crs.geographic ? lonLatPolygons(zone) : zone.polygons,
  }));
  const boxes = placed.map(({ polygons }) => polygonsBbox(polygons));
  const end = (k: 0 | 1 | 2 | 3, least: (...values: number[]) => number) =>
    boxes.length === 0 ? null : boxes.reduce((sum, box) => least(sum, box[k]), boxes[0]![k]);
  insertAll(database, 'gpkg_contents', [
    [
      'zones',
      'features',
      'zones',
      'The zones and their figures',
      LAST_CHANGE,
      end(0, Math.min),
      end(1, Math.min),
      end(2, Math.max),
      end(3, Math.max),
      srsId,
    ],
  ]);
  insertAll(database, 'gpkg_geometry_columns', [['zones', 'geom', 'MULTIPOLYGON', srsId, 0, 0]]);
  const rows = placed.map(({ zone, polygons }, k): SqlValue[] => [
    k + 1,
    geoPackageBlob(polygons, srsId),
    ...own.map(({ name }) => attribute(zone.properties[name])),
    zone.id,
    zone.name,
    zone.role,
    ...columns.map(({ name }) => figures[zone.id]?.[name] ?? null),
  ]);
  insertAll(database, 'zones', rows);
}

/** The attributes of the AOI file, but those that are called like a later column. */
function fileFields(zones: readonly Zone[], later: readonly FieldSpec[]): FieldSpec[] {
  const taken = new Set(['fid', 'geom', ...later.map(({ name }) => name.toLowerCase())]);
  return typedFields(
    zones.map((zone) => zone.properties),
    taken,
  );
}

/** Columns of records, each with the type that fits all of its values. Names differ by more than case. */
function typedFields(records: readonly Readonly<Record<string, unknown>>[], taken: Set<string>): FieldSpec[] {
  const types = new Map<string, FieldSpec['type'] | null>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      const had = types.get(name);
      if (had === undefined && taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      if (value === null || value === undefined) {
        types.set(name, had ?? null);
        continue;
      }
      const type = typeOf(value);
      const mixed = had === 'text' || type === 'text' ? 'text' : 'real';
      types.set(name, had === undefined || had === null || had === type ? type : mixed);
    }
  }
  // Figures that no zone has are numbers that some run would have.
  return [...types].map(([name, type]) => ({ name, type: type ?? 'real' }));
}

function typeOf(value: unknown): FieldSpec['type'] {
  if (typeof value === 'boolean') return 'integer';
  if (typeof value !== 'number') return 'text';
  return Number.isSafeInteger(value) ? 'integer' : 'real';
}

function attribute(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

/** Puts a table without geometry into an open GeoPackage. */
export function insertTable(database: Database, { name, title, columns, rows }: AttributeTable): void {
  const declared = ['fid INTEGER PRIMARY KEY NOT NULL', ...columns.map(declaration)];
  database.run(`CREATE TABLE ${quoted(name)} (${declared.join(', ')})`);
  insertAll(database, 'gpkg_contents', [[name, 'attributes', name, title, LAST_CHANGE, null, null, null, null, null]]);
  insertAll(
    database,
    name,
    rows.map((row, k) => [k + 1, ...row]),
  );
}

/** The table from which QGIS takes styles, with one for the zones that it uses by itself. */
function writeStyle(database: Database, style: string): void {
  database.run(`CREATE TABLE layer_styles (id INTEGER PRIMARY KEY NOT NULL, f_table_catalog TEXT, f_table_schema TEXT,
    f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT, ui TEXT, update_time DATETIME)`);
  const contents = ['layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS', LAST_CHANGE];
  insertAll(database, 'gpkg_contents', [[...contents, null, null, null, null, null]]);
  const place = ['', '', 'zones', 'geom'];
  const about = ['zones', style, '', 1, 'Outlines by role', '', null, LAST_CHANGE];
  insertAll(database, 'layer_styles', [[1, ...place, ...about]]);
}

function declaration({ name, type }: FieldSpec): string {
  return `${quoted(name)} ${SQL_TYPES[type]}`;
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function insertAll(database: Database, table: string, rows: readonly SqlValue[][]): void {
  const [first] = rows;
  if (first === undefined) return;
  const statement = database.prepare(`INSERT INTO ${quoted(table)} VALUES (${first.map(() => '?').join(', ')})`);
  try {
    for (const row of rows) statement.run(row);
  } finally {
    statement.free();
  }
}
