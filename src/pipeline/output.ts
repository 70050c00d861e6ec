/**
 * The output folder: nothing half-written is ever left in it.
 *
 * A run writes everything into a work folder inside the output folder and moves it into place at the end, run.json last:
 * a folder with a run.json holds a whole run. What one run leaves for the next lies in a folder of its own.
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import { Locked, takeLock, type Lock } from './lock.ts';
import { runAll } from './run-all.ts';

export const RUN_FILE = 'run.json';
export const REPORT_FILE = 'report.html';
export const WORKBOOK_FILE = 'tables.xlsx';
const WORK_FOLDER = '.mine-rs-work';
const CACHE_FOLDER = '.mine-rs-cache';
/** Held by who writes to the folder. */
export const LOCK_FILE = '.mine-rs-lock';
/** What later commands add to a finished run; a new run takes it away. */
export const ADDITIONS_FOLDER = 'ecology';
/** What a run leaves, in the order in which it is moved into place. */
const PRODUCTS = [
  'maps',
  'tables',
  WORKBOOK_FILE,
  ADDITIONS_FOLDER,
  'zones.geojson',
  'zones.gpkg',
  'project.qgs',
  'quicklook',
  REPORT_FILE,
  'stac',
  'summary.schema.json',
  'summary.json',
  RUN_FILE,
] as const;

/** Names of what is no product. */
const OWN = /^\.mine-rs-(work|cache|lock)/;

/** A run's place to write to. */
export interface OutputFolder {
  readonly folder: string;
  /** Where the run writes; below it the products' own names. */
  readonly work: string;
  /** Scratch files, thrown away at the end. */
  readonly scratch: string;
  /** What runs leave for the next one. */
  readonly cache: string;
  /** Waits until the products are on the disk. To be done before {@link commit}: a name must not reach it before its file. */
  sync(): Promise<void>;
  /** Moves the products into place. @param rename How; tests have it fail. */
  commit(rename?: typeof renameSync): void;
  /** Removes everything that is not a finished product or kept for the next run, and lets others in. May be called twice. */
  discard(): void;
}

/** Where the runs in a folder keep what the next one can use. */
export function cacheFolder(folder: string): string {
  return join(resolve(folder), CACHE_FOLDER);
}

/** Paths of all products in an output folder, relative to it; folders with `/` on every system. */
export function productFiles(folder: string): string[] {
  return PRODUCTS.flatMap((product) => {
    const found = statSync(join(folder, product), { throwIfNoEntry: false });
    if (!found?.isDirectory()) return found === undefined ? [] : [product];
    const names = readdirSync(join(folder, product), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => statSync(join(folder, product, name)).isFile());
    return files.map((name) => `${product}/${name.replaceAll('\\', '/')}`);
  });
}

/**
 * Takes an output folder for a run.
 *
 * @param path The folder; it is made where it does not exist.
 * @param identity What the run is about (AOI, scenes, parameters): a folder may be refreshed by the same run only, or by one
 *   of more years.
 * @throws {MineRsError} OUTPUT if the folder holds another run or other files, is in use, or cannot be written
 */
export async function takeOutputFolder(path: string, identity: Record<string, unknown>): Promise<OutputFolder> {
  const folder = resolve(path);
  const work = join(folder, WORK_FOLDER);
  if (existsSync(folder) && !isHalfMoved(work)) checkIsOurs(folder, identity);
  const scratch = join(work, 'scratch');
  const cache = cacheFolder(folder);
  let made: string | undefined;
  let lock: Lock;
  try {
    made = makeFolders(folder);
    lock = await takeLock(join(folder, LOCK_FILE));
  } catch (error) {
    throw asOutputError(error, folder);
  }
  const discard = (): void => {
    // A move that failed in the middle is finished by the next run.
    if (!isHalfMoved(work)) rmSync(work, { recursive: true, force: true });
    lock.release();
    if (made !== undefined) removeEmpty(folder, made);
  };
  try {
    finishMove(folder, work);
    // Another run may have finished here since the first look.
    checkIsOurs(folder, identity);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    for (const name of ['maps', 'tables']) mkdirSync(join(work, name));
    mkdirSync(scratch);
  } catch (error) {
    discard();
    throw asOutputError(error, folder);
  }
  const commit = (rename = renameSync): void => {
    commitProducts(folder, work, rename);
    rmSync(join(work, COMMIT_FILE));
  };
  return { folder, work, scratch, cache, discard, sync: () => syncProducts(work), commit };
}

/**
 * Removes what a killed run left in a folder whose results are whole and wanted as they are. Another run that is at work
 * there is left alone, and so is a folder that cannot be written.
 */
