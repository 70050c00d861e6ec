/**
 * What reading remote files cost, counted over all threads.
 * @module
 */

/** Counters in memory that threads share: requests, bytes of bodies, requests that failed in passing. */
export type Traffic = BigInt64Array<SharedArrayBuffer>;

const REQUESTS = 0;
const BYTES = 1;
const FAILURES = 2;

/** Counters at 0. */
export function createTraffic(): Traffic {
  return new BigInt64Array(new SharedArrayBuffer(24));
}

/** The counters' values. */
export function readTraffic(traffic: Traffic): { requests: number; bytes: number; failures: number } {
  const at = (index: number) => Number(Atomics.load(traffic, index));
  return { requests: at(REQUESTS), bytes: at(BYTES), failures: at(FAILURES) };
}

export function countRequest(traffic: Traffic | undefined): void {
  if (traffic !== undefined) Atomics.add(traffic, REQUESTS, 1n);
}

export function countBytes(traffic: Traffic | undefined, bytes: number): void {
  if (traffic !== undefined) Atomics.add(traffic, BYTES, BigInt(bytes));
}

export function countFailure(traffic: Traffic | undefined): void {
  if (traffic !== undefined) Atomics.add(traffic, FAILURES, 1n);
}
