import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapLimited } from '../../src/scenes/recognised.ts';

describe('mapLimited', () => {
  it('gives results in the order of the items, never more at a time than asked for', async () => {
    let [now, most] = [0, 0];
    const squares = await mapLimited([3, 1, 2, 5, 4], 2, async (n) => {
      most = Math.max(most, ++now);
      await wait(n);
      now--;
      return n * n;
    });
    expect(squares).toEqual([9, 1, 4, 25, 16]);
    expect(most).toBe(2);
  });

  it('throws the first error when all under way are done, and begins no more', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failing = mapLimited([0, 1, 2, 3, 4], 2, async (n) => {
      begun.push(n);
      await wait(n === 0 ? 20 : 5);
      if (n === 1) throw new Error('one');
      ended.push(n);
    });
    await expect(failing).rejects.toThrow('one');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0]);
  });
});
