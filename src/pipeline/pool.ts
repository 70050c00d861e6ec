/**
 * Runs tasks on a Piscina pool, or in-process.
 * @module
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { fromPlainError, messageOf, MineRsError, tooManyFiles, tooManyFilesError } from '../errors.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import type { TaskName, Tasks } from '../tasks/contract.ts';
import type { ProductTask } from './products.ts';

// tsc leaves URLs in strings alone, so the ending is this module's own.
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const WORKER = new URL(`../../workers/task.worker${EXTENSION}`, import.meta.url);

/** What a worker is sent: a task by its name, or a product to make. */
export type WorkerMessage = { name: 'product'; task: ProductTask } | { name: TaskName; task: Tasks[TaskName]['task'] };

/** How often the pool is looked at, in ms. */
const WATCH_MS = 250;

/** Does tasks, wherever. */
export interface TaskRunner {
  /** How many tasks are worth having under way. */
  readonly concurrency: number;
  run<K extends TaskName>(name: K, task: Tasks[K]['task'], transfer?: ArrayBuffer[]): Promise<Tasks[K]['result']>;
  /** Makes a product: in a worker where there are workers. */
  make(product: ProductTask): Promise<Uint8Array | string>;
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

/** A runner that gets ready while the run is still being planned. */
export interface StartingRunner {
  /** The runner as it is now, for tasks that may be lost where another one takes its place. */
  early(): Promise<TaskRunner>;
  /** The runner, once it is known what the plan has learned of remote files, and how many workers it wants. */
  ready(workers?: number): Promise<TaskRunner>;
  close(): Promise<void>;
}

/**
 * As {@link createRunner}, with the workers loading at once: it takes them as long as a plan takes. Where the plan has
 * opened remote files, or wants another number of workers, new ones take their place.
 */
export function startRunner(workers: number, signal: AbortSignal, remote: RemoteOptions): StartingRunner {
  let runner = createRunner(workers, signal, remote);
  // Whoever waits for the runner gets the error.
  runner.catch(() => {});
  let closed = false;
  const close = async (): Promise<void> => (await runner).close();
  return {
    early: () => runner,
    async close() {
      if (closed) return;
      closed = true;
      await close();
    },
    async ready(wanted = workers) {
      if (wanted !== workers || (remote.known !== undefined && remote.known.size > 0)) {
        await close();
        runner = createRunner(wanted, signal, remote);
      }
      return runner;
    },
  };
}

async function createInProcessRunner(signal: AbortSignal, remote: RemoteOptions): Promise<TaskRunner> {
  const { runTask } = await import('../tasks/run-task.ts');
  const { releaseResources, useRemote } = await import('../tasks/resources.ts');
  useRemote({ ...remote, signal });
  let closed = false;
  return {
    concurrency: 1,
    async run(name, task) {
      throwIfInterrupted(signal);
      if (closed) throw new Error('The runner is closed');
      // Tasks hold the thread for long; this lets signals and the progress bar through between two of them.
      await new Promise((resolve) => setImmediate(resolve));
      return runTask(name, task);
    },
    async make(product) {
      throwIfInterrupted(signal);
      const { makeProduct } = await import('./products.ts');
      return makeProduct(product);
    },
    close() {
      closed = true;
      return releaseResources();
    },
  };
}

/**
 * Piscina requires a worker's module before it imports it. Node can require it, but a worker that is ended while it does so
 * takes the whole process with it ("FATAL ERROR: v8::Module::IsGraphAsync", seen with Node 20.20): an interrupt at the start.
 */
const WORKER_FLAGS = ['--no-experimental-require-module'].filter((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

/** Worker threads. */
interface Workers {
  readonly pool: Piscina;
  /** Why no task can be done here any more. */
  lost: Error | undefined;
  /** Called with the reason by then, one for each task under way. */
  readonly waiting: Set<(reason: Error) => void>;
  end(): Promise<void>;
}

/** Starts workers. A pool whose new workers die before they are ready makes no more of them: that is watched for. */
function startWorkers(count: number, remote: RemoteOptions): Workers {
  const pool = new Piscina({
    // As a path: Piscina would take a URL apart for each task.
    filename: fileURLToPath(WORKER),
    minThreads: count,
    maxThreads: count,
    idleTimeout: Infinity,
    // Workers make few objects. The default is 48 MB, which each would fill before it collects.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
    // In place of the parent's flags (a test runner's, say), which are not for the workers.
    execArgv: WORKER_FLAGS,
    // A signal cannot go along: aborting it ends the worker as a whole.
    workerData: { remote: { ...remote, signal: undefined } },
  });
  const waiting: Workers['waiting'] = new Set();
  const giveUp = (reason: Error): void => {
    workers.lost = reason;
    for (const reject of waiting) reject(reason);
  };
  // A worker that fails before its first task: without a listener the process would end with a stack trace.
  pool.on('error', (error: unknown) => {
    if (lacksFiles(error)) giveUp(tooManyFilesError());
  });
  const watch = setInterval(() => {
    if (pool.threads.length === 0) giveUp(new Error('worker exited with code: 1, and no other could be started'));
  }, WATCH_MS);
  const end = (): Promise<void> => {
    clearInterval(watch);
    return pool.destroy();
  };
  const workers: Workers = { pool, lost: undefined, waiting, end };
  return workers;
}

/**
 * A task's result, unless the workers are lost. No race with a promise that outlives the task: that would keep all results
 * until the end.
 */
function unlessLost<T>({ lost, waiting }: Workers, task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    task.then(resolve, reject).finally(() => waiting.delete(reject));
    if (lost !== undefined) reject(lost);
  });
}

function createPoolRunner(count: number, signal: AbortSignal, remote: RemoteOptions): TaskRunner {
  // Each task under way listens to the signal; Node would warn of more than ten.
  setMaxListeners(0, signal);
  let workers = startWorkers(count, remote);
  const send = async (message: WorkerMessage, transfer?: ArrayBuffer[]): Promise<never> => {
    throwIfInterrupted(signal);
    const attempt = async () => {
      if (isWorkerEnd(workers.lost)) {
        await workers.end();
        if (isWorkerEnd(workers.lost)) workers = startWorkers(count, remote);
      }
      const transferList = transfer === undefined ? {} : { transferList: transfer };
      try {
        return (await unlessLost(workers, workers.pool.run(message, { signal, ...transferList }))) as never;
      } catch (error) {
        throwIfInterrupted(signal);
        throw isWorkerEnd(error) ? new WorkerDied(messageOf(error)) : fromPlainError(error);
      }
    };
    // What was moved to the worker is gone with it: then whoever made it has to make it again.
    return transfer === undefined ? againIfWorkerDied(attempt) : attempt();
  };
  return {
    // One task waits behind each that runs, so that no worker idles while the main thread is busy.
    concurrency: count * 2,
    run: (name, task, transfer) => send({ name, task }, transfer),
    make: (product) => send({ name: 'product', task: product }),
    close: () => workers.end(),
  };
}

/** A worker ended in the middle of its task: it ran out of memory, or something outside ended it. */
class WorkerDied extends MineRsError {
  constructor(reason: string) {
    const advice = 'the machine may be short of memory: run with fewer --workers';
    super('INTERNAL', `A worker ended in the middle of its work (${reason}); ${advice}`);
  }
}

/** Whether a worker could not start for want of file descriptors; what Node makes of that differs by where it hits. */
function lacksFiles(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (tooManyFiles(error) !== undefined || messageOf(error).includes('too many open files')) return true;
  return ['ERR_WORKER_INIT_FAILED', 'ERR_INVALID_PACKAGE_CONFIG'].includes(code);
}

function isWorkerEnd(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return code.startsWith('ERR_WORKER_') || messageOf(error).startsWith('worker exited with code');
}

/** How often a task is tried whose worker dies, and how long it waits each time: other workers may be dying with that one. */
const ATTEMPTS = 6;
const WAIT_MS = 100;

/**
 * Does a task again if its worker died; another worker has taken the dead one's place. Tasks may be done twice: they write
 * the same bytes to the same places, or to a file of the worker's own.
 */
export async function againIfWorkerDied<T>(attempt: () => Promise<T>): Promise<T> {
  for (let k = 1; ; k++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WorkerDied) || k === ATTEMPTS) throw error;
      await sleep(k * WAIT_MS);
    }
  }
}

/** @throws {MineRsError} INTERRUPTED once the signal is aborted */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new MineRsError('INTERRUPTED', 'Interrupted: nothing was written');
}
