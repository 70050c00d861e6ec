/**
 * Work on many items, a few at a time, so that no more lies in memory than is being worked on.
 * @module
 */

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
