/**
 * Repeating what fails in passing.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MineRsError } from '../../errors.ts';
import type { RemoteOptions } from './remote.ts';

const RETRIES = 5;
const BACKOFF_MS = 250;
const MAX_WAIT_MS = 10_000;
/** A server may ask for more patience than we would have by ourselves, up to this. */
const MAX_RETRY_AFTER_MS = 60_000;

/** A failure that may be gone the next time: a busy server, a lost connection, a body cut short. */
export class PassingFailure extends Error {
  /** How long the server asks to wait; 0 where it says nothing. */
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.waitMs = waitMs;
  }
}

/**
 * Does something until it works, waiting longer each time: backoff × 2ⁿ, of which a random half is left off so that
 * many readers do not come back at once.
 *
 * @throws {MineRsError} BAD_INPUT naming the file when all attempts failed; what is no {@link PassingFailure} at once
 */
export async function withRetries<T>(name: string, options: RemoteOptions, attempt: () => Promise<T>): Promise<T> {
  const retries = options.retries ?? RETRIES;
  for (let failed = 0; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      if (failed >= retries) {
        const times = failed === 0 ? '' : `, ${failed + 1} times`;
        throw new MineRsError('BAD_INPUT', `${name}: ${error.message}${times}; try again later`, { path: name });
      }
      const backoff =
        Math.min((options.backoffMs ?? BACKOFF_MS) * 2 ** failed, MAX_WAIT_MS) * (0.5 + Math.random() / 2);
      await waitFor(Math.max(backoff, Math.min(error.waitMs, MAX_RETRY_AFTER_MS)), options.signal);
    }
  }
}

async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw interrupted();
  }
}

/** The error for a request that the user's signal ended. */
export function interrupted(): MineRsError {
  return new MineRsError('INTERRUPTED', 'Interrupted while reading a remote file');
}

/** Milliseconds in a Retry-After header: seconds or a date; 0 where there is none. */
export function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
