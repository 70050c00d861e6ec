import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { powerPage } from '../../src/pipeline/power.ts';
import { callMain } from '../helpers/cli.ts';

describe('mine-rs power', () => {
  const command = createProgram(() => {}).commands.find((c) => c.name() === 'power')!;

  it('prints a table, or JSON, and answers wrong use with exit code 2', async () => {
    const told = await callMain(['power', '--slope', '0.01', '--noise', '0', '--most-years', '10']);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/0\.01 +0 +0\.00 +5 +–/);
    const json = await callMain(['power', '--slope', '0.01', '--noise', '0', '--json']);
    expect((JSON.parse(json.stdout) as { rows: unknown[] }).rows).toHaveLength(1);
    expect(await callMain(['power', '--slope', '0.01'])).toMatchObject({ code: 2, stdout: '' });
    expect(await callMain(['power', '--run', '/no/such/run'])).toMatchObject({ code: 3, stdout: '' });
  });

  it('says the defaults that the options have', () => {
    const page = powerPage({ slope: 1, noise: 0 }) as unknown as Record<string, unknown>;
    for (const name of ['alpha', 'power', 'runs', 'seed', 'mostYears']) {
      const option = command.options.find((o) => o.attributeName() === name)!;
      expect(option.description).toContain(`(default: ${String(page[name])})`);
    }
  });
});
