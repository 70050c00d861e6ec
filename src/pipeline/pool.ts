/**
 * Runs tasks on a Piscina pool, or in-process; a few at a time, so that no more lies in memory than the workers need.
 * @module
 */
import { setMaxListeners } from 'node:events';
import { Piscina } from 'piscina';
import { fromPlainError, MineRsError } from '../errors.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import type { TaskName, Tasks } from '../tasks/contract.ts';

// tsc leaves URLs in strings alone, so the ending is this module's own.
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const WORKER = new URL(`../../workers/task.worker${EXTENSION}`, import.meta.url);

/** Does tasks, wherever. */
export interface TaskRunner {
  /** How many tasks are worth having under way. */
  readonly concurrency: number;
  run<K extends TaskName>(name: K, task: Tasks[K]['task'], transfer?: ArrayBuffer[]): Promise<Tasks[K]['result']>;
  close(): Promise<void>;
}

/**
 * Makes a runner.
 *
 * @param workers Number of worker threads; 0 runs the same tasks in-process.
 * @param signal Aborting it ends the tasks under way.
 * @param remote How the tasks read remote files, and what is known of them.
 */
export async function createRunner(
  workers: number,
  signal: AbortSignal,
  remote: RemoteOptions = {},
): Promise<TaskRunner> {
  return workers === 0 ? createInProcessRunner(signal, remote) : createPoolRunner(workers, signal, remote);
}

async function createInProcessRunner(signal: AbortSignal, remote: RemoteOptions): Promise<TaskRunner> {
  const { runTask } = await import('../tasks/run-task.ts');
  const { releaseResources, useRemote } = await import('../tasks/resources.ts');
  useRemote({ ...remote, signal });
  return {
    concurrency: 1,
    async run(name, task) {
      throwIfInterrupted(signal);
      // Tasks hold the thread for long; this lets signals and the progress bar through between two of them.
      await new Promise((resolve) => setImmediate(resolve));
      return runTask(name, task);
    },
    close: releaseResources,
  };
}

function createPoolRunner(workers: number, signal: AbortSignal, remote: RemoteOptions): TaskRunner {
  // Each task under way listens to the signal; Node would warn of more than ten.
  setMaxListeners(0, signal);
  const pool = new Piscina({
    filename: WORKER.href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Infinity,
    // The parent's flags (a test runner's, say) are not for the workers.
    execArgv: [],
    // geotiff.js loads the package web-worker, which fails in a worker thread without data.
    // A signal cannot go along: aborting it ends the worker as a whole.
    workerData: { remote: { ...remote, signal: undefined } },
  });
  return {
    // One task waits behind each that runs, so that no worker idles while the main thread is busy.
    concurrency: workers * 2,
    async run(name, task, transfer) {
      throwIfInterrupted(signal);
      try {
        const transferList = transfer === undefined ? {} : { transferList: transfer };
        return (await pool.run({ name, task }, { signal, ...transferList })) as never;
      } catch (error) {
        throwIfInterrupted(signal);
        throw fromPlainError(error);
      }
    },
    close: () => pool.destroy(),
  };
}

/** @throws {MineRsError} INTERRUPTED once the signal is aborted */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new MineRsError('INTERRUPTED', 'Interrupted: nothing was written');
}

/**
 * Runs tasks with bounded concurrency. The first error stops the handing out and is thrown when those under way are done.
 *
 * @param items What to do, one task each; iterated lazily.
 * @param work Makes and runs the task of an item.
 */
export async function runAll<T>(
  concurrency: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && !failed; next = iterator.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.max(1, concurrency) }, lane));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
