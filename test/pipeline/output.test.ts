import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MineRsError } from '../../src/errors.ts';
import { takeOutputFolder } from '../../src/pipeline/output.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('output');
const IDENTITY = { aoi: 'pits.geojson', years: '2005..2024' };
const WORK = '.mine-rs-work';

/** A run that writes its name into every product. */
function run(folder: string, name: string, identity: Record<string, unknown> = IDENTITY): void {
  const output = takeOutputFolder(folder, identity);
  try {
    writeFileSync(join(output.work, 'maps', `${name}.tif`), name);
    writeFileSync(join(output.work, 'tables', 'a.csv'), name);
    writeFileSync(join(output.scratch, 'scratch.bin'), name);
    writeFileSync(join(output.work, 'summary.json'), name);
    writeFileSync(join(output.work, 'run.json'), JSON.stringify({ identity }));
    output.commit();
  } finally {
    output.discard();
  }
}

/** The message of the output error that a function throws. */
function outputError(take: () => unknown): string {
  let thrown: unknown;
  try {
    take();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'OUTPUT' });
  return (thrown as MineRsError).message;
}

describe('takeOutputFolder', () => {
  it('leaves the products and nothing else', () => {
    const folder = join(newFolder(), 'made', 'here');
    run(folder, 'first');
    expect(readdirSync(folder).sort()).toEqual(['maps', 'run.json', 'summary.json', 'tables']);
    expect(readdirSync(join(folder, 'maps'))).toEqual(['first.tif']);
  });

  it('refreshes a folder of the same run as a whole', () => {
    const folder = newFolder();
    run(folder, 'first');
    run(folder, 'second');
    expect(readdirSync(join(folder, 'maps'))).toEqual(['second.tif']);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('second');
    expect(existsSync(join(folder, WORK))).toBe(false);
  });

  it('refuses a folder of another run and says what differs', () => {
    const folder = newFolder();
    run(folder, 'first');
    const message = outputError(() => run(folder, 'second', { ...IDENTITY, years: '2010..2024' }));
    expect(message).toMatch(/years was "2005\.\.2024", now "2010\.\.2024".*--out/);
    expect(message).toContain(folder);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('first');
  });

  it('refuses foreign files, and a record that cannot be read', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thesis.docx'), 'ten years of work');
    expect(outputError(() => run(folder, 'x'))).toMatch(/no run of mine-rs.*--out/);
    expect(readdirSync(folder)).toEqual(['thesis.docx']);
    const broken = newFolder();
    writeFileSync(join(broken, 'run.json'), '{');
    expect(outputError(() => run(broken, 'x'))).toMatch(/run\.json that cannot be read.*--out/);
    const other = newFolder();
    writeFileSync(join(other, 'run.json'), '{"name": "other tool"}');
    expect(outputError(() => run(other, 'x'))).toContain('another run');
  });

  it('refuses a file', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(outputError(() => run(file, 'x'))).toContain(file);
    expect(outputError(() => run(join(file, 'below'), 'x'))).toContain(file);
  });

  it('removes a folder that it made, and keeps one that was there, when nothing comes of it', () => {
    const parent = newFolder();
    const made = join(parent, 'made');
    takeOutputFolder(made, IDENTITY).discard();
    expect(existsSync(made)).toBe(false);
    takeOutputFolder(parent, IDENTITY).discard();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes every folder that it made on the way, when nothing comes of it', () => {
    const parent = newFolder();
    takeOutputFolder(join(parent, 'a', 'b', 'c'), IDENTITY).discard();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('keeps the old products when a refresh fails', () => {
    const folder = newFolder();
    run(folder, 'first');
    const output = takeOutputFolder(folder, IDENTITY);
    writeFileSync(join(output.work, 'summary.json'), 'half-writ');
    output.discard();
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe('first');
    expect(existsSync(join(folder, WORK))).toBe(false);
  });

  it('clears away what a crashed run left', () => {
    // A process id above the largest that Linux gives out.
    for (const owner of [JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }), '{', undefined]) {
      const folder = newFolder();
      mkdirSync(join(folder, WORK, 'scratch'), { recursive: true });
      writeFileSync(join(folder, WORK, 'scratch', 'old.bin'), 'old');
      if (owner !== undefined) writeFileSync(join(folder, WORK, 'owner.json'), owner);
      run(folder, 'new');
      expect(readdirSync(folder).sort()).toEqual(['maps', 'run.json', 'summary.json', 'tables']);
    }
  });

  it('leaves a run alone that still writes', () => {
    const folder = newFolder();
    mkdirSync(join(folder, WORK));
    // The parent of this process lives as long as it does.
    writeFileSync(join(folder, WORK, 'owner.json'), JSON.stringify({ pid: process.ppid, host: hostname() }));
    expect(outputError(() => run(folder, 'x'))).toMatch(new RegExp(`process ${process.ppid}.*--out`));
    expect(readdirSync(join(folder, WORK))).toEqual(['owner.json']);
  });
});
