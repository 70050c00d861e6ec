#!/usr/bin/env node
/**
 * Runs the program and maps an error to an exit code.
 * @module
 */
import { main } from './cli/main.ts';
import { exitCodeOf, MineRsError } from './errors.ts';

// A reader that has seen enough (`mine-rs … | head`) closes the pipe; the run goes on and says no more. So it does where its
// words have no place on a full disk, but then its result was not told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`mine-rs: Cannot write to standard output: ${error.message}\n`);
  process.exitCode = exitCodeOf(new MineRsError('OUTPUT', error.message));
});
process.stderr.on('error', () => {});
const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
