/**
 * A folder of tables without a run: CSV, a workbook, JSON and what comes with them.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { Addition } from '../report/addition.ts';
import { tableCsv } from '../report/table.ts';
import { RUN_FILE } from './output.ts';
import { writeFiles } from './write-files.ts';

/** @throws {MineRsError} USAGE if the folder is a run's: its tables belong to the run */
export function checkTablesFolder(folder: string): void {
  if (!existsSync(join(folder, RUN_FILE))) return;
  throw new MineRsError('USAGE', `--out ${folder} holds a run: add to it with --run ${folder}, or name another folder`);
}

/**
 * Writes `TABLE.csv`, `NAME.xlsx`, `NAME.json` and further files. Files of these names are replaced once all are whole.
 *
 * @param page What the JSON holds.
 * @throws {MineRsError} OUTPUT if they cannot be written
 */
export async function writeTablesFolder(
  folder: string,
  { name, title, notes, tables }: Addition,
  page: object,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { tablesWorkbook } = await import('../report/workbook.ts');
  const files: [string, string | Uint8Array][] = [
    ...tables.map((table): [string, string] => [`${table.name}.csv`, tableCsv(table)]),
    ...Object.entries(more),
    [`${name}.xlsx`, await tablesWorkbook({ title, notes, tables })],
    [`${name}.json`, `${JSON.stringify(page, null, 2)}\n`],
  ];
  writeFiles(
    `to ${folder}`,
    files.map(([file, data]) => [join(folder, file), data] as const),
  );
}
