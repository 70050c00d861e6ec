/**
 * Digests of the inputs, for the record.
 * @module
 */
import { resolve } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { DigestResult } from '../tasks/contract.ts';
import { isUrl } from '../url.ts';
import type { TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';
import type { KeptDigest, RunCache } from './run-cache.ts';
import { stampedBytes, stampOf } from './stamp.ts';

/** Stamps of the files of this machine among the inputs, by path. */
export type InputStamps = ReadonlyMap<string, string>;

/** Stamps of files before they are read. */
function inputStamps(files: readonly string[]): InputStamps {
  return new Map(files.filter((path) => !isUrl(path)).map((path) => [path, stampOf(path)]));
}

/** What is read in one go: larger tasks would be waited for, smaller ones cost more to hand out. */
const BATCH_BYTES = 64 * 1024 * 1024;
const BATCH_FILES = 256;

/** An input, and its digest. */
export type InputDigest = { path: string } & DigestResult;

/** Digests that are being taken while other work goes on. */
export interface RunningDigests {
  /** Stamps that were taken before the first pixel was read. */
  readonly stamps: InputStamps;
  /**
   * Waits for them.
   *
   * @throws {MineRsError} BAD_INPUT if a file has changed since its stamp was taken: the results would be of two versions
   *   of it
   */
  finish(progress: Progress): Promise<InputDigest[]>;
}

/** A file whose digest is not known, and its place among the inputs. */
interface Missing {
  k: number;
  path: string;
  bytes: number;
}

/**
 * Begins to take the digest of each input, or remembers it where the file has not changed since. One worker at the most is
 * busy with it. What servers say of their files is asked at the end, when they have been opened anyway.
 *
 * @param runner May be getting ready still.
 */
export function startDigests(
  runner: TaskRunner | Promise<TaskRunner>,
  files: readonly string[],
  earlier: RunCache | undefined,
): RunningDigests {
  const stamps = inputStamps(files);
  const inputs: InputDigest[] = [];
  const missing: Missing[] = [];
  for (const [k, path] of files.entries()) {
    const stamp = stamps.get(path);
    if (stamp === undefined) continue;
    const known = earlier?.digests[resolve(path)];
    if (known?.stamp === stamp) inputs[k] = { path, bytes: known.bytes, sha256: known.sha256 };
    else missing.push({ k, path, bytes: stampedBytes(stamp) });
  }
  let step: (() => void) | undefined;
  const running = runAll(1, inBatches(missing), async (batch) => {
    const found = await (await runner).run('digests', { paths: batch.map(({ path }) => path) });
    for (const [i, { k, path }] of batch.entries()) {
      inputs[k] = { path, ...found[i]! };
      step?.();
    }
  });
  // Whoever waits for them gets the error.
  running.catch(() => {});
  const finish = async (progress: Progress): Promise<InputDigest[]> => {
    progress.begin('digests', files.length);
    for (const input of inputs) if (input !== undefined) progress.step();
    step = () => progress.step();
    await running;
    const ready = await runner;
    await runAll(
      ready.concurrency,
      [...files.entries()].filter(([, path]) => isUrl(path)),
      async ([k, path]) => {
        inputs[k] = { path, ...(await ready.run('digest', { path })) };
        progress.step();
      },
    );
    progress.end();
    for (const [path, stamp] of stamps) {
      if (stampOf(path) === stamp) continue;
      throw new MineRsError('BAD_INPUT', `${path} was changed while it was being read: run again`, { path });
    }
    return inputs;
  };
  return { stamps, finish };
}

function* inBatches(files: readonly Missing[]): Generator<Missing[]> {
  let batch: Missing[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length > 0 && (bytes + file.bytes > BATCH_BYTES || batch.length === BATCH_FILES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(file);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}

/** The digests as the next run remembers them. */
export function digestsToKeep(inputs: readonly InputDigest[], before: InputStamps): Record<string, KeptDigest> {
  return Object.fromEntries(
    inputs.flatMap(({ path, bytes, sha256 }) => {
      const stamp = before.get(path);
      return stamp === undefined || sha256 === null ? [] : [[resolve(path), { stamp, bytes, sha256 }]];
    }),
  );
}
