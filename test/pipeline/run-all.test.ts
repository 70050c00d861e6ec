import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runAll } from '../../src/pipeline/run-all.ts';

describe('runAll', () => {
  it('does everything, never more at a time than asked for', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await runAll(
      3,
      Array.from({ length: 20 }, (_, k) => k),
      async (k) => {
        most = Math.max(most, ++now);
        await wait(k % 4);
        now--;
        done.push(k);
      },
    );
    expect(most).toBe(3);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, k) => k));
  });

  it('stops handing out at the first error, and throws it when all under way are done', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failing = runAll(2, [0, 1, 2, 3, 4, 5], async (k) => {
      begun.push(k);
      await wait(k === 1 ? 5 : 20);
      if (k === 1) throw new Error('one');
      ended.push(k);
    });
    await expect(failing).rejects.toThrow('one');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0]);
  });

  it('takes items as they are wanted', async () => {
    let made = 0;
    function* items() {
      for (let k = 0; k < 100; k++) {
        made++;
        yield k;
      }
    }
    await expect(
      runAll(1, items(), async (k) => {
        if (k === 3) throw new Error('enough');
      }),
    ).rejects.toThrow('enough');
    expect(made).toBe(4);
  });

  it('has nothing to do with no items', async () => {
    await expect(runAll(0, [], () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});