export async function clearLeftovers(path: string): Promise<void> {
  const folder = resolve(path);
  const work = join(folder, WORK_FOLDER);
  const lockFile = join(folder, LOCK_FILE);
  if (!existsSync(work) && !existsSync(lockFile)) return;
  let lock: Lock | undefined;
  try {
    lock = await takeLock(lockFile);
    rmSync(work, { recursive: true, force: true });
  } catch {
    // They do no harm to the results.
  } finally {
    lock?.release();
  }
}

function asOutputError(error: unknown, folder: string): MineRsError {
  if (error instanceof MineRsError) return error;
  if (error instanceof Locked) {
    const { pid, host } = error.holder;
    const text = `Another run (process ${pid} on ${host}) is writing to ${folder}: wait for it or choose another --out`;
    return new MineRsError('OUTPUT', text);
  }
  return new MineRsError('OUTPUT', `Cannot write to the output folder ${folder}: ${messageOf(error)}`);
}

/**
 * Makes a folder and those above it that are missing. One by one: in a place like /proc, where nothing can be made, Node
 * tries for ever to make a folder with its parents.
 *
 * @returns The topmost folder that was made; undefined where all were there.
 */
export function makeFolders(folder: string): string | undefined {
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

/** Names the new products; while it lies in the work folder, they are being moved into place. */
const COMMIT_FILE = 'commit.json';
const OLD_FOLDER = 'old';

/**
 * What is new reaches the disk before it gets its name (maps are synced as they are written): a machine that goes down leaves
 * the earlier run, or one that the next start moves into place. Several at once: a disk writes them in the time of one.
 */
async function syncProducts(work: string): Promise<void> {
  const unsynced = productFiles(work).filter((file) => !file.startsWith('maps/'));
  await runAll(4, unsynced, (file) => syncFile(join(work, file)));
  for (const place of ['maps', 'tables', 'quicklook', 'stac', '.']) {
    if (existsSync(join(work, place))) syncPath(join(work, place));
  }
}

function commitProducts(folder: string, work: string, rename: typeof renameSync): void {
  const names = PRODUCTS.filter((name) => existsSync(join(work, name)));
  const draft = join(work, `${COMMIT_FILE}.new`);
  writeFileSync(draft, JSON.stringify(names));
  syncPath(draft);
  rename(draft, join(work, COMMIT_FILE));
  syncPath(work);
  moveProducts(folder, work, names, rename);
}

/**
 * Moves products into place; what was moved already is left as it is. The old run.json goes first: from then until the
 * new one lies there, the folder does not claim to hold a run.
 */
function moveProducts(folder: string, work: string, names: readonly string[], rename = renameSync): void {
  const old = join(work, OLD_FOLDER);
  mkdirSync(old, { recursive: true });
  for (const name of PRODUCTS.toReversed()) {
    const replaced = !names.includes(name) || existsSync(join(work, name));
    if (replaced && existsSync(join(folder, name))) rename(join(folder, name), join(old, name));
  }
  for (const name of names) {
    if (existsSync(join(work, name))) rename(join(work, name), join(folder, name));
  }
  syncPath(folder);
}

/** Whether a run was killed while it moved its products into place. */
function isHalfMoved(work: string): boolean {
  return existsSync(join(work, COMMIT_FILE));
}

function finishMove(folder: string, work: string): void {
  if (!isHalfMoved(work)) return;
  const names = JSON.parse(readFileSync(join(work, COMMIT_FILE), 'utf8')) as string[];
  moveProducts(folder, work, names);
}

/** Waits until a file or folder is on the disk. Not every system can say so of a folder. */
function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!statSync(path).isDirectory()) throw error;
  } finally {
    closeSync(fd);
  }
}

/** Waits until a file is on the disk, without holding up other work. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether years, such as 2005..2025, hold all of the years before; none named is all. */
function isLonger(had: unknown, wants: unknown): boolean {
  if (typeof had !== 'string') return false;
  if (typeof wants !== 'string') return wants === undefined;
  const [[from, to], [first, last]] = [had, wants].map((text) => text.split('..').map(Number)) as [
    [number, number],
    [number, number],
  ];
  return first <= from && last >= to;
}

function checkIsOurs(folder: string, identity: Record<string, unknown>): void {
  let entries: string[];
  try {
    entries = readdirSync(folder).filter((name) => !OWN.test(name));
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
    if (had === wants || (key === 'years' && isLonger(found[key], identity[key]))) continue;
    throw new MineRsError(
      'OUTPUT',
      `The output folder ${folder} holds another run (${key} was ${had}, now ${wants}): ${advice}`,
    );
  }
}
