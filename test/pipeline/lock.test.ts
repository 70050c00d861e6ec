import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Locked, takeLock, type Holder } from '../../src/pipeline/lock.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('lock');
const newPath = (): string => join(newFolder(), 'lock');

/** Fields of /proc/PID/stat from the third, the state, on. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Who holds a lock of this process. */
async function ownHolder(): Promise<Holder> {
  const path = newPath();
  const lock = await takeLock(path);
  const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
  lock.release();
  return holder;
}

/** A lock's file as somebody else would have left it. */
async function heldBy(change: Partial<Holder>): Promise<string> {
  const path = newPath();
  writeFileSync(path, JSON.stringify({ ...(await ownHolder()), token: 'theirs', ...change }));
  return path;
}

describe('takeLock', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    const path = newPath();
    const lock = await takeLock(path);
    await expect(takeLock(path)).rejects.toBeInstanceOf(Locked);
    lock.release();
    lock.release();
    expect(existsSync(path)).toBe(false);
    (await takeLock(path)).release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('lets exactly one of many in', async () => {
    const path = newPath();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lets exactly one of many in where the holder is gone', async () => {
    const path = await heldBy({ pid: 2 ** 22 + 1 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['a process that is no more', { pid: 2 ** 22 + 1 }],
    ['an earlier process of this number', { pid: process.pid }],
  ])('takes the lock of %s', async (_, change) => {
    const path = await heldBy(change);
    (await takeLock(path)).release();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('takes the lock of a process whose number another one has now', async () => {
    const path = await heldBy({ pid: process.ppid, start: '1' });
    (await takeLock(path)).release();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('does not take the lock of another process that lives', async () => {
    const path = await heldBy({ pid: process.ppid, start: statOf(process.ppid)[19]! });
    await expect(takeLock(path)).rejects.toMatchObject({ holder: { pid: process.ppid } });
    expect(existsSync(path)).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')(
    'takes the lock of a process that has ended and was never asked how',
    async () => {
      // The shell's child ends once the shell has become a program that does not wait for it.
      const parent = spawn('sh', ['-c', 'sleep 0.7 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line);
      for (let k = 0; k < 200 && statOf(pid)[0] !== 'Z'; k++) await sleep(20);
      expect(statOf(pid)[0]).toBe('Z');
      const path = await heldBy({ pid, start: statOf(pid)[19]! });
      (await takeLock(path)).release();
      parent.kill();
    },
  );

  it.skipIf(process.platform !== 'linux')('waits for a process that was killed and is not gone yet', async () => {
    // It takes the system a while to take back so much memory.
    const code = 'Buffer.alloc(3e8, 1); console.log(1); setInterval(() => {}, 1000)';
    const killed = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(killed.stdout, 'data');
    const pid = killed.pid!;
    const path = await heldBy({ pid, start: statOf(pid)[19]! });
    await expect(takeLock(path)).rejects.toBeInstanceOf(Locked);
    killed.kill('SIGKILL');
    (await takeLock(path)).release();
    expect(existsSync(path)).toBe(false);
  });

  it('watches a holder on another machine: one that counts lives', async () => {
    const path = await heldBy({ host: 'elsewhere', pid: 1 });
    const counting = setInterval(() => {
      const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
      writeFileSync(path, JSON.stringify({ ...holder, beat: holder.beat + 1 }));
    }, 200);
    await expect(takeLock(path, 1500)).rejects.toBeInstanceOf(Locked);
    clearInterval(counting);
    (await takeLock(path, 1000)).release();
  });

  it('counts while it holds', async () => {
    const path = newPath();
    const lock = await takeLock(path);
    const beat = () => (JSON.parse(readFileSync(path, 'utf8')) as Holder).beat;
    const before = beat();
    await sleep(1300);
    expect(beat()).toBeGreaterThan(before);
    lock.release();
  });

  it('clears away what was left by processes that were killed while they took it', async () => {
    const path = newPath();
    writeFileSync(`${path}.draft`, '{}');
    const lock = await takeLock(path);
    expect(readdirSync(join(path, '..'))).toEqual(['lock']);
    lock.release();
  });

  it('takes no notice of a file that is no lock', async () => {
    const path = newPath();
    writeFileSync(path, 'no JSON');
    (await takeLock(path)).release();
    expect(existsSync(path)).toBe(false);
  });
});
