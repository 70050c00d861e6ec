/**
 * Polygon layers of GeoPackage files, through SQLite in WebAssembly.
 * @module
 */
import { stat } from 'node:fs/promises';
import type { Database, SqlValue } from 'sql.js';
import { MineRsError, messageOf } from '../../errors.ts';
import { crsFromEpsg, type Crs } from '../../geo/crs.ts';
import { crsFromWkt } from '../../geo/wkt-crs.ts';
import { featureError, type Feature, type FeatureSet } from '../features.ts';
import { openDatabase } from '../sqlite.ts';
import { readGeoPackageBlob, type BlobGeometry } from './wkb.ts';

/** Layer types that may hold polygons, the sure ones first. */
const POLYGON_TYPES = new Set(['POLYGON', 'MULTIPOLYGON', 'CURVEPOLYGON', 'MULTISURFACE', 'SURFACE']);
const MIXED_TYPES = new Set(['GEOMETRY', 'GEOMETRYCOLLECTION']);

/**
 * The features of a GeoPackage's polygon layer.
 *
 * @param layer Its name; needed where several layers hold polygons.
 * @throws {MineRsError} BAD_INPUT for a file that is no GeoPackage, has no or several polygon layers, or no known CRS
 */
export async function readGeoPackage(path: string, bytes: Uint8Array, layer: string | undefined): Promise<FeatureSet> {
  const warnings = await journalWarnings(path);
  let database: Database | undefined;
  try {
    database = await openDatabase(withoutJournalMode(bytes));
    const chosen = chooseLayer(path, database, layer);
    const crs = crsOf(path, database, chosen);
    const { features, hasZ } = readLayer(path, database, chosen);
    return { features, crs, warnings, format: 'GeoPackage', ringOrder: 'none', closed: true, hasZ, sides: [] };
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    throw new MineRsError(
      'BAD_INPUT',
      `${path}: not readable as a GeoPackage (${messageOf(error)}). Is the file complete?`,
      {
        path,
      },
    );
  } finally {
    database?.close();
  }
}

/** A file in write-ahead mode cannot be opened from memory; what is in the file itself reads the same without it. */
function withoutJournalMode(bytes: Uint8Array): Uint8Array {
  if (bytes[18] !== 2 && bytes[19] !== 2) return bytes;
  const copy = bytes.slice();
  copy[18] = 1;
  copy[19] = 1;
  return copy;
}

async function journalWarnings(path: string): Promise<string[]> {
  const journal = await stat(`${path}-wal`).catch(() => undefined);
  if (journal === undefined || journal.size === 0) return [];
  return [`${path}-wal holds changes that are not in the file yet; close the program that edits it and run again`];
}

interface Layer {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly srsId: number;
}

function rows(database: Database, sql: string): Record<string, SqlValue>[] {
  const [result] = database.exec(sql);
  if (result === undefined) return [];
  return result.values.map((values) => Object.fromEntries(result.columns.map((name, k) => [name, values[k] ?? null])));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Whether a name is that of a plain table: a view may hold a query that never ends. */
function isTable(database: Database, name: string): boolean {
  const statement = database.prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)");
  try {
    return statement.bind([name]) && statement.step() && !/^\s*CREATE\s+VIRTUAL/i.test(String(statement.get()[0]));
  } finally {
    statement.free();
  }
}

