/**
 * Puts what a later command has found into the folder of a finished run: its tables beside the run's own, in the
 * GeoPackage and the workbook, and a section in the report. A new run in the folder takes all of it away again.
 * @module
 */
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import { ADDITIONS, type Addition, type AdditionName } from '../report/addition.ts';
import type { Language } from '../report/html/payload.ts';
import type { Summary } from '../report/model.ts';
import { tableCsv, writtenTable, type Table } from '../report/table.ts';
import { runTables } from '../report/tables.ts';
import { replaceTables } from '../vector/geopackage-tables.ts';
import { readRunJson, readSummary } from './finished-run.ts';
import { Locked, takeLock } from './lock.ts';
import { ADDITIONS_FOLDER, cacheFolder, LOCK_FILE, productFiles, WORKBOOK_FILE } from './output.ts';
import { isIntact, outputStamps, readRunCache, writeRunCache } from './run-cache.ts';

const VERSION = 1;

/** An addition as it lies in the folder. */
interface Stored extends Addition {
  readonly version: number;
  /** Files beside it. */
  readonly files: readonly string[];
}

/**
 * The additions in a run's folder, in the order of {@link ADDITIONS}.
 *
 * @throws {MineRsError} BAD_INPUT if one cannot be read
 */
export function readAdditions(folder: string): Addition[] {
  return ADDITIONS.flatMap((name) => readStored(folder, name) ?? []);
}

/**
 * Adds to a finished run, in place of what the same command added before. Each file is replaced as a whole.
 *
 * @param files More files for the folder `ecology`, by name.
 * @returns Paths of what was written, relative to the folder.
 * @throws {MineRsError} BAD_INPUT if the folder holds no finished run, OUTPUT if it is in use or cannot be written
 */
export async function addToRun(
  folder: string,
  addition: Addition,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string[]> {
  const summary = readSummary(folder);
  const own = new Set(runTables(summary).map((table) => table.name));
  const clash = addition.tables.find((table) => own.has(table.name));
  if (clash !== undefined) throw new Error(`The table ${clash.name} is one of the run's own`);
  try {
    const lock = await takeLock(join(folder, LOCK_FILE));
    try {
      return await write(folder, addition, files, summary);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    if (error instanceof Locked) {
      throw new MineRsError('OUTPUT', `Another run (process ${error.holder.pid}) is writing to ${folder}: wait for it`);
    }
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new MineRsError('OUTPUT', `Cannot write to ${folder}: ${messageOf(error)}`);
  }
}

async function write(
  folder: string,
  addition: Addition,
  files: Readonly<Record<string, string | Uint8Array>>,
  summary: Summary,
): Promise<string[]> {
  const own = runTables(summary);
  const cache = readRunCache(cacheFolder(folder));
  const intact = cache !== undefined && isIntact(folder, cache);
  const before = readBefore(folder, addition.name);
  const written: string[] = [];
  const put = (name: string, data: string | Uint8Array): void => {
    replaceFile(join(folder, name), data);
    written.push(name);
  };
  const { tables } = addition;
  const names = new Set(tables.map((table) => table.name));
  const gone = (before?.tables ?? []).map(({ name }) => name).filter((name) => !names.has(name) && isPlainName(name));
  mkdirSync(join(folder, ADDITIONS_FOLDER), { recursive: true });
  mkdirSync(join(folder, 'tables'), { recursive: true });
  const parquet = own.some(({ name }) => existsSync(join(folder, 'tables', `${name}.parquet`)));
  for (const table of tables) put(`tables/${table.name}.csv`, tableCsv(table));
  if (parquet) {
    const { tableParquet } = await import('../report/parquet.ts');
    for (const table of tables) put(`tables/${table.name}.parquet`, tableParquet(table));
  }
  for (const [name, data] of Object.entries(files)) put(`${ADDITIONS_FOLDER}/${name}`, data);
  const zones = join(folder, 'zones.gpkg');
  if (existsSync(zones)) {
    put('zones.gpkg', await replaceTables(readFileSync(zones), gone, tables.map(writtenTable)));
  }
  const stored: Stored = { version: VERSION, ...addition, tables: tables.map(writtenTable), files: Object.keys(files) };
  put(`${ADDITIONS_FOLDER}/${addition.name}.json`, `${JSON.stringify(stored, null, 2)}\n`);
  for (const name of gone) {
    for (const ending of ['csv', 'parquet']) rmSync(join(folder, 'tables', `${name}.${ending}`), { force: true });
  }
  const left = (before?.files ?? []).filter((name) => !(name in files) && isPlainName(name));
  for (const name of left) rmSync(join(folder, ADDITIONS_FOLDER, name), { force: true });
  const { workbookOf } = await import('./extras.ts');
  if (existsSync(join(folder, WORKBOOK_FILE))) {
    const all = [...own, ...readAdditions(folder).flatMap((one) => one.tables)];
    put(WORKBOOK_FILE, await workbookOf(summary, all));
  }
  const report = join(folder, 'report.html');
  if (existsSync(report)) {
    const { buildReport } = await import('./report.ts');
    put('report.html', await buildReport(folder, languageOf(report)));
  }
  // A run that has nothing to do must find its folder as it is now.
  if (intact) writeRunCache(cacheFolder(folder), { ...cache, outputs: outputStamps(folder, productFiles(folder)) });
  return written;
}

/** What the same command left before; what cannot be read is replaced. */
function readBefore(folder: string, name: AdditionName): Stored | undefined {
  try {
    return readStored(folder, name);
  } catch {
    return undefined;
  }
}

function partsOf(table: Partial<Table> | null): unknown[] {
  return [table?.columns, table?.rows];
}

function readStored(folder: string, name: AdditionName): Stored | undefined {
  const file = `${ADDITIONS_FOLDER}/${name}.json`;
  if (!existsSync(join(folder, file))) return undefined;
  const stored = readRunJson(folder, file) as Partial<Stored>;
  const { version, tables, figures, notes } = stored;
  const lists = [tables, figures, notes, ...(Array.isArray(tables) ? tables.flatMap(partsOf) : [])];
  if (version !== VERSION || !lists.every(Array.isArray)) {
    const advice = `make it again with mine-rs ${name.replace('_', '-')}`;
    throw new MineRsError('BAD_INPUT', `${join(folder, file)} is not what this mine-rs reads: ${advice}`);
  }
  return stored as Stored;
}

function isPlainName(name: unknown): boolean {
  return typeof name === 'string' && /^[\w.-]+$/.test(name) && !name.startsWith('.');
}

function replaceFile(path: string, data: string | Uint8Array): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, data);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** The language that a report is in. */
function languageOf(report: string): Language {
  const head = Buffer.alloc(200);
  const fd = openSync(report, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head.toString('latin1').includes('lang="zh') ? 'zh' : 'en';
}
