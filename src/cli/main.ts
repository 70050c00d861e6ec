/**
 * From arguments to an exit code.
 * @module
 */
import { CommanderError } from 'commander';
import { exitCodeOf, messageOf, MineRsError, tooManyFiles } from '../errors.ts';
import { signalExitCode } from './interrupt.ts';
import { createProgram } from './program.ts';

const USAGE_EXIT = 2;

/** Runs the command line. Returns the exit code; prints at most a message, never a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const error = tooManyFiles(thrown) ?? thrown;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT;
    if (error instanceof MineRsError && error.code !== 'INTERNAL') {
      process.stderr.write(`mine-rs: ${printable(error.message)}\n`);
      return error.code === 'INTERRUPTED' ? signalExitCode(error.details.signal) : exitCodeOf(error);
    }
    process.stderr.write(
      `mine-rs: unexpected failure: ${messageOf(error)}\nThis is a defect of mine-rs; please report it.\n`,
    );
    return exitCodeOf(error);
  }
}

/** A message without what steers a terminal: it may hold names from a file. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : ''));
}
