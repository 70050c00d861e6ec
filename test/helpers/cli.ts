/**
 * The built program, and what a run leaves.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

/** What a call of the program said and how it ended. */
export interface CliResult {
  /** Null where a signal ended the process itself. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `mine-rs` with arguments; see {@link resultOf}. */
export function startCli(args: readonly string[], cwd?: string): ChildProcess {
  // Colours and terminals of the caller are not the program's.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: undefined };
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits for a program to end. */
export function resultOf(child: ChildProcess): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs `mine-rs` to its end. */
export function runCli(args: readonly string[], cwd?: string): Promise<CliResult> {
  return resultOf(startCli(args, cwd));
}

/** Runs `mine-rs` in this process, from its sources; it must not be called twice at a time. */
export async function callMain(args: readonly string[], cwd = process.cwd()): Promise<CliResult> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  }
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return { code: await main(args), ...said };
  } finally {
    process.chdir(before);
    vi.restoreAllMocks();
  }
}

/** Every file below a folder by its relative path, sorted; empty where there is no folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

/** SHA-256 of every product of a run but its record, which holds times and paths. */
export function digestsOf(folder: string): Record<string, string> {
  const names = filesBelow(folder).filter((name) => name !== 'run.json');
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** A table as records, for tables without quoted cells. */
export function readTable(path: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head!.map((name, k) => [name, row[k]!])));
}

/** The library as it is built: with it the worker pool runs, which needs compiled files. */
export async function builtLibrary(): Promise<typeof import('../../src/index.ts')> {
  const url = new URL('../../dist/src/index.js', import.meta.url).href;
  return import(/* @vite-ignore */ url) as Promise<typeof import('../../src/index.ts')>;
}
