/**
 * Temporary folders that go when the tests of a file are over.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes a function that gives a new empty folder each time. Call it at the top of a test file. */
export function tempFolders(name: string): () => string {
  let root: string | undefined;
  afterAll(() => {
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });
  return () => {
    root ??= mkdtempSync(join(tmpdir(), `mine-rs-${name}-`));
    return mkdtempSync(join(root, 'f-'));
  };
}
