/**
 * Digests of the inputs, for the record.
 * @module
 */
import { resolve } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { DigestResult } from '../tasks/contract.ts';
import { isUrl } from '../url.ts';
import { runAll, type TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import type { KeptDigest, RunCache } from './run-cache.ts';
import { stampOf } from './stamp.ts';

/** Stamps of the files of this machine among the inputs, by path. */
export type InputStamps = ReadonlyMap<string, string>;

/** Stamps of files before they are read; {@link inputDigests} compares. */
export function inputStamps(files: readonly string[]): InputStamps {
  return new Map(files.filter((path) => !isUrl(path)).map((path) => [path, stampOf(path)]));
}

/**
 * Takes the digest of each input, or remembers it where the file has not changed since.
 *
 * @param before Stamps that were taken before the first pixel was read.
 * @throws {MineRsError} BAD_INPUT if a file has changed since then: the results would be of two versions of it
 */
export async function inputDigests(
  runner: TaskRunner,
  progress: Progress,
  files: readonly string[],
  before: InputStamps,
  earlier: RunCache | undefined,
): Promise<({ path: string } & DigestResult)[]> {
  const inputs: ({ path: string } & DigestResult)[] = [];
  progress.begin('digests', files.length);
  await runAll(runner.concurrency, files.entries(), async ([k, path]) => {
    const known = isUrl(path) ? undefined : earlier?.digests[resolve(path)];
    const result =
      known !== undefined && known.stamp === before.get(path)
        ? { bytes: known.bytes, sha256: known.sha256 }
        : await runner.run('digest', { path });
    inputs[k] = { path, ...result };
    progress.step();
  });
  progress.end();
  for (const [path, stamp] of before) {
    if (stampOf(path) === stamp) continue;
    throw new MineRsError('BAD_INPUT', `${path} was changed while it was being read: run again`, { path });
  }
  return inputs;
}

/** The digests as the next run remembers them. */
export function digestsToKeep(
  inputs: readonly ({ path: string } & DigestResult)[],
  before: InputStamps,
): Record<string, KeptDigest> {
  return Object.fromEntries(
    inputs.flatMap(({ path, bytes, sha256 }) => {
      const stamp = before.get(path);
      return stamp === undefined || sha256 === null ? [] : [[resolve(path), { stamp, bytes, sha256 }]];
    }),
  );
}
