#!/usr/bin/env node
/**
 * Runs the program and maps an error to an exit code.
 * @module
 */
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
