/**
 * How many requests are under way at once.
 * @module
 */

/** Requests under way in a thread, over all files. */
const MAX_REQUESTS = 8;

let running = 0;
const waiting: (() => void)[] = [];

/** Does something as soon as fewer than the allowed number are being done. */
export async function throughGate<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_REQUESTS) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    // The place is handed on, so nobody can slip in between.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
