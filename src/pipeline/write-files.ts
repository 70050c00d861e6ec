/**
 * Writes a few files wholly or not at all.
 * @module
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import { makeFolders } from './output.ts';

/**
 * Writes all files under other names, then gives them their own, in the order given. Folders are made.
 *
 * @param what What is written, for the message.
 * @throws {MineRsError} OUTPUT if it cannot
 */
export function writeFiles(what: string, files: readonly (readonly [path: string, data: string | Uint8Array])[]): void {
  const unfinished = (path: string) => `${path}.${process.pid}.tmp`;
  try {
    for (const [path, data] of files) {
      makeFolders(resolve(dirname(path)));
      writeFileSync(unfinished(path), data);
    }
    for (const [path] of files) renameSync(unfinished(path), path);
  } catch (error) {
    for (const [path] of files) remove(unfinished(path));
    throw new MineRsError('OUTPUT', `Cannot write ${what}: ${messageOf(error)}`);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing can be written there is nothing to remove.
  }
}
