import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MineRsError } from '../../src/errors.ts';
import { takeLock } from '../../src/pipeline/lock.ts';
import { takeOutputFolder } from '../../src/pipeline/output.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('output');
const IDENTITY = { aoi: 'pits.geojson', years: '2005..2024' };
const WORK = '.mine-rs-work';
const LOCK = '.mine-rs-lock';

/** A run that writes its name into every product. */
async function run(folder: string, name: string, identity: Record<string, unknown> = IDENTITY): Promise<void> {
  const output = await takeOutputFolder(folder, identity);
  try {
    writeFileSync(join(output.work, 'maps', `${name}.tif`), name);
    writeFileSync(join(output.work, 'tables', 'a.csv'), name);
    writeFileSync(join(output.scratch, 'scratch.bin'), name);
    writeFileSync(join(output.work, 'summary.json'), name);
    writeFileSync(join(output.work, 'run.json'), JSON.stringify({ identity }));
    await output.sync();
    output.commit();
  } finally {
    output.discard();
  }
}

/** The message of the output error that a function throws. */
async function outputError(take: () => Promise<unknown>): Promise<string> {
  let thrown: unknown;
  try {
    await take();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'OUTPUT' });
  return (thrown as MineRsError).message;
}

describe('takeOutputFolder', () => {
  it('leaves the products and nothing else', async () => {
    const folder = join(newFolder(), 'made', 'here');
    await run(folder, 'first');
    expect(readdirSync(folder).sort()).toEqual(['maps', 'run.json', 'summary.json', 'tables']);
    expect(readdirSync(join(folder, 'maps'))).toEqual(['first.tif']);
  });

  it('refreshes a folder of the same run as a whole', async () => {
    const folder = newFolder();
    await run(folder, 'first');
    await run(folder, 'second');
    expect(readdirSync(join(folder, 'maps'))).toEqual(['second.tif']);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('second');
    expect(existsSync(join(folder, WORK))).toBe(false);
  });

  it('refuses a folder of another run and says what differs', async () => {
    const folder = newFolder();
    await run(folder, 'first');
    const message = await outputError(() => run(folder, 'second', { ...IDENTITY, years: '2010..2024' }));
    expect(message).toMatch(/years was "2005\.\.2024", now "2010\.\.2024".*--out/);
    expect(message).toContain(folder);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('first');
  });

  it('lets a longer range of years refresh the folder, and no other one', async () => {
    const folder = newFolder();
    const of = (years?: string) => (years === undefined ? { aoi: 'a' } : { aoi: 'a', years });
    await run(folder, 'first', of('2005..2024'));
    for (const years of ['2006..2025', '2005..2023', '2010..2011']) {
      expect(await outputError(() => run(folder, 'second', of(years)))).toContain('years was "2005..2024"');
    }
    await run(folder, 'longer', of('2005..2025'));
    await run(folder, 'all', of());
    expect(await outputError(() => run(folder, 'second', of('1900..2100')))).toContain('years was the default');
    expect(readdirSync(join(folder, 'maps'))).toEqual(['all.tif']);
  });

  it('refuses foreign files, and a record that cannot be read', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thesis.docx'), 'ten years of work');
    expect(await outputError(() => run(folder, 'x'))).toMatch(/no run of mine-rs.*--out/);
    expect(readdirSync(folder)).toEqual(['thesis.docx']);
    const broken = newFolder();
    writeFileSync(join(broken, 'run.json'), '{');
    expect(await outputError(() => run(broken, 'x'))).toMatch(/run\.json that cannot be read.*--out/);
    const other = newFolder();
    writeFileSync(join(other, 'run.json'), '{"name": "other tool"}');
    expect(await outputError(() => run(other, 'x'))).toContain('another run');
  });

  it('refuses a file', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(await outputError(() => run(file, 'x'))).toContain(file);
    expect(await outputError(() => run(join(file, 'below'), 'x'))).toContain(file);
  });

  it('removes a folder that it made, and keeps one that was there, when nothing comes of it', async () => {
    const parent = newFolder();
    const made = join(parent, 'made');
    (await takeOutputFolder(made, IDENTITY)).discard();
    expect(existsSync(made)).toBe(false);
    (await takeOutputFolder(parent, IDENTITY)).discard();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes every folder that it made on the way, when nothing comes of it', async () => {
    const parent = newFolder();
    (await takeOutputFolder(join(parent, 'a', 'b', 'c'), IDENTITY)).discard();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('keeps the old products when a refresh fails', async () => {
    const folder = newFolder();
    await run(folder, 'first');
    const output = await takeOutputFolder(folder, IDENTITY);
    writeFileSync(join(output.work, 'summary.json'), 'half-writ');
    output.discard();
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('first');
    expect(existsSync(join(folder, WORK))).toBe(false);
  });

  it('clears away what a crashed run left', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, WORK, 'scratch'), { recursive: true });
    writeFileSync(join(folder, WORK, 'scratch', 'old.bin'), 'old');
    // A lock of this machine's; a process id above the largest that Linux gives out.
    const lock = await takeLock(join(folder, LOCK));
    const holder = readFileSync(join(folder, LOCK), 'utf8');
    lock.release();
    writeFileSync(join(folder, LOCK), holder.replace(`"pid":${process.pid}`, `"pid":${2 ** 22 + 1}`));
    await run(folder, 'new');
    expect(readdirSync(folder).sort()).toEqual(['maps', 'run.json', 'summary.json', 'tables']);
  });

  it('leaves a run alone that still writes', async () => {
    const folder = newFolder();
    const output = await takeOutputFolder(folder, IDENTITY);
    expect(await outputError(() => run(folder, 'x'))).toMatch(new RegExp(`process ${process.pid}.*--out`));
    output.discard();
    await run(folder, 'x');
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('x');
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('ends with a whole run when killed before move %i', async (killedBefore) => {
    const folder = newFolder();
    await run(folder, 'first');
    const output = await takeOutputFolder(folder, IDENTITY);
    for (const name of ['maps/second.tif', 'tables/a.csv', 'summary.json'])
      writeFileSync(join(output.work, name), 'second');
    writeFileSync(join(output.work, 'run.json'), JSON.stringify({ identity: IDENTITY }));
    let moves = 0;
    const rename: typeof renameSync = (from, to) => {
      if (moves++ === killedBefore) throw new Error('killed');
      renameSync(from, to);
    };
    await output.sync();
    expect(() => output.commit(rename)).toThrow('killed');
    output.discard();
    // The next one to come finishes the move.
    (await takeOutputFolder(folder, IDENTITY)).discard();
    const name = killedBefore === 0 ? 'first' : 'second';
    expect(readdirSync(join(folder, 'maps'))).toEqual([`${name}.tif`]);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe(name);
    expect(readdirSync(folder).sort()).toEqual(['maps', 'run.json', 'summary.json', 'tables']);
  });
});
