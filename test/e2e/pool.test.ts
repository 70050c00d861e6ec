/**
 * The pool with real worker threads, which need the built files.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskRunner } from '../../src/pipeline/pool.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('pool');
let runner: TaskRunner | undefined;
afterEach(() => runner?.close());

async function runnerOf(workers: number, signal = new AbortController().signal): Promise<TaskRunner> {
  const url = new URL('../../dist/src/pipeline/pool.js', import.meta.url).href;
  const { createRunner } = (await import(/* @vite-ignore */ url)) as typeof import('../../src/pipeline/pool.ts');
  runner = await createRunner(workers, signal);
  return runner;
}

describe.each([0, 1, 2])('a runner with %i workers', (workers) => {
  it('does tasks and gives back what they found', async () => {
    const path = join(newFolder(), 'abc.txt');
    writeFileSync(path, 'abc');
    const { concurrency, ...pool } = await runnerOf(workers);
    // SHA-256 of "abc" by FIPS 180-2.
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const found = await Promise.all([1, 2, 3].map(() => pool.run('digest', { path })));
    expect(found).toEqual([1, 2, 3].map(() => ({ bytes: 3, sha256 })));
    expect(concurrency).toBe(Math.max(1, 2 * workers));
  });

  it('keeps the code of an error of the system', async () => {
    const pool = await runnerOf(workers);
    await expect(pool.run('digest', { path: join(newFolder(), 'none') })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends with INTERRUPTED once it is aborted', async () => {
    const controller = new AbortController();
    const pool = await runnerOf(workers, controller.signal);
    const path = join(newFolder(), 'large.bin');
    writeFileSync(path, new Uint8Array(4 * 1024 * 1024));
    const running = Array.from({ length: 4 }, () => pool.run('digest', { path }));
    controller.abort();
    const ended = await Promise.allSettled(running);
    // In-process, a task that has begun is carried through.
    const rejected = ended.filter((one) => one.status === 'rejected');
    expect(rejected.length).toBeGreaterThanOrEqual(workers === 0 ? 0 : 4);
    for (const { reason } of rejected) expect(reason).toMatchObject({ code: 'INTERRUPTED' });
    await expect(pool.run('digest', { path })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('workers', () => {
  it('let go of results that nobody holds', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const path = join(newFolder(), 'abc.txt');
    writeFileSync(path, 'abc');
    const pool = await runnerOf(1);
    const result = new WeakRef(await pool.run('digest', { path }));
    // A weak reference holds its object until the end of the turn in which it was made or read.
    for (let k = 0; k < 20 && result.deref() !== undefined; k++) {
      await sleep(10);
      collect();
    }
    expect(result.deref()).toBeUndefined();
  });

  it('can be ended while they load', async () => {
    const path = join(newFolder(), 'abc.txt');
    writeFileSync(path, 'abc');
    const started = performance.now();
    const first = await runnerOf(2);
    await first.run('digest', { path });
    await first.close();
    const loading = performance.now() - started;
    for (let k = 0; k < 60; k++) {
      const pool = await runnerOf(2);
      // Either may come first, the end of the task or of its worker.
      const settled = Promise.allSettled([pool.run('digest', { path })]);
      await sleep(loading * (0.4 + 0.01 * k));
      await pool.close();
      expect(await settled).toHaveLength(1);
    }
  });
});
