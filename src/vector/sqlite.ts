/**
 * SQLite in WebAssembly. The only file that loads sql.js.
 * @module
 */
import { createRequire } from 'node:module';
import type { Database } from 'sql.js';

/** A database in memory, to be closed by the caller. @param bytes Of a database file; none for an empty one. */
export async function openDatabase(bytes?: Uint8Array): Promise<Database> {
  // Required, as an import looks for its exports first and takes three times as long.
  const load = createRequire(import.meta.url)('sql.js') as typeof import('sql.js').default;
  const sqlite = await load();
  return new sqlite.Database(bytes);
}