function chooseLayer(path: string, database: Database, wanted: string | undefined): Layer {
  if (!isTable(database, 'gpkg_geometry_columns') || !isTable(database, 'gpkg_spatial_ref_sys')) {
    throw new MineRsError('BAD_INPUT', `${path}: a SQLite file, but no GeoPackage with features`, { path });
  }
  const layers = rows(
    database,
    'SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns ORDER BY table_name',
  ).map((row): Layer => ({
    table: String(row['table_name']),
    column: String(row['column_name']),
    type: String(row['geometry_type_name']).toUpperCase(),
    srsId: Number(row['srs_id']),
  }));
  const listed = layers.map((layer) => `${layer.table} (${layer.type})`).join(', ');
  if (wanted !== undefined) {
    const layer = layers.find((candidate) => candidate.table === wanted);
    if (layer !== undefined) return layer;
    throw new MineRsError('BAD_INPUT', `${path}: has no layer '${wanted}'. Its layers: ${listed || 'none'}`, {
      path,
      layer: wanted,
    });
  }
  const sure = layers.filter((layer) => POLYGON_TYPES.has(layer.type));
  const candidates = sure.length > 0 ? sure : layers.filter((layer) => MIXED_TYPES.has(layer.type));
  const [only] = candidates;
  if (only === undefined) {
    throw new MineRsError('BAD_INPUT', `${path}: has no polygon features. Its layers: ${listed || 'none'}`, { path });
  }
  if (candidates.length > 1) {
    throw new MineRsError(
      'BAD_INPUT',
      `${path}: several layers hold polygons: ${candidates.map((layer) => layer.table).join(', ')}. Name one of them with --layer NAME`,
      { path, layers: candidates.map((layer) => layer.table) },
    );
  }
  return only;
}

function crsOf(path: string, database: Database, layer: Layer): Crs {
  const bad = (what: string) =>
    new MineRsError('BAD_INPUT', `${path}: layer '${layer.table}' ${what}`, { path, srsId: layer.srsId });
  if (layer.srsId === -1 || layer.srsId === 0) {
    throw bad('lacks a CRS. Set the CRS it was drawn in and save it again, such as in QGIS with "Set layer CRS"');
  }
  const [system] = rows(
    database,
    `SELECT organization, organization_coordsys_id AS code, srs_name, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ${layer.srsId}`,
  );
  if (system === undefined) throw bad(`names the CRS ${layer.srsId}, which the file does not define`);
  const isEpsg = String(system['organization']).toUpperCase() === 'EPSG';
  const crs = isEpsg
    ? crsFromEpsg(Number(system['code']))
    : (crsFromWkt(String(system['definition'])).crs ?? undefined);
  if (crs !== undefined) return crs;
  throw bad(
    `has the CRS ${String(system['organization'])}:${String(system['code'])} (${String(system['srs_name'])}), which is not known here. ` +
      'Convert it to longitude and latitude, such as with "ogr2ogr -t_srs EPSG:4326 out.gpkg in.gpkg"',
  );
}

function readLayer(path: string, database: Database, layer: Layer): { features: Feature[]; hasZ: boolean } {
  if (!isTable(database, layer.table)) {
    throw new MineRsError(
      'BAD_INPUT',
      `${path}: layer '${layer.table}' is no table, such as a view; save it as a layer of its own`,
      { path, layer: layer.table },
    );
  }
  const info = rows(database, `PRAGMA table_info(${quoted(layer.table)})`);
  const key = info.find((column) => column['pk'] === 1)?.['name'];
  const order = typeof key === 'string' ? quoted(key) : 'rowid';
  const statement = database.prepare(`SELECT * FROM ${quoted(layer.table)} ORDER BY ${order}`);
  const features: Feature[] = [];
  let hasZ = false;
  try {
    while (statement.step()) {
      const row = statement.getAsObject() as Record<string, SqlValue>;
      const number = features.length + 1;
      const blob = row[layer.column];
      const id = typeof key === 'string' ? row[key] : undefined;
      const properties: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(row)) {
        if (name !== layer.column && name !== key && !(value instanceof Uint8Array)) properties[name] = value;
      }
      const geometry = geometryOf(path, number, blob);
      if (geometry.hasZ) hasZ = true;
      features.push({
        number,
        fileId: typeof id === 'number' || typeof id === 'string' ? id : undefined,
        properties,
        polygons: geometry.polygons,
        geometryType: geometry.type,
      });
    }
  } finally {
    statement.free();
  }
  return { features, hasZ };
}

function geometryOf(path: string, number: number, blob: SqlValue | undefined): BlobGeometry {
  if (!(blob instanceof Uint8Array)) return { polygons: [], type: 'no geometry', hasZ: false };
  try {
    return readGeoPackageBlob(blob);
  } catch (error) {
    throw featureError(path, number, messageOf(error));
  }
}
