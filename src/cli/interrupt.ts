/**
 * Ctrl-C and termination.
 * @module
 */
import { MineRsError } from '../errors.ts';

/** A signal this soon after the first, in ms, is the same one arriving again by another way. */
const ECHO_TIME = 1000;

/**
 * Runs work that SIGINT or SIGTERM aborts; the work then cleans up behind itself. A second signal, a second or more
 * later, ends the process at once.
 *
 * @throws {MineRsError} INTERRUPTED, with the signal's name in `details`
 */
export async function withInterrupt<T>(
  progress: { info(message: string): void },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  let receivedAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) {
      // Wrappers such as npx pass on a signal that the terminal has sent to the whole group already.
      if (Date.now() - receivedAt < ECHO_TIME) return;
      process.exit(signal === 'SIGTERM' ? 143 : 130);
    }
    received = signal;
    receivedAt = Date.now();
    progress.info('Stopping, and removing what was written so far …');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    throw new MineRsError('INTERRUPTED', 'Interrupted: nothing was written', { signal: received });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
