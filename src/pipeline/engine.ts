/**
 * What of this program decides about a result: its version and its code.
 * @module
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from './version.ts';

const OWN = dirname(fileURLToPath(import.meta.url));
/** All code lies below this folder: that of the bundled program in its own one (scripts/bundle-program.js). */
const SOURCE = basename(OWN) === 'chunks' ? OWN : dirname(OWN);
let engine: string | undefined;

/**
 * A text that differs between versions of this program, and between builds of one version that differ in their code: what
 * one has kept is nothing to another.
 */
export function engineVersion(): string {
  if (engine !== undefined) return engine;
  const hash = createHash('sha256');
  const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|ts|wasm)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files) hash.update(relative(SOURCE, file)).update('\0').update(readFileSync(file)).update('\0');
  engine = `${VERSION} ${hash.digest('hex').slice(0, 16)}`;
  return engine;
}
