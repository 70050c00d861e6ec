import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { createRunner } from '../../src/pipeline/pool.ts';

describe('the in-process runner', () => {
  it('refuses tasks once it is interrupted', async () => {
    const controller = new AbortController();
    const runner = await createRunner(0, controller.signal);
    expect(runner.concurrency).toBe(1);
    controller.abort();
    await expect(runner.run('digest', { path: 'x' })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(runner.run('digest', { path: 'x' })).rejects.toBeInstanceOf(MineRsError);
    await runner.close();
  });
});
