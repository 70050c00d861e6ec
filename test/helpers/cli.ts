/**
 * The built program, and what a run leaves.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

/** The built program; MINE_RS_DIST names another build. */
const DIST = process.env.MINE_RS_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
export const PROGRAM = join(DIST, 'src', 'cli.js');

/** What a call of the program said and how it ended. */
export interface CliResult {
  /** Null where a signal ended the process itself. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `mine-rs` with arguments; see {@link resultOf}. @param more Variables of its environment. */
export function startCli(args: readonly string[], cwd?: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  // Colours and terminals of the caller are not the program's.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: undefined, ...more };
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Variables of the environment with which a module of test/helpers/preload is loaded before the program. */
export function preload(name: string, settings: Record<string, string | number> = {}): NodeJS.ProcessEnv {
  const url = new URL(`preload/${name}.mjs`, import.meta.url).href;
  const variables = Object.entries(settings).map(([key, value]) => [`FAULT_${key.toUpperCase()}`, String(value)]);
  return { NODE_OPTIONS: `--import ${url}`, ...Object.fromEntries(variables) };
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
export function runCli(args: readonly string[], cwd?: string, more?: NodeJS.ProcessEnv): Promise<CliResult> {
  return resultOf(startCli(args, cwd, more));
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

/** What a run leaves for the next one: no product. */
const KEPT = '.mine-rs-cache';

/** Names of the products in a folder, sorted. */
export function productsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== KEPT)
    .sort();
}

/** Every product below a folder by its relative path, sorted; empty where there is no folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith(KEPT) && statSync(join(folder, name)).isFile())
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
  const url = pathToFileURL(join(DIST, 'src', 'index.js')).href;
  return import(/* @vite-ignore */ url) as Promise<typeof import('../../src/index.ts')>;
}
