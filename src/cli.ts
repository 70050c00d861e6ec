#!/usr/bin/env node
/**
 * Runs the program and maps an error to an exit code.
 * @module
 */
import { main } from './cli/main.ts';

// A reader that has seen enough (`mine-rs … | head`) closes the pipe; the run goes on and says no more.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));
