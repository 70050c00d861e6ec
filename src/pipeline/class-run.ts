/**
 * `mine-rs landcover` and `mine-rs landscape` as commands: what they find goes into the run, or into a folder of its own.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError } from '../errors.ts';
import type { Addition } from '../report/addition.ts';
import { landcoverAddition } from '../report/landcover-tables.ts';
import type { LandcoverPage, LandscapePage } from '../report/landscape-model.ts';
import { landscapeAddition } from '../report/landscape-tables.ts';
import { addToRun } from './additions.ts';
import { landcoverPage } from './landcover.ts';
import { landscapePage, type ClassControl } from './landscape.ts';
import { RUN_FILE } from './output.ts';
import { writeTablesFolder } from './plots-files.ts';

/** As {@link landcoverPage}, and adds what it finds to the run, or writes it to `out`. */
export async function runLandcover(input: Record<string, unknown>, control: ClassControl = {}): Promise<LandcoverPage> {
  checkOut(input);
  const page = await landcoverPage(input, control);
  await keep(input, landcoverAddition(page), page);
  return page;
}

/** As {@link landscapePage}, and adds what it finds to the run, or writes it to `out`. */
export async function runLandscape(input: Record<string, unknown>, control: ClassControl = {}): Promise<LandscapePage> {
  checkOut(input);
  const page = await landscapePage(input, control);
  await keep(input, landscapeAddition(page), page);
  return page;
}

function checkOut({ out }: Record<string, unknown>): void {
  if (typeof out !== 'string' || !existsSync(join(out, RUN_FILE))) return;
  throw new MineRsError('USAGE', `--out ${out} holds a run: name it in place of --out, or choose another folder`);
}

async function keep({ run, out }: Record<string, unknown>, addition: Addition, page: object): Promise<void> {
  if (typeof out === 'string') await writeTablesFolder(out, addition, page);
  else if (typeof run === 'string') await addToRun(run, addition);
}
