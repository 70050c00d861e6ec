import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestsToKeep, startDigests } from '../../src/pipeline/input-digests.ts';
import type { TaskRunner } from '../../src/pipeline/pool.ts';
import { SILENT, type Progress } from '../../src/pipeline/progress.ts';
import type { RunCache } from '../../src/pipeline/run-cache.ts';
import type { DigestsTask, DigestTask } from '../../src/tasks/contract.ts';
import { runTask } from '../../src/tasks/run-task.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'digests-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Does tasks here and now, and remembers which. */
function recorder(): { runner: TaskRunner; tasks: [string, unknown][] } {
  const tasks: [string, unknown][] = [];
  const run = async (name: string, task: unknown) => {
    tasks.push([name, task]);
    if (name === 'digest' && (task as DigestTask).path.startsWith('http')) {
      return { bytes: 5, sha256: null, etag: '"v1"', lastModified: null };
    }
    return runTask('digests', task as DigestsTask);
  };
  const runner = { concurrency: 2, run, make: () => Promise.reject(new Error('not asked for')), close: async () => {} };
  return { runner, tasks };
}

describe('digests of the inputs', () => {
  it('are taken of many files in one task, and given in the order of the files', async () => {
    const files = [fileOf('b.tif', 'second'), fileOf('a.tif', 'first'), fileOf('c.tif', '')];
    const { runner, tasks } = recorder();
    const found = await startDigests(Promise.resolve(runner), files, undefined).finish(SILENT);
    expect(tasks).toEqual([['digests', { paths: files }]]);
    expect(found).toEqual([
      { path: files[0], bytes: 6, sha256: sha256('second') },
      { path: files[1], bytes: 5, sha256: sha256('first') },
      { path: files[2], bytes: 0, sha256: sha256('') },
    ]);
  });

  it('are remembered of files that have not changed since, and only of those', async () => {
    const files = [fileOf('a.tif', 'old'), fileOf('b.tif', 'other')];
    const first = startDigests(recorder().runner, files, undefined);
    const digests = digestsToKeep(await first.finish(SILENT), first.stamps);
    writeFileSync(files[1]!, 'another one');
    const { runner, tasks } = recorder();
    const earlier = { digests } as unknown as RunCache;
    expect(digests[resolve(files[0]!)]).toMatchObject({ bytes: 3, sha256: sha256('old') });
    const found = await startDigests(runner, files, earlier).finish(SILENT);
    expect(tasks).toEqual([['digests', { paths: [files[1]] }]]);
    expect(found.map((input) => input.sha256)).toEqual([sha256('old'), sha256('another one')]);
  });

  it('ask servers at the end only', async () => {
    const url = 'https://example.org/scene.tif';
    const files = [url, fileOf('a.tif', 'here')];
    const { runner, tasks } = recorder();
    const running = startDigests(runner, files, undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tasks.map(([name]) => name)).toEqual(['digests']);
    const found = await running.finish(SILENT);
    expect(tasks.at(-1)).toEqual(['digest', { path: url }]);
    expect(found[0]).toEqual({ path: url, bytes: 5, sha256: null, etag: '"v1"', lastModified: null });
  });

  it('refuse a file that was changed while the run was on', async () => {
    const files = [fileOf('a.tif', 'before')];
    const running = startDigests(recorder().runner, files, undefined);
    writeFileSync(files[0]!, 'and after');
    await expect(running.finish(SILENT)).rejects.toMatchObject({ code: 'BAD_INPUT', details: { path: files[0] } });
  });

  it('say of a file that is gone so when they are waited for, and not before', async () => {
    const files = [fileOf('a.tif', 'here')];
    let begin!: (runner: TaskRunner) => void;
    const running = startDigests(new Promise<TaskRunner>((resolve) => (begin = resolve)), files, undefined);
    rmSync(files[0]!);
    begin(recorder().runner);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(running.finish(SILENT)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('make one step a file, whenever it was done', async () => {
    const files = [fileOf('a.tif', '1'), fileOf('b.tif', '2'), 'https://example.org/scene.tif'];
    const running = startDigests(recorder().runner, files, undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    let [total, steps] = [0, 0];
    const progress: Progress = { ...SILENT, begin: (_, n) => (total = n), step: () => (steps += 1) };
    await running.finish(progress);
    expect([total, steps]).toEqual([3, 3]);
  });
});
