/**
 * The output folder: nothing half-written is ever left in it.
 *
 * A run writes everything into a work folder inside the output folder and moves it into place at the end, run.json last:
 * a folder with a run.json holds a whole run.
 * @module
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';

export const RUN_FILE = 'run.json';
const WORK_FOLDER = '.mine-rs-work';
const OWNER_FILE = 'owner.json';
/** What a run leaves, in the order in which it is moved into place. */
const PRODUCTS = ['maps', 'tables', 'zones.geojson', 'summary.json', RUN_FILE] as const;

/** A run's place to write to. */
export interface OutputFolder {
  readonly folder: string;
  /** Where the run writes; below it the products' own names. */
  readonly work: string;
  /** Scratch files, thrown away at the end. */
  readonly scratch: string;
  /** Moves the products into place. */
  commit(): void;
  /** Removes everything that is not a finished product. Safe to call at any time. */
  discard(): void;
}

/**
 * Takes an output folder for a run.
 *
 * @param path The folder; it is made where it does not exist.
 * @param identity What the run is about (AOI, scenes, parameters): a folder may be refreshed by the same run only.
 * @throws {MineRsError} OUTPUT if the folder holds another run or other files, is in use, or cannot be written
 */
export function takeOutputFolder(path: string, identity: Record<string, unknown>): OutputFolder {
  const folder = resolve(path);
  const existed = existsSync(folder);
  if (existed) checkIsOurs(folder, identity);
  const work = join(folder, WORK_FOLDER);
  const scratch = join(work, 'scratch');
  let made: string | undefined;
  try {
    made = makeFolders(folder);
    removeStaleWork(folder, work);
    mkdirSync(work);
    const owner = { pid: process.pid, host: hostname() };
    writeFileSync(join(work, OWNER_FILE), JSON.stringify(owner));
    for (const name of ['maps', 'tables']) mkdirSync(join(work, name));
    mkdirSync(scratch);
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    throw new MineRsError('OUTPUT', `Cannot write to the output folder ${folder}: ${messageOf(error)}`);
  }
  const discard = (): void => {
    rmSync(work, { recursive: true, force: true });
    if (made !== undefined) removeEmpty(folder, made);
  };
  return { folder, work, scratch, discard, commit: () => commitProducts(folder, work) };
}

/**
 * Makes a folder and those above it that are missing. One by one: in a place like /proc, where nothing can be made, Node
 * tries for ever to make a folder with its parents.
 *
 * @returns The topmost folder that was made; undefined where all were there.
 */
function makeFolders(folder: string): string | undefined {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const at of missing.toReversed()) mkdirSync(at);
  return missing.at(-1);
}

/** Removes a folder and those above it, up to the topmost that this run made, as long as they are empty. */
function removeEmpty(folder: string, topmost: string): void {
  for (let at = folder; existsSync(at) && readdirSync(at).length === 0; at = dirname(at)) {
    rmdirSync(at);
    if (at === topmost) return;
  }
}

function commitProducts(folder: string, work: string): void {
  const old = join(work, 'old');
  mkdirSync(old);
  // The old run.json goes first: from here until the new one lies there, the folder does not claim to hold a run.
  for (const name of PRODUCTS.toReversed()) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(old, name));
  }
  for (const name of PRODUCTS) {
    if (existsSync(join(work, name))) renameSync(join(work, name), join(folder, name));
  }
}

function checkIsOurs(folder: string, identity: Record<string, unknown>): void {
  let entries: string[];
  try {
    entries = readdirSync(folder).filter((name) => name !== WORK_FOLDER);
  } catch (error) {
    throw new MineRsError('OUTPUT', `Cannot use ${folder} as output folder: ${messageOf(error)}`);
  }
  if (entries.length === 0) return;
  const advice = 'choose another folder with --out, or remove this one';
  const runFile = join(folder, RUN_FILE);
  if (!existsSync(runFile)) {
    throw new MineRsError('OUTPUT', `The output folder ${folder} holds files that are no run of mine-rs: ${advice}`);
  }
  let found: Record<string, unknown>;
  try {
    found = (JSON.parse(readFileSync(runFile, 'utf8')) as { identity: Record<string, unknown> }).identity;
  } catch {
    throw new MineRsError('OUTPUT', `The output folder ${folder} has a ${RUN_FILE} that cannot be read: ${advice}`);
  }
  const keys = new Set([...Object.keys(found ?? {}), ...Object.keys(identity)]);
  for (const key of keys) {
    const [had, wants] = [found?.[key], identity[key]].map((value) => JSON.stringify(value) ?? 'the default');
    if (had === wants) continue;
    throw new MineRsError(
      'OUTPUT',
      `The output folder ${folder} holds another run (${key} was ${had}, now ${wants}): ${advice}`,
    );
  }
}

/** A work folder that a crashed run left is removed; one whose run still lives is an error. */
function removeStaleWork(folder: string, work: string): void {
  if (!existsSync(work)) return;
  let owner: { pid?: number; host?: string } = {};
  try {
    owner = JSON.parse(readFileSync(join(work, OWNER_FILE), 'utf8')) as typeof owner;
  } catch {
    // No owner was written: the run died before it began.
  }
  if (owner.host === hostname() && owner.pid !== undefined && owner.pid !== process.pid && isAlive(owner.pid)) {
    throw new MineRsError(
      'OUTPUT',
      `Another run (process ${owner.pid}) is writing to ${folder}: wait for it or choose another --out`,
    );
  }
  rmSync(work, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
