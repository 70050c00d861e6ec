/**
 * Tables without geometry in a GeoPackage that is there already.
 * @module
 */
import { insertTable, quoted, type AttributeTable } from './geopackage-writer.ts';
import { openDatabase } from './sqlite.ts';

/**
 * The GeoPackage with some tables taken out and others put in. The rest of it stays as it is.
 *
 * @param bytes A GeoPackage that mine-rs wrote.
 * @param removed Names; those that are not there do not matter.
 */
export async function replaceTables(
  bytes: Uint8Array,
  removed: readonly string[],
  tables: readonly AttributeTable[],
): Promise<Uint8Array> {
  const database = await openDatabase(bytes);
  try {
    database.run('BEGIN');
    for (const name of new Set([...removed, ...tables.map((table) => table.name)])) {
      database.run(`DROP TABLE IF EXISTS ${quoted(name)}`);
      database.run("DELETE FROM gpkg_contents WHERE table_name = ? AND data_type = 'attributes'", [name]);
    }
    for (const table of tables) insertTable(database, table);
    database.run('COMMIT; VACUUM');
    return database.export();
  } finally {
    database.close();
  }
}
