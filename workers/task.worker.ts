/**
 * The pool's worker: receives a task, runs it, sends its result back. Results are small: copying the 14 MB of a run over
 * 40 scenes takes less time than loading what the pool's library moves buffers with.
 * @module
 */
import { workerData } from 'node:worker_threads';
import { toPlainError } from '../src/errors.ts';
import type { WorkerMessage } from '../src/pipeline/pool.ts';
import { useRemote } from '../src/tasks/resources.ts';
import { runTask } from '../src/tasks/run-task.ts';

useRemote((workerData as { remote: Parameters<typeof useRemote>[0] }).remote);

export default async function work(message: WorkerMessage): Promise<unknown> {
  try {
    if (message.name === 'product') {
      const { makeProduct } = await import('../src/pipeline/products.ts');
      return await makeProduct(message.task);
    }
    return await runTask(message.name, message.task);
  } catch (error) {
    throw toPlainError(error);
  }
}
