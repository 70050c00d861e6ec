/**
 * Ctrl-C, termination and the end of a terminal.
 * @module
 */
import { MineRsError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of a program that a signal has ended: 128 and the signal's number. */
export function signalExitCode(signal: unknown): number {
  return signal === 'SIGTERM' ? 143 : signal === 'SIGHUP' ? 129 : 130;
}

/** A signal this soon after the first, in ms, is the same one arriving again by another way. */
const ECHO_TIME = 1000;

/**
 * Runs work that SIGINT, SIGTERM or SIGHUP aborts; the work then cleans up behind itself. A second signal, a second or more
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
      if (performance.now() - receivedAt < ECHO_TIME) return;
      process.exit(signalExitCode(signal));
    }
    received = signal;
    receivedAt = performance.now();
    progress.info('Stopping …');
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    const own = error instanceof MineRsError && error.code === 'INTERRUPTED';
    const message = own ? error.message : 'Interrupted: nothing was written';
    throw new MineRsError('INTERRUPTED', message, { signal: received });
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
