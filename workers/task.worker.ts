/**
 * The pool's worker: receives a task, runs it, moves the result's buffers back.
 * @module
 */
import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { toPlainError } from '../src/errors.ts';
import type { WorkerMessage } from '../src/pipeline/pool.ts';
import { useRemote } from '../src/tasks/resources.ts';
import { runTask, transferablesOf } from '../src/tasks/run-task.ts';

useRemote((workerData as { remote: Parameters<typeof useRemote>[0] }).remote);

export default async function work(message: WorkerMessage): Promise<unknown> {
  try {
    if (message.name === 'product') {
      const { makeProduct } = await import('../src/pipeline/products.ts');
      return await makeProduct(message.task);
    }
    const result = await runTask(message.name, message.task);
    return move({ [transferableSymbol]: transferablesOf(result), [valueSymbol]: result });
  } catch (error) {
    throw toPlainError(error);
  }
}
